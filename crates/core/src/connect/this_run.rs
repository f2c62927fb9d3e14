//! A profile that is given with its key and ends with the process: nothing of it is kept but what the journal and the
//! ledger are for. Does not belong here: where the address and the key come from.

use super::{fresh, label};
use crate::Console;
use crate::address::BaseUrl;
use crate::client::Credential;
use crate::error::Failure;
use crate::profiles::{CredentialKind, Kept, Profile, ProfileKind, Safety};
use crate::secrets::hex;
use crate::session::SessionView;
use serde_json::json;
use sha2::{Digest, Sha256};

impl Console {
    /// Opens a platform for this process alone. Sends nothing by itself to find out whether the key holds: the first look
    /// at the fleet says so. Its id is made from address and key, so that the same two find their deploys again.
    ///
    /// # Errors
    /// [`Code::BadAddress`](crate::Code::BadAddress), [`Code::Invalid`](crate::Code::Invalid) for what can be no key.
    pub async fn open_for_this_run(
        &self,
        base_url: &str,
        kind: CredentialKind,
        secret: &str,
    ) -> Result<SessionView, Failure> {
        self.refuse_while_locked()?;
        let base = BaseUrl::parse(base_url)?;
        let credential = Credential::new(kind, secret)?;
        let mark: [u8; 32] = Sha256::digest(format!("{}\n{secret}", base.as_str())).into();
        let profile = Profile {
            name: base.as_str().trim_end_matches('/').to_owned(),
            base_url: base.as_str().to_owned(),
            credential: Some(label(&credential, Kept::ThisRun)),
            ..fresh(format!("run-{}", &hex(&mark)[..16]), ProfileKind::Platform)
        };
        let entry = self.enter_profile("open_profile", &profile, json!({ "address": profile.base_url }));
        let opened = self.swap(profile, base, credential).await;
        entry.end(&opened);
        opened
    }

    /// From here on the open profile is read-only, whatever is kept of it.
    ///
    /// # Errors
    /// Why nothing is open.
    pub fn refuse_changes(&self) -> Result<(), Failure> {
        let session = self.session()?;
        let profile = session.view().profile.unwrap_or_else(|| session.profile.clone());
        session.take_settings(&Profile { safety: Safety::ReadOnly, ..profile });
        Ok(())
    }
}
