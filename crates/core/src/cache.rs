//! What the app remembers between runs, encrypted (SQLCipher with a raw 256-bit key from the keystore). Without a
//! keystore it lives in memory and says so. It is disposable: on any doubt the file is set aside and made anew.

mod size;

use crate::error::{Code, Failure};
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceList, InstanceSummary};
use rusqlite::{Connection, OptionalExtension, params};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use size::{StorageKind, StoragePart};

/// Moves with every change of `schema.sql`.
const SCHEMA_VERSION: i64 = 5;
/// What brings earlier ones up to it, one after the other.
const FROM_3: &str = "create table used(instance_id text primary key, at text not null) without rowid;";
const FROM_4: &str = "create table baselines(id text primary key, body text not null) without rowid;
create table followers(instance_id text primary key, baseline text not null, places integer, seen_at text) without rowid;";
/// A page's tag is made of SHA-256, for which processors have instructions, and there are few pages with much in each: either
/// is most of what encryption costs here.
const PAGES: &str = "pragma cipher_page_size = 8192; pragma cipher_hmac_algorithm = HMAC_SHA256;";
/// The fact that says when the list was last confirmed.
pub(crate) const LIST_SEEN_AT: &str = "list_seen_at";
/// Most files that were set aside.
const BAD_KEPT: usize = 3;

/// Where the cache is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CacheKind {
    /// On disk, encrypted.
    Encrypted,
    /// In memory, gone with the app.
    Memory,
}

/// One profile's cache.
#[derive(Debug)]
pub(crate) struct Cache {
    connection: Mutex<Connection>,
    kind: CacheKind,
}

impl Cache {
    /// Opens or makes the file; on any doubt about it makes a new one, and without a usable disk lives in memory.
    pub(crate) fn open(file: &Path, key: &SecretString) -> Result<Self, Failure> {
        let opened = open_file(file, key).or_else(|error| {
            log::warn!("the cache is set aside: {error}");
            set_aside(file);
            open_file(file, key)
        });
        match opened {
            Ok(connection) => Ok(Self { connection: Mutex::new(connection), kind: CacheKind::Encrypted }),
            Err(error) => {
                log::warn!("the cache stays in memory: {error}");
                Self::in_memory()
            }
        }
    }

    /// Opens the file as it is. Nothing is made, and nothing is set aside.
    pub(crate) fn open_kept(file: &Path, key: &SecretString) -> Result<Self, Failure> {
        if !file.is_file() {
            return Err(Failure::new(Code::Storage, "there is no such file"));
        }
        Ok(Self { connection: Mutex::new(open_file(file, key)?), kind: CacheKind::Encrypted })
    }

    pub(crate) fn in_memory() -> Result<Self, Failure> {
        let connection = Connection::open_in_memory()?;
        prepare(&connection)?;
        Ok(Self { connection: Mutex::new(connection), kind: CacheKind::Memory })
    }

    pub(crate) fn kind(&self) -> CacheKind {
        self.kind
    }

    /// The list of an earlier run and when it was confirmed.
    pub(crate) fn read_list(&self) -> Result<Option<(InstanceList, DateTime<Utc>)>, Failure> {
        let connection = self.lock();
        let Some(seen_at) = read_fact(&connection, LIST_SEEN_AT)?.and_then(|text| text.parse().ok()) else {
            return Ok(None);
        };
        let mut statement = connection.prepare_cached("select body from instances")?;
        let bodies = statement.query_map([], |row| row.get::<_, String>(0))?;
        let rows =
            bodies.filter_map(|body| body.ok().and_then(|body| serde_json::from_str(&body).ok())).collect();
        Ok(Some((InstanceList { instances: rows, skipped: 0 }, seen_at)))
    }

    /// Writes what a new list changed.
    pub(crate) fn write_list(
        &self,
        changed: &[InstanceSummary],
        gone: &[InstanceId],
        seen_at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        // In the order of the table: each of its pages is encrypted once, and not as often as one of its rows comes by.
        let (mut changed, mut gone): (Vec<_>, Vec<_>) = (changed.iter().collect(), gone.iter().collect());
        changed.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        gone.sort_unstable();
        {
            let mut put =
                transaction.prepare_cached("insert or replace into instances(id, body) values(?1, ?2)")?;
            for row in changed {
                put.execute(params![row.id.as_str(), to_json(row)?])?;
            }
            let mut drop = transaction.prepare_cached("delete from instances where id = ?1")?;
            for id in gone {
                drop.execute([id.as_str()])?;
            }
        }
        write_fact(&transaction, LIST_SEEN_AT, &seen_at.to_rfc3339())?;
        Ok(transaction.commit()?)
    }

    /// A value of one kind about one thing, and when it was seen.
    pub(crate) fn read_seen<T: DeserializeOwned>(&self, kind: &str, id: &str) -> Option<(T, DateTime<Utc>)> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("select body, seen_at from seen where kind = ?1 and id = ?2").ok()?;
        let (body, at): (String, String) =
            statement.query_row([kind, id], |row| Ok((row.get(0)?, row.get(1)?))).optional().ok()??;
        Some((serde_json::from_str(&body).ok()?, at.parse().ok()?))
    }

    /// Everything of one kind, with the ids. What can not be read any more is left out.
    pub(crate) fn read_all_seen<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<(String, T)>, Failure> {
        let all = self.read_all_seen_at(kind)?;
        Ok(all.into_iter().map(|(id, value, _)| (id, value)).collect())
    }

    /// As [`Cache::read_all_seen`], with when it was seen.
    pub(crate) fn read_all_seen_at<T: DeserializeOwned>(
        &self,
        kind: &str,
    ) -> Result<Vec<(String, T, DateTime<Utc>)>, Failure> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("select id, body, seen_at from seen where kind = ?1")?;
        let rows = statement.query_map([kind], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        let read = |(id, body, at): (String, String, String)| {
            Some((id, serde_json::from_str(&body).ok()?, at.parse().ok()?))
        };
        Ok(rows.filter_map(|row| read(row.ok()?)).collect())
    }

    pub(crate) fn write_seen<T: Serialize>(&self, kind: &str, id: &str, value: &T, at: DateTime<Utc>) {
        let write = || -> Result<(), Failure> {
            let body = to_json(value)?;
            self.lock()
                .prepare_cached(
                    "insert or replace into seen(kind, id, body, seen_at) values(?1, ?2, ?3, ?4)",
                )?
                .execute(params![kind, id, body, at.to_rfc3339()])?;
            Ok(())
        };
        note(write());
    }

    /// What is kept was seen once more as it is.
    pub(crate) fn confirm_seen(&self, kind: &str, id: &str, at: DateTime<Utc>) {
        let sql = "update seen set seen_at = ?3 where kind = ?1 and id = ?2";
        note(self.lock().execute(sql, params![kind, id, at.to_rfc3339()]).map_err(Failure::from));
    }

    /// Everything about an instance that is no more.
    pub(crate) fn forget_instance(&self, id: &InstanceId) {
        let connection = self.lock();
        for sql in [
            "delete from instances where id = ?1",
            "delete from seen where id = ?1 or substr(id, 1, length(?1) + 1) = ?1 || '/'",
            "delete from used where instance_id = ?1",
            "delete from exchanges where instance_id = ?1",
            "delete from drafts where name like '%:' || ?1",
            "delete from sightings where instance_id = ?1",
            "delete from changes where instance_id = ?1",
            "delete from log_lines where instance_id = ?1",
            "delete from log_totals where instance_id = ?1",
            "delete from config_versions where instance_id = ?1",
            "delete from followers where instance_id = ?1",
        ] {
            note(connection.execute(sql, [id.as_str()]).map_err(Failure::from));
        }
    }

    /// Bodies of an instance's exchanges, oldest first.
    pub(crate) fn read_exchanges<T: DeserializeOwned>(&self, id: &InstanceId) -> Result<Vec<T>, Failure> {
        let connection = self.lock();
        let sql = "select body from exchanges where instance_id = ?1 order by sent_at, id";
        let mut statement = connection.prepare_cached(sql)?;
        let bodies = statement.query_map([id.as_str()], |row| row.get::<_, String>(0))?;
        Ok(bodies.filter_map(|body| serde_json::from_str(&body.ok()?).ok()).collect())
    }

    pub(crate) fn write_exchange<T: Serialize>(
        &self,
        key: &str,
        id: &InstanceId,
        at: DateTime<Utc>,
        body: &T,
    ) {
        let write = || -> Result<(), Failure> {
            let body = to_json(body)?;
            self.lock()
                .prepare_cached(
                    "insert or replace into exchanges(id, instance_id, sent_at, body) values(?1, ?2, ?3, ?4)",
                )?
                .execute(params![key, id.as_str(), at.to_rfc3339(), body])?;
            Ok(())
        };
        note(write());
    }

    pub(crate) fn clear_exchanges(&self, id: &InstanceId) -> Result<(), Failure> {
        self.lock().execute("delete from exchanges where instance_id = ?1", [id.as_str()])?;
        Ok(())
    }

    pub(crate) fn read_draft(&self, name: &str) -> Result<Option<String>, Failure> {
        let connection = self.lock();
        let sql = "select text from drafts where name = ?1";
        Ok(connection.query_row(sql, [name], |row| row.get(0)).optional()?)
    }

    pub(crate) fn write_draft(&self, name: &str, text: Option<&str>) -> Result<(), Failure> {
        let connection = self.lock();
        match text.filter(|text| !text.is_empty()) {
            Some(text) => connection
                .execute("insert or replace into drafts(name, text) values(?1, ?2)", [name, text])?,
            None => connection.execute("delete from drafts where name = ?1", [name])?,
        };
        Ok(())
    }

    /// A small value by its name.
    pub(crate) fn read_fact(&self, name: &str) -> Result<Option<String>, Failure> {
        Ok(read_fact(&self.lock(), name)?)
    }

    pub(crate) fn write_fact(&self, name: &str, value: &str) -> Result<(), Failure> {
        Ok(write_fact(&self.lock(), name, value)?)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A cache that can not be written is a pity, never a failure of what the person asked for.
fn note<T>(result: Result<T, Failure>) {
    if let Err(failure) = result {
        log::warn!("the cache was not written: {failure}");
    }
}

fn to_json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(Code::Storage, error.to_string()))
}

pub(crate) fn read_fact(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    connection.query_row("select value from facts where name = ?1", [name], |row| row.get(0)).optional()
}

pub(crate) fn write_fact(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    connection.execute("insert or replace into facts(name, value) values(?1, ?2)", [name, value])?;
    Ok(())
}

fn open_file(file: &Path, key: &SecretString) -> Result<Connection, Failure> {
    // One that an earlier version made stays as it is.
    open_as(file, key, Some(PAGES))
        .or_else(|error| if file.exists() { open_as(file, key, None) } else { Err(error) })
}

/// Opens the file with such pages; without a word of them, as SQLCipher makes them by itself.
fn open_as(file: &Path, key: &SecretString, pages: Option<&str>) -> Result<Connection, Failure> {
    let connection = Connection::open(file)?;
    // What goes wrong is told by the result; the library would print it as well.
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    connection.pragma_update(None, "key", format!("x'{}'", key.expose_secret()))?;
    if let Some(pages) = pages {
        connection.execute_batch(pages)?;
    }
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    prepare(&connection)?;
    crate::private_file::keep_private(file)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), Failure> {
    let version: i64 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    match version {
        SCHEMA_VERSION => {}
        0 => {
            connection.pragma_update(None, "auto_vacuum", "incremental")?;
            connection.execute_batch(include_str!("cache/schema.sql"))?;
            connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        }
        3 | 4 => {
            if version == 3 {
                connection.execute_batch(FROM_3)?;
            }
            connection.execute_batch(FROM_4)?;
            connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        }
        other => return Err(Failure::new(Code::Storage, format!("the cache has schema {other}"))),
    }
    // A wrong page or a wrong key shows here and not in the middle of a run.
    let _: i64 = connection.query_row("select count(*) from facts", [], |row| row.get(0))?;
    Ok(())
}

/// Moves a doubtful file out of the way and keeps the newest few.
pub(crate) fn set_aside(file: &Path) {
    let stamp = Utc::now().format("%Y%m%dT%H%M%S%3f");
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let _ = std::fs::rename(file, file.with_file_name(format!("{name}.bad-{stamp}")));
    for tail in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(file.with_file_name(format!("{name}{tail}")));
    }
    let Some(folder) = file.parent().and_then(|folder| folder.read_dir().ok()) else { return };
    let prefix = format!("{name}.bad-");
    let mut bad: Vec<_> = folder
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path())
        .collect();
    bad.sort();
    for old in bad.iter().rev().skip(BAD_KEPT) {
        let _ = std::fs::remove_file(old);
    }
}

#[cfg(test)]
mod tests;
