//! Conversations of a real agent: its sessions by their keys, and what was said in one. Keys may hold any character, ids
//! in a path only `[A-Za-z0-9:_-]`: everything else, and `_` itself, is written as `_` and two hexadecimal digits a byte.

use super::super::ask::{Ask, AskError};
use super::time_at;
use crate::dice::hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Longest id in a path.
const ID_LIMIT: usize = 128;
/// Begins an id that is only the key's checksum. `h` is no hexadecimal digit: no written key begins so.
const CHECKSUM: &str = "_h";
/// Most messages that a gateway gives at once.
const MESSAGES: i64 = 1_000;
/// Most sessions that are looked through for a checksum.
const SESSIONS: i64 = 1_000;
/// Longest summary in characters.
const SUMMARY: usize = 120;

/// The sessions of an agent, newest first.
#[derive(Debug, PartialEq)]
pub(crate) struct Sessions {
    /// In the API's words, without the instance's own fields.
    pub(crate) rows: Vec<Value>,
    /// How many there are.
    pub(crate) total: Option<u64>,
}

/// The id of a session in a path.
pub(crate) fn id_of(key: &str) -> String {
    let mut id = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'-' => id.push(char::from(byte)),
            other => {
                id.push('_');
                id.push_str(&hex(&[other]));
            }
        }
    }
    if id.len() > ID_LIMIT { format!("{CHECKSUM}{}", hex(&Sha256::digest(key))) } else { id }
}

/// The key of an id; none where it is only a checksum, or was never made here.
fn key_of(id: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(id.len());
    let mut rest = id.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'_' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Lists the newest.
pub(crate) fn list(agent: &dyn Ask, limit: i64) -> Result<Sessions, AskError> {
    let params = json!({ "limit": limit, "includeLastMessage": true, "includeDerivedTitles": true });
    Ok(read_sessions(&agent.ask("sessions.list", params)?))
}

fn read_sessions(payload: &Value) -> Sessions {
    let rows = payload["sessions"].as_array().into_iter().flatten().filter_map(read_session).collect();
    Sessions { rows, total: payload["totalCount"].as_u64() }
}

fn read_session(row: &Value) -> Option<Value> {
    let key = row["key"].as_str()?;
    let text = |name: &str| row[name].as_str().filter(|text| !text.trim().is_empty());
    let summary = text("derivedTitle").or_else(|| text("label")).or_else(|| text("lastMessagePreview"));
    Some(json!({
        "conversation_id": id_of(key),
        "session_key": key,
        "participant": text("displayName"),
        "started_at": time_at(row, "createdAt"),
        "last_message_at": time_at(row, "updatedAt"),
        "message_count": null,
        "channel": text("channel").or_else(|| text("chatType")),
        "summary": summary.map(|text| text.chars().take(SUMMARY).collect::<String>()),
    }))
}

/// What was said in one; none where there is no such session.
pub(crate) fn get(agent: &dyn Ask, id: &str) -> Result<Option<Value>, AskError> {
    let Some(key) = find_key(agent, id)? else { return Ok(None) };
    let history = agent.ask("chat.history", json!({ "sessionKey": key, "limit": MESSAGES }))?;
    Ok(read_history(&key, &history))
}

fn find_key(agent: &dyn Ask, id: &str) -> Result<Option<String>, AskError> {
    if !id.starts_with(CHECKSUM) {
        return Ok(key_of(id));
    }
    let sessions = agent.ask("sessions.list", json!({ "limit": SESSIONS }))?;
    let mut keys =
        sessions["sessions"].as_array().into_iter().flatten().filter_map(|row| row["key"].as_str());
    Ok(keys.find(|key| id_of(key) == id).map(str::to_owned))
}

/// A session that was never begun has a history as well: an empty one without a session.
fn read_history(key: &str, history: &Value) -> Option<Value> {
    let messages: Vec<_> = history["messages"].as_array().into_iter().flatten().map(read_message).collect();
    if messages.is_empty() && history["sessionId"].is_null() {
        return None;
    }
    let at = |message: Option<&Value>| message.map_or(Value::Null, |message| message["created_at"].clone());
    Some(json!({
        "conversation_id": id_of(key),
        "session_key": key,
        "participant": null,
        "started_at": if history["hasMore"] == json!(true) { Value::Null } else { at(messages.first()) },
        "last_message_at": at(messages.last()),
        "message_count": history["totalMessages"].as_u64(),
        "is_cut": history["hasMore"].as_bool(),
        "messages": messages,
    }))
}

/// Content stays as it is: a text, or parts.
fn read_message(message: &Value) -> Value {
    json!({
        "role": message["role"],
        "content": message["content"],
        "created_at": time_at(message, "timestamp"),
        "model": message["model"],
        "tokens": message.pointer("/usage/totalTokens").and_then(Value::as_u64),
    })
}

#[cfg(test)]
mod tests {
    use super::super::recorded::{Recorded, payload};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn real_sessions_are_rows_and_what_they_do_not_tell_is_null() {
        let sessions = read_sessions(&payload!("sessions_list"));
        assert_eq!((sessions.rows.len(), sessions.total), (2, Some(2)));
        let row = &sessions.rows[1];
        assert_eq!(row["conversation_id"], "agent:main:nineheads:x");
        assert_eq!((&row["message_count"], &row["participant"]), (&Value::Null, &Value::Null));
        assert!(row["started_at"].as_str().is_some_and(|at| at.starts_with("2026-11-30T14:39")), "{row}");
        assert!(row["summary"].as_str().is_some_and(|text| text.chars().count() <= SUMMARY));
    }

    #[test]
    fn a_real_history_is_a_conversation_and_one_that_never_was_is_none() {
        let key = "agent:main:nineheads:x";
        let agent = Recorded::of([Ok(payload!("chat_history"))]);
        let talk = get(&agent, key).expect("answered").expect("a conversation");
        assert_eq!(agent.asked()[0].1["sessionKey"], key);
        assert_eq!(talk["message_count"], 4);
        assert_eq!(talk["messages"][0]["content"], "hi there");
        assert_eq!(talk["messages"][1]["content"][0]["text"], "Hello from small.");
        assert_eq!(talk["messages"][1]["tokens"], 123);
        let agent = Recorded::of([Ok(payload!("chat_history_none"))]);
        assert_eq!(get(&agent, "agent:main:never").expect("answered"), None);
        assert_eq!(get(&Recorded::default(), "_zz").expect("not asked"), None);
    }

    #[test]
    fn a_key_that_is_too_long_for_a_path_is_found_by_its_checksum() {
        let key = format!("agent:main:{}@g.us", "x".repeat(150));
        let id = id_of(&key);
        assert!(id.len() <= ID_LIMIT && id.starts_with(CHECKSUM));
        let list = json!({"sessions": [{"key": "agent:main:main"}, {"key": key}]});
        let agent = Recorded::of([Ok(list), Ok(payload!("chat_history"))]);
        assert!(get(&agent, &id).expect("answered").is_some());
        assert_eq!(agent.asked()[1].1["sessionKey"], key);
    }

    proptest! {
        #[test]
        fn every_key_comes_back_from_its_id(key in "\\PC{0,60}") {
            let id = id_of(&key);
            prop_assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-')));
            if !id.starts_with(CHECKSUM) {
                prop_assert_eq!(key_of(&id), Some(key));
            }
        }

        #[test]
        fn no_id_breaks_the_reader(id in "[A-Za-z0-9:_-]{1,128}") {
            if let Some(key) = key_of(&id) {
                prop_assert!(key.len() <= id.len());
            }
        }
    }
}
