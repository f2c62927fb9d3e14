//! Turns as a client reads them, with a small gateway at the other end.

use super::*;
use crate::provider::openclaw::agent::Agent;
use crate::provider::openclaw::child::Token;
use crate::provider::openclaw::gateway::fake::{Fake, PID, TOKEN};
use futures_util::StreamExt;
use nineheads_contract::chat::{ReplyDecoder, ReplyPart};
use serde_json::Value;

/// Long enough for a slow machine; nothing here is asserted to be fast.
const PATIENCE: Duration = Duration::from_secs(30);
const RUN: &str = "8ea7ebe6-15a9-4cc1-8609-e72ef500bc25";

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).expect("a fixture is JSON")
}

/// A gateway that accepts a message, and an agent that has met it.
async fn meet() -> (Fake, Agent) {
    let history = fixture(include_str!("../../../provider/openclaw/operations/fixtures/chat_history.json"));
    let fake = Fake::start(move |method, _| match method {
        "chat.send" => Some(Ok(json!({ "runId": RUN, "status": "started" }))),
        "chat.history" => Some(Ok(history.clone())),
        "chat.abort" => Some(Ok(json!({ "ok": true }))),
        _ => None,
    })
    .await;
    let runtime = tokio::runtime::Handle::current();
    let agent = Agent::connect(
        Uuid::from_u128(1),
        fake.port,
        Token::kept(TOKEN.into()),
        PID,
        "/agent".into(),
        runtime,
    );
    until(|| agent.is_ready()).await;
    (fake, agent)
}

async fn until(mut holds: impl FnMut() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("in time");
}

async fn begin(agent: &Agent, silence: Duration) -> Turn {
    let events = agent.listen();
    let asking = agent.clone();
    let sent = move || chat::send(&asking, chat::session_key("main", "u"), "hi", "once");
    let run = tokio::task::spawn_blocking(sent).await.expect("no panic").expect("accepted");
    Turn::new(run, agent.clone(), events, silence, None)
}

/// What a client makes of the whole stream.
async fn read(turn: Turn) -> Vec<ReplyPart> {
    let mut decoder = ReplyDecoder::new(Some("text/event-stream"));
    let mut stream = std::pin::pin!(futures_util::stream::unfold(turn, Turn::next));
    let mut parts = Vec::new();
    let reading = async {
        while let Some(Ok(bytes)) = stream.next().await {
            parts.extend(decoder.push(&bytes));
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("in time");
    parts
}

#[tokio::test]
async fn a_recorded_turn_reaches_a_client_with_its_words_and_its_tokens() {
    let (fake, agent) = meet().await;
    let turn = begin(&agent, PATIENCE).await;
    let events = fixture(include_str!("../../../provider/openclaw/operations/fixtures/chat_first.json"));
    for event in events.as_array().expect("events") {
        fake.tell(event["event"].as_str().expect("a name"), &event["payload"]);
    }
    let parts = read(turn).await;
    let text: String = parts
        .iter()
        .filter_map(|part| match part {
            ReplyPart::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(text, "Hello from small.");
    assert_eq!(parts[parts.len() - 2..], [ReplyPart::Tokens(123), ReplyPart::Done]);
    assert!(fake.asked("chat.abort").is_empty());
}

#[tokio::test]
async fn a_model_that_says_nothing_ends_in_a_sentence_and_is_stopped() {
    let (fake, agent) = meet().await;
    let parts = read(begin(&agent, Duration::from_millis(30)).await).await;
    let [ReplyPart::Failed(sentence)] = &parts[..] else { panic!("{parts:?}") };
    assert!(sentence.contains("has not answered") && sentence.contains("choose another model"), "{sentence}");
    until(|| !fake.asked("chat.abort").is_empty()).await;
    assert_eq!(fake.asked("chat.abort")[0], json!({ "sessionKey": "agent:main:console:u", "runId": RUN }));
}

#[tokio::test]
async fn a_turn_that_nobody_listens_to_is_stopped() {
    let (fake, agent) = meet().await;
    drop(begin(&agent, PATIENCE).await);
    until(|| !fake.asked("chat.abort").is_empty()).await;
}

#[tokio::test]
async fn a_connection_that_is_lost_ends_the_turn_with_what_to_do() {
    let (fake, agent) = meet().await;
    let turn = begin(&agent, PATIENCE).await;
    fake.cut();
    let parts = read(turn).await;
    let [ReplyPart::Failed(sentence)] = &parts[..] else { panic!("{parts:?}") };
    assert!(sentence.contains("look at the conversation"), "{sentence}");
}
