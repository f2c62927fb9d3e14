//! What can be deployed here: tiers with their prices, and recipes.

use uuid::Uuid;

/// A product tier.
#[derive(Debug)]
pub(crate) struct Tier {
    pub(crate) id: Uuid,
    pub(crate) name: &'static str,
    pub(crate) product: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) cents: i64,
}

/// Smallest first.
pub(crate) const TIERS: [Tier; 4] = [
    tier(1, "Starter", "Agent on a shared core", "cx23", 1_200),
    tier(2, "Team", "Agent on two cores", "cx33", 2_900),
    tier(3, "Business", "Agent on four cores", "cpx42", 6_900),
    tier(4, "Dedicated", "Agent on a server of its own", "ccx33", 14_900),
];

const fn tier(
    number: u128,
    name: &'static str,
    product: &'static str,
    plan: &'static str,
    cents: i64,
) -> Tier {
    Tier {
        id: Uuid::from_u128(0x7e1a_5b90_3c2d_4e6f_8a10_0000_0000_0000 + number),
        name,
        product,
        plan,
        cents,
    }
}

/// A recipe: a manifest with what makes it useful.
#[derive(Debug)]
pub(crate) struct Recipe {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) manifest: &'static str,
    pub(crate) channels: &'static [&'static str],
    pub(crate) skills: &'static [&'static str],
    pub(crate) workflows: &'static [&'static str],
}

/// All recipes.
pub(crate) const RECIPES: [Recipe; 6] = [
    Recipe {
        id: "front-desk",
        name: "Front desk",
        description: "Answers customers, keeps the calendar, hands over what it can not decide.",
        manifest: "openclaw-basic",
        channels: &["web_chat", "whatsapp", "email"],
        skills: &["calendar", "bookings", "reminders"],
        workflows: &["booking-reminder", "missed-call-followup"],
    },
    Recipe {
        id: "clinic-intake",
        name: "Clinic intake",
        description: "Takes histories before the appointment and files them for the practice.",
        manifest: "openclaw-basic",
        channels: &["voice", "sms", "web_chat"],
        skills: &["calendar", "pdf-reader", "notes"],
        workflows: &["intake-form", "appointment-reminder"],
    },
    Recipe {
        id: "order-line",
        name: "Order line",
        description: "Takes orders, knows the stock, tells people where their parcel is.",
        manifest: "openclaw-basic",
        channels: &["telegram", "whatsapp", "web_chat"],
        skills: &["invoices", "contacts", "maps"],
        workflows: &["order-confirmation", "parcel-tracking"],
    },
    Recipe {
        id: "research-notes",
        name: "Research notes",
        description: "Reads, summarises and keeps sources together.",
        manifest: "hermes-basic",
        channels: &["web_chat", "email"],
        skills: &["web-search", "summaries", "pdf-reader"],
        workflows: &["weekly-digest"],
    },
    Recipe {
        id: "night-shift",
        name: "Night shift",
        description: "Watches inboxes and queues at night and leaves a summary in the morning.",
        manifest: "hermes-basic",
        channels: &["email", "telegram"],
        skills: &["email-drafts", "summaries"],
        workflows: &["morning-summary"],
    },
    Recipe {
        id: "workshop-assistant",
        name: "Workshop assistant",
        description: "Runs small jobs on request and reports what came of them.",
        manifest: "goose-basic",
        channels: &["web_chat"],
        skills: &["spreadsheets", "translate"],
        workflows: &[],
    },
];

/// The tier of an id.
pub(super) fn tier_of(id: &str) -> Option<&'static Tier> {
    let id = Uuid::parse_str(id).ok()?;
    TIERS.iter().find(|tier| tier.id == id)
}

/// The runtime that a manifest, or else a recipe, stands for.
pub(super) fn runtime_of(manifest: Option<&str>, recipe: Option<&str>) -> &'static str {
    let by_recipe = RECIPES.iter().find(|known| Some(known.id) == recipe).map(|known| known.manifest);
    match manifest.or(by_recipe) {
        Some(manifest) if manifest.starts_with("hermes") => "hermes",
        Some(manifest) if manifest.starts_with("goose") => "goose",
        _ => "expressclaw",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_says_the_runtime_and_a_recipe_says_it_where_no_manifest_does() {
        assert_eq!(runtime_of(Some("goose-basic"), Some("research-notes")), "goose");
        assert_eq!(runtime_of(None, Some("research-notes")), "hermes");
        assert_eq!(runtime_of(None, None), "expressclaw");
    }
}
