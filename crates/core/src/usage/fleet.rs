//! The fleet's usage, from the instances that were asked so far. The platform has no sum of its own; asking all is a
//! long walk that says how far it is and can be stopped.

use super::RECENT;
use super::rows::{Day, UsageDay, UsageTotals, add, days_back, fill, read_days, shown, totals};
use crate::cache::Cache;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::session::{Session, lock};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::usage::{GetUsage, Usage};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tokio::task::AbortHandle;

/// The name of its kind in the cache.
pub(crate) const KIND: &str = "usage_recent";
/// How long an answer counts as fetched when the rest is asked for.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// How many of the dearest are named.
const DEAREST: usize = 10;
/// How many days are summed.
const DAYS: i64 = 30;

/// An instance's newest days, small.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Recent {
    /// The day of the answer.
    today: NaiveDate,
    days: Vec<UsageDay>,
}

/// What is known of the fleet's usage.
#[derive(Debug, Default)]
pub(crate) struct FleetUsage {
    /// None until it was read from the cache.
    known: Option<HashMap<InstanceId, (Recent, DateTime<Utc>)>>,
    run: Option<FleetUsageRun>,
    task: Option<AbortHandle>,
}

/// One instance in the fleet's usage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetUsageRow {
    /// Which one.
    pub id: InstanceId,
    /// What people call it.
    pub name: String,
    /// US dollars of the last 30 days.
    pub cost: Option<String>,
    /// Requests of the last 30 days.
    #[specta(type = Option<specta_typescript::Number>)]
    pub requests: Option<i64>,
    /// Tokens of the last 30 days.
    #[specta(type = Option<specta_typescript::Number>)]
    pub tokens: Option<i64>,
    /// When it was answered.
    pub seen_at: DateTime<Utc>,
}

/// A walk through the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetUsageRun {
    /// How many were asked.
    pub done: u32,
    /// How many are to be asked.
    pub total: u32,
    /// How many gave no answer.
    pub failed: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// The last 30 days of the instances that were asked so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetUsageView {
    /// Instances of the fleet.
    pub total: u32,
    /// Those that are known here.
    pub fetched: u32,
    /// When the oldest of them was answered.
    pub oldest_at: Option<DateTime<Utc>>,
    /// US dollars.
    pub cost: Option<String>,
    /// Requests.
    #[specta(type = Option<specta_typescript::Number>)]
    pub requests: Option<i64>,
    /// Tokens.
    #[specta(type = Option<specta_typescript::Number>)]
    pub tokens: Option<i64>,
    /// The sums of each day.
    pub days: Vec<UsageDay>,
    /// The dearest ten.
    pub dearest: Vec<FleetUsageRow>,
    /// A walk that is going on.
    pub run: Option<FleetUsageRun>,
}

impl FleetUsage {
    /// Ends the walk that is going on.
    pub(crate) fn take_task(&mut self) -> Option<AbortHandle> {
        self.run = None;
        self.task.take()
    }

    /// What is in the cache is read anew.
    pub(crate) fn forget_known(&mut self) {
        self.known = None;
    }
}

impl Recent {
    fn of(usage: &Usage, today: NaiveDate) -> Self {
        let days = fill(&read_days(&usage.daily), days_back(today, RECENT), today, today);
        // What the server called each day is kept elsewhere; ten thousand copies are too many.
        let days = days.into_iter().map(|day| UsageDay { raw: serde_json::Value::Null, ..day }).collect();
        Self { today, days }
    }

    /// The sums of its last thirty days.
    pub(crate) fn totals(&self) -> UsageTotals {
        totals(&self.days[self.days.len().saturating_sub(DAYS as usize)..])
    }

    fn cost(&self) -> Option<Decimal> {
        self.totals().cost?.parse().ok()
    }

    /// Day by day, as the forecast reads them.
    pub(crate) fn by_day(&self) -> BTreeMap<NaiveDate, Day> {
        let known = self.days.iter().filter(|day| !day.missing);
        let read = |day: &UsageDay| Day {
            tokens: day.tokens,
            requests: day.requests,
            users: None,
            cost: day.cost.as_ref().and_then(|cost| cost.parse().ok()),
            raw: serde_json::Value::Null,
        };
        known.filter_map(|day| Some((day.day.parse().ok()?, read(day)))).collect()
    }
}

impl Session {
    /// What is known now.
    pub(crate) fn fleet_usage(&self) -> Result<FleetUsageView, Failure> {
        let today = self.now().date_naive();
        let by_day = self.fleet_by_day()?;
        let (rows, run) = self.with_fleet_usage(|known, run| {
            let fleet = self.fleet();
            let living = known.iter().filter(|(id, _)| fleet.get(id).is_some());
            let rows: Vec<_> = living.map(|(id, (recent, at))| (id.clone(), recent.totals(), *at)).collect();
            (rows, run.clone())
        })?;
        let oldest_at = rows.iter().map(|(_, _, at)| *at).min();
        let days: Vec<UsageDay> = days_back(today, DAYS)
            .iter_days()
            .take(DAYS as usize)
            .map(|date| shown(date, by_day.get(&date), today))
            .collect();
        let sums = totals(&days);
        let cost = |totals: &UsageTotals| -> Decimal {
            totals.cost.as_ref().and_then(|cost| cost.parse().ok()).unwrap_or(Decimal::NEGATIVE_ONE)
        };
        let fetched = crate::logs::count(rows.len());
        let mut dearest = rows;
        dearest.sort_by_key(|(_, totals, _)| std::cmp::Reverse(cost(totals)));
        dearest.truncate(DEAREST);
        let dearest = dearest.into_iter().map(|(id, totals, seen_at)| FleetUsageRow {
            name: self.name_of(&id),
            id,
            cost: totals.cost,
            requests: totals.requests,
            tokens: totals.tokens,
            seen_at,
        });
        let dearest = dearest.collect();
        let total = self.fleet().facts().total;
        Ok(FleetUsageView {
            total,
            fetched,
            oldest_at,
            cost: sums.cost,
            requests: sums.requests,
            tokens: sums.tokens,
            days,
            dearest,
            run,
        })
    }

    /// The sums of each day, as far back as is kept: a month that has thirty-one days too.
    pub(crate) fn fleet_by_day(&self) -> Result<BTreeMap<NaiveDate, Day>, Failure> {
        self.with_fleet_usage(|known, _| {
            let fleet = self.fleet();
            let mut by_day: BTreeMap<NaiveDate, Day> = BTreeMap::new();
            for (_, (recent, _)) in known.iter().filter(|(id, _)| fleet.get(id).is_some()) {
                for (date, day) in recent.by_day() {
                    let sum = by_day.entry(date).or_default();
                    sum.tokens = add(sum.tokens, day.tokens);
                    sum.requests = add(sum.requests, day.requests);
                    sum.cost = add(sum.cost, day.cost);
                }
            }
            by_day
        })
    }

    /// Keeps what an answer says about the last days.
    pub(crate) fn note_fleet_usage(&self, id: &InstanceId, usage: &Usage) {
        let now = self.now();
        let recent = Recent::of(usage, now.date_naive());
        self.cache.write_seen(KIND, id.as_str(), &recent, now);
        self.note_cost(id, recent.cost(), now);
        if let Some(known) = &mut lock(&self.fleet_usage).known {
            known.insert(id.clone(), (recent, now));
        }
    }

    /// What each instance that was ever asked cost in 30 days, and when that was answered.
    pub(crate) fn known_costs(&self) -> Result<Vec<(InstanceId, Decimal, DateTime<Utc>)>, Failure> {
        self.with_fleet_usage(|known, _| {
            let cost = |(id, (recent, at)): (&InstanceId, &(Recent, DateTime<Utc>))| {
                Some((id.clone(), recent.cost()?, *at))
            };
            known.iter().filter_map(cost).collect()
        })
    }

    /// An instance's newest days.
    pub(crate) fn recent_usage(&self, id: &InstanceId) -> Option<BTreeMap<NaiveDate, Day>> {
        self.recent_usage_at(id).map(|(days, _)| days)
    }

    /// The sums of an instance's last thirty days, and when they were answered.
    pub(crate) fn recent_totals(&self, id: &InstanceId) -> Option<(UsageTotals, DateTime<Utc>)> {
        let recent: Option<(Recent, DateTime<Utc>)> = self.cache.read_seen(KIND, id.as_str());
        recent.map(|(recent, at)| (recent.totals(), at))
    }

    /// An instance's newest days, and when they were answered.
    pub(crate) fn recent_usage_at(
        &self,
        id: &InstanceId,
    ) -> Option<(BTreeMap<NaiveDate, Day>, DateTime<Utc>)> {
        let recent: Option<(Recent, DateTime<Utc>)> = self.cache.read_seen(KIND, id.as_str());
        recent.map(|(recent, at)| (recent.by_day(), at))
    }

    fn with_fleet_usage<T>(
        &self,
        act: impl FnOnce(&HashMap<InstanceId, (Recent, DateTime<Utc>)>, &Option<FleetUsageRun>) -> T,
    ) -> Result<T, Failure> {
        let mut usage = lock(&self.fleet_usage);
        if usage.known.is_none() {
            usage.known = Some(self.cache.recent_usages()?);
        }
        let FleetUsage { known, run, .. } = &*usage;
        Ok(act(known.as_ref().unwrap_or(&HashMap::new()), run))
    }

    /// Asks the instances that were not asked lately, one after the other. A walk that is going on goes on.
    pub(crate) fn fetch_fleet_usage(self: &Arc<Self>) -> Result<(), Failure> {
        self.need_key()?;
        let now = self.now();
        let ids: Vec<InstanceId> = self.with_fleet_usage(|known, _| {
            // One of the future is another clock's: it proves nothing.
            let fresh = |id: &InstanceId| known.get(id).is_some_and(|(_, at)| (now - *at).abs() < FRESH);
            self.fleet().rows().map(|row| row.id.clone()).filter(|id| !fresh(id)).collect()
        })?;
        let mut usage = lock(&self.fleet_usage);
        if usage.run.is_some() || ids.is_empty() {
            return Ok(());
        }
        let total = crate::logs::count(ids.len());
        usage.run = Some(FleetUsageRun { done: 0, total, failed: 0, started_at: now });
        let session = self.clone();
        usage.task = Some(tokio::spawn(async move { session.walk(ids).await }).abort_handle());
        drop(usage);
        self.announce_fleet_usage();
        Ok(())
    }

    pub(crate) fn stop_fleet_usage(&self) {
        if let Some(task) = lock(&self.fleet_usage).take_task() {
            task.abort();
        }
        self.announce_fleet_usage();
    }

    async fn walk(self: Arc<Self>, ids: Vec<InstanceId>) {
        for id in ids {
            self.poller.wait_for_turn().await;
            if self.is_closed() || self.is_refused() {
                break;
            }
            let answer = self.polls.send(&GetUsage { id: id.clone(), days: RECENT as u16 }).await;
            self.note_outcome(answer.as_ref().map(drop));
            self.note_denied(answer.as_ref().err());
            let mut failed = 0;
            match &answer {
                Ok(usage) => self.note_fleet_usage(&id, usage),
                // What is refused to all need not be asked of each.
                Err(Failure { code: Code::NotAllowed { .. } | Code::CredentialRefused, .. }) => break,
                Err(_) => failed = 1,
            }
            if let Some(run) = &mut lock(&self.fleet_usage).run {
                run.done += 1;
                run.failed += failed;
            }
            self.announce_fleet_usage();
        }
        lock(&self.fleet_usage).run = None;
        self.announce_fleet_usage();
    }

    fn announce_fleet_usage(&self) {
        let usage = lock(&self.fleet_usage);
        let fleet = self.fleet();
        let living = usage.known.iter().flat_map(HashMap::keys).filter(|id| fleet.get(id).is_some());
        let (fetched, total, run) =
            (crate::logs::count(living.count()), fleet.facts().total, usage.run.clone());
        drop((usage, fleet));
        self.announce(Event::FleetUsageChanged { fetched, total, run });
    }
}

impl Cache {
    fn recent_usages(&self) -> Result<HashMap<InstanceId, (Recent, DateTime<Utc>)>, Failure> {
        let rows: Vec<(String, Recent, DateTime<Utc>)> = self.read_all_seen_at(KIND)?;
        Ok(rows.into_iter().map(|(id, recent, at)| (id.into(), (recent, at))).collect())
    }
}
