//! What a simulated agent reports and replies.

use futures_util::StreamExt;
use nineheads_contract::InstanceId;
use nineheads_contract::chat::{Message, ReplyDecoder, ReplyPart, SendMessage};
use nineheads_contract::consent::{Consent, UpdateConsent};
use nineheads_contract::conversations::{GetConversation, ListConversations};
use nineheads_contract::instances::ListInstances;
use nineheads_contract::runtime::GetRuntime;
use nineheads_contract::usage::GetUsage;
use nineheads_platform::{Options, Server};
use nineheads_tests::platform::{ask, calm, deploy, get, start, start_calm, wait_until};
use serde_json::Value;

fn say(id: &InstanceId, text: &str) -> SendMessage {
    SendMessage { id: id.clone(), message: Message { message: text.to_owned() } }
}

/// A whole turn: its text and its tokens.
async fn turn(server: &Server, id: &InstanceId, text: &str) -> (String, u64) {
    let answer = ask(&server.url(), &server.keys().admin, &say(id, text)).await;
    assert_eq!(answer.status(), 200);
    let mut decoder = ReplyDecoder::new(answer.headers()["content-type"].to_str().ok());
    let bytes = answer.bytes().await.expect("the whole reply");
    let mut parts = decoder.push(&bytes);
    assert!(decoder.is_finished());
    assert_eq!(parts.pop(), Some(ReplyPart::Done));
    let Some(ReplyPart::Tokens(tokens)) = parts.pop() else { panic!("the tokens come last") };
    let words: Vec<String> = parts
        .into_iter()
        .map(|part| match part {
            ReplyPart::Text(word) => word,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(words.len() > 5, "it comes word by word");
    (words.concat(), tokens)
}

/// Micro-dollars of a decimal text.
fn micro(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').expect("a point");
    assert_eq!(part.len(), 6);
    whole.parse::<i64>().expect("digits") * 1_000_000 + part.parse::<i64>().expect("digits")
}

#[tokio::test]
async fn a_turn_comes_word_by_word_says_what_it_is_and_is_kept() {
    let server = start_calm().await;
    let (url, key) = (server.url(), &server.keys().admin);
    let (id, _) = deploy(&url, key, "talk").await;
    let (text, tokens) = turn(&server, &id, "What is your status?").await;
    assert!(text.contains("simulated agent") && text.contains("**healthy**"), "{text}");

    get(&url, key, &UpdateConsent { id: id.clone(), consent: Consent { consent_debug_access: true } }).await;
    let list = get(&url, key, &ListConversations { id: id.clone(), limit: 20 }).await;
    assert_eq!((&list["total"], &list["conversations"][0]["message_count"]), (&1.into(), &2.into()));
    let conversation = list["conversations"][0]["conversation_id"].as_str().expect("an id").into();
    let whole = get(&url, key, &GetConversation { id: id.clone(), conversation }).await;
    assert_eq!(whole["messages"][0]["role"], "user");
    assert_eq!(whole["messages"][1]["content"], text.as_str());

    let usage = get(&url, key, &GetUsage { id, days: 1 }).await;
    assert_eq!((usage.total_requests, usage.total_tokens), (Some(1), Some(tokens as i64)));
}

#[tokio::test]
async fn one_turn_at_a_time_and_hanging_up_ends_it() {
    // A word every 3.5 s: the first turn can not end by itself while this test runs.
    let folder = tempfile::tempdir().expect("a folder");
    let options = |speed| Options { data: Some(folder.path().to_owned()), speed, ..calm() };
    let server = start(options(0.0)).await;
    let (id, _) = deploy(&server.url(), &server.keys().admin, "busy").await;
    server.stop().await;

    let server = start(options(0.01)).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let mut first = ask(&url, key, &say(&id, "hello")).await.bytes_stream();
    let second = ask(&url, key, &say(&id, "hello")).await;
    assert_eq!(second.status(), 409);
    assert_eq!(second.json::<Value>().await.expect("JSON")["detail"], "A turn is already running");
    first.next().await.expect("a first word").expect("no error");
    drop(first);
    wait_until("the turn has ended", async || {
        (ask(&url, key, &say(&id, "hello")).await.status() == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_days_of_usage_add_up_exactly_and_end_today() {
    let server = start(Options { fleet: Some(6), ..calm() }).await;
    let (url, key) = (server.url(), &server.keys().admin);
    for row in get(&url, key, &ListInstances).await.instances {
        let usage = get(&url, key, &GetUsage { id: row.id, days: 30 }).await;
        assert_eq!(usage.daily.len(), 30);
        let sum = |name: &str| usage.daily.iter().filter_map(|day| day[name].as_i64()).sum::<i64>();
        assert_eq!(usage.total_requests, Some(sum("requests")));
        assert_eq!(usage.total_tokens, Some(sum("tokens")));
        let cost: i64 = usage.daily.iter().map(|day| micro(day["cost_usd"].as_str().expect("text"))).sum();
        assert_eq!(micro(usage.total_cost_usd.as_deref().expect("a total")), cost);
        let today = chrono::Utc::now().date_naive().to_string();
        assert_eq!(usage.daily[29]["date"], today.as_str());
    }
}

#[tokio::test]
async fn any_number_of_days_is_answered() {
    let server = start(Options { fleet: Some(1), ..calm() }).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let row = get(&url, key, &ListInstances).await.instances.remove(0);
    let id = row.id;
    // Before it was made there is no day.
    let born = row.created_at.expect("it says when it was made").date_naive();
    let age =
        usize::try_from((chrono::Utc::now().date_naive() - born).num_days() + 1).expect("made before now");
    for (asked, days) in [("-5", 1), ("0", 1), ("7", 7), ("100000", 366), ("99999999999999999999999", 366)] {
        let days = age.min(days);
        let path = format!("{url}/v1/instances/{id}/usage?days={asked}");
        let answer =
            reqwest::Client::new().get(path).header("X-Api-Key", key).send().await.expect("an answer");
        let usage: Value = answer.json().await.expect("JSON");
        assert_eq!(usage["daily"].as_array().map(Vec::len), Some(days), "{asked}");
    }
}

#[tokio::test]
async fn a_number_that_is_given_twice_is_no_number() {
    let server = start(Options { fleet: Some(1), ..calm() }).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let id = get(&url, key, &ListInstances).await.instances.remove(0).id;
    for (days, status) in [("days=7", 200), ("days=x&days=7", 422), ("days=7&days=7", 422)] {
        let path = format!("{url}/v1/instances/{id}/usage?{days}");
        let answer =
            reqwest::Client::new().get(path).header("X-Api-Key", key).send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{days}");
    }
}

#[tokio::test]
async fn the_runtime_answers_in_every_state() {
    let server = start(Options { fleet: Some(12), speed: 0.001, ..Options::default() }).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let mut states = Vec::new();
    for row in get(&url, key, &ListInstances).await.instances {
        let runtime = get(&url, key, &GetRuntime { id: row.id }).await;
        let status = runtime.status.clone().expect("a status").0;
        match status.as_str() {
            "running" => {
                assert!(runtime.last_heartbeat.is_some() && !runtime.skills_loaded.is_empty());
                assert_eq!(runtime.bootstrap_stage.as_deref(), Some("ready"));
            }
            "failed" => assert!(runtime.error_code.is_some() && runtime.error_message.is_some()),
            "provisioning" => assert!(runtime.provisioning_stage.is_some()),
            other => panic!("{other}"),
        }
        states.push(status);
    }
    for state in ["running", "failed", "provisioning"] {
        assert!(states.iter().any(|status| status == state), "no {state} in {states:?}");
    }
}
