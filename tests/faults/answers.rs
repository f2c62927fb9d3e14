//! Rows 15 to 20: answers that are no answer of the API: web pages, nothing, other successes, redirects, 304.

use crate::bench::{Bench, KEY};
use nineheads_core::Code;
use nineheads_core::deploys::DeployState;
use nineheads_tests::misbehaving::{ANYTHING, CREATE, Fault, LIST, Misbehaving};
use serde_json::json;

#[tokio::test]
async fn row_15_a_web_page_is_not_our_api_and_is_not_parsed() {
    let bench = Bench::new().await;
    assert_eq!(bench.spoil_list(Fault::html(200)).await, Code::NotOurApi { redirect: None });
    // A web page in front of good JSON is still a web page.
    let disguised = Fault::answer(200, "Content-Type: TEXT/HTML\r\n", r#"{"instances":[]}"#);
    assert_eq!(bench.spoil_list(disguised).await, Code::NotOurApi { redirect: None });
    bench.finish().await;
}

#[tokio::test]
async fn row_15_a_create_answered_with_a_web_page_is_unknown() {
    let bench = Bench::for_creates().await;
    bench.is_unknown(Fault::html(200)).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_16_nothing_and_null_are_errors_and_never_an_empty_fleet() {
    let bench = Bench::new().await;
    for body in ["", "null", "[]", "{}", r#"{"instances":null}"#, r#"{"instances":{}}"#] {
        assert_eq!(bench.spoil_list(Fault::text(200, body)).await, Code::Unreadable, "{body:?}");
    }
    bench.finish().await;
}

#[tokio::test]
async fn row_16_a_create_answered_with_nothing_or_null_is_unknown() {
    for body in ["", "null", "[]", "{}"] {
        let bench = Bench::for_creates().await;
        bench.is_unknown(Fault::text(200, body)).await;
        bench.finish().await;
    }
}

#[tokio::test]
async fn row_17_a_204_or_206_is_an_error() {
    let bench = Bench::new().await;
    let partial = Fault::answer(206, "Content-Type: application/json\r\n", r#"{"instances":[]}"#);
    for fault in [Fault::raw("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), partial] {
        assert_eq!(bench.spoil_list(fault).await, Code::Unreadable);
    }
    bench.finish().await;
}

#[tokio::test]
async fn row_17_a_create_answered_with_204_or_206_is_unknown() {
    let taken = json!({ "task_id": "task-1" }).to_string();
    let partial = Fault::answer(206, "Content-Type: application/json\r\n", taken);
    for fault in [Fault::raw("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), partial] {
        let bench = Bench::for_creates().await;
        bench.is_unknown(fault).await;
        bench.finish().await;
    }
}

#[tokio::test]
async fn row_18_a_redirect_on_the_same_host_is_not_followed_and_its_path_is_shown() {
    let bench = Bench::new().await;
    for status in [301, 302, 303, 307, 308] {
        let fault = Fault::status(status, "Location: /login?next=secret#fragment\r\n");
        let target = Code::NotOurApi { redirect: Some("/login".into()) };
        assert_eq!(bench.spoil_list(fault).await, target);
    }
    assert_eq!(bench.server.count("GET /login*"), 0);
    bench.finish().await;
}

#[tokio::test]
async fn row_18_a_create_that_is_redirected_is_not_followed() {
    for status in [301, 307, 308] {
        let bench = Bench::for_creates().await;
        bench.is_unknown(Fault::status(status, "Location: /elsewhere\r\n")).await;
        assert_eq!(bench.server.count("POST /elsewhere*") + bench.server.count("GET /elsewhere*"), 0);
        bench.finish().await;
    }
}

#[tokio::test]
async fn row_19_a_redirect_to_another_host_gives_it_not_one_byte() {
    let (bench, other) = (Bench::new().await, Misbehaving::start(0).await);
    let away = format!("Location: {}/v1/instances?x=1\r\n", other.url_of("localhost"));
    let target = Code::NotOurApi { redirect: Some("localhost/v1/instances".into()) };
    assert_eq!(bench.spoil_list(Fault::status(307, &away)).await, target);
    assert_eq!((other.connections(), other.bytes()), (0, 0));
    bench.finish().await;
}

#[tokio::test]
async fn row_19_a_create_redirected_to_another_host_gives_it_not_one_byte() {
    let other = Misbehaving::start(0).await;
    let bench = Bench::for_creates().await;
    bench.is_unknown(Fault::status(308, &format!("Location: {}/v1/instances\r\n", other.url()))).await;
    assert_eq!((other.connections(), other.bytes()), (0, 0));
    let named = bench.server.asked(ANYTHING).iter().all(|asked| asked.header("x-api-key") == Some(KEY));
    assert!(named, "the key went to its own host alone");
    bench.finish().await;
}

#[tokio::test]
async fn row_20_a_304_without_anything_cached_drops_the_validator_and_asks_again() {
    let bench = Bench::new().await;
    let tagged =
        json!({ "instances": [{ "id": "a" }, { "id": "b" }, { "id": "c" }, { "id": "d" }, { "id": "e" }] });
    let fault = Fault::answer(200, "Content-Type: application/json\r\nETag: \"one\"\r\n", tagged.to_string());
    bench.server.set(LIST, fault);
    bench.desk.rows_when(|rows| rows.facts.total == 5).await;
    bench.desk.when(|_| asks_with_a_validator(&bench.server).then_some(())).await;
    // The app starts anew: whatever it sends, the server says that nothing changed.
    let Bench { server, desk, .. } = bench;
    let profile = desk.console.session_view().profile.expect("open").id;
    let desk = desk.restart_after(forget_cache).await;
    server.mend();
    server.set_times(LIST, Fault::raw("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"), 1);
    let before = server.count(LIST);
    desk.console.open_profile(&profile).await.expect("known");
    let rows = desk.rows_when(|rows| rows.facts.total > 0).await;
    assert_eq!(rows.facts.total, 8, "never an empty fleet");
    let asked = server.asked(LIST);
    assert!(asked.len() >= before + 2, "it asked once more");
    assert_eq!(asked[before + 1].header("if-none-match"), None, "without the validator");
}

fn asks_with_a_validator(server: &Misbehaving) -> bool {
    server.asked(LIST).last().is_some_and(|asked| asked.header("if-none-match") == Some("\"one\""))
}

fn forget_cache(folder: &std::path::Path) {
    for entry in folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry")) {
        if entry.file_name().to_string_lossy().starts_with("cache-") {
            std::fs::remove_file(entry.path()).expect("it can be removed");
        }
    }
}

#[tokio::test]
async fn a_create_answered_with_a_304_is_unknown() {
    let bench = Bench::for_creates().await;
    bench.server.set_times(CREATE, Fault::raw("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"), 1);
    assert_eq!(bench.deploy("Unmodified").await.expect("written down").state, DeployState::Unknown);
    bench.finish().await;
}
