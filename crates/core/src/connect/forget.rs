//! What becomes of a profile's traces: all of them go when it is forgotten, and what was typed in one stays as long as
//! the app runs, whatever is opened or locked in between.

use super::{cache_entry, credential_entry};
use crate::cache::{Cache, CacheKind};
use crate::error::Failure;
use crate::profiles::login_entry;
use crate::session::lock;
use crate::{Console, Current};
use serde_json::json;
use std::sync::PoisonError;

impl Console {
    /// Erases a profile: its key, its cache and the cache's key, its journal rows, its bulk jobs, its budgets, labels and views, its catalog, its proxy's
    /// login, its certificates. The ledger stays: it says what was done from this computer.
    ///
    /// # Errors
    /// [`Code::DeployOpen`](crate::Code::DeployOpen) while the outcome of one of its deploys is unknown;
    /// [`Code::Locked`](crate::Code::Locked).
    pub async fn forget_profile(&self, id: &str) -> Result<(), Failure> {
        self.refuse_while_locked()?;
        let known = self.0.profiles.get(id);
        let entry = known.map(|known| self.enter_profile("forget_profile", &known, json!({})));
        let forgotten = self.erase_profile(id).await;
        if let Some(entry) = entry {
            entry.end(&forgotten);
        }
        forgotten
    }

    async fn erase_profile(&self, id: &str) -> Result<(), Failure> {
        self.0.journal.forget_profile(id)?;
        self.0.bulk.forget_profile(id)?;
        lock(&self.0.this_run).remove(id);
        let open = self.session_view().profile.is_some_and(|profile| profile.id == id);
        if open {
            self.leave().await;
        }
        lock(&self.0.held_drafts).remove(id);
        for entry in [credential_entry(id), cache_entry(id)] {
            if let Err(failure) = self.0.keeper.remove(&entry).await {
                log::warn!("a kept secret stays behind: {failure}");
            }
        }
        self.leave_no_network(id).await;
        let _ = std::fs::remove_file(self.catalog_file(id));
        self.erase_cache_files(id);
        self.0.notebook.forget_profile(id)?;
        self.0.profiles.forget(id)
    }

    /// The proxy's login and the certificates of a profile.
    pub(super) async fn leave_no_network(&self, id: &str) {
        let file = self.certificate_file(id);
        let _ = std::fs::remove_file(file);
        lock(&self.0.logins).remove(id);
        if let Err(failure) = self.0.keeper.remove(&login_entry(id)).await {
            log::warn!("a kept login stays behind: {failure}");
        }
    }

    /// The file, what SQLite writes beside it, and whatever was set aside of it.
    fn erase_cache_files(&self, id: &str) {
        let file = self.cache_file(id);
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(entries) = file.parent().and_then(|folder| folder.read_dir().ok()) else { return };
        for entry in entries.filter_map(Result::ok) {
            if entry.file_name().to_string_lossy().starts_with(&name) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// A cache in memory ends with its session; what was typed does not.
    pub(super) fn hold_drafts(&self) {
        let held = self.0.session.read().unwrap_or_else(PoisonError::into_inner);
        let Current::Open(session) = &*held else { return };
        if session.cache.kind() == CacheKind::Memory {
            let drafts = read_drafts(&session.cache).unwrap_or_default();
            lock(&self.0.held_drafts).insert(session.profile.id.clone(), drafts);
        }
    }

    pub(super) fn hand_back_drafts(&self, id: &str, cache: &Cache) {
        for (name, text) in lock(&self.0.held_drafts).remove(id).into_iter().flatten() {
            if let Err(failure) = cache.write_draft(&name, Some(&text)) {
                log::warn!("a draft was not handed back: {failure}");
            }
        }
    }
}

fn read_drafts(cache: &Cache) -> Result<Vec<(String, String)>, Failure> {
    let connection = cache.lock();
    let mut statement = connection.prepare_cached("select name, text from drafts")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
