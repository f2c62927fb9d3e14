//! What did not change: validators are sent back, the same bytes are neither told nor kept once more, and what was only
//! confirmed gets younger. A validator goes out for what is held, and never under another profile.

use crate::bench::{Bench, KEY, ROWS, order};
use nineheads_core::contract::InstanceId;
use nineheads_core::deploys::DeployState;
use nineheads_core::fleet::FleetWindow;
use nineheads_core::instances::InstanceView;
use nineheads_core::logs::LogQuery;
use nineheads_core::profiles::CredentialKind;
use nineheads_core::{Code, Console, Event};
use nineheads_tests::misbehaving::{ANYTHING, Asked, BY_KEY, Fault, LIST, Misbehaving};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

const ONE: &str = "GET /v1/instances/row-1";
const RUNTIME: &str = "GET /v1/instances/row-1/runtime";
const LOGS: &str = "GET /v1/instances/row-1/logs";
const LAST_WEEK: &str = "Tue, 24 Nov 2026 12:00:00 GMT";

fn id() -> InstanceId {
    "row-1".into()
}

/// A good answer with these validators, each with its line end.
fn answer(validators: &str, body: &Value) -> Fault {
    Fault::answer(200, &format!("Content-Type: application/json\r\n{validators}"), body.to_string())
}

fn tagged(tag: &str, body: &Value) -> Fault {
    answer(&format!("ETag: \"{tag}\"\r\n"), body)
}

fn not_modified() -> Fault {
    Fault::raw("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")
}

fn rows(name: &str) -> Value {
    let row = |n| json!({ "id": format!("row-{n}"), "agent_name": name, "status": "running" });
    json!({ "instances": (0..ROWS).map(row).collect::<Vec<_>>() })
}

fn detail(name: &str) -> Value {
    json!({ "id": "row-1", "agent_name": name, "status": "running" })
}

/// What the newest request for something was asked under: `If-None-Match`, `If-Modified-Since`.
fn conditions(asked: &Asked) -> (Option<&str>, Option<&str>) {
    (asked.header("if-none-match"), asked.header("if-modified-since"))
}

/// Waits for a request that was sent under exactly these conditions.
async fn is_asked_under(bench: &Bench, what: &str, tag: Option<&str>, since: Option<&str>) {
    let newest = || bench.server.asked(what).pop();
    bench.desk.when(|_| newest().filter(|asked| conditions(asked) == (tag, since))).await;
}

/// Waits until each of these was asked for so many times more.
async fn asked_again(bench: &Bench, times: usize, whats: &[&str]) {
    let before: Vec<_> = whats.iter().map(|what| bench.server.count(what)).collect();
    let done = || whats.iter().zip(&before).all(|(what, before)| bench.server.count(what) >= before + times);
    bench.desk.when(|_| done().then_some(())).await;
}

fn name_of(rows: &FleetWindow) -> Option<&str> {
    rows.rows.first()?.agent_name.as_deref()
}

fn seen(bench: &Bench) -> InstanceView {
    bench.desk.console.instance(&id()).expect("open")
}

async fn detail_when(bench: &Bench, name: &str) {
    let named = |view: InstanceView| {
        let detail = view.detail.filter(|detail| detail.value.agent_name.as_deref() == Some(name));
        detail.filter(|_| view.failure.is_none()).map(drop)
    };
    bench.desk.when(|_| named(seen(bench))).await;
}

#[tokio::test]
async fn each_validator_that_was_given_is_sent_back() {
    let (tag, date) = (Some("\"one\""), Some(LAST_WEEK));
    let etag = "ETag: \"one\"\r\n";
    let last_modified = format!("Last-Modified: {LAST_WEEK}\r\n");
    let bench = Bench::new().await;
    bench.desk.console.watch_instance(&id()).expect("open");
    bench.desk.console.watch_logs(&id()).await.expect("open");
    let runtime = json!({ "instance_id": "row-1", "status": "running" });
    let logs = json!({ "instance_id": "row-1", "logs": [], "total": 0 });
    let all = [(LIST, rows("Same")), (ONE, detail("Same")), (RUNTIME, runtime), (LOGS, logs)];
    for (what, body) in all {
        bench.server.set(what, answer(&last_modified, &body));
        is_asked_under(&bench, what, None, date).await;
        bench.server.set(what, answer(&format!("{etag}{last_modified}"), &body));
        is_asked_under(&bench, what, tag, date).await;
        bench.server.set(what, answer(etag, &body));
        is_asked_under(&bench, what, tag, None).await;
        bench.server.set(what, answer("", &body));
        is_asked_under(&bench, what, None, None).await;
    }
    bench.finish().await;
}

#[tokio::test]
async fn a_date_that_may_hide_a_change_of_the_same_second_is_not_sent_back() {
    let bench = Bench::new().await;
    let same_second = format!("Date: {LAST_WEEK}\r\nLast-Modified: {LAST_WEEK}\r\n");
    bench.server.set(LIST, answer(&same_second, &rows("First")));
    bench.desk.rows_when(|rows| name_of(rows) == Some("First")).await;
    asked_again(&bench, 3, &[LIST]).await;
    assert_eq!(conditions(&bench.server.asked(LIST).pop().expect("asked")), (None, None));
    bench.finish().await;
}

#[tokio::test]
async fn the_same_bytes_again_are_not_told_and_not_kept_and_their_age_moves_on() {
    for validators in ["", "ETag: \"one\"\r\n"] {
        let bench = Bench::new().await;
        let all = [LIST, ONE, RUNTIME, LOGS];
        if !validators.is_empty() {
            bench.server.set(ONE, answer(validators, &detail("Same")));
            bench.server.set(LIST, answer(validators, &rows("Same")));
        }
        bench.desk.console.watch_instance(&id()).expect("open");
        bench.desk.console.watch_logs(&id()).await.expect("open");
        asked_again(&bench, 3, &all).await;
        if !validators.is_empty() {
            bench.server.set(ONE, not_modified());
            bench.server.set(LIST, not_modified());
        }
        let (before, kept) = (ages(&bench).await, kept(bench.desk.folder()));
        let ((), events) = bench.desk.events_during(asked_again(&bench, 4, &all)).await;
        for event in &events {
            match event {
                Event::InstanceSeen { id: seen, with_runtime, .. } => {
                    assert_eq!((seen, *with_runtime), (&id(), true));
                }
                Event::PollerChanged { .. } => {}
                other => panic!("nothing changed, and this was told: {other:?}"),
            }
        }
        let told = events.iter().filter(|event| matches!(event, Event::InstanceSeen { .. })).count();
        assert!(told >= 3, "its age was told: {events:?}");
        let after = ages(&bench).await;
        assert!(before.iter().zip(&after).all(|(before, after)| before < after), "{before:?} {after:?}");
        assert_eq!(kept, self::kept(bench.desk.folder()), "nothing was written");
        bench.finish().await;
    }
}

/// When the list, the detail, the agent's report and the log were seen.
async fn ages(bench: &Bench) -> Vec<chrono::DateTime<chrono::Utc>> {
    let view = seen(bench);
    let log = bench.desk.console.show_logs(&id(), &LogQuery::default(), 0, 10).await.expect("open");
    let ages = [
        bench.desk.rows().facts.seen_at,
        view.detail.map(|detail| detail.seen_at),
        view.runtime.map(|runtime| runtime.seen_at),
        log.seen_at,
    ];
    ages.into_iter().map(|at| at.expect("it was seen")).collect()
}

/// The files of the cache, byte for byte.
fn kept(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry"));
    let named = files.map(|file| (file.file_name().to_string_lossy().into_owned(), file.path()));
    // The third file is the database's own map of the second.
    let cache = named.filter(|(name, _)| name.starts_with("cache-") && !name.ends_with("-shm"));
    cache.map(|(name, path)| (name, std::fs::read(path).expect("readable"))).collect()
}

#[tokio::test]
async fn a_body_that_changed_is_taken_whatever_its_validators_say() {
    let bench = Bench::new().await;
    bench.desk.console.watch_instance(&id()).expect("open");
    for name in ["First", "Second", "Third"] {
        // A server whose validators say that nothing changed, and whose answers say otherwise.
        bench.server.set(LIST, tagged("always", &rows(name)));
        bench.server.set(ONE, tagged("always", &detail(name)));
        bench.desk.rows_when(|rows| name_of(rows) == Some(name)).await;
        detail_when(&bench, name).await;
    }
    for name in ["Fourth", "Fifth"] {
        bench.server.set(LIST, answer("", &rows(name)));
        bench.server.set(ONE, answer("", &detail(name)));
        bench.desk.rows_when(|rows| name_of(rows) == Some(name)).await;
        detail_when(&bench, name).await;
    }
    bench.finish().await;
}

#[tokio::test]
async fn what_changed_in_the_list_is_told_to_whoever_looks_at_that_instance() {
    let bench = Bench::new().await;
    bench.desk.console.watch_instance(&id()).expect("open");
    asked_again(&bench, 2, &[LIST, ONE, RUNTIME]).await;
    let ((), events) = bench
        .desk
        .events_during(async {
            bench.server.set(LIST, answer("", &rows("Renamed")));
            bench.desk.rows_when(|rows| name_of(rows) == Some("Renamed")).await;
        })
        .await;
    assert!(events.contains(&Event::InstanceChanged { id: id() }), "{events:?}");
    assert_eq!(seen(&bench).summary.and_then(|row| row.agent_name).as_deref(), Some("Renamed"));
    bench.finish().await;
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_an_error_and_what_is_known_stays() {
    let bench = Bench::new().await;
    bench.desk.console.watch_instance(&id()).expect("open");
    bench.desk.console.watch_logs(&id()).await.expect("open");
    asked_again(&bench, 2, &[LIST, ONE, RUNTIME, LOGS]).await;
    let before = seen(&bench).detail.expect("seen");
    for what in [ONE, RUNTIME, LOGS] {
        bench.server.set(what, not_modified());
    }
    let refused = Code::NotOurApi { redirect: None };
    let failure = bench.desk.when(|_| seen(&bench).failure).await;
    assert_eq!(failure.code, refused);
    let detail = seen(&bench).detail.expect("it stays");
    assert_eq!(detail.value, before.value);
    loop {
        let log = bench.desk.console.show_logs(&id(), &LogQuery::default(), 0, 10).await.expect("open");
        if let Some(failure) = log.failure {
            assert_eq!((failure.code, log.total), (refused.clone(), 1), "its line stays");
            break;
        }
        asked_again(&bench, 1, &[LOGS]).await;
    }
    assert_eq!(bench.spoil_list(not_modified()).await, refused);
    bench.finish().await;
}

#[tokio::test]
async fn after_a_switch_no_validator_of_the_other_profile_goes_out() {
    let bench = Bench::new().await;
    let tag = |server: &Misbehaving, tag: &str| {
        server.set(LIST, tagged(tag, &rows("Same")));
        server.set(ONE, tagged(tag, &detail("Same")));
    };
    tag(&bench.server, "one");
    let console = &bench.desk.console;
    console.watch_instance(&id()).expect("open");
    is_asked_under(&bench, LIST, Some("\"one\""), None).await;
    is_asked_under(&bench, ONE, Some("\"one\""), None).await;
    let first = console.session_view().profile.expect("open").id;
    // The same server under another key, then another server, then the first profile again.
    let other = Misbehaving::start(ROWS as usize).await;
    let key = "hc_live_another0123456789another";
    for (server, key, new) in
        [(&bench.server, key, "two"), (&other, KEY, "three"), (&bench.server, KEY, "four")]
    {
        tag(server, new);
        let before = server.asked(ANYTHING).len();
        let opened = match new {
            "four" => console.open_profile(&first).await,
            _ => console.connect_platform(&server.url(), new, CredentialKind::ApiKey, key).await,
        };
        opened.expect("opens");
        console.watch_instance(&id()).expect("open");
        for what in [LIST, ONE] {
            let tag = format!("\"{new}\"");
            let newest = || server.asked(what).pop();
            let own = |asked: &Asked| asked.header("if-none-match") == Some(tag.as_str());
            bench.desk.when(|_| newest().filter(own)).await;
        }
        // The profile before it may look on until it is left, under its own key or at its own server.
        let own = |asked: &&Asked| asked.header("x-api-key") == Some(key);
        for asked in server.asked(ANYTHING)[before..].iter().filter(own) {
            let sent = asked.header("if-none-match").map(|tag| tag.trim_matches('"').to_owned());
            assert!(sent.is_none() || sent.as_deref() == Some(new), "{new}: {sent:?} of another profile");
        }
    }
    bench.finish().await;
}

#[tokio::test]
async fn a_validator_goes_out_only_for_what_is_still_held() {
    let bench = Bench::new_settled().await;
    let console = &bench.desk.console;
    bench.server.set(LIST, tagged("one", &rows("Same")));
    bench.server.set(ONE, tagged("one", &detail("Same")));
    let look_at_list = async || {
        let before = bench.server.count(LIST);
        console.refresh_fleet().expect("open");
        bench.desk.when(|_| (bench.server.count(LIST) > before).then_some(())).await;
    };
    let newest = |what: &str| {
        let asked = bench.server.asked(what).pop().expect("asked");
        asked.header("if-none-match").map(str::to_owned)
    };
    look_at_list().await;
    bench.desk.rows_when(|rows| name_of(rows) == Some("Same")).await;
    look_at_list().await;
    console.refresh_instance(&id()).await.expect("open");
    console.refresh_instance(&id()).await.expect("open");
    assert_eq!((newest(LIST).as_deref(), newest(ONE).as_deref()), (Some("\"one\""), Some("\"one\"")));
    // What was kept is forgotten, while an answer is on its way that confirms it.
    bench.server.set_times(ONE, not_modified().after(Duration::from_millis(300)), 1);
    let (before, lists) = (bench.server.count(ONE), bench.server.count(LIST));
    let late = tokio::spawn({
        let console = console.clone();
        async move { console.refresh_instance(&id()).await }
    });
    bench.desk.when(|_| (bench.server.count(ONE) > before).then_some(())).await;
    console.clear_cache().await.expect("it is cleared");
    let view = late.await.expect("it ends").expect("open");
    assert_eq!((view.detail, view.failure), (None, None), "what was confirmed is not there any more");
    bench.desk.when(|_| (bench.server.count(LIST) > lists).then_some(())).await;
    let view = console.refresh_instance(&id()).await.expect("open");
    assert!(view.detail.is_some());
    assert_eq!((newest(LIST), newest(ONE)), (None, None));
    bench.finish().await;
}

#[tokio::test]
async fn a_cache_that_was_cleared_is_filled_by_the_next_list_though_it_is_the_same() {
    let bench = Bench::new_settled().await;
    let before = bench.server.count(LIST);
    bench.desk.console.clear_cache().await.expect("it is cleared");
    let profile = bench.desk.console.session_view().profile.expect("open").id;
    // The second begins when the first is taken.
    let asked_twice = |console: &Console| {
        console.refresh_fleet().expect("open");
        (bench.server.count(LIST) >= before + 2).then_some(())
    };
    bench.desk.when(asked_twice).await;
    bench.server.shut().await;
    let desk = bench.desk.restart().await;
    desk.console.open_profile(&profile).await.expect("known");
    assert_eq!(desk.rows().facts.total, ROWS);
}

#[tokio::test]
async fn a_deploy_is_followed_by_what_is_new_of_it_and_one_that_is_not_found_is_asked_for_anew() {
    let bench = Bench::for_creates().await;
    let (absent, there) = (
        json!({ "found": false, "instance_id": null, "logs": [] }),
        json!({ "found": true, "instance_id": "made-0", "status": "provisioning", "bootstrap_stage": "installing", "logs": [{ "message": "begun", "seq": 1 }] }),
    );
    bench.server.set(BY_KEY, tagged("absent", &absent));
    let deploy = bench.desk.console.start_deploy(order("Orchard")).await.expect("written down");
    asked_again(&bench, 3, &[BY_KEY]).await;
    let sent = bench.server.asked(BY_KEY);
    assert!(sent.iter().all(|asked| conditions(asked) == (None, None)), "an absence is never taken as read");

    bench.server.set(BY_KEY, tagged("there", &there));
    is_asked_under(&bench, BY_KEY, Some("\"there\""), None).await;
    bench.server.set(BY_KEY, not_modified());
    asked_again(&bench, 2, &[BY_KEY]).await;
    let ((), events) = bench.desk.events_during(asked_again(&bench, 3, &[BY_KEY])).await;
    assert!(!events.iter().any(|event| matches!(event, Event::DeployChanged { .. })), "{events:?}");
    let known = bench.desk.console.deploy(&deploy.key).expect("kept");
    assert_eq!((known.state, known.log_count, known.failure), (DeployState::Accepted, 1, None));
    bench.server.mend();
    bench.deploy_when(&deploy, DeployState::Ready).await;
    bench.finish().await;
}
