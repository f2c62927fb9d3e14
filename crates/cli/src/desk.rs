//! What a command works at: the console of one profile, where it shows things, and what was confirmed beforehand. And
//! what nearly every command begins with: waiting for the fleet, and finding the instance that is meant.

use crate::confirm::Confirmed;
use crate::failure::{Exit, Stop};
use crate::output::Output;
use nineheads_core::contract::InstanceId;
use nineheads_core::fleet::{FleetQuery, Named};
use nineheads_core::polling::PollerState;
use nineheads_core::seen::Source;
use nineheads_core::{Code, Console, Failure};
use std::time::Duration;
use uuid::Uuid;

/// How long an announcement that was missed may go unnoticed.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

pub(crate) struct Desk {
    pub(crate) console: Console,
    pub(crate) output: Output,
    pub(crate) confirmed: Confirmed,
}

/// An instance that was meant.
pub(crate) struct Target {
    pub(crate) id: InstanceId,
    pub(crate) name: String,
    /// The fleet has it, as far as it may be listed.
    pub(crate) is_known: bool,
}

impl Desk {
    /// Waits until the platform has told the fleet, or why it does not.
    pub(crate) async fn wait_for_fleet(&self) -> Result<(), Failure> {
        let mut events = self.console.events();
        loop {
            let facts = self.console.show_fleet(FleetQuery::default(), 0, 0)?.facts;
            if facts.source == Source::Live && facts.seen_at.is_some() {
                return Ok(());
            }
            if let Some(failure) = facts.failure {
                return Err(failure);
            }
            match self.console.poller().state {
                PollerState::Offline { failure, .. } => return Err(failure),
                PollerState::Refused => {
                    return Err(Failure::new(Code::CredentialRefused, "the list was refused"));
                }
                _ => {}
            }
            let _ = tokio::time::timeout(LOOK_AGAIN, events.recv()).await;
        }
    }

    /// Whether the platform is still asked: after a refused key or a certificate that can not be trusted nobody does any more,
    /// and whoever waits would wait for ever.
    pub(crate) fn check_asking(&self) -> Result<(), Failure> {
        match self.console.poller().state {
            PollerState::Refused => {
                Err(Failure::new(Code::CredentialRefused, "the key was refused meanwhile"))
            }
            PollerState::NoKey => Err(Failure::new(Code::NoKey, "there is no key any more")),
            PollerState::Offline { failure, .. } if matches!(failure.code, Code::BadCertificate { .. }) => {
                Err(failure)
            }
            _ => Ok(()),
        }
    }

    /// The instance that is meant by an id or a name.
    pub(crate) async fn instance(&self, text: &str) -> Result<Target, Stop> {
        let as_typed =
            || Target { id: InstanceId::from(text.trim()), name: text.trim().to_owned(), is_known: false };
        let is_id = Uuid::try_parse(text.trim()).is_ok();
        match self.wait_for_fleet().await {
            Ok(()) => {}
            // A key that may not list may still know an id.
            Err(Failure { code: Code::NotAllowed { .. }, .. }) if is_id => return Ok(as_typed()),
            Err(failure) => return Err(failure.into()),
        }
        match self.console.find_instance(text)? {
            Named::One { id, name } => Ok(Target { id, name, is_known: true }),
            // The fleet may have lost it since; a name it never had is nobody.
            Named::Nobody if is_id => Ok(as_typed()),
            Named::Nobody => {
                Err(Stop::new(Exit::NotFound, "notFound", format!("No instance is called {text:?}.")))
            }
            Named::Several(ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                let message = format!(
                    "More than one instance is called {text:?}. Take one by its id: {}",
                    ids.join(", ")
                );
                Err(Stop::new(Exit::Conflict, "ambiguous", message))
            }
        }
    }
}
