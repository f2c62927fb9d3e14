//! Monthly budgets that a person sets on this computer, and how far they are used. They warn; they stop nothing.

use super::forecast::forecast;
use super::rows::{Day, add};
use crate::error::{Code, Failure};
use crate::needs::OverBudget;
use crate::session::Session;
use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use nineheads_contract::{FieldProblem, InstanceId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::BTreeMap;

/// The scope of the fleet's budget.
pub(crate) const FLEET: &str = "fleet";

/// How far a budget is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BudgetLevel {
    /// Less than half, or not known.
    None,
    /// At least half.
    Half,
    /// At least 80 %.
    Most,
    /// All of it, or more.
    Over,
}

/// A budget and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// `fleet`, or an instance's id.
    pub scope: String,
    /// US dollars a month as decimal text.
    pub monthly_usd: String,
    /// US dollars of this month so far, as far as is known.
    pub spent: Option<String>,
    /// 1 is the whole budget.
    pub share: Option<f64>,
    /// See [`BudgetLevel`].
    pub level: BudgetLevel,
    /// Each of the last three full days cost more than a day's share.
    pub chronic: bool,
    /// What the month will likely have cost.
    pub likely: Option<String>,
}

impl Session {
    /// All budgets of the profile.
    pub(crate) fn budgets(&self) -> Result<Vec<Budget>, Failure> {
        let today = self.now().date_naive();
        let kept = self.notebook.budgets(self.profile_id())?;
        kept.into_iter()
            .map(|(scope, monthly)| {
                let days = match scope.as_str() {
                    FLEET => self.fleet_by_day()?,
                    id => self.recent_usage(&InstanceId::from(id)).unwrap_or_default(),
                };
                Ok(judge(scope, &monthly, &days, today))
            })
            .collect()
    }

    /// Budgets that are used up, and the instances that have one and whose usage no answer has brought.
    pub(crate) fn used_up_budgets(&self) -> Result<(Vec<OverBudget>, Vec<InstanceId>), Failure> {
        let today = self.now().date_naive();
        let (mut over, mut unpriced) = (Vec::new(), Vec::new());
        for (scope, monthly_usd) in self.notebook.budgets(self.profile_id())? {
            let known = match scope.as_str() {
                FLEET => Some((self.fleet_by_day()?, None)),
                id => self.recent_usage_at(&id.into()).map(|(days, at)| (days, Some(at))),
            };
            let Some((days, seen_at)) = known else {
                unpriced.push(InstanceId::from(scope));
                continue;
            };
            let since = crossed_on(&monthly_usd, &days, today);
            let since = since.and_then(|day| Some(day.and_hms_opt(0, 0, 0)?.and_utc()));
            let budget = judge(scope, &monthly_usd, &days, today);
            if let (BudgetLevel::Over, Some(spent)) = (budget.level, budget.spent) {
                over.push(OverBudget { scope: budget.scope, spent, monthly_usd, since, seen_at });
            }
        }
        Ok((over, unpriced))
    }

    /// Sets a budget, or removes it.
    ///
    /// # Errors
    /// [`Code::Invalid`] for what is no amount above zero.
    pub(crate) fn set_budget(&self, scope: &str, monthly_usd: Option<&str>) -> Result<Vec<Budget>, Failure> {
        let amount = monthly_usd.map(|text| {
            let amount: Option<Decimal> = text.trim().parse().ok();
            amount
                .filter(|amount| *amount > Decimal::ZERO && *amount < Decimal::from(1_000_000_000))
                .ok_or_else(|| {
                    let msg = "a budget is an amount above zero";
                    let field = FieldProblem {
                        loc: vec!["monthlyUsd".into()],
                        msg: msg.into(),
                        kind: "amount".into(),
                    };
                    Failure::new(Code::Invalid { message: None, fields: vec![field] }, msg)
                })
        });
        let amount = amount.transpose()?.map(|amount| amount.to_string());
        self.notebook.set_budget(self.profile_id(), scope, amount.as_deref())?;
        self.budgets()
    }
}

/// The day of this month on which a budget was used up.
fn crossed_on(monthly: &str, days: &BTreeMap<NaiveDate, Day>, today: NaiveDate) -> Option<NaiveDate> {
    let budget: Decimal = monthly.parse().ok()?;
    let mut spent = Decimal::ZERO;
    let month = today.with_day(1)?.iter_days().take_while(|date| *date <= today);
    let mut month = month.filter_map(|date| Some((date, days.get(&date)?.cost?)));
    month
        .find(|(_, cost)| {
            spent += *cost;
            spent >= budget
        })
        .map(|(date, _)| date)
}

fn judge(scope: String, monthly: &str, days: &BTreeMap<NaiveDate, Day>, today: NaiveDate) -> Budget {
    let budget: Decimal = monthly.parse().unwrap_or_default();
    let cost = |date: NaiveDate| days.get(&date).and_then(|day| day.cost);
    let month = today.with_day(1).unwrap_or(today);
    let spent =
        month.iter_days().take_while(|date| *date <= today).fold(None, |sum, date| add(sum, cost(date)));
    let share = spent.and_then(|spent| f64::try_from(spent.checked_div(budget)?).ok());
    let next = month.checked_add_months(Months::new(1)).unwrap_or(today);
    let a_day = budget / Decimal::from((next - month).num_days().max(1));
    let last_three = (1..=3).map(|back| cost(today - TimeDelta::days(back)));
    Budget {
        scope,
        monthly_usd: monthly.to_owned(),
        spent: spent.map(|spent| spent.to_string()),
        share,
        level: match share {
            Some(share) if share >= 1.0 => BudgetLevel::Over,
            Some(share) if share >= 0.8 => BudgetLevel::Most,
            Some(share) if share >= 0.5 => BudgetLevel::Half,
            _ => BudgetLevel::None,
        },
        chronic: last_three.into_iter().all(|cost| cost.is_some_and(|cost| cost > a_day)),
        likely: forecast(days, today).map(|forecast| forecast.likely),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_most_and_all_of_a_budget_are_told_apart() {
        let today: NaiveDate = "2026-11-10".parse().expect("a day");
        let spend = |a_day: &str| -> BTreeMap<NaiveDate, Day> {
            let cost = a_day.parse().ok();
            (0..20).map(|back| (today - TimeDelta::days(back), Day { cost, ..Day::default() })).collect()
        };
        let level = |a_day: &str| judge("fleet".into(), "10", &spend(a_day), today).level;
        assert_eq!(level("0.49"), BudgetLevel::None);
        assert_eq!(level("0.50"), BudgetLevel::Half);
        assert_eq!(level("0.80"), BudgetLevel::Most);
        assert_eq!(level("1.00"), BudgetLevel::Over);
        let unknown = judge("fleet".into(), "10", &BTreeMap::new(), today);
        assert_eq!((unknown.level, unknown.spent, unknown.chronic), (BudgetLevel::None, None, false));
    }

    #[test]
    fn a_budget_is_used_up_on_the_day_that_reaches_it() {
        let day = |text: &str| -> NaiveDate { text.parse().expect("a day") };
        let cost = |amount: &str| Day { cost: amount.parse().ok(), ..Day::default() };
        let days = BTreeMap::from([
            (day("2026-10-31"), cost("99")),
            (day("2026-11-02"), cost("6")),
            (day("2026-11-05"), cost("4")),
            (day("2026-11-06"), cost("1")),
        ]);
        assert_eq!(crossed_on("10", &days, day("2026-11-10")), Some(day("2026-11-05")));
        assert_eq!(crossed_on("11.01", &days, day("2026-11-10")), None);
    }

    #[test]
    fn three_dear_days_in_a_row_are_a_chronic_burn() {
        let today: NaiveDate = "2026-11-10".parse().expect("a day");
        let mut days: BTreeMap<NaiveDate, Day> = (1..=3)
            .map(|back| (today - TimeDelta::days(back), Day { cost: "1.01".parse().ok(), ..Day::default() }))
            .collect();
        assert!(judge("x".into(), "30", &days, today).chronic);
        days.insert(today - TimeDelta::days(2), Day { cost: "0.99".parse().ok(), ..Day::default() });
        assert!(!judge("x".into(), "30", &days, today).chronic);
    }
}
