//! A document as its leaves, each with its place, and without a secret: of a secret only stays that it is set. What is
//! kept of a document to compare others with is veiled in the same way.

use super::masks::is_mask;
use super::path::Path;
use super::show::is_secret_key;
use serde_json::Value;

/// What stands in the place of a secret, whichever it is. A mask itself.
const SET: &str = "•••";
/// Keys that name an entry of a list.
const NAMES: [&str; 4] = ["id", "name", "slug", "key"];

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leaf {
    Plain(Value),
    /// A secret is set; which one nobody can tell.
    Secret,
}

/// Puts the same mark in the place of every secret and of every mask: they compare as set or not set, and nothing else.
pub(crate) fn veil(value: &mut Value) {
    veil_under(value, false);
}

fn veil_under(value: &mut Value, is_secret: bool) {
    match value {
        Value::Object(map) => {
            map.iter_mut().for_each(|(key, value)| veil_under(value, is_secret_key(key)));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| veil_under(item, is_secret)),
        Value::String(text) if text.is_empty() => {}
        Value::String(_) | Value::Number(_) if is_secret || is_mask(value) => *value = Value::from(SET),
        _ => {}
    }
}

/// All leaves of a veiled document, in its order. A list of plain values is one leaf; in any other an entry is named by
/// what names it, so that the same entry has the same place wherever it stands.
pub(crate) fn leaves(document: &Value) -> Vec<(Path, Leaf)> {
    let mut found = Vec::new();
    walk(document, &mut Vec::new(), &mut found);
    found
}

fn walk(value: &Value, path: &mut Path, found: &mut Vec<(Path, Leaf)>) {
    let mut step = |name: String, value: &Value| {
        path.push(name);
        walk(value, path, found);
        path.pop();
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter().for_each(|(key, value)| step(key.clone(), value));
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            names_of(items).into_iter().zip(items).for_each(|(name, item)| step(name, item));
        }
        value if is_mask(value) => found.push((path.clone(), Leaf::Secret)),
        value => found.push((path.clone(), Leaf::Plain(value.clone()))),
    }
}

/// What the entries of a list are called: by their own names where each has one and no two the same, else by their places.
fn names_of(items: &[Value]) -> Vec<String> {
    let named = |item: &Value| NAMES.iter().find_map(|key| Some(item.get(key)?.as_str()?.to_owned()));
    let names: Option<Vec<String>> = items.iter().map(named).collect();
    let unique =
        |names: &Vec<String>| names.iter().collect::<std::collections::HashSet<_>>().len() == names.len();
    let by_place = || (0..items.len()).map(|at| at.to_string()).collect();
    names.filter(unique).unwrap_or_else(by_place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::json_value;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn secrets_are_set_or_not_set_and_an_entry_keeps_its_place() {
        let mut document = json!({
            "token": "sk-canary", "pin": {"password": 1234}, "empty": {"token": ""}, "mask": {"x": "[redacted]"},
            "agents": [{"id": "b", "n": 1}, {"id": "a", "n": [1, 2]}], "pairs": [[1], [2]], "none": {}
        });
        veil(&mut document);
        assert!(!document.to_string().contains("canary") && !document.to_string().contains("1234"));
        let found = leaves(&document);
        let at = |path: &str| {
            found.iter().find(|(known, _)| known.join(".") == path).map(|(_, leaf)| leaf.clone())
        };
        assert_eq!(at("token"), Some(Leaf::Secret));
        assert_eq!(at("pin.password"), Some(Leaf::Secret));
        assert_eq!(at("mask.x"), Some(Leaf::Secret));
        assert_eq!(at("empty.token"), Some(Leaf::Plain(json!(""))));
        assert_eq!(at("agents.a.n"), Some(Leaf::Plain(json!([1, 2]))));
        assert_eq!(at("pairs.1"), Some(Leaf::Plain(json!([2]))));
        assert_eq!(at("none"), Some(Leaf::Plain(json!({}))));
    }

    proptest! {
        /// Each place is there once, and veiling twice is veiling once.
        #[test]
        fn no_place_is_told_twice(document in json_value()) {
            let mut once = document;
            veil(&mut once);
            let mut twice = once.clone();
            veil(&mut twice);
            prop_assert_eq!(&once, &twice);
            let found = leaves(&once);
            let places: std::collections::HashSet<_> = found.iter().map(|(path, _)| path).collect();
            prop_assert_eq!(places.len(), found.len());
        }
    }
}
