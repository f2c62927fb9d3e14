//! How a real agent is: what its gateway reports, and how the talk with it stands.

use super::super::agent::Agent;
use super::super::ask::AskError;
use super::super::gateway::Standing;
use crate::provider::Vitals;
use crate::store::{Instance, time};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::time::Duration;

/// How long each report may take. An agent that is in the middle of a start is busy.
const LIMIT: Duration = Duration::from_secs(8);
/// Longer than this no start takes where all is well. Seen: 32 s.
const START_MS: i64 = 60_000;
/// One that ran and answers no more may answer again within this.
const GRACE_MS: i64 = 60_000;
/// The health of an agent that is being started. Its `uptime_seconds` say for how long.
pub(crate) const STARTING: &str = "starting";
/// Why an agent does not answer where nobody knows better.
pub(crate) const NOT_RUNNING: &str = "its program is not running";

/// What a gateway answered; null where it did not.
struct Reports {
    health: Value,
    status: Value,
    system: Value,
    skills: Value,
}

/// What an agent reports of itself, or why it does not. `starting_since`: where it is being started.
pub(crate) fn read(
    agent: Option<&Agent>,
    starting_since: Option<i64>,
    instance: &Instance,
    now: i64,
) -> Vitals {
    let failed = matches!(instance.status.as_str(), "failed" | "error");
    if !instance.is_running() {
        return Vitals { health: failed.then_some("unhealthy"), ..unknown() };
    }
    let Some(agent) = agent else {
        return match starting_since {
            Some(since) => starting("its program is not there yet", since, now, unknown()),
            None => given_up(instance),
        };
    };
    let gateway = agent.gateway();
    let known = Vitals {
        failures: i64::from(gateway.failures()),
        last_heartbeat: gateway.heard_at().map(time),
        ..unknown()
    };
    if let Standing::Away(reason) = gateway.standing() {
        // One that starts itself anew may never come back, and nobody else starts it.
        let by_itself =
            || Some(gateway.since()).filter(|since| gateway.is_restarting() && now - since < START_MS);
        return match starting_since.or_else(by_itself) {
            Some(since) => starting(&reason, since, now, known),
            None => away(&reason, gateway.since(), now, known),
        };
    }
    let asked = ["health", "status", "system.info", "skills.status"].map(|method| (method, json!({})));
    let [health, status, system, skills] = agent.ask_all(asked, LIMIT);
    if let Err(AskError::Late) = health {
        let error =
            Some(("agent_slow".into(), "The agent takes longer than 8 seconds to say how it is".to_owned()));
        return Vitals { health: Some("degraded"), error, ..known };
    }
    let reports = Reports {
        health: health.unwrap_or_default(),
        status: status.unwrap_or_default(),
        system: system.unwrap_or_default(),
        skills: skills.unwrap_or_default(),
    };
    report(&reports, Vitals { last_heartbeat: gateway.heard_at().map(time), ..known })
}

fn unknown() -> Vitals {
    Vitals {
        health: None,
        failures: 0,
        error: None,
        troubled_since: None,
        last_heartbeat: None,
        uptime_seconds: None,
        connections: None,
        agent_version: None,
        node_version: None,
        skills: Vec::new(),
    }
}

/// Being started is no trouble until it takes too long.
fn starting(reason: &str, since: i64, now: i64, known: Vitals) -> Vitals {
    let span = (now - since).max(0);
    let known = Vitals { failures: 0, uptime_seconds: Some(span / 1_000), ..known };
    if span < START_MS {
        return Vitals { health: Some(STARTING), ..known };
    }
    let what = format!("The agent is being started, and takes longer than it should: {reason}");
    Vitals {
        health: Some("degraded"),
        error: Some(("agent_starting".into(), what)),
        troubled_since: Some(since),
        ..known
    }
}

/// It runs no more and is not started again by itself.
fn given_up(instance: &Instance) -> Vitals {
    let error = match (&instance.error_code, &instance.error_message) {
        (Some(code), Some(message)) => (Cow::Owned(code.clone()), message.clone()),
        _ => ("agent_away".into(), format!("The agent does not answer: {NOT_RUNNING}")),
    };
    Vitals {
        health: Some("unhealthy"),
        error: Some(error),
        troubled_since: Some(instance.updated_at),
        ..unknown()
    }
}

/// It runs, and does not answer.
fn away(reason: &str, since: i64, now: i64, known: Vitals) -> Vitals {
    let health = if now - since < GRACE_MS { "degraded" } else { "unhealthy" };
    Vitals {
        health: Some(health),
        error: Some(("agent_away".into(), format!("The agent does not answer: {reason}"))),
        troubled_since: Some(since),
        ..known
    }
}

fn report(reports: &Reports, known: Vitals) -> Vitals {
    let trouble = trouble(reports);
    let health = match (reports.health["ok"].as_bool(), &trouble) {
        (Some(false), _) => Some("unhealthy"),
        (Some(true), Some(_)) => Some("degraded"),
        (Some(true), None) => Some("healthy"),
        (None, _) => None,
    };
    let text = |value: &Value| value.as_str().map(|text| Cow::Owned(text.trim_start_matches('v').to_owned()));
    Vitals {
        health,
        error: trouble,
        uptime_seconds: reports.system["uptimeMs"].as_i64().map(|millis| millis / 1_000),
        agent_version: text(&reports.status["runtimeVersion"]),
        node_version: text(&reports.system["nodeVersion"]),
        skills: skills_in_use(&reports.skills).map(|key| key.to_owned().into()).collect(),
        ..known
    }
}

/// The worst thing that a gateway says of itself.
fn trouble(Reports { health, status, .. }: &Reports) -> Option<(Cow<'static, str>, String)> {
    let names = |value: Option<&Value>, key: &str| {
        let rows = value.and_then(Value::as_array).into_iter().flatten();
        let names = rows.filter_map(|row| row.as_str().or_else(|| row[key].as_str()));
        names.collect::<Vec<_>>().join(", ")
    };
    let degraded = |value: &Value| value.pointer("/modelRuntime/degraded") == Some(&Value::Bool(true));
    let plugins = names(health.pointer("/plugins/errors"), "id");
    let secrets = names(status.get("degradedSecretOwners"), "ownerId");
    if health["ok"] == Value::Bool(false) {
        Some(("agent_unwell".into(), "The agent says that it is not well".to_owned()))
    } else if degraded(health) || degraded(status) {
        Some(("model_degraded".into(), "The agent can not use its model at the moment".to_owned()))
    } else if !plugins.is_empty() {
        Some(("plugin_failed".into(), format!("Parts of the agent did not start: {plugins}")))
    } else if !secrets.is_empty() {
        Some(("secret_missing".into(), format!("A secret can not be read for: {secrets}")))
    } else {
        None
    }
}

/// Skills that an agent has what they need for, and may use.
pub(super) fn skills_in_use(skills: &Value) -> impl Iterator<Item = &str> {
    let rows = skills["skills"].as_array().into_iter().flatten();
    rows.filter(|row| row["eligible"] == Value::Bool(true) && row["disabled"] != Value::Bool(true))
        .filter_map(|row| row["skillKey"].as_str().or_else(|| row["name"].as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::recorded::payload;
    use super::*;
    use crate::demo::tests::instance;

    fn reports() -> Reports {
        Reports {
            health: payload!("health"),
            status: payload!("status"),
            system: payload!("system"),
            skills: payload!("skills_status"),
        }
    }

    #[test]
    fn a_real_report_is_read_and_nothing_is_made_up() {
        let vitals = report(&reports(), unknown());
        assert_eq!((vitals.health, vitals.error), (Some("healthy"), None));
        assert_eq!(vitals.uptime_seconds, Some(29));
        assert_eq!(vitals.agent_version.as_deref(), Some("2026.9.6"));
        assert_eq!(vitals.node_version.as_deref(), Some("24.22.3"));
        assert!(vitals.skills.contains(&Cow::Borrowed("browser-automation")), "{:?}", vitals.skills);
        assert!(!vitals.skills.contains(&Cow::Borrowed("1password")), "it lacks what it needs");
        assert_eq!(vitals.connections, None);
    }

    #[test]
    fn what_a_gateway_complains_of_is_told() {
        let mut reports = reports();
        reports.health["plugins"]["errors"] = json!([{ "id": "telegram" }]);
        let vitals = report(&reports, unknown());
        assert_eq!(vitals.health, Some("degraded"));
        assert_eq!(vitals.error.expect("a trouble").1, "Parts of the agent did not start: telegram");
        reports.health["ok"] = json!(false);
        assert_eq!(report(&reports, unknown()).health, Some("unhealthy"));
        let silent = Reports { health: json!(null), status: json!(7), system: json!([]), skills: json!("x") };
        assert_eq!(report(&silent, unknown()).health, None);
    }

    #[test]
    fn being_started_is_no_trouble_until_it_takes_too_long() {
        let running = Instance { status: "running".to_owned(), updated_at: 1_000, ..instance() };
        let early = read(None, Some(10_000), &running, 22_000);
        assert_eq!((early.health, early.error, early.troubled_since), (Some(STARTING), None, None));
        assert_eq!(early.uptime_seconds, Some(12), "for how long");
        let late = read(None, Some(10_000), &running, 70_000);
        assert_eq!((late.health, late.troubled_since), (Some("degraded"), Some(10_000)));
        assert_eq!(late.error.expect("a reason").0, "agent_starting");
        assert_eq!(late.uptime_seconds, Some(60));
    }

    #[test]
    fn an_agent_that_was_given_up_says_at_once_why() {
        let running = Instance { status: "running".to_owned(), updated_at: 1_000, ..instance() };
        let unknown = read(None, None, &running, 1_001);
        assert_eq!((unknown.health, unknown.uptime_seconds), (Some("unhealthy"), None));
        assert_eq!(unknown.error.expect("a reason").0, "agent_away");
        let told = Instance {
            error_code: Some("keeps_ending".to_owned()),
            error_message: Some("It ended.".to_owned()),
            ..running
        };
        let given_up = read(None, None, &told, 1_001);
        assert_eq!((given_up.health, given_up.troubled_since), (Some("unhealthy"), Some(1_000)));
        assert_eq!(given_up.error, Some(("keeps_ending".into(), "It ended.".to_owned())));
        assert_eq!(read(None, Some(1_000), &told, 2_000).error, None, "it is being started once more");
        let failed = Instance { status: "failed".to_owned(), ..told };
        assert_eq!(read(None, None, &failed, 70_000).health, Some("unhealthy"));
    }

    #[test]
    fn one_that_runs_and_answers_no_more_is_not_called_starting() {
        let known = || Vitals { failures: 3, ..unknown() };
        let soon = away("silence", 10_000, 20_000, known());
        assert_eq!((soon.health, soon.failures), (Some("degraded"), 3));
        let later = away("silence", 10_000, 70_000, known());
        assert_eq!(
            (later.health, later.error.expect("a reason").0.as_ref()),
            (Some("unhealthy"), "agent_away")
        );
        assert_eq!(
            starting("it is starting", 10_000, 20_000, known()).failures,
            0,
            "nobody is there to connect to"
        );
    }
}
