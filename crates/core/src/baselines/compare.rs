//! Settings against settings. Pure. Both sides are veiled: a secret is set or it is not, and no more is compared.

use super::DriftPart;
use crate::config::{ConfigEdit, changes, diff, holds_mask, veil};
use crate::sides::SidePart;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An instance's settings as they were read: a veiled document a part, and when.
pub(crate) type KnownSettings = Vec<(SidePart, Option<(Value, DateTime<Utc>)>)>;

/// A document for each part that was known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings(Vec<(SidePart, Value)>);

impl Settings {
    pub(super) fn of(known: KnownSettings) -> Self {
        Self(known.into_iter().filter_map(|(part, known)| Some((part, known?.0))).collect())
    }

    pub(super) fn parts(&self) -> Vec<SidePart> {
        self.0.iter().map(|(part, _)| *part).collect()
    }

    pub(super) fn get(&self, part: SidePart) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == part).map(|(_, document)| document)
    }

    /// When the oldest of what can be compared was read; none where nothing can.
    pub(super) fn oldest_of(&self, known: &KnownSettings) -> Option<DateTime<Utc>> {
        let times = known.iter().filter(|(part, _)| self.get(*part).is_some());
        times.filter_map(|(_, known)| Some(known.as_ref()?.1)).min()
    }
}

/// In how many places settings differ from a baseline's, where both are known.
pub(super) fn count_places(known: &KnownSettings, wanted: &Settings) -> u32 {
    let places =
        known.iter().filter_map(|(part, known)| Some(diff(&known.as_ref()?.0, wanted.get(*part)?).len()));
    crate::logs::count(places.sum())
}

/// What of each of the baseline's parts differs.
pub(super) fn part_changes(known: &KnownSettings, wanted: &Settings) -> Vec<DriftPart> {
    known
        .iter()
        .filter_map(|(part, known)| {
            let wanted = wanted.get(*part)?;
            Some(DriftPart {
                part: *part,
                seen_at: known.as_ref().map(|(_, at)| *at),
                changes: known.as_ref().map(|(now, _)| changes(now, wanted)).unwrap_or_default(),
            })
        })
        .collect()
}

/// The edits that lead from a document to a baseline's, and the places where a secret would have to be known for it.
pub(super) fn edits_towards(mut now: Value, wanted: &Value) -> (Vec<ConfigEdit>, Vec<Vec<String>>) {
    veil(&mut now);
    let (mut edits, mut secrets) = (Vec::new(), Vec::new());
    for found in diff(&now, wanted) {
        match found.after {
            Some(after) if holds_mask(&after) => secrets.push(found.path),
            after => edits.push(ConfigEdit { path: found.path, value: after.map(|value| value.to_string()) }),
        }
    }
    (edits, secrets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::json_value;
    use proptest::prelude::*;
    use serde_json::json;

    fn known(document: &Value) -> KnownSettings {
        let at: DateTime<Utc> = "2026-12-01T12:00:00Z".parse().expect("a time");
        let mut veiled = document.clone();
        veil(&mut veiled);
        vec![(SidePart::Config, Some((veiled, at))), (SidePart::Platform, None)]
    }

    #[test]
    fn a_secret_that_is_another_is_no_drift_and_one_that_is_missing_is() {
        let wanted = Settings::of(known(&json!({"token": "a", "x": 1})));
        assert_eq!(count_places(&known(&json!({"token": "b", "x": 1})), &wanted), 0);
        assert_eq!(count_places(&known(&json!({"token": "", "x": 2})), &wanted), 2);
        let (edits, secrets) =
            edits_towards(json!({"x": 2, "y": 3}), wanted.get(SidePart::Config).expect("kept"));
        let places: Vec<_> = edits.iter().map(|edit| (edit.path.join("."), edit.value.clone())).collect();
        assert_eq!(places, [("x".to_owned(), Some("1".to_owned())), ("y".to_owned(), None)]);
        assert_eq!(secrets, [["token"]]);
    }

    #[test]
    fn what_was_not_read_is_no_drift() {
        let wanted = Settings::of(known(&json!({"x": 1})));
        let unread: KnownSettings = vec![(SidePart::Config, None)];
        assert_eq!((count_places(&unread, &wanted), wanted.oldest_of(&unread)), (0, None));
        assert_eq!(part_changes(&unread, &wanted)[0].seen_at, None);
    }

    proptest! {
        /// An instance is never far from itself; and what is listed is what is counted.
        #[test]
        fn what_is_listed_is_what_is_counted(one in json_value(), other in json_value()) {
            let wanted = Settings::of(known(&one));
            prop_assert_eq!(count_places(&known(&one), &wanted), 0);
            let listed: usize = part_changes(&known(&other), &wanted).iter().map(|part| part.changes.len()).sum();
            prop_assert_eq!(count_places(&known(&other), &wanted) as usize, listed);
        }
    }
}
