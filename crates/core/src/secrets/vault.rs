//! The passphrase vault: where there is no keystore, secrets lie in one file (`vault.json`), sealed with a key that only
//! the passphrase gives (Argon2id, then XChaCha20-Poly1305). The file says by which parameters, so that they can grow.
//! A damaged file and a wrong passphrase are two things: the first is told by a checksum, before anything is derived.

use super::derivation::{Derivation, Keys, hex, unhex};
use crate::error::{Code, Failure};
use crate::private_file;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Shortest passphrase, in characters.
pub(crate) const SHORTEST: usize = 8;

/// The file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sealed {
    version: u32,
    derivation: Derivation,
    /// Tells a wrong passphrase without opening anything.
    check: String,
    nonce: String,
    secrets: String,
    /// SHA-256 of everything above.
    checksum: String,
}

struct Opened {
    derivation: Derivation,
    keys: Keys,
    secrets: BTreeMap<String, SecretString>,
}

/// See the module.
pub(crate) struct Vault {
    file: PathBuf,
    opened: Mutex<Option<Opened>>,
}

impl Vault {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { file: folder.join("vault.json"), opened: Mutex::default() }
    }

    /// Whether there is a vault. One that can not be looked at is there.
    pub(crate) fn exists(&self) -> bool {
        !matches!(self.file.try_exists(), Ok(false))
    }

    #[cfg(test)]
    fn is_open(&self) -> bool {
        self.lock().is_some()
    }

    /// Makes a vault with these secrets and leaves it open.
    ///
    /// # Errors
    /// [`Code::Invalid`] for a short passphrase, [`Code::Conflict`] where there is a vault already, [`Code::Storage`].
    pub(crate) fn create(
        &self,
        passphrase: &SecretString,
        secrets: BTreeMap<String, SecretString>,
    ) -> Result<(), Failure> {
        check_length(passphrase)?;
        if self.exists() {
            return Err(Failure::new(Code::Conflict { message: None }, "there is a vault already"));
        }
        let derivation = Derivation::fresh();
        let keys = derivation.derive(passphrase)?;
        let opened = Opened { derivation, keys, secrets };
        self.write(&opened)?;
        *self.lock() = Some(opened);
        Ok(())
    }

    /// # Errors
    /// [`Code::WrongPassphrase`], [`Code::VaultBroken`], [`Code::Storage`] when the file can not be read.
    pub(crate) fn unlock(&self, passphrase: &SecretString) -> Result<(), Failure> {
        let opened = self.read(passphrase)?;
        *self.lock() = Some(opened);
        Ok(())
    }

    /// Nothing of it stays in memory.
    pub(crate) fn close(&self) {
        *self.lock() = None;
    }

    /// Seals the same secrets with another passphrase.
    ///
    /// # Errors
    /// See [`Vault::unlock`] and [`Vault::create`]; the old passphrase holds then.
    pub(crate) fn change(&self, old: &SecretString, new: &SecretString) -> Result<(), Failure> {
        check_length(new)?;
        let before = self.read(old)?;
        let derivation = Derivation::fresh();
        let keys = derivation.derive(new)?;
        let opened = Opened { derivation, keys, secrets: before.secrets };
        self.write(&opened)?;
        *self.lock() = Some(opened);
        Ok(())
    }

    /// Takes the secrets out and the file away. What is in it must be elsewhere by then, or is lost.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub(crate) fn erase(&self) -> Result<(), Failure> {
        match std::fs::remove_file(&self.file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        self.close();
        Ok(())
    }

    /// Everything in it.
    ///
    /// # Errors
    /// See [`Vault::unlock`].
    pub(crate) fn secrets(
        &self,
        passphrase: &SecretString,
    ) -> Result<BTreeMap<String, SecretString>, Failure> {
        Ok(self.read(passphrase)?.secrets)
    }

    pub(crate) fn get(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        Ok(self.lock().as_ref().ok_or_else(locked)?.secrets.get(name).cloned())
    }

    pub(crate) fn set(&self, name: &str, secret: &SecretString) -> Result<(), Failure> {
        self.edit(|secrets| drop(secrets.insert(name.to_owned(), secret.clone())))
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), Failure> {
        self.edit(|secrets| drop(secrets.remove(name)))
    }

    /// What is in memory is what is on disk, whatever the disk says.
    fn edit(&self, edit: impl FnOnce(&mut BTreeMap<String, SecretString>)) -> Result<(), Failure> {
        let mut held = self.lock();
        let opened = held.as_mut().ok_or_else(locked)?;
        let before = opened.secrets.clone();
        edit(&mut opened.secrets);
        let written = self.write(opened);
        if written.is_err() {
            opened.secrets = before;
        }
        written
    }

    fn read(&self, passphrase: &SecretString) -> Result<Opened, Failure> {
        let bytes = private_file::read_if_there(&self.file)?.ok_or_else(|| broken("the file is gone"))?;
        let sealed: Sealed = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
        if sealed.version != 1 || sealed.checksum != checksum(&sealed) {
            return Err(broken("its checksum does not hold"));
        }
        let keys = sealed.derivation.derive(passphrase)?;
        if keys.check != sealed.check {
            return Err(Failure::new(Code::WrongPassphrase, "the vault has another passphrase"));
        }
        let (nonce, text) = (unhex(&sealed.nonce), unhex(&sealed.secrets));
        let nonce: Option<[u8; 24]> = nonce.and_then(|bytes| bytes.try_into().ok());
        let (Some(nonce), Some(text)) = (nonce, text) else { return Err(broken("it is not readable")) };
        let payload = Payload { msg: &text, aad: sealed.check.as_bytes() };
        let plain = cipher(&keys)
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| broken("its seal does not hold"))?;
        let plain = Zeroizing::new(plain);
        let secrets: BTreeMap<String, String> =
            serde_json::from_slice(&plain).map_err(|error| broken(error.to_string()))?;
        let secrets = secrets.into_iter().map(|(name, secret)| (name, secret.into())).collect();
        Ok(Opened { derivation: sealed.derivation, keys, secrets })
    }

    fn write(&self, opened: &Opened) -> Result<(), Failure> {
        let unwritable = |error: String| Failure::new(Code::Storage, error);
        let secrets: BTreeMap<&str, &str> =
            opened.secrets.iter().map(|(name, secret)| (name.as_str(), secret.expose_secret())).collect();
        let plain =
            Zeroizing::new(serde_json::to_vec(&secrets).map_err(|error| unwritable(error.to_string()))?);
        let nonce: [u8; 24] = rand::random();
        let payload = Payload { msg: &plain, aad: opened.keys.check.as_bytes() };
        let text = cipher(&opened.keys)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| unwritable("the secrets could not be sealed".into()))?;
        let mut sealed = Sealed {
            version: 1,
            derivation: opened.derivation.clone(),
            check: opened.keys.check.clone(),
            nonce: hex(&nonce),
            secrets: hex(&text),
            checksum: String::new(),
        };
        sealed.checksum = checksum(&sealed);
        let bytes = serde_json::to_vec_pretty(&sealed).map_err(|error| unwritable(error.to_string()))?;
        Ok(private_file::replace(&self.file, &bytes)?)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cipher(keys: &Keys) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&*keys.seal).into())
}

fn checksum(sealed: &Sealed) -> String {
    let Derivation { algorithm, memory_kib, passes, lanes, salt } = &sealed.derivation;
    let Sealed { version, check, nonce, secrets, .. } = sealed;
    let text = format!(
        "{version}\n{algorithm}\n{memory_kib}\n{passes}\n{lanes}\n{salt}\n{check}\n{nonce}\n{secrets}"
    );
    hex(&Sha256::digest(text))
}

/// # Errors
/// [`Code::Invalid`]
pub(crate) fn check_length(passphrase: &SecretString) -> Result<(), Failure> {
    match passphrase.expose_secret().chars().count() >= SHORTEST {
        true => Ok(()),
        false => {
            let msg = format!("a passphrase has at least {SHORTEST} characters");
            Err(Failure::new(Code::Invalid { message: Some(msg.clone()), fields: Vec::new() }, msg))
        }
    }
}

fn locked() -> Failure {
    Failure::new(Code::Locked, "the vault is locked")
}

fn broken(detail: impl Into<String>) -> Failure {
    Failure::new(Code::VaultBroken, detail)
}

#[cfg(test)]
mod tests;
