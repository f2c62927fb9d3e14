//! What differs between two documents, place by place, and the smallest patch from one to the other.

use super::path::Path;
use serde_json::{Map, Value};

/// One place that differs. None: not there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    pub path: Path,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// All places that differ, in the order of the newer document; what is gone comes last. Lists of the same length are
/// compared entry by entry, others as one value.
pub(crate) fn diff(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(Some(before), Some(after), &mut Vec::new(), &mut found);
    found
}

fn walk(before: Option<&Value>, after: Option<&Value>, path: &mut Path, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    let mut step = |key: String, before: Option<&Value>, after: Option<&Value>| {
        path.push(key);
        walk(before, after, path, found);
        path.pop();
    };
    match (before, after) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            after.iter().for_each(|(key, value)| step(key.clone(), before.get(key), Some(value)));
            for (key, value) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
                step(key.clone(), Some(value), None);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) if before.len() == after.len() => {
            let pairs = before.iter().zip(after).enumerate();
            pairs.for_each(|(index, (before, after))| step(index.to_string(), Some(before), Some(after)));
        }
        _ => {
            found.push(Difference { path: path.clone(), before: before.cloned(), after: after.cloned() });
        }
    }
}

/// The smallest document that an RFC 7396 merge needs to lead from one to the other: removed keys are null, lists go
/// whole. None: nothing to do.
pub(crate) fn patch(before: &Value, after: &Value) -> Option<Value> {
    if before == after {
        return None;
    }
    let (Value::Object(before), Value::Object(after)) = (before, after) else {
        return Some(after.clone());
    };
    let mut changes = Map::new();
    for (key, value) in after {
        let change = match before.get(key) {
            // A new object is sent whole; what is inside needs no comparing.
            None => Some(value.clone()),
            Some(known) => patch(known, value),
        };
        if let Some(change) = change {
            changes.insert(key.clone(), change);
        }
    }
    for key in before.keys().filter(|key| !after.contains_key(*key)) {
        changes.insert(key.clone(), Value::Null);
    }
    Some(Value::Object(changes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::path::put;
    use crate::config::tests::{edits, json_value};
    use proptest::prelude::*;
    use serde_json::json;

    /// What a server that merges does, written from the RFC and not from the code above.
    pub(crate) fn apply(target: &Value, patch: &Value) -> Value {
        let Value::Object(patch) = patch else { return patch.clone() };
        let mut result = target.as_object().cloned().unwrap_or_default();
        for (key, value) in patch {
            match value {
                Value::Null => drop(result.shift_remove(key)),
                value => {
                    let merged = apply(result.get(key).unwrap_or(&Value::Null), value);
                    result.insert(key.clone(), merged);
                }
            }
        }
        Value::Object(result)
    }

    #[test]
    fn each_difference_has_its_place() {
        let before = json!({"a": 1, "b": {"c": [1, 2]}, "gone": true});
        let after = json!({"a": 1, "b": {"c": [1, 3]}, "new": {"x": 1}});
        let places: Vec<_> = diff(&before, &after).into_iter().map(|found| found.path.join(".")).collect();
        assert_eq!(places, ["b.c.1", "new", "gone"]);
    }

    #[test]
    fn a_patch_holds_what_changed_and_nothing_else() {
        let before = json!({"a": {"x": 1, "y": 2}, "b": 3, "c": [1]});
        let after = json!({"a": {"x": 1, "y": 5}, "c": [1, 2]});
        assert_eq!(patch(&before, &after), Some(json!({"a": {"y": 5}, "c": [1, 2], "b": null})));
        assert_eq!(patch(&before, &before), None);
    }

    /// A merge can neither store a null nor keep one.
    fn has_null(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Object(map) => map.values().any(has_null),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn a_server_that_merges_arrives_at_the_wanted_document(before in json_value(), changed in edits()) {
            let mut after = before.clone();
            changed.iter().for_each(|(path, value)| { put(&mut after, path, value.clone()); });
            prop_assume!(before.is_object() && after.is_object() && !has_null(&after));
            let arrived = patch(&before, &after).map_or(before.clone(), |patch| apply(&before, &patch));
            prop_assert_eq!(arrived, after);
        }

        #[test]
        fn a_patch_names_no_place_that_did_not_change(before in json_value(), changed in edits()) {
            let mut after = before.clone();
            changed.iter().for_each(|(path, value)| { put(&mut after, path, value.clone()); });
            prop_assume!(before.is_object() && after.is_object());
            let Some(Value::Object(patch)) = patch(&before, &after) else { return Ok(()) };
            for key in patch.keys() {
                prop_assert_ne!(before.get(key), after.get(key));
            }
        }

        #[test]
        fn applying_all_differences_leads_to_the_other_document(before in json_value(), changed in edits()) {
            let mut after = before.clone();
            changed.iter().for_each(|(path, value)| { put(&mut after, path, value.clone()); });
            let mut built = before.clone();
            for found in diff(&before, &after) {
                put(&mut built, &found.path, found.after);
            }
            prop_assert_eq!(built, after);
        }
    }
}
