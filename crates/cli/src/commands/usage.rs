//! `usage`: what an instance used and cost (operation 20), day by day. The server's days are UTC; a day without a row is
//! empty and no zero.

use crate::csv::csv;
use crate::desk::Desk;
use crate::failure::Stop;
use crate::table::or_none;
use chrono::{TimeDelta, Utc};
use clap::Args;
use nineheads_core::usage::{UsageDay, UsageView};
use serde_json::{Value, json};

#[derive(Args)]
pub(crate) struct Usage {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// How many days up to today.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=366), conflicts_with = "from")]
    days: u16,
    /// The first day, as 2026-11-01.
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day; today where it is not given.
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<String>,
    /// Comma-separated values for a spreadsheet, the same as the app exports.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

pub(crate) async fn run(desk: &Desk, command: Usage) -> Result<(), Stop> {
    let target = desk.instance(&command.instance).await?;
    let today = Utc::now().date_naive();
    let first =
        command.from.unwrap_or_else(|| (today - TimeDelta::days(i64::from(command.days) - 1)).to_string());
    let last = command.to.unwrap_or_else(|| today.to_string());
    let view = desk.console.usage(&target.id, &first, &last).await?;
    if let Some(failure) = view.failure {
        return Err(failure.into());
    }
    if command.csv {
        return desk.output.text(&csv(&sheet(&view)));
    }
    let totals = &view.totals;
    let mut rows: Vec<Vec<String>> = view.days.iter().map(row).collect();
    rows.push(vec![
        "sum".into(),
        or_none(totals.cost.as_ref()),
        or_none(totals.requests),
        or_none(totals.tokens),
        or_none(view.unique_users),
        String::new(),
    ]);
    let days: Vec<Value> = view.days.iter().map(|day| json!({ "day": day.day, "state": state(day), "cost_usd": day.cost, "requests": day.requests, "tokens": day.tokens, "unique_users": day.users })).collect();
    let document = json!({
        "instance_id": target.id, "name": target.name, "from": view.from, "to": view.to, "days_are": "UTC",
        "totals": { "cost_usd": totals.cost, "requests": totals.requests, "tokens": totals.tokens, "unique_users": view.unique_users, "days_with_a_row": totals.days },
        "daily": days,
    });
    desk.output.rows(document, &["day (utc)", "usd", "requests", "tokens", "people", ""], &rows)
}

fn state(day: &UsageDay) -> &'static str {
    match (day.missing, day.unfinished) {
        (true, _) => "no row",
        (false, true) => "unfinished",
        (false, false) => "complete",
    }
}

fn row(day: &UsageDay) -> Vec<String> {
    let mark = if day.missing || day.unfinished { state(day) } else { "" };
    vec![
        day.day.clone(),
        or_none(day.cost.as_ref()),
        or_none(day.requests),
        or_none(day.tokens),
        or_none(day.users),
        mark.to_owned(),
    ]
}

/// Numbers exactly as they came, and the keys that this program does not know.
fn sheet(view: &UsageView) -> Vec<Vec<String>> {
    let text = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let other = |day: &UsageDay, key: &String| match day.raw.get(key) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    let heads = ["day_utc", "cost_usd", "requests", "tokens", "unique_users", "state"].map(str::to_owned);
    let head = heads.into_iter().chain(view.other_keys.iter().cloned()).collect();
    let rows = view.days.iter().map(|day| {
        let known = [
            day.day.clone(),
            day.cost.clone().unwrap_or_default(),
            text(day.requests),
            text(day.tokens),
            text(day.users),
            state(day).to_owned(),
        ];
        known.into_iter().chain(view.other_keys.iter().map(|key| other(day, key))).collect()
    });
    std::iter::once(head).chain(rows).collect()
}
