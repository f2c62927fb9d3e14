//! The language: what is read, printed, refused, matched and offered.

use super::*;
use crate::fleet::row::{Known, Row};
use crate::labels::Label;
use crate::seen::Seen;
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_contract::instances::InstanceSummary;
use proptest::prelude::*;

fn now() -> DateTime<Utc> {
    "2026-11-30T12:00:00Z".parse().expect("a time")
}

fn row() -> Row {
    let summary = InstanceSummary {
        id: "0b1c".into(),
        agent_name: Some("Harbour desk".into()),
        hostname: Some("vps-11.example.net".into()),
        ip_address: Some("fd00::1".into()),
        status: Some("error".into()),
        region_id: Some("eu-central".into()),
        product_tier_name: Some("Starter".into()),
        customer_email: Some("ada@example.com".into()),
        created_at: Some(now() - TimeDelta::days(8)),
        ..InstanceSummary::default()
    };
    let label =
        Label { tags: ["vip".into(), "night".into()].into(), note: "Call first".into(), starred: true };
    let known = Known {
        heartbeat: Some(Seen::live(now() - TimeDelta::hours(2), now())),
        cost30: Some(Seen::live(Decimal::new(1050, 2), now())),
        ..Known::default()
    };
    Row::new(summary, Some(label), known)
}

fn unknown_row() -> Row {
    Row::new(InstanceSummary { id: "1".into(), ..InstanceSummary::default() }, None, Known::default())
}

fn judge(text: &str, row: &Row) -> Verdict {
    Compiled::of(&Filter::read(text)).judge(row, now())
}

fn fits(text: &str) -> bool {
    judge(text, &row()) == Verdict::Fits
}

fn printed(text: &str) -> String {
    let filter = Filter::read(text);
    assert_eq!(filter.problems, [], "of {text}");
    filter.to_string()
}

fn problem(text: &str) -> (String, String) {
    let filter = Filter::read(text);
    let problem = filter.problem().unwrap_or_else(|| panic!("{text} has a problem"));
    let (from, length) = (problem.from as usize, problem.length as usize);
    (text.chars().skip(from).take(length).collect(), problem.message.clone())
}

#[test]
fn each_field_finds_the_row_that_has_it_and_its_negation_does_not() {
    for text in [
        "harb desk",
        "\"harbour desk\"",
        "harb*desk",
        "name:harbour",
        "name:\"Harbour desk\"",
        "name:harb*",
        "id:0b1",
        "host:vps",
        "host:vps-*.net",
        "ip:fd00::1",
        "status:error",
        "status:failed",
        "status:running,error",
        "region:eu-*",
        "region:us-*,eu-central",
        "tier:starter",
        "customer:ada@",
        "preset:\"\"",
        "tag:vip",
        "tag:nig*",
        "note:call",
        "vip",
        "star:yes",
        "age:>7d",
        "age:>=1w",
        "age:<1h,>1w",
        "heartbeat:>1h",
        "heartbeat:<=120m",
        "cost:>10",
        "cost:<=$10.50",
        "STATUS:Error",
    ] {
        assert!(fits(text), "{text}");
        assert_eq!(judge(&format!("-{text}"), &row()), Verdict::Not, "-{text}");
    }
    for text in [
        "status:run*",
        "region:eu",
        "tag:vi",
        "name:desk*",
        "star:no",
        "age:>9d",
        "cost:>10.50",
        "customer:\"\"",
    ] {
        assert!(!fits(text), "{text}");
        assert!(fits(&format!("-{text}")), "-{text}");
    }
}

#[test]
fn rows_of_which_the_measure_is_unknown_are_in_neither_answer() {
    for text in ["age:>1d", "-age:>1d", "heartbeat:<1h", "-heartbeat:<1h", "cost:>0", "-cost:>0"] {
        assert!(matches!(judge(text, &unknown_row()), Verdict::Unknown(_)), "{text}");
    }
    assert_eq!(
        judge("cost:>0 region:eu", &unknown_row()),
        Verdict::Not,
        "what does not fit anyhow is not unknown"
    );
    let both = Asked { heartbeat: true, cost: true, ..Asked::default() };
    assert_eq!(judge("cost:>0 heartbeat:>1h", &unknown_row()), Verdict::Unknown(both));
}

#[test]
fn a_heartbeat_is_as_old_as_it_was_when_somebody_looked() {
    let mut row = row();
    row.known.heartbeat = Some(Seen::live(now() - TimeDelta::days(3), now() - TimeDelta::days(3)));
    assert_eq!(judge("heartbeat:<1m", &row), Verdict::Fits);
    assert_eq!(judge("heartbeat:>1h", &row), Verdict::Not, "nobody knows what came since");
}

#[test]
fn printing_is_canonical() {
    for (text, canonical) in [
        ("  harb   DESK ", "harb DESK"),
        ("Status:error", "status:error"),
        ("age:>168h", "age:>1w"),
        ("age:>90m", "age:>90m"),
        ("age:>0d", "age:>0s"),
        ("cost:>$10.50,<01", "cost:>10.5,<1"),
        ("host:\"ab\"", "host:ab"),
        ("host:\"a b\"", "host:\"a b\""),
        ("host:a\\ b", "host:\"a b\""),
        ("a\\ b**", "a\\ b*"),
        ("\"-a\"", "\"-a\""),
        ("-\"a:b\"", "-\"a:b\""),
        ("\\*", "\"*\""),
        ("star:YES", "star:yes"),
        ("-", "\"-\""),
    ] {
        assert_eq!(printed(text), canonical);
    }
}

#[test]
fn a_problem_points_at_its_characters_and_says_what_would_do() {
    let (place, message) = problem("eu regoin:eu-*");
    assert_eq!(place, "regoin:");
    assert!(message.contains("region:"), "{message}");
    for (text, place) in [
        ("ü age:7d", "7d"),
        ("age:>7d,>x", ">x"),
        ("-cost:>ten", ">ten"),
        ("status:", "status:"),
        ("status:error,", ","),
        ("status:,error", ","),
        ("region:>eu", ">eu"),
        ("star:maybe", "maybe"),
        ("a \"open quote", "\"open quote"),
        ("a \"\" b", "\"\""),
    ] {
        assert_eq!(problem(text).0, place, "of {text}");
    }
}

#[test]
fn what_can_be_read_still_counts() {
    for (text, understood) in [
        ("regoin:eu status:error", "status:error"),
        ("age:>7d,>x", "age:>1w"),
        ("status:error,", "status:error"),
        ("\"open quote", "\"open quote\""),
        ("cost:lots", ""),
    ] {
        assert_eq!(Filter::read(text).to_string(), understood, "of {text}");
    }
}

#[test]
fn an_address_and_a_time_of_day_are_words() {
    assert_eq!(Filter::read("fd00::1 12:30").problems, []);
    assert!(fits("fd00::1"));
}

#[test]
fn completion_offers_fields_and_then_the_values_of_the_fleet_with_counts() {
    let rows = [row(), row(), unknown_row()];
    let labels = |text: &str| {
        let cursor = u32::try_from(text.chars().count()).expect("short");
        complete(text, cursor, &rows).into_iter().map(|one| (one.text, one.count)).collect::<Vec<_>>()
    };
    assert_eq!(labels("ü -st"), [("status:".into(), None), ("star:".into(), None)]);
    assert_eq!(labels("region:"), [("eu-central".into(), Some(2))]);
    assert_eq!(labels("region:us,CENT"), [("eu-central".into(), Some(2))]);
    assert_eq!(labels("name:h"), [("\"Harbour desk\"".into(), Some(2))]);
    assert_eq!(labels("status:f"), [("failed".into(), Some(2))]);
    assert_eq!(labels("tag:v"), [("vip".into(), Some(2))]);
    assert_eq!(labels("age:>7")[0], (">7d".into(), None));
    assert_eq!(labels("harbour"), []);
    assert_eq!(labels("\"st"), []);
    assert_eq!(labels("").len(), FilterField::ALL.len());
    let inside = complete("a regi b", 4, &rows);
    assert_eq!((inside[0].text.as_str(), inside[0].from, inside[0].to), ("region:", 2, 6));
}

fn pieces() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "status:",
        "region:",
        "age:",
        "cost:",
        "heartbeat:",
        "tag:",
        "star:",
        "name:",
        "nosuch:",
        "-",
        "*",
        "\"",
        "\\",
        ",",
        ">",
        ">=",
        "<",
        "7d",
        "1h",
        "90m",
        "10",
        "0.50",
        "$3",
        "yes",
        "eu-*",
        "vip",
        "ü",
        " ",
        "  ",
        ":",
        "a b",
        "\n",
        "error",
    ]);
    prop::collection::vec(prop_oneof![4 => parts.prop_map(str::to_owned), 1 => ".{0,3}"], 0..14)
        .prop_map(|parts| parts.concat())
}

fn is_same(one: &Filter, other: &Filter) -> bool {
    let bare = |filter: &Filter| {
        filter.terms.iter().map(|term| (term.negated, term.test.clone())).collect::<Vec<_>>()
    };
    bare(one) == bare(other)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_printed_is_read_as_what_it_was_printed_from(text in pieces()) {
        let read = Filter::read(&text);
        let text = read.to_string();
        let again = Filter::read(&text);
        prop_assert!(is_same(&read, &again), "{read:?} and {again:?} by {text}");
        prop_assert_eq!(&again.problems, &vec![], "of {}", text);
        prop_assert_eq!(again.to_string(), text);
    }

    #[test]
    fn any_text_is_read_and_every_place_lies_within_it(text in prop_oneof![pieces(), any::<String>()], cursor in 0u32..60) {
        let length = u32::try_from(text.chars().count()).expect("short");
        let reading = read_filter(&text);
        for problem in &reading.problems {
            prop_assert!(problem.length > 0 && problem.from + problem.length <= length, "{problem:?}");
            prop_assert!(!problem.message.is_empty());
        }
        for pair in reading.terms.windows(2) {
            prop_assert!(pair[0].to <= pair[1].from);
        }
        for term in &reading.terms {
            prop_assert!(term.from < term.to && term.to <= length);
        }
        for offer in complete(&text, cursor, &[row(), unknown_row()]) {
            prop_assert!(offer.from <= offer.to && offer.to <= length);
        }
    }

    #[test]
    fn a_term_and_its_negation_never_both_match_and_the_unknown_is_in_neither(text in pieces()) {
        let read = Filter::read(&text);
        for term in &read.terms {
            let of = |negated| Filter { terms: vec![Term { negated, ..term.clone() }], problems: vec![] };
            for row in [row(), unknown_row()] {
                let plain = Compiled::of(&of(false)).judge(&row, now());
                let negated = Compiled::of(&of(true)).judge(&row, now());
                match plain {
                    Verdict::Fits => prop_assert_eq!(negated, Verdict::Not),
                    Verdict::Not => prop_assert_eq!(negated, Verdict::Fits),
                    unknown => prop_assert_eq!(negated, unknown),
                }
            }
        }
    }

    #[test]
    fn what_completion_puts_in_is_read_without_a_problem(value in "\\PC{1,12}") {
        let mut named = row();
        named.summary.agent_name = Some(value.clone());
        let offers = complete("name:", 5, &[named]);
        prop_assert_eq!(offers.len(), 1);
        let reading = read_filter(&format!("name:{}", offers[0].text));
        prop_assert_eq!(reading.problems, vec![]);
        prop_assert_eq!(reading.terms.len(), 1);
    }
}
