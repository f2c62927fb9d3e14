//! What a person chose for this computer's agents.

use rusqlite::{Connection, OptionalExtension, params};

const KEEP_RUNNING: &str = "keep_running";

/// Whether agents go on when the app ends. They do not unless that was chosen.
pub(crate) fn keep_running(db: &Connection) -> rusqlite::Result<bool> {
    let value: Option<String> = db
        .prepare_cached("SELECT value FROM choices WHERE name = ?1")?
        .query_row([KEEP_RUNNING], |row| row.get(0))
        .optional()?;
    Ok(value.is_some_and(|value| value == "true"))
}

/// Chooses whether agents go on.
pub(crate) fn set_keep_running(db: &Connection, keep: bool) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO choices (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![KEEP_RUNNING, keep.to_string()])?;
    Ok(())
}
