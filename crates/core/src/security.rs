//! The lock: secrets and what they open leave memory, and the window shows nothing until it is unlocked. And the choice
//! where secrets are kept. Belongs here: when and how. Does not belong here: the places themselves (`secrets`).

mod places;

use crate::error::{Code, Failure};
use crate::profiles::{Profile, ProfileId};
use crate::secrets::{Derivation, KeystoreState, SecretPlace, check_length};
use crate::session::{Clock, LockReason, lock};
use crate::{Console, Current, Event, private_file};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often it is looked whether the window has been idle for long enough.
const LOOK: Duration = Duration::from_secs(5);
/// Longest idle time in minutes: a day.
const LONGEST: u16 = 24 * 60;
/// The keystore's entry of the app's own passphrase.
const ENTRY: &str = "app-lock";

/// Where secrets are and what locks them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SecurityView {
    /// Where secrets are kept.
    pub place: SecretPlace,
    /// What is known of the operating system's keystore.
    pub keystore: KeystoreState,
    /// After how many minutes without input the app locks; none for never.
    pub idle_minutes: Option<u16>,
    /// Whether unlocking asks for a passphrase: the vault's, or the app's own.
    pub asks_passphrase: bool,
    /// Whether it is locked now.
    pub locked: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Settings {
    idle_minutes: Option<u16>,
    /// Nothing is kept beyond a run.
    this_run: bool,
    /// The app has a passphrase of its own.
    passphrase: bool,
}

/// See the module.
pub(crate) struct Security {
    file: PathBuf,
    settings: Mutex<Settings>,
    active_at: Mutex<DateTime<Utc>>,
    shut: AtomicBool,
    /// What was open when it was locked.
    before: Mutex<Option<ProfileId>>,
    clock: Clock,
}

/// The app's own passphrase, as far as it is kept.
#[derive(Serialize, Deserialize)]
struct Verifier {
    derivation: Derivation,
    check: String,
}

impl Security {
    pub(crate) fn open(folder: &Path, clock: Clock) -> Self {
        let file = folder.join("security.json");
        let read = private_file::read_if_there(&file).unwrap_or_else(|error| {
            log::error!("security.json can not be read: {error}");
            None
        });
        let settings = read.map(|bytes| {
            serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                log::warn!("security.json makes no sense and is set aside: {error}");
                crate::cache::set_aside(&file);
                Settings::default()
            })
        });
        Self {
            file,
            settings: Mutex::new(settings.unwrap_or_default()),
            active_at: Mutex::new(clock()),
            shut: AtomicBool::new(false),
            before: Mutex::default(),
            clock,
        }
    }

    pub(crate) fn keeps_nothing(&self) -> bool {
        lock(&self.settings).this_run
    }

    pub(crate) fn is_shut(&self) -> bool {
        self.shut.load(Ordering::Acquire)
    }

    fn edit(&self, edit: impl FnOnce(&mut Settings)) -> Result<(), Failure> {
        let mut settings = lock(&self.settings);
        let mut next = settings.clone();
        edit(&mut next);
        let text = serde_json::to_vec_pretty(&next)
            .map_err(|error| Failure::new(Code::Storage, error.to_string()))?;
        private_file::replace(&self.file, &text)?;
        *settings = next;
        Ok(())
    }

    fn note_activity(&self) {
        *lock(&self.active_at) = (self.clock)();
    }

    /// A clock that was turned back starts anew: it must not lock too late by as much as it was turned.
    fn is_idle(&self) -> bool {
        let Some(minutes) = lock(&self.settings).idle_minutes else { return false };
        let (now, mut active_at) = ((self.clock)(), lock(&self.active_at));
        *active_at = (*active_at).min(now);
        now - *active_at >= TimeDelta::minutes(minutes.into())
    }
}

impl Console {
    /// Where secrets are and what locks them.
    pub fn security(&self) -> SecurityView {
        let settings = lock(&self.0.security.settings).clone();
        let place = self.0.keeper.place();
        SecurityView {
            place,
            keystore: self.0.keeper.keystore_state(),
            idle_minutes: settings.idle_minutes,
            asks_passphrase: place == SecretPlace::Vault || settings.passphrase,
            locked: self.0.security.is_shut(),
        }
    }

    /// What the app starts with, before anything was asked: the profile to open, or none where it starts locked or
    /// with no profile. The window can be shown from here on.
    pub fn begin(&self) -> Option<Profile> {
        let last = self.0.profiles.last();
        if self.security().asks_passphrase {
            *lock(&self.0.security.before) = last.map(|last| last.id);
            self.shut();
            return None;
        }
        let profile = last?;
        self.set_current(Current::Locked { profile: Some(profile.clone()), why: LockReason::Opening });
        Some(profile)
    }

    /// Locks now: the session ends, and every secret and the opened cache leave memory.
    pub async fn lock_now(&self) {
        let _one_at_a_time = self.0.switching.lock().await;
        if self.0.security.is_shut() {
            return;
        }
        *lock(&self.0.security.before) = self.session_view().profile.map(|profile| profile.id);
        self.shut();
    }

    fn shut(&self) {
        self.0.security.shut.store(true, Ordering::Release);
        self.set_current(Current::Locked { profile: None, why: self.why_shut() });
        lock(&self.0.this_run).clear();
        lock(&self.0.logins).clear();
        self.0.keeper.vault.close();
    }

    fn why_shut(&self) -> LockReason {
        match self.0.keeper.place() {
            SecretPlace::Vault => LockReason::Vault,
            _ => LockReason::App,
        }
    }

    /// Unlocks; answers with the profile that was open, for the shell to open again.
    ///
    /// # Errors
    /// [`Code::WrongPassphrase`], [`Code::VaultBroken`], [`Code::Keystore`]; it stays locked.
    pub async fn unlock(&self, passphrase: Option<&str>) -> Result<Option<Profile>, Failure> {
        let _one_at_a_time = self.0.switching.lock().await;
        if !self.0.security.is_shut() {
            return Ok(None);
        }
        let passphrase: SecretString = passphrase.unwrap_or_default().into();
        match self.0.keeper.place() {
            SecretPlace::Vault => {
                let vault = self.0.keeper.vault.clone();
                crate::secrets::aside(move || vault.unlock(&passphrase)).await?;
            }
            _ => self.check_app_passphrase(passphrase).await?,
        }
        Ok(self.reopen())
    }

    /// The lock is off: what was open is being opened.
    fn reopen(&self) -> Option<Profile> {
        self.0.security.shut.store(false, Ordering::Release);
        self.0.security.note_activity();
        let profile = lock(&self.0.security.before).take().and_then(|id| self.0.profiles.get(&id));
        self.set_current(match &profile {
            Some(profile) => Current::Locked { profile: Some(profile.clone()), why: LockReason::Opening },
            None => Current::Nothing,
        });
        profile
    }

    /// What was being opened can not be: nothing is open, and the window says what can be done instead.
    pub fn give_up_opening(&self) {
        let opening = matches!(self.session_view().lock, Some(LockReason::Opening));
        if opening {
            self.set_current(Current::Nothing);
        }
    }

    /// There was input in the window.
    pub fn note_activity(&self) {
        self.0.security.note_activity();
    }

    /// Locks when there was no input for as long as the person chose. True when it did.
    pub async fn lock_when_idle(&self) -> bool {
        let due = !self.0.security.is_shut() && self.0.security.is_idle();
        if due {
            self.lock_now().await;
        }
        due
    }

    /// Looks again and again whether it is time to lock.
    pub async fn watch_idle(&self) {
        loop {
            tokio::time::sleep(LOOK).await;
            self.lock_when_idle().await;
        }
    }

    /// After how many minutes without input the app locks; none for never.
    ///
    /// # Errors
    /// [`Code::Invalid`], [`Code::Storage`]
    pub fn set_idle_minutes(&self, minutes: Option<u16>) -> Result<SecurityView, Failure> {
        self.refuse_while_locked()?;
        if minutes.is_some_and(|minutes| minutes == 0 || minutes > LONGEST) {
            let msg = format!("1 to {LONGEST} minutes");
            return Err(Failure::new(Code::Invalid { message: Some(msg.clone()), fields: Vec::new() }, msg));
        }
        self.0.security.edit(|settings| settings.idle_minutes = minutes)?;
        self.0.security.note_activity();
        self.announce_security()
    }

    /// Gives the app a passphrase of its own, another one, or none. The vault has its own.
    ///
    /// # Errors
    /// [`Code::WrongPassphrase`], [`Code::Invalid`], [`Code::Keystore`] where it can not be kept.
    pub async fn set_app_passphrase(
        &self,
        old: Option<&str>,
        new: Option<&str>,
    ) -> Result<SecurityView, Failure> {
        self.refuse_while_locked()?;
        if self.0.keeper.place() == SecretPlace::Vault {
            return Err(Failure::new(
                Code::Conflict { message: None },
                "the vault's passphrase locks the app",
            ));
        }
        self.check_app_passphrase(old.unwrap_or_default().into()).await?;
        match new {
            Some(new) => {
                let new: SecretString = new.into();
                check_length(&new)?;
                let text = crate::secrets::aside(move || {
                    let derivation = Derivation::fresh();
                    let check = derivation.check(&new)?;
                    serde_json::to_string(&Verifier { derivation, check })
                        .map_err(|error| Failure::new(Code::Storage, error.to_string()))
                })
                .await?;
                self.0.keeper.set(ENTRY, text.into()).await?;
            }
            None => self.0.keeper.remove(ENTRY).await?,
        }
        self.0.security.edit(|settings| settings.passphrase = new.is_some())?;
        self.announce_security()
    }

    /// Whoever took the entry out of the keystore could have taken the keys as well: then there is nothing to check.
    async fn check_app_passphrase(&self, given: SecretString) -> Result<(), Failure> {
        if !lock(&self.0.security.settings).passphrase {
            return Ok(());
        }
        let Some(kept) = self.0.keeper.get(ENTRY).await? else { return Ok(()) };
        let verifier: Verifier = serde_json::from_str(kept.expose_secret())
            .map_err(|_| Failure::new(Code::VaultBroken, "the kept passphrase is not readable"))?;
        let check = crate::secrets::aside(move || {
            verifier.derivation.check(&given).map(|check| check == verifier.check)
        });
        match check.await? {
            true => Ok(()),
            false => Err(Failure::new(Code::WrongPassphrase, "the app has another passphrase")),
        }
    }

    fn announce_security(&self) -> Result<SecurityView, Failure> {
        self.0.events.announce(Event::SessionChanged);
        Ok(self.security())
    }

    /// # Errors
    /// [`Code::Locked`]
    pub(crate) fn refuse_while_locked(&self) -> Result<(), Failure> {
        match self.0.security.is_shut() {
            true => Err(Failure::new(Code::Locked, "the app is locked")),
            false => Ok(()),
        }
    }
}
