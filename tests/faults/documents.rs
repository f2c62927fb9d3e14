//! Hostile documents: lines of logs, configurations, replies of a chat, and what a person or a page hands to the core.

use crate::bench::{Bench, code};
use nineheads_core::Code;
use nineheads_core::contract::InstanceId;
use nineheads_core::contract::chat::{ReplyDecoder, ReplyPart};
use nineheads_core::logs::{LogQuery, LogWindow};
use nineheads_core::redact::{plain, redact};
use nineheads_tests::misbehaving::{Fault, LIST};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

async fn logs_of(lines: Vec<Value>) -> LogWindow {
    let bench = Bench::new_settled().await;
    let total = lines.len();
    bench
        .server
        .set("GET /v1/instances/row-1/logs", Fault::json(200, &json!({ "logs": lines, "total": -3 })));
    let id: InstanceId = "row-1".into();
    bench.desk.console.watch_logs(&id).await.expect("open");
    let query = LogQuery { text: "(a+)+$".into(), regex: true, ..LogQuery::default() };
    let started = Instant::now();
    bench.desk.console.show_logs(&id, &query, 0, 500).await.expect("answered");
    let window = bench.desk.console.show_logs(&id, &LogQuery::default(), 0, 500).await.expect("answered");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(window.total as usize, total);
    bench.finish().await;
    window
}

#[tokio::test]
async fn lines_of_every_kind_can_be_shown_and_searched() {
    let line =
        |message: &str| json!({ "message": message, "level": "INFO", "created_at": "2026-11-01T08:00:00Z" });
    let window = logs_of(vec![
        line(&"a".repeat(1 << 20)),
        line("\u{1b}[31mred\u{1b}]52;c;aGk=\u{7}\u{1b}]8;;https://evil.example\u{7}x"),
        line("one\u{2028}two\u{2029}three\u{85}four\r\nfive"),
        json!({ "message": null, "seq": -1, "level": "__proto__", "stage": "constructor" }),
        json!({ "message": 7, "seq": 9007199254740993_i64, "created_at": "0000-00-00" }),
    ])
    .await;
    assert_eq!(window.rows.len(), 5);
    let backwards = (0..50).map(|n| json!({ "message": "m", "seq": 50 - n })).collect();
    assert_eq!(logs_of(backwards).await.rows.len(), 50);
}

#[test]
fn what_leaves_as_text_has_no_escapes_and_no_secrets() {
    for hostile in [
        "\u{1b}[2J",
        "\u{1b}]0;title\u{7}",
        "\u{1b}]8;;https://evil\u{1b}\\x",
        "\u{1b}]52;c;aGk=\u{7}",
        "\u{9b}31m",
        "\u{1b}P1$r0m\u{1b}\\",
        "\u{8}\u{8}\u{7f}",
        "a\u{0}b",
    ] {
        let clean = plain(hostile);
        assert!(clean.chars().all(|letter| !letter.is_control()), "{hostile:?}: {clean:?}");
    }
    for secret in [
        "Authorization: Bearer abcdefgh12345678",
        "x-api-key: abcdefgh12345678",
        "?token=abcdefgh12345678",
        r#"{"password":"abcdefgh12345678"}"#,
        "hc_live_abcdefgh12345678",
        "sk-abcdefgh12345678",
    ] {
        assert!(!redact(secret).contains("abcdefgh12345678"), "{secret}");
    }
}

#[tokio::test]
async fn configurations_of_every_kind_open_and_five_megabytes_are_read_in_time() {
    let id: InstanceId = "row-1".into();
    for config in [
        json!({ "__proto__": { "polluted": true }, "constructor": { "prototype": { "x": 1 } }, "toString": 1, "": { "": null } }),
        json!({ "a": { "b/c": 1, "d.e": 2, "\u{0}": 3, "\u{202e}": 4 }, "numbers": [1e308, -0.0, 9007199254740993_i64] }),
        Value::Object((0..40_000).map(|n| (format!("key-{n}"), json!("x".repeat(100)))).collect()),
    ] {
        let bench = Bench::new_settled().await;
        bench.server.change(|api| api.config = config.clone());
        let started = Instant::now();
        let view = bench.desk.console.open_config(&id).await.expect("it opens");
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        assert_eq!(serde_json::from_str::<Value>(&view.document).expect("JSON"), config);
        bench.finish().await;
    }
}

fn chat(kind: &str, bytes: &[u8]) -> Vec<ReplyPart> {
    let mut decoder = ReplyDecoder::new(Some(kind));
    let mut parts: Vec<_> = bytes.chunks(64 << 10).flat_map(|piece| decoder.push(piece)).collect();
    parts.extend(decoder.finish());
    parts
}

#[test]
fn replies_of_a_chat_of_every_kind_end_and_stay_small() {
    let events = "text/event-stream";
    let token = format!("data: {}\n\n", json!({ "delta": "x".repeat(5 << 20) }));
    assert!(
        matches!(chat(events, token.as_bytes())[..], [ReplyPart::Failed(_)]),
        "a token of 5 MB ends the reply"
    );
    let text = |bytes: &[u8]| -> String {
        let parts = chat(events, bytes).into_iter();
        parts.filter_map(|part| if let ReplyPart::Text(text) = part { Some(text) } else { None }).collect()
    };
    assert_eq!(text(b"data: a\rdata: b\r\rdata: c\r\n\r\n"), "a\nbc");
    assert_eq!(text("\u{feff}data: bom\n\n".as_bytes()), "bom");
    assert_eq!(text(b"data: a\nid: \0\nretry: 0\nevent: \n\n"), "a");
    assert_eq!(text(b"data: \xff\xfe\n\n"), "\u{fffd}\u{fffd}");
    let deep = format!("data: {}{}\n\n", "[".repeat(50_000), "]".repeat(50_000));
    assert!(chat(events, deep.as_bytes()).len() <= 2);
    for json in [
        r#"{"__proto__":{"text":"x"}}"#,
        r#"{"usage":{"total_tokens":-5}}"#,
        r#"{"usage":{"total_tokens":1e400}}"#,
        "null",
        "",
    ] {
        assert!(chat("application/json", json.as_bytes()).len() <= 2, "{json}");
    }
}

#[tokio::test]
async fn drafts_and_profiles_with_odd_names_are_kept_under_exactly_those() {
    let bench = Bench::new_settled().await;
    for name in ["", "../../etc/passwd", "a\0b", "'; drop table drafts; --", "\u{202e}"] {
        bench.desk.console.set_draft(name, Some("text")).expect("kept");
        assert_eq!(bench.desk.console.draft(name).expect("read").as_deref(), Some("text"), "{name:?}");
    }
    for id in ["../../etc", "", "this-computer/..", "\0"] {
        assert!(matches!(code(bench.desk.console.open_profile(id).await), Code::NotFound { .. }), "{id:?}");
    }
    bench.finish().await;
}

#[tokio::test]
async fn ten_thousand_questions_at_once_are_answered_and_ask_the_platform_hardly_anything() {
    let bench = Bench::new_settled().await;
    let lists = bench.server.count(LIST);
    for _ in 0..10_000 {
        bench.desk.console.refresh_fleet().expect("open");
        bench.desk.rows();
    }
    bench.looked_and_answered(lists).await;
    // One look for all of them, and one for those that came while it was on its way.
    let looks = bench.server.count(LIST) - lists;
    assert!(looks <= 2, "{looks} looks for ten thousand questions");
    bench.finish().await;
}
