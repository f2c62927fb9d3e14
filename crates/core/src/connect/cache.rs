//! The cache of a profile: its file, and the key that opens it.

use super::cache_entry;
use crate::Console;
use crate::cache::Cache;
use crate::error::Failure;
use crate::secrets::hex;
use secrecy::{ExposeSecret, SecretString};

impl Console {
    pub(super) async fn open_cache(&self, id: &str) -> Result<Cache, Failure> {
        let entry = cache_entry(id);
        let key = match self.0.keeper.get(&entry).await {
            Ok(Some(key)) if is_raw_key(&key) => Ok(key),
            Ok(_) => {
                let key: SecretString = hex(&rand::random::<[u8; 32]>()).into();
                self.0.keeper.set(&entry, key.clone()).await.map(|()| key)
            }
            Err(failure) => Err(failure),
        };
        match key {
            Ok(key) => {
                crate::redact::know(key.expose_secret());
                let file = self.cache_file(id);
                // Nothing is set aside beside a process that may have it open.
                match self.0.options.beside && file.is_file() {
                    true => Cache::open_kept(&file, &key).or_else(|_| Cache::in_memory()),
                    false => Cache::open(&file, &key),
                }
            }
            Err(failure) => {
                log::warn!("the cache stays in memory: {failure}");
                Cache::in_memory()
            }
        }
    }

    pub(crate) fn catalog_file(&self, id: &str) -> std::path::PathBuf {
        self.0.options.data_folder.join(format!("catalog-{id}.json"))
    }

    pub(crate) fn cache_file(&self, id: &str) -> std::path::PathBuf {
        self.0.options.data_folder.join(format!("cache-{id}.db"))
    }
}

/// 256 bits as SQLCipher takes a raw key: 64 hexadecimal digits. What else may lie there is no key.
pub(super) fn is_raw_key(key: &SecretString) -> bool {
    let key = key.expose_secret();
    key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit())
}
