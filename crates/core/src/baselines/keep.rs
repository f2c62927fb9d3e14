//! Baselines and who follows them, in the encrypted cache.

use super::{Follower, Kept};
use crate::cache::Cache;
use crate::error::{Code, Failure};
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use rusqlite::{OptionalExtension, Row, params};

const FOLLOWER: &str = "select instance_id, baseline, places, seen_at from followers";

impl Cache {
    pub(super) fn baselines(&self) -> Result<Vec<(String, Kept)>, Failure> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached("select id, body from baselines")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        Ok(rows
            .filter_map(|row| row.ok().and_then(|(id, body)| Some((id, serde_json::from_str(&body).ok()?))))
            .collect())
    }

    pub(super) fn baseline(&self, id: &str) -> Result<Kept, Failure> {
        let sql = "select body from baselines where id = ?1";
        let body: Option<String> = self.lock().query_row(sql, [id], |row| row.get(0)).optional()?;
        body.and_then(|body| serde_json::from_str(&body).ok()).ok_or_else(|| {
            Failure::new(Code::NotFound { message: None }, "there is no such baseline any more")
        })
    }

    pub(super) fn write_baseline(&self, id: &str, kept: &Kept) -> Result<(), Failure> {
        let body =
            serde_json::to_string(kept).map_err(|error| Failure::new(Code::Storage, error.to_string()))?;
        let sql = "insert or replace into baselines(id, body) values(?1, ?2)";
        self.lock().execute(sql, [id, &body])?;
        Ok(())
    }

    pub(super) fn delete_baseline(&self, id: &str) -> Result<(), Failure> {
        let connection = self.lock();
        connection.execute("delete from followers where baseline = ?1", [id])?;
        connection.execute("delete from baselines where id = ?1", [id])?;
        Ok(())
    }

    /// Has instances follow a baseline; none: no one any more.
    pub(super) fn follow(&self, baseline: Option<&str>, ids: &[InstanceId]) -> Result<(), Failure> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        for id in ids {
            match baseline {
                Some(baseline) => transaction
                    .prepare_cached("insert or replace into followers(instance_id, baseline) values(?1, ?2)")?
                    .execute([id.as_str(), baseline])?,
                None => transaction
                    .prepare_cached("delete from followers where instance_id = ?1")?
                    .execute([id.as_str()])?,
            };
        }
        Ok(transaction.commit()?)
    }

    pub(crate) fn followers(&self) -> Result<Vec<Follower>, Failure> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(FOLLOWER)?;
        let rows = statement.query_map([], follower)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) fn follower(&self, id: &InstanceId) -> Result<Option<Follower>, Failure> {
        let sql = format!("{FOLLOWER} where instance_id = ?1");
        Ok(self.lock().prepare_cached(&sql)?.query_row([id.as_str()], follower).optional()?)
    }

    /// True where it is another number than before.
    pub(super) fn write_drift(
        &self,
        id: &InstanceId,
        places: Option<u32>,
        seen_at: Option<DateTime<Utc>>,
    ) -> Result<bool, Failure> {
        let known = self.follower(id)?.map(|follower| follower.places);
        let sql = "update followers set places = ?2, seen_at = ?3 where instance_id = ?1";
        self.lock().prepare_cached(sql)?.execute(params![id.as_str(), places, seen_at])?;
        Ok(known != Some(places))
    }

    /// The names of all baselines by their ids.
    pub(crate) fn baseline_names(&self) -> Result<std::collections::HashMap<String, String>, Failure> {
        Ok(self.baselines()?.into_iter().map(|(id, kept)| (id, kept.name)).collect())
    }
}

fn follower(row: &Row<'_>) -> rusqlite::Result<Follower> {
    let id: String = row.get(0)?;
    Ok(Follower { id: id.into(), baseline: row.get(1)?, places: row.get(2)?, seen_at: row.get(3)? })
}
