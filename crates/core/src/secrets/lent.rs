//! Secrets that the platform on this computer gives into keeping: keys of model providers, tokens of agents. They lie
//! where the console's own secrets lie, in one entry, so that they move with them.

use crate::Console;
use crate::error::{Code, Failure};
use crate::secrets::SecretPlace;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;

/// The one entry: a JSON object of names and secrets.
pub(crate) const ENTRY: &str = "this-computer-lent";

/// What was lent while nothing is kept beyond this run; one change at a time.
pub(crate) type Lent = tokio::sync::Mutex<BTreeMap<String, String>>;

impl Console {
    /// A secret that was given into keeping; none where there is none of this name.
    ///
    /// # Errors
    /// [`Code::Keystore`], [`Code::Locked`] while the vault is.
    pub async fn read_lent(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        let held = self.0.lent.lock().await;
        let all = self.all_lent(&held).await?;
        Ok(all.get(name).map(|secret| secret.as_str().into()))
    }

    /// Keeps a secret, or erases it where it is none.
    ///
    /// # Errors
    /// As [`Console::read_lent`].
    pub async fn keep_lent(&self, name: &str, secret: Option<SecretString>) -> Result<(), Failure> {
        let mut held = self.0.lent.lock().await;
        let mut all = self.all_lent(&held).await?;
        match secret {
            Some(secret) => drop(all.insert(name.to_owned(), secret.expose_secret().to_owned())),
            None if all.remove(name).is_none() => return Ok(()),
            None => {}
        }
        if self.0.keeper.place() == SecretPlace::ThisRun {
            *held = all;
            return Ok(());
        }
        let text =
            serde_json::to_string(&all).map_err(|error| Failure::new(Code::Keystore, error.to_string()))?;
        self.0.keeper.set(ENTRY, text.into()).await
    }

    async fn all_lent(&self, held: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Failure> {
        if self.0.keeper.place() == SecretPlace::ThisRun {
            return Ok(held.clone());
        }
        let Some(kept) = self.0.keeper.get(ENTRY).await? else { return Ok(BTreeMap::new()) };
        // Its own words could hold a secret: they are not told.
        serde_json::from_str(kept.expose_secret())
            .map_err(|_| Failure::new(Code::Keystore, "the entry of this computer's agents can not be read"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ConsoleOptions;
    use crate::secrets::MemoryStore;
    use std::sync::Arc;

    #[tokio::test]
    async fn what_is_lent_comes_back_under_its_name_and_goes_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(MemoryStore::default());
        let console =
            || Console::open(ConsoleOptions::new(folder.path().to_owned(), store.clone())).expect("it opens");
        let first = console();
        assert!(first.read_lent("a").await.expect("reads").is_none());
        first.keep_lent("a", Some("one".into())).await.expect("keeps");
        first.keep_lent("b", Some("two".into())).await.expect("keeps");
        first.keep_lent("a", None).await.expect("erases");
        first.keep_lent("never", None).await.expect("erases");
        let again = console();
        assert!(again.read_lent("a").await.expect("reads").is_none());
        let kept = again.read_lent("b").await.expect("reads").expect("kept");
        assert_eq!(kept.expose_secret(), "two");
    }

    #[tokio::test]
    async fn where_nothing_is_kept_what_is_lent_lasts_for_this_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Arc::new(MemoryStore::default());
        let console = Console::open(ConsoleOptions::new(folder.path().to_owned(), store)).expect("it opens");
        console.0.keeper.keep_for_this_run(true);
        console.keep_lent("a", Some("one".into())).await.expect("keeps");
        assert!(console.read_lent("a").await.expect("reads").is_some());
        console.0.keeper.keep_for_this_run(false);
        assert!(console.read_lent("a").await.expect("reads").is_none());
    }
}
