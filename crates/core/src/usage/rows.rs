//! Reads the server's daily rows, whatever their keys are called. Pure; exact: money stays decimal.

use chrono::{DateTime, NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;
use std::collections::{BTreeMap, BTreeSet};

const DAY: [&str; 8] = ["date", "day", "bucket", "period", "timestamp", "time", "start", "ts"];
const TOKENS: [&str; 4] = ["tokens", "total_tokens", "token_count", "totalTokens"];
/// Where there is no sum, these make one.
const PARTS: [&str; 6] =
    ["input_tokens", "output_tokens", "prompt_tokens", "completion_tokens", "inputTokens", "outputTokens"];
const REQUESTS: [&str; 6] = ["requests", "total_requests", "request_count", "requestCount", "calls", "count"];
const COST: [&str; 7] = ["cost_usd", "cost", "total_cost_usd", "total_cost", "costUsd", "totalCost", "usd"];
const USERS: [&str; 4] = ["unique_end_users", "unique_users", "end_users", "users"];

/// One day as the server counts days (UTC).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct UsageDay {
    /// `2026-11-24`.
    pub day: String,
    /// Tokens of the day.
    #[specta(type = Option<specta_typescript::Number>)]
    pub tokens: Option<i64>,
    /// Requests of the day.
    #[specta(type = Option<specta_typescript::Number>)]
    pub requests: Option<i64>,
    /// People of the day.
    #[specta(type = Option<specta_typescript::Number>)]
    pub users: Option<i64>,
    /// US dollars as decimal text, exact.
    pub cost: Option<String>,
    /// The day is not over.
    pub unfinished: bool,
    /// The server sent no row: not known, and no zero.
    pub missing: bool,
    /// The row as it came.
    #[specta(type = specta_typescript::Unknown)]
    pub raw: Value,
}

/// Sums of days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct UsageTotals {
    /// None where no day tells.
    #[specta(type = Option<specta_typescript::Number>)]
    pub tokens: Option<i64>,
    /// None where no day tells.
    #[specta(type = Option<specta_typescript::Number>)]
    pub requests: Option<i64>,
    /// US dollars as decimal text; none where no day tells.
    pub cost: Option<String>,
    /// Days with a row.
    pub days: u32,
}

/// What a row says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Day {
    pub tokens: Option<i64>,
    pub requests: Option<i64>,
    pub users: Option<i64>,
    pub cost: Option<Decimal>,
    pub raw: Value,
}

/// All rows that say which day they are about. Of two rows about one day the numbers are added.
pub(crate) fn read_days(rows: &[Value]) -> BTreeMap<NaiveDate, Day> {
    let mut days: BTreeMap<NaiveDate, Day> = BTreeMap::new();
    for row in rows.iter().filter_map(Value::as_object) {
        let Some(date) = date_of(row) else { continue };
        let read = Day {
            tokens: number(row, &TOKENS).or_else(|| sum_of_parts(row)),
            requests: number(row, &REQUESTS),
            users: number(row, &USERS),
            cost: COST.iter().find_map(|name| decimal(row.get(*name)?)),
            raw: Value::Object(row.clone()),
        };
        let known = days.entry(date).or_default();
        *known = Day {
            tokens: add(known.tokens, read.tokens),
            requests: add(known.requests, read.requests),
            users: known.users.max(read.users),
            cost: add(known.cost, read.cost),
            raw: read.raw,
        };
    }
    days
}

/// Keys of rows that mean nothing here.
pub(crate) fn other_keys(rows: &[Value]) -> BTreeSet<String> {
    let known = |key: &str| {
        [&DAY[..], &TOKENS, &PARTS, &REQUESTS, &COST, &USERS].iter().any(|names| names.contains(&key))
    };
    let keys = rows.iter().filter_map(Value::as_object).flat_map(Map::keys);
    keys.filter(|key| !known(key)).cloned().collect()
}

/// Every day of a range, also those without a row.
pub(crate) fn fill(
    days: &BTreeMap<NaiveDate, Day>,
    from: NaiveDate,
    to: NaiveDate,
    today: NaiveDate,
) -> Vec<UsageDay> {
    let length = usize::try_from((to - from).num_days() + 1).unwrap_or_default();
    let all = from.iter_days().take(length);
    all.map(|date| shown(date, days.get(&date), today)).collect()
}

pub(crate) fn shown(date: NaiveDate, day: Option<&Day>, today: NaiveDate) -> UsageDay {
    UsageDay {
        day: date.to_string(),
        tokens: day.and_then(|day| day.tokens),
        requests: day.and_then(|day| day.requests),
        users: day.and_then(|day| day.users),
        cost: day.and_then(|day| day.cost).map(|cost| cost.to_string()),
        unfinished: date >= today,
        missing: day.is_none(),
        raw: day.map(|day| day.raw.clone()).unwrap_or_default(),
    }
}

/// The sums of what is known.
pub(crate) fn totals(days: &[UsageDay]) -> UsageTotals {
    let known = || days.iter().filter(|day| !day.missing);
    let cost = known()
        .filter_map(|day| day.cost.as_ref()?.parse::<Decimal>().ok())
        .fold(None, |sum, cost| add(sum, Some(cost)));
    UsageTotals {
        tokens: known().fold(None, |sum, day| add(sum, day.tokens)),
        requests: known().fold(None, |sum, day| add(sum, day.requests)),
        cost: cost.map(|cost: Decimal| cost.to_string()),
        days: crate::logs::count(known().count()),
    }
}

/// A sum in which what is not known does not count.
pub(crate) fn add<T: std::ops::Add<Output = T>>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    }
}

fn date_of(row: &Map<String, Value>) -> Option<NaiveDate> {
    let named = DAY.iter().filter_map(|name| row.get(*name)).find_map(date);
    named.or_else(|| row.values().filter(|value| value.is_string()).find_map(date))
}

fn date(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::String(text) => text
            .get(..10)?
            .parse()
            .ok()
            .filter(|_| text.len() == 10 || text.as_bytes()[10] == b'T' || text.as_bytes()[10] == b' '),
        Value::Number(number) => {
            let number = number.as_i64()?;
            let seconds = if number > 100_000_000_000 { number / 1000 } else { number };
            // A small number is a count and no time.
            (seconds > 1_000_000_000)
                .then(|| DateTime::from_timestamp(seconds, 0).map(|at| at.date_naive()))?
        }
        _ => None,
    }
}

fn number(row: &Map<String, Value>, names: &[&str]) -> Option<i64> {
    names.iter().find_map(|name| whole(row.get(*name)?))
}

fn sum_of_parts(row: &Map<String, Value>) -> Option<i64> {
    PARTS.iter().filter_map(|name| whole(row.get(*name)?)).fold(None, |sum, part| add(sum, Some(part)))
}

fn whole(value: &Value) -> Option<i64> {
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    // Sums of a million such numbers still fit.
    number.filter(|number| (0..=1 << 53).contains(number))
}

/// Exact, also where the server sends a number instead of text.
fn decimal(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::String(text) => text.trim().trim_start_matches('$').to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let read = text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()?;
    // Nothing that anybody pays; and sums of many such numbers still fit.
    (read < Decimal::from(1_000_000_000_000_i64) && read > Decimal::from(-1_000_000_000_000_i64))
        .then_some(read)
}

/// The days of a range as a caller counts them.
pub(crate) fn days_back(today: NaiveDate, count: i64) -> NaiveDate {
    today - TimeDelta::days(count - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn rows_are_read_whatever_their_keys_are_called() {
        let rows = [
            json!({"date": "2026-11-01", "requests": 3, "tokens": 100, "cost_usd": "0.10", "region": "x"}),
            json!({"day": "2026-11-02T00:00:00Z", "request_count": "4", "input_tokens": 5, "output_tokens": 6, "cost": 0.2}),
            json!({"ts": 1_793_664_000, "calls": 1}),
            json!({"requests": 9}),
            json!(7),
        ];
        let days = read_days(&rows);
        assert_eq!(days.len(), 3);
        assert_eq!(days[&day("2026-11-02")].tokens, Some(11));
        assert_eq!(days[&day("2026-11-02")].cost, Some("0.2".parse().expect("a decimal")));
        assert_eq!(other_keys(&rows).into_iter().collect::<Vec<_>>(), ["region"]);
    }

    #[test]
    fn a_gap_is_no_zero_and_today_is_not_over() {
        let days = read_days(&[json!({"date": "2026-11-01", "tokens": 0, "cost_usd": "0.00"})]);
        let filled = fill(&days, day("2026-11-01"), day("2026-11-03"), day("2026-11-03"));
        assert_eq!((filled[0].tokens, filled[0].missing), (Some(0), false));
        assert_eq!((filled[1].tokens, filled[1].missing), (None, true));
        assert!(filled[2].unfinished && !filled[1].unfinished);
        assert_eq!(
            totals(&filled),
            UsageTotals { tokens: Some(0), requests: None, cost: Some("0.00".into()), days: 1 }
        );
        assert_eq!(totals(&filled[1..]).cost, None);
    }

    proptest! {
        /// A thousand tenths are a hundred, and no cent is ever lost.
        #[test]
        fn money_adds_up_exactly(cents in prop::collection::vec(0..10_000_000_i64, 1..60)) {
            let first = day("2026-01-01");
            let rows: Vec<Value> = cents
                .iter()
                .enumerate()
                .map(|(at, cents)| json!({"date": (first + TimeDelta::days(at as i64)).to_string(),
                    "cost_usd": format!("{}.{:02}", cents / 100, cents % 100)}))
                .collect();
            let last = first + TimeDelta::days(cents.len() as i64 - 1);
            let sum = totals(&fill(&read_days(&rows), first, last, last));
            let wanted = cents.iter().sum::<i64>();
            prop_assert_eq!(sum.cost.expect("a sum"), format!("{}.{:02}", wanted / 100, wanted % 100));
        }

        #[test]
        fn any_rows_are_read_without_a_panic(row in crate::config::tests::json_value()) {
            let days = read_days(std::slice::from_ref(&row));
            let _ = fill(&days, day("2026-01-01"), day("2026-01-09"), day("2026-01-09"));
            let _ = other_keys(&[row]);
        }
    }
}
