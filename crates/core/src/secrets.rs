//! Where secrets are kept: the operating system's keystore, or memory. A keystore that hangs is given five seconds on a
//! thread of its own. A secret has no way out of here but into a request's header or a database's key.

use crate::error::{Code, Failure};
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
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

/// Calls a store without blocking the caller, for at most five seconds.
#[derive(Clone)]
pub(crate) struct Vault(Arc<dyn SecretStore>);

impl Vault {
    pub(crate) fn new(store: Arc<dyn SecretStore>) -> Self {
        Self(store)
    }

    pub(crate) async fn get(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        let (store, name) = (self.0.clone(), name.to_owned());
        in_time(move || store.get(&name)).await
    }

    pub(crate) async fn set(&self, name: &str, secret: SecretString) -> Result<(), Failure> {
        let (store, name) = (self.0.clone(), name.to_owned());
        in_time(move || store.set(&name, &secret)).await
    }

    pub(crate) async fn remove(&self, name: &str) -> Result<(), Failure> {
        let (store, name) = (self.0.clone(), name.to_owned());
        in_time(move || store.remove(&name)).await
    }
}

/// Runs on a thread of its own: a call that never returns must not take one of the runtime's.
async fn in_time<T: Send + 'static>(
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Hanging;
    impl SecretStore for Hanging {
        fn get(&self, _: &str) -> Result<Option<SecretString>, Failure> {
            loop {
                std::thread::park();
            }
        }
        fn set(&self, _: &str, _: &SecretString) -> Result<(), Failure> {
            Ok(())
        }
        fn remove(&self, _: &str) -> Result<(), Failure> {
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_keystore_that_never_answers_is_given_up_after_five_seconds() {
        let started = tokio::time::Instant::now();
        let failure = Vault::new(Arc::new(Hanging)).get("x").await.expect_err("hangs");
        assert_eq!(failure.code, Code::Keystore);
        assert_eq!(started.elapsed(), LIMIT);
    }
}
