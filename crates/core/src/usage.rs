//! What an instance used and cost (operation 20). The server's days stay the server's days (UTC); a day without a row
//! is a gap and no zero; money is decimal text and never a float.

mod budgets;
mod fleet;
mod forecast;
mod rows;

pub(crate) use budgets::FLEET;
pub use budgets::{Budget, BudgetLevel};
pub use fleet::{FleetUsageRow, FleetUsageRun, FleetUsageView};
pub use forecast::{ForecastMethod, UsageForecast};
pub use rows::{UsageDay, UsageTotals};

pub(crate) use fleet::FleetUsage;

use crate::cache::Cache;
use crate::error::{Code, Failure};
use crate::seen::Source;
use crate::session::Session;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::usage::{GetUsage, Usage};
use rows::{fill, other_keys, read_days, totals};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The name of its kind in the cache: the newest answer, with whatever days it covered.
const KIND: &str = "usage";
/// Longest range in days.
const LONGEST: i64 = 366;
/// How far back the forecast and the fleet's sum look, today included.
const RECENT: i64 = 31;
/// Most other keys that are named.
const OTHER_KEYS: usize = 20;

/// The usage of a range of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UsageView {
    /// The first day, `2026-11-01`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The day that is not over.
    pub today: String,
    /// Every day of the range.
    pub days: Vec<UsageDay>,
    /// Their sums.
    pub totals: UsageTotals,
    /// The sums of as many days before; none where no row is known.
    pub before: Option<UsageTotals>,
    /// People in the range, as the server counts them; known for ranges that end today.
    pub unique_users: Option<u32>,
    /// The month's end; none where too little is known.
    pub forecast: Option<UsageForecast>,
    /// Keys of rows that this program does not know.
    pub other_keys: Vec<String>,
    /// When it was answered.
    pub seen_at: Option<DateTime<Utc>>,
    /// Just answered, or from the cache.
    pub source: Source,
    /// Why the newest look failed.
    pub failure: Option<Failure>,
}

/// An answer as it is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Kept {
    usage: Usage,
    /// The people of a range that ended on the day it was asked, by its first day.
    people: Option<(NaiveDate, i64)>,
}

impl Session {
    /// The usage of a range, both ends included.
    pub(crate) async fn usage(&self, id: &InstanceId, from: &str, to: &str) -> Result<UsageView, Failure> {
        let today = self.now().date_naive();
        let (from, to) = read_range(from, to, today)?;
        let length = (to - from).num_days() + 1;
        let earliest = (from - TimeDelta::days(length))
            .min(today - TimeDelta::days(RECENT - 1))
            .min(today.with_day(1).unwrap_or(today));
        let asked = (today - earliest).num_days() + 1;
        let (kept, seen_at, source, failure) = match self.fetch_usage(id, asked, from, to == today).await {
            Ok(kept) => (kept, self.now(), Source::Live, None),
            Err(failure) => match self.cache.read_seen::<Kept>(KIND, id.as_str()) {
                Some((kept, at)) if failure.is_outage() => (kept, at, Source::Cached, Some(failure)),
                _ => return Err(failure),
            },
        };
        // What an old answer calls today is not over either.
        let as_of = seen_at.date_naive();
        let days = read_days(&kept.usage.daily);
        let in_range = fill(&days, from, to, as_of);
        let before = totals(&fill(&days, from - TimeDelta::days(length), from - TimeDelta::days(1), as_of));
        let people = kept.people.filter(|(first, _)| *first == from && to == as_of);
        Ok(UsageView {
            from: from.to_string(),
            to: to.to_string(),
            today: as_of.to_string(),
            totals: totals(&in_range),
            days: in_range,
            before: (before.days > 0).then_some(before),
            unique_users: people.and_then(|(_, count)| u32::try_from(count).ok()),
            forecast: forecast::forecast(&days, as_of),
            other_keys: other_keys(&kept.usage.daily).into_iter().take(OTHER_KEYS).collect(),
            seen_at: Some(seen_at),
            source,
            failure,
        })
    }

    /// Asks for enough days, and for the range's own sums where it ends today: people do not add up.
    async fn fetch_usage(
        &self,
        id: &InstanceId,
        asked: i64,
        from: NaiveDate,
        ends_today: bool,
    ) -> Result<Kept, Failure> {
        let days = |count: i64| u16::try_from(count).unwrap_or(u16::MAX);
        let own = (self.now().date_naive() - from).num_days() + 1;
        let usage = self.call(&GetUsage { id: id.clone(), days: days(asked) }).await?;
        let people = match ends_today {
            true if own == asked => usage.unique_end_users,
            true => {
                let own = self.call(&GetUsage { id: id.clone(), days: days(own) }).await;
                own.ok().and_then(|own| own.unique_end_users)
            }
            false => None,
        };
        // A range that ended before today says nothing of people; what an earlier one said today still holds.
        let told = || {
            self.cache
                .read_seen::<Kept>(KIND, id.as_str())
                .filter(|(_, at)| at.date_naive() == self.now().date_naive())
        };
        let people = people.map(|people| (from, people)).or_else(|| told()?.0.people);
        let kept = Kept { usage, people };
        self.cache.write_seen(KIND, id.as_str(), &kept, self.now());
        self.note_fleet_usage(id, &kept.usage);
        Ok(kept)
    }
}

/// US dollars of the last 30 days as far as is known, and when that was seen.
pub(crate) fn cost_of_last_days(cache: &Cache, id: &InstanceId) -> Option<(String, DateTime<Utc>)> {
    let (recent, at) = cache.read_seen::<fleet::Recent>(fleet::KIND, id.as_str())?;
    recent.totals().cost.map(|cost| (cost, at))
}

fn read_range(from: &str, to: &str, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Failure> {
    let refused = |field: &str, msg: &str| {
        let loc = vec![field.to_owned()];
        let field = nineheads_contract::FieldProblem { loc, msg: msg.to_owned(), kind: "range".into() };
        Failure::new(Code::Invalid { message: None, fields: vec![field] }, msg)
    };
    let read = |name, text: &str| text.parse::<NaiveDate>().map_err(|_| refused(name, "it is no day"));
    let (from, to) = (read("from", from)?, read("to", to)?.min(today));
    match () {
        () if from > to => Err(refused("from", "the range ends before it begins")),
        () if (to - from).num_days() >= LONGEST => Err(refused("from", "a range has at most 366 days")),
        () => Ok((from, to)),
    }
}
