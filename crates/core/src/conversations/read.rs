//! Reads what the platform does not document: any usual spelling of a list and of a transcript. What is not understood
//! is passed on as it is, never dropped. Pure.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// One conversation of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConversationRow {
    /// As the platform names it.
    pub id: String,
    /// False: this id can not be asked for.
    pub readable: bool,
    /// Who talked with the agent.
    pub participant: Option<String>,
    /// Its first message.
    pub started_at: Option<DateTime<Utc>>,
    /// Its newest message.
    pub last_message_at: Option<DateTime<Utc>>,
    /// How many messages.
    pub message_count: Option<u32>,
    /// What it is about.
    pub summary: Option<String>,
}

/// One message of a transcript.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct TranscriptMessage {
    /// `user`, `assistant`, `tool`, `system` are usual.
    pub role: Option<String>,
    /// What was said, where it is text.
    pub text: Option<String>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// What is no plain text: tool calls, pictures.
    #[specta(type = specta_typescript::Unknown)]
    pub other: Value,
}

/// Whether an id can be asked for. Source: the path's documented pattern.
pub(super) fn is_readable(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-'))
}

/// The rows of a list and how many there are in all.
pub(super) fn list(whole: &Value) -> (Vec<ConversationRow>, Option<u32>) {
    let entries = entries(whole, &["conversations", "sessions", "items", "data", "results"]);
    let total = whole.get("total").or_else(|| whole.get("count")).and_then(number);
    let rows = entries.unwrap_or_default().iter().filter_map(row).collect();
    (rows, total.or_else(|| entries.map(|entries| crate::logs::count(entries.len()))))
}

/// The messages of a transcript.
pub(super) fn transcript(whole: &Value) -> Vec<TranscriptMessage> {
    let inner = whole.get("conversation").or_else(|| whole.get("transcript")).unwrap_or(whole);
    let entries = entries(inner, &["messages", "history", "turns", "items", "events"]);
    entries.unwrap_or_default().iter().map(message).collect()
}

fn entries<'a>(whole: &'a Value, names: &[&str]) -> Option<&'a [Value]> {
    let list = names.iter().find_map(|name| whole.get(name)?.as_array());
    list.or_else(|| whole.as_array()).map(Vec::as_slice)
}

fn row(entry: &Value) -> Option<ConversationRow> {
    let id = match entry {
        Value::String(id) => id.clone(),
        entry => text(entry, &["conversation_id", "id", "session_id", "sessionKey", "key"])?,
    };
    Some(ConversationRow {
        readable: is_readable(&id),
        id,
        participant: text(entry, &["participant", "user", "contact", "from", "displayName"]),
        started_at: time(entry, &["started_at", "created_at", "createdAt", "startedAt"]),
        last_message_at: time(entry, &["last_message_at", "updated_at", "updatedAt", "lastMessageAt"]),
        message_count: ["message_count", "messages_count", "messageCount", "count"]
            .iter()
            .find_map(|name| number(entry.get(name)?)),
        summary: text(entry, &["summary", "title", "derivedTitle", "preview", "lastMessage"]),
    })
}

/// What the words of a message are called.
const BODY: [&str; 4] = ["content", "text", "message", "body"];

fn message(entry: &Value) -> TranscriptMessage {
    let body = BODY.iter().filter_map(|name| entry.get(name)).find(|value| !value.is_null());
    let (text_of, other) = match (entry, body) {
        (Value::String(text), _) => (Some(text.clone()), Value::Null),
        (_, Some(Value::String(text))) => (Some(text.clone()), rest(entry)),
        (_, Some(Value::Array(parts))) => parts_of(parts, rest(entry)),
        (_, Some(other)) => (text(other, &["text", "content"]), other.clone()),
        // A call of a tool says nothing, or `null`.
        (entry, None) => match rest(entry) {
            Value::Null if BODY.iter().all(|name| entry.get(name).is_none()) => (None, entry.clone()),
            rest => (None, rest),
        },
    };
    TranscriptMessage {
        role: text(entry, &["role", "author", "sender", "from", "type"]),
        text: text_of,
        at: time(entry, &["created_at", "timestamp", "at", "createdAt", "time", "ts"]),
        other,
    }
}

/// Parts of one message: the texts together, the others as they are, with what the message carries besides.
fn parts_of(parts: &[Value], rest: Value) -> (Option<String>, Value) {
    let words = |part: &Value| match part {
        Value::String(text) => Some(text.clone()),
        part => text(part, &["text"]),
    };
    let texts: Vec<String> = parts.iter().filter_map(words).collect();
    let mut others: Vec<Value> = parts.iter().filter(|part| words(part).is_none()).cloned().collect();
    if !rest.is_null() {
        others.push(rest);
    }
    let text = (!texts.is_empty()).then(|| texts.join("\n\n"));
    (text, if others.is_empty() { Value::Null } else { Value::Array(others) })
}

/// What a message carries besides its words.
fn rest(entry: &Value) -> Value {
    ["tool_calls", "toolCalls", "attachments"]
        .iter()
        .find_map(|name| entry.get(name).filter(|value| !value.is_null()))
        .cloned()
        .unwrap_or_default()
}

fn text(entry: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match entry.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(inner) => inner.get("name").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    })
}

fn number(value: &Value) -> Option<u32> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    u32::try_from(number).ok()
}

/// RFC 3339, or seconds or milliseconds since 1970.
fn time(entry: &Value, names: &[&str]) -> Option<DateTime<Utc>> {
    names.iter().find_map(|name| match entry.get(name)? {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => match number.as_i64()? {
            millis if millis > 100_000_000_000 => DateTime::from_timestamp_millis(millis),
            seconds => DateTime::from_timestamp(seconds, 0),
        },
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_documented_list_is_read_and_other_spellings_too() {
        let documented = json!({"conversations": [{"conversation_id": "telegram:1", "participant": "Mara",
            "message_count": 4, "started_at": "2026-11-01T10:00:00Z", "summary": null}], "total": 31});
        let (rows, total) = list(&documented);
        assert_eq!((rows.len(), total), (1, Some(31)));
        assert_eq!(rows[0].participant.as_deref(), Some("Mara"));
        assert!(rows[0].readable && rows[0].started_at.is_some());
        let (rows, total) =
            list(&json!([{"key": "agent:main.x", "updatedAt": 1_790_000_000_000_i64}, "plain"]));
        assert_eq!((rows.len(), total), (2, Some(2)));
        assert!(!rows[0].readable && rows[0].last_message_at.is_some());
        assert_eq!(list(&json!({"error": "x"})), (Vec::new(), None));
    }

    #[test]
    fn messages_are_read_whatever_their_parts() {
        let whole = json!({"conversation": {"messages": [
            {"role": "user", "content": "hello", "created_at": "2026-11-01T10:00:00Z"},
            {"role": "assistant", "content": [{"type": "text", "text": "hi"}, {"type": "image", "url": "x"}]},
            {"role": "tool", "content": {"result": 1}},
            "bare",
            {"strange": true},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "a"}]},
            {"role": "assistant", "content": [{"type": "text", "text": "so"}], "tool_calls": [{"id": "b"}]}
        ]}});
        let messages = transcript(&whole);
        assert_eq!(messages.len(), 7);
        assert_eq!(messages[1].text.as_deref(), Some("hi"));
        assert_eq!(messages[1].other, json!([{"type": "image", "url": "x"}]));
        assert_eq!(messages[2].other, json!({"result": 1}));
        assert_eq!(messages[3].text.as_deref(), Some("bare"));
        assert_eq!(messages[4].other, json!({"strange": true}));
        assert_eq!(messages[5].other, json!([{"id": "a"}]));
        assert_eq!(messages[6].text.as_deref(), Some("so"));
        assert_eq!(messages[6].other, json!([[{"id": "b"}]]));
    }

    proptest::proptest! {
        #[test]
        fn anything_at_all_is_read_without_a_panic(value in crate::config::tests::json_value()) {
            let _ = list(&value);
            let _ = transcript(&value);
        }
    }
}
