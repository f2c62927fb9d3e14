//! The list on disk. It is replaced as a whole or not at all; one that makes no sense is set aside; one that can not be
//! read is left alone and never taken for empty.

use super::{Profile, ProfileId};
use crate::cache::set_aside;
use crate::error::{Code, Failure};
use crate::private_file;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use specta::Type;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is wrong with the list of profiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ProfilesTrouble {
    /// It made no sense and was set aside; a new one was begun. Keys are where they were.
    SetAside,
    /// It is there and can not be read: nothing is written over it, and what is added is known for this run only.
    Unreadable {
        /// The system's words.
        detail: String,
    },
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Book {
    profiles: Vec<Profile>,
    last: Option<ProfileId>,
}

/// The list.
#[derive(Debug)]
pub(crate) struct Profiles {
    file: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    book: Book,
    trouble: Option<ProfilesTrouble>,
}

impl Profiles {
    /// Reads the list.
    pub(crate) fn open(folder: &Path) -> Self {
        let file = folder.join("profiles.json");
        let state = match read(&file) {
            Ok(book) => State { book, trouble: None },
            Err(trouble) => State { book: Book::default(), trouble: Some(trouble) },
        };
        Self { file, state: Mutex::new(state) }
    }

    /// Why the list may be shorter than it was.
    pub(crate) fn trouble(&self) -> Option<ProfilesTrouble> {
        self.lock().trouble.clone()
    }

    pub(crate) fn all(&self) -> Vec<Profile> {
        self.lock().book.profiles.clone()
    }

    pub(crate) fn get(&self, id: &str) -> Option<Profile> {
        self.lock().book.profiles.iter().find(|profile| profile.id == id).cloned()
    }

    /// The profile that was open last.
    pub(crate) fn last(&self) -> Option<Profile> {
        let id = self.lock().book.last.clone()?;
        self.get(&id)
    }

    /// Adds or replaces, and remembers it as the last one.
    pub(crate) fn keep(&self, profile: &Profile) -> Result<(), Failure> {
        self.edit(|book| {
            put(book, profile);
            book.last = Some(profile.id.clone());
        })
    }

    /// Adds or replaces some.
    pub(crate) fn put_all(&self, profiles: &[Profile]) -> Result<(), Failure> {
        self.edit(|book| profiles.iter().for_each(|profile| put(book, profile)))
    }

    /// Puts them in this order; what is not named comes last.
    pub(crate) fn order(&self, ids: &[ProfileId]) -> Result<(), Failure> {
        let place = |profile: &Profile| ids.iter().position(|id| *id == profile.id).unwrap_or(ids.len());
        self.edit(|book| book.profiles.sort_by_key(place))
    }

    /// Removes one; the next start opens no profile if it was the last.
    pub(crate) fn forget(&self, id: &str) -> Result<(), Failure> {
        self.edit(|book| {
            book.profiles.retain(|profile| profile.id != id);
            if book.last.as_deref() == Some(id) {
                book.last = None;
            }
        })
    }

    /// A colour that is far from those of the others: steps of the golden angle.
    pub(crate) fn next_hue(&self) -> u16 {
        let used = u16::try_from(self.lock().book.profiles.len()).unwrap_or(0);
        (30 + used.wrapping_mul(137)) % 360
    }

    /// What is in memory is what was asked for; whether it is on disk, too, is the result.
    fn edit(&self, edit: impl FnOnce(&mut Book)) -> Result<(), Failure> {
        let mut state = self.lock();
        if let Some(ProfilesTrouble::Unreadable { .. }) = state.trouble {
            match read(&self.file) {
                Ok(mut book) => {
                    state.book.profiles.iter().for_each(|profile| put(&mut book, profile));
                    *state = State { book, trouble: None };
                }
                Err(trouble) => state.trouble = Some(trouble),
            }
        }
        edit(&mut state.book);
        if let Some(ProfilesTrouble::Unreadable { detail }) = &state.trouble {
            return Err(Failure::new(Code::Storage, format!("profiles.json can not be read: {detail}")));
        }
        let text = serde_json::to_vec_pretty(&state.book)
            .map_err(|error| Failure::new(Code::Storage, error.to_string()))?;
        Ok(private_file::replace(&self.file, &text)?)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn put(book: &mut Book, profile: &Profile) {
    match book.profiles.iter_mut().find(|known| known.id == profile.id) {
        Some(known) => known.clone_from(profile),
        None => book.profiles.push(profile.clone()),
    }
}

fn read(file: &Path) -> Result<Book, ProfilesTrouble> {
    let bytes = match private_file::read_if_there(file) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(Book::default()),
        Err(error) => {
            log::error!("profiles.json can not be read and is left alone: {error}");
            return Err(ProfilesTrouble::Unreadable { detail: error.to_string() });
        }
    };
    let read = serde_json::from_slice(&bytes).and_then(|book| serde_json::from_value(completed(book)));
    read.map_err(|error| {
        log::warn!("profiles.json makes no sense and is set aside: {error}");
        set_aside(file);
        ProfilesTrouble::SetAside
    })
}

/// Gives a list of an earlier version what it did not know.
fn completed(mut book: Value) -> Value {
    let usual = json!({"purpose": "own", "safety": "full", "proxy": {"type": "system"}, "certificate": null});
    let profiles = book.get_mut("profiles").and_then(Value::as_array_mut);
    for profile in profiles.into_iter().flatten().filter_map(Value::as_object_mut) {
        for (name, value) in usual.as_object().into_iter().flatten() {
            profile.entry(name).or_insert_with(|| value.clone());
        }
    }
    book
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profiles::ProfileKind;

    fn profile(id: &str) -> Profile {
        Profile {
            id: id.into(),
            kind: ProfileKind::Platform,
            name: id.to_uppercase(),
            base_url: "https://x.example".into(),
            hue: 30,
            credential: None,
            purpose: Default::default(),
            safety: Default::default(),
            proxy: Default::default(),
            certificate: None,
        }
    }

    fn ids(profiles: &Profiles) -> Vec<String> {
        profiles.all().into_iter().map(|profile| profile.id).collect()
    }

    #[test]
    fn a_list_that_can_not_be_read_is_never_taken_for_empty_and_never_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("profiles.json");
        // A folder can be looked at and not be read, whoever runs the test.
        std::fs::create_dir(&file).expect("makes");
        let profiles = Profiles::open(folder.path());
        assert!(matches!(profiles.trouble(), Some(ProfilesTrouble::Unreadable { .. })));
        assert_eq!(profiles.keep(&profile("new")).expect_err("refused").code, Code::Storage);
        assert_eq!(ids(&profiles), ["new"], "known for this run");
        assert!(file.is_dir(), "left alone");

        // Once it can be read again, what was there and what was added are both there.
        std::fs::remove_dir(&file).expect("removes");
        let other = tempfile::tempdir().expect("a folder");
        Profiles::open(other.path()).keep(&profile("old")).expect("writes");
        std::fs::copy(other.path().join("profiles.json"), &file).expect("copies");
        profiles.keep(&profile("newer")).expect("writes");
        assert_eq!(ids(&Profiles::open(folder.path())), ["old", "new", "newer"]);
        assert_eq!(profiles.trouble(), None);
    }

    #[test]
    fn a_list_that_makes_no_sense_is_set_aside_and_three_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        for _ in 0..5 {
            std::fs::write(folder.path().join("profiles.json"), b"{\"profiles\": [{]").expect("writes");
            let profiles = Profiles::open(folder.path());
            assert_eq!(profiles.trouble(), Some(ProfilesTrouble::SetAside));
            profiles.keep(&profile("a")).expect("writes");
        }
        let names = folder.path().read_dir().expect("a folder").filter_map(Result::ok);
        let bad = names.filter(|entry| entry.file_name().to_string_lossy().starts_with("profiles.json.bad-"));
        assert_eq!(bad.count(), 3);
        assert_eq!(Profiles::open(folder.path()).trouble(), None);
    }

    #[test]
    fn a_list_of_an_earlier_version_is_read_with_the_usual_settings() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = r#"{"profiles":[{"id":"a","kind":"platform","name":"A","baseUrl":"https://x.example","hue":1,"credential":null}],"last":"a"}"#;
        std::fs::write(folder.path().join("profiles.json"), text).expect("writes");
        let profiles = Profiles::open(folder.path());
        assert_eq!(profiles.last().map(|last| last.safety), Some(crate::profiles::Safety::Full));
    }

    #[test]
    fn an_order_is_kept_and_what_it_does_not_name_comes_last() {
        let folder = tempfile::tempdir().expect("a folder");
        let profiles = Profiles::open(folder.path());
        for id in ["a", "b", "c"] {
            profiles.keep(&profile(id)).expect("writes");
        }
        profiles.order(&["c".into(), "a".into(), "nobody".into()]).expect("writes");
        assert_eq!(ids(&Profiles::open(folder.path())), ["c", "a", "b"]);
    }
}
