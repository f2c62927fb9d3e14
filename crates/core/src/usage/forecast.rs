//! What the month will have cost at its end. Pure. Hidden where too little is known.

use super::rows::{Day, add};
use chrono::{Datelike, Months, NaiveDate, TimeDelta, Weekday};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::BTreeMap;

/// How many full days are looked at.
const LOOK_BACK: i64 = 28;
/// Fewer full days tell nothing.
const LEAST: usize = 7;
/// From here on each weekday has its own mean.
const BY_WEEKDAY: usize = 14;
/// Four of five months end inside the band, were days independent and normal.
const BAND: f64 = 1.28;
/// Decimal places of an estimate.
const PLACES: u32 = 2;

/// How it was estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ForecastMethod {
    /// Each weekday's own mean.
    WeekdayMean,
    /// One mean for all days.
    DailyMean,
}

/// The month's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UsageForecast {
    /// The first day of the month.
    pub month: String,
    /// US dollars so far, exact.
    pub spent: String,
    /// The lower end of the band.
    pub low: String,
    /// The estimate.
    pub likely: String,
    /// The upper end of the band.
    pub high: String,
    /// How.
    pub method: ForecastMethod,
    /// From how many full days.
    pub based_on_days: u32,
}

pub(crate) fn forecast(days: &BTreeMap<NaiveDate, Day>, today: NaiveDate) -> Option<UsageForecast> {
    let month = today.with_day(1)?;
    let end = month.checked_add_months(Months::new(1))?;
    let cost = |date: NaiveDate| days.get(&date).and_then(|day| day.cost);
    let spent =
        month.iter_days().take_while(|date| *date <= today).fold(None, |sum, date| add(sum, cost(date)))?;
    let full: Vec<(Weekday, f64)> = (1..=LOOK_BACK)
        .filter_map(|back| {
            let date = today - TimeDelta::days(back);
            Some((date.weekday(), f64::try_from(cost(date)?).ok()?))
        })
        .collect();
    if full.len() < LEAST {
        return None;
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let all: Vec<f64> = full.iter().map(|(_, cost)| *cost).collect();
    let method =
        if full.len() >= BY_WEEKDAY { ForecastMethod::WeekdayMean } else { ForecastMethod::DailyMean };
    let expected = |date: NaiveDate| {
        let own: Vec<f64> = full
            .iter()
            .filter(|(weekday, _)| method == ForecastMethod::DailyMean || *weekday == date.weekday())
            .map(|(_, cost)| *cost)
            .collect();
        if own.is_empty() { mean(&all) } else { mean(&own) }
    };
    let so_far = cost(today).and_then(|cost| f64::try_from(cost).ok()).unwrap_or_default();
    let rest_of_today = (expected(today) - so_far).max(0.0);
    let left: Vec<NaiveDate> = today.iter_days().skip(1).take_while(|date| *date < end).collect();
    let rest = rest_of_today + left.iter().map(|date| expected(*date)).sum::<f64>();
    let spread = {
        let centre = mean(&all);
        let variance = all.iter().map(|cost| (cost - centre).powi(2)).sum::<f64>() / (all.len() - 1) as f64;
        BAND * (variance * (left.len() as f64 + 1.0)).sqrt()
    };
    let plus = |more: f64| -> Option<String> {
        let more = Decimal::try_from(more.max(0.0)).ok()?;
        Some((spent + more).round_dp(PLACES).to_string())
    };
    Some(UsageForecast {
        month: month.to_string(),
        spent: spent.to_string(),
        low: plus(rest - spread)?,
        likely: plus(rest)?,
        high: plus(rest + spread)?,
        method,
        based_on_days: crate::logs::count(full.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(
        count: i64,
        today: NaiveDate,
        cost: impl Fn(NaiveDate) -> &'static str,
    ) -> BTreeMap<NaiveDate, Day> {
        (0..count)
            .map(|back| today - TimeDelta::days(back))
            .map(|date| (date, Day { cost: cost(date).parse().ok(), ..Day::default() }))
            .collect()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_steady_month_ends_where_one_expects() {
        let today = day("2026-11-10");
        let forecast = forecast(&days(30, today, |_| "1.00"), today).expect("enough is known");
        assert_eq!((forecast.spent.as_str(), forecast.likely.as_str()), ("10.00", "30.00"));
        assert_eq!((forecast.low.as_str(), forecast.high.as_str()), ("30.00", "30.00"));
        assert_eq!(forecast.method, ForecastMethod::WeekdayMean);
    }

    #[test]
    fn weekends_count_as_weekends() {
        let today = day("2026-11-27"); // a Friday; Saturday to Monday are left
        let cost = |date: NaiveDate| if date.weekday().num_days_from_monday() >= 5 { "0" } else { "2.00" };
        let forecast = forecast(&days(60, today, cost), today).expect("enough is known");
        let spent: f64 = forecast.spent.parse().expect("a number");
        assert_eq!(forecast.likely.parse::<f64>().expect("a number"), spent + 2.0);
    }

    #[test]
    fn too_little_says_nothing() {
        let today = day("2026-11-10");
        assert_eq!(forecast(&days(6, today, |_| "1"), today), None);
        assert_eq!(forecast(&BTreeMap::new(), today), None);
        let few = forecast(&days(9, today, |_| "1"), today).expect("enough is known");
        assert_eq!(few.method, ForecastMethod::DailyMean);
    }
}
