//! What needs are decided from: the list, what looks brought, alerts, deploys, budgets. All of it is known already.

use super::{Need, NeedReason};
use crate::alerts::{AlertRow, AlertsView};
use crate::baselines::Follower;
use crate::cache::Cache;
use crate::deploys::Deploy;
use crate::error::Failure;
use crate::fleet::{Complaint, Known};
use crate::session::{Session, lock};
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceDetail, InstanceSummary};
use nineheads_contract::runtime::RuntimeStatus;
use std::collections::HashMap;

/// A budget that is used up.
#[derive(Debug, Clone)]
pub(crate) struct OverBudget {
    /// `fleet`, or an instance's id.
    pub scope: String,
    pub spent: String,
    pub monthly_usd: String,
    /// The day on which it was crossed, as the server counts days.
    pub since: Option<DateTime<Utc>>,
    pub seen_at: Option<DateTime<Utc>>,
}

/// How far an instance is from the baseline that it follows.
#[derive(Debug, Clone)]
pub(crate) struct Drift {
    pub id: InstanceId,
    pub baseline: String,
    pub places: u32,
    /// The oldest of what was compared.
    pub seen_at: DateTime<Utc>,
}

/// Everything that the decision looks at.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub now: DateTime<Utc>,
    pub list_seen_at: Option<DateTime<Utc>>,
    pub rows: &'a [(&'a InstanceSummary, &'a Known)],
    /// When an instance's failing or deleting was first seen.
    pub since: &'a HashMap<InstanceId, DateTime<Utc>>,
    /// Newest first.
    pub deploys: &'a [Deploy],
    /// How long a deploy usually takes.
    pub usual_seconds: Option<u32>,
    pub alerts: &'a [AlertRow],
    pub alerts_at: Option<DateTime<Utc>>,
    /// Used up ones.
    pub budgets: &'a [OverBudget],
    /// Instances with a budget whose usage is not known.
    pub unpriced: &'a [InstanceId],
    pub drifts: &'a [Drift],
    /// Instances that follow a baseline and were not read.
    pub unread: &'a [InstanceId],
    /// What is wrong with the profile's own key.
    pub key: Option<NeedReason>,
}

/// What was gathered beside the list.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    list_seen_at: Option<DateTime<Utc>>,
    since: HashMap<InstanceId, DateTime<Utc>>,
    deploys: Vec<Deploy>,
    alerts: Option<AlertsView>,
    budgets: Vec<OverBudget>,
    unpriced: Vec<InstanceId>,
    drifts: Vec<Drift>,
    unread: Vec<InstanceId>,
    key: Option<NeedReason>,
}

impl Gathered {
    /// Beside the rows.
    pub(super) fn over<'a>(
        &'a self,
        rows: &'a [(&'a InstanceSummary, &'a Known)],
        now: DateTime<Utc>,
    ) -> Evidence<'a> {
        Evidence {
            now,
            list_seen_at: self.list_seen_at,
            rows,
            since: &self.since,
            deploys: &self.deploys,
            usual_seconds: self.deploys.iter().find_map(|deploy| deploy.typical_seconds),
            alerts: self.alerts.as_ref().map(|view| view.items.as_slice()).unwrap_or_default(),
            alerts_at: self.alerts_at(),
            budgets: &self.budgets,
            unpriced: &self.unpriced,
            drifts: &self.drifts,
            unread: &self.unread,
            key: self.key.clone(),
        }
    }

    pub(super) fn alerts_at(&self) -> Option<DateTime<Utc>> {
        self.alerts.as_ref().map(|view| view.seen_at)
    }
}

impl Session {
    /// Reads what is kept on this computer. The fleet is not held meanwhile.
    pub(super) fn gather_evidence(&self) -> Result<Gathered, Failure> {
        let (budgets, unpriced) = self.used_up_budgets()?;
        let (drifts, unread) = self.known_drifts()?;
        let key = match () {
            () if self.client.keyless().is_some() => Some(NeedReason::PlatformKeyMissing),
            () if self.is_refused() => Some(NeedReason::PlatformKeyRefused),
            () => None,
        };
        Ok(Gathered {
            list_seen_at: self.fleet().facts().seen_at,
            since: self.cache.ends_seen()?,
            deploys: self.list_deploys()?,
            alerts: lock(&self.alerts_seen).clone(),
            budgets,
            unpriced,
            drifts,
            unread,
            key,
        })
    }

    /// How far each follower is from its baseline; and those of which nothing was read.
    fn known_drifts(&self) -> Result<(Vec<Drift>, Vec<InstanceId>), Failure> {
        let followers = self.cache.followers()?;
        if followers.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let names = self.cache.baseline_names()?;
        let (mut drifts, mut unread) = (Vec::new(), Vec::new());
        for Follower { id, baseline, places, seen_at } in followers {
            match places.zip(seen_at) {
                Some((places, seen_at)) => {
                    let baseline = names.get(&baseline).cloned().unwrap_or_default();
                    drifts.push(Drift { id, baseline, places, seen_at });
                }
                None => unread.push(id),
            }
        }
        Ok((drifts, unread))
    }

    /// The words of what failed, where a look has brought them. Read for the shown ones alone.
    pub(super) fn tell_why(&self, need: &mut Need) {
        let (NeedReason::Failed { message: message @ None }, Some(id)) =
            (&mut need.reason, &need.instance_id)
        else {
            return;
        };
        let detail: Option<(InstanceDetail, _)> = self.cache.read_seen("detail", id.as_str());
        let runtime = || self.cache.read_seen::<RuntimeStatus>("runtime", id.as_str());
        *message = detail
            .and_then(|(detail, _)| detail.error_message)
            .or_else(|| runtime().and_then(|(runtime, _)| runtime.error_message));
    }
}

/// What an alert says of a complaint: its title, and a code where its detail has one.
pub(super) fn complaint_of(alert: &AlertRow) -> Complaint {
    let code = alert.detail.get("error_code").and_then(serde_json::Value::as_str);
    Complaint { code: code.map(str::to_owned), message: alert.title.clone() }
}

impl Cache {
    /// When each instance was last seen to fail or to be deleted.
    fn ends_seen(&self) -> Result<HashMap<InstanceId, DateTime<Utc>>, Failure> {
        let connection = self.lock();
        let sql = "select instance_id, max(at) from changes
                   where kind = 'status' and to_value in ('failed', 'error', 'deleting') group by instance_id";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?.into(), row.get(1)?)))?;
        Ok(rows.filter_map(Result::ok).collect())
    }
}
