//! Operation 20: days that add up exactly.

use super::agent::refused;
use super::reply;
use crate::call::{Call, now};
use crate::money::decimal;
use crate::provider::Day;
use crate::provider::openclaw::operations::usage as real;
use crate::refusal::{Answer, Refusal};
use crate::store::{Instance, messages, time};
use nineheads_contract::usage::{DEFAULT_DAYS, Usage};
use serde_json::json;

/// The documented parameter has no bounds: any number is answered with what is nearest in these.
const DAYS: (i64, i64) = (1, 366);
/// What a token of a real turn costs, in millionths of a dollar.
const MICRO_DOLLARS_PER_TOKEN: i64 = 3;

/// Operation 20.
pub(crate) fn get(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    let asked = check.query_int("days", i64::from(DEFAULT_DAYS));
    check.finish()?;
    let instance = call.find(id)?;
    if let Some(agent) = call.agent(&instance)? {
        let today = time(now()).date_naive();
        let used = real::read(&agent, asked.clamp(DAYS.0, DAYS.1), today).map_err(refused)?;
        return reply(&Usage {
            daily: used.daily,
            hostname: instance.hostname.clone(),
            instance_id: instance.wire_id(),
            total_cost_usd: used.cost,
            total_requests: used.requests,
            total_tokens: used.tokens,
            unique_end_users: None,
        });
    }
    let rows = days(call, &instance, asked.clamp(DAYS.0, DAYS.1))?;
    let sum = |of: fn(&Day) -> i64| rows.iter().map(of).sum::<i64>();
    // The same people come on several days.
    let busiest = rows.iter().map(|day| day.people).max().unwrap_or_default();
    let people = busiest.max(sum(|day| day.people) * 2 / 5);
    reply(&Usage {
        daily: rows
            .iter()
            .map(|day| {
                json!({
                    "date": time(day.number * 86_400_000).date_naive(),
                    "requests": day.requests,
                    "tokens": day.tokens,
                    "cost_usd": decimal(day.micro_dollars),
                    "unique_end_users": day.people,
                })
            })
            .collect(),
        hostname: instance.hostname.clone(),
        instance_id: instance.wire_id(),
        total_cost_usd: Some(decimal(sum(|day| day.micro_dollars))),
        total_requests: Some(sum(|day| day.requests)),
        total_tokens: Some(sum(|day| day.tokens)),
        unique_end_users: Some(people),
    })
}

/// The agent's own days with the turns that were really held here.
pub(super) fn days(call: &Call, instance: &Instance, days: i64) -> Result<Vec<Day>, Refusal> {
    let mut rows = call.platform.provider.usage(instance, days, now());
    let turns = call.store().read(|db| messages::by_day(db, instance.id))?;
    for day in &mut rows {
        if let Some((requests, tokens)) = turns.get(&day.number) {
            day.requests += requests;
            day.tokens += tokens;
            day.micro_dollars += tokens * MICRO_DOLLARS_PER_TOKEN;
            day.people += 1;
        }
    }
    Ok(rows)
}
