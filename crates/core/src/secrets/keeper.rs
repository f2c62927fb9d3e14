//! Which of the places is used, and asking it without blocking: the keystore, unless there is a vault, or the person
//! chose to keep nothing beyond this run.

use super::{SecretStore, Vault, in_time};
use crate::error::{Code, Failure};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SecretPlace {
    /// In the operating system's keystore.
    #[default]
    Keystore,
    /// In a file that a passphrase opens.
    Vault,
    /// Nowhere: in memory, until the app ends.
    ThisRun,
}

/// What is known of the operating system's keystore.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum KeystoreState {
    /// Nobody has asked it yet.
    #[default]
    Unasked,
    /// It answers.
    Works,
    /// It is absent, locked, or does not answer.
    Unavailable {
        /// Its own words.
        detail: String,
    },
}

/// See the module.
pub(crate) struct Keeper {
    keystore: Arc<dyn SecretStore>,
    pub vault: Arc<Vault>,
    this_run: AtomicBool,
    state: Mutex<KeystoreState>,
    /// A call is still out there: another would only wait behind it.
    stuck: Arc<AtomicBool>,
}

impl Keeper {
    pub(crate) fn new(keystore: Arc<dyn SecretStore>, vault: Vault, this_run: bool) -> Self {
        Self {
            keystore,
            vault: Arc::new(vault),
            this_run: AtomicBool::new(this_run),
            state: Mutex::default(),
            stuck: Arc::default(),
        }
    }

    pub(crate) fn place(&self) -> SecretPlace {
        match () {
            () if self.vault.exists() => SecretPlace::Vault,
            () if self.this_run.load(Ordering::Relaxed) => SecretPlace::ThisRun,
            () => SecretPlace::Keystore,
        }
    }

    /// Keeps nothing from here on, or asks the keystore again.
    pub(crate) fn keep_for_this_run(&self, this_run: bool) {
        self.this_run.store(this_run, Ordering::Relaxed);
    }

    pub(crate) fn keystore_state(&self) -> KeystoreState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// # Errors
    /// [`Code::Keystore`], [`Code::Locked`] while the vault is.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        match self.place() {
            SecretPlace::Keystore => self.get_from_keystore(name).await,
            SecretPlace::Vault => self.vault.get(name),
            SecretPlace::ThisRun => Ok(None),
        }
    }

    /// # Errors
    /// As [`Keeper::get`]; where nothing is kept, [`Code::Keystore`].
    pub(crate) async fn set(&self, name: &str, secret: SecretString) -> Result<(), Failure> {
        let name = name.to_owned();
        match self.place() {
            SecretPlace::Keystore => self.ask(move |store| store.set(&name, &secret)).await,
            SecretPlace::Vault => {
                let vault = self.vault.clone();
                aside(move || vault.set(&name, &secret)).await
            }
            SecretPlace::ThisRun => {
                Err(Failure::new(Code::Keystore, "nothing is kept beyond this run, as was chosen"))
            }
        }
    }

    /// # Errors
    /// As [`Keeper::get`].
    pub(crate) async fn remove(&self, name: &str) -> Result<(), Failure> {
        match self.place() {
            SecretPlace::Keystore => self.remove_from_keystore(name).await,
            SecretPlace::Vault => {
                let (vault, name) = (self.vault.clone(), name.to_owned());
                aside(move || vault.remove(&name)).await
            }
            SecretPlace::ThisRun => Ok(()),
        }
    }

    /// The keystore itself, whatever the place is.
    ///
    /// # Errors
    /// [`Code::Keystore`]
    pub(crate) async fn get_from_keystore(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        let name = name.to_owned();
        self.ask(move |store| store.get(&name)).await
    }

    /// # Errors
    /// [`Code::Keystore`]
    pub(crate) async fn set_in_keystore(&self, name: &str, secret: SecretString) -> Result<(), Failure> {
        let name = name.to_owned();
        self.ask(move |store| store.set(&name, &secret)).await
    }

    /// # Errors
    /// [`Code::Keystore`]
    pub(crate) async fn remove_from_keystore(&self, name: &str) -> Result<(), Failure> {
        let name = name.to_owned();
        self.ask(move |store| store.remove(&name)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn SecretStore) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        if self.stuck.load(Ordering::Acquire) {
            return Err(Failure::new(
                Code::Keystore,
                "the keystore has not answered an earlier question yet",
            ));
        }
        let (store, stuck) = (self.keystore.clone(), self.stuck.clone());
        let (ended, gave_up) = (Arc::new(AtomicBool::new(false)), self.stuck.clone());
        let marks = ended.clone();
        let result = in_time(move || {
            let result = call(&*store);
            marks.store(true, Ordering::Release);
            stuck.store(false, Ordering::Release);
            result
        })
        .await;
        let state = match &result {
            Ok(_) => KeystoreState::Works,
            Err(failure) => KeystoreState::Unavailable { detail: failure.detail.clone() },
        };
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        if result.is_err() && !ended.load(Ordering::Acquire) {
            gave_up.store(true, Ordering::Release);
            // It may have come back between the two.
            if ended.load(Ordering::Acquire) {
                gave_up.store(false, Ordering::Release);
            }
        }
        result
    }
}

/// Writing the vault waits for the disk.
pub(crate) async fn aside<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let task = tokio::task::spawn_blocking(call);
    task.await.unwrap_or_else(|error| Err(Failure::new(Code::Storage, error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    /// Never answers a question; tells that it was asked.
    struct Hanging(mpsc::SyncSender<()>);
    impl SecretStore for Hanging {
        fn get(&self, _: &str) -> Result<Option<SecretString>, Failure> {
            let _ = self.0.send(());
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
    async fn a_keystore_that_never_answers_is_given_up_after_five_seconds_and_not_asked_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let (tell, told) = mpsc::sync_channel(8);
        let keeper = Keeper::new(Arc::new(Hanging(tell)), Vault::new(folder.path()), false);
        let started = tokio::time::Instant::now();
        assert_eq!(keeper.get("x").await.expect_err("hangs").code, Code::Keystore);
        assert_eq!(started.elapsed(), Duration::from_secs(5));
        told.recv_timeout(Duration::from_secs(20)).expect("it was asked once");
        assert_eq!(keeper.get("x").await.expect_err("still hangs").code, Code::Keystore);
        assert_eq!(started.elapsed(), Duration::from_secs(5), "the second one does not wait");
        assert!(told.try_recv().is_err(), "one thread is lost, not one a question");
        assert!(matches!(keeper.keystore_state(), KeystoreState::Unavailable { .. }));
    }

    #[tokio::test]
    async fn where_nothing_is_kept_nothing_is_asked_and_nothing_is_claimed() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(crate::secrets::MemoryStore::default());
        let keeper = Keeper::new(store.clone(), Vault::new(folder.path()), true);
        assert_eq!(keeper.place(), SecretPlace::ThisRun);
        assert!(keeper.set("key:a", "x".into()).await.is_err());
        assert!(store.get("key:a").expect("memory").is_none());
        assert_eq!(keeper.keystore_state(), KeystoreState::Unasked);
    }
}
