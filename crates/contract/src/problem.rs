//! Error bodies: FastAPI's list of a 422, its `{"detail": "text"}`, and what proxies in front send, as one type.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// Longest message that is kept of a server's own words, in bytes. Source: the reliability rules, fault 21.
pub const MESSAGE_LIMIT: usize = 2048;

/// Most fields that are kept of one 422.
pub const FIELD_LIMIT: usize = 20;

/// What a server said when it refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Which of the three shapes the body had.
    pub shape: ProblemShape,
    /// The server's own words, at most [`MESSAGE_LIMIT`] bytes; none where it sent HTML or nothing.
    pub message: Option<String>,
    /// The fields that a 422 names.
    pub fields: Vec<FieldProblem>,
}

/// How a refusal was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ProblemShape {
    /// `{"detail": [{loc, msg, type}]}`
    Fields,
    /// `{"detail": "text"}`
    Detail,
    /// HTML, plain text of a proxy, or nothing.
    Opaque,
}

/// One entry of a 422.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldProblem {
    /// Where, as the server wrote it: `["body", "region_id"]`. Numbers are kept as text.
    pub loc: Vec<String>,
    /// The sentence.
    pub msg: String,
    /// The machine's word, such as `missing` or `uuid_parsing`.
    #[serde(rename = "type")]
    pub kind: String,
}

impl FieldProblem {
    /// The last named part: the form field this belongs to.
    pub fn field(&self) -> Option<&str> {
        self.loc.iter().skip(1).find(|part| part.parse::<usize>().is_err()).map(String::as_str)
    }
}

impl Problem {
    /// Reads the body of an error answer. Never fails: what can not be read is [`ProblemShape::Opaque`].
    pub fn read(status: u16, body: &[u8]) -> Self {
        let opaque = Self { status, shape: ProblemShape::Opaque, message: None, fields: Vec::new() };
        let Ok(value) = crate::endpoint::read_json::<Value>(body) else { return opaque };
        match value.get("detail") {
            Some(Value::String(text)) => {
                Self { shape: ProblemShape::Detail, message: Some(clip(text, MESSAGE_LIMIT)), ..opaque }
            }
            Some(Value::Array(rows)) => {
                let fields: Vec<_> = rows.iter().filter_map(read_field).take(FIELD_LIMIT).collect();
                let message = fields.first().map(|field| field.msg.clone());
                Self { shape: ProblemShape::Fields, message, fields, ..opaque }
            }
            // Some services nest it once more, or call it "message" or "error".
            other => {
                let nested = other.and_then(|detail| detail.get("message"));
                let text = nested.or(value.get("message")).or(value.get("error")).and_then(Value::as_str);
                match text {
                    Some(text) => Self {
                        shape: ProblemShape::Detail,
                        message: Some(clip(text, MESSAGE_LIMIT)),
                        ..opaque
                    },
                    None => opaque,
                }
            }
        }
    }
}

fn read_field(row: &Value) -> Option<FieldProblem> {
    let loc = row.get("loc")?.as_array()?;
    let part = |value: &Value| match value {
        Value::String(text) => clip(text, MESSAGE_LIMIT),
        other => other.to_string(),
    };
    let text = |key: &str| {
        row.get(key).and_then(Value::as_str).map(|text| clip(text, MESSAGE_LIMIT)).unwrap_or_default()
    };
    Some(FieldProblem { loc: loc.iter().map(part).collect(), msg: text("msg"), kind: text("type") })
}

/// The beginning of a text, at most `limit` bytes, cut between characters.
pub fn clip(text: &str, limit: usize) -> String {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_422_keeps_where_it_points() {
        let problem = Problem::read(
            422,
            br#"{"detail":[{"loc":["body","workflow_slugs",2],"msg":"Input should be a valid string","type":"string_type"}]}"#,
        );
        assert_eq!(problem.shape, ProblemShape::Fields);
        assert_eq!(problem.fields[0].loc, ["body", "workflow_slugs", "2"]);
        assert_eq!(problem.fields[0].field(), Some("workflow_slugs"));
    }

    #[test]
    fn a_detail_text_is_the_message() {
        assert_eq!(
            Problem::read(404, br#"{"detail":"Instance not found"}"#).message.as_deref(),
            Some("Instance not found")
        );
    }

    #[test]
    fn html_and_nothing_are_opaque_and_never_quoted() {
        for body in [&b"<html><h1>502 Bad Gateway</h1></html>"[..], b"", b"null", b"[]", b"\xff\xfe"] {
            let problem = Problem::read(502, body);
            assert_eq!((problem.shape, problem.message), (ProblemShape::Opaque, None));
        }
    }

    #[test]
    fn a_long_message_is_cut_on_a_character() {
        let body = format!(r#"{{"detail":"{}"}}"#, "é".repeat(5000));
        assert!(Problem::read(400, body.as_bytes()).message.expect("kept").len() <= MESSAGE_LIMIT);
    }
}
