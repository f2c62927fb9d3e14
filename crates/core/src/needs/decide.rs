//! Who needs a person and why, from what is known. Pure. What is not known makes no need, and is counted.

use super::evidence::Evidence;
use super::keys::{LostKey, lost_key};
use super::{Need, NeedAct, NeedCount, NeedKind, NeedReason, NeedsFacts};
use crate::deploys::{Deploy, DeployState};
use crate::fleet::{Known, name_of_row, phase};
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceSummary, Phase};
use std::collections::{HashMap, HashSet};

/// A heartbeat that was older at the look is missed: it comes twice a minute, and one look may fall into a restart.
pub(super) const SILENT_AFTER: TimeDelta = TimeDelta::minutes(15);
/// Where nobody knows how long a deploy usually takes, or a delete, it is late from here on.
pub(super) const LATE_AFTER: TimeDelta = TimeDelta::minutes(30);
/// And never earlier than this: servers take minutes on a slow day.
const LATE_AT_LEAST: TimeDelta = TimeDelta::minutes(10);
/// How much longer than usual is much longer.
const MUCH: i64 = 3;

/// One thing that is wrong.
struct Wrong {
    kind: NeedKind,
    reason: NeedReason,
    act: NeedAct,
    since: Option<DateTime<Utc>>,
    seen_at: Option<DateTime<Utc>>,
}

/// Everything that needs a person: by kind, those that wait longest first. Each thing once, under its worst.
pub(super) fn find_needs(evidence: &Evidence<'_>) -> Vec<Need> {
    let about = About::of(evidence);
    let mut needs: Vec<Need> = evidence
        .rows
        .iter()
        .filter_map(|&(row, known)| {
            let wrong = about.judge_instance(row, known);
            let name = name_of_row(row);
            let need = need_of(row.id.to_string(), name, wrong)?;
            Some(Need {
                instance_id: Some(row.id.clone()),
                host: row.hostname.clone(),
                status: row.status.clone(),
                ..need
            })
        })
        .collect();
    needs.extend(
        evidence.deploys.iter().filter(|deploy| deploy.instance_id.is_none()).filter_map(judge_deploy),
    );
    needs.extend(judge_profile(evidence));
    needs.extend(judge_fleet(evidence));
    needs.sort_by(|left, right| {
        let by_time = (left.since.is_none(), left.since).cmp(&(right.since.is_none(), right.since));
        left.kind
            .cmp(&right.kind)
            .then(by_time)
            .then_with(|| left.name.cmp(&right.name))
            .then_with(|| left.key.cmp(&right.key))
    });
    needs
}

/// How many of which kind, and how much of the fleet is known.
pub(super) fn tally(needs: &[Need], evidence: &Evidence<'_>) -> NeedsFacts {
    let count = |kind| crate::logs::count(needs.iter().filter(|need| need.kind == kind).count());
    let kinds = NeedKind::ALL.map(|kind| NeedCount { kind, count: count(kind) });
    let unheard = evidence.rows.iter().filter(|(row, known)| is_unheard(row, known)).count();
    let known: HashSet<&InstanceId> = evidence.rows.iter().map(|(row, _)| &row.id).collect();
    let here = |ids: &'_ [InstanceId]| ids.iter().filter(|id| known.contains(id)).count();
    let of_nothing = evidence.rows.iter().filter(|(row, _)| phase(row) == Phase::Unknown).count();
    let total = evidence.rows.len();
    NeedsFacts {
        count: crate::logs::count(needs.len()),
        kinds: kinds.into_iter().filter(|kind| kind.count > 0).collect(),
        total: crate::logs::count(total),
        looked: crate::logs::count(total.saturating_sub(of_nothing)),
        unheard: crate::logs::count(unheard),
        unpriced: crate::logs::count(here(evidence.unpriced)),
        unread: crate::logs::count(here(evidence.unread)),
        ..NeedsFacts::default()
    }
}

/// Whether it should have a heartbeat of which nothing is known.
fn is_unheard(row: &InstanceSummary, known: &Known) -> bool {
    phase(row) == Phase::Running && known.heartbeat.is_none()
}

/// The evidence by instance.
struct About<'a> {
    evidence: &'a Evidence<'a>,
    /// The newest deploy of each instance.
    deploys: HashMap<&'a InstanceId, &'a Deploy>,
    alerts: HashMap<&'a InstanceId, Vec<&'a crate::alerts::AlertRow>>,
    budgets: HashMap<&'a str, &'a super::evidence::OverBudget>,
    drifts: HashMap<&'a InstanceId, &'a super::evidence::Drift>,
}

impl<'a> About<'a> {
    fn of(evidence: &'a Evidence<'a>) -> Self {
        let mut alerts: HashMap<_, Vec<_>> = HashMap::new();
        for alert in evidence.alerts.iter().filter(|alert| alert.resolved_at.is_none()) {
            if let Some(id) = &alert.instance_id {
                alerts.entry(id).or_default().push(alert);
            }
        }
        let deploys = evidence.deploys.iter().rev();
        Self {
            deploys: deploys.filter_map(|deploy| Some((deploy.instance_id.as_ref()?, deploy))).collect(),
            budgets: evidence.budgets.iter().map(|over| (over.scope.as_str(), over)).collect(),
            drifts: evidence.drifts.iter().map(|drift| (&drift.id, drift)).collect(),
            alerts,
            evidence,
        }
    }

    fn judge_instance(&self, row: &InstanceSummary, known: &Known) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        match phase(row) {
            Phase::Gone | Phase::Unknown => return wrong,
            Phase::Failed => wrong.push(self.failed(row)),
            Phase::OnItsWay => wrong.extend(self.late(row)),
            Phase::Deleting => wrong.extend(self.deleting(row)),
            Phase::Running => {
                wrong.extend(self.keyless(row, known));
                wrong.extend(silent(known));
                // What is known of it already need not be warned of.
                if wrong.is_empty() {
                    wrong.extend(self.warned(row));
                }
            }
        }
        wrong.extend(self.over_budget(row));
        // What failed or goes does not follow anything.
        if phase(row) == Phase::Running {
            wrong.extend(self.drifted(row));
        }
        wrong
    }

    fn alert_of(&self, id: &InstanceId) -> Option<&crate::alerts::AlertRow> {
        let worst = |alert: &&&crate::alerts::AlertRow| (!is_critical(alert), alert.created_at);
        self.alerts.get(id)?.iter().min_by_key(worst).copied()
    }

    fn failed(&self, row: &InstanceSummary) -> Wrong {
        let deploy = self.deploys.get(&row.id).filter(|deploy| deploy.state == DeployState::Failed);
        let alert = self.alert_of(&row.id);
        let message = alert
            .and_then(|alert| alert.title.clone())
            .or_else(|| deploy.and_then(|deploy| deploy.error_message.clone()));
        let since = alert
            .and_then(|alert| alert.created_at)
            .or_else(|| deploy.and_then(|deploy| deploy.settled_at))
            .or_else(|| self.evidence.since.get(&row.id).copied());
        let act = match deploy {
            Some(deploy) => NeedAct::DeployAgain { key: deploy.key.clone() },
            None => NeedAct::ReadLog,
        };
        let reason = NeedReason::Failed { message };
        Wrong { kind: NeedKind::Failed, reason, act, since, seen_at: self.evidence.list_seen_at }
    }

    fn late(&self, row: &InstanceSummary) -> Option<Wrong> {
        let deploy = self.deploys.get(&row.id).copied();
        // A stage that was seen to begin says more than when the row was made.
        let since = deploy.and_then(|deploy| Some(deploy.stages.last()?.at)).or(row.created_at)?;
        let waited = self.evidence.now - since;
        let usual = self.evidence.usual_seconds;
        (waited >= late_after(usual)).then(|| Wrong {
            kind: NeedKind::Stuck,
            reason: NeedReason::Late { seconds: waited.num_seconds(), usual_seconds: usual },
            act: NeedAct::ReadLog,
            since: Some(since),
            seen_at: self.evidence.list_seen_at,
        })
    }

    fn deleting(&self, row: &InstanceSummary) -> Option<Wrong> {
        let since = *self.evidence.since.get(&row.id)?;
        let waited = self.evidence.now - since;
        (waited >= LATE_AFTER).then(|| Wrong {
            kind: NeedKind::Stuck,
            reason: NeedReason::DeletingLong { seconds: waited.num_seconds() },
            act: NeedAct::Diagnose,
            since: Some(since),
            seen_at: self.evidence.list_seen_at,
        })
    }

    fn keyless(&self, row: &InstanceSummary, known: &Known) -> Option<Wrong> {
        let of_look = known.complaint.as_ref().filter(|seen| lost_key(&seen.value).is_some());
        let of_alert = || {
            let alerts = self.alerts.get(&row.id)?;
            let complaint = |alert: &crate::alerts::AlertRow| super::evidence::complaint_of(alert);
            alerts.iter().map(|alert| (*alert, complaint(alert))).find(|(_, said)| lost_key(said).is_some())
        };
        let (said, since, seen_at) = match (of_look, of_alert()) {
            (_, Some((alert, said))) => (said, alert.created_at, self.evidence.alerts_at),
            (Some(seen), None) => (seen.value.clone(), None, Some(seen.seen_at)),
            (None, None) => return None,
        };
        let message = said.message.clone();
        let (reason, act) = match lost_key(&said)? {
            LostKey::Model => (NeedReason::ModelKey { message }, NeedAct::EditConfig),
            LostKey::Agent => (NeedReason::AgentKey { message }, NeedAct::RotateKey),
        };
        let beat = || known.heartbeat.as_ref().map(|seen| seen.value);
        let since = since.or_else(|| if act == NeedAct::RotateKey { beat() } else { None });
        Some(Wrong { kind: NeedKind::Key, reason, act, since, seen_at })
    }

    fn warned(&self, row: &InstanceSummary) -> Option<Wrong> {
        let alert = self.alert_of(&row.id).filter(|alert| alert.acknowledged_at.is_none())?;
        let critical = is_critical(alert);
        (critical || is_warning(alert)).then(|| Wrong {
            kind: NeedKind::Warned,
            reason: NeedReason::Warned { title: alert.title.clone(), critical },
            act: NeedAct::Diagnose,
            since: alert.created_at,
            seen_at: self.evidence.alerts_at,
        })
    }

    fn over_budget(&self, row: &InstanceSummary) -> Option<Wrong> {
        self.budgets.get(row.id.as_str()).map(|over| over_budget(over))
    }

    fn drifted(&self, row: &InstanceSummary) -> Option<Wrong> {
        let drift = self.drifts.get(&row.id)?;
        (drift.places > 0).then(|| Wrong {
            kind: NeedKind::Drift,
            reason: NeedReason::Drifted { baseline: drift.baseline.clone(), places: drift.places },
            act: NeedAct::ReviewDrift,
            since: None,
            seen_at: Some(drift.seen_at),
        })
    }
}

/// A deploy that made no instance: one that made one is judged with it, and one whose instance was deleted needs nobody.
fn judge_deploy(deploy: &Deploy) -> Option<Need> {
    let key = deploy.key.clone();
    let (kind, reason, act) = match deploy.state {
        DeployState::Failed => (
            NeedKind::Failed,
            NeedReason::Failed { message: deploy.error_message.clone() },
            NeedAct::DeployAgain { key },
        ),
        DeployState::Absent => (NeedKind::Stuck, NeedReason::DeployAbsent, NeedAct::OpenDeploy { key }),
        _ => return None,
    };
    let since = deploy.settled_at.or(deploy.sent_at);
    let name = deploy.request.agent_name.clone().unwrap_or_default();
    let wrong = Wrong { kind, reason, act, since, seen_at: None };
    need_of(format!("deploy:{}", deploy.key), name, vec![wrong])
}

fn silent(known: &Known) -> Option<Wrong> {
    let seen = known.heartbeat.as_ref()?;
    let seconds = known.silence()?;
    (seconds >= SILENT_AFTER.num_seconds()).then_some(Wrong {
        kind: NeedKind::Silent,
        reason: NeedReason::Silent { seconds },
        act: NeedAct::Diagnose,
        since: Some(seen.value),
        seen_at: Some(seen.seen_at),
    })
}

fn judge_profile(evidence: &Evidence<'_>) -> Option<Need> {
    let reason = evidence.key.clone()?;
    let wrong = Wrong { kind: NeedKind::Key, reason, act: NeedAct::GiveKey, since: None, seen_at: None };
    need_of("profile".into(), String::new(), vec![wrong])
}

fn judge_fleet(evidence: &Evidence<'_>) -> Option<Need> {
    let over = evidence.budgets.iter().find(|over| over.scope == crate::usage::FLEET)?;
    need_of("fleet".into(), String::new(), vec![over_budget(over)])
}

fn over_budget(over: &super::evidence::OverBudget) -> Wrong {
    Wrong {
        kind: NeedKind::Budget,
        reason: NeedReason::OverBudget { spent: over.spent.clone(), monthly_usd: over.monthly_usd.clone() },
        act: NeedAct::ReadUsage,
        since: over.since,
        seen_at: over.seen_at,
    }
}

/// The worst of what is wrong, with the others named; none where nothing is.
fn need_of(key: String, name: String, mut wrong: Vec<Wrong>) -> Option<Need> {
    wrong.sort_by_key(|wrong| wrong.kind);
    let mut wrong = wrong.into_iter();
    let Wrong { kind, reason, act, since, seen_at } = wrong.next()?;
    let also = wrong.map(|wrong| wrong.kind).collect();
    let (instance_id, host, status) = (None, None, None);
    Some(Need { key, kind, reason, also, act, instance_id, name, host, status, since, seen_at })
}

/// From when on a deploy is late.
pub(super) fn late_after(usual_seconds: Option<u32>) -> TimeDelta {
    let usual = usual_seconds.map(|usual| TimeDelta::seconds(i64::from(usual) * MUCH));
    usual.map_or(LATE_AFTER, |usual| usual.max(LATE_AT_LEAST))
}

fn severity(alert: &crate::alerts::AlertRow) -> String {
    alert.severity.as_deref().unwrap_or_default().trim().to_lowercase()
}

fn is_critical(alert: &crate::alerts::AlertRow) -> bool {
    severity(alert) == "critical"
}

fn is_warning(alert: &crate::alerts::AlertRow) -> bool {
    severity(alert) == "warning"
}
