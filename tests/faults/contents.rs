//! Rows 32 to 38: JSON that is not what was agreed, too much of it, too little, or in the wrong order.

use crate::bench::{Bench, KEY, ROWS};
use crate::process::run_alone;
use nineheads_core::contract::InstanceId;
use nineheads_core::deploys::DeployState;
use nineheads_core::profiles::CredentialKind;
use nineheads_core::{Code, Event};
use nineheads_tests::misbehaving::{CREATE, Fault, LIST, Misbehaving};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// Rows that are odd, among three that are not: those are shown.
async fn shows(rows: &str, shown: &[&str], skipped: u32) {
    let bench = Bench::new().await;
    let body = format!(
        r#"{{"instances":[{{"id":"first","status":"running"}},{rows},{{"id":"last"}},{{"id":"end"}},{{"id":"more"}},{{"id":"most"}}]}}"#
    );
    bench.server.set(LIST, Fault::text(200, &body));
    let started = Instant::now();
    let seen = bench.desk.rows_when(|rows| rows.rows.iter().any(|row| row.id.as_str() == "last")).await;
    assert!(started.elapsed() < Duration::from_secs(5), "decoding took {:?}", started.elapsed());
    let mut ids: Vec<_> = seen.rows.iter().map(|row| row.id.as_str()).collect();
    ids.retain(|id| !["last", "end", "more", "most"].contains(id));
    ids.sort_unstable();
    let mut shown = shown.to_vec();
    shown.sort_unstable();
    assert_eq!(ids, shown, "{rows}");
    assert_eq!(seen.facts.skipped, skipped, "{rows}");
    bench.finish().await;
}

#[tokio::test]
async fn row_32_null_in_a_row_costs_that_value_and_no_other_row() {
    let nulls = r#"{"id":"nulls","agent_name":null,"status":null,"created_at":null,"hostname":null},null"#;
    shows(nulls, &["first", "nulls"], 1).await;
    let bench = Bench::new().await;
    bench.server.set(
        "GET /v1/instances/row-1",
        Fault::text(200, r#"{"id":"row-1","capabilities":null,"callback_seq":null}"#),
    );
    bench.server.set(
        "GET /v1/instances/row-1/runtime",
        Fault::text(200, r#"{"instance_id":"row-1","skills_loaded":null,"provision_logs":null}"#),
    );
    bench.server.set(
        "GET /v1/instances/row-1/logs",
        Fault::text(200, r#"{"instance_id":"row-1","logs":null,"total":null}"#),
    );
    let id: InstanceId = "row-1".into();
    let view = bench.desk.console.refresh_instance(&id).await.expect("open");
    assert!(view.detail.is_some() && view.failure.is_none(), "{:?}", view.failure);
    bench.desk.console.watch_logs(&id).await.expect("open");
    bench.finish().await;
}

#[tokio::test]
async fn row_32_a_create_answered_with_nulls_is_unknown() {
    let bench = Bench::for_creates().await;
    let nulls = json!({ "task_id": null, "instance_id": null, "idempotency_key": null, "message": null });
    bench.is_unknown(Fault::json(200, &nulls)).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_33_an_unknown_status_is_shown_as_it_is() {
    let bench = Bench::new().await;
    bench.server.change(|api| api.rows[1]["status"] = json!("hibernating"));
    let rows = bench.desk.rows_when(|rows| rows.facts.counts.unknown == 1).await;
    let row = rows.rows.iter().find(|row| row.id.as_str() == "row-1").expect("shown");
    assert_eq!(row.status.as_ref().map(ToString::to_string).as_deref(), Some("hibernating"));
    bench.finish().await;
}

#[tokio::test]
async fn row_33_a_deploy_of_an_unknown_status_goes_on() {
    let bench = Bench::for_creates().await;
    let odd = json!({ "found": true, "instance_id": "made-0", "status": "hibernating" });
    bench.server.set("GET /v1/instances/by-key/*", Fault::json(200, &odd));
    let deploy = bench.deploy("Odd").await.expect("accepted");
    let known = |console: &nineheads_core::Console| console.deploy(&deploy.key).ok();
    let seen = bench.desk.when(|console| known(console).filter(|deploy| deploy.status.is_some())).await;
    assert_eq!(
        (seen.state, seen.status.map(|status| status.0)),
        (DeployState::Accepted, Some("hibernating".into()))
    );
    bench.finish().await;
}

#[tokio::test]
async fn row_34_more_fields_are_kept_away_missing_ones_default_and_a_row_without_id_is_counted() {
    let rows = r#"{"id":"extra","new_field":{"deep":[1,2]},"status":"running"},{"status":"running"},{"id":""},{"id":null}"#;
    shows(rows, &["first", "extra"], 3).await;
}

#[tokio::test]
async fn row_35_nonsense_costs_its_row_and_not_the_list() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (row, shown) in [
        (r#"{"id":"types","agent_name":{"x":[1]},"created_at":"yesterday","status":7}"#.to_owned(), true),
        (r#"{"id":"large","ip_address":1e400}"#.to_owned(), false),
        (r#"{"id":"overflow","hostname":99999999999999999999999}"#.to_owned(), true),
        (r#"{"id":"twice","id":"again"}"#.to_owned(), false),
        (r#"{"id":"surrogate","hostname":"\ud800"}"#.to_owned(), false),
        (format!(r#"{{"id":"deep","new":{deep}}}"#), true),
    ] {
        let id = row.split('"').nth(3).expect("an id").to_owned();
        let expected: Vec<&str> = if shown { vec!["first", &id] } else { vec!["first"] };
        shows(&row, &expected, u32::from(!shown)).await;
    }
    let bench = Bench::new().await;
    for body in [
        format!(r#"{{"instances":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000)),
        "[".repeat(1_000_000),
        r#"{"instances":[{"id":"a"}],"instances":[]}"#.to_owned(),
        r#"{"instances":[{"id":"a"}"#.to_owned(),
        "\u{feff}\u{feff}{}".to_owned(),
        "NaN".to_owned(),
    ] {
        let code = bench.spoil_list(Fault::text(200, &body)).await;
        assert_eq!(code, Code::Unreadable, "{}", &body[..body.len().min(60)]);
    }
    bench.server.set(LIST, Fault::text(200, "\u{feff}{\"instances\":[{\"id\":\"bom\"},{\"id\":\"2\"},{\"id\":\"3\"},{\"id\":\"4\"},{\"id\":\"5\"}]}"));
    bench.desk.rows_when(|rows| rows.facts.total == 5).await;
    bench.finish().await;
}

#[test]
fn row_36_ten_megabytes_are_fine_a_hundred_and_a_bomb_are_refused_within_150_megabytes() {
    run_alone("contents::inner_36_sizes", |_| {});
}

/// The most memory that this process ever had, in megabytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("it is told");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<usize>().ok()).expect("a number") / 1024
}

#[tokio::test]
#[ignore = "run by row_36"]
async fn inner_36_sizes() {
    let bench = Bench::new().await;
    let before = peak();
    for fault in [Fault::megabytes(100), Fault::gzip_bomb(100)] {
        assert_eq!(bench.spoil_list(fault).await, Code::Offline);
    }
    let grown = peak() - before;
    assert!(grown <= 150, "it took {grown} MB more");
    let name = "x".repeat(1000);
    let rows: Vec<_> = (0..10_500).map(|n| json!({ "id": format!("big-{n}"), "agent_name": name })).collect();
    let body = json!({ "instances": rows }).to_string();
    assert!(body.len() > 10 << 20);
    bench.server.set(LIST, Fault::text(200, &body));
    bench.desk.rows_when(|rows| rows.facts.total == 10_500).await;
    let grown = peak() - before;
    // The test's own copies of the body are among them.
    assert!(grown <= 150 + 3 * (body.len() >> 20), "it took {grown} MB more");
    bench.finish().await;
}

#[tokio::test]
async fn row_36_a_create_answered_with_more_than_a_megabyte_is_unknown() {
    for fault in [Fault::megabytes(2), Fault::gzip_bomb(2)] {
        let bench = Bench::for_creates().await;
        bench.is_unknown(fault).await;
        bench.finish().await;
    }
}

#[tokio::test]
async fn row_37_a_list_that_shrinks_at_once_is_held_until_a_second_fetch_says_the_same() {
    for left in [0, 4, 1] {
        let bench = Bench::new().await;
        let rows: Vec<_> = bench.server.change(|api| api.rows.iter().take(left).cloned().collect());
        let short = Fault::json(200, &json!({ "instances": rows }));
        // Once: a hiccup. It is never shown.
        let before = bench.server.count(LIST);
        let (_, events) = bench
            .desk
            .events_during(async {
                bench.server.set_times(LIST, short.clone(), 1);
                bench.desk.when(|_| (bench.server.count(LIST) > before + 4).then_some(())).await;
            })
            .await;
        let shrunk =
            events.iter().any(|event| matches!(event, Event::FleetChanged { facts, .. } if facts.total < 8));
        assert!(!shrunk, "a hiccup of {left} rows was shown");
        let doubted: Vec<u32> = events.iter().filter_map(doubted).collect();
        assert!(doubted.contains(&(ROWS - left as u32)), "it is said what is being checked: {doubted:?}");
        assert_eq!(bench.desk.rows().facts.doubted, 0, "and no longer than that");
        // Twice: the truth.
        bench.server.set(LIST, short);
        let rows = bench.desk.rows_when(|rows| rows.facts.total as usize == left).await;
        assert_eq!(rows.facts.doubted, 0);
        bench.finish().await;
    }
}

/// How many rows an announcement says are being checked.
fn doubted(event: &Event) -> Option<u32> {
    match event {
        Event::FleetChanged { facts, .. } => Some(facts.doubted),
        _ => None,
    }
}

#[tokio::test]
async fn row_37_a_small_fleet_that_is_empty_at_once_is_held_too() {
    let bench = Bench::new().await;
    bench.server.change(|api| api.rows.truncate(2));
    bench.desk.rows_when(|rows| rows.facts.total == 2).await;
    let before = bench.server.count(LIST);
    let (_, events) = bench
        .desk
        .events_during(async {
            bench.server.set_times(LIST, Fault::json(200, &json!({ "instances": [] })), 1);
            bench.desk.when(|_| (bench.server.count(LIST) > before + 4).then_some(())).await;
        })
        .await;
    let emptied =
        events.iter().any(|event| matches!(event, Event::FleetChanged { facts, .. } if facts.total == 0));
    assert!(!emptied, "an empty fleet was shown for a moment");
    bench.server.change(|api| api.rows.clear());
    bench.desk.rows_when(|rows| rows.facts.total == 0).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_38_an_answer_that_comes_late_does_not_undo_a_newer_one() {
    let bench = Bench::new_settled().await;
    let id: InstanceId = "row-1".into();
    let console = bench.desk.console.clone();
    let one = "GET /v1/instances/row-1";
    let old = json!({ "id": "row-1", "status": "provisioning" });
    bench.server.set_times(one, Fault::json(200, &old).after(Duration::from_millis(400)), 1);
    let late = tokio::spawn({
        let (console, id) = (console.clone(), id.clone());
        async move { console.refresh_instance(&id).await }
    });
    bench.desk.when(|_| (bench.server.count(one) == 1).then_some(())).await;
    let status = |view: nineheads_core::instances::InstanceView| {
        view.detail.and_then(|detail| detail.value.status).map(|status| status.0)
    };
    let newer = console.refresh_instance(&id).await.expect("open");
    assert_eq!(status(newer).as_deref(), Some("running"));
    late.await.expect("it ends").expect("open");
    assert_eq!(status(console.instance(&id).expect("open")).as_deref(), Some("running"));
    bench.finish().await;
}

#[tokio::test]
async fn row_38_of_one_list_one_request_is_on_its_way_at_a_time() {
    let bench = Bench::new().await;
    bench.server.set(LIST, Fault::text(200, r#"{"instances":[]}"#).after(Duration::from_millis(300)));
    let before = bench.server.count(LIST);
    bench.desk.when(|_| (bench.server.count(LIST) > before).then_some(())).await;
    for _ in 0..50 {
        bench.desk.console.refresh_fleet().expect("open");
    }
    assert!(bench.server.count(LIST) <= before + 1, "equal questions are shared");
    bench.server.mend();
    bench.live().await;
    bench.finish().await;
}

#[tokio::test]
async fn row_46_a_reply_that_comes_after_a_profile_switch_is_dropped() {
    let (bench, other) = (Bench::new().await, Misbehaving::start(3).await);
    let late = json!({ "instances": [{ "id": "late", "agent_name": "Another tenant's" }] });
    let before = bench.server.count(LIST);
    bench.server.set(LIST, Fault::json(200, &late).after(Duration::from_millis(400)));
    bench.desk.when(|_| (bench.server.count(LIST) > before).then_some(())).await;
    let console = &bench.desk.console;
    console.connect_platform(&other.url(), "Other", CredentialKind::ApiKey, KEY).await.expect("connects");
    bench.desk.rows_when(|rows| rows.facts.total == 3).await;
    let (_, events) = bench
        .desk
        .events_during(async {
            let _ = tokio::time::timeout(Duration::from_millis(700), bench.desk.when(|_| None::<()>)).await;
        })
        .await;
    assert!(!serde_json::to_string(&events).expect("JSON").contains("Another tenant"));
    assert_eq!(bench.desk.rows().facts.total, 3);
    assert_eq!(bench.server.count(CREATE), 0);
    bench.finish().await;
}
