//! What is news in any run of events, in virtual time.

use super::desk::{CALM, Desk, LATEST, Matter, Ready};
use super::kind::{NewsKind, NewsSubject, Telling};
use super::rules::{NewsRules, QuietSpan, ViewRule, Wish};
use crate::polling::Attention;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{HashMap, HashSet};

fn told(_: NewsKind) -> Wish {
    Wish { told: true, view: None }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(seconds)
}

fn see(desk: &mut Desk, id: &str, trouble: bool, seconds: i64) {
    desk.see(Matter::Instance, NewsSubject::new(id, id), trouble, told, at(seconds));
}

/// Every group, told as soon as it is due and no later, up to a time.
fn told_until(desk: &mut Desk, until: i64) -> Vec<(i64, Ready)> {
    let mut all = Vec::new();
    while let Some(due) = desk.due_at().filter(|&due| due <= at(until)) {
        let seconds = (due - at(0)).num_seconds();
        all.extend(desk.take_ready(due).into_iter().map(|ready| (seconds, ready)));
    }
    all
}

#[test]
fn ten_failures_within_a_few_seconds_are_one_piece_of_news() {
    let mut desk = Desk::default();
    for n in 0..10 {
        see(&mut desk, &format!("i{n}"), true, n);
    }
    let all = told_until(&mut desk, 100);
    assert_eq!(all.len(), 1);
    let news = &all[0].1.news;
    assert_eq!((news.kind, news.count, news.subjects.len()), (NewsKind::InstanceFailed, 10, 10));
}

#[test]
fn what_went_back_within_moments_is_no_news() {
    let mut desk = Desk::default();
    see(&mut desk, "a", true, 0);
    see(&mut desk, "a", false, 2);
    assert_eq!(told_until(&mut desk, 1000), []);
}

#[test]
fn what_fails_and_recovers_again_and_again_is_said_once() {
    let mut desk = Desk::default();
    let mut all = Vec::new();
    for n in 0..40 {
        see(&mut desk, "a", n % 2 == 0, n * 30);
        all.extend(told_until(&mut desk, n * 30 + 29));
    }
    let kinds: Vec<_> = all.iter().map(|(_, ready)| ready.news.kind).collect();
    assert_eq!(
        kinds,
        [NewsKind::InstanceFailed, NewsKind::InstanceRecovered, NewsKind::InstanceUnsteady],
        "and nothing after it"
    );
    let calm = 40 * 30 + CALM.num_seconds();
    see(&mut desk, "a", true, calm);
    let again = told_until(&mut desk, calm + 60);
    assert_eq!(again[0].1.news.kind, NewsKind::InstanceFailed, "calm again, it is news again");
}

#[test]
fn what_was_in_trouble_from_the_beginning_and_what_is_gone_are_no_news() {
    let mut desk = Desk::default();
    desk.begin(["a".to_owned(), "b".to_owned()]);
    see(&mut desk, "a", true, 0);
    desk.forget("b");
    see(&mut desk, "b", false, 1);
    assert_eq!(told_until(&mut desk, 100), []);
    see(&mut desk, "a", false, 200);
    assert_eq!(told_until(&mut desk, 300)[0].1.news.kind, NewsKind::InstanceRecovered);
}

#[test]
fn a_failed_deploy_is_not_told_twice_as_a_failed_instance() {
    let mut desk = Desk::default();
    see(&mut desk, "a", true, 0);
    desk.leave_out("a");
    desk.end(
        NewsKind::DeployFailed,
        "k".into(),
        NewsSubject::new("k", "A"),
        told(NewsKind::DeployFailed),
        at(1),
    );
    desk.end(
        NewsKind::DeployFailed,
        "k".into(),
        NewsSubject::new("k", "A"),
        told(NewsKind::DeployFailed),
        at(2),
    );
    see(&mut desk, "a", true, 3);
    let all = told_until(&mut desk, 100);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].1.news.kind, all[0].1.news.count), (NewsKind::DeployFailed, 1));
}

#[test]
fn a_view_that_wants_it_wins_over_one_that_does_not() {
    let rules = NewsRules { failures: false, ..NewsRules::default() };
    let wish = |kind, views: &[(&'static str, ViewRule)]| rules.wish(kind, views.iter().copied());
    let (failed, recovered) = (NewsKind::InstanceFailed, NewsKind::InstanceRecovered);
    assert!(!wish(failed, &[]).told);
    assert!(wish(recovered, &[]).told);
    let both = [("demo", ViewRule::Nothing), ("vip", ViewRule::Failures)];
    assert_eq!(wish(failed, &both), Wish { told: true, view: Some("vip".into()) });
    assert!(!wish(recovered, &both).told, "a view's rule stands in place of the general one");
    assert!(!wish(failed, &both[..1]).told);
}

#[test]
fn quiet_hours_over_midnight_belong_to_the_day_they_begin() {
    let rules =
        NewsRules { quiet: vec![QuietSpan { day: 4, from: 22 * 60, to: 7 * 60 }], ..NewsRules::default() };
    let local =
        |day, hour| NaiveDate::from_ymd_opt(2026, 11, day).and_then(|day| day.and_hms_opt(hour, 0, 0));
    // The 27th of November 2026 is a Friday.
    let quiet = [(27, 21), (27, 22), (28, 6), (28, 7), (28, 22), (27, 6)]
        .map(|(day, hour)| rules.is_quiet(local(day, hour).expect("a time")));
    assert_eq!(quiet, [false, true, true, false, false, false]);
    let told = |kind, hour, attention| rules.telling(kind, true, local(27, hour).expect("a time"), attention);
    let telling = |hour, attention| told(NewsKind::InstanceFailed, hour, attention);
    assert_eq!(told(NewsKind::PlatformLost, 12, Attention::Front), Telling::Inbox, "the window shows it");
    assert_eq!(telling(23, Attention::Hidden), Telling::Inbox);
    assert_eq!(telling(12, Attention::Hidden), Telling::Notification);
    assert_eq!(telling(12, Attention::Front), Telling::Toast);
}

#[test]
fn quiet_hours_that_can_not_be_are_refused() {
    let with = |quiet| NewsRules { quiet, ..NewsRules::default() }.checked();
    let span = |day, from, to| QuietSpan { day, from, to };
    assert!(with(vec![span(0, 0, 1), span(6, 1439, 0)]).is_ok());
    for wrong in [vec![span(7, 0, 1)], vec![span(0, 1440, 1)], vec![span(0, 0, 1440)], vec![span(1, 0, 1); 2]]
    {
        assert!(with(wrong).is_err());
    }
}

/// A zone whose clock goes an hour forward at one moment and an hour back at a later one.
fn wall(utc: i64, forward: i64, back: i64) -> NaiveDateTime {
    at(utc + if (forward..back).contains(&utc) { 7200 } else { 3600 }).naive_utc()
}

proptest! {
    /// Sees random instances in random states, at random distances.
    #[test]
    fn nothing_is_said_too_often_too_late_or_not_at_all(steps in vec((0u8..4, any::<bool>(), 0i64..200), 1..120)) {
        let mut desk = Desk::default();
        let (mut now, mut all) = (0, Vec::new());
        let mut states: HashMap<String, (bool, i64)> = HashMap::new();
        for (id, trouble, gap) in steps {
            now += gap;
            all.extend(told_until(&mut desk, now));
            let id = id.to_string();
            let before = states.get(&id).is_some_and(|(trouble, _)| *trouble);
            see(&mut desk, &id, trouble, now);
            if before != trouble {
                states.insert(id, (trouble, now));
            }
        }
        all.extend(told_until(&mut desk, now + 1000));
        prop_assert_eq!(desk.due_at(), None);
        let of = |id: &str| -> Vec<(i64, NewsKind)> {
            let about = |ready: &Ready| ready.news.subjects.iter().any(|subject| subject.id == id);
            all.iter().filter(|(_, ready)| about(ready)).map(|(at, ready)| (*at, ready.news.kind)).collect()
        };
        for (id, (trouble, since)) in &states {
            let said = of(id);
            for window in said.windows(4) {
                prop_assert!(window[3].0 - window[0].0 >= CALM.num_seconds() - LATEST.num_seconds(), "{id}: {window:?}");
            }
            for pair in said.windows(2) {
                prop_assert!(pair[0].1 != pair[1].1 || pair[0].1 == NewsKind::InstanceUnsteady, "{id}: {pair:?}");
            }
            // Whoever is in trouble at the end was said to be, or to be unsteady.
            if *trouble {
                let last = said.last().map(|(_, kind)| *kind);
                prop_assert!(matches!(last, Some(NewsKind::InstanceFailed | NewsKind::InstanceUnsteady)), "{id} since {since}: {said:?}");
            }
        }
    }

    #[test]
    fn a_piece_of_news_waits_no_longer_than_it_must(gaps in vec(0i64..6, 1..60)) {
        let mut desk = Desk::default();
        let (mut now, mut seen, mut all) = (0, Vec::new(), Vec::new());
        for (n, gap) in gaps.into_iter().enumerate() {
            now += gap;
            all.extend(told_until(&mut desk, now));
            see(&mut desk, &n.to_string(), true, now);
            seen.push(now);
        }
        all.extend(told_until(&mut desk, now + 100));
        let count: u32 = all.iter().map(|(_, ready)| ready.news.count).sum();
        prop_assert_eq!(count as usize, seen.len(), "each is told once");
        for (told_at, ready) in &all {
            for subject in &ready.news.subjects {
                let seen = seen[subject.id.parse::<usize>().expect("a number")];
                prop_assert!(*told_at - seen <= LATEST.num_seconds());
            }
        }
    }

    /// Quiet hours are the wall clock's, on whichever day it is set.
    #[test]
    fn quiet_hours_hold_by_the_wall_clock_when_it_is_changed(
        from in 0u16..1440, to in 0u16..1440, forward in 0i64..700_000, length in 10_000i64..700_000, minute in 0i64..23_000,
    ) {
        let rules = NewsRules {
            quiet: (0..7).map(|day| QuietSpan { day, from, to }).collect(),
            ..NewsRules::default()
        };
        let local = wall(minute * 60, forward, forward + length);
        let shown: u16 = local.format("%H").to_string().parse::<u16>().expect("hours") * 60
            + local.format("%M").to_string().parse::<u16>().expect("minutes");
        let expected = if from < to { (from..to).contains(&shown) } else { shown >= from || shown < to };
        prop_assert_eq!(rules.is_quiet(local), expected);
    }

    #[test]
    fn a_span_of_one_day_is_quiet_for_as_long_as_it_says(day in 0u8..7, from in 0u16..1440, to in 0u16..1440) {
        let rules = NewsRules { quiet: vec![QuietSpan { day, from, to }], ..NewsRules::default() };
        let week = NaiveDate::from_ymd_opt(2026, 3, 2).and_then(|day| day.and_hms_opt(0, 0, 0)).expect("a Monday");
        let quiet: HashSet<i64> =
            (0..7 * 1440).filter(|&minute| rules.is_quiet(week + TimeDelta::minutes(minute))).collect();
        let length = if from < to { to - from } else { 1440 - from + to };
        prop_assert_eq!(quiet.len(), usize::from(length));
    }
}
