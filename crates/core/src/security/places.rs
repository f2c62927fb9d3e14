//! Moving secrets from one place to another: into a vault, back to the keystore, or nowhere. What is not in the new
//! place is not taken from the old one.

use super::ENTRY;
use crate::connect::{cache_entry, credential_entry};
use crate::error::{Code, Failure};
use crate::profiles::{CredentialKind, Kept, Profile, ProfileKind, THIS_COMPUTER};
use crate::secrets::{LENT, SecretPlace, aside};
use crate::security::SecurityView;
use crate::session::lock;
use crate::{Console, Current};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::PoisonError;

impl Console {
    /// Makes a vault that this passphrase opens, and moves all secrets into it.
    ///
    /// # Errors
    /// [`Code::Invalid`] for a short passphrase, [`Code::Conflict`] where there is a vault, [`Code::Storage`].
    pub async fn create_vault(&self, passphrase: &str) -> Result<SecurityView, Failure> {
        self.refuse_while_locked()?;
        let entries = self.entries();
        let mut secrets = BTreeMap::new();
        if self.0.keeper.place() == SecretPlace::Keystore {
            for name in &entries {
                // A keystore that can not be asked has nothing to hand over.
                if let Ok(Some(secret)) = self.0.keeper.get(name).await {
                    secrets.insert(name.clone(), secret);
                }
            }
        }
        for (id, (base, credential)) in lock(&self.0.this_run).iter() {
            if credential.kind == CredentialKind::ApiKey {
                let bound: SecretString =
                    format!("{}\n{}", base.as_str(), credential.secret.expose_secret()).into();
                secrets.insert(credential_entry(id), bound);
            }
        }
        let (vault, passphrase): (_, SecretString) = (self.0.keeper.vault.clone(), passphrase.into());
        aside(move || vault.create(&passphrase, secrets)).await?;
        for name in entries.iter().map(String::as_str).chain([ENTRY]) {
            if let Err(failure) = self.0.keeper.remove_from_keystore(name).await {
                log::warn!("a keystore entry stays behind: {failure}");
                break;
            }
        }
        self.0.keeper.keep_for_this_run(false);
        self.0.security.edit(|settings| (settings.this_run, settings.passphrase) = (false, false))?;
        self.settle_in(Kept::Vault).await
    }

    /// Gives the vault another passphrase.
    ///
    /// # Errors
    /// [`Code::WrongPassphrase`], [`Code::VaultBroken`], [`Code::Invalid`], [`Code::Storage`]
    pub async fn change_vault_passphrase(&self, old: &str, new: &str) -> Result<SecurityView, Failure> {
        self.refuse_while_locked()?;
        let vault = self.0.keeper.vault.clone();
        let (old, new): (SecretString, SecretString) = (old.into(), new.into());
        aside(move || vault.change(&old, &new)).await?;
        self.announce_security()
    }

    /// Moves all secrets from the vault to the operating system's keystore.
    ///
    /// # Errors
    /// [`Code::WrongPassphrase`], [`Code::VaultBroken`]; [`Code::Keystore`]: then everything is where it was.
    pub async fn close_vault(&self, passphrase: &str) -> Result<SecurityView, Failure> {
        self.refuse_while_locked()?;
        let (vault, passphrase): (_, SecretString) = (self.0.keeper.vault.clone(), passphrase.into());
        let secrets = aside(move || vault.secrets(&passphrase)).await?;
        for (name, secret) in secrets {
            self.0.keeper.set_in_keystore(&name, secret).await?;
        }
        self.0.keeper.vault.erase()?;
        self.settle_in(Kept::Keystore).await
    }

    /// Erases the vault, whose passphrase is forgotten or whose file is damaged: its keys and what they open are lost,
    /// profiles stay.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub async fn erase_vault(&self) -> Result<SecurityView, Failure> {
        let _one_at_a_time = self.0.switching.lock().await;
        self.0.keeper.vault.erase()?;
        lock(&self.0.this_run).clear();
        let lost = self.0.profiles.all().into_iter().filter(|profile| is_kept(profile, Kept::Vault));
        let lost: Vec<_> = lost.map(|profile| Profile { credential: None, ..profile }).collect();
        self.0.profiles.put_all(&lost)?;
        *lock(&self.0.security.before) = None;
        self.reopen();
        self.announce_security()
    }

    /// Keeps nothing beyond a run from here on, or asks the keystore again.
    ///
    /// # Errors
    /// [`Code::Conflict`] where there is a vault; [`Code::Storage`].
    pub async fn keep_for_this_run(&self, this_run: bool) -> Result<SecurityView, Failure> {
        self.refuse_while_locked()?;
        if self.0.keeper.place() == SecretPlace::Vault {
            return Err(Failure::new(Code::Conflict { message: None }, "there is a vault"));
        }
        self.0.security.edit(|settings| settings.this_run = this_run)?;
        self.0.keeper.keep_for_this_run(this_run);
        self.announce_security()
    }

    /// Names of everything that may be kept.
    fn entries(&self) -> Vec<String> {
        let profiles = self.0.profiles.all();
        let ids = profiles.iter().map(|profile| profile.id.as_str()).chain([THIS_COMPUTER]);
        let of = |id| [credential_entry(id), cache_entry(id), crate::profiles::login_entry(id)];
        ids.flat_map(of).chain([LENT.to_owned()]).collect()
    }

    /// Profiles say where their key is now, and the open one gets a cache that outlives the run.
    async fn settle_in(&self, kept: Kept) -> Result<SecurityView, Failure> {
        let mut moved = Vec::new();
        for mut profile in self.0.profiles.all() {
            let there =
                self.0.keeper.get(&credential_entry(&profile.id)).await.is_ok_and(|secret| secret.is_some());
            if let Some(label) = profile.credential.as_mut().filter(|_| there) {
                label.kept = kept;
                moved.push(profile);
            }
        }
        self.0.profiles.put_all(&moved)?;
        let open = match &*self.0.session.read().unwrap_or_else(PoisonError::into_inner) {
            Current::Open(session) if session.profile.kind == ProfileKind::Platform => {
                Some(session.profile.id.clone())
            }
            Current::Locked { profile: Some(profile), .. } if profile.kind == ProfileKind::Platform => {
                Some(profile.id.clone())
            }
            _ => None,
        };
        if let Some(id) = open {
            self.open_profile(&id).await?;
        }
        self.announce_security()
    }
}

fn is_kept(profile: &Profile, kept: Kept) -> bool {
    profile.credential.as_ref().is_some_and(|label| label.kept == kept)
}
