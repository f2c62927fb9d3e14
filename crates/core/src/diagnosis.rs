//! Where the way from this computer to an agent's channels is broken: seven steps, each with what was found. The first
//! step that fails says why; what lies behind it was not reached. Nothing is changed on the way.

use crate::error::{Code, Failure};
use crate::history::is_beating;
use crate::network::look_up;
use crate::session::Session;
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{GetInstance, Phase, Status};
use nineheads_contract::neighbours::GetKeyContext;
use nineheads_contract::platform_config::{GetPlatformConfig, PlatformConfig};
use nineheads_contract::runtime::{GetRuntime, RuntimeStatus};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;
use std::time::Instant;

/// The steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DiagnosisStepName {
    /// The host's name leads to an address.
    Name,
    /// A connection, and on it a certificate that is trusted.
    Tls,
    /// What answers is the API and not something in between.
    Proxy,
    /// The key is accepted.
    Key,
    /// The platform has the instance.
    Instance,
    /// The agent lives.
    Agent,
    /// People can reach it.
    Channel,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DiagnosisResult {
    /// As it should be.
    Ok,
    /// It works, but.
    Warning,
    /// Here it breaks.
    Failed,
    /// Not needed here, or not reached.
    Skipped,
    /// Nobody can tell.
    Unknown,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the words say it; their sentences are the screen's")]
pub enum DiagnosisFinding {
    Loopback,
    Resolved,
    ResolveFailed,
    Connected,
    ConnectFailed,
    Certificate,
    Answered,
    NotOurApi,
    Offline,
    Accepted,
    Refused,
    Found,
    Gone,
    NotAllowed,
    ServerFailed,
    OnItsWay,
    FailedStatus,
    Beating,
    Silent,
    NoHeartbeat,
    Unhealthy,
    Healthy,
    HealthUnknown,
    ChannelsOn,
    NoChannels,
    ChannelsUnknown,
    NotReached,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosisStep {
    /// Which.
    pub step: DiagnosisStepName,
    /// How it went.
    pub result: DiagnosisResult,
    /// What was found.
    pub finding: DiagnosisFinding,
    /// The technical part: host, addresses, times, words of the platform.
    pub detail: String,
    /// Milliseconds.
    pub took_ms: Option<u32>,
    /// Why, where a call failed.
    pub failure: Option<Failure>,
}

use DiagnosisFinding as Finding;
use DiagnosisResult::{Failed, Ok as Good, Skipped, Unknown, Warning};
use DiagnosisStepName as Name;

/// What a step says; the walk ends where it is fatal.
pub(crate) struct Verdict {
    pub result: DiagnosisResult,
    finding: Finding,
    detail: String,
    failure: Option<Failure>,
}

fn says(result: DiagnosisResult, finding: Finding, detail: impl Into<String>) -> Verdict {
    Verdict { result, finding, detail: detail.into(), failure: None }
}

fn refuses(finding: Finding, failure: Failure) -> Verdict {
    Verdict { result: Failed, finding, detail: failure.detail.clone(), failure: Some(failure) }
}

/// The steps as they come.
struct Walk<'a> {
    steps: Vec<DiagnosisStep>,
    on_step: &'a mut (dyn FnMut(DiagnosisStep) + Send),
}

impl Walk<'_> {
    /// Notes a step; false where nothing behind it can be reached.
    fn note(&mut self, step: Name, started: Instant, verdict: Verdict) -> bool {
        let Verdict { result, finding, detail, failure } = verdict;
        let took_ms = u32::try_from(started.elapsed().as_millis()).ok();
        let took_ms = took_ms.filter(|_| result != Skipped);
        let step = DiagnosisStep { step, result, finding, detail, took_ms, failure };
        (self.on_step)(step.clone());
        self.steps.push(step);
        result != Failed
    }

    fn give_up(mut self, rest: &[Name]) -> Vec<DiagnosisStep> {
        for step in rest {
            self.note(*step, Instant::now(), says(Skipped, Finding::NotReached, ""));
        }
        self.steps
    }
}

impl Session {
    /// Walks the seven steps.
    pub(crate) async fn diagnose_instance(
        &self,
        id: &InstanceId,
        on_step: &mut (dyn FnMut(DiagnosisStep) + Send),
    ) -> Vec<DiagnosisStep> {
        let mut walk = Walk { steps: Vec::new(), on_step };
        let started = Instant::now();
        let verdict = self.try_name().await;
        if !walk.note(Name::Name, started, verdict) {
            return walk.give_up(&[
                Name::Tls,
                Name::Proxy,
                Name::Key,
                Name::Instance,
                Name::Agent,
                Name::Channel,
            ]);
        }
        let started = Instant::now();
        let answer = self.polls.send(&GetKeyContext).await.map(drop);
        let (tls, proxy) = self.read_first_answer(answer.err());
        if !walk.note(Name::Tls, started, tls) {
            return walk.give_up(&[Name::Proxy, Name::Key, Name::Instance, Name::Agent, Name::Channel]);
        }
        if !walk.note(Name::Proxy, started, proxy) {
            return walk.give_up(&[Name::Key, Name::Instance, Name::Agent, Name::Channel]);
        }
        let started = Instant::now();
        let detail = self.polls.send(&GetInstance { id: id.clone() }).await;
        if !walk.note(Name::Key, started, read_key(detail.as_ref().err())) {
            return walk.give_up(&[Name::Instance, Name::Agent, Name::Channel]);
        }
        let status = detail.as_ref().map(|detail| detail.status.clone());
        let verdict = match status {
            Ok(status) => read_status(status.as_ref()),
            Err(failure) => read_missing(failure.clone()),
        };
        if !walk.note(Name::Instance, started, verdict) {
            return walk.give_up(&[Name::Agent, Name::Channel]);
        }
        let started = Instant::now();
        let verdict = match self.polls.send(&GetRuntime { id: id.clone() }).await {
            Ok(runtime) => read_runtime(&runtime, self.now()),
            Err(failure) => Verdict { result: Unknown, ..refuses(Finding::HealthUnknown, failure) },
        };
        if !walk.note(Name::Agent, started, verdict) {
            return walk.give_up(&[Name::Channel]);
        }
        let started = Instant::now();
        let verdict = match self.polls.send(&GetPlatformConfig { id: id.clone() }).await {
            Ok(config) => read_channels(&config),
            Err(failure) => Verdict { result: Unknown, ..refuses(Finding::ChannelsUnknown, failure) },
        };
        walk.note(Name::Channel, started, verdict);
        walk.steps
    }

    async fn try_name(&self) -> Verdict {
        let base = self.client.base();
        if base.is_loopback() {
            return says(Good, Finding::Loopback, base.host());
        }
        match look_up(&base.join("/", &[])).await {
            Ok(addresses) => says(Good, Finding::Resolved, addresses),
            Err(why) => says(Failed, Finding::ResolveFailed, why),
        }
    }

    /// One request says whether a connection came about, and whether what answers is the API. Any refusal in the API's
    /// own words is an answer.
    fn read_first_answer(&self, failure: Option<Failure>) -> (Verdict, Verdict) {
        let base = self.client.base();
        let connected = || match base.is_loopback() {
            true => says(Skipped, Finding::Loopback, base.as_str()),
            false => says(Good, Finding::Connected, base.as_str()),
        };
        match failure {
            Some(failure @ Failure { code: Code::BadCertificate { .. }, .. }) => {
                (refuses(Finding::Certificate, failure), says(Skipped, Finding::NotReached, ""))
            }
            Some(failure) if failure.code == Code::Offline => {
                // Only the words tell one failed connection from another.
                let finding = match failure.detail.contains("no answer within") {
                    true => Finding::Offline,
                    false => Finding::ConnectFailed,
                };
                (refuses(finding, failure), says(Skipped, Finding::NotReached, ""))
            }
            Some(failure @ Failure { code: Code::NotOurApi { .. } | Code::Unreadable, .. }) => {
                (connected(), refuses(Finding::NotOurApi, failure))
            }
            Some(failure @ Failure { code: Code::ServerFailed { .. }, .. }) => {
                (connected(), Verdict { result: Warning, ..refuses(Finding::ServerFailed, failure) })
            }
            _ => (connected(), says(Good, Finding::Answered, base.as_str())),
        }
    }
}

pub(crate) fn read_key(failure: Option<&Failure>) -> Verdict {
    match failure {
        Some(failure) if failure.code == Code::CredentialRefused => {
            refuses(Finding::Refused, failure.clone())
        }
        Some(failure) if failure.code == Code::Offline => refuses(Finding::Offline, failure.clone()),
        Some(failure) if matches!(failure.code, Code::ServerFailed { .. } | Code::TooManyRequests { .. }) => {
            Verdict { result: Unknown, ..refuses(Finding::ServerFailed, failure.clone()) }
        }
        _ => says(Good, Finding::Accepted, ""),
    }
}

fn read_missing(failure: Failure) -> Verdict {
    match failure.code {
        Code::NotFound { .. } => refuses(Finding::Gone, failure),
        Code::NotAllowed { .. } => refuses(Finding::NotAllowed, failure),
        _ => refuses(Finding::ServerFailed, failure),
    }
}

fn read_status(status: Option<&Status>) -> Verdict {
    let word = status.map(ToString::to_string).unwrap_or_default();
    match status.map(Status::phase).unwrap_or_default() {
        Phase::Running => says(Good, Finding::Found, word),
        Phase::OnItsWay => says(Warning, Finding::OnItsWay, word),
        Phase::Failed => says(Warning, Finding::FailedStatus, word),
        Phase::Deleting | Phase::Gone => says(Failed, Finding::Gone, word),
        Phase::Unknown => says(Unknown, Finding::Found, word),
    }
}

fn read_runtime(runtime: &RuntimeStatus, now: chrono::DateTime<chrono::Utc>) -> Verdict {
    let health = runtime.health_status.as_deref().unwrap_or_default().to_ascii_lowercase();
    let error = [&runtime.error_code, &runtime.error_message].into_iter().flatten().cloned();
    let heartbeat = runtime.last_heartbeat.map(|at| at.to_rfc3339());
    let detail: Vec<String> =
        heartbeat.into_iter().chain((!health.is_empty()).then(|| health.clone())).chain(error).collect();
    let detail = detail.join(" · ");
    match is_beating(runtime.last_heartbeat, now) {
        // An agent of this computer that is being started; its heart beats once it is up.
        _ if health == "starting" => says(Warning, Finding::OnItsWay, detail),
        None => says(Unknown, Finding::NoHeartbeat, detail),
        Some(false) => says(Failed, Finding::Silent, detail),
        Some(true) if matches!(health.as_str(), "unhealthy" | "degraded") => {
            says(Warning, Finding::Unhealthy, detail)
        }
        Some(true) => says(Good, Finding::Beating, detail),
    }
}

fn read_channels(config: &PlatformConfig) -> Verdict {
    let is_on = |value: &Value| match value {
        Value::Bool(on) => *on,
        Value::Object(map) => map.get("enabled").and_then(Value::as_bool).unwrap_or(true),
        Value::Null => false,
        _ => true,
    };
    let on: Vec<&str> =
        config.channels.iter().filter(|(_, value)| is_on(value)).map(|(name, _)| name.as_str()).collect();
    match on.is_empty() {
        true => says(Warning, Finding::NoChannels, ""),
        false => says(Good, Finding::ChannelsOn, on.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeDelta, Utc};
    use serde_json::json;

    #[test]
    fn an_agent_lives_while_its_heart_beats() {
        let now = Utc::now();
        let runtime = |minutes: Option<i64>, health: &str| RuntimeStatus {
            last_heartbeat: minutes.map(|minutes| now - TimeDelta::minutes(minutes)),
            health_status: Some(health.into()),
            ..RuntimeStatus::default()
        };
        let finding = |minutes, health| read_runtime(&runtime(minutes, health), now).finding;
        assert_eq!(finding(Some(0), "healthy"), Finding::Beating);
        assert_eq!(finding(Some(0), "degraded"), Finding::Unhealthy);
        assert_eq!(finding(Some(40), "healthy"), Finding::Silent);
        assert_eq!(finding(None, ""), Finding::NoHeartbeat);
        assert_eq!(finding(None, "starting"), Finding::OnItsWay);
    }

    #[test]
    fn a_channel_counts_when_it_is_on() {
        let config = |value: Value| PlatformConfig {
            channels: value.as_object().cloned().unwrap_or_default(),
            ..PlatformConfig::default()
        };
        assert_eq!(
            read_channels(&config(json!({"telegram": {"enabled": false}}))).finding,
            Finding::NoChannels
        );
        let on = read_channels(&config(json!({"telegram": {"enabled": true}, "sms": false, "x": {}})));
        assert_eq!(on.detail, "telegram, x");
    }
}
