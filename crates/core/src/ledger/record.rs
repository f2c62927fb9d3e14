//! How an act gets its line: begun before it happens, ended with its outcome. One that nobody ends (its window went
//! away, it panicked) ends as unknown.

use super::{Act, Ledger, LedgerOutcome, time_text};
use crate::Console;
use crate::deploys::{Deploy, DeployState};
use crate::error::{Code, Failure};
use crate::profiles::Profile;
use crate::redact::redact;
use crate::session::Session;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// An act that is going on.
#[must_use = "an act has an end"]
pub(crate) struct Entry {
    ledger: Arc<Ledger>,
    act: Act,
    begun: Option<i64>,
    ended: bool,
}

impl Entry {
    /// How a call ended. The platform's words stay out: they may repeat what was sent.
    pub(crate) fn end<T>(self, result: &Result<T, Failure>) {
        match result {
            Ok(_) => self.close(LedgerOutcome::Done, None),
            Err(failure) => self.fail(failure),
        }
    }

    pub(crate) fn fail(self, failure: &Failure) {
        let outcome = match failure.code {
            Code::MayHaveArrived => LedgerOutcome::Unknown,
            _ => LedgerOutcome::Failed,
        };
        self.close(outcome, Some(&reason(&failure.code)));
    }

    pub(crate) fn close(mut self, outcome: LedgerOutcome, reason: Option<&str>) {
        self.write(outcome, reason);
    }

    fn write(&mut self, outcome: LedgerOutcome, reason: Option<&str>) {
        self.ended = true;
        let act = match reason {
            Some(reason) => with_reason(self.act.clone(), reason),
            None => self.act.clone(),
        };
        if let Err(failure) = self.ledger.end(self.begun, &act, outcome) {
            log::error!("the ledger was not written: {failure}");
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if !self.ended {
            self.write(LedgerOutcome::Unknown, Some("notAwaited"));
        }
    }
}

/// The name of a code, with its status where it has one.
fn reason(code: &Code) -> String {
    let written = serde_json::to_value(code).unwrap_or_default();
    let name = written["type"].as_str().unwrap_or("unknown").to_owned();
    match code {
        Code::ServerFailed { status, .. } => format!("{name} {status}"),
        _ => name,
    }
}

/// The act with a reason in its detail.
pub(super) fn with_reason(mut act: Act, reason: &str) -> Act {
    let mut detail: Value = serde_json::from_str(&act.detail).unwrap_or_default();
    if !detail.is_object() {
        detail = Value::Object(serde_json::Map::new());
    }
    detail["reason"] = Value::from(reason);
    act.detail = detail.to_string();
    act
}

/// Every text of a detail without secrets. An id stays as it is, whatever number it looks like.
fn clean(value: Value) -> Value {
    match value {
        Value::String(text) if Uuid::try_parse(&text).is_err() => Value::String(redact(&text)),
        Value::Array(values) => Value::Array(values.into_iter().map(clean).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (redact(&name), clean(value))).collect())
        }
        other => other,
    }
}

impl Ledger {
    /// An act that is about to happen; where that can not be written down, the reason.
    fn begun(
        self: &Arc<Self>,
        at: DateTime<Utc>,
        profile: &Profile,
        act: &str,
        (target, target_name): (&str, &str),
        detail: Value,
    ) -> (Entry, Result<(), Failure>) {
        let act = Act {
            at: time_text(at),
            profile: profile.id.clone(),
            profile_name: redact(&profile.name),
            act: act.to_owned(),
            target: target.to_owned(),
            target_name: redact(target_name),
            detail: clean(detail).to_string(),
        };
        let begun = self.begin(&act);
        let (begun, result) = match begun {
            Ok(id) => (Some(id), Ok(())),
            Err(failure) => (None, Err(failure)),
        };
        (Entry { ledger: self.clone(), act, begun, ended: false }, result)
    }
}

impl Session {
    /// Begins what must not happen without its line: nothing about conversations is done unrecorded.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub(crate) fn enter_strictly(&self, act: &str, id: &InstanceId, detail: Value) -> Result<Entry, Failure> {
        let name = self.name_of(id);
        let (mut entry, begun) =
            self.ledger.begun(self.now(), &self.profile, act, (id.as_str(), &name), detail);
        if begun.is_err() {
            entry.ended = true;
        }
        begun.map(|()| entry)
    }

    /// Begins what a person may need most when their disk is full: a server that costs money can still be deleted.
    pub(crate) fn enter(&self, act: &str, id: &InstanceId, detail: Value) -> Entry {
        let name = self.name_of(id);
        self.enter_named(act, (id.as_str(), &name), detail)
    }

    /// As [`Session::enter`], for what is no instance (yet).
    pub(crate) fn enter_named(&self, act: &str, target: (&str, &str), detail: Value) -> Entry {
        let (entry, begun) = self.ledger.begun(self.now(), &self.profile, act, target, detail);
        if let Err(failure) = begun {
            log::error!("{act} goes on unrecorded: {failure}");
        }
        entry
    }
}

impl Session {
    /// Begins a deploy; it is about its key until the instance is known.
    pub(crate) fn enter_deploy(&self, act: &str, deploy: &Deploy) -> Entry {
        let request = &deploy.request;
        let detail = json!({ "region": request.region_id, "tier": request.tier_id });
        self.enter_named(act, (deploy.key.as_str(), request.agent_name.as_deref().unwrap_or("")), detail)
    }
}

impl Entry {
    /// How the first step of a deploy ended; what comes after that is in its journal.
    pub(crate) fn end_deploy(self, deploy: &Deploy) {
        match (deploy.state, &deploy.failure) {
            (DeployState::Rejected | DeployState::Failed, Some(failure)) => self.fail(failure),
            (DeployState::Intent | DeployState::Sent | DeployState::Unknown | DeployState::Absent, _) => {
                self.close(LedgerOutcome::Unknown, None);
            }
            _ => self.close(LedgerOutcome::Done, None),
        }
    }
}

impl Console {
    /// Begins something about a profile: signing in and out, forgetting it, changing what it may do.
    pub(crate) fn enter_profile(&self, act: &str, profile: &Profile, detail: Value) -> Entry {
        let at = (self.0.options.clock)();
        let (entry, begun) = self.0.ledger.begun(at, profile, act, (&profile.id, &profile.name), detail);
        if let Err(failure) = begun {
            log::error!("{act} goes on unrecorded: {failure}");
        }
        entry
    }
}
