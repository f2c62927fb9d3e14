//! What the open profile keeps on this computer, and how much that may be.

use crate::Console;
use crate::cache::{CacheKind, StoragePart};
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::session::{Resource, Session, lock};
use nineheads_contract::{FieldProblem, InstanceId};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

const LIMIT: &str = "cache_limit_mb";
/// Megabytes that a profile may keep, unless a person says otherwise; and what may be said.
const USUAL_MB: u32 = 1024;
const LEAST_MB: u32 = 50;
const MOST_MB: u32 = 100 * 1024;
const MEGABYTE: f64 = 1024.0 * 1024.0;
/// How often it is looked whether that is too much.
const TRIM_EVERY: Duration = Duration::from_secs(60);
/// Instances and logs of which something is kept in memory that no screen shows: the cache has it all.
const VIEWS_KEPT: usize = 300;
const LOGS_KEPT: usize = 4;

/// See the module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StorageView {
    /// Where it is.
    pub cache: CacheKind,
    /// Bytes in use.
    pub used_bytes: f64,
    /// Megabytes that it may be; then what the platform can tell again gives way, longest unseen first.
    pub limit_mb: u32,
    /// What it is made of.
    pub parts: Vec<StoragePart>,
}

impl Console {
    /// What the open profile keeps.
    ///
    /// # Errors
    /// [`Code::NoSession`], [`Code::Storage`]
    pub async fn storage(&self) -> Result<StorageView, Failure> {
        let limit_mb = self.cache_limit_mb();
        self.aside(move |session| {
            let cache = &session.cache;
            Ok(StorageView {
                cache: cache.kind(),
                used_bytes: cache.used_bytes()?,
                limit_mb,
                parts: cache.parts()?,
            })
        })
        .await
    }

    /// Sets how much a profile may keep, and makes room where that is less than it has.
    ///
    /// # Errors
    /// [`Code::Invalid`] outside of 50 MB to 100 GB; [`Code::Storage`].
    pub async fn set_cache_limit(&self, limit_mb: u32) -> Result<StorageView, Failure> {
        if !(LEAST_MB..=MOST_MB).contains(&limit_mb) {
            let msg = format!("between {LEAST_MB} and {MOST_MB} MB");
            let field = FieldProblem { loc: vec!["limitMb".into()], msg: msg.clone(), kind: "range".into() };
            return Err(Failure::new(Code::Invalid { message: None, fields: vec![field] }, msg));
        }
        self.0.notebook.set_setting(LIMIT, &limit_mb.to_string())?;
        self.aside(move |session| session.trim_cache(limit_mb)).await?;
        self.storage().await
    }

    /// Forgets everything that was kept for the open profile; the profile and its key stay.
    ///
    /// # Errors
    /// [`Code::NoSession`], [`Code::Storage`]
    pub async fn clear_cache(&self) -> Result<StorageView, Failure> {
        self.aside(|session| session.clear_cache()).await?;
        self.storage().await
    }

    fn cache_limit_mb(&self) -> u32 {
        self.0.notebook.setting(LIMIT).and_then(|text| text.parse().ok()).unwrap_or(USUAL_MB)
    }

    /// Keeps the cache of a session within its limit for as long as the session lives.
    pub(crate) async fn keep_cache_small(self, session: Arc<Session>) {
        loop {
            tokio::time::sleep(TRIM_EVERY).await;
            if session.is_closed() {
                return;
            }
            let (session, limit) = (session.clone(), self.cache_limit_mb());
            let trimmed = tokio::task::spawn_blocking(move || session.trim_cache(limit)).await;
            if let Ok(Err(failure)) = trimmed {
                log::warn!("the cache was not trimmed: {failure}");
            }
        }
    }
}

impl Session {
    fn trim_cache(&self, limit_mb: u32) -> Result<(), Failure> {
        let gone = self.cache.trim(f64::from(limit_mb) * MEGABYTE)?;
        let mut logs = lock(&self.logs);
        for id in gone {
            // The next look reads the whole log anew.
            logs.remove(&id);
            self.nudge(&Resource::Logs(id));
        }
        Ok(())
    }

    fn clear_cache(&self) -> Result<(), Failure> {
        self.cache.clear()?;
        self.fleet().forget_kept();
        lock(&self.instances).clear();
        lock(&self.logs).clear();
        lock(&self.config_plans).clear();
        for resource in self.watched() {
            self.nudge(&resource);
        }
        self.nudge(&Resource::List);
        self.announce(Event::SessionChanged);
        Ok(())
    }

    /// A screen has left: what nobody looks at is in the cache, and memory need not hold it too.
    pub(crate) fn forget_unwatched(&self) {
        let watched = self.watched();
        let is_shown = |resource: Resource| watched.contains(&resource);
        forget_beyond(VIEWS_KEPT, &mut lock(&self.instances), |id, held| {
            held.view.gone || is_shown(Resource::Instance(id.clone()))
        });
        forget_beyond(LOGS_KEPT, &mut lock(&self.logs), |id, _| is_shown(Resource::Logs(id.clone())));
    }
}

/// Forgets some that need not stay where there are more than so many.
fn forget_beyond<V>(
    most: usize,
    known: &mut HashMap<InstanceId, V>,
    stays: impl Fn(&InstanceId, &V) -> bool,
) {
    let surplus = known.len().saturating_sub(most);
    let spare: Vec<InstanceId> =
        known.iter().filter(|(id, view)| !stays(id, view)).map(|(id, _)| id.clone()).take(surplus).collect();
    for id in spare {
        known.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_holds_what_is_shown_and_a_little_more() {
        let mut known: HashMap<InstanceId, bool> =
            (0..20).map(|n| (InstanceId::from(n.to_string()), n < 3)).collect();
        forget_beyond(5, &mut known, |_, shown| *shown);
        assert_eq!(known.len(), 5);
        assert_eq!(known.values().filter(|shown| **shown).count(), 3);
        forget_beyond(1, &mut known, |_, shown| *shown);
        assert_eq!(known.len(), 3, "what is shown stays");
    }
}
