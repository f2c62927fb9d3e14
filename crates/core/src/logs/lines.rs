//! Lines of logs in the encrypted cache.

use super::count;
use crate::cache::Cache;
use crate::error::Failure;
use crate::history::{HistoryEntry, entry};
use nineheads_contract::InstanceId;
use nineheads_contract::logs::LogLine;
use rusqlite::{OptionalExtension, Row, params};

/// Most lines kept of one instance.
const KEPT: i64 = 1_000_000;

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
            transaction.execute(
                "delete from log_lines where instance_id = ?1 and seq <=
                 (select seq from log_lines where instance_id = ?1 order by seq desc limit 1 offset ?2)",
                params![id.as_str(), KEPT],
            )?;
        }
        transaction.commit()?;
        Ok(new)
    }

    pub(crate) fn count_log_lines(&self, id: &InstanceId) -> Result<u32, Failure> {
        let sql = "select count(*) from log_lines where instance_id = ?1";
        let lines: i64 = self.lock().prepare_cached(sql)?.query_row([id.as_str()], |row| row.get(0))?;
        Ok(count(usize::try_from(lines).unwrap_or_default()))
    }

    /// Each line after a number, in order.
    pub(super) fn each_log_line(
        &self,
        id: &InstanceId,
        after: i64,
        mut take: impl FnMut(i64, LogLine),
    ) -> Result<(), Failure> {
        let connection = self.lock();
        let sql = "select seq, at, level, stage, message from log_lines
                   where instance_id = ?1 and seq > ?2 order by seq";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![id.as_str(), after])?;
        while let Some(row) = rows.next()? {
            take(row.get(0)?, line(row)?);
        }
        Ok(())
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
