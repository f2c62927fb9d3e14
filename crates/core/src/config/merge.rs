//! Three-way merge, path by path: what both sides changed alike or only one side changed is taken; where both changed
//! the same place differently a person chooses. Lists are one value: what a moved entry means nobody can know.

use super::path::Path;
use super::{ConfigChoice, ConfigSide};
use serde_json::{Map, Value};

/// A place that both sides changed differently. None: not there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Conflict {
    pub path: Path,
    pub base: Option<Value>,
    pub mine: Option<Value>,
    pub theirs: Option<Value>,
    /// None while nobody has chosen; until then mine stands in the merged document.
    pub chosen: Option<ConfigSide>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Merged {
    pub document: Value,
    pub conflicts: Vec<Conflict>,
}

/// Merges what I and what they made of a base.
pub(crate) fn merge(base: &Value, mine: &Value, theirs: &Value, choices: &[ConfigChoice]) -> Merged {
    let mut conflicts = Vec::new();
    let merged = side_by_side(Some(base), Some(mine), Some(theirs), choices, &mut Vec::new(), &mut conflicts);
    Merged { document: merged.unwrap_or_default(), conflicts }
}

fn side_by_side(
    base: Option<&Value>,
    mine: Option<&Value>,
    theirs: Option<&Value>,
    choices: &[ConfigChoice],
    path: &mut Path,
    conflicts: &mut Vec<Conflict>,
) -> Option<Value> {
    if mine == theirs || theirs == base {
        return mine.cloned();
    }
    if mine == base {
        return theirs.cloned();
    }
    if let (Some(Value::Object(mine)), Some(Value::Object(theirs))) = (mine, theirs) {
        let nothing = Map::new();
        let base = base.and_then(Value::as_object).unwrap_or(&nothing);
        let keys = theirs.keys().chain(mine.keys().filter(|key| !theirs.contains_key(*key)));
        let mut merged = Map::new();
        for key in keys {
            path.push(key.clone());
            let value = side_by_side(base.get(key), mine.get(key), theirs.get(key), choices, path, conflicts);
            path.pop();
            if let Some(value) = value {
                merged.insert(key.clone(), value);
            }
        }
        return Some(Value::Object(merged));
    }
    let chosen = choices.iter().rev().find(|choice| choice.path == *path).map(|choice| choice.side);
    conflicts.push(Conflict {
        path: path.clone(),
        base: base.cloned(),
        mine: mine.cloned(),
        theirs: theirs.cloned(),
        chosen,
    });
    match chosen {
        Some(ConfigSide::Theirs) => theirs.cloned(),
        Some(ConfigSide::Mine) | None => mine.cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::path::{at, put};
    use crate::config::tests::{edits, json_value};
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn edits_at_different_places_are_both_kept() {
        let base = json!({"a": {"x": 1, "y": 2}, "b": [1]});
        let mine = json!({"a": {"x": 9, "y": 2}, "b": [1]});
        let theirs = json!({"a": {"x": 1, "y": 2, "z": 3}, "b": [1, 2]});
        let merged = merge(&base, &mine, &theirs, &[]);
        assert_eq!(merged.conflicts, []);
        assert_eq!(merged.document, json!({"a": {"x": 9, "y": 2, "z": 3}, "b": [1, 2]}));
    }

    #[test]
    fn removing_what_the_other_side_changed_is_a_conflict_and_a_choice_settles_it() {
        let base = json!({"a": {"x": 1}});
        let (mine, theirs) = (json!({}), json!({"a": {"x": 2}}));
        let merged = merge(&base, &mine, &theirs, &[]);
        assert_eq!(merged.conflicts.len(), 1);
        assert_eq!(merged.document, mine);
        let choice = ConfigChoice { path: vec!["a".into()], side: ConfigSide::Theirs };
        let merged = merge(&base, &mine, &theirs, &[choice]);
        assert_eq!(merged.document, theirs);
        assert_eq!(merged.conflicts[0].chosen, Some(ConfigSide::Theirs));
    }

    /// Whether everything that one side wanted is there; the other side may have added to the same new object.
    fn holds(merged: Option<&Value>, wanted: Option<&Value>) -> bool {
        match (merged, wanted) {
            (Some(Value::Object(merged)), Some(Value::Object(wanted))) => {
                wanted.iter().all(|(key, value)| holds(merged.get(key), Some(value)))
            }
            (merged, wanted) => merged == wanted,
        }
    }

    proptest! {
        /// Nobody's edit is lost: at each place that a side changed there is its value, or a conflict that names it.
        #[test]
        fn an_edit_of_either_side_survives_or_is_asked_about(
            base in json_value(), mine in edits(), theirs in edits()
        ) {
            let apply = |edits: &[(Path, Option<Value>)]| {
                let mut document = base.clone();
                edits.iter().for_each(|(path, value)| { put(&mut document, path, value.clone()); });
                document
            };
            let (mine, theirs) = (apply(&mine), apply(&theirs));
            let merged = merge(&base, &mine, &theirs, &[]);
            for (side, document) in [("mine", &mine), ("theirs", &theirs)] {
                for change in crate::config::diff::diff(&base, document) {
                    let asked = merged.conflicts.iter().any(|conflict| {
                        change.path.starts_with(&conflict.path) || conflict.path.starts_with(&change.path)
                    });
                    let kept = holds(at(&merged.document, &change.path), change.after.as_ref());
                    prop_assert!(kept || asked, "{side} lost {:?}", change.path);
                }
            }
        }

        #[test]
        fn without_conflicts_it_does_not_matter_who_is_who(base in json_value(), mine in edits(), theirs in edits()) {
            let apply = |edits: &[(Path, Option<Value>)]| {
                let mut document = base.clone();
                edits.iter().for_each(|(path, value)| { put(&mut document, path, value.clone()); });
                document
            };
            let (mine, theirs) = (apply(&mine), apply(&theirs));
            let (one, other) = (merge(&base, &mine, &theirs, &[]), merge(&base, &theirs, &mine, &[]));
            prop_assert_eq!(one.conflicts.len(), other.conflicts.len());
            if one.conflicts.is_empty() {
                prop_assert_eq!(one.document, other.document);
            }
        }

        #[test]
        fn who_changed_nothing_changes_nothing(base in json_value(), edited in edits()) {
            let mut mine = base.clone();
            edited.iter().for_each(|(path, value)| { put(&mut mine, path, value.clone()); });
            prop_assert_eq!(merge(&base, &mine, &base, &[]).document, mine.clone());
            prop_assert_eq!(merge(&base, &base, &mine, &[]).document, mine.clone());
            prop_assert_eq!(merge(&base, &mine, &mine, &[]).document, mine);
        }

        #[test]
        fn choosing_everywhere_leaves_nothing_open(base in json_value(), mine in edits(), theirs in edits()) {
            let apply = |edits: &[(Path, Option<Value>)]| {
                let mut document = base.clone();
                edits.iter().for_each(|(path, value)| { put(&mut document, path, value.clone()); });
                document
            };
            let (mine, theirs) = (apply(&mine), apply(&theirs));
            let open = merge(&base, &mine, &theirs, &[]).conflicts;
            let choices: Vec<_> = open
                .into_iter()
                .map(|conflict| ConfigChoice { path: conflict.path, side: ConfigSide::Theirs })
                .collect();
            let settled = merge(&base, &mine, &theirs, &choices);
            prop_assert!(settled.conflicts.iter().all(|conflict| conflict.chosen.is_some()));
            for conflict in settled.conflicts {
                prop_assert_eq!(at(&settled.document, &conflict.path), conflict.theirs.as_ref());
            }
        }
    }
}
