//! What happened to an agent since its instance was made. A row exists once something did.

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// One agent's row, or what holds where there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Agent {
    /// When its key was last taken from it.
    pub(crate) key_taken_at: Option<i64>,
    /// When updates were last applied; it began anew then.
    pub(crate) renewed_at: Option<i64>,
    /// Since when it has the trouble of its temper.
    pub(crate) troubled_since: Option<i64>,
    /// The stored model policy has not reached it.
    pub(crate) policy_waits: bool,
}

/// The columns, for a query that joins `agents`.
pub(super) const COLUMNS: &str =
    "agents.key_taken_at, agents.renewed_at, agents.troubled_since, agents.policy_waits";

/// Reads [`COLUMNS`]; nulls where an instance has no row.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Agent> {
    Ok(Agent {
        key_taken_at: row.get("key_taken_at")?,
        renewed_at: row.get("renewed_at")?,
        troubled_since: row.get("troubled_since")?,
        policy_waits: row.get::<_, Option<bool>>("policy_waits")?.unwrap_or_default(),
    })
}

/// Its key was taken.
pub(crate) fn take_key(db: &Connection, id: Uuid, now: i64) -> rusqlite::Result<()> {
    set(db, id, "key_taken_at", now)
}

/// Updates were applied.
pub(crate) fn renew(db: &Connection, id: Uuid, now: i64) -> rusqlite::Result<()> {
    set(db, id, "renewed_at", now)
}

/// It has been in trouble since then.
pub(crate) fn trouble(db: &Connection, id: Uuid, since: i64) -> rusqlite::Result<()> {
    set(db, id, "troubled_since", since)
}

/// Whether the stored policy still waits for it.
pub(crate) fn let_policy_wait(db: &Connection, id: Uuid, waits: bool) -> rusqlite::Result<()> {
    set(db, id, "policy_waits", i64::from(waits))
}

fn set(db: &Connection, id: Uuid, column: &str, value: i64) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "INSERT INTO agents (instance_id, {column}) VALUES (?1, ?2)
         ON CONFLICT (instance_id) DO UPDATE SET {column} = excluded.{column}"
    ))?
    .execute(params![id.to_string(), value])?;
    Ok(())
}
