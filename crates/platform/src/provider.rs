//! Who makes agents real. The platform keeps rows and answers requests; a provider says how a server comes into being,
//! what its agent reports and what it replies. Nothing here knows of HTTP, and no provider writes to the store.

pub(crate) mod openclaw;
pub(crate) mod simulated;

use crate::store::Instance;
use crate::store::logs::Line;
use crate::store::messages::Conversation;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::time::Duration;

/// The agents' side of a platform.
pub(crate) trait Provider: Send + Sync {
    /// When a worker takes up a create that was accepted at this time.
    fn taken_up_at(&self, accepted_at: i64) -> i64;

    /// How far a provisioning has come.
    fn progress(&self, instance: &Instance, now: i64) -> Progress;

    /// When an instance that is being deleted is torn down.
    fn torn_down_at(&self, instance: &Instance) -> i64;

    /// The provisioning lines of an instance whose making was not recorded.
    fn past_lines(&self, instance: &Instance) -> Vec<Line>;

    /// What the agent reports of itself.
    fn vitals(&self, instance: &Instance, now: i64) -> Vitals;

    /// When an agent whose key was taken has fetched a fresh one; none for one that never will.
    fn key_fetched_at(&self, instance: &Instance) -> Option<i64>;

    /// The configuration an agent begins with, secrets included.
    fn first_config(&self, instance: &Instance) -> Map<String, Value>;

    /// Conversations the agent had elsewhere, newest first.
    fn past_conversations(&self, instance: &Instance, now: i64) -> Vec<Conversation>;

    /// What the agent used on each of the last days that its instance has seen, oldest first, today last.
    fn usage(&self, instance: &Instance, days: i64, now: i64) -> Vec<Day>;

    /// What the agent replies.
    fn reply(&self, question: &str, situation: &Situation) -> String;

    /// The pause before each word of a reply.
    fn pause(&self) -> Duration;
}

/// How far a provisioning has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Every line so far.
    pub(crate) lines: Vec<Line>,
    /// 0 before the server reports, then 1 to 4.
    pub(crate) bootstrap_seq: i64,
    /// The platform's own word for where it is.
    pub(crate) stage: &'static str,
    /// How it ended.
    pub(crate) outcome: Option<Outcome>,
    /// When there will be more to say.
    pub(crate) next_at: Option<i64>,
}

/// How a provisioning ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Ready { at: i64 },
    Failed { code: String, message: String },
}

/// What an agent reports of itself.
#[derive(Debug, Clone)]
pub(crate) struct Vitals {
    pub(crate) health: Option<&'static str>,
    pub(crate) failures: i64,
    pub(crate) error: Option<(Cow<'static, str>, String)>,
    /// Since when it has not been well.
    pub(crate) troubled_since: Option<i64>,
    pub(crate) last_heartbeat: Option<DateTime<Utc>>,
    pub(crate) uptime_seconds: Option<i64>,
    pub(crate) connections: Option<i64>,
    pub(crate) agent_version: Option<Cow<'static, str>>,
    pub(crate) node_version: Option<Cow<'static, str>>,
    pub(crate) skills: Vec<Cow<'static, str>>,
}

/// What an agent used on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    /// Days since 1970, UTC.
    pub(crate) number: i64,
    pub(crate) requests: i64,
    pub(crate) tokens: i64,
    pub(crate) micro_dollars: i64,
    pub(crate) people: i64,
}

impl Day {
    /// A day without any use.
    pub(crate) fn unused(number: i64) -> Self {
        Self { number, requests: 0, tokens: 0, micro_dollars: 0, people: 0 }
    }
}

/// What an agent knows of itself while it replies.
pub(crate) struct Situation {
    pub(crate) instance: Instance,
    pub(crate) vitals: Vitals,
    pub(crate) week: Vec<Day>,
    /// With its secrets masked.
    pub(crate) config: Value,
    pub(crate) lines: Vec<nineheads_contract::logs::LogLine>,
    pub(crate) now: i64,
}
