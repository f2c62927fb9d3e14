//! Trouble on request reaches the client as the trouble it is.

use nineheads_contract::deploys::PollByKey;
use nineheads_contract::instances::ListInstances;
use nineheads_platform::{Fault, FaultRule, Options};
use nineheads_tests::platform::{ask, calm, get, order, request, settled, start};
use serde_json::{Value, json};

const LIST: &str = "list_instances";

#[tokio::test]
async fn statuses_pages_and_odd_bodies_come_as_they_were_ordered_and_then_all_is_well() {
    let server = start(Options { fleet: Some(2), ..calm() }).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let faults = server.faults();
    faults.add(FaultRule::new(LIST, Fault::retry_after(429, "7")).times(1));
    faults.add(FaultRule::new(LIST, Fault::CaptivePortal).times(1));
    faults.add(FaultRule::new(LIST, Fault::Empty).times(1));
    faults.add(FaultRule::new(LIST, Fault::Json(json!({ "instances": null }))).times(1));
    faults.add(FaultRule::new(LIST, Fault::body(502, "text/html", "<h1>Bad Gateway</h1>")).times(1));

    let limited = ask(&url, key, &ListInstances).await;
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"7".parse().expect("text"))
    );
    assert_eq!(limited.json::<Value>().await.expect("JSON"), json!({ "detail": "Too Many Requests" }));
    let portal = ask(&url, key, &ListInstances).await;
    assert_eq!(portal.status(), 200);
    assert!(portal.text().await.expect("text").starts_with("<!doctype html>"));
    assert_eq!(ask(&url, key, &ListInstances).await.bytes().await.expect("nothing").len(), 0);
    assert_eq!(ask(&url, key, &ListInstances).await.text().await.expect("text"), "{\"instances\":null}");
    let gateway = ask(&url, key, &ListInstances).await;
    assert_eq!(
        (gateway.status().as_u16(), &gateway.headers()["content-type"]),
        (502, &"text/html".parse().expect("text"))
    );
    assert_eq!(get(&url, key, &ListInstances).await.instances.len(), 2);
    assert_eq!(server.counts().of(LIST), 6);
}

#[tokio::test]
async fn a_create_that_is_cut_after_the_commit_was_done_all_the_same() {
    let server = start(calm()).await;
    let (url, key) = (server.url(), &server.keys().admin);
    server.faults().add(FaultRule::new("create_instance", Fault::CutAfterCommit).times(1));
    let lost = request(&url, &order("lost")).header("X-Api-Key", key).send().await;
    assert!(lost.is_err(), "no answer comes");
    assert!(settled(&url, key, "lost").await.found == Some(true));

    server.faults().add(FaultRule::new("create_instance", Fault::CutBefore).times(1));
    let lost = request(&url, &order("never")).header("X-Api-Key", key).send().await;
    assert!(lost.is_err(), "no answer comes");
    assert!(get(&url, key, &PollByKey { key: "never".into() }).await.found == Some(false));
    assert_eq!(server.counts().created, 1);
}

#[tokio::test]
async fn a_body_that_is_cut_ends_in_an_error_and_not_in_a_short_list() {
    let server = start(Options { fleet: Some(50), ..calm() }).await;
    server.faults().set([FaultRule::new("*", Fault::Cut)]);
    let answer = ask(&server.url(), &server.keys().admin, &ListInstances).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
    server.faults().clear();
    assert_eq!(get(&server.url(), &server.keys().admin, &ListInstances).await.instances.len(), 50);
}

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_when_to_come_back() {
    let server = start(Options { rate_limit: Some(3), ..calm() }).await;
    let (url, keys) = (server.url(), server.keys().clone());
    for _ in 0..3 {
        get(&url, &keys.admin, &ListInstances).await;
    }
    let limited = ask(&url, &keys.admin, &ListInstances).await;
    assert_eq!(limited.status(), 429);
    let wait: u64 = limited.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=61).contains(&wait));
    get(&url, &keys.customer, &ListInstances).await;
}
