//! A profile whose key is not here: what is kept of it is shown with its age, and nothing is sent. Does not belong here:
//! what refuses to send (`client`), what refuses a change (`session`).

use super::cache::is_raw_key;
use super::cache_entry;
use crate::address::BaseUrl;
use crate::cache::Cache;
use crate::error::Failure;
use crate::profiles::Profile;
use crate::session::{Keyless, LockReason, SessionView};
use crate::{Console, Current, Event};
use secrecy::ExposeSecret;

impl Console {
    /// Opens a profile without a key. Where what is kept of it can not be read either, it is locked.
    pub(super) async fn open_keyless(
        &self,
        profile: Profile,
        base: BaseUrl,
        why: Keyless,
    ) -> Result<SessionView, Failure> {
        let _one_at_a_time = self.0.switching.lock().await;
        self.refuse_while_locked()?;
        let Some(cache) = self.open_kept_cache(&profile.id).await else {
            let why = match why {
                Keyless::NotHere => LockReason::NoCredential,
                Keyless::Unread => LockReason::Keystore,
            };
            self.set_current(Current::Locked { profile: Some(profile), why });
            return Ok(self.view_that_rests());
        };
        let client = self.client(&profile, &base, Err(why)).await?;
        self.hold_drafts();
        self.put_in_front(profile, client, cache);
        Ok(self.view_that_rests())
    }

    /// No look will say how the looking goes: it is said here.
    fn view_that_rests(&self) -> SessionView {
        self.0.events.announce(Event::PollerChanged { poller: self.poller() });
        self.session_view()
    }

    /// The cache of earlier runs, where its key can be had and opens it. What can not be read now may be read by another
    /// run: nothing is made anew.
    async fn open_kept_cache(&self, id: &str) -> Option<Cache> {
        let key = match self.0.keeper.get(&cache_entry(id)).await {
            Ok(key) => key.filter(is_raw_key)?,
            Err(failure) => {
                log::warn!("the key of the cache was not read: {failure}");
                return None;
            }
        };
        crate::redact::know(key.expose_secret());
        let opened = Cache::open_kept(&self.cache_file(id), &key);
        opened.inspect_err(|failure| log::warn!("the cache was not opened: {failure}")).ok()
    }
}
