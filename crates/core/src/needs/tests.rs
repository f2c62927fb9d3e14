//! Who needs a person: each kind from what shows it, and what always holds.

use super::decide::{LATE_AFTER, SILENT_AFTER, find_needs, late_after, tally};
use super::evidence::{Drift, Evidence, OverBudget};
use super::*;
use crate::alerts::AlertRow;
use crate::fleet::{Complaint, Known};
use crate::seen::Seen;
use chrono::TimeDelta;
use nineheads_contract::instances::InstanceSummary;
use proptest::prelude::*;
use serde_json::json;
use std::collections::{HashMap, HashSet};

fn now() -> DateTime<Utc> {
    "2026-12-01T12:00:00Z".parse().expect("a time")
}

fn minutes_ago(minutes: i64) -> DateTime<Utc> {
    now() - TimeDelta::minutes(minutes)
}

fn row(id: &str, status: &str) -> InstanceSummary {
    InstanceSummary {
        id: id.into(),
        agent_name: Some(format!("Agent {id}")),
        status: Some(status.into()),
        created_at: Some(minutes_ago(5)),
        ..InstanceSummary::default()
    }
}

/// Looked at now; the last heartbeat was so many minutes ago.
fn heard(minutes: i64) -> Known {
    Known { heartbeat: Some(Seen::live(minutes_ago(minutes), now())), ..Known::default() }
}

fn complaining(code: &str, message: &str) -> Known {
    let complaint = Complaint { code: Some(code.into()), message: Some(message.into()) };
    Known { complaint: Some(Seen::live(complaint, now())), ..heard(0) }
}

fn alert(id: &str, severity: &str, code: &str) -> AlertRow {
    AlertRow {
        id: format!("alert-{id}"),
        severity: Some(severity.into()),
        title: Some(format!("{code} happened")),
        instance_id: Some(id.into()),
        created_at: Some(minutes_ago(90)),
        detail: json!({ "error_code": code }),
        ..AlertRow::default()
    }
}

/// Everything that the tests hand over, and nothing beside.
#[derive(Default)]
struct World {
    rows: Vec<(InstanceSummary, Known)>,
    since: HashMap<InstanceId, DateTime<Utc>>,
    alerts: Vec<AlertRow>,
    budgets: Vec<OverBudget>,
    unpriced: Vec<InstanceId>,
    drifts: Vec<Drift>,
    usual_seconds: Option<u32>,
    key: Option<NeedReason>,
}

impl World {
    fn of(rows: impl IntoIterator<Item = (InstanceSummary, Known)>) -> Self {
        Self { rows: rows.into_iter().collect(), ..Self::default() }
    }

    fn judge(&self) -> (Vec<Need>, NeedsFacts) {
        let rows: Vec<_> = self.rows.iter().map(|(row, known)| (row, known)).collect();
        let evidence = Evidence {
            now: now(),
            list_seen_at: Some(now()),
            rows: &rows,
            since: &self.since,
            deploys: &[],
            usual_seconds: self.usual_seconds,
            alerts: &self.alerts,
            alerts_at: Some(now()),
            budgets: &self.budgets,
            unpriced: &self.unpriced,
            drifts: &self.drifts,
            unread: &[],
            key: self.key.clone(),
        };
        let needs = find_needs(&evidence);
        let facts = tally(&needs, &evidence);
        (needs, facts)
    }

    fn kinds(&self) -> Vec<(String, NeedKind)> {
        self.judge().0.into_iter().map(|need| (need.key, need.kind)).collect()
    }
}

fn over(scope: &str) -> OverBudget {
    OverBudget {
        scope: scope.into(),
        spent: "12.5".into(),
        monthly_usd: "10".into(),
        since: Some(minutes_ago(3000)),
        seen_at: None,
    }
}

#[test]
fn what_runs_and_is_heard_of_needs_nobody_and_what_is_not_known_is_counted() {
    let world = World::of([
        (row("a", "running"), heard(1)),
        (row("b", "running"), Known::default()),
        (row("c", "hibernating"), Known::default()),
    ]);
    let (needs, facts) = world.judge();
    assert_eq!(needs, []);
    assert_eq!((facts.total, facts.looked, facts.unheard), (3, 2, 1));
}

#[test]
fn each_kind_is_found_from_what_shows_it() {
    let late = LATE_AFTER.num_minutes();
    let mut slow = row("late", "provisioning");
    slow.created_at = Some(minutes_ago(late));
    let mut world = World::of([
        (row("failed", "failed"), Known::default()),
        (slow, Known::default()),
        (row("young", "provisioning"), Known::default()),
        (row("silent", "running"), heard(SILENT_AFTER.num_minutes())),
        (row("going", "deleting"), Known::default()),
        (row("keyless", "running"), complaining("config_rejected", "models.providers.default has no key")),
        (row("lost", "running"), complaining("agent_key_lost", "No heartbeat")),
        (row("warned", "running"), heard(0)),
        (row("dear", "running"), heard(0)),
        (row("drifting", "running"), heard(0)),
    ]);
    world.since.insert("going".into(), minutes_ago(late));
    world.alerts.push(alert("warned", "Critical", "disk_full"));
    world.budgets.push(over("dear"));
    let drift = Drift { id: "drifting".into(), baseline: "House".into(), places: 3, seen_at: now() };
    world.drifts.push(drift);
    let wanted = [
        ("keyless", NeedKind::Key),
        ("lost", NeedKind::Key),
        ("failed", NeedKind::Failed),
        ("going", NeedKind::Stuck),
        ("late", NeedKind::Stuck),
        ("silent", NeedKind::Silent),
        ("warned", NeedKind::Warned),
        ("dear", NeedKind::Budget),
        ("drifting", NeedKind::Drift),
    ];
    let found: HashSet<_> = world.kinds().into_iter().collect();
    assert_eq!(found, wanted.map(|(key, kind)| (key.to_owned(), kind)).into_iter().collect());
    let (needs, facts) = world.judge();
    let act = |key: &str| needs.iter().find(|need| need.key == key).map(|need| need.act.clone());
    assert_eq!(act("keyless"), Some(NeedAct::EditConfig));
    assert_eq!(act("lost"), Some(NeedAct::RotateKey));
    assert_eq!(act("dear"), Some(NeedAct::ReadUsage));
    assert_eq!(facts.count, 9);
}

#[test]
fn one_thing_is_listed_once_under_its_worst_and_the_rest_is_named() {
    let mut world = World::of([(row("a", "running"), heard(600))]);
    world.alerts.push(alert("a", "critical", "heartbeat_missed"));
    world.budgets.push(over("a"));
    let (needs, _) = world.judge();
    assert_eq!(needs.len(), 1);
    assert_eq!((needs[0].kind, needs[0].also.as_slice()), (NeedKind::Silent, [NeedKind::Budget].as_slice()));
}

#[test]
fn an_alert_that_is_over_or_seen_by_somebody_warns_nobody() {
    let mut world = World::of([(row("a", "running"), heard(0))]);
    world.alerts.push(AlertRow { resolved_at: Some(now()), ..alert("a", "critical", "disk_full") });
    world.alerts.push(AlertRow { acknowledged_at: Some(now()), ..alert("a", "critical", "disk_full") });
    world.alerts.push(alert("a", "info", "disk_full"));
    assert_eq!(world.kinds(), []);
}

#[test]
fn the_platforms_key_the_fleets_budget_and_their_one_act_come_first_and_have_no_instance() {
    let mut world = World::of([(row("a", "failed"), Known::default())]);
    world.key = Some(NeedReason::PlatformKeyRefused);
    world.budgets.push(over("fleet"));
    let (needs, _) = world.judge();
    let keys: Vec<_> = needs.iter().map(|need| need.key.as_str()).collect();
    assert_eq!(keys, ["profile", "a", "fleet"]);
    assert!(needs[0].instance_id.is_none() && needs[2].instance_id.is_none());
}

#[test]
fn a_failure_is_as_old_as_the_platform_says_else_as_this_app_saw_it_else_unknown() {
    let mut world = World::of(["a", "b", "c"].map(|id| (row(id, "failed"), Known::default())));
    world.alerts.push(alert("a", "critical", "boot"));
    world.since.insert("b".into(), minutes_ago(30));
    let (needs, _) = world.judge();
    let since: Vec<_> = needs.iter().map(|need| (need.key.as_str(), need.since)).collect();
    assert_eq!(since, [("a", Some(minutes_ago(90))), ("b", Some(minutes_ago(30))), ("c", None)]);
}

#[test]
fn late_is_three_times_as_long_as_usual_and_never_under_ten_minutes() {
    assert_eq!(late_after(None), LATE_AFTER);
    assert_eq!(late_after(Some(20)), TimeDelta::minutes(10));
    assert_eq!(late_after(Some(600)), TimeDelta::minutes(30));
}

fn any_row() -> impl Strategy<Value = (InstanceSummary, Known)> {
    let status = prop_oneof!["running", "failed", "error", "provisioning", "deleting", "odd"];
    let known = prop_oneof![
        Just(Known::default()),
        (0..120_i64).prop_map(heard),
        Just(complaining("agent_key_lost", "gone"))
    ];
    (0..40_u32, status, prop::option::of(0..90_i64), known).prop_map(|(id, status, age, known)| {
        (InstanceSummary { created_at: age.map(minutes_ago), ..row(&format!("i{id}"), &status) }, known)
    })
}

proptest! {
    /// Nothing is listed twice, nothing out of order, nothing that is well; the counts are those of the list; and what
    /// order the platform lists its rows in does not matter.
    #[test]
    fn every_need_is_one_of_the_list_and_has_a_reason(rows in prop::collection::vec(any_row(), 0..40), warned in prop::collection::vec(0..40_u32, 0..6)) {
        let mut seen = HashSet::new();
        let mut world = World::of(rows.into_iter().filter(|(row, _)| seen.insert(row.id.clone())));
        world.alerts = warned.iter().map(|id| alert(&format!("i{id}"), "warning", "odd")).collect();
        let (needs, facts) = world.judge();
        let keys: HashSet<_> = needs.iter().map(|need| need.key.clone()).collect();
        prop_assert_eq!(keys.len(), needs.len());
        prop_assert!(needs.is_sorted_by_key(|need| need.kind));
        prop_assert_eq!(facts.kinds.iter().map(|kind| kind.count).sum::<u32>(), facts.count);
        prop_assert!(facts.looked <= facts.total);
        for (row, known) in &world.rows {
            let need = needs.iter().find(|need| need.instance_id.as_ref() == Some(&row.id));
            let status = row.status.as_ref().map_or("", |status| status.0.as_str());
            match status {
                "failed" | "error" => prop_assert_eq!(need.map(|need| need.kind), Some(NeedKind::Failed)),
                "odd" => prop_assert_eq!(need, None),
                "running" if known.heartbeat.is_none() && world.alerts.is_empty() => prop_assert_eq!(need, None),
                _ => {}
            }
            prop_assert!(need.is_none_or(|need| !need.also.contains(&need.kind)));
        }
        world.rows.reverse();
        prop_assert_eq!(world.judge().0, needs);
    }
}
