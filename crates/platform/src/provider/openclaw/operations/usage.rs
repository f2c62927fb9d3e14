//! What a real agent used: days with tokens and costs from `usage.cost`, requests from `sessions.usage`. Who the people
//! were is not counted over there.

use super::super::ask::{Ask, AskError};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// How often the gateway is asked again while it still counts, and how long between.
const LOOKS: u32 = 12;
const BETWEEN: Duration = Duration::from_millis(300);
/// Most sessions whose days are counted.
const SESSIONS: usize = 1_000;
/// Decimal places of a dollar that are kept.
const PLACES: usize = 9;

/// Days and their sums.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Used {
    /// In the API's words.
    pub(crate) daily: Vec<Value>,
    /// A decimal, exactly the sum of the days; none where a day's is not known.
    pub(crate) cost: Option<String>,
    /// Messages of people that were answered; none where the gateway did not say.
    pub(crate) requests: Option<i64>,
    /// Of all days.
    pub(crate) tokens: Option<i64>,
}

/// Reads the last days up to one.
pub(crate) fn read(agent: &dyn Ask, days: i64, today: NaiveDate) -> Result<Used, AskError> {
    look(agent, days, today, || std::thread::sleep(BETWEEN))
}

fn look(agent: &dyn Ask, days: i64, today: NaiveDate, pause: impl Fn()) -> Result<Used, AskError> {
    let mut costs = agent.ask("usage.cost", json!({ "days": days }))?;
    // Until it has counted it says zeros.
    for _ in 0..LOOKS {
        if is_counted(&costs) {
            break;
        }
        pause();
        costs = agent.ask("usage.cost", json!({ "days": days }))?;
    }
    if !is_counted(&costs) && !was_counted(&costs) {
        return Err(AskError::Late);
    }
    let first = today - Days::new(u64::try_from(days - 1).unwrap_or_default());
    let range = json!({ "startDate": first.to_string(), "endDate": today.to_string(), "limit": SESSIONS });
    // A gateway that does not count requests still knows what was paid.
    let sessions = agent.ask("sessions.usage", range).unwrap_or_else(|error| {
        log::warn!("an agent does not say how many requests it had: {error}");
        Value::Null
    });
    Ok(used(&costs, &sessions))
}

fn is_counted(costs: &Value) -> bool {
    let status = &costs["cacheStatus"];
    matches!(status["status"].as_str().or_else(|| status.as_str()), Some("fresh") | None)
}

/// Whether it was counted before: then the figures are right up to that time, and the newest turns are missing.
fn was_counted(costs: &Value) -> bool {
    costs.pointer("/cacheStatus/cachedFiles").and_then(Value::as_u64).is_some_and(|files| files > 0)
}

fn used(costs: &Value, sessions: &Value) -> Used {
    let by_day = requests_by_day(sessions);
    let mut sum = Some(0);
    let (mut tokens, mut daily) = (0, Vec::new());
    for row in costs["daily"].as_array().into_iter().flatten() {
        let Some(date) = row["date"].as_str() else { continue };
        let cost = cost_of(row);
        sum = sum.zip(cost).map(|(sum, cost)| sum + cost);
        tokens += row["totalTokens"].as_i64().unwrap_or_default();
        let requests = by_day.as_ref().map(|days| days.get(date).copied().unwrap_or_default());
        daily.push(json!({
            "date": date,
            "requests": requests,
            "tokens": row["totalTokens"].as_i64(),
            "input_tokens": row["input"].as_i64(),
            "output_tokens": row["output"].as_i64(),
            "cost_usd": cost.map(decimal),
            "unique_end_users": null,
        }));
    }
    Used {
        daily,
        cost: sum.map(decimal),
        requests: sessions.pointer("/aggregates/messages/user").and_then(Value::as_i64),
        tokens: Some(tokens),
    }
}

/// What people asked on each day, added up over the sessions; none where not every session came.
fn requests_by_day(sessions: &Value) -> Option<BTreeMap<&str, i64>> {
    let rows = sessions["sessions"].as_array()?;
    if sessions.pointer("/aggregates/sessionCount").and_then(Value::as_u64) != u64::try_from(rows.len()).ok()
    {
        return None;
    }
    let mut days = BTreeMap::new();
    let counts = rows.iter().filter_map(|row| row.pointer("/usage/dailyMessageCounts")?.as_array());
    for count in counts.flatten() {
        if let Some(date) = count["date"].as_str() {
            *days.entry(date).or_default() += count["user"].as_i64().unwrap_or_default();
        }
    }
    Some(days)
}

/// In thousand-millionths of a dollar. A day with entries that nobody knows the price of is not known itself.
fn cost_of(row: &Value) -> Option<i128> {
    if row["missingCostEntries"].as_i64().unwrap_or_default() > 0 {
        return None;
    }
    nanos(&row["totalCost"])
}

/// Dollars in thousand-millionths.
#[allow(clippy::cast_possible_truncation)]
fn nanos(value: &Value) -> Option<i128> {
    let dollars = value.as_f64().filter(|dollars| dollars.is_finite() && *dollars >= 0.0)?;
    Some((dollars * 1e9).round() as i128)
}

/// A decimal of dollars with at least two places.
fn decimal(nanos: i128) -> String {
    let whole = format!("{}.{:0PLACES$}", nanos / 1_000_000_000, nanos % 1_000_000_000);
    let least = whole.len() - PLACES + 2;
    let kept = whole.trim_end_matches('0').len().max(least);
    whole[..kept].to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::recorded::{Recorded, payload};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn real_days_add_up_and_people_are_not_known() {
        let agent = Recorded::of([Ok(payload!("usage_cost")), Ok(payload!("sessions_usage"))]);
        let used = read(&agent, 2, day("2026-11-30")).expect("answered");
        assert_eq!(agent.asked()[1].1["startDate"], "2026-11-29");
        assert_eq!((used.tokens, used.cost.as_deref()), (Some(303), Some("0.000366")));
        assert_eq!(used.requests, Some(4));
        let last = used.daily.last().expect("a day");
        assert_eq!((&last["date"], &last["tokens"]), (&json!("2026-11-30"), &json!(303)));
        assert_eq!((&last["requests"], &last["cost_usd"]), (&json!(4), &json!("0.000366")));
        assert_eq!(last["unique_end_users"], Value::Null);
    }

    #[test]
    fn it_is_asked_again_until_it_has_counted() {
        let counting = json!({"daily": [], "cacheStatus": {"status": "refreshing"}});
        let answers = [Ok(counting.clone()), Ok(counting), Ok(payload!("usage_cost")), Err(AskError::Late)];
        let agent = Recorded::of(answers);
        let used = look(&agent, 2, day("2026-11-30"), || ()).expect("answered");
        assert_eq!((used.tokens, used.requests), (Some(303), None));
        assert_eq!(used.daily[0]["requests"], Value::Null);
    }

    #[test]
    fn while_it_counts_for_long_the_figures_of_the_last_count_are_told_and_none_where_there_was_none() {
        let counting = |files: u32| {
            let mut costs = payload!("usage_cost");
            costs["cacheStatus"] = json!({"status": "refreshing", "cachedFiles": files, "staleFiles": 1});
            costs
        };
        let answers = |files| (0..=LOOKS).map(move |_| Ok(counting(files)));
        let agent = Recorded::of(answers(1).chain([Ok(payload!("sessions_usage"))]));
        assert_eq!(look(&agent, 2, day("2026-11-30"), || ()).expect("answered").tokens, Some(303));
        let agent = Recorded::of(answers(0));
        assert!(matches!(look(&agent, 2, day("2026-11-30"), || ()), Err(AskError::Late)));
    }

    #[test]
    fn a_day_without_a_price_makes_the_sum_unknown_and_no_place_is_lost() {
        let costs = json!({"daily": [{"date": "2026-11-29", "totalTokens": 5, "totalCost": 0.1},
            {"date": "2026-11-30", "totalTokens": 5, "totalCost": 0, "missingCostEntries": 2}]});
        let used = used(&costs, &Value::Null);
        assert_eq!((used.cost, &used.daily[0]["cost_usd"]), (None, &json!("0.10")));
        assert_eq!(used.daily[1]["cost_usd"], Value::Null);
        for (nanos, text) in
            [(0, "0.00"), (1, "0.000000001"), (12_340_000_000, "12.34"), (366_000, "0.000366")]
        {
            assert_eq!(decimal(nanos), text);
        }
    }
}
