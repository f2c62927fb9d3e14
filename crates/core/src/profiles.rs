//! Which platforms a person uses: names, addresses and colours in `profiles.json`, never a secret. Keys are kept by
//! `secrets.rs` under the profile's id, bound to the address they were entered for.

use crate::error::{Code, Failure};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A profile's id; a UUID, or [`THIS_COMPUTER`].
pub type ProfileId = String;

/// The id of the platform on this computer.
pub const THIS_COMPUTER: &str = "this-computer";

/// One platform with one credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// See [`ProfileId`].
    pub id: ProfileId,
    /// Where its platform runs.
    pub kind: ProfileKind,
    /// For people.
    pub name: String,
    /// See `address::BaseUrl`; empty for the platform on this computer, whose port changes.
    pub base_url: String,
    /// Its colour, degrees of hue.
    pub hue: u16,
    /// What is known of its credential; none when there is none.
    pub credential: Option<CredentialLabel>,
}

/// Where a platform runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ProfileKind {
    /// In this app, on loopback.
    ThisComputer,
    /// Somewhere else.
    Platform,
}

/// What may be shown of a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CredentialLabel {
    /// Key or token.
    pub kind: CredentialKind,
    /// Its last four characters.
    pub last_four: String,
    /// Where it is.
    pub kept: Kept,
}

/// How a credential is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CredentialKind {
    /// `X-Api-Key`
    ApiKey,
    /// `Authorization: Bearer`
    BearerToken,
}

/// How long a credential is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Kept {
    /// In the operating system's keystore.
    Keystore,
    /// In memory, until the app ends.
    ThisRun,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Book {
    profiles: Vec<Profile>,
    last: Option<ProfileId>,
}

/// The list on disk.
#[derive(Debug)]
pub(crate) struct Profiles {
    file: PathBuf,
    book: Mutex<Book>,
}

impl Profiles {
    /// Reads the list. One that can not be read is set aside, never overwritten.
    pub(crate) fn open(folder: &Path) -> Self {
        let file = folder.join("profiles.json");
        let book = match std::fs::read(&file) {
            Err(_) => Book::default(),
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                log::warn!("profiles.json could not be read and is set aside: {error}");
                let _ = std::fs::rename(&file, file.with_extension("json.bad"));
                Book::default()
            }),
        };
        Self { file, book: Mutex::new(book) }
    }

    pub(crate) fn all(&self) -> Vec<Profile> {
        self.lock().profiles.clone()
    }

    pub(crate) fn get(&self, id: &str) -> Option<Profile> {
        self.lock().profiles.iter().find(|profile| profile.id == id).cloned()
    }

    /// The profile that was open last.
    pub(crate) fn last(&self) -> Option<Profile> {
        let id = self.lock().last.clone()?;
        self.get(&id)
    }

    /// Adds or replaces, and remembers it as the last one.
    pub(crate) fn keep(&self, profile: &Profile) -> Result<(), Failure> {
        let mut book = self.lock();
        match book.profiles.iter_mut().find(|known| known.id == profile.id) {
            Some(known) => known.clone_from(profile),
            None => book.profiles.push(profile.clone()),
        }
        book.last = Some(profile.id.clone());
        self.write(&book)
    }

    /// Removes one; the next start opens no profile if it was the last.
    pub(crate) fn forget(&self, id: &str) -> Result<(), Failure> {
        let mut book = self.lock();
        book.profiles.retain(|profile| profile.id != id);
        if book.last.as_deref() == Some(id) {
            book.last = None;
        }
        self.write(&book)
    }

    /// A colour that no other profile has: steps of the golden angle.
    pub(crate) fn next_hue(&self) -> u16 {
        let used = u16::try_from(self.lock().profiles.len()).unwrap_or(0);
        (30 + used.wrapping_mul(137)) % 360
    }

    fn write(&self, book: &Book) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(book)
            .map_err(|error| Failure::new(Code::Storage, error.to_string()))?;
        let fresh = self.file.with_extension("json.new");
        std::fs::write(&fresh, text)?;
        std::fs::rename(&fresh, &self.file)?;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
