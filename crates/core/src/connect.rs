//! Opening, switching and renewing profiles: everything that swaps the one session.

mod cache;
mod forget;
mod keyless;
mod rights;
mod this_run;

use crate::address::BaseUrl;
use crate::cache::Cache;
use crate::client::{Client, Credential};
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::ledger::LedgerOutcome;
use crate::polling::{Poller, notice_time};
use crate::profiles::{
    CredentialKind, CredentialLabel, Kept, Profile, ProfileEdit, ProfileId, ProfileKind, Proxy, Purpose,
    Safety, THIS_COMPUTER, checked_name,
};
use crate::secrets::SecretPlace;
use crate::session::{Keyless, LockReason, Resource, Session, SessionParts, SessionView, lock};
use crate::{CacheKind, Console, Current};
use nineheads_contract::instances::ListInstances;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::sync::{Arc, PoisonError};
use uuid::Uuid;

impl Console {
    /// What the window starts from.
    pub fn session_view(&self) -> SessionView {
        let trouble = self.0.profiles.trouble();
        let shut = |profile: Option<Profile>, lock| SessionView {
            profile,
            needs_credential: matches!(lock, Some(LockReason::NoCredential | LockReason::Keystore)),
            keyless: None,
            lock,
            trouble: trouble.clone(),
            denied: Vec::new(),
            cache: CacheKind::Memory,
            key: None,
        };
        match &*self.0.session.read().unwrap_or_else(PoisonError::into_inner) {
            Current::Open(session) => SessionView { trouble, ..session.view() },
            Current::Locked { profile, why } => shut(profile.clone(), Some(*why)),
            Current::Nothing => shut(None, None),
        }
    }

    /// All known profiles; none while the app is locked.
    pub fn profiles(&self) -> Vec<Profile> {
        if self.0.security.is_shut() { Vec::new() } else { self.0.profiles.all() }
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
        let known = self.0.profiles.get(THIS_COMPUTER).unwrap_or_else(|| Profile {
            name: name.into(),
            hue: 190,
            ..fresh(THIS_COMPUTER.into(), ProfileKind::ThisComputer)
        });
        let profile = Profile { credential: Some(label(&credential, Kept::ThisRun)), ..known };
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
        let edit = ProfileEdit { name: name.into(), ..ProfileEdit::default() };
        self.connect_with(base_url, &edit, kind, secret).await
    }

    /// As [`Console::connect_platform`], with everything a profile can be told. One for support starts read-only.
    ///
    /// # Errors
    /// As there; [`Code::Invalid`] for a proxy or a certificate that can not be used.
    pub async fn connect_with(
        &self,
        base_url: &str,
        edit: &ProfileEdit,
        kind: CredentialKind,
        secret: &str,
    ) -> Result<SessionView, Failure> {
        self.refuse_while_locked()?;
        let base = BaseUrl::parse(base_url)?;
        let mut profile = Profile {
            name: checked_name(&edit.name, &base)?,
            base_url: base.as_str().to_owned(),
            hue: edit.hue.map_or_else(|| self.0.profiles.next_hue(), |hue| hue % 360),
            purpose: edit.purpose,
            safety: if edit.purpose == Purpose::Support { Safety::ReadOnly } else { edit.safety },
            ..fresh(Uuid::new_v4().to_string(), ProfileKind::Platform)
        };
        let id = profile.id.clone();
        self.take_network(&mut profile, edit).await?;
        let opened = self.check_and_open(profile, base, kind, secret).await;
        if opened.is_err() {
            self.leave_no_network(&id).await;
        }
        opened
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
        self.refuse_while_locked()?;
        let profile = self.known(id)?;
        let base = BaseUrl::parse(&profile.base_url)?;
        self.check_and_open(profile, base, kind, secret).await
    }

    /// Opens a known profile with the credential that is kept for it. Without one, what is kept of the profile can be
    /// read and nothing is sent; where that can not be read either, it is locked.
    ///
    /// # Errors
    /// [`Code::NotFound`] for an unknown profile, [`Code::BadAddress`].
    pub async fn open_profile(&self, id: &str) -> Result<SessionView, Failure> {
        self.refuse_while_locked()?;
        let profile = self.known(id)?;
        let base = BaseUrl::parse(&profile.base_url)?;
        let entry = self.enter_profile("open_profile", &profile, json!({ "address": profile.base_url }));
        let opened = self.open_known(profile, base).await;
        match &opened {
            // Looking at what is kept needs no key.
            Ok(view) if view.keyless.is_some() => entry.close(LedgerOutcome::Done, Some("noCredential")),
            Ok(view) if view.needs_credential => entry.close(LedgerOutcome::Failed, Some("noCredential")),
            opened => entry.end(opened),
        }
        opened
    }

    async fn open_known(&self, profile: Profile, base: BaseUrl) -> Result<SessionView, Failure> {
        match self.credential_of(&profile.id, &base).await {
            Ok(Some(credential)) => self.swap(profile, base, credential).await,
            Ok(None) => self.open_keyless(profile, base, Keyless::NotHere).await,
            Err(failure) => {
                log::warn!("the key was not read: {failure}");
                self.open_keyless(profile, base, Keyless::Unread).await
            }
        }
    }

    /// The credential of a profile for exactly this address, from this run or from where it is kept. What lies there
    /// and makes no sense is no credential.
    pub(crate) async fn credential_of(
        &self,
        id: &str,
        base: &BaseUrl,
    ) -> Result<Option<Credential>, Failure> {
        let this_run = lock(&self.0.this_run).get(id).filter(|(bound_to, _)| bound_to == base).cloned();
        if let Some((_, credential)) = this_run {
            return Ok(Some(credential));
        }
        let stored = self.0.keeper.get(&credential_entry(id)).await?;
        Ok(stored.and_then(|stored| read_credential(&stored, base)))
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
        if !self.0.security.is_shut() {
            self.set_current(Current::Nothing);
        }
    }

    async fn client(
        &self,
        profile: &Profile,
        base: &BaseUrl,
        credential: Result<&Credential, Keyless>,
    ) -> Result<Client, Failure> {
        let network = self.network_of(profile).await;
        Client::new(base.clone(), credential.cloned(), self.0.options.timeouts, &network)
    }

    pub(crate) fn known(&self, id: &str) -> Result<Profile, Failure> {
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
        self.client(&profile, &base, Ok(&credential)).await?.send(&ListInstances).await?;
        // A token ends within the hour: it is never kept. A key is, where there is a place for it.
        let kept = match kind {
            CredentialKind::BearerToken => {
                // The key it replaces was refused, or is not wanted any more.
                let _ = self.0.keeper.remove(&credential_entry(&profile.id)).await;
                Kept::ThisRun
            }
            CredentialKind::ApiKey => self.keep_key(&profile.id, &base, &credential).await,
        };
        profile.credential = Some(label(&credential, kept));
        self.swap(profile, base, credential).await
    }

    async fn keep_key(&self, id: &str, base: &BaseUrl, credential: &Credential) -> Kept {
        let bound: SecretString = format!("{}\n{}", base.as_str(), credential.secret.expose_secret()).into();
        match self.0.keeper.set(&credential_entry(id), bound).await {
            Ok(()) if self.0.keeper.place() == SecretPlace::Vault => Kept::Vault,
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
        // It was locked while this was on its way: nothing opens behind the lock.
        self.refuse_while_locked()?;
        let client = self.client(&profile, &base, Ok(&credential)).await?;
        if profile.kind == ProfileKind::Platform {
            lock(&self.0.this_run).insert(profile.id.clone(), (base, credential));
        }
        self.hold_drafts();
        let cache = self.open_cache(&profile.id).await?;
        Ok(self.put_in_front(profile, client, cache))
    }

    /// The profile's session takes the place of whatever was open. While this goes on nothing else is opened or closed.
    fn put_in_front(&self, profile: Profile, client: Client, cache: Cache) -> SessionView {
        self.hand_back_drafts(&profile.id, &cache);
        let beside = self.0.options.beside;
        if !beside && let Err(failure) = self.0.profiles.keep(&profile) {
            log::warn!("the profile is known for this run only: {failure}");
        }
        let catalog_file = self.catalog_file(&profile.id);
        let (intervals, surroundings) = (self.0.options.intervals, self.0.surroundings.subscribe());
        let poller = Poller::new(intervals, surroundings, client.traffic.clone());
        let poller = if client.keyless().is_some() { poller.without_key() } else { poller };
        let session = Session::new(SessionParts {
            profile,
            client,
            cache,
            journal: self.0.journal.clone(),
            bulk: self.0.bulk.clone(),
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
        if !beside && let Err(failure) = session.resume_deploys() {
            log::error!("earlier deploys were not read: {failure}");
        }
        if !beside && let Err(failure) = session.rest_left_bulk() {
            log::error!("earlier bulk jobs were not read: {failure}");
        }
        session.start_list();
        tokio::spawn(notice_time(session.clone()));
        tokio::spawn(self.clone().keep_cache_small(session.clone()));
        self.go_on_watching(&session);
        rights::learn_rights(&session);
        let id = session.profile.id.clone();
        self.set_current(Current::Open(session));
        // They are in the new session's cache; only another profile's are held on.
        lock(&self.0.held_drafts).remove(&id);
        self.session_view()
    }

    pub(crate) fn set_current(&self, current: Current) {
        self.hold_drafts();
        let mut held = self.0.session.write().unwrap_or_else(PoisonError::into_inner);
        if let Current::Open(old) = std::mem::replace(&mut *held, current) {
            old.close();
        }
        drop(held);
        self.0.events.announce(Event::SessionChanged);
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
                Resource::List | Resource::Deploy(_) | Resource::LocalRuntime => {}
            }
        }
    }
}

fn label(credential: &Credential, kept: Kept) -> CredentialLabel {
    CredentialLabel { kind: credential.kind, last_four: credential.last_four(), kept }
}

/// A key is bound to the exact address it was entered for.
fn read_credential(stored: &SecretString, base: &BaseUrl) -> Option<Credential> {
    let (bound_to, secret) = stored.expose_secret().split_once('\n')?;
    (bound_to == base.as_str()).then(|| Credential::new(CredentialKind::ApiKey, secret).ok())?
}

pub(crate) fn credential_entry(id: &str) -> String {
    format!("key:{id}")
}

pub(crate) fn cache_entry(id: &str) -> String {
    format!("cache:{id}")
}

fn fresh(id: ProfileId, kind: ProfileKind) -> Profile {
    Profile {
        id,
        kind,
        name: String::new(),
        base_url: String::new(),
        hue: 0,
        credential: None,
        purpose: Purpose::default(),
        safety: Safety::default(),
        proxy: Proxy::default(),
        certificate: None,
    }
}
