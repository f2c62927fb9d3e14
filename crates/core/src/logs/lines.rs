//! Lines of logs in the encrypted cache.

use super::count;
use crate::cache::Cache;
use crate::error::Failure;
use crate::history::{HistoryEntry, entry};
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::logs::LogLine;
use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{OptionalExtension, Row, params};
use std::ops::ControlFlow;

/// Most lines kept of one instance.
const KEPT: i64 = 1_000_000;
/// How many of the oldest go when there are more: whoever counts them has to count anew, and that should be seldom.
const DROPPED: i64 = KEPT / 10;
/// Lines that are read in one go.
const BATCH: u32 = 20_000;

/// A line as it lies in the cache: of a million, most are only looked at.
pub(super) struct Known<'a> {
    pub seq: i64,
    at: ValueRef<'a>,
    pub level: Option<&'a str>,
    pub stage: Option<&'a str>,
    pub message: Option<&'a str>,
}

impl Known<'_> {
    /// When it was written; read only on request, since that takes longer than all the rest.
    pub(super) fn at(&self) -> Option<DateTime<Utc>> {
        FromSql::column_result(self.at).ok()
    }
}

impl Cache {
    /// Adds the lines that are not there yet; returns how many those were.
    pub(crate) fn write_log_lines(&self, id: &InstanceId, lines: Vec<LogLine>) -> Result<usize, Failure> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let mut new = 0;
        {
            let mut put = transaction.prepare_cached(
                "insert or ignore into log_lines(instance_id, seq, at, level, stage, message)
                 values(?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let mut last = 0;
            for line in lines {
                // A line without a number follows the one before it.
                let seq = line.seq.unwrap_or(last + 1);
                last = last.max(seq);
                new += put.execute(params![
                    id.as_str(),
                    seq,
                    line.created_at,
                    line.level,
                    line.stage,
                    line.message
                ])?;
            }
        }
        if new > 0 {
            let total: i64 = transaction.query_row(
                "insert into log_totals(instance_id, total) values(?1, ?2)
                 on conflict(instance_id) do update set total = total + excluded.total returning total",
                params![id.as_str(), i64::try_from(new).unwrap_or(i64::MAX)],
                |row| row.get(0),
            )?;
            if total > KEPT {
                let left = KEPT - DROPPED;
                let oldest = "delete from log_lines where instance_id = ?1 and seq in
                    (select seq from log_lines where instance_id = ?1 order by seq limit ?2)";
                transaction.execute(oldest, params![id.as_str(), total - left])?;
                let kept = "update log_totals set total = ?2 where instance_id = ?1";
                transaction.execute(kept, params![id.as_str(), left])?;
            }
        }
        transaction.commit()?;
        Ok(new)
    }

    /// Counted when they are written: counting a million takes a second.
    pub(crate) fn count_log_lines(&self, id: &InstanceId) -> Result<u32, Failure> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("select total from log_totals where instance_id = ?1")?;
        let total: Option<i64> = statement.query_row([id.as_str()], |row| row.get(0)).optional()?;
        Ok(count(usize::try_from(total.unwrap_or_default()).unwrap_or_default()))
    }

    /// The number of the newest line.
    pub(super) fn newest_log_line(&self, id: &InstanceId) -> Result<Option<i64>, Failure> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("select max(seq) from log_lines where instance_id = ?1")?;
        Ok(statement.query_row([id.as_str()], |row| row.get(0))?)
    }

    /// Each line after a number, in order, until `take` has had enough. Others may use the cache between two batches.
    pub(super) fn each_log_line(
        &self,
        id: &InstanceId,
        after: i64,
        mut take: impl FnMut(Known<'_>) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let mut last = after;
        loop {
            let connection = self.lock();
            let sql = "select seq, at, level, stage, message from log_lines
                       where instance_id = ?1 and seq > ?2 order by seq limit ?3";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params![id.as_str(), last, BATCH])?;
            let mut read = 0;
            while let Some(row) = rows.next()? {
                let text =
                    |place| -> rusqlite::Result<Option<&str>> { Ok(row.get_ref(place)?.as_str_or_null()?) };
                let known = Known {
                    seq: row.get(0)?,
                    at: row.get_ref(1)?,
                    level: text(2)?,
                    stage: text(3)?,
                    message: text(4)?,
                };
                (last, read) = (known.seq, read + 1);
                if take(known).is_break() {
                    return Ok(());
                }
            }
            if read < BATCH {
                return Ok(());
            }
        }
    }

    pub(super) fn log_line(&self, id: &InstanceId, seq: i64) -> Result<Option<LogLine>, Failure> {
        let sql = "select seq, at, level, stage, message from log_lines where instance_id = ?1 and seq = ?2";
        let connection = self.lock();
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![id.as_str(), seq], line).optional()?)
    }

    /// Changes, oldest first.
    pub(super) fn changes_in_order(&self, id: &InstanceId) -> Result<Vec<HistoryEntry>, Failure> {
        let connection = self.lock();
        let sql = "select id, at, kind, from_value, to_value, detail from changes
                   where instance_id = ?1 order by at, id";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([id.as_str()], entry)?;
        Ok(rows.filter_map(Result::ok).flatten().collect())
    }
}

fn line(row: &Row<'_>) -> rusqlite::Result<LogLine> {
    Ok(LogLine {
        seq: Some(row.get(0)?),
        created_at: row.get(1)?,
        level: row.get(2)?,
        stage: row.get(3)?,
        message: row.get(4)?,
    })
}
