//! Why an agent does not run, in words: what happened, what it means, what to do. Pure.

use super::backoff::{Cause, Reason};
use nineheads_contract::local::LocalRuntimeError;

/// A failure with its closed code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Failure {
    fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }

    /// No runtime; none told where its installation was ended by a person.
    pub(crate) fn of_runtime(error: Option<LocalRuntimeError>) -> Self {
        match error {
            Some(error) => Self { code: error.code, message: error.message },
            None => Self::new(
                "no_runtime",
                "The runtime is not on this computer: its installation was ended. Install it, then deploy again.",
            ),
        }
    }

    /// What it is made of is not known; the sentence comes from who looked.
    pub(crate) fn of_making(message: String) -> Self {
        Self::new("no_model", message)
    }

    pub(crate) fn of_folder(error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::new("disk_full", "There is no room left on the disk. Free some and try again.")
            }
            _ => Self::new(
                "folder",
                format!("The agent's folder can not be written: {error}. See to that and try again."),
            ),
        }
    }

    /// A gateway that is not started again by itself. Only what it said before it was ever ready is quoted: later words
    /// may be a conversation's.
    pub(crate) fn of_gateway(reason: Reason, said: &str, was_ready: bool) -> Self {
        let quoted = last_words(said).filter(|_| !was_ready || reason == Reason::BadConfig);
        let quoted = quoted.map(|words| format!(" Its last words: {words}")).unwrap_or_default();
        let way = match was_ready {
            true => "Apply updates to start it again.",
            false => "Deploy it again, or look into its log.",
        };
        let happened = match reason {
            Reason::BadConfig => {
                "The agent refuses its configuration, or another process uses its folder, so it was not started again."
            }
            Reason::KeepsEnding => {
                "The agent ended several times within minutes, so it was not started again."
            }
            Reason::NeverReady => {
                "The agent was started several times and never got ready: this computer may be too busy."
            }
            Reason::NotStarted => {
                "The agent's program could not be started. If it stays so, remove it under Settings, Agents on this computer, and install it again."
            }
            Reason::NotInForce => {
                "The agent did not take over what it may do on this computer, so it was ended before anybody could talk with it."
            }
        };
        Self::new(reason.code(), format!("{happened} {way}{quoted}"))
    }
}

/// A cause in a few words.
pub(super) fn words(cause: Cause) -> String {
    match cause {
        Cause::Exit(Some(code)) => format!("exit code {code}"),
        Cause::Exit(None) => "it was killed".to_owned(),
        Cause::PortTaken => "its port was taken".to_owned(),
        Cause::NeverReady => "it did not get ready".to_owned(),
        Cause::NotStarted => "it did not start".to_owned(),
        Cause::NotInForce => "its permission was not in force yet".to_owned(),
    }
}

/// What a gateway said when it ended may tell more than its exit code.
pub(super) fn with_words(cause: Cause, said: &str) -> Cause {
    match cause {
        Cause::Exit(_) if said.contains("EADDRINUSE") => Cause::PortTaken,
        other => other,
    }
}

fn last_words(said: &str) -> Option<String> {
    let line = said.lines().rev().map(plain).find(|line| !line.is_empty())?;
    Some(line.chars().take(300).collect())
}

/// A line without colours and other controls.
pub(super) fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' && letters.next_if_eq(&'[').is_some() {
            // Up to the letter that ends the sequence.
            for next in letters.by_ref() {
                if ('@'..='~').contains(&next) {
                    break;
                }
            }
        } else if !letter.is_control() {
            plain.push(letter);
        }
    }
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_read_from_what_was_said() {
        let said = "listen EADDRINUSE: address already in use 127.0.0.1:1";
        assert_eq!(with_words(Cause::Exit(Some(1)), said), Cause::PortTaken);
        assert_eq!(with_words(Cause::Exit(Some(1)), "other"), Cause::Exit(Some(1)));
        assert_eq!(with_words(Cause::NeverReady, said), Cause::NeverReady);
    }

    #[test]
    fn a_conversation_is_not_quoted() {
        let said = "[gateway] ready\nHello Ada\n\n";
        let quotes = |reason, was_ready| Failure::of_gateway(reason, said, was_ready).message.contains("Ada");
        assert!(quotes(Reason::KeepsEnding, false));
        assert!(!quotes(Reason::KeepsEnding, true));
        assert_eq!(Failure::of_gateway(Reason::KeepsEnding, "", true).code, "keeps_ending");
    }

    #[test]
    fn colours_and_bells_are_taken_out() {
        assert_eq!(plain("\u{1b}[31mred\u{1b}[0m \u{7}bell\r"), "red bell");
        assert_eq!(plain("\u{1b}[31"), "");
    }
}
