//! The talk with a gateway, before a small one that misbehaves on request.

use super::super::agent::{Agent, Agents};
use super::super::ask::Ask;
use super::fake::{Fake, PID, TOKEN};
use super::*;
use serde_json::json;
use std::sync::atomic::AtomicBool;
use uuid::Uuid;

/// Long enough for a slow machine; nothing here is asserted to be fast.
const PATIENCE: Duration = Duration::from_secs(30);

fn agent_of(fake: &Fake, token: &str, pid: u32) -> Agent {
    let runtime = tokio::runtime::Handle::current();
    Agent::connect(
        Uuid::from_u128(1),
        fake.port,
        Token::kept(token.to_owned()),
        pid,
        "/agent".into(),
        runtime,
    )
}

async fn until(gateway: &Gateway, wanted: impl FnMut(&Standing) -> bool) -> Standing {
    let mut standing = gateway.shared.standing.subscribe();
    let seen = tokio::time::timeout(PATIENCE, standing.wait_for(wanted)).await;
    seen.expect("in time").expect("the gateway is there").clone()
}

async fn until_ready(agent: &Agent) {
    until(agent.gateway(), |standing| matches!(standing, Standing::Ready(_))).await;
}

async fn reason(agent: &Agent, wanted: &str) {
    let is_it = |standing: &Standing| matches!(standing, Standing::Away(reason) if reason.contains(wanted));
    until(agent.gateway(), is_it).await;
}

async fn ask(agent: &Agent, method: &'static str) -> Result<Value, AskError> {
    let agent = agent.clone();
    tokio::task::spawn_blocking(move || agent.ask(method, json!({ "a": 1 }))).await.expect("no panic")
}

#[tokio::test]
async fn the_right_process_is_met_and_answers_what_it_is_asked() {
    let fake = Fake::start(|method, params| match method {
        "echo" => Some(Ok(params.clone())),
        "no" => {
            Some(Err(json!({ "code": "INVALID_REQUEST", "message": "no such thing", "details": { "x": 1 } })))
        }
        _ => None,
    })
    .await;
    let agent = agent_of(&fake, TOKEN, PID);
    until_ready(&agent).await;
    assert!(agent.is_ready() && agent.gateway().heard_at().is_some());
    assert_eq!(ask(&agent, "echo").await, Ok(json!({ "a": 1 })));
    let no = ask(&agent, "no").await.expect_err("refused");
    let refused = AskError::Refused {
        code: "INVALID_REQUEST".to_owned(),
        message: "no such thing".to_owned(),
        details: json!({ "x": 1 }),
    };
    assert_eq!(no, refused);
    assert!(!format!("{agent:?} {:?}", Token::kept(TOKEN.to_owned())).contains(TOKEN));
}

#[tokio::test]
async fn another_process_or_another_secret_is_never_met() {
    let fake = Fake::start(|_, _| None).await;
    let stranger = agent_of(&fake, TOKEN, PID + 1);
    reason(&stranger, "another program answers at its port").await;
    let locked_out = agent_of(&fake, "other", PID);
    reason(&locked_out, "wrong token").await;
    assert!(matches!(ask(&stranger, "echo").await, Err(AskError::Away(_))));
    assert!(fake.asked("echo").is_empty());
}

#[tokio::test]
async fn a_gateway_that_is_still_starting_is_asked_again() {
    let (met, answered) = (AtomicBool::new(false), AtomicBool::new(false));
    let starting =
        json!({ "code": "UNAVAILABLE", "message": "starting", "retryable": true, "retryAfterMs": 1 });
    let fake = Fake::start(move |method, _| match method {
        "connect" if !met.swap(true, Ordering::SeqCst) => Some(Err(starting.clone())),
        "echo" if !answered.swap(true, Ordering::SeqCst) => Some(Err(starting.clone())),
        "echo" => Some(Ok(json!(7))),
        _ => None,
    })
    .await;
    let agent = agent_of(&fake, TOKEN, PID);
    until_ready(&agent).await;
    assert_eq!(fake.connections(), 2);
    assert_eq!(ask(&agent, "echo").await, Ok(json!(7)));
    assert_eq!(fake.asked("echo").len(), 2);
}

#[tokio::test]
async fn a_connection_that_ends_is_told_and_made_again() {
    let fake = Fake::start(|_, _| None).await;
    let agent = agent_of(&fake, TOKEN, PID);
    until_ready(&agent).await;
    let mut events = agent.listen();
    let asking = tokio::spawn({
        let gateway = agent.gateway().clone();
        async move { gateway.request("never", json!({}), PATIENCE).await }
    });
    let waiting = async {
        while fake.asked("never").is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("it was asked");
    fake.tell("shutdown", &json!({ "reason": "restart" }));
    fake.cut();
    reason(&agent, "stopped or started again").await;
    assert!(agent.gateway().shared.announced.load(Ordering::Acquire));
    assert!(matches!(asking.await.expect("no panic"), Err(AskError::Away(_))));
    let mut names = Vec::new();
    while names.last().map(String::as_str) != Some(LOST) {
        names.push(events.recv().await.expect("an event").name.clone());
    }
    assert_eq!(names, ["shutdown", LOST]);
    until_ready(&agent).await;
    assert_eq!(fake.connections(), 2);
}

#[tokio::test]
async fn a_gateway_that_falls_silent_is_left_and_met_again() {
    let fake = Fake::start(|_, _| None).await;
    let agent = agent_of(&fake, TOKEN, PID);
    until_ready(&agent).await;
    // It announced a tick each second and sends none.
    reason(&agent, "nothing was heard from it for 2 seconds").await;
    assert!(!agent.gateway().is_restarting(), "it did not say that it goes");
    until_ready(&agent).await;
    assert_eq!(fake.connections(), 2);
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_late_and_a_closed_agent_is_away() {
    let fake = Fake::start(|_, _| None).await;
    let agent = agent_of(&fake, TOKEN, PID);
    until_ready(&agent).await;
    let late = agent.gateway().request("never", json!({}), Duration::from_millis(20)).await;
    assert_eq!(late, Err(AskError::Late));
    assert!(lock(&agent.gateway().shared.waiting).is_empty());

    let agents = Agents::default();
    agents.put(Uuid::from_u128(1), agent.clone());
    assert!(agents.get(Uuid::from_u128(1)).is_some_and(|agent| agent.is_ready()));
    assert_eq!(agents.starting_since(Uuid::from_u128(1)), None);
    for now in [7, 9] {
        agents.set_starting(Uuid::from_u128(1), true, now);
        assert_eq!(agents.starting_since(Uuid::from_u128(1)), Some(7), "since the first time");
    }
    agents.set_starting(Uuid::from_u128(1), false, 11);
    assert_eq!(agents.starting_since(Uuid::from_u128(1)), None);
    agents.remove(Uuid::from_u128(1));
    assert!(agents.get(Uuid::from_u128(1)).is_none());
    reason(&agent, "it is closed").await;
    assert!(agents.restart(Uuid::from_u128(1)).is_err());
}

#[test]
fn pauses_grow_up_to_a_limit_and_a_gateway_may_ask_for_one() {
    let pauses: Vec<_> = [0, 1, 2, 3, 9, 40].map(|failures| pause(failures, None).as_millis()).into();
    assert_eq!(pauses, [250, 250, 500, 1_000, 10_000, 10_000]);
    assert_eq!(pause(9, Some(Duration::from_millis(300))), Duration::from_millis(300));
    assert_eq!(pause(1, Some(Duration::from_secs(900))), LONGEST_PAUSE);
}
