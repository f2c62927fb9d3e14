//! What can go wrong, as a closed set of codes that a screen acts on. The sentence for the person is the screen's
//! (it is translated); `detail` is the technical part, for a log line and for "show details". Nobody matches on it.

use chrono::{DateTime, Utc};
use nineheads_contract::{FieldProblem, IdempotencyKey};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A refusal or an accident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[error("{code:?}: {detail}")]
pub struct Failure {
    /// What a screen acts on.
    pub code: Code,
    /// The technical part; never holds a secret.
    pub detail: String,
}

/// Why something did not happen. A code exists only where some screen behaves differently for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Code {
    /// No server answered.
    Offline,
    /// The server's certificate does not hold. Nothing was sent, and nothing is tried again by itself.
    BadCertificate {
        /// What is wrong with it.
        problem: CertificateProblem,
        /// Whose it should be.
        host: String,
        /// When it ended, or begins to hold.
        at: Option<DateTime<Utc>>,
    },
    /// Something answered that is not the Instances API: a captive portal, a redirect, a wrong base URL.
    NotOurApi {
        /// Where a redirect pointed to, without its query.
        redirect: Option<String>,
    },
    /// The base URL can not be used.
    BadAddress {
        /// What is wrong with it.
        problem: AddressProblem,
    },
    /// 401: the key or token is not accepted.
    CredentialRefused,
    /// 403: this operation is not allowed to this credential.
    NotAllowed {
        /// The operation's id.
        operation: String,
        /// The scope that the operation needs.
        scope: Option<String>,
        /// The server's words.
        message: Option<String>,
    },
    /// 404: there is no such thing.
    NotFound {
        /// The server's words.
        message: Option<String>,
    },
    /// 409: the thing is in a state that forbids it.
    Conflict {
        /// The server's words.
        message: Option<String>,
    },
    /// 400, 422: the server does not accept what was sent.
    Invalid {
        /// The server's words.
        message: Option<String>,
        /// The fields it names.
        fields: Vec<FieldProblem>,
    },
    /// 429.
    TooManyRequests {
        /// How long the server asks to wait, in seconds.
        retry_after_seconds: Option<u32>,
    },
    /// 5xx.
    ServerFailed {
        /// The HTTP status.
        status: u16,
        /// The server's words.
        message: Option<String>,
    },
    /// A success whose body makes no sense.
    Unreadable,
    /// A write whose outcome nobody knows.
    MayHaveArrived,
    /// Nobody is signed in.
    NoSession,
    /// A part of this app failed.
    Broken,
    /// This computer's disk refuses.
    Storage,
    /// This computer's keystore refuses.
    Keystore,
    /// There is no key for the profile on this computer; nothing was sent.
    NoKey,
    /// The app, or the vault with its keys, is locked.
    Locked,
    /// The passphrase is another one.
    WrongPassphrase,
    /// The vault's file is damaged: no passphrase opens it.
    VaultBroken,
    /// The profile is read-only; nothing was sent.
    ReadOnly,
    /// The person said no to the last question; nothing was sent.
    Declined,
    /// A write was answered well, and what is read back is not what was asked.
    ReadsOtherwise {
        /// Which.
        what: Otherwise,
    },
    /// The same deploy is still being clarified.
    DeployOpen {
        /// Its key.
        key: IdempotencyKey,
    },
}

/// What is not as it was asked, although the platform said yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Otherwise {
    /// Fields of the platform's configuration.
    Fields,
    /// The platform keeps the policy, the agent has another one.
    PolicyOnlyStored,
    /// Conversation access is still granted.
    ConsentGranted,
}

/// Why a base URL can not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AddressProblem {
    /// It does not parse, or has no host.
    NotAUrl,
    /// It is neither `https` nor a literal loopback address.
    NotSecure,
    /// It carries a user name or a password.
    Userinfo,
    /// It carries a query or a fragment.
    Query,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CertificateProblem {
    /// Its time is over; or this computer's clock is wrong.
    Expired,
    /// Its time has not come; or this computer's clock is wrong.
    NotYetValid,
    /// It is another host's.
    WrongHost,
    /// This computer trusts nobody who vouches for it.
    NotTrusted,
    /// Something else.
    Other,
}

impl Failure {
    /// A failure with its technical part.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    pub(crate) fn no_session() -> Self {
        Self::new(Code::NoSession, "no profile is open")
    }

    pub(crate) fn no_key() -> Self {
        Self::new(Code::NoKey, "the profile has no key on this computer; nothing was sent")
    }

    /// Whether the way to the platform, and not the request, is to blame: the last good values stay on screen.
    pub fn is_outage(&self) -> bool {
        matches!(
            self.code,
            Code::Offline
                | Code::BadCertificate { .. }
                | Code::NotOurApi { .. }
                | Code::ServerFailed { .. }
                | Code::Unreadable
                | Code::TooManyRequests { .. }
                | Code::NoKey
        )
    }
}

impl Failure {
    /// Whether nothing gets through to the platform: no request has a chance until a look did.
    pub(crate) fn is_unreachable(&self) -> bool {
        matches!(
            self.code,
            Code::Offline | Code::BadCertificate { .. } | Code::NotOurApi { .. } | Code::NoKey
        )
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(Code::Storage, error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Code::Storage, error.to_string())
    }
}
