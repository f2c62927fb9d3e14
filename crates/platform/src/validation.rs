//! What a request must look like, refused as FastAPI refuses it: all problems of a request in one list, each with the
//! place, the sentence and the type that Pydantic 2 writes. Meaning (does it exist, may one) is not decided here.

use crate::call::Call;
use crate::refusal::{Invalid, Refusal};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Collects the problems of one request. Readers return a harmless value where they found one; [`Check::finish`] refuses.
pub(crate) struct Check<'a> {
    call: &'a Call,
    body: Option<Map<String, Value>>,
    problems: Vec<Invalid>,
}

impl<'a> Check<'a> {
    pub(crate) fn new(call: &'a Call) -> Self {
        Self { call, body: None, problems: Vec::new() }
    }

    /// Refuses when anything was wrong.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        match self.problems.is_empty() {
            true => Ok(()),
            false => Err(Refusal::Invalid(self.problems)),
        }
    }

    /// The path's `{instance_id}`.
    pub(crate) fn instance_id(&mut self) -> Uuid {
        match parse_uuid(self.call.segment(0)) {
            Ok(id) => id,
            Err(msg) => self.note(json!(["path", "instance_id"]), "uuid_parsing", msg),
        }
    }

    /// The path's `{conversation_id}`.
    pub(crate) fn conversation_id(&mut self) -> String {
        let id = self.call.segment(1).to_owned();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-');
        let loc = json!(["path", "conversation_id"]);
        if id.chars().count() > 128 {
            self.note(loc, "string_too_long", "String should have at most 128 characters")
        } else if id.is_empty() || !id.chars().all(fits) {
            let msg = "String should match pattern '^[A-Za-z0-9:_-]{1,128}$'";
            self.note(loc, "string_pattern_mismatch", msg)
        } else {
            id
        }
    }

    /// A whole number of the query. Any size is read; what does not fit is the nearest that does. Given twice it is no
    /// number but a list.
    pub(crate) fn query_int(&mut self, name: &str, default: i64) -> i64 {
        let Some(text) = self.call.query(name) else { return default };
        if self.call.is_repeated(name) {
            return self.note(json!(["query", name]), "int_type", "Input should be a valid integer");
        }
        match parse_int(text) {
            Ok(n) => n,
            Err((kind, msg)) => self.note(json!(["query", name]), kind, msg),
        }
    }

    /// A whole number of the query between two bounds.
    pub(crate) fn query_int_between(&mut self, name: &str, default: i64, (least, most): (i64, i64)) -> i64 {
        let n = self.query_int(name, default);
        // A number that could not be read is already noted, and stands as 0.
        if self.problems.iter().any(|problem| problem.loc == [json!("query"), json!(name)]) {
            return n;
        }
        let loc = json!(["query", name]);
        if n < least {
            let msg = format!("Input should be greater than or equal to {least}");
            return self.note(loc, "greater_than_equal", msg);
        }
        if n > most {
            let msg = format!("Input should be less than or equal to {most}");
            return self.note(loc, "less_than_equal", msg);
        }
        n
    }

    /// Reads the body as a model: its fields can be asked for from now on. Where it is none, that is the one problem,
    /// and not one for each field it lacks.
    pub(crate) fn model(&mut self) {
        let wrong =
            ("model_attributes_type", "Input should be a valid dictionary or object to extract fields from");
        self.body = self.object(wrong);
    }

    /// The body as a plain dictionary.
    pub(crate) fn dictionary(&mut self) -> Map<String, Value> {
        self.object(("dict_type", "Input should be a valid dictionary")).unwrap_or_default()
    }

    fn object(&mut self, (wrong, msg): (&'static str, &str)) -> Option<Map<String, Value>> {
        let bytes = self.call.body();
        if bytes.is_empty() {
            return self.note(json!(["body"]), "missing", "Field required");
        }
        // FastAPI parses a body as JSON only where it is called so, or called nothing.
        if !self.call.is_json() {
            return self.note(json!(["body"]), wrong, msg);
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(map)) => Some(map),
            Ok(Value::Null) => self.note(json!(["body"]), "missing", "Field required"),
            Ok(_) => self.note(json!(["body"]), wrong, msg),
            Err(error) => {
                let at = offset(bytes, error.line(), error.column());
                self.note(json!(["body", at]), "json_invalid", "JSON decode error")
            }
        }
    }

    /// A field of the model; none, too, where there is no model to have one.
    fn field(&self, name: &str) -> Option<Value> {
        self.body.as_ref()?.get(name).cloned()
    }

    /// A text that must be there.
    pub(crate) fn required_text(&mut self, name: &str) -> String {
        match self.field(name) {
            Some(Value::String(text)) => text,
            Some(_) => self.no_text(json!(["body", name])),
            None => self.missing(name),
        }
    }

    /// A text that must be there, of a length in characters.
    pub(crate) fn text_between(&mut self, name: &str, (least, most): (usize, usize)) -> String {
        let before = self.problems.len();
        let text = self.required_text(name);
        if self.problems.len() > before {
            return text;
        }
        let loc = json!(["body", name]);
        let characters = |n: usize| if n == 1 { "character" } else { "characters" };
        match text.chars().count() {
            n if n < least => {
                let msg = format!("String should have at least {least} {}", characters(least));
                self.note(loc, "string_too_short", msg)
            }
            n if n > most => {
                let msg = format!("String should have at most {most} {}", characters(most));
                self.note(loc, "string_too_long", msg)
            }
            _ => text,
        }
    }

    /// A text that may be absent or null.
    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.field(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => self.no_text(json!(["body", name])),
        }
    }

    /// A text that may be absent, but not null.
    pub(crate) fn text_or(&mut self, name: &str, default: &str) -> String {
        match self.field(name) {
            None => default.to_owned(),
            Some(Value::String(text)) => text,
            Some(_) => self.no_text(json!(["body", name])),
        }
    }

    /// A UUID that must be there.
    pub(crate) fn required_uuid(&mut self, name: &str) -> Uuid {
        let loc = json!(["body", name]);
        match self.field(name) {
            Some(Value::String(text)) => match parse_uuid(&text) {
                Ok(id) => id,
                Err(msg) => self.note(loc, "uuid_parsing", msg),
            },
            Some(_) => self.note(loc, "uuid_type", "UUID input should be a string, bytes or UUID object"),
            None => self.missing(name),
        }
    }

    /// A truth value that must be there. Pydantic would take 1 and "yes" as well; the contract says boolean.
    pub(crate) fn required_bool(&mut self, name: &str) -> bool {
        let loc = json!(["body", name]);
        match self.field(name) {
            Some(Value::Bool(flag)) => flag,
            Some(Value::String(_) | Value::Number(_)) => {
                let msg = "Input should be a valid boolean, unable to interpret input";
                self.note(loc, "bool_parsing", msg)
            }
            Some(_) => self.note(loc, "bool_type", "Input should be a valid boolean"),
            None => self.missing(name),
        }
    }

    /// A list of texts that may be absent or null.
    pub(crate) fn optional_texts(&mut self, name: &str) -> Option<Vec<String>> {
        let rows = match self.field(name) {
            None | Some(Value::Null) => return None,
            Some(Value::Array(rows)) => rows,
            Some(_) => {
                return self.note(json!(["body", name]), "list_type", "Input should be a valid list");
            }
        };
        let mut texts = Vec::with_capacity(rows.len());
        for (at, row) in rows.into_iter().enumerate() {
            match row {
                Value::String(text) => texts.push(text),
                _ => self.no_text(json!(["body", name, at])),
            }
        }
        Some(texts)
    }

    /// A field that is kept as it is, where it is present. Null is kept as the kind's empty value.
    pub(crate) fn kept_field(&mut self, name: &str, kind: FieldKind) -> Option<Value> {
        let loc = json!(["body", name]);
        match (kind, self.field(name)?) {
            (FieldKind::Object, Value::Null) => Some(json!({})),
            (FieldKind::List, Value::Null) => Some(json!([])),
            (FieldKind::Text, Value::Null) => Some(Value::Null),
            (FieldKind::Object, value @ Value::Object(_))
            | (FieldKind::List, value @ Value::Array(_))
            | (FieldKind::Text, value @ Value::String(_)) => Some(value),
            (FieldKind::Object, _) => self.note(loc, "dict_type", "Input should be a valid dictionary"),
            (FieldKind::List, _) => self.note(loc, "list_type", "Input should be a valid list"),
            (FieldKind::Text, _) => self.no_text(loc),
        }
    }

    fn missing<T: Default>(&mut self, name: &str) -> T {
        if self.body.is_none() {
            return T::default();
        }
        self.note(json!(["body", name]), "missing", "Field required")
    }

    fn no_text<T: Default>(&mut self, loc: Value) -> T {
        self.note(loc, "string_type", "Input should be a valid string")
    }

    fn note<T: Default>(&mut self, loc: Value, kind: &'static str, msg: impl Into<String>) -> T {
        let loc = loc.as_array().cloned().unwrap_or_default();
        self.problems.push(Invalid { loc, msg: msg.into(), kind });
        T::default()
    }
}

/// The kind of a field that is kept as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FieldKind {
    Object,
    List,
    Text,
}

fn parse_uuid(text: &str) -> Result<Uuid, String> {
    Uuid::parse_str(text).map_err(|error| format!("Input should be a valid UUID, {error}"))
}

/// Python's own limit for the digits of a number in text.
const MOST_DIGITS: usize = 4_300;

/// Reads a whole number as Pydantic does: spaces around it, a sign, underscores between digits, zeros after a point.
fn parse_int(text: &str) -> Result<i64, (&'static str, &'static str)> {
    let wrong = Err(("int_parsing", "Input should be a valid integer, unable to parse string as an integer"));
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let whole = match digits.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return wrong,
        None => digits,
    };
    let lone_underscore = whole.starts_with('_') || whole.ends_with('_') || whole.contains("__");
    if whole.is_empty() || lone_underscore || !whole.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        return wrong;
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if digits.len() > MOST_DIGITS {
        let msg = "Unable to parse input string as an integer, exceeded maximum size";
        return Err(("int_parsing_size", msg));
    }
    let nearest = if negative { i64::MIN } else { i64::MAX };
    let signed = if negative { format!("-{digits}") } else { digits };
    Ok(signed.parse().unwrap_or(nearest))
}

/// The character at which a parser stopped, counted over the whole text.
fn offset(bytes: &[u8], line: usize, column: usize) -> usize {
    let before: usize =
        bytes.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let at = (before + column.saturating_sub(1)).min(bytes.len());
    String::from_utf8_lossy(&bytes[..at]).chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_read_as_pydantic_reads_them() {
        for (text, n) in
            [("30", 30), (" -7 ", -7), ("+1_000", 1000), ("30.0", 30), ("99999999999999999999", i64::MAX)]
        {
            assert_eq!(parse_int(text), Ok(n), "{text}");
        }
        for text in ["", "abc", "1.5", "1e3", "_1", "1__0", "0x10", "--1", "1."] {
            assert_eq!(parse_int(text).map_err(|error| error.0), Err("int_parsing"), "{text}");
        }
        assert_eq!(parse_int(&"9".repeat(4301)).map_err(|error| error.0), Err("int_parsing_size"));
    }

    #[test]
    fn a_parser_points_at_a_character_of_the_whole_text() {
        let text = "{\n\"é\": x}";
        let error = serde_json::from_str::<Value>(text).expect_err("broken");
        assert_eq!(offset(text.as_bytes(), error.line(), error.column()), 7);
    }
}
