//! What a person typed becomes a document.

use super::path::put;
use super::{ConfigDraft, ConfigEdit};
use crate::error::{Code, Failure};
use nineheads_contract::FieldProblem;
use serde_json::Value;

/// The document that a draft means.
///
/// # Errors
/// [`Code::Invalid`] with the place that can not be used.
pub(crate) fn apply(base: &Value, draft: &ConfigDraft) -> Result<Value, Failure> {
    let mut document = match &draft.text {
        None => base.clone(),
        Some(text) => serde_json::from_str(text).map_err(|error| invalid(&[], &error.to_string()))?,
    };
    for ConfigEdit { path, value } in &draft.edits {
        let value = value.as_deref().map(serde_json::from_str).transpose();
        let value = value.map_err(|error| invalid(path, &error.to_string()))?;
        if !put(&mut document, path, value) {
            return Err(invalid(path, "there is no such place in the document"));
        }
    }
    Ok(document)
}

fn invalid(path: &[String], msg: &str) -> Failure {
    let field = FieldProblem { loc: path.to_vec(), msg: msg.to_owned(), kind: "json".into() };
    Failure::new(Code::Invalid { message: None, fields: vec![field] }, msg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn edit(path: &[&str], value: Option<&str>) -> ConfigEdit {
        ConfigEdit {
            path: path.iter().map(|key| (*key).to_owned()).collect(),
            value: value.map(str::to_owned),
        }
    }

    #[test]
    fn edits_stand_on_the_base_or_on_the_text() {
        let base = json!({"a": 1, "big": 18446744073709551615_u64, "f": 0.1});
        let edits = vec![edit(&["a"], Some("9007199254740993")), edit(&["f"], None)];
        let draft = ConfigDraft { base: 1, text: None, edits };
        let applied = apply(&base, &draft).expect("fits");
        assert_eq!(applied.to_string(), r#"{"a":9007199254740993,"big":18446744073709551615}"#);
        let draft = ConfigDraft {
            text: Some(r#"{"x": [1]}"#.into()),
            edits: vec![edit(&["x", "1"], Some("2"))],
            ..draft
        };
        assert_eq!(apply(&base, &draft).expect("fits"), json!({"x": [1, 2]}));
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        let draft = ConfigDraft { base: 1, text: None, edits: vec![edit(&["a", "b"], Some("{"))] };
        let failure = apply(&json!({}), &draft).expect_err("refused");
        let Code::Invalid { fields, .. } = failure.code else { panic!("invalid") };
        assert_eq!(fields[0].loc, ["a", "b"]);
    }
}
