//! Names of believable agents.

/// The first ones, in order.
const FIRST: [&str; 14] = [
    "Harbour desk",
    "Clinic intake",
    "Atlas research",
    "Marlow & Sons bookings",
    "Sunrise bakery orders",
    "Tenant 0042 concierge",
    "Ledger night shift",
    "Kiln studio",
    "Blue door lettings",
    "Field notes",
    "Quarry dispatch",
    "Paper crane",
    "Second line support",
    "Orchard",
];

const WHO: [&str; 60] = [
    "Alder",
    "Amber Lane",
    "Anchor",
    "Basalt",
    "Beacon",
    "Birch & Co",
    "Bluebell",
    "Brook Street",
    "Calder",
    "Canal House",
    "Cedar",
    "Chapel Row",
    "Cinder",
    "Clover",
    "Copper Kettle",
    "Cork & Vine",
    "Dovetail",
    "Eastgate",
    "Elm Park",
    "Ferry Road",
    "Finch",
    "Foundry",
    "Garnet",
    "Glasshouse",
    "Granite",
    "Hawthorn",
    "Hazel",
    "Heron",
    "Hillside",
    "Ironworks",
    "Ivy Court",
    "Juniper",
    "Kestrel",
    "Lantern",
    "Larkspur",
    "Lindqvist",
    "Linden",
    "Lowell",
    "Maple Yard",
    "Meadow",
    "Mill Lane",
    "Mosaic",
    "North Quay",
    "Oakham",
    "Olive Grove",
    "Pebble",
    "Pine & Sons",
    "Poplar",
    "Quince",
    "Redwood",
    "River View",
    "Rowan",
    "Saffron",
    "Slate",
    "Sparrow",
    "Station Road",
    "Tamarind",
    "Thistle",
    "Willow",
    "Yarrow",
];

const WHAT: [&str; 32] = [
    "bookings",
    "orders",
    "front desk",
    "studio",
    "clinic",
    "dental intake",
    "night shift",
    "support",
    "lettings",
    "returns",
    "invoices",
    "kitchen",
    "workshop",
    "gallery",
    "repairs",
    "travel",
    "tutoring",
    "garden centre",
    "pharmacy",
    "accounts",
    "events",
    "concierge",
    "dispatch",
    "research",
    "notes",
    "bakery",
    "cycle hire",
    "optician",
    "library",
    "veterinary desk",
    "legal intake",
    "choir office",
];

/// The name of a fleet's nth agent. The first fourteen are fixed, then some two thousand combinations, then branches.
pub(super) fn name(number: usize) -> String {
    if let Some(name) = FIRST.get(number) {
        return (*name).to_owned();
    }
    let number = number - FIRST.len();
    let all = WHO.len() * WHAT.len();
    // A stride without a common divisor visits every pair once before any comes again.
    let pair = (number % all) * 737 % all;
    let (who, what) = (WHO[pair / WHAT.len()], WHAT[pair % WHAT.len()]);
    match number / all {
        0 => format!("{who} {what}"),
        branch => format!("{who} {what} {}", branch + 1),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn ten_thousand_agents_have_ten_thousand_names() {
        let names: std::collections::HashSet<_> = (0..10_000).map(super::name).collect();
        assert_eq!(names.len(), 10_000);
        assert_eq!(super::name(0), "Harbour desk");
    }
}
