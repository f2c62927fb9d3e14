//! What a simulated agent used: weekdays, growth and noise, in whole numbers so that sums are exact.

use super::super::Day;
use crate::dice::dice;
use crate::store::Instance;
use rand::RngExt;

const DAY_MS: i64 = 86_400_000;
/// Percent of a usual day, Monday first.
const WEEKDAYS: [i64; 7] = [100, 106, 110, 108, 94, 52, 47];
/// Percent of a day's use that is over at the start of each sixth of it.
const BY_SIXTH: [i64; 7] = [0, 3, 12, 40, 68, 90, 100];

/// The last `days` days since the instance was made, oldest first; the last one is today, as far as it has come. Before
/// it was made there is no day, and not a day without use.
pub(super) fn days(seed: u64, instance: &Instance, days: i64, now: i64) -> Vec<Day> {
    let today = now.div_euclid(DAY_MS);
    let born = instance.created_at.div_euclid(DAY_MS).min(today);
    let days = born.max(today - days + 1)..=today;
    let id = instance.id.as_bytes();
    let mut lasting = dice(seed, id, "usage");
    let usual: i64 = lasting.random_range(35..=280);
    let growth_per_mille: i64 = lasting.random_range(-1..=9);
    let tokens_each: i64 = lasting.random_range(900..=2_400);
    // Millionths of a dollar a token: dollars per million tokens.
    let price: i64 = lasting.random_range(2..=5);
    let Some(ready_at) = instance.ready_at else {
        return days.map(Day::unused).collect();
    };
    let first = ready_at.div_euclid(DAY_MS);

    let of_day = |number: i64| {
        let mut day = Day::unused(number);
        let age = number - first;
        if age < 0 {
            return day;
        }
        let mut rng = dice(seed, id, &format!("day {number}"));
        // 1970-01-01 was a Thursday.
        let weekday = WEEKDAYS[usize::try_from((number + 3).rem_euclid(7)).unwrap_or_default()];
        let growth = 1_000 + growth_per_mille * age.min(180);
        let noise: i64 = rng.random_range(78..=124);
        let mut requests = usual * weekday * growth * noise / (100 * 1_000 * 100);
        let tokens_here = tokens_each * rng.random_range(85..=115) / 100;
        let dollars_here = rng.random_range(0..=300);
        let from = if age == 0 { part_of_day(ready_at.rem_euclid(DAY_MS)) } else { 0 };
        let to = if number == today { part_of_day(now.rem_euclid(DAY_MS)) } else { 1_000 };
        let part = (to - from).max(0);
        requests = requests * part / 1_000;
        let people = requests / rng.random_range(4..=9) + 1;
        day.requests = requests;
        day.tokens = requests * tokens_here;
        day.micro_dollars = day.tokens * price + requests * dollars_here;
        day.people = people.min(requests);
        day
    };
    days.map(of_day).collect()
}

/// How much of a day's use has happened, in thousandths.
fn part_of_day(millis: i64) -> i64 {
    let sixth = DAY_MS / 6;
    let at = usize::try_from(millis / sixth).unwrap_or_default().min(5);
    let (from, to) = (BY_SIXTH[at] * 10, BY_SIXTH[at + 1] * 10);
    from + (to - from) * (millis % sixth) / sixth
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tests::instance;

    /// A Wednesday, 15:00 UTC.
    const NOW: i64 = 20_780 * DAY_MS + 15 * 3_600_000;

    #[test]
    fn yesterday_stays_as_it_was_and_today_only_grows() {
        let instance = Instance { ready_at: Some(0), ..instance() };
        let mut last = 0;
        for hour in 0..24 {
            let rows = days(7, &instance, 30, 20_780 * DAY_MS + hour * 3_600_000);
            assert_eq!(rows.len(), 30);
            assert_eq!(rows[..29], days(7, &instance, 30, NOW)[..29]);
            assert!(rows[29].requests >= last);
            last = rows[29].requests;
        }
        assert!(last > 0);
    }

    #[test]
    fn nothing_was_used_before_it_was_ready() {
        let young = Instance { ready_at: Some(NOW - 2 * DAY_MS), ..instance() };
        let rows = days(7, &young, 30, NOW);
        let fresh = Instance { ready_at: Some(NOW - 1_000), ..instance() };
        assert_eq!(days(7, &fresh, 1, NOW)[0].requests, 0);
        assert!(rows[..27].iter().all(|day| day.requests == 0 && day.micro_dollars == 0));
        assert!(rows[27].requests > 0);
        assert!(
            days(7, &Instance { ready_at: None, ..instance() }, 3, NOW).iter().all(|day| day.tokens == 0)
        );
    }

    #[test]
    fn there_is_no_day_before_it_was_made() {
        let born = NOW - 2 * DAY_MS;
        let young = Instance { created_at: born, ready_at: Some(born + 25_000), ..instance() };
        let numbers = |rows: Vec<Day>| rows.iter().map(|day| day.number).collect::<Vec<_>>();
        assert_eq!(numbers(days(7, &young, 366, NOW)), [20_778, 20_779, 20_780]);
        assert_eq!(numbers(days(7, &young, 2, NOW)), [20_779, 20_780]);
        let failed = Instance { ready_at: None, ..young };
        assert_eq!(numbers(days(7, &failed, 30, NOW)).len(), 3);
        assert_eq!(days(7, &Instance { created_at: 0, ..failed }, 366, NOW).len(), 366);
    }

    #[test]
    fn weekends_are_quieter() {
        let instance = Instance { ready_at: Some(0), ..instance() };
        let rows = days(7, &instance, 141, NOW);
        let weekday = |day: &&Day| (day.number + 3).rem_euclid(7) < 5;
        let sum = |days: Vec<&Day>| days.iter().map(|day| day.requests).sum::<i64>() / days.len() as i64;
        let (work, rest): (Vec<&Day>, Vec<&Day>) = rows[..140].iter().partition(weekday);
        assert!(sum(work) > sum(rest));
    }
}
