//! Small databases that are never thrown away: what a person did or made on this computer. Plain files of mode 0600.

use crate::error::Failure;
use crate::private_file::keep_private;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One such database; or, where it can not be opened, the reason.
#[derive(Debug)]
pub(crate) struct Durable {
    connection: Result<Mutex<Connection>, Failure>,
    /// Accesses that are still granted; for tests of what a process leaves behind that dies at one.
    #[cfg(test)]
    granted: std::sync::atomic::AtomicU32,
}

impl Durable {
    /// Opens or makes the file. `schema` may be run again and again.
    pub(crate) fn open(file: &Path, schema: &str) -> Self {
        let connection = open(file, schema);
        if let Err(failure) = &connection {
            log::error!("{} can not be opened: {failure}", file.display());
        }
        Self {
            connection: connection.map(Mutex::new),
            #[cfg(test)]
            granted: u32::MAX.into(),
        }
    }

    #[cfg(test)]
    pub(crate) fn die_at(&self, access: Option<u32>) {
        self.granted.store(access.unwrap_or(u32::MAX), std::sync::atomic::Ordering::Relaxed);
    }

    #[cfg(test)]
    fn is_dead(&self) -> bool {
        use std::sync::atomic::Ordering::Relaxed;
        self.granted
            .fetch_update(Relaxed, Relaxed, |granted| match granted {
                u32::MAX => Some(u32::MAX),
                granted => granted.checked_sub(1),
            })
            .is_err()
    }

    /// # Errors
    /// [`Code::Storage`](crate::Code::Storage): why the file could not be opened.
    pub(crate) fn lock(&self) -> Result<MutexGuard<'_, Connection>, Failure> {
        #[cfg(test)]
        if self.is_dead() {
            return Err(Failure::new(crate::Code::Storage, "the process has died"));
        }
        match &self.connection {
            Ok(connection) => Ok(connection.lock().unwrap_or_else(PoisonError::into_inner)),
            Err(failure) => Err(failure.clone()),
        }
    }
}

fn open(file: &Path, schema: &str) -> Result<Connection, Failure> {
    let connection = Connection::open(file)?;
    keep_private(file)?;
    connection.pragma_update(None, "synchronous", "extra")?;
    // What is deleted is gone: forgetting a profile must leave nothing in a free page.
    connection.pragma_update(None, "secure_delete", "on")?;
    connection.execute_batch(schema)?;
    Ok(connection)
}
