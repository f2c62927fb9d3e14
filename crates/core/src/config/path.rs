//! Places in a JSON document. A path is a list of keys; in a list the key is the index as text.

use serde_json::{Map, Value};

/// A place in a document.
pub(crate) type Path = Vec<String>;

/// What stands at a place.
pub(crate) fn at<'a>(document: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(document, |value, key| match value {
        Value::Object(map) => map.get(key),
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Puts a value at a place, or removes what stands there. Objects that are missing on the way are made; a place that
/// can not be reached is left alone: false.
pub(crate) fn put(document: &mut Value, path: &[String], value: Option<Value>) -> bool {
    let Some((key, rest)) = path.split_first() else {
        return value.map(|value| *document = value).is_some();
    };
    match document {
        Value::Object(map) if rest.is_empty() => match value {
            Some(value) => drop(map.insert(key.clone(), value)),
            None => drop(map.shift_remove(key)),
        },
        Value::Object(map) => match (map.contains_key(key), &value) {
            (false, None) => {}
            _ => {
                return put(map.entry(key.clone()).or_insert_with(|| Value::Object(Map::new())), rest, value);
            }
        },
        Value::Array(items) => {
            let Ok(index) = key.parse::<usize>() else { return false };
            match (index.cmp(&items.len()), rest.is_empty(), value) {
                (std::cmp::Ordering::Less, true, Some(value)) => items[index] = value,
                (std::cmp::Ordering::Less, true, None) => drop(items.remove(index)),
                (std::cmp::Ordering::Less, false, value) => return put(&mut items[index], rest, value),
                (std::cmp::Ordering::Equal, true, Some(value)) => items.push(value),
                _ => return false,
            }
        }
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(text: &str) -> Path {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn values_are_put_replaced_and_removed_where_they_belong() {
        let mut document = json!({"a": {"b": [1, {"c": 2}]}});
        assert!(put(&mut document, &path("a.b.1.c"), Some(json!(3))));
        assert!(put(&mut document, &path("a.b.2"), Some(json!(4))));
        assert!(put(&mut document, &path("x.y"), Some(json!(5))));
        assert!(put(&mut document, &path("a.b.0"), None));
        assert_eq!(document, json!({"a": {"b": [{"c": 3}, 4]}, "x": {"y": 5}}));
        assert_eq!(at(&document, &path("a.b.0.c")), Some(&json!(3)));
    }

    #[test]
    fn what_can_not_be_reached_is_left_alone() {
        let before = json!({"a": 1, "b": [1]});
        let mut document = before.clone();
        for place in ["a.b", "b.7", "b.x"] {
            assert!(!put(&mut document, &path(place), Some(json!(1))), "{place}");
        }
        assert!(put(&mut document, &path("c.d"), None));
        assert_eq!(document, before);
    }

    #[test]
    fn a_key_called_proto_is_a_key_like_any_other() {
        let mut document = json!({});
        assert!(put(&mut document, &path("__proto__.polluted"), Some(json!(true))));
        assert_eq!(document, json!({"__proto__": {"polluted": true}}));
    }
}
