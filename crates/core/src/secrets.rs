//! Where secrets are kept: the operating system's keystore, a vault with a passphrase, or memory. A keystore that hangs
//! is given five seconds on a thread of its own. A secret has no way out of here but into a request's header or a
//! database's key. Does not belong here: which secrets there are (`connect`), when they are taken away (`security`).

mod derivation;
mod keeper;
mod lent;
mod vault;

pub(crate) use derivation::{Derivation, hex};
pub(crate) use keeper::{Keeper, aside};
pub use keeper::{KeystoreState, SecretPlace};
pub(crate) use lent::{ENTRY as LENT, Lent};
pub(crate) use vault::{Vault, check_length};

use crate::error::{Code, Failure};
pub use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long the keystore may take. Source: the reliability rules, fault 43.
const LIMIT: Duration = Duration::from_secs(5);

/// A place for small secrets. Calls may block.
pub trait SecretStore: Send + Sync + 'static {
    /// Reads an entry.
    ///
    /// # Errors
    /// [`Code::Keystore`] when the store can not be reached; a missing entry is `None`.
    fn get(&self, name: &str) -> Result<Option<SecretString>, Failure>;
    /// Writes an entry.
    ///
    /// # Errors
    /// [`Code::Keystore`]
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Failure>;
    /// Removes an entry; a missing one is fine.
    ///
    /// # Errors
    /// [`Code::Keystore`]
    fn remove(&self, name: &str) -> Result<(), Failure>;
}

/// The operating system's keystore: Secret Service, Keychain, Credential Manager.
#[derive(Debug, Clone)]
pub struct Keystore {
    service: String,
}

impl Keystore {
    /// Entries of one app; `service` is the app's identifier.
    pub fn new(service: impl Into<String>) -> Self {
        Self { service: service.into() }
    }

    fn entry(&self, name: &str) -> Result<keyring::Entry, Failure> {
        keyring::Entry::new(&self.service, name).map_err(refused)
    }
}

fn refused(error: keyring::Error) -> Failure {
    Failure::new(Code::Keystore, error.to_string())
}

impl SecretStore for Keystore {
    fn get(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        match self.entry(name)?.get_password() {
            Ok(text) => Ok(Some(text.into())),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Failure> {
        self.entry(name)?.set_password(secret.expose_secret()).map_err(refused)
    }

    fn remove(&self, name: &str) -> Result<(), Failure> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(error)),
        }
    }
}

/// Secrets that end with the process; for tests.
#[derive(Default)]
pub struct MemoryStore(Mutex<HashMap<String, SecretString>>);

impl SecretStore for MemoryStore {
    fn get(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret.clone());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

/// Runs a call on a thread of its own: one that never returns must not take one of the runtime's.
pub(crate) async fn in_time<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("keystore".into()).spawn(move || {
        let _ = tell.send(call());
    })?;
    match tokio::time::timeout(LIMIT, told).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Failure::new(Code::Keystore, "the keystore's thread ended")),
        Err(_) => Err(Failure::new(Code::Keystore, "the keystore did not answer within 5 seconds")),
    }
}
