//! Secrets in an agent's configuration: masked when it is read, kept when the mask is written back, and how a written
//! document becomes the new one.

use crate::options::ConfigWrites;
use serde_json::{Map, Value};

/// What stands for a secret. OpenClaw's own mark.
pub(crate) const MASK: &str = "__OPENCLAW_REDACTED__";

/// Whether a key's text is a secret.
pub(crate) fn is_secret(key: &str) -> bool {
    let key: String = key.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    ["apikey", "token", "password", "secret", "privatekey", "agentkey", "encryptionkey"]
        .iter()
        .any(|ending| key.ends_with(ending))
}

/// The document with a mask for each secret. References to the environment are no secrets.
pub(crate) fn masked(document: &Map<String, Value>) -> Value {
    let mut copy = Value::Object(document.clone());
    mask(&mut copy);
    copy
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Value::String(text) if is_secret(key) && !text.is_empty() && !text.starts_with("${") => {
                        *text = MASK.to_owned();
                    }
                    other => mask(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

/// The document after a write, with the real values where the body had masks.
///
/// # Errors
/// The place of a mask that stands for nothing.
pub(crate) fn written(
    current: &Map<String, Value>,
    body: Map<String, Value>,
    writes: ConfigWrites,
) -> Result<Map<String, Value>, Vec<String>> {
    let current = Value::Object(current.clone());
    let mut body = Value::Object(body);
    restore(&mut body, Some(&current), &mut Vec::new())?;
    let next = match writes {
        ConfigWrites::Replace => body,
        ConfigWrites::Merge => {
            let mut next = current;
            merge(&mut next, body);
            next
        }
    };
    match next {
        Value::Object(map) => Ok(map),
        _ => Ok(Map::new()),
    }
}

fn restore(value: &mut Value, real: Option<&Value>, place: &mut Vec<String>) -> Result<(), Vec<String>> {
    match value {
        Value::String(text) if text == MASK => match real {
            Some(real) => *value = real.clone(),
            None => return Err(place.clone()),
        },
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                place.push(key.clone());
                restore(value, real.and_then(|real| real.get(key)), place)?;
                place.pop();
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter_mut().enumerate() {
                place.push(at.to_string());
                restore(value, real.and_then(|real| real.get(at)), place)?;
                place.pop();
            }
        }
        _ => {}
    }
    Ok(())
}

/// RFC 7396: objects merge, null removes, everything else replaces.
pub(crate) fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(map) = target.as_object_mut() else { return };
    for (key, value) in patch {
        match value {
            Value::Null => {
                map.shift_remove(&key);
            }
            value => merge(map.entry(key).or_insert(Value::Null), value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn a_mask_written_back_keeps_the_secret_either_way() {
        let real = map(json!({"a": {"apiKey": "k1", "port": 1}, "list": [{"token": "t"}], "maxTokens": "9"}));
        let seen = masked(&real);
        assert_eq!(
            seen,
            json!({"a": {"apiKey": MASK, "port": 1}, "list": [{"token": MASK}], "maxTokens": "9"})
        );
        for writes in [ConfigWrites::Merge, ConfigWrites::Replace] {
            let mut body = map(seen.clone());
            body["a"]["port"] = json!(2);
            let next = written(&real, body, writes).expect("all masks stand for something");
            assert_eq!(next["a"], json!({"apiKey": "k1", "port": 2}));
            assert_eq!(next["list"], json!([{"token": "t"}]));
        }
    }

    #[test]
    fn merge_leaves_what_is_not_named_and_replace_does_not() {
        let real = map(json!({"a": {"x": 1, "y": 2}, "b": 3}));
        let body = map(json!({"a": {"x": null, "z": 4}}));
        assert_eq!(
            written(&real, body.clone(), ConfigWrites::Merge),
            Ok(map(json!({"a": {"y": 2, "z": 4}, "b": 3})))
        );
        assert_eq!(written(&real, body.clone(), ConfigWrites::Replace), Ok(body));
    }

    #[test]
    fn a_mask_for_nothing_is_refused_with_its_place() {
        let body = map(json!({"a": {"token": MASK}}));
        let place = written(&Map::new(), body, ConfigWrites::Merge).expect_err("refused");
        assert_eq!(place, ["a", "token"]);
    }
}
