//! The newest line's number and hash, kept outside of the ledger: in a file beside it, and in the keystore. A chain alone
//! does not tell that its end was cut off. A seal that does not hold is never overwritten, so that what it tells stays.

use crate::durable::Durable;
use crate::error::Failure;
use crate::private_file::keep_private;
use crate::secrets::SecretStore;
use crate::session::lock;
use rusqlite::OptionalExtension;
use secrecy::{ExposeSecret, SecretString};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long an end waits for the newest seal to be in the keystore. A database that is in use while the process ends is
/// taken from under its thread.
const LAST_SEAL: Duration = Duration::from_secs(1);

/// How many lines of which ledger there were, and how the newest ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seal {
    pub id: String,
    pub count: i64,
    pub hash: String,
}

impl Seal {
    fn text(&self) -> String {
        format!("{} {} {}", self.id, self.count, self.hash)
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (id, count, hash) = (words.next()?, words.next()?, words.next()?);
        Some(Self { id: id.to_owned(), count: count.parse().ok()?, hash: hash.to_owned() })
    }

    /// Whether a ledger still has the line that was sealed.
    pub(super) fn holds(&self, database: &Durable) -> Result<bool, Failure> {
        let connection = database.lock()?;
        let id: String = connection.query_row("select id from ledger_id", [], |row| row.get(0))?;
        let hash: Option<String> = connection
            .query_row("select hash from lines where seq = ?1", [self.count], |row| row.get(0))
            .optional()?;
        Ok(id == self.id && hash.is_some_and(|hash| hash == self.hash))
    }
}

/// Both places. The keystore may take seconds, or for ever: it has a thread of its own, and whoever writes a line does
/// not wait for it.
pub(super) struct Seals {
    file: PathBuf,
    database: Arc<Durable>,
    newest: Arc<Mutex<Option<Seal>>>,
    keystore: Option<SyncSender<()>>,
    /// Says nothing, and is closed when the thread has ended.
    ended: Mutex<Receiver<()>>,
}

impl Drop for Seals {
    fn drop(&mut self) {
        self.keystore = None;
        let _ = lock(&self.ended).recv_timeout(LAST_SEAL);
    }
}

impl std::fmt::Debug for Seals {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Seals").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Seals {
    pub(super) fn new(file: PathBuf, database: Arc<Durable>, secrets: Arc<dyn SecretStore>) -> Self {
        let newest: Arc<Mutex<Option<Seal>>> = Arc::default();
        // One wish is enough: whoever fulfils it takes the newest seal.
        let (tell, told) = sync_channel::<()>(1);
        let (ending, ended) = sync_channel::<()>(0);
        let (known, chain) = (newest.clone(), database.clone());
        let started = std::thread::Builder::new().name("ledger-seal".into()).spawn(move || {
            // Goes last: what it tells is that nothing here has the database any more.
            let _ending = ending;
            let (known, chain, secrets) = (known, chain, secrets);
            for () in told {
                let Some(seal) = lock(&known).clone() else { continue };
                if let Err(failure) = keep_in_keystore(&*secrets, &chain, &seal) {
                    log::warn!("the ledger's seal is not in the keystore: {failure}");
                }
            }
        });
        let keystore = started.ok().map(|_| tell);
        Self { file, database, newest, keystore, ended: Mutex::new(ended) }
    }

    /// A line was written.
    pub(super) fn renew(&self, seal: Seal) {
        let holds = self.of_file().is_none_or(|old| old.holds(&self.database).unwrap_or(false));
        if holds && let Err(error) = write(&self.file, &seal.text()) {
            log::warn!("the ledger's seal was not written: {error}");
        }
        *lock(&self.newest) = Some(seal);
        if let Some(keystore) = &self.keystore {
            let _ = keystore.try_send(());
        }
    }

    pub(super) fn of_file(&self) -> Option<Seal> {
        Seal::read(&std::fs::read_to_string(&self.file).ok()?)
    }
}

/// The entry of a ledger's seal. A folder that was thrown away and begun anew has another ledger.
pub(super) fn entry_name(id: &str) -> String {
    format!("ledger:{id}")
}

pub(super) fn of_secret(secret: &SecretString) -> Option<Seal> {
    Seal::read(secret.expose_secret())
}

fn keep_in_keystore(secrets: &dyn SecretStore, chain: &Durable, seal: &Seal) -> Result<(), Failure> {
    let name = entry_name(&seal.id);
    let old = secrets.get(&name)?.as_ref().and_then(of_secret);
    if old.is_some_and(|old| !old.holds(chain).unwrap_or(false)) {
        return Ok(());
    }
    secrets.set(&name, &seal.text().into())
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let fresh = file.with_extension("seal.new");
    std::fs::write(&fresh, text)?;
    keep_private(&fresh)?;
    std::fs::rename(fresh, file)
}
