//! Which platforms a person uses: names, addresses and colours in `profiles.json`, never a secret. Keys are kept by
//! `secrets.rs` under the profile's id, bound to the address they were entered for.

mod book;
mod edit;
mod exchange;

pub(crate) use book::Profiles;
pub use book::ProfilesTrouble;
pub use edit::{CertificateChange, ProfileEdit, ProxyLogin};
pub(crate) use edit::{checked_name, login_entry};
pub use exchange::{ImportReport, RefusedProfile};

use serde::{Deserialize, Serialize};
use specta::Type;

/// A profile's id; a UUID, or [`THIS_COMPUTER`].
pub type ProfileId = String;

/// The id of the platform on this computer.
pub const THIS_COMPUTER: &str = "this-computer";

/// One platform with one credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// See [`ProfileId`].
    pub id: ProfileId,
    /// Where its platform runs.
    pub kind: ProfileKind,
    /// For people.
    pub name: String,
    /// See `address::BaseUrl`; empty for the platform on this computer, whose port changes.
    pub base_url: String,
    /// Its colour, degrees of hue.
    pub hue: u16,
    /// What is known of its credential; none when there is none.
    pub credential: Option<CredentialLabel>,
    /// Whose it is.
    pub purpose: Purpose,
    /// What is asked before something changes over there.
    pub safety: Safety,
    /// The way out of this computer.
    pub proxy: Proxy,
    /// Certificates it trusts beside the system's.
    pub certificate: Option<CertificateLabel>,
}

/// Whose a profile is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// The person's own.
    #[default]
    Own,
    /// Somebody else's, looked at to help: it starts read-only.
    Support,
}

/// What stands between a person and a change over there. Read-only is enforced here in the core, the questions by the
/// screens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Safety {
    /// Nothing beyond what each act asks by itself.
    #[default]
    Full,
    /// Every change asks once.
    Confirm,
    /// Every change asks for the profile's name.
    ConfirmByName,
    /// Nothing is changed.
    ReadOnly,
}

/// The way out of this computer. Loopback addresses are always reached directly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Proxy {
    /// As the system says.
    #[default]
    System,
    /// Directly.
    None,
    /// By this one.
    Manual {
        /// `http` or `https`, a host and a port, nothing else.
        url: String,
        /// Whether it has a user and a password; they are kept like keys.
        has_login: bool,
    },
}

/// What may be said of the extra certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CertificateLabel {
    /// How many there are.
    pub count: u16,
    /// SHA-256 of the first one, hexadecimal.
    pub sha256: String,
}

/// Where a platform runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ProfileKind {
    /// In this app, on loopback.
    ThisComputer,
    /// Somewhere else.
    Platform,
}

/// What may be shown of a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CredentialLabel {
    /// Key or token.
    pub kind: CredentialKind,
    /// Its last four characters.
    pub last_four: String,
    /// Where it is.
    pub kept: Kept,
}

/// How a credential is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CredentialKind {
    /// `X-Api-Key`
    ApiKey,
    /// `Authorization: Bearer`
    BearerToken,
}

/// How long a credential is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Kept {
    /// In the operating system's keystore.
    Keystore,
    /// In the vault.
    Vault,
    /// In memory, until the app ends.
    ThisRun,
}
