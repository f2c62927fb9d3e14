//! Versions of a configuration on this computer, in the encrypted cache: any two can be compared, any one brought back.

use super::diff::diff;
use super::show::{ConfigChange, changes};
use super::{ConfigOrigin, ConfigVersion, ConfigWrites};
use crate::cache::Cache;
use crate::error::{Code, Failure};
use crate::session::Session;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

/// Most versions kept for one instance.
const KEPT: u32 = 50;
/// Where the cache keeps what was learned.
const WRITES: &str = "config_writes";

impl Session {
    /// Keeps a document; the same as the newest one is no new version.
    pub(crate) fn keep_config(
        &self,
        id: &InstanceId,
        document: &Value,
        origin: ConfigOrigin,
    ) -> Result<ConfigVersion, Failure> {
        let before = self.cache.newest_config(id)?;
        if let Some((version, known)) = &before
            && known == document
        {
            return Ok(version.clone());
        }
        let changed = before.as_ref().map_or(0, |(_, known)| diff(known, document).len());
        let changed = u32::try_from(changed).unwrap_or(u32::MAX);
        if before.is_some() && origin == ConfigOrigin::Fetched {
            self.note_change(id, crate::history::HistoryKind::Config, None, None, Some(changed.to_string()));
        }
        self.cache.write_config(id, document, origin, changed, self.now())
    }

    /// Newest first.
    pub(crate) fn list_config_versions(&self, id: &InstanceId) -> Result<Vec<ConfigVersion>, Failure> {
        self.cache.config_versions(id)
    }

    /// The text of a version.
    pub(crate) fn config_version_text(&self, id: &InstanceId, version: i64) -> Result<String, Failure> {
        Ok(super::pretty(&self.cache.config_version(id, version)?))
    }

    /// What lies between two versions.
    pub(crate) fn compare_config_versions(
        &self,
        id: &InstanceId,
        from: i64,
        to: i64,
    ) -> Result<Vec<ConfigChange>, Failure> {
        Ok(changes(&self.cache.config_version(id, from)?, &self.cache.config_version(id, to)?))
    }

    pub(crate) fn config_writes(&self) -> ConfigWrites {
        let known = self.cache.read_fact(WRITES).ok().flatten();
        known.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    pub(crate) fn learn_config_writes(&self, writes: ConfigWrites) {
        let written = serde_json::to_string(&writes).map(|text| self.cache.write_fact(WRITES, &text));
        if !matches!(written, Ok(Ok(()))) {
            log::warn!("what was learned of configuration writes was not kept");
        }
    }
}

impl Cache {
    pub(crate) fn newest_config(&self, id: &InstanceId) -> Result<Option<(ConfigVersion, Value)>, Failure> {
        let connection = self.lock();
        let sql = "select id, seen_at, origin, length(body), changes, body from config_versions
                   where instance_id = ?1 order by id desc limit 1";
        let found =
            connection.query_row(sql, [id.as_str()], |row| Ok((version(row)?, row.get::<_, String>(5)?)));
        Ok(found.optional()?.and_then(|(version, body)| Some((version, serde_json::from_str(&body).ok()?))))
    }

    fn config_versions(&self, id: &InstanceId) -> Result<Vec<ConfigVersion>, Failure> {
        let connection = self.lock();
        let sql = "select id, seen_at, origin, length(body), changes from config_versions
                   where instance_id = ?1 order by id desc";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([id.as_str()], version)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn config_version(&self, id: &InstanceId, number: i64) -> Result<Value, Failure> {
        let sql = "select body from config_versions where instance_id = ?1 and id = ?2";
        let body: Option<String> =
            self.lock().query_row(sql, params![id.as_str(), number], |row| row.get(0)).optional()?;
        body.and_then(|body| serde_json::from_str(&body).ok()).ok_or_else(|| {
            Failure::new(Code::NotFound { message: None }, "this version is not kept any more")
        })
    }

    fn write_config(
        &self,
        id: &InstanceId,
        document: &Value,
        origin: ConfigOrigin,
        changes: u32,
        at: DateTime<Utc>,
    ) -> Result<ConfigVersion, Failure> {
        let body = document.to_string();
        let word = if origin == ConfigOrigin::Saved { "saved" } else { "fetched" };
        let connection = self.lock();
        connection.execute(
            "insert into config_versions(instance_id, seen_at, origin, changes, body) values(?1, ?2, ?3, ?4, ?5)",
            params![id.as_str(), at.to_rfc3339(), word, changes, body],
        )?;
        let number = connection.last_insert_rowid();
        connection.execute(
            "delete from config_versions where instance_id = ?1 and id not in
             (select id from config_versions where instance_id = ?1 order by id desc limit ?2)",
            params![id.as_str(), KEPT],
        )?;
        let bytes = u32::try_from(body.len()).unwrap_or(u32::MAX);
        Ok(ConfigVersion { id: number, seen_at: at, origin, bytes, changes })
    }
}

fn version(row: &Row<'_>) -> rusqlite::Result<ConfigVersion> {
    let origin: String = row.get(2)?;
    Ok(ConfigVersion {
        id: row.get(0)?,
        seen_at: row.get(1)?,
        origin: if origin == "saved" { ConfigOrigin::Saved } else { ConfigOrigin::Fetched },
        bytes: row.get(3)?,
        changes: row.get(4)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::json_value;
    use crate::config::{ConfigDraft, draft, pretty};
    use proptest::prelude::*;

    proptest! {
        /// Whatever was kept comes back as it was, newest first, and the text of an old version, edited in as a draft,
        /// leads from the newest one to exactly that document.
        #[test]
        fn every_kept_version_comes_back_as_it_was(documents in prop::collection::vec(json_value(), 1..12)) {
            let (cache, id) = (Cache::in_memory().expect("opens"), InstanceId::from("i"));
            let mut kept = Vec::new();
            for document in &documents {
                let version = cache.write_config(&id, document, ConfigOrigin::Saved, 0, DateTime::UNIX_EPOCH).expect("writes");
                kept.push((version.id, document.clone()));
            }
            let listed: Vec<_> = cache.config_versions(&id).expect("reads").into_iter().map(|version| version.id).collect();
            prop_assert_eq!(listed, kept.iter().rev().map(|(number, _)| *number).collect::<Vec<_>>());
            let (_, newest) = cache.newest_config(&id).expect("reads").expect("there is one");
            prop_assert_eq!(Some(&newest), documents.last());
            for (number, document) in kept {
                let back = cache.config_version(&id, number).expect("reads");
                prop_assert_eq!(&back, &document);
                let restore = ConfigDraft { base: number, text: Some(pretty(&back)), edits: Vec::new() };
                prop_assert_eq!(draft::apply(&newest, &restore).expect("a document"), document);
            }
            let other = InstanceId::from("another");
            prop_assert!(cache.config_versions(&other).expect("reads").is_empty(), "versions belong to one instance");
        }
    }
}
