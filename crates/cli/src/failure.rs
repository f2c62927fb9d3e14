//! What a failure means to a person and to a script: a sentence or two, and a number. Decided by the closed code alone;
//! the platform's words are quoted, never matched on.

use nineheads_core::redact::{log_line, plain};
use nineheads_core::{AddressProblem, CertificateProblem, Code, Failure};
use std::io;

/// How a command ended; the numbers are told in `--help` and `docs/cli.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Whoever reads has gone: no failure.
    Done,
    Failed,
    Usage,
    NotFound,
    Refused,
    Conflict,
    Offline,
    Unknown,
    NoKey,
}

impl Exit {
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Refused => 4,
            Self::Conflict => 5,
            Self::Offline => 6,
            Self::Unknown => 7,
            Self::NoKey => 8,
        }
    }
}

/// Why a command did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) exit: Exit,
    /// For programs; the core's own word where the core stopped it.
    pub(crate) code: String,
    /// For people.
    pub(crate) message: String,
    /// The technical part.
    pub(crate) detail: Option<String>,
}

impl Stop {
    pub(crate) fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        Self { exit, code: code.to_owned(), message: message.into(), detail: None }
    }

    /// What was typed can not be used.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        let code = serde_json::to_value(&failure.code).unwrap_or_default();
        let code = code["type"].as_str().unwrap_or("failed").to_owned();
        let detail = Some(log_line(&failure.detail)).filter(|detail| !detail.is_empty());
        Self { exit: exit_of(&failure.code), code, message: words(&failure.code), detail }
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Exit::Done, "pipe", ""),
            _ => Self::new(Exit::Failed, "storage", format!("This computer refuses: {error}.")),
        }
    }
}

pub(crate) fn exit_of(code: &Code) -> Exit {
    match code {
        Code::Offline | Code::BadCertificate { .. } | Code::NotOurApi { .. } => Exit::Offline,
        Code::BadAddress { .. } => Exit::Usage,
        Code::NotFound { .. } => Exit::NotFound,
        Code::NotAllowed { .. } | Code::ReadOnly | Code::Declined => Exit::Refused,
        Code::Conflict { .. } | Code::DeployOpen { .. } | Code::ReadsOtherwise { .. } => Exit::Conflict,
        Code::MayHaveArrived => Exit::Unknown,
        Code::CredentialRefused
        | Code::NoSession
        | Code::NoKey
        | Code::Keystore
        | Code::Locked
        | Code::WrongPassphrase
        | Code::VaultBroken => Exit::NoKey,
        Code::Invalid { .. }
        | Code::TooManyRequests { .. }
        | Code::ServerFailed { .. }
        | Code::Unreadable
        | Code::Broken
        | Code::Storage => Exit::Failed,
    }
}

/// What happened, and what to do.
pub(crate) fn words(code: &Code) -> String {
    match code {
        Code::Offline => "No server answered. Check the network and the address, then try again.".into(),
        Code::BadCertificate { problem, host, at } => {
            let why = match (problem, at) {
                (CertificateProblem::Expired, Some(at)) => format!("ended {at}"),
                (CertificateProblem::Expired, None) => "has ended".into(),
                (CertificateProblem::NotYetValid, _) => "is not valid yet".into(),
                (CertificateProblem::WrongHost, _) => "belongs to another host".into(),
                (CertificateProblem::NotTrusted, _) => "is vouched for by nobody this computer trusts".into(),
                (CertificateProblem::Other, _) => "could not be verified".into(),
            };
            format!("The certificate of {} {why}. Nothing was sent; check the address and this computer's clock.", one_line(host))
        }
        Code::NotOurApi { redirect } => {
            let way = redirect.as_deref().map(|way| format!(" and points to {}", one_line(way))).unwrap_or_default();
            format!("What answered is not the Instances API{way}. Check the address and its path, and whether this network wants a sign-in first.")
        }
        Code::BadAddress { problem } => format!("This address can not be used: {}.", match problem {
            AddressProblem::NotAUrl => "it is no complete URL",
            AddressProblem::NotSecure => "only https:// keeps a key safe; http:// is for 127.0.0.1 alone",
            AddressProblem::Userinfo => "it carries a user name or password",
            AddressProblem::Query => "it carries a query or a fragment",
        }),
        Code::CredentialRefused => "The platform refuses the key. Give a current one.".into(),
        Code::NotAllowed { scope, message, .. } => {
            let scope = scope.as_deref().map(|scope| format!(" It takes the scope {}.", one_line(scope)));
            let ours = format!("The platform does not let this key do that.{}", scope.unwrap_or_default());
            said(&ours, message.as_deref())
        }
        Code::NotFound { message } => said("There is no such thing, or it is another tenant's.", message.as_deref()),
        Code::Conflict { message } => {
            said("The state has changed meanwhile. Look at it, then decide again.", message.as_deref())
        }
        Code::Invalid { message, fields } => {
            let named: Vec<String> = fields.iter().map(|field| format!("{}: {}", one_line(&field.loc.join(".")), one_line(&field.msg))).collect();
            match named.is_empty() {
                true => said("These values are not accepted.", message.as_deref()),
                false => format!("These values are not accepted: {}.", named.join("; ")),
            }
        }
        Code::TooManyRequests { retry_after_seconds: Some(wait) } => {
            format!("Too many requests were made with this key. Try again in {wait} s.")
        }
        Code::TooManyRequests { .. } => "Too many requests were made with this key. Try again in a moment.".into(),
        Code::ServerFailed { status: 200, message } => said("The agent could not answer.", message.as_deref()),
        Code::ServerFailed { status, message } => {
            said(&format!("The platform failed (error {status}). Try again in a moment."), message.as_deref())
        }
        Code::Unreadable => "The platform answered in a form this version does not understand. Try again, or update.".into(),
        Code::MayHaveArrived => {
            "The connection was lost after sending: it may have arrived. Look at the current state before you repeat it.".into()
        }
        Code::NoSession => "No profile is open. Name one with --profile, or set NINEHEADS_URL and NINEHEADS_API_KEY.".into(),
        Code::Broken => "A part of Nineheads failed. If this was a change, look whether it arrived before you repeat it.".into(),
        Code::Storage => "The data folder can not be used. Check free space and permissions, or name another with --data.".into(),
        Code::Keystore => "This computer's keystore is locked or missing. Unlock it, or set NINEHEADS_URL and NINEHEADS_API_KEY.".into(),
        Code::NoKey => "There is no key for this profile on this computer; nothing was sent. Enter it in the app, or set NINEHEADS_URL and NINEHEADS_API_KEY.".into(),
        Code::Locked => "Nineheads is locked. Set NINEHEADS_PASSPHRASE, or give --passphrase-file.".into(),
        Code::WrongPassphrase => "That is not the passphrase. Nothing was opened.".into(),
        Code::VaultBroken => "The vault's file is damaged: no passphrase opens it. Restore vault.json from a backup.".into(),
        Code::ReadOnly => "The profile is read-only; nothing was sent.".into(),
        Code::ReadsOtherwise { .. } => "The platform accepted it, and what it shows now is not what was asked. Look at the current state before you repeat it.".into(),
        Code::Declined => "Not sent: the answer was no.".into(),
        Code::DeployOpen { key } => {
            format!("The same deploy is still being clarified; a second one could cost twice. Take it up again: nineheads deploy --key {} --wait", one_line(key.as_str()))
        }
    }
}

fn said(ours: &str, theirs: Option<&str>) -> String {
    match theirs.map(one_line).filter(|theirs| !theirs.is_empty()) {
        Some(theirs) => format!("{ours} The platform says: “{theirs}”"),
        None => ours.to_owned(),
    }
}

/// Others' words, harmless in a terminal.
fn one_line(text: &str) -> String {
    plain(&text.replace(['\n', '\r'], " ")).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_words_are_quoted_and_move_no_cursor() {
        let told = words(&Code::Conflict { message: Some("busy\n\u{1b}[2Jnow".into()) });
        assert_eq!(
            told,
            "The state has changed meanwhile. Look at it, then decide again. The platform says: “busy now”"
        );
    }

    #[test]
    fn a_stop_has_the_cores_word_for_programs() {
        let stop = Stop::from(Failure::new(Code::MayHaveArrived, "reset"));
        assert_eq!(
            (stop.exit.number(), stop.code.as_str(), stop.detail.as_deref()),
            (7, "mayHaveArrived", Some("reset"))
        );
    }

    #[test]
    fn a_reader_that_has_gone_is_no_failure() {
        assert_eq!(Stop::from(io::Error::from(io::ErrorKind::BrokenPipe)).exit.number(), 0);
    }
}
