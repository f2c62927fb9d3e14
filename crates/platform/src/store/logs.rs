//! Log lines: numbered per instance, only ever added.

use super::time;
use nineheads_contract::logs::LogLine;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// A line that is not stored yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) at: i64,
    pub(crate) level: &'static str,
    pub(crate) stage: &'static str,
    pub(crate) message: String,
}

impl Line {
    /// As it is sent.
    pub(crate) fn numbered(&self, seq: i64) -> LogLine {
        LogLine {
            created_at: Some(time(self.at)),
            level: Some(self.level.to_owned()),
            message: Some(self.message.clone()),
            seq: Some(seq),
            stage: Some(self.stage.to_owned()),
        }
    }
}

/// How many lines of provisioning an instance may have. What happens later is numbered from here.
const FIRST_LATER_LINE: i64 = 1_000;

/// Stores provisioning lines from a number on.
pub(crate) fn insert(
    db: &Connection,
    instance: Uuid,
    first_seq: i64,
    lines: &[Line],
) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(
        "INSERT OR IGNORE INTO log_lines (instance_id, seq, created_at, level, stage, message)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (seq, line) in (first_seq..).zip(lines) {
        statement.execute(params![
            instance.to_string(),
            seq,
            line.at,
            line.level,
            line.stage,
            line.message
        ])?;
    }
    Ok(())
}

/// Adds a line about something that happened after provisioning.
pub(crate) fn add(db: &Connection, instance: Uuid, line: &Line) -> rusqlite::Result<()> {
    let newest: Option<i64> = db
        .prepare_cached("SELECT max(seq) FROM log_lines WHERE instance_id = ?1")?
        .query_row([instance.to_string()], |row| row.get(0))?;
    let seq = newest.unwrap_or_default().max(FIRST_LATER_LINE - 1) + 1;
    insert(db, instance, seq, std::slice::from_ref(line))
}

/// How many of a real agent's newest lines are kept, with those about it.
const KEPT_LINES: i64 = 5_000;

/// Where in a real agent's log the last look ended; none before the first.
pub(crate) fn cursor(db: &Connection, instance: Uuid) -> rusqlite::Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT cursor FROM agent_logs WHERE instance_id = ?1")?;
    statement.query_row([instance.to_string()], |row| row.get(0)).optional().map(Option::flatten)
}

/// Adds what a look found, unless another look was faster. The oldest of too many lines go.
pub(crate) fn add_news(
    db: &Connection,
    instance: Uuid,
    from: Option<i64>,
    lines: &[Line],
    to: Option<i64>,
) -> rusqlite::Result<()> {
    if cursor(db, instance)? != from {
        return Ok(());
    }
    for line in lines {
        add(db, instance, line)?;
    }
    db.prepare_cached("INSERT OR REPLACE INTO agent_logs (instance_id, cursor) VALUES (?1, ?2)")?
        .execute(params![instance.to_string(), to])?;
    db.prepare_cached(
        "DELETE FROM log_lines WHERE instance_id = ?1 AND seq >= ?2
            AND seq <= (SELECT max(seq) FROM log_lines WHERE instance_id = ?1) - ?3",
    )?
    .execute(params![instance.to_string(), FIRST_LATER_LINE, KEPT_LINES])?;
    Ok(())
}

/// How many lines of provisioning are stored.
pub(crate) fn provisioning_count(db: &Connection, instance: Uuid) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT count(*) FROM log_lines WHERE instance_id = ?1 AND seq < ?2")?
        .query_row(params![instance.to_string(), FIRST_LATER_LINE], |row| row.get(0))
}

/// All stored lines in order.
pub(crate) fn list(db: &Connection, instance: Uuid) -> rusqlite::Result<Vec<LogLine>> {
    let mut statement = db.prepare_cached(
        "SELECT created_at, level, message, seq, stage FROM log_lines WHERE instance_id = ?1 ORDER BY seq",
    )?;
    let rows = statement.query_map([instance.to_string()], |row| {
        Ok(LogLine {
            created_at: Some(time(row.get(0)?)),
            level: row.get(1)?,
            message: row.get(2)?,
            seq: row.get(3)?,
            stage: row.get(4)?,
        })
    })?;
    rows.collect()
}
