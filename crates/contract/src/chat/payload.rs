//! What an event or a body of a chat reply says. Pure: JSON or text in, parts out.

use super::ReplyPart;
use super::sse::Event;
use serde_json::Value;

/// Keys under which platforms put a piece of text, most telling first.
const TEXT_KEYS: [&str; 10] =
    ["delta", "text", "content", "message", "token", "reply", "response", "output", "answer", "choices"];

/// Reads one event.
pub(super) fn read_event(event: &Event) -> Vec<ReplyPart> {
    let data = event.data.as_str();
    if data.trim() == "[DONE]" {
        return vec![ReplyPart::Done];
    }
    let value = match serde_json::from_str::<Value>(data) {
        Ok(value @ (Value::Object(_) | Value::Array(_) | Value::String(_))) => value,
        // Plain text; a bare number or `null` is a word of the agent's as well.
        _ => Value::String(data.to_owned()),
    };
    if event.name == "error" {
        return vec![ReplyPart::Failed(
            error_text(&value).unwrap_or_else(|| "the agent reported an error".into()),
        )];
    }
    let mut parts = read_value(&value, &event.name);
    if is_last(&event.name) && !parts.contains(&ReplyPart::Done) {
        parts.push(ReplyPart::Done);
    }
    parts
}

/// Reads a whole reply that is no stream. An empty one is a turn without words.
pub(super) fn read_body(bytes: &[u8]) -> Vec<ReplyPart> {
    let value = match crate::endpoint::read_json::<Value>(bytes) {
        Ok(value) => value,
        Err(unreadable) => return vec![ReplyPart::Failed(unreadable.to_string())],
    };
    let mut parts = read_value(&value, "");
    parts.retain(|part| *part != ReplyPart::Done);
    if !matches!(parts.last(), Some(ReplyPart::Failed(_))) {
        parts.push(ReplyPart::Done);
    }
    parts
}

fn read_value(value: &Value, event_name: &str) -> Vec<ReplyPart> {
    let kind = value.get("state").or(value.get("type")).and_then(Value::as_str).unwrap_or(event_name);
    if value.get("error").is_some_and(|error| !error.is_null()) || kind == "error" {
        return vec![ReplyPart::Failed(
            error_text(value).unwrap_or_else(|| "the agent reported an error".into()),
        )];
    }
    let mut parts = Vec::new();
    if let Some(text) = text_of(value, 0).filter(|text| !text.is_empty()) {
        let whole = is_last(kind) || value.pointer("/choices/0/message").is_some();
        parts.push(if whole { ReplyPart::Whole(text) } else { ReplyPart::Text(text) });
    }
    let tokens =
        ["/usage/total_tokens", "/total_tokens", "/tokens"].iter().find_map(|at| value.pointer(at)?.as_u64());
    parts.extend(tokens.map(ReplyPart::Tokens));
    if is_last(kind) || value.get("done") == Some(&Value::Bool(true)) {
        parts.push(ReplyPart::Done);
    }
    parts
}

/// The text in a value, wherever the usual shapes keep it.
fn text_of(value: &Value, depth: u8) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if depth < 6 => {
            let texts: Vec<_> = items.iter().filter_map(|item| text_of(item, depth + 1)).collect();
            (!texts.is_empty()).then(|| texts.concat())
        }
        Value::Object(map) if depth < 6 => {
            TEXT_KEYS.iter().find_map(|key| map.get(*key).and_then(|inner| text_of(inner, depth + 1)))
        }
        _ => None,
    }
}

fn error_text(value: &Value) -> Option<String> {
    let error = value.get("error").unwrap_or(value);
    let text =
        ["message", "detail", "errorMessage", "error"].iter().find_map(|key| error.get(*key)?.as_str());
    text.or(error.as_str()).or_else(|| value.get("message")?.as_str()).map(str::to_owned)
}

/// Whether a kind of event is the last of its turn.
fn is_last(kind: &str) -> bool {
    matches!(
        kind,
        "done" | "end" | "final" | "complete" | "completed" | "message_stop" | "response.completed"
    )
}
