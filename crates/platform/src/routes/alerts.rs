//! What the platform itself thinks somebody should look at: dead instances, and agents that are not well. Derived anew
//! for each question from the rows and from what the agents report, so an alert is over when its reason is.

use super::reply;
use crate::call::{Call, now};
use crate::provider::Vitals;
use crate::refusal::{Answer, Refusal};
use crate::store::{Instance, time, worklists};
use nineheads_contract::neighbours::{ALERT_SEVERITIES, Alert, AlertPage};
use serde_json::{Map, Value, json};

/// How many come when no number is asked for, and at most.
const PAGE: (i64, i64) = (50, 200);
/// The severities that are given here.
const CRITICAL: &str = ALERT_SEVERITIES[0];
const WARNING: &str = ALERT_SEVERITIES[1];

/// A page of them, newest first. Only active ones are remembered.
pub(crate) fn list(call: &Call) -> Answer {
    let mut check = call.check();
    let page = check.query_int_between("page", 1, (1, i64::MAX));
    let size = check.query_int_between("page_size", PAGE.0, (1, PAGE.1));
    check.finish()?;
    let wanted = call.query("status").is_none_or(|status| status == "active");
    let alerts = if wanted { active(call)? } else { Vec::new() };
    let total = i64::try_from(alerts.len()).ok();
    let from = usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX);
    let items = alerts.into_iter().skip(from).take(usize::try_from(size).unwrap_or_default()).collect();
    reply(&AlertPage { items, page: Some(page), page_size: Some(size), total })
}

/// How many there are of each severity.
pub(crate) fn summary(call: &Call) -> Answer {
    let alerts = active(call)?;
    let count =
        |severity: &str| alerts.iter().filter(|alert| alert.severity.as_deref() == Some(severity)).count();
    let counts: Map<String, Value> =
        ALERT_SEVERITIES.iter().map(|severity| ((*severity).to_owned(), json!(count(severity)))).collect();
    reply(&json!({ "total": alerts.len(), "by_severity": counts }))
}

fn active(call: &Call) -> Result<Vec<Alert>, Refusal> {
    let (tenant, customer, now) = (call.caller.person.tenant, call.caller.own_only(), now());
    let instances = call.store().read(|db| worklists::settled(db, tenant, customer))?;
    let alerts = instances.iter().filter_map(|instance| match instance.is_running() {
        true => unwell(instance, &call.platform.vitals(instance, now)),
        false => Some(dead(instance)),
    });
    let mut alerts: Vec<Alert> = alerts.collect();
    alerts.sort_by_key(|alert| std::cmp::Reverse(alert.created_at));
    Ok(alerts)
}

fn dead(instance: &Instance) -> Alert {
    let title = instance.error_message.as_deref().unwrap_or("Provisioning ended with an error");
    alert(
        instance,
        "provisioning_failed",
        CRITICAL,
        title,
        instance.updated_at,
        json!({ "error_code": instance.error_code }),
    )
}

fn unwell(instance: &Instance, vitals: &Vitals) -> Option<Alert> {
    let severity = match vitals.health {
        Some("unhealthy") => CRITICAL,
        Some("degraded") => WARNING,
        _ => return None,
    };
    let (code, title) = match &vitals.error {
        Some((code, message)) => (Some(code.as_ref()), message.as_str()),
        None => (None, "The agent fails its health checks"),
    };
    let since = vitals.troubled_since.unwrap_or(instance.updated_at);
    let detail = json!({ "error_code": code, "health_failures": vitals.failures });
    Some(alert(instance, "agent_health", severity, title, since, detail))
}

fn alert(instance: &Instance, kind: &str, severity: &str, title: &str, since: i64, detail: Value) -> Alert {
    Alert {
        id: format!("{kind}:{}:{since}", instance.id),
        alert_type: Some(kind.to_owned()),
        severity: Some(severity.to_owned()),
        title: Some(title.to_owned()),
        instance_id: Some(instance.wire_id()),
        created_at: Some(time(since)),
        detail: Some(detail),
        ..Alert::default()
    }
}
