//! Two doors for `tests/bench/core`: the client and the cache, as a session has them, without the rest of it. Nothing of the
//! app uses them, and they do nothing but pass on.

use crate::address::BaseUrl;
use crate::cache::Cache;
use crate::client::{Client, Credential, Timeouts};
use crate::error::Failure;
use crate::network::Network;
use crate::profiles::CredentialKind;
use chrono::{DateTime, Utc};
use nineheads_contract::instances::{InstanceList, InstanceSummary, ListInstances};
use secrecy::SecretString;
use std::path::Path;

/// A client of one platform.
#[derive(Clone)]
pub struct MeasuredClient(Client);

impl MeasuredClient {
    /// With an API key.
    ///
    /// # Errors
    /// An address or a key that can not be used.
    pub fn new(base_url: &str, key: &str) -> Result<Self, Failure> {
        let credential = Credential::new(CredentialKind::ApiKey, key)?;
        let base = BaseUrl::parse(base_url)?;
        Ok(Self(Client::new(base, Ok(credential), Timeouts::default(), &Network::default())?))
    }

    /// Asks for the list.
    ///
    /// # Errors
    /// The platform's refusal.
    pub async fn list(&self) -> Result<InstanceList, Failure> {
        self.0.send(&ListInstances).await
    }
}

/// A profile's cache.
pub struct MeasuredCache(Cache);

impl MeasuredCache {
    /// Opens or makes the encrypted file.
    ///
    /// # Errors
    /// No cache could be made, not even in memory.
    pub fn open(file: &Path, key: &SecretString) -> Result<Self, Failure> {
        Cache::open(file, key).map(Self)
    }

    /// Where it really is.
    pub fn kind(&self) -> crate::CacheKind {
        self.0.kind()
    }

    /// The list that was written last.
    ///
    /// # Errors
    /// The file could not be read.
    pub fn read_list(&self) -> Result<Option<(InstanceList, DateTime<Utc>)>, Failure> {
        self.0.read_list()
    }

    /// Writes what a new list changed.
    ///
    /// # Errors
    /// The file could not be written.
    pub fn write_list(&self, changed: &[InstanceSummary], at: DateTime<Utc>) -> Result<(), Failure> {
        self.0.write_list(changed, &[], at)
    }
}
