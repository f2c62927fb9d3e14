//! Masks: what a platform shows in place of a secret. A mask is a type and never a value that is sent.

use super::path::Path;
use crate::error::{Code, Failure};
use nineheads_contract::FieldProblem;
use serde_json::{Map, Value};

/// OpenClaw's own mark. OpenClaw restores the real value where the mark comes back in its place.
pub(crate) const OPENCLAW_MARK: &str = "__OPENCLAW_REDACTED__";

/// Whether a value stands for a secret that is not shown.
pub(crate) fn is_mask(value: &Value) -> bool {
    let Value::String(text) = value else { return false };
    let bare = text.trim();
    let made_of = |mark: char| bare.chars().count() >= 3 && bare.chars().all(|letter| letter == mark);
    let word = bare.trim_matches(|letter: char| !letter.is_alphanumeric()).to_ascii_lowercase();
    let is_wrapped = bare.len() > word.len() + 1;
    bare == OPENCLAW_MARK
        || made_of('*')
        || made_of('•')
        || bare.contains("****")
        || bare.contains("••••")
        || (is_wrapped && matches!(word.as_str(), "redacted" | "masked" | "hidden" | "secret"))
}

/// The places of all masks.
pub(crate) fn mask_paths(document: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    collect(document, &mut Vec::new(), &mut found);
    found
}

/// Whether there is a mask anywhere inside.
pub(crate) fn holds_mask(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().any(holds_mask),
        Value::Array(items) => items.iter().any(holds_mask),
        other => is_mask(other),
    }
}

/// What would be sent holds no mask.
///
/// # Errors
/// [`Code::Invalid`] with the place of each mask.
pub(crate) fn refuse_masks(body: &Map<String, Value>) -> Result<(), Failure> {
    let msg = "a mask is not the secret that it stands for";
    let problem = |loc| FieldProblem { loc, msg: msg.to_owned(), kind: "mask".into() };
    let fields: Vec<_> = mask_paths(&Value::Object(body.clone())).into_iter().map(problem).collect();
    match fields.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(Code::Invalid { message: None, fields }, msg)),
    }
}

/// Whether what reads back says the same as what was sent, as far as masks let one see.
pub(crate) fn agrees(sent: &Value, read: &Value) -> bool {
    match (sent, read) {
        (sent, read) if is_mask(read) => sent.as_str().is_some_and(|text| !text.is_empty()),
        (Value::Object(sent), Value::Object(read)) => {
            sent.len() == read.len()
                && sent.iter().all(|(key, value)| read.get(key).is_some_and(|read| agrees(value, read)))
        }
        (Value::Array(sent), Value::Array(read)) => {
            sent.len() == read.len() && sent.iter().zip(read).all(|(sent, read)| agrees(sent, read))
        }
        (sent, read) => sent == read,
    }
}

/// Whether every mask inside is OpenClaw's mark.
pub(crate) fn holds_only_marks(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().all(holds_only_marks),
        Value::Array(items) => items.iter().all(holds_only_marks),
        Value::String(text) if text == OPENCLAW_MARK => true,
        other => !is_mask(other),
    }
}

fn collect(value: &Value, place: &mut Path, found: &mut Vec<Path>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                place.push(key.clone());
                collect(value, place, found);
                place.pop();
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                place.push(index.to_string());
                collect(value, place, found);
                place.pop();
            }
        }
        other if is_mask(other) => found.push(place.clone()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn masks_are_recognised_in_their_usual_spellings_and_words_are_not() {
        for mask in
            [OPENCLAW_MARK, "***", "********", "•••", "sk-****abcd", "[REDACTED]", "<redacted>", "**hidden**"]
        {
            assert!(is_mask(&json!(mask)), "{mask}");
        }
        for word in ["", "*", "**", "redacted", "secret", "a**b", "${TOKEN}", "my secret", "*.example.org"] {
            assert!(!is_mask(&json!(word)), "{word}");
        }
        assert!(!is_mask(&json!(null)));
    }

    #[test]
    fn each_mask_is_found_at_its_place() {
        let document = json!({"a": {"token": "***"}, "list": [1, {"key": "[redacted]"}]});
        assert_eq!(mask_paths(&document), [vec!["a", "token"], vec!["list", "1", "key"]]);
        assert!(holds_mask(&document) && !holds_only_marks(&document));
        let refused = refuse_masks(document.as_object().expect("an object")).expect_err("it holds masks");
        assert!(matches!(refused.code, Code::Invalid { fields, .. } if fields.len() == 2));
        assert!(refuse_masks(&Map::from_iter([("a".to_owned(), json!("value"))])).is_ok());
    }

    #[test]
    fn behind_a_mask_nobody_sees_and_beside_it_everything_is_compared() {
        let read = json!({"telegram": {"token": "***", "allow": ["a"]}});
        assert!(agrees(&json!({"telegram": {"token": "new", "allow": ["a"]}}), &read));
        assert!(!agrees(&json!({"telegram": {"token": "new", "allow": ["b"]}}), &read));
        assert!(!agrees(&json!({"telegram": {"allow": ["a"]}}), &read));
        assert!(!agrees(&json!({"telegram": {"token": "", "allow": ["a"]}}), &read));
    }
}
