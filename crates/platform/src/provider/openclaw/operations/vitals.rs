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
/// An agent that has been away no longer than this is only being started.
const GRACE_MS: i64 = 60_000;

/// What a gateway answered; null where it did not.
struct Reports {
    health: Value,
    status: Value,
    system: Value,
    skills: Value,
}

/// What an agent reports of itself, or why it does not.
pub(crate) fn read(agent: Option<&Agent>, instance: &Instance, now: i64) -> Vitals {
    let failed = matches!(instance.status.as_str(), "failed" | "error");
    if !instance.is_running() {
        return Vitals { health: failed.then_some("unhealthy"), ..unknown() };
    }
    let Some(agent) = agent else {
        let reason = instance.error_message.as_deref().unwrap_or("its program is not running");
        return away(reason, instance.updated_at, now, unknown());
    };
    let gateway = agent.gateway();
    let known = Vitals {
        failures: i64::from(gateway.failures()),
        last_heartbeat: gateway.heard_at().map(time),
        ..unknown()
    };
    if let Standing::Away(reason) = gateway.standing() {
        return away(&reason, gateway.since(), now, known);
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

fn away(reason: &str, since: i64, now: i64, known: Vitals) -> Vitals {
    let (health, code, what) = match now - since < GRACE_MS {
        true => ("degraded", "agent_starting", "The agent is being started"),
        false => ("unhealthy", "agent_away", "The agent does not answer"),
    };
    Vitals {
        health: Some(health),
        error: Some((code.into(), format!("{what}: {reason}"))),
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
    fn an_agent_without_a_process_is_first_starting_and_then_away() {
        let running = Instance { status: "running".to_owned(), updated_at: 1_000, ..instance() };
        let early = read(None, &running, 30_000);
        assert_eq!(
            (early.health, early.error.expect("a reason").0.as_ref()),
            (Some("degraded"), "agent_starting")
        );
        let late = read(None, &running, 70_000);
        assert_eq!((late.health, late.troubled_since), (Some("unhealthy"), Some(1_000)));
        let failed = Instance { status: "failed".to_owned(), ..running };
        assert_eq!(read(None, &failed, 70_000).health, Some("unhealthy"));
    }
}
