//! Which instances a few typed letters may mean, best first, for one who types instead of looking: names, hosts and ids.
//! Pure, and of no consequence for the view of the list. What a whole name or id means is in `named`.

use super::Fleet;
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceSummary, Status};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Most that are ever found at once.
const MOST: u32 = 50;
/// Most characters that are looked for.
const LONGEST: usize = 300;

/// One that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundInstance {
    /// Which one.
    pub id: InstanceId,
    /// What its agent is called.
    pub name: Option<String>,
    /// Its server.
    pub host: Option<String>,
    /// In the platform's word.
    pub status: Option<Status>,
    /// It has exactly this name, host or id.
    pub exact: bool,
}

/// How near a text comes to what was typed; the first is the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// It is the same.
    Whole,
    /// It begins so.
    Start,
    /// One of its words begins so.
    Word,
    /// It is somewhere in it.
    Part,
    /// Its letters are there, in order.
    Letters,
}

impl Fleet {
    /// At most so many, the nearest first; without a text the first ones by name.
    pub(crate) fn find_near(&self, text: &str, limit: u32) -> Vec<FoundInstance> {
        let text = text.trim().chars().take(LONGEST).collect::<String>().to_lowercase();
        let mut near: Vec<_> = self
            .rows()
            .filter_map(|row| {
                let fields = Fields::of(row);
                Some((fields.nearness(&text)?, fields, row))
            })
            .collect();
        let order = |(near, a, left): &Found<'_>, (other, b, right): &Found<'_>| {
            let by_length = |fields: &Fields| if text.is_empty() { 0 } else { fields.name.len() };
            near.cmp(other)
                .then_with(|| by_length(a).cmp(&by_length(b)))
                .then_with(|| a.name.is_empty().cmp(&b.name.is_empty()))
                .then_with(|| a.name.cmp(&b.name))
                .then_with(|| left.id.cmp(&right.id))
        };
        // One letter fits thousands: only those that are wanted are put in order.
        let limit = limit.min(MOST) as usize;
        if limit < near.len() {
            near.select_nth_unstable_by(limit, order);
            near.truncate(limit);
        }
        near.sort_unstable_by(order);
        let exact = |near| !text.is_empty() && near == (Nearness::Whole, false);
        near.into_iter()
            .map(|(near, _, row)| FoundInstance {
                id: row.id.clone(),
                name: row.agent_name.clone(),
                host: row.hostname.clone(),
                status: row.status.clone(),
                exact: exact(near),
            })
            .collect()
    }
}

/// A row with how near it is.
type Found<'a> = ((Nearness, bool), Fields, &'a InstanceSummary);

/// What a row is found by, in lower case.
struct Fields {
    name: String,
    host: String,
    id: String,
}

impl Fields {
    fn of(row: &InstanceSummary) -> Self {
        let lower = |text: Option<&str>| text.map(|text| text.trim().to_lowercase()).unwrap_or_default();
        Self {
            name: lower(row.agent_name.as_deref()),
            host: lower(row.hostname.as_deref()),
            id: lower(Some(row.id.as_str())),
        }
    }

    /// The text as one, or (true) each of its words somewhere: the farthest of them counts.
    fn nearness(&self, text: &str) -> Option<(Nearness, bool)> {
        if text.is_empty() {
            return Some((Nearness::Part, false));
        }
        let one = self.of_word(text).map(|near| (near, false));
        if !text.contains(char::is_whitespace) {
            return one;
        }
        let words: Option<Vec<_>> = text.split_whitespace().map(|word| self.of_word(word)).collect();
        let several = words.and_then(|words| words.into_iter().max()).map(|farthest| (farthest, true));
        [one, several].into_iter().flatten().min()
    }

    fn of_word(&self, word: &str) -> Option<Nearness> {
        let fields = [&self.name, &self.host, &self.id];
        let near = fields.into_iter().filter_map(|field| nearness(field, word)).min();
        // Letters that are scattered over an id mean nothing.
        let scattered = || has_letters(&self.name, word) || has_letters(&self.host, word);
        near.or_else(|| scattered().then_some(Nearness::Letters))
    }
}

/// How near it is as a whole: scattered letters are looked for only where nothing has it so.
fn nearness(field: &str, wanted: &str) -> Option<Nearness> {
    let at = field.find(wanted)?;
    let begins_word =
        |at: usize| field[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    Some(match at {
        0 if field.len() == wanted.len() => Nearness::Whole,
        0 => Nearness::Start,
        _ if field.match_indices(wanted).any(|(at, _)| begins_word(at)) => Nearness::Word,
        _ => Nearness::Part,
    })
}

/// Whether all letters are there, in order, with the first one at the beginning of a word: a letter alone is no letters.
fn has_letters(field: &str, wanted: &str) -> bool {
    let mut letters = wanted.chars();
    let (Some(first), true) = (letters.next(), wanted.chars().nth(1).is_some()) else { return false };
    let rest = letters.as_str();
    let mut before = ' ';
    field.char_indices().any(|(at, letter)| {
        let begins = letter == first && !before.is_alphanumeric();
        before = letter;
        begins && follow(&field[at + letter.len_utf8()..], rest)
    })
}

fn follow(field: &str, wanted: &str) -> bool {
    let mut field = field.chars();
    wanted.chars().all(|letter| field.any(|there| there == letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::FleetQuery;
    use crate::seen::Source;
    use chrono::Utc;
    use nineheads_contract::instances::InstanceList;

    fn fleet(rows: &[(&str, &str, &str)]) -> Fleet {
        let row = |(id, name, host): &(&str, &str, &str)| InstanceSummary {
            id: (*id).into(),
            agent_name: Some((*name).to_owned()).filter(|name| !name.is_empty()),
            hostname: Some((*host).to_owned()).filter(|host| !host.is_empty()),
            ..InstanceSummary::default()
        };
        let mut fleet = Fleet::default();
        let list = InstanceList { instances: rows.iter().map(row).collect(), skipped: 0 };
        fleet.replace(list, Utc::now(), Source::Live);
        fleet
    }

    fn ids(fleet: &Fleet, text: &str) -> Vec<String> {
        fleet.find_near(text, 8).into_iter().map(|found| found.id.0).collect()
    }

    #[test]
    fn the_nearest_comes_first() {
        let fleet = fleet(&[
            ("1", "Brook and river", ""),
            ("2", "Northriver", ""),
            ("3", "Riverside", ""),
            ("4", "River", ""),
            ("5", "Rosy velvet harbour", ""),
            ("6", "Orchard", "river-7.example"),
            ("7", "Orchard", "vps-7"),
        ]);
        assert_eq!(ids(&fleet, " RIVER "), ["4", "6", "3", "1", "2"]);
        assert_eq!(ids(&fleet, "rvh"), ["5"], "letters in order, from the beginning of a word");
        assert_eq!(ids(&fleet, "ivr"), Vec::<String>::new());
    }

    #[test]
    fn words_are_found_in_any_order_and_any_field() {
        let fleet = fleet(&[("1", "Quiet harbour", "vps-12.eu"), ("2", "Quiet hill", "vps-13.us")]);
        assert_eq!(ids(&fleet, "harbour quiet"), ["1"]);
        assert_eq!(ids(&fleet, "us quiet"), ["2"]);
        assert_eq!(ids(&fleet, "quiet nothing"), Vec::<String>::new());
    }

    #[test]
    fn a_whole_id_or_host_is_exact_and_a_part_is_not() {
        let fleet = fleet(&[("4d2f-aa", "A", "vps-1"), ("4d2f-ab", "B", "vps-12")]);
        let exact = |text: &str| {
            let found = fleet.find_near(text, 8).into_iter();
            found.filter(|found| found.exact).map(|found| found.id.0).collect::<Vec<_>>()
        };
        assert_eq!(exact("4D2F-AB"), ["4d2f-ab"]);
        assert_eq!(exact("vps-1"), ["4d2f-aa"]);
        assert_eq!(exact("4d2f"), Vec::<String>::new());
        assert_eq!(ids(&fleet, "4dab"), Vec::<String>::new(), "letters scattered over an id are no match");
    }

    #[test]
    fn without_a_text_the_first_by_name_and_never_more_than_asked() {
        let fleet = fleet(&[("1", "", "z"), ("2", "Willow", ""), ("3", "Alder and elm", "")]);
        assert_eq!(ids(&fleet, ""), ["3", "2", "1"]);
        assert_eq!(fleet.find_near("", 2).len(), 2);
    }

    #[test]
    fn letters_of_any_script_are_found_and_split_nowhere() {
        let fleet = fleet(&[("1", "Übergrößenträger", "ß-1"), ("2", "日本の庭", ""), ("3", "İstanbul", "")]);
        assert_eq!(ids(&fleet, "über"), ["1"]);
        assert_eq!(ids(&fleet, "üg"), ["1"]);
        assert_eq!(ids(&fleet, "日庭"), ["2"]);
        assert_eq!(ids(&fleet, "i̇st"), ["3"]);
    }

    #[test]
    fn finding_leaves_the_view_of_the_list_as_it_was() {
        let mut fleet = fleet(&[("1", "River", ""), ("2", "Hill", "")]);
        let query = FleetQuery { text: "hill".into(), ..FleetQuery::default() };
        fleet.show(query.clone(), 0, 10, Utc::now());
        fleet.find_near("river", 8);
        assert_eq!(fleet.show(query, 0, 10, Utc::now()).facts.matched, 1);
        assert!(fleet.take_changes().is_empty());
    }
}
