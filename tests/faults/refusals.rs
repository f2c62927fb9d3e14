//! Rows 21 to 31: the platform says no, not yet, or that it failed.

use crate::bench::{Bench, KEY, code};
use chrono::{TimeDelta, Utc};
use nineheads_core::Code;
use nineheads_core::contract::InstanceId;
use nineheads_core::deploys::DeployState;
use nineheads_core::polling::PollerState;
use nineheads_core::profiles::CredentialKind;
use nineheads_tests::misbehaving::{ANYTHING, BY_KEY, CREATE, Fault, LIST};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

const CONFIG: &str = "GET /v1/instances/row-1/config";
const ONE: &str = "GET /v1/instances/row-1";
const DELETE: &str = "DELETE /v1/instances/row-1";

fn one() -> InstanceId {
    "row-1".into()
}

fn words(code: &Code) -> Value {
    serde_json::to_value(code).expect("a code is JSON")
}

#[tokio::test]
async fn row_21_a_400_or_422_keeps_the_servers_words_short() {
    let bench = Bench::new().await;
    let long = json!({ "detail": format!("<script>{}</script>", "é".repeat(9000)) });
    for status in [400, 422] {
        let code = bench_list_refusal(&bench, Fault::json(status, &long)).await;
        let message = words(&code)["message"].as_str().map(str::to_owned).expect("the server's words");
        assert!(message.len() <= 2048 && message.starts_with("<script>"), "{}", message.len());
    }
    bench.finish().await;
}

/// A refusal of the list is an answer: rows stay, and the reason is shown.
async fn bench_list_refusal(bench: &Bench, fault: Fault) -> Code {
    bench.server.set(LIST, fault);
    let failure = bench.failure().await;
    assert_eq!(bench.desk.rows().rows.len(), 8);
    bench.server.mend();
    bench.live().await;
    failure.code
}

#[tokio::test]
async fn row_21_a_422_of_a_create_lands_on_its_field_and_leaves_nothing_behind() {
    let bench = Bench::for_creates().await;
    let body = json!({ "detail": [{ "loc": ["body", "tier_id"], "msg": "x".repeat(9000), "type": "uuid_parsing" }] });
    let Code::Invalid { fields, .. } = bench.is_rejected(Fault::json(422, &body)).await else {
        panic!("invalid")
    };
    assert_eq!(fields[0].field(), Some("tier_id"));
    assert!(fields[0].msg.len() <= 2048);
    let code = bench.is_rejected(Fault::json(400, &json!({ "detail": "no such region" }))).await;
    assert_eq!(code, Code::Invalid { message: Some("no such region".into()), fields: vec![] });
    bench.finish().await;
}

#[tokio::test]
async fn row_22_a_401_stops_all_polling_and_asks_for_a_key() {
    let bench = Bench::new().await;
    bench.desk.console.watch_instance(&one()).expect("open");
    bench.desk.console.watch_logs(&one()).await.expect("open");
    bench.server.set(ANYTHING, Fault::status(401, ""));
    bench.desk.when(|console| console.session_view().needs_credential.then_some(())).await;
    assert_eq!(bench.desk.console.poller().state, PollerState::Refused);
    let after = bench.server.count(ANYTHING);
    let _ = tokio::time::timeout(Duration::from_millis(700), bench.desk.when(|_| None::<()>)).await;
    assert!(bench.server.count(ANYTHING) <= after + 1, "at most what was on its way");
    assert_eq!(bench.desk.rows().rows.len(), 8, "browsing goes on");
    bench.finish().await;
}

#[tokio::test]
async fn row_22_a_create_refused_with_401_waits_for_a_working_key_and_sends_the_same_bytes() {
    let bench = Bench::for_creates().await;
    bench.server.set(CREATE, Fault::status(401, ""));
    let deploy = bench.deploy("Patient").await.expect("written down");
    assert_eq!(deploy.state, DeployState::Intent);
    assert!(bench.desk.console.session_view().needs_credential);
    bench.server.mend();
    let profile = bench.desk.console.session_view().profile.expect("open").id;
    let new_key = KEY.replace("0123", "4567");
    bench.desk.console.renew_credential(&profile, CredentialKind::ApiKey, &new_key).await.expect("renewed");
    bench.deploy_when(&deploy, DeployState::Ready).await;
    let sent = bench.server.asked(CREATE);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].body, sent[1].body);
    assert_eq!(sent[1].header("x-api-key"), Some(new_key.as_str()));
    assert_eq!(bench.server.created(), 1);
    bench.finish().await;
}

#[tokio::test]
async fn row_23_a_403_makes_that_feature_alone_unavailable() {
    let bench = Bench::new().await;
    bench.server.set(CONFIG, Fault::status(403, ""));
    assert!(matches!(code(bench.desk.console.open_config(&one()).await), Code::NotAllowed { .. }));
    let denied: Vec<_> =
        bench.desk.console.session_view().denied.into_iter().map(|denied| denied.operation).collect();
    assert_eq!(denied, ["get_config"]);
    assert_eq!(bench.server.count(CONFIG), 1, "a refusal is not asked for again");
    bench.live().await;
    bench.finish().await;
}

#[tokio::test]
async fn row_23_a_create_refused_with_403_is_rejected() {
    let bench = Bench::for_creates().await;
    let code = bench.is_rejected(Fault::status(403, "")).await;
    assert!(matches!(code, Code::NotAllowed { scope: Some(scope), .. } if scope == "instances:write"));
    bench.finish().await;
}

#[tokio::test]
async fn row_24_an_item_is_gone_after_two_confirmations_and_a_list_that_is_not_there_is_a_wrong_address() {
    let bench = Bench::new().await;
    bench.desk.console.watch_instance(&one()).expect("open");
    bench.desk.when(|console| console.instance(&one()).ok()?.detail).await;
    bench.desk.console.unwatch_instance(&one());
    let missing = Fault::json(404, &json!({ "detail": "Instance not found" }));
    bench.server.set_times(ONE, missing.clone(), 1);
    let view = bench.desk.console.refresh_instance(&one()).await.expect("open");
    assert!(!view.gone, "one 404 is no proof");
    bench.server.set(ONE, missing);
    let before = bench.server.count(ONE);
    let view = bench.desk.console.refresh_instance(&one()).await.expect("open");
    assert!(view.gone);
    assert_eq!(bench.server.count(ONE), before + 2);
    for fault in [Fault::html(404), Fault::json(404, &json!({ "detail": "Not Found" }))] {
        assert_eq!(bench.spoil_list(fault).await, Code::NotOurApi { redirect: None });
    }
    bench.finish().await;
}

#[tokio::test]
async fn row_24_a_key_that_was_never_seen_is_absent_after_three_minutes_and_the_same_bytes_go_out_again() {
    for not_there in [None, Some(Fault::json(404, &json!({ "detail": "Not Found" })))] {
        let bench = Bench::for_creates().await;
        bench.server.set_times(CREATE, Fault::reset(), 1);
        if let Some(fault) = not_there {
            bench.server.set(BY_KEY, fault);
        }
        let deploy = bench.deploy("Lost").await.expect("written down");
        assert_eq!(deploy.state, DeployState::Unknown);
        bench.let_time_pass(TimeDelta::seconds(170));
        let looks = bench.server.count(BY_KEY);
        bench.desk.when(|_| (bench.server.count(BY_KEY) > looks + 2).then_some(())).await;
        assert_eq!(bench.server.count(CREATE), 1, "not before the window has passed");
        bench.let_time_pass(TimeDelta::seconds(11));
        bench.desk.when(|_| (bench.server.count(CREATE) == 2).then_some(())).await;
        bench.server.mend();
        bench.deploy_when(&deploy, DeployState::Ready).await;
        let sent = bench.server.asked(CREATE);
        assert_eq!(sent[0].body, sent[1].body, "the same key and the same bytes");
        assert_eq!(bench.server.created(), 1);
        bench.finish().await;
    }
}

#[tokio::test]
async fn row_25_a_409_is_told_and_everything_is_looked_at_anew() {
    let bench = Bench::new_settled().await;
    bench.server.set(DELETE, Fault::json(409, &json!({ "detail": "is being deployed" })));
    let lists = bench.server.count(LIST);
    let refused = code(bench.desk.console.delete_instance(&one()).await);
    assert_eq!(refused, Code::Conflict { message: Some("is being deployed".into()) });
    assert_eq!(bench.server.count(DELETE), 1);
    bench.desk.when(|_| (bench.server.count(LIST) > lists).then_some(())).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_25_a_create_answered_with_409_is_asked_after() {
    let bench = Bench::for_creates().await;
    bench.is_unknown(Fault::json(409, &json!({ "detail": "in progress" }))).await;
    bench.finish().await;
}

/// How long the profile is asked to wait, as the status line says.
async fn told_to_wait(bench: &Bench, headers: &str) -> TimeDelta {
    bench.server.set(LIST, Fault::status(429, headers));
    let until = bench
        .desk
        .when(|console| match console.poller().state {
            PollerState::Waiting { until } => Some(until),
            _ => None,
        })
        .await;
    until - Utc::now()
}

#[tokio::test]
async fn row_26_a_429_makes_the_whole_profile_wait_as_long_as_it_says() {
    let bench = Bench::new().await;
    bench.desk.console.watch_instance(&one()).expect("open");
    bench.desk.console.watch_logs(&"row-2".into()).await.expect("open");
    let wait = told_to_wait(&bench, "Retry-After: 7\r\n").await;
    assert!((6..=8).contains(&wait.num_seconds()), "{wait}");
    let _ = tokio::time::timeout(Duration::from_millis(300), bench.desk.when(|_| None::<()>)).await;
    let settled = bench.server.count(ANYTHING);
    let _ = tokio::time::timeout(Duration::from_millis(1500), bench.desk.when(|_| None::<()>)).await;
    assert_eq!(bench.server.count(ANYTHING), settled, "nobody of this profile asks anything");
    assert_eq!(bench.desk.rows().rows.len(), 8);
    bench.finish().await;
}

#[tokio::test]
async fn row_26_a_create_answered_with_429_waits_and_sends_the_same_key() {
    let bench = Bench::for_creates().await;
    bench.server.set_times(CREATE, Fault::status(429, "Retry-After: 2\r\n"), 1);
    let started = Instant::now();
    let deploy = bench.deploy("Patient").await.expect("written down");
    assert_eq!(deploy.state, DeployState::Intent);
    bench.deploy_when(&deploy, DeployState::Ready).await;
    assert!(started.elapsed() >= Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(bench.server.keys(), [deploy.key.as_str(), deploy.key.as_str()]);
    assert_eq!(bench.server.created(), 1);
    bench.finish().await;
}

fn date_in(seconds: i64) -> String {
    (Utc::now() + TimeDelta::seconds(seconds)).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[tokio::test]
async fn row_27_a_date_in_the_future_is_honoured_one_in_the_past_is_now_and_garbage_is_a_pause() {
    for (value, least, most) in [
        (date_in(60), 57, 60),
        (date_in(-60), -2, 2),
        ("999999999".to_owned(), 3590, 3600),
        ("soon".to_owned(), 3, 60),
        ("-5".to_owned(), 3, 60),
        ("1e9".to_owned(), 3, 60),
        (String::new(), 3, 60),
    ] {
        let bench = Bench::new().await;
        let wait = told_to_wait(&bench, &format!("Retry-After: {value}\r\n")).await.num_seconds();
        assert!((least..=most).contains(&wait), "{value:?}: {wait} s");
        bench.finish().await;
    }
}

#[tokio::test]
async fn row_27_a_create_told_a_date_in_the_past_sends_the_same_key_at_once() {
    let bench = Bench::for_creates().await;
    let past = format!("Retry-After: {}\r\n", date_in(-60));
    bench.server.set_times(CREATE, Fault::status(429, &past), 2);
    let deploy = bench.deploy("Past").await.expect("written down");
    bench.deploy_when(&deploy, DeployState::Ready).await;
    let keys = bench.server.keys();
    assert!(keys.len() == 3 && keys.iter().all(|key| *key == deploy.key.as_str()), "{keys:?}");
    bench.finish().await;
}

#[tokio::test]
async fn row_28_where_everything_answers_429_one_probe_goes_out_for_each_wait() {
    let bench = Bench::new().await;
    for row in ["row-1", "row-2", "row-3"] {
        bench.desk.console.watch_instance(&row.into()).expect("open");
        bench.desk.console.watch_logs(&row.into()).await.expect("open");
    }
    bench.server.set(ANYTHING, Fault::status(429, "Retry-After: 1\r\n"));
    bench.failure().await;
    let _ = tokio::time::timeout(Duration::from_millis(500), bench.desk.when(|_| None::<()>)).await;
    let before = bench.server.count(ANYTHING);
    let _ = tokio::time::timeout(Duration::from_millis(5000), bench.desk.when(|_| None::<()>)).await;
    let probes = bench.server.count(ANYTHING) - before;
    assert!((2..=6).contains(&probes), "{probes} requests in five waits");
    bench.server.mend();
    bench.live().await;
    bench.finish().await;
}

#[tokio::test]
async fn row_29_a_500_is_asked_for_twice_more_and_a_delete_is_not_repeated() {
    let bench = Bench::new().await;
    let broken = Fault::json(500, &json!({ "detail": "database is locked" }));
    bench.server.set(CONFIG, broken.clone());
    let refused = code(bench.desk.console.open_config(&one()).await);
    assert_eq!(refused, Code::ServerFailed { status: 500, message: Some("database is locked".into()) });
    assert_eq!(bench.server.count(CONFIG), 3);
    bench.server.set(DELETE, broken.clone());
    assert!(matches!(
        code(bench.desk.console.delete_instance(&one()).await),
        Code::ServerFailed { status: 500, .. }
    ));
    assert_eq!(bench.server.count(DELETE), 1, "the person repeats");
    assert_eq!(bench.desk.rows().facts.total, 8, "it may be there still");
    assert!(matches!(bench.spoil_list(broken).await, Code::ServerFailed { status: 500, .. }));
    bench.finish().await;
}

#[tokio::test]
async fn row_29_a_create_answered_with_500_is_unknown() {
    let bench = Bench::for_creates().await;
    bench.is_unknown(Fault::json(500, &json!({ "detail": "database is locked" }))).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_30_a_gateways_web_page_is_a_plain_sentence() {
    let bench = Bench::new().await;
    for status in [502, 504] {
        let code = bench.spoil_list(Fault::html(status)).await;
        assert_eq!(code, Code::ServerFailed { status, message: None }, "no word of the page");
    }
    bench.finish().await;
}

#[tokio::test]
async fn row_30_a_create_answered_by_a_gateway_is_unknown() {
    for status in [502, 504] {
        let bench = Bench::for_creates().await;
        bench.is_unknown(Fault::html(status)).await;
        bench.finish().await;
    }
}

#[tokio::test]
async fn row_31_a_503_that_names_a_time_is_obeyed_and_another_is_backed_off_from() {
    let bench = Bench::new().await;
    assert_eq!(
        bench.spoil_list(Fault::status(503, "")).await,
        Code::ServerFailed { status: 503, message: Some("no".into()) }
    );
    bench.server.set(LIST, Fault::status(503, "Retry-After: 9\r\n"));
    let until = bench
        .desk
        .when(|console| match console.poller().state {
            PollerState::Waiting { until } => Some(until),
            _ => None,
        })
        .await;
    assert!((until - Utc::now()).num_seconds() >= 7);
    bench.finish().await;
}

#[tokio::test]
async fn row_31_a_create_answered_with_503_goes_out_again_where_a_time_was_named_and_is_unknown_else() {
    let bench = Bench::for_creates().await;
    bench.server.set_times(CREATE, Fault::status(503, "Retry-After: 1\r\n"), 1);
    let deploy = bench.deploy("Later").await.expect("written down");
    assert_eq!(deploy.state, DeployState::Intent);
    bench.deploy_when(&deploy, DeployState::Ready).await;
    assert_eq!(bench.server.keys(), [deploy.key.as_str(), deploy.key.as_str()]);
    bench.is_unknown(Fault::status(503, "")).await;
    bench.finish().await;
}
