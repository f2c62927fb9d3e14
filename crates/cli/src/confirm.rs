//! The question before a change: which ones there are, and who answers them. Read-only is the core's own refusal; asking
//! is the screens' business, and here the command line's.

use crate::desk::Desk;
use crate::failure::{Exit, Stop};
use crate::table::cell;
use nineheads_core::profiles::Safety;
use nineheads_core::{Code, Failure};
use std::io::{self, BufRead, IsTerminal, Write};

/// What was answered beforehand.
pub(crate) struct Confirmed {
    pub(crate) yes: bool,
    pub(crate) names: Vec<String>,
}

/// A change that is about to be sent.
pub(crate) struct Change<'a> {
    /// What it is and to what: "Delete Orchard".
    pub(crate) act: String,
    /// What cannot be had back; empty where nothing is lost.
    pub(crate) lost: &'a str,
    /// What has to be typed, whatever the profile says; none for a change that can be changed back.
    pub(crate) name: Option<&'a str>,
}

#[derive(Debug, PartialEq, Eq)]
enum Question {
    YesOrNo,
    Name(String),
}

/// Which questions stand before a change. A profile that asks once has been heard where the act asks by itself.
fn questions(safety: Safety, profile: &str, own: Option<&str>) -> Vec<Question> {
    let own = own.map(|name| Question::Name(name.to_owned()));
    match (safety, own) {
        (Safety::ConfirmByName, own) => own.into_iter().chain([Question::Name(profile.to_owned())]).collect(),
        (_, Some(own)) => vec![own],
        (Safety::Confirm, None) => vec![Question::YesOrNo],
        (Safety::Full | Safety::ReadOnly, None) => Vec::new(),
    }
}

impl Desk {
    /// Lets a change through, or stops it.
    pub(crate) fn ask(&self, change: &Change<'_>) -> Result<(), Stop> {
        let profile = self
            .console
            .session_view()
            .profile
            .ok_or_else(|| Failure::new(Code::NoSession, "nothing is open"))?;
        if profile.safety == Safety::ReadOnly {
            return Err(Failure::new(Code::ReadOnly, "the profile is read-only").into());
        }
        let open: Vec<Question> = questions(profile.safety, &profile.name, change.name)
            .into_iter()
            .filter(|question| !self.confirmed.answers(question))
            .collect();
        self.put(change, &open)
    }

    /// Asks yes or no, whatever the profile says.
    pub(crate) fn ask_once_more(&self, act: String, lost: &str) -> Result<(), Stop> {
        let change = Change { act, lost, name: None };
        if self.confirmed.yes { Ok(()) } else { self.put(&change, &[Question::YesOrNo]) }
    }

    fn put(&self, change: &Change<'_>, open: &[Question]) -> Result<(), Stop> {
        if open.is_empty() {
            return Ok(());
        }
        let act = [change.act.as_str(), change.lost].into_iter().filter(|part| !part.is_empty());
        let act = cell(&format!("{}.", act.collect::<Vec<_>>().join(". ")));
        let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
        let mut err = io::stderr().lock();
        if can_ask {
            let _ = writeln!(err, "{act}");
        }
        for question in open {
            let (wanted, flag) = match question {
                Question::YesOrNo => ("Do it? [y/N] ".to_owned(), "--yes".to_owned()),
                Question::Name(name) => (format!("Type {name:?} to go on: "), format!("--confirm {name:?}")),
            };
            if !can_ask {
                let message = format!("{act} Not sent: nobody can be asked here. Confirm with {flag}.");
                return Err(Stop::new(Exit::Refused, "notConfirmed", message));
            }
            let _ = write!(err, "{wanted}").and_then(|()| err.flush());
            let mut answer = String::new();
            io::stdin().lock().read_line(&mut answer)?;
            let agreed = match question {
                Question::YesOrNo => matches!(answer.trim(), "y" | "Y" | "yes"),
                Question::Name(name) => answer.trim() == name.trim(),
            };
            if !agreed {
                return Err(Failure::new(Code::Declined, "").into());
            }
        }
        Ok(())
    }
}

impl Confirmed {
    fn answers(&self, question: &Question) -> bool {
        match question {
            Question::YesOrNo => self.yes,
            Question::Name(name) => self.names.iter().any(|typed| typed.trim() == name.trim()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Question {
        Question::Name(text.into())
    }

    #[test]
    fn what_can_not_be_had_back_wants_its_name_in_every_profile() {
        assert_eq!(questions(Safety::Full, "P", Some("a")), [name("a")]);
        assert_eq!(questions(Safety::Confirm, "P", Some("a")), [name("a")]);
        assert_eq!(questions(Safety::ConfirmByName, "P", Some("a")), [name("a"), name("P")]);
    }

    #[test]
    fn other_changes_are_asked_about_as_the_profile_says() {
        assert_eq!(questions(Safety::Full, "P", None), []);
        assert_eq!(questions(Safety::Confirm, "P", None), [Question::YesOrNo]);
        assert_eq!(questions(Safety::ConfirmByName, "P", None), [name("P")]);
    }

    #[test]
    fn yes_answers_a_plain_question_and_no_name() {
        let confirmed = Confirmed { yes: true, names: vec!["a".into()] };
        assert!(confirmed.answers(&Question::YesOrNo) && confirmed.answers(&name("a")));
        assert!(!confirmed.answers(&name("b")));
    }
}
