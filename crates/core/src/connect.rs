//! Opening, switching, renewing and forgetting profiles: everything that swaps the one session.

use crate::address::BaseUrl;
use crate::cache::Cache;
use crate::client::{Client, Credential};
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::ledger::LedgerOutcome;
use crate::polling::{Poller, notice_sleep};
use crate::profiles::{CredentialKind, CredentialLabel, Kept, Profile, ProfileKind, THIS_COMPUTER};
use crate::session::{Resource, Session, SessionParts, SessionView, lock};
use crate::{CacheKind, Console, Current};
use nineheads_contract::instances::ListInstances;
use nineheads_contract::neighbours::GetKeyContext;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::sync::{Arc, PoisonError};
use uuid::Uuid;

impl Console {
    /// What the window starts from.
    pub fn session_view(&self) -> SessionView {
        let locked = |profile, needs_credential| SessionView {
            profile,
            needs_credential,
            denied: Vec::new(),
            cache: CacheKind::Memory,
            key: None,
        };
        match &*self.0.session.read().unwrap_or_else(PoisonError::into_inner) {
            Current::Open(session) => session.view(),
            Current::Locked(profile) => locked(Some(profile.clone()), true),
            Current::Nothing => locked(None, false),
        }
    }

    /// All known profiles.
    pub fn profiles(&self) -> Vec<Profile> {
        self.0.profiles.all()
    }

    /// The profile that was open when the app last ended.
    pub fn last_profile(&self) -> Option<Profile> {
        self.0.profiles.last()
    }

    /// Opens the platform on this computer. Its key was minted at this start and lives in memory.
    ///
    /// # Errors
    /// [`Code::BadAddress`] when `url` is no loopback address.
    pub async fn open_this_computer(&self, url: &str, key: &str, name: &str) -> Result<SessionView, Failure> {
        let base = BaseUrl::parse(url)?;
        let credential = Credential::new(CredentialKind::ApiKey, key)?;
        let profile = Profile {
            id: THIS_COMPUTER.into(),
            kind: ProfileKind::ThisComputer,
            name: name.into(),
            base_url: String::new(),
            hue: 190,
            credential: Some(label(&credential, Kept::ThisRun)),
        };
        let entry = self.enter_profile("open_profile", &profile, json!({}));
        let opened = self.swap(profile, base, credential).await;
        entry.end(&opened);
        opened
    }

    /// Checks address and credential against the platform, then keeps and opens the profile.
    ///
    /// # Errors
    /// Why the check failed: [`Code::BadAddress`], [`Code::Offline`], [`Code::NotOurApi`], [`Code::CredentialRefused`],
    /// [`Code::NotAllowed`] …
    pub async fn connect_platform(
        &self,
        base_url: &str,
        name: &str,
        kind: CredentialKind,
        secret: &str,
    ) -> Result<SessionView, Failure> {
        let base = BaseUrl::parse(base_url)?;
        let name = match name.trim() {
            "" => base.host(),
            name => name.to_owned(),
        };
        let hue = self.0.profiles.next_hue();
        let (id, base_url) = (Uuid::new_v4().to_string(), base.as_str().to_owned());
        let profile = Profile { id, kind: ProfileKind::Platform, name, base_url, hue, credential: None };
        self.check_and_open(profile, base, kind, secret).await
    }

    /// Gives a profile whose credential is missing or refused a new one, for the address it already has.
    ///
    /// # Errors
    /// See [`Console::connect_platform`].
    pub async fn renew_credential(
        &self,
        id: &str,
        kind: CredentialKind,
        secret: &str,
    ) -> Result<SessionView, Failure> {
        let profile = self.known(id)?;
        let base = BaseUrl::parse(&profile.base_url)?;
        self.check_and_open(profile, base, kind, secret).await
    }

    /// Opens a known profile with the credential that the keystore has. Without one the profile is open but locked.
    ///
    /// # Errors
    /// [`Code::NotFound`] for an unknown profile, [`Code::BadAddress`].
    pub async fn open_profile(&self, id: &str) -> Result<SessionView, Failure> {
        let profile = self.known(id)?;
        let base = BaseUrl::parse(&profile.base_url)?;
        let entry = self.enter_profile("open_profile", &profile, json!({ "address": profile.base_url }));
        let opened = self.open_known(profile, base).await;
        match &opened {
            Ok(view) if view.needs_credential => entry.close(LedgerOutcome::Failed, Some("noCredential")),
            opened => entry.end(opened),
        }
        opened
    }

    async fn open_known(&self, profile: Profile, base: BaseUrl) -> Result<SessionView, Failure> {
        let id = profile.id.as_str();
        let this_run = lock(&self.0.this_run).get(id).filter(|(bound_to, _)| *bound_to == base).cloned();
        if let Some((base, credential)) = this_run {
            return self.swap(profile, base, credential).await;
        }
        let stored = self.0.vault.get(&credential_entry(id)).await.unwrap_or_else(|failure| {
            log::warn!("the key was not read: {failure}");
            None
        });
        let credential = stored.and_then(|stored| read_credential(&stored, &base));
        let Some(credential) = credential else {
            let _one_at_a_time = self.0.switching.lock().await;
            self.set_current(Current::Locked(profile));
            return Ok(self.session_view());
        };
        self.swap(profile, base, credential).await
    }

    /// Ends the session. The profile stays known; the next start opens it again.
    pub async fn close_session(&self) {
        if let Some(profile) = self.session_view().profile {
            self.enter_profile("sign_out", &profile, json!({})).close(LedgerOutcome::Done, None);
        }
        self.leave().await;
    }

    async fn leave(&self) {
        let _one_at_a_time = self.0.switching.lock().await;
        self.set_current(Current::Nothing);
    }

    /// Erases a profile: its key, its cache, its journal rows.
    ///
    /// # Errors
    /// [`Code::DeployOpen`] while the outcome of one of its deploys is unknown.
    pub async fn forget_profile(&self, id: &str) -> Result<(), Failure> {
        let entry =
            self.0.profiles.get(id).map(|known| self.enter_profile("forget_profile", &known, json!({})));
        let forgotten = self.erase_profile(id).await;
        if let Some(entry) = entry {
            entry.end(&forgotten);
        }
        forgotten
    }

    async fn erase_profile(&self, id: &str) -> Result<(), Failure> {
        self.0.journal.forget_profile(id)?;
        lock(&self.0.this_run).remove(id);
        let open = self.session_view().profile.is_some_and(|profile| profile.id == id);
        if open {
            self.leave().await;
        }
        for entry in [credential_entry(id), cache_entry(id)] {
            if let Err(failure) = self.0.vault.remove(&entry).await {
                log::warn!("a keystore entry stays behind: {failure}");
            }
        }
        let file = self.cache_file(id);
        for tail in ["", "-wal", "-shm"] {
            let mut path = file.clone().into_os_string();
            path.push(tail);
            let _ = std::fs::remove_file(path);
        }
        self.0.notebook.forget_profile(id)?;
        let _ = std::fs::remove_file(self.catalog_file(id));
        self.0.profiles.forget(id)
    }

    fn client(&self, base: &BaseUrl, credential: &Credential) -> Result<Client, Failure> {
        Client::new(base.clone(), credential.clone(), self.0.options.timeouts)
    }

    fn known(&self, id: &str) -> Result<Profile, Failure> {
        let known = self.0.profiles.get(id);
        known.ok_or_else(|| Failure::new(Code::NotFound { message: None }, "no such profile"))
    }

    /// As [`Console::open_checked`], with its line in the ledger.
    async fn check_and_open(
        &self,
        profile: Profile,
        base: BaseUrl,
        kind: CredentialKind,
        secret: &str,
    ) -> Result<SessionView, Failure> {
        // Known before anything about it is written: what was typed may stand in the name as well.
        let credential = Credential::new(kind, secret)?;
        let detail = json!({ "address": profile.base_url, "credential": kind });
        let entry = self.enter_profile("sign_in", &profile, detail);
        let opened = self.open_checked(profile, base, credential).await;
        entry.end(&opened);
        opened
    }

    async fn open_checked(
        &self,
        mut profile: Profile,
        base: BaseUrl,
        credential: Credential,
    ) -> Result<SessionView, Failure> {
        let kind = credential.kind;
        self.client(&base, &credential)?.send(&ListInstances).await?;
        // A token ends within the hour: it is never kept. A key is, where the keystore takes it.
        let kept = match kind {
            CredentialKind::BearerToken => {
                // The key it replaces was refused, or is not wanted any more.
                let _ = self.0.vault.remove(&credential_entry(&profile.id)).await;
                Kept::ThisRun
            }
            CredentialKind::ApiKey => self.keep_key(&profile.id, &base, &credential).await,
        };
        profile.credential = Some(label(&credential, kept));
        self.swap(profile, base, credential).await
    }

    async fn keep_key(&self, id: &str, base: &BaseUrl, credential: &Credential) -> Kept {
        let bound: SecretString = format!("{}\n{}", base.as_str(), credential.secret.expose_secret()).into();
        match self.0.vault.set(&credential_entry(id), bound).await {
            Ok(()) => Kept::Keystore,
            Err(failure) => {
                log::warn!("the key is kept for this run only: {failure}");
                Kept::ThisRun
            }
        }
    }

    async fn swap(
        &self,
        profile: Profile,
        base: BaseUrl,
        credential: Credential,
    ) -> Result<SessionView, Failure> {
        let _one_at_a_time = self.0.switching.lock().await;
        let client = self.client(&base, &credential)?;
        if profile.kind == ProfileKind::Platform {
            lock(&self.0.this_run).insert(profile.id.clone(), (base, credential));
        }
        let cache = self.open_cache(&profile.id).await?;
        if let Err(failure) = self.0.profiles.keep(&profile) {
            log::warn!("the profile is known for this run only: {failure}");
        }
        let catalog_file = self.catalog_file(&profile.id);
        let (intervals, surroundings) = (self.0.options.intervals, self.0.surroundings.subscribe());
        let poller = Poller::new(intervals, surroundings, client.traffic.clone());
        let session = Session::new(SessionParts {
            profile,
            client,
            cache,
            journal: self.0.journal.clone(),
            ledger: self.0.ledger.clone(),
            notebook: self.0.notebook.clone(),
            catalog_file,
            poller,
            events: self.0.events.clone(),
            clock: self.0.options.clock.clone(),
            boot_clock: self.0.options.boot_clock.clone(),
            surroundings: self.0.surroundings.clone(),
        });
        // Deploys first: Deploy is not enabled before what was left open is known.
        if let Err(failure) = session.resume_deploys() {
            log::error!("earlier deploys were not read: {failure}");
        }
        session.start_list();
        tokio::spawn(notice_sleep(session.clone()));
        tokio::spawn(self.clone().keep_cache_small(session.clone()));
        self.go_on_watching(&session);
        learn_rights(&session);
        self.set_current(Current::Open(session));
        Ok(self.session_view())
    }

    /// The same profile with another credential: the screens that are open go on.
    fn go_on_watching(&self, session: &Arc<Session>) {
        let held = self.0.session.read().unwrap_or_else(PoisonError::into_inner);
        let Current::Open(old) = &*held else { return };
        if old.profile.id != session.profile.id {
            return;
        }
        for resource in old.watched() {
            match resource {
                Resource::Instance(id) => drop(session.watch_instance(&id)),
                Resource::Logs(id) => session.look_at_logs_for_ever(&id),
                Resource::List | Resource::Deploy(_) => {}
            }
        }
    }

    fn set_current(&self, current: Current) {
        let mut held = self.0.session.write().unwrap_or_else(PoisonError::into_inner);
        if let Current::Open(old) = std::mem::replace(&mut *held, current) {
            old.close();
        }
        drop(held);
        self.0.events.announce(Event::SessionChanged);
    }

    async fn open_cache(&self, id: &str) -> Result<Cache, Failure> {
        let entry = cache_entry(id);
        let key = match self.0.vault.get(&entry).await {
            Ok(Some(key)) => Ok(key),
            Ok(None) => {
                let key: SecretString = random_key().into();
                self.0.vault.set(&entry, key.clone()).await.map(|()| key)
            }
            Err(failure) => Err(failure),
        };
        match key {
            Ok(key) => {
                crate::redact::know(key.expose_secret());
                Cache::open(&self.cache_file(id), &key)
            }
            Err(failure) => {
                log::warn!("the cache stays in memory: {failure}");
                Cache::in_memory()
            }
        }
    }

    fn catalog_file(&self, id: &str) -> std::path::PathBuf {
        self.0.options.data_folder.join(format!("catalog-{id}.json"))
    }

    fn cache_file(&self, id: &str) -> std::path::PathBuf {
        self.0.options.data_folder.join(format!("cache-{id}.db"))
    }
}

/// Asks for scopes and tenant where the platform tells them; it may live without.
fn learn_rights(session: &Arc<Session>) {
    let session = session.clone();
    tokio::spawn(async move {
        if let Ok(context) = session.client.send(&GetKeyContext).await {
            *lock(&session.key_context) = Some(context);
            session.announce(Event::SessionChanged);
        }
    });
}

fn label(credential: &Credential, kept: Kept) -> CredentialLabel {
    CredentialLabel { kind: credential.kind, last_four: credential.last_four(), kept }
}

/// A key is bound to the exact address it was entered for.
fn read_credential(stored: &SecretString, base: &BaseUrl) -> Option<Credential> {
    let (bound_to, secret) = stored.expose_secret().split_once('\n')?;
    (bound_to == base.as_str()).then(|| Credential::new(CredentialKind::ApiKey, secret).ok())?
}

fn credential_entry(id: &str) -> String {
    format!("key:{id}")
}

fn cache_entry(id: &str) -> String {
    format!("cache:{id}")
}

/// 256 bits as SQLCipher takes a raw key: 64 hexadecimal digits.
fn random_key() -> String {
    let bytes: [u8; 32] = rand::random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
