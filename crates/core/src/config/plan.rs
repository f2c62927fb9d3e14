//! What saving a draft would do. Pure: three documents in, a plan out.

use super::diff::patch;
use super::masks::{holds_mask, holds_only_marks, mask_paths};
use super::merge::{Merged, merge};
use super::path::{Path, at};
use super::{ConfigChoice, ConfigObstacle, ConfigSends, ConfigWrites};
use serde_json::{Map, Value};

/// What is known when a plan is made.
pub(crate) struct Situation<'a> {
    /// What the draft was made from.
    pub base: &'a Value,
    /// What the draft means.
    pub mine: &'a Value,
    /// What the server has now.
    pub theirs: &'a Value,
    pub choices: &'a [ConfigChoice],
    pub writes: ConfigWrites,
    /// OpenClaw puts the real value back where its own mark returns.
    pub restores_marks: bool,
}

/// A plan without its words.
pub(crate) struct Plan {
    pub merged: Merged,
    pub sends: ConfigSends,
    /// None where there is an obstacle.
    pub body: Option<Map<String, Value>>,
    pub obstacle: Option<ConfigObstacle>,
    pub shrinks: bool,
}

/// A plan that waits to be sent.
#[derive(Debug, Clone)]
pub(crate) struct StoredPlan {
    pub id: String,
    pub body: Map<String, Value>,
    /// What the server will have.
    pub wanted: Value,
    /// What it has.
    pub current: Value,
    pub sends: ConfigSends,
    pub etag: Option<String>,
    pub changes: u32,
}

/// Makes a plan.
pub(crate) fn plan(situation: &Situation<'_>) -> Plan {
    let Situation { base, mine, theirs, choices, writes, restores_marks } = *situation;
    let merged = merge(base, mine, theirs, choices);
    let sends = match writes {
        ConfigWrites::Merge => ConfigSends::Patch,
        ConfigWrites::Replace | ConfigWrites::Unknown => ConfigSends::Document,
    };
    let body = match sends {
        ConfigSends::Patch => patch(theirs, &merged.document),
        ConfigSends::Document => Some(merged.document.clone()),
    };
    let obstacle = obstacle(&merged, theirs, body.as_ref(), restores_marks);
    let size = |value: &Value| serde_json::to_vec(value).map_or(0, |bytes| bytes.len());
    let shrinks = size(&merged.document) * 2 < size(theirs);
    let body = body.filter(|_| obstacle.is_none()).and_then(|body| match body {
        Value::Object(body) => Some(body),
        _ => None,
    });
    Plan { merged, sends, body, obstacle, shrinks }
}

fn obstacle(
    merged: &Merged,
    theirs: &Value,
    body: Option<&Value>,
    restores_marks: bool,
) -> Option<ConfigObstacle> {
    if !merged.document.is_object() {
        return Some(ConfigObstacle::NotAnObject);
    }
    if merged.conflicts.iter().any(|conflict| conflict.chosen.is_none()) {
        return Some(ConfigObstacle::Conflicts);
    }
    if merged.document == *theirs {
        return Some(ConfigObstacle::NothingChanged);
    }
    let strangers: Vec<Path> = mask_paths(&merged.document)
        .into_iter()
        .filter(|path| at(&merged.document, path) != at(theirs, path))
        .collect();
    if !strangers.is_empty() {
        return Some(ConfigObstacle::MaskAsValue { paths: strangers });
    }
    let body = body?;
    let moved = moved_masks(&merged.document, theirs, &mut Vec::new());
    if !moved.is_empty() {
        return Some(ConfigObstacle::MasksCanNotBeKept { paths: moved });
    }
    if holds_mask(body) && !(restores_marks && holds_only_marks(body)) {
        return Some(ConfigObstacle::MasksCanNotBeKept { paths: mask_paths(body) });
    }
    None
}

/// Lists with masks that became longer or shorter: which secret belongs to which entry nobody can know any more.
fn moved_masks(after: &Value, before: &Value, place: &mut Path) -> Vec<Path> {
    match (after, before) {
        (Value::Object(after), Value::Object(before)) => after
            .iter()
            .filter_map(|(key, value)| Some((key, value, before.get(key)?)))
            .flat_map(|(key, after, before)| {
                place.push(key.clone());
                let found = moved_masks(after, before, place);
                place.pop();
                found
            })
            .collect(),
        (Value::Array(entries), Value::Array(known)) if entries.len() != known.len() && holds_mask(after) => {
            let inside = mask_paths(after).into_iter();
            inside.map(|path| place.iter().cloned().chain(path).collect()).collect()
        }
        _ => Vec::new(),
    }
}

/// What reading back teaches: a removed key that is gone proves a replacing platform, one that is still there a merging
/// one. Only a whole document can teach; a patch removes by null on either kind.
pub(crate) fn learn(stored: &StoredPlan, read_back: &Value, known: ConfigWrites) -> ConfigWrites {
    if stored.sends == ConfigSends::Patch {
        return known;
    }
    let removed: Vec<Path> = super::diff::diff(&stored.current, &stored.wanted)
        .into_iter()
        .filter(|found| found.after.is_none())
        .map(|found| found.path)
        .collect();
    match removed.iter().map(|path| at(read_back, path).is_some()).reduce(|one, other| one && other) {
        None => known,
        Some(true) => ConfigWrites::Merge,
        Some(false) if removed.iter().all(|path| at(read_back, path).is_none()) => ConfigWrites::Replace,
        Some(false) => known,
    }
}

/// Where an agent's program notes which version wrote the document, and what it has migrated: with every write of anybody.
const STAMP: &str = "meta";
const STAMPED: [&str; 3] = ["lastTouchedVersion", "lastTouchedAt", "migrations"];

/// Places that read back otherwise than they were meant. A secret that comes back as a mask can not be compared, and the
/// program's own stamp is nobody's wish.
pub(crate) fn differing(wanted: &Value, read_back: &Value) -> Vec<Path> {
    let found = super::diff::diff(wanted, read_back);
    let is_masked = |value: &Option<Value>| value.as_ref().is_some_and(holds_mask);
    found
        .into_iter()
        .filter(|found| !is_masked(&found.after) && !is_stamp(found))
        .map(|found| found.path)
        .collect()
}

fn is_stamp(found: &super::diff::Difference) -> bool {
    let is_noted = |key: &String| STAMPED.contains(&key.as_str());
    match found.path.as_slice() {
        [place] if place == STAMP => {
            let keys = found.after.as_ref().and_then(Value::as_object);
            found.before.is_none() && keys.is_some_and(|keys| keys.keys().all(is_noted))
        }
        [place, key, ..] => place == STAMP && is_noted(key),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::masks::OPENCLAW_MARK;
    use crate::config::path::put;
    use crate::config::tests::{edits, json_value};
    use proptest::prelude::*;
    use serde_json::json;

    fn made(base: &Value, mine: &Value, writes: ConfigWrites, restores_marks: bool) -> Plan {
        plan(&Situation { base, mine, theirs: base, choices: &[], writes, restores_marks })
    }

    #[test]
    fn what_the_program_stamps_differs_from_nobodys_wish_and_everything_else_does() {
        let of = |wanted: Value, read_back: Value| differing(&wanted, &read_back);
        let stamp = json!({"meta": {"lastTouchedVersion": "2026.9.6"}});
        assert_eq!(of(json!({}), stamp.clone()), Vec::<Path>::new());
        assert_eq!(of(json!({"meta": {"lastTouchedVersion": "1"}}), stamp.clone()), Vec::<Path>::new());
        assert_eq!(of(json!({"meta": {"mine": 1}}), stamp), [["meta".to_owned(), "mine".to_owned()]]);
        assert_eq!(of(json!({}), json!({"meta": {"migrations": {}, "more": 1}})), [["meta".to_owned()]]);
    }

    #[test]
    fn under_merge_a_mask_that_was_not_touched_stays_at_home() {
        let base = json!({"a": {"token": "***", "port": 1}});
        let mine = json!({"a": {"token": "***", "port": 2}});
        let plan = made(&base, &mine, ConfigWrites::Merge, false);
        assert_eq!(plan.obstacle, None);
        assert_eq!(Value::from(plan.body.expect("goes out")), json!({"a": {"port": 2}}));
    }

    #[test]
    fn a_whole_document_with_masks_goes_only_where_they_are_known_to_be_restored() {
        for (mask, restores, goes) in
            [("***", true, false), (OPENCLAW_MARK, false, false), (OPENCLAW_MARK, true, true)]
        {
            let base = json!({"token": mask, "port": 1});
            let mine = json!({"token": mask, "port": 2});
            for writes in [ConfigWrites::Replace, ConfigWrites::Unknown] {
                let plan = made(&base, &mine, writes, restores);
                assert_eq!(plan.body.is_some(), goes, "{mask} {restores}");
                let kept = matches!(plan.obstacle, Some(ConfigObstacle::MasksCanNotBeKept { .. }));
                assert_eq!(kept, !goes);
            }
        }
    }

    #[test]
    fn a_mask_that_was_typed_or_moved_is_no_value() {
        let base = json!({"a": {"token": OPENCLAW_MARK}});
        for mine in [json!({"b": {"token": OPENCLAW_MARK}}), json!({"a": {"token": "********"}})] {
            let plan = made(&base, &mine, ConfigWrites::Merge, true);
            assert!(matches!(plan.obstacle, Some(ConfigObstacle::MaskAsValue { .. })));
        }
        let base = json!({"list": [{"token": "x", "n": OPENCLAW_MARK}, {"n": OPENCLAW_MARK}]});
        let mine = json!({"list": [{"token": "x", "n": OPENCLAW_MARK}]});
        let plan = made(&base, &mine, ConfigWrites::Merge, true);
        assert!(matches!(plan.obstacle, Some(ConfigObstacle::MasksCanNotBeKept { .. })));
    }

    #[test]
    fn a_new_secret_in_place_of_a_mask_is_sent() {
        let base = json!({"a": {"token": "***"}});
        let mine = json!({"a": {"token": "real-new-one"}});
        let plan = made(&base, &mine, ConfigWrites::Merge, false);
        assert_eq!(Value::from(plan.body.expect("goes out")), mine);
    }

    #[test]
    fn reading_back_teaches_what_a_write_does() {
        let stored = |sends| StoredPlan {
            id: String::new(),
            body: Map::new(),
            wanted: json!({"a": 2}),
            current: json!({"a": 1, "b": 1}),
            sends,
            etag: None,
            changes: 2,
        };
        let whole = stored(ConfigSends::Document);
        assert_eq!(learn(&whole, &json!({"a": 2}), ConfigWrites::Unknown), ConfigWrites::Replace);
        assert_eq!(learn(&whole, &json!({"a": 2, "b": 1}), ConfigWrites::Unknown), ConfigWrites::Merge);
        let part = stored(ConfigSends::Patch);
        assert_eq!(learn(&part, &json!({"a": 2}), ConfigWrites::Merge), ConfigWrites::Merge);
    }

    #[test]
    fn losing_more_than_half_asks_first() {
        let base = json!({"long": "x".repeat(100), "a": 1});
        assert!(made(&base, &json!({"a": 1}), ConfigWrites::Merge, false).shrinks);
        assert!(!made(&base, &json!({"long": "x".repeat(100)}), ConfigWrites::Merge, false).shrinks);
    }

    proptest! {
        /// Whatever is edited: what goes out never holds a mask that the server could store as a value.
        #[test]
        fn masks_never_leave(base in json_value(), changed in edits(), writes in 0..3_usize) {
            let mut mine = base.clone();
            changed.iter().for_each(|(path, value)| { put(&mut mine, path, value.clone()); });
            let writes = [ConfigWrites::Unknown, ConfigWrites::Merge, ConfigWrites::Replace][writes];
            let plan = made(&base, &mine, writes, true);
            if let Some(body) = plan.body {
                prop_assert!(!holds_mask(&Value::from(body)));
            }
        }
    }
}
