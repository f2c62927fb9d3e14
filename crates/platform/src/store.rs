//! Where everything is kept: one SQLite file, or memory. What is stored and how it is read back is here and in the
//! files below, one per noun; what it means is the routes' and the worker's.

pub(crate) mod agents;
pub(crate) mod choices;
pub(crate) mod deploys;
pub(crate) mod instances;
pub(crate) mod local_agents;
pub(crate) mod logs;
pub(crate) mod messages;
pub(crate) mod model_providers;
pub(crate) mod settings;
pub(crate) mod worklists;

pub(crate) use instances::Instance;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// The database's file inside the platform's folder.
pub(crate) const FILE: &str = "platform.db";

/// The database behind one lock. Statements are short, and every caller is on a thread that may block.
pub(crate) struct Store {
    connection: Mutex<Connection>,
    revision: AtomicU64,
    fresh: bool,
}

impl Store {
    /// Opens the store of a folder, or one in memory.
    pub(crate) fn open(folder: Option<&Path>) -> rusqlite::Result<Self> {
        let connection = match folder {
            Some(folder) => Connection::open(folder.join(FILE))?,
            None => Connection::open_in_memory()?,
        };
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
        let tables: i64 = connection.query_row(
            "SELECT count(*) FROM sqlite_master WHERE name = 'instances'",
            [],
            |row| row.get(0),
        )?;
        connection.execute_batch(include_str!("store/schema.sql"))?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { connection: Mutex::new(connection), revision: AtomicU64::new(1), fresh: tables == 0 })
    }

    /// Whether this start made the tables.
    pub(crate) fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// Grows with every write: what was built from an older revision may be stale.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Reads.
    pub(crate) fn read<T, E>(&self, look: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        look(&self.lock())
    }

    /// Writes all or nothing.
    pub(crate) fn write<T, E: From<rusqlite::Error>>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = change(&transaction)?;
        transaction.commit()?;
        // Under the lock still, so that no reader pairs the new rows with the old revision.
        self.revision.fetch_add(1, Ordering::AcqRel);
        Ok(value)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stored time.
pub(crate) fn time(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}
