//! What is open now: a session, a profile that can not be read yet, or nothing.

use crate::Console;
use crate::error::{Code, Failure};
use crate::profiles::Profile;
use crate::session::{LockReason, Session};
use std::sync::{Arc, PoisonError};

/// What is open.
#[derive(Default)]
pub(crate) enum Current {
    #[default]
    Nothing,
    /// Nothing can be read: see [`LockReason`]. None for a profile that must not be told.
    Locked {
        profile: Option<Profile>,
        why: LockReason,
    },
    Open(Arc<Session>),
}

impl Console {
    /// The open session.
    ///
    /// # Errors
    /// Why there is none: [`Code::NoSession`], [`Code::NoKey`], [`Code::Keystore`], [`Code::Locked`].
    pub(crate) fn session(&self) -> Result<Arc<Session>, Failure> {
        match &*self.0.session.read().unwrap_or_else(PoisonError::into_inner) {
            Current::Open(session) => Ok(session.clone()),
            Current::Locked { why: LockReason::NoCredential, .. } => Err(Failure::no_key()),
            Current::Locked { why: LockReason::Keystore, .. } => {
                Err(Failure::new(Code::Keystore, "the keystore did not hand over the profile's key"))
            }
            Current::Locked { .. } => Err(Failure::new(Code::Locked, "nothing is open yet")),
            Current::Nothing => Err(Failure::no_session()),
        }
    }
}
