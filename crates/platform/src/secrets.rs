//! Where the platform keeps the few secrets of real agents: keys of model providers, tokens of gateways that outlive the
//! app. The store is given from outside; the platform's own database never holds one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A place for secrets. Names are the platform's own, such as `model-provider/ollama`.
pub trait SecretStore: Send + Sync {
    /// A kept secret; none where nothing was kept.
    ///
    /// # Errors
    /// [`SecretStoreError`] when the store does not answer.
    fn read(&self, name: &str) -> Result<Option<String>, SecretStoreError>;

    /// Keeps a secret in place of an older one.
    ///
    /// # Errors
    /// [`SecretStoreError`] when the store does not take it.
    fn write(&self, name: &str, secret: &str) -> Result<(), SecretStoreError>;

    /// Erases a secret; one that is not there is gone already.
    ///
    /// # Errors
    /// [`SecretStoreError`] when the store does not answer.
    fn erase(&self, name: &str) -> Result<(), SecretStoreError>;
}

/// A store of secrets that does not answer, with its reason for people.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct SecretStoreError(pub String);

/// Secrets that end with the process.
#[derive(Default)]
pub struct MemorySecrets(Mutex<HashMap<String, String>>);

impl SecretStore for MemorySecrets {
    fn read(&self, name: &str) -> Result<Option<String>, SecretStoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), SecretStoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret.to_owned());
        Ok(())
    }

    fn erase(&self, name: &str) -> Result<(), SecretStoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}
