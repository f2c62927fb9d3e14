//! Trouble on request: what goes wrong, for which operation, how often. Deciding only; the request's way through the
//! server (`admission.rs`) makes it happen.

use serde::Deserialize;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// One thing that goes wrong.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Written")]
pub enum Fault {
    /// Answers with this status and does nothing else.
    Status {
        /// Any status, also 200.
        status: u16,
        /// The header `Retry-After` as it is.
        retry_after: Option<String>,
        /// The body; FastAPI's `{"detail": …}` when none.
        body: Option<String>,
        /// The body's type; JSON when none.
        content_type: Option<String>,
    },
    /// Waits before it does what was asked.
    Slow {
        /// Milliseconds.
        slow_ms: u64,
    },
    /// Does what was asked and closes the connection in the middle of the answer.
    Cut,
    /// Does what was asked and closes the connection without an answer.
    CutAfterCommit,
    /// Closes the connection without doing or answering anything.
    CutBefore,
    /// Answers 200 with a hotel's sign-in page.
    CaptivePortal,
    /// Answers 200 with nothing.
    Empty,
    /// Answers 200 with this JSON.
    Json(Value),
    /// Does the platform's own part of a change, and answers 502 since the agent could not be reached. Only an operation
    /// that stores and then pushes knows it: `update_model_policy`.
    PushFails,
}

impl Fault {
    /// A refusal with FastAPI's body.
    pub fn status(status: u16) -> Self {
        Self::Status { status, retry_after: None, body: None, content_type: None }
    }

    /// A refusal that says when to come back.
    pub fn retry_after(status: u16, retry_after: impl Into<String>) -> Self {
        Self::Status { status, retry_after: Some(retry_after.into()), body: None, content_type: None }
    }

    /// An answer with this body and type.
    pub fn body(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        let content_type = Some(content_type.to_owned());
        Self::Status { status, retry_after: None, body: Some(body.into()), content_type }
    }
}

/// A fault as a file spells it: `{"status": 503}`, `{"slow_ms": 300}`, `{"json": {…}}` or a name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Status { status: u16, retry_after: Option<Value>, body: Option<String>, content_type: Option<String> },
    Slow { slow_ms: u64 },
    Json { json: Value },
    Named(Named),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Named {
    Cut,
    CutAfterCommit,
    CutBefore,
    CaptivePortal,
    Empty,
    PushFails,
}

impl From<Written> for Fault {
    fn from(written: Written) -> Self {
        match written {
            Written::Status { status, retry_after, body, content_type } => {
                let retry_after = retry_after.map(|value| match value {
                    Value::String(text) => text,
                    other => other.to_string(),
                });
                Self::Status { status, retry_after, body, content_type }
            }
            Written::Slow { slow_ms } => Self::Slow { slow_ms },
            Written::Json { json } => Self::Json(json),
            Written::Named(Named::Cut) => Self::Cut,
            Written::Named(Named::CutAfterCommit) => Self::CutAfterCommit,
            Written::Named(Named::CutBefore) => Self::CutBefore,
            Written::Named(Named::CaptivePortal) => Self::CaptivePortal,
            Written::Named(Named::Empty) => Self::Empty,
            Written::Named(Named::PushFails) => Self::PushFails,
        }
    }
}

/// A fault with its place and its measure.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FaultRule {
    /// An operation's name as in `docs/openapi.yaml`, or `*`.
    pub operation: String,
    /// What goes wrong.
    pub fault: Fault,
    /// How often.
    #[serde(default)]
    pub often: Often,
}

impl FaultRule {
    /// A fault that always happens.
    pub fn new(operation: &str, fault: Fault) -> Self {
        Self { operation: operation.to_owned(), fault, often: Often::Always }
    }

    /// The same, for the next `n` requests only.
    pub fn times(self, n: u32) -> Self {
        Self { often: Often::Times(n), ..self }
    }

    /// The same, for each `n`th request only.
    pub fn every(self, n: u32) -> Self {
        Self { often: Often::Every(n), ..self }
    }
}

/// How often a fault happens. In a file: `"always"`, `{"times": 2}`, `{"every": 3}`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Often {
    /// Each time.
    #[default]
    Always,
    /// The next so many times, then never again.
    Times(u32),
    /// Each so-manieth time.
    Every(u32),
}

/// The faults of a running platform; a handle that can be kept and changed.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Live>>>);

#[derive(Debug)]
struct Live {
    rule: FaultRule,
    seen: u32,
}

impl Faults {
    /// Replaces all rules.
    pub fn set(&self, rules: impl IntoIterator<Item = FaultRule>) {
        *self.lock() = rules.into_iter().map(|rule| Live { rule, seen: 0 }).collect();
    }

    /// Adds a rule. The first one that is due wins.
    pub fn add(&self, rule: FaultRule) {
        self.lock().push(Live { rule, seen: 0 });
    }

    /// All is well again.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// What goes wrong with this request.
    pub(crate) fn next(&self, operation: &str) -> Option<Fault> {
        let mut live = self.lock();
        live.iter_mut()
            .filter(|live| live.rule.operation == "*" || live.rule.operation == operation)
            .find_map(Live::due)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Live>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    fn due(&mut self) -> Option<Fault> {
        self.seen = self.seen.saturating_add(1);
        let due = match self.rule.often {
            Often::Always => true,
            Often::Times(n) => self.seen <= n,
            Often::Every(n) => n > 0 && self.seen.is_multiple_of(n),
        };
        due.then(|| self.rule.fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_faults_reads_in_every_spelling() {
        let rules: Vec<FaultRule> = serde_json::from_str(
            r#"[{"operation":"create_instance","fault":{"status":429,"retry_after":7},"often":{"times":2}},
                {"operation":"*","fault":"captive_portal","often":{"every":3}},
                {"operation":"chat","fault":{"slow_ms":300}},
                {"operation":"get_runtime","fault":{"json":{"status":null}},"often":"always"},
                {"operation":"get_config","fault":{"status":502,"body":"<html>","content_type":"text/html"}},
                {"operation":"update_model_policy","fault":"push_fails"}]"#,
        )
        .expect("readable");
        assert_eq!(rules[0], FaultRule::new("create_instance", Fault::retry_after(429, "7")).times(2));
        assert_eq!(rules[1].fault, Fault::CaptivePortal);
        assert_eq!(rules[2].fault, Fault::Slow { slow_ms: 300 });
        assert_eq!(rules[3].fault, Fault::Json(serde_json::json!({ "status": null })));
        assert_eq!(rules[4].fault, Fault::body(502, "text/html", "<html>"));
        assert_eq!(rules[5].fault, Fault::PushFails);
    }

    #[test]
    fn a_fault_happens_as_often_as_it_says_and_only_where_it_says() {
        let faults = Faults::default();
        faults.add(FaultRule::new("chat", Fault::Empty).times(2));
        faults.add(FaultRule::new("*", Fault::Cut).every(3));
        assert_eq!(faults.next("chat"), Some(Fault::Empty));
        assert_eq!(faults.next("chat"), Some(Fault::Empty));
        assert_eq!([faults.next("chat"), faults.next("x"), faults.next("y")], [None, None, Some(Fault::Cut)]);
        faults.clear();
        assert_eq!(faults.next("chat"), None);
    }
}
