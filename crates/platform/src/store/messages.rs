//! What was really said to an agent and by it. Conversations are not rows of their own: they are their messages.

use super::time;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One message.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Message {
    pub(crate) role: String,
    pub(crate) content: String,
    pub(crate) created_at: DateTime<Utc>,
}

/// A conversation with all its messages.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    pub(crate) participant: String,
    pub(crate) messages: Vec<Message>,
}

/// What is added to a conversation at once.
pub(crate) struct Turn<'a> {
    pub(crate) instance: Uuid,
    pub(crate) conversation: &'a str,
    pub(crate) participant: &'a str,
    pub(crate) question: &'a str,
    pub(crate) answer: &'a str,
    pub(crate) tokens: i64,
    pub(crate) asked_at: i64,
    pub(crate) answered_at: i64,
}

/// Adds a turn.
pub(crate) fn add_turn(db: &Connection, turn: &Turn<'_>) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(
        "INSERT INTO messages (instance_id, conversation_id, seq, participant, role, content, tokens, created_at)
         SELECT ?1, ?2, coalesce(max(seq), 0) + 1, ?3, ?4, ?5, ?6, ?7
         FROM messages WHERE instance_id = ?1 AND conversation_id = ?2",
    )?;
    let rows = [
        ("user", turn.question, 0, turn.asked_at),
        ("assistant", turn.answer, turn.tokens, turn.answered_at),
    ];
    for (role, content, tokens, at) in rows {
        statement.execute(params![
            turn.instance.to_string(),
            turn.conversation,
            turn.participant,
            role,
            content,
            tokens,
            at
        ])?;
    }
    Ok(())
}

/// All stored conversations of an instance.
pub(crate) fn list(db: &Connection, instance: Uuid) -> rusqlite::Result<Vec<Conversation>> {
    let mut conversations: Vec<Conversation> = Vec::new();
    let mut statement = db.prepare_cached(
        "SELECT conversation_id, participant, role, content, created_at FROM messages WHERE instance_id = ?1
         ORDER BY conversation_id, seq",
    )?;
    let mut rows = statement.query([instance.to_string()])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let message = Message { role: row.get(2)?, content: row.get(3)?, created_at: time(row.get(4)?) };
        match conversations.last_mut().filter(|last| last.id == id) {
            Some(last) => last.messages.push(message),
            None => {
                conversations.push(Conversation { id, participant: row.get(1)?, messages: vec![message] });
            }
        }
    }
    Ok(conversations)
}

/// Real turns and their tokens by the day (days since 1970, UTC).
pub(crate) fn by_day(db: &Connection, instance: Uuid) -> rusqlite::Result<BTreeMap<i64, (i64, i64)>> {
    db.prepare_cached(
        "SELECT created_at / 86400000, count(*), sum(tokens) FROM messages
         WHERE instance_id = ?1 AND role = 'assistant' GROUP BY 1",
    )?
    .query_map([instance.to_string()], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?
    .collect()
}
