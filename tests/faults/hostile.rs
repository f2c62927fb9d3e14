//! Hostile input, as far as the core meets it: what a platform, an agent, a person or another program may send. What the
//! page makes of it is tested beside the page. The table of all of it is in `docs/security.md`.

use crate::bench::{Bench, KEY, Looks, ROWS, code, desk, nothing_leaked};
use nineheads_core::contract::InstanceId;
use nineheads_core::links::Link;
use nineheads_core::secrets::MemoryStore;
use nineheads_core::{AddressProblem, Code, Event, read_address};
use nineheads_tests::misbehaving::{ANYTHING, Fault, LIST, Misbehaving};
use serde_json::{Value, json};
use std::sync::Arc;

/// Shows a list with one odd row, and returns that row; every announcement stays small.
async fn row_of(odd: Value) -> Value {
    let bench = Bench::new().await;
    let id = odd["id"].as_str().expect("an id").to_owned();
    let (row, events) = bench
        .desk
        .events_during(async {
            bench.server.change(|api| api.rows.push(odd));
            let rows = bench.desk.rows_when(|rows| rows.facts.total == ROWS + 1).await;
            rows.rows.into_iter().find(|row| row.id.as_str() == id).expect("shown")
        })
        .await;
    for event in events {
        let size = serde_json::to_vec(&event).expect("JSON").len();
        assert!(
            size <= nineheads_core::events::EVENT_LIMIT
                || matches!(event, Event::FleetChanged { rows: None, .. })
        );
    }
    bench.finish().await;
    serde_json::to_value(row.instance).expect("JSON")
}

#[tokio::test]
async fn names_of_every_kind_are_kept_as_text() {
    for name in [
        "<img src=x onerror=alert(1)>".to_owned(),
        format!("a{}", "\u{301}".repeat(10_000)),
        "\u{202e}gnp.exe".into(),
        "zero\u{200b}width\u{feff}".into(),
        "nul\u{0}in\u{0}it".into(),
        "lines\u{2028}of\u{2029}another".into(),
        "__proto__".into(),
        "constructor".into(),
        "\u{1f469}\u{200d}\u{1f692}".into(),
        "'; drop table instances; --".into(),
    ] {
        assert_eq!(row_of(json!({ "id": "odd", "agent_name": name })).await["agent_name"], json!(name));
    }
}

#[tokio::test]
async fn a_status_of_four_kilobytes_and_odd_dates_and_numbers_cost_nothing() {
    assert_eq!(
        row_of(json!({ "id": "odd", "status": "x".repeat(4096) })).await["status"],
        json!("x".repeat(4096))
    );
    for date in [
        "9999-12-31T23:59:59Z",
        "0000-00-00T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-0001-01-01",
        "2026-02-30T00:00:00Z",
        "2016-12-31T23:59:60Z",
        "١٢٣٤",
    ] {
        row_of(json!({ "id": "odd", "created_at": date })).await;
    }
    for number in [json!(12), json!(-1), json!(1e308), json!("12"), json!(true), json!([]), json!({})] {
        row_of(json!({ "id": "odd", "hostname": number, "created_at": number, "agent_name": number })).await;
    }
}

#[tokio::test]
async fn ids_of_every_kind_stay_in_their_place_of_the_path() {
    for id in [
        "../../admin?x=",
        "..",
        ".",
        "a/b\\c",
        "%2e%2e%2f",
        "a?b#c",
        "\u{1f600}",
        "a b",
        "a\u{0}b",
        "..;/admin",
        "\u{202e}x",
    ] {
        let bench = Bench::new_settled().await;
        let before = bench.server.asked(ANYTHING).len();
        let view = bench.desk.console.refresh_instance(&InstanceId::from(id)).await.expect("open");
        assert!(view.detail.is_none());
        for asked in &bench.server.asked(ANYTHING)[before..] {
            let path = asked.what.split_once(' ').expect("a method").1;
            let rest = path.strip_prefix("/v1/instances/").unwrap_or_else(|| panic!("{id:?}: {path}"));
            let parsed = format!("{}{path}", bench.server.url());
            let segments = reqwest::Url::parse(&parsed).expect("a URL").path_segments().map(Iterator::count);
            assert!(!rest.contains('/') && !rest.is_empty() && segments == Some(3), "{id:?}: {path}");
            assert!(asked.head.lines().next().is_some_and(|line| !line.contains('?')), "{}", asked.head);
        }
        bench.finish().await;
    }
}

#[tokio::test]
async fn of_two_rows_with_one_id_the_second_is_counted_and_left_out() {
    let bench = Bench::new().await;
    bench.server.change(|api| api.rows.push(json!({ "id": "row-0", "agent_name": "An impostor" })));
    let rows = bench.desk.rows_when(|rows| rows.facts.skipped == 1).await;
    assert!(
        rows.facts.total == ROWS
            && rows.rows.iter().all(|row| row.agent_name.as_deref() != Some("An impostor"))
    );
    bench.finish().await;
}

#[test]
fn only_plain_links_leave_and_say_where_they_go() {
    for bad in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "smb://host/share",
        "vbscript:x",
        "blob:https://a.example/x",
        "http://a.example",
        "ftp://a.example",
        "https://good@evil.example",
        "https://good:pw@evil.example",
        "https://good.example\u{202e}/",
        "https://a.example/\u{200b}x",
        "https://a.example/\u{ad}",
        "https://a\u{0}.example",
        "https://a.example\r\nX: y",
        "https://",
        "https:///",
        "//a.example",
        "tauri://localhost",
        "ipc://localhost",
        "ms-msdt:/id",
        "mailto:",
        "mailto:a%0d%0abcc:b@c.example",
        "mailto:a b@c.example",
        "https://[fe80::1%25eth0]/",
        "https://a.example:99999/",
        "https://%00/",
        "https://a\u{2028}.example/",
    ] {
        assert_eq!(Link::read(bad), None, "{bad:?}");
    }
    for (good, target) in [
        ("https://docs.example/a?b=c#d", "docs.example"),
        ("https://аpple.com/", "xn--pple-43d.com"),
        ("https://ⓔxample.com/", "example.com"),
        ("HTTPS:\\\\a.example\\b", "a.example"),
        ("https://2130706433/", "127.0.0.1"),
        ("https://127.1/", "127.0.0.1"),
        ("https://localhost./", "localhost."),
        ("https://a.example./", "a.example."),
        ("mailto:desk@harbour.example?subject=x&bcc=spy@evil.example", "desk@harbour.example"),
    ] {
        assert_eq!(Link::read(good).unwrap_or_else(|| panic!("{good}")).target, target, "{good}");
    }
}

#[test]
fn base_urls_of_every_kind_are_refused_or_are_what_they_seem() {
    let problem = |text: &str| match read_address(text) {
        Err(failure) => match failure.code {
            Code::BadAddress { problem } => problem,
            other => panic!("{text}: {other:?}"),
        },
        Ok(kept) => panic!("{text} was taken as {kept}"),
    };
    for text in [
        "http://10.0.0.1",
        "http://192.168.1.1:8000",
        "http://169.254.169.254/latest",
        "http://localhost:1",
        "http://localhost.",
        "http://127.0.0.1.evil.example",
        "http://0.0.0.0",
        "http://[::]",
        "http://[fe80::1]",
        "http://api.example.com",
        "ftp://a.example",
        "ws://127.0.0.1",
        "http://[::ffff:10.0.0.1]",
    ] {
        assert_eq!(problem(text), AddressProblem::NotSecure, "{text}");
    }
    for text in [
        "",
        "api.example.com",
        "file:///etc",
        "javascript:alert(1)",
        "https://",
        "https://a b",
        "http://[fe80::1%25eth0]",
        "https://a.example:99999",
        "data:,x",
        "https://\u{0}",
    ] {
        assert!(matches!(problem(text), AddressProblem::NotAUrl | AddressProblem::NotSecure), "{text}");
    }
    for text in ["https://good@evil.example", "https://me:secret@a.example", "https://:x@a.example"] {
        assert!(matches!(problem(text), AddressProblem::Userinfo | AddressProblem::NotAUrl), "{text}");
    }
    assert_eq!(problem("https://a.example/?key=1"), AddressProblem::Query);
    assert_eq!(problem("https://a.example/#x"), AddressProblem::Query);
    for (text, kept) in [
        ("http://127.1:8000", "http://127.0.0.1:8000"),
        ("http://2130706433", "http://127.0.0.1"),
        ("http://0x7f.0.0.1", "http://127.0.0.1"),
        ("https://a.example/../../v1/", "https://a.example"),
        ("https://ex\u{430}mple.com", "https://xn--exmple-4nf.com"),
        ("https://A.EXAMPLE:443/API/", "https://a.example/API"),
        // The host is what it seems; what follows is a path.
        ("https://a.example\\@evil.example", "https://a.example/@evil.example"),
    ] {
        assert_eq!(read_address(text).expect(text), kept);
    }
}

#[tokio::test]
async fn a_key_that_no_header_may_carry_is_refused_before_anything_is_sent() {
    let server = Misbehaving::start(1).await;
    let (desk, _) = desk(Looks::Often, Arc::new(MemoryStore::default()));
    for key in [
        "two\nlines",
        "a\r\nX-Admin: 1",
        "sp ace",
        "nul\0",
        "ключ",
        "",
        "   ",
        "\u{202e}abc",
        &"x".repeat(9000),
    ] {
        assert_eq!(code(desk.connect(&server.url(), key).await), Code::CredentialRefused, "{key:?}");
    }
    assert_eq!(server.connections(), 0);
}

/// Everything the app tells of a failure, its words for the log among them.
async fn told_of(fault: Fault) -> String {
    let server = Misbehaving::start(1).await;
    server.set(LIST, fault);
    let (desk, _) = desk(Looks::Often, Arc::new(MemoryStore::default()));
    let failure = desk.connect(&server.url(), KEY).await.expect_err("it fails");
    nothing_leaked(desk.folder());
    format!("{failure} {}", serde_json::to_string(&failure).expect("JSON"))
}

#[tokio::test]
async fn a_server_that_echoes_the_key_does_not_make_us_show_it() {
    let escaped: String = KEY.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
    let almost = "x".repeat(2048 - 20);
    for (status, body) in [
        (500, json!({ "detail": format!("no such key {KEY}") }).to_string()),
        (400, format!(r#"{{"detail":"{escaped}"}}"#)),
        (400, json!({ "detail": format!("{almost}{KEY}") }).to_string()),
        (400, format!(r#"{{"detail":"{almost}{escaped}"}}"#)),
        (422, json!({ "detail": [{ "loc": ["header", KEY], "msg": KEY, "type": KEY }] }).to_string()),
        (422, format!(r#"{{"detail":[{{"loc":["{escaped}"],"msg":"{escaped}","type":"{escaped}"}}]}}"#)),
        (403, json!({ "message": KEY }).to_string()),
        (500, json!({ "detail": KEY, "pad": "x".repeat(2 << 20) }).to_string()),
        (200, format!("{KEY} is no JSON")),
    ] {
        let told = told_of(Fault::text(status, &body)).await;
        let part = &KEY[..12];
        assert!(!told.contains(part), "{status}: {}", &told[..told.len().min(300)]);
    }
    for location in [
        format!("/echo/{KEY}"),
        format!("https://{}.example/", KEY.to_lowercase().replace('_', "-")),
        format!("/?key={KEY}"),
    ] {
        let told = told_of(Fault::status(302, &format!("Location: {location}\r\n"))).await;
        assert!(!told.contains(KEY), "{told}");
    }
}

#[tokio::test]
async fn headers_of_every_kind_are_harmless() {
    let body = json!({ "instances": (0..5).map(|n| json!({ "id": n.to_string() })).collect::<Vec<_>>() })
        .to_string();
    for headers in [
        "ETag: \"a\u{1}b\"\r\n".to_owned(),
        format!("ETag: \"{}\"\r\n", "x".repeat(60_000)),
        "Set-Cookie: session=1; Path=/\r\nSet-Cookie2: x\r\n".into(),
        "X-Folded: a\r\n b\r\n".into(),
        "Content-Type: application/json; charset=\u{ff}\r\n".into(),
        "Link: <https://evil.example>; rel=preload\r\nRefresh: 0; url=https://evil.example\r\n".into(),
        "Retry-After: 999999999\r\n".into(),
        format!("X-Long: {}\r\n", "y".repeat(200_000)),
        "Alt-Svc: h3=\":443\"\r\nStrict-Transport-Security: max-age=1\r\n".into(),
    ] {
        let bench = Bench::new().await;
        bench.server.set(LIST, Fault::answer(200, &headers, &body));
        let seen = bench.desk.when(|_| {
            let rows = bench.desk.rows();
            (rows.facts.failure.is_some() || rows.facts.total == 5).then_some(())
        });
        seen.await;
        let looks = bench.server.count(LIST);
        bench.desk.when(|_| (bench.server.count(LIST) > looks + 1).then_some(())).await;
        for asked in bench.server.asked(LIST) {
            assert!(asked.header("cookie").is_none(), "no cookie is ever sent");
            assert!(asked.head.len() < 100_000 && asked.head.starts_with("GET /v1/instances HTTP/1.1"));
        }
        bench.server.mend();
        bench.desk.rows_when(|rows| rows.facts.total == ROWS && rows.facts.failure.is_none()).await;
        bench.finish().await;
    }
}
