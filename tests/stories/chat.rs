//! Talking to an agent.

use super::platform;
use nineheads_core::Code;
use nineheads_core::chat::{Exchange, ExchangeState};
use nineheads_core::contract::InstanceId;
use nineheads_core::contract::chat::ReplyPart;
use nineheads_platform::{Fault, FaultRule, Options, Server, serve};
use nineheads_tests::console::Desk;

/// A console in front of a running instance.
async fn desk_and_instance(server: &Server) -> (Desk, InstanceId) {
    let desk = Desk::new();
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let rows = desk.rows_when(|rows| rows.facts.counts.running > 0).await;
    let running =
        rows.rows.iter().find(|row| row.status.as_ref().is_some_and(|status| status.0 == "running"));
    let id = running.expect("one runs").id.clone();
    (desk, id)
}

async fn ask(desk: &Desk, id: &InstanceId, text: &str) -> (Exchange, Vec<ReplyPart>) {
    let mut parts = Vec::new();
    let exchange = desk
        .console
        .send_message(id, "e1".into(), text.into(), |part| parts.push(part))
        .await
        .expect("a turn");
    (exchange, parts)
}

#[tokio::test]
async fn a_reply_comes_in_parts_and_is_kept() {
    let server = platform(12).await;
    let (desk, id) = desk_and_instance(&server).await;
    let (exchange, parts) = ask(&desk, &id, "How are you?").await;
    assert_eq!(exchange.state, ExchangeState::Complete);
    let streamed: String =
        parts.iter().map(|part| if let ReplyPart::Text(text) = part { text.as_str() } else { "" }).collect();
    assert_eq!(streamed, exchange.reply);
    assert!(exchange.reply.to_lowercase().contains("simulat"), "it says what it is: {}", exchange.reply);
    assert!(exchange.tokens.is_some_and(|tokens| tokens > 0));
    assert_eq!(desk.console.transcript(&id).expect("readable"), [exchange]);
    desk.console.clear_transcript(&id).expect("cleared");
    assert!(desk.console.transcript(&id).expect("readable").is_empty());
}

#[tokio::test]
async fn a_message_is_never_sent_twice_and_its_outcome_is_told_honestly() {
    let server = platform(12).await;
    let (desk, id) = desk_and_instance(&server).await;
    server.faults().set(vec![FaultRule::new("chat", Fault::CutBefore)]);
    assert_eq!(ask(&desk, &id, "hello").await.0.state, ExchangeState::MayHaveArrived);
    assert_eq!(server.counts().of("chat"), 1);
    server.faults().set(vec![FaultRule::new("chat", Fault::status(409))]);
    let refused = ask(&desk, &id, "hello").await.0.state;
    assert!(
        matches!(refused, ExchangeState::Failed { failure } if matches!(failure.code, Code::Conflict { .. }))
    );
    server.stop().await;
    let offline = ask(&desk, &id, "hello").await.0.state;
    assert!(
        matches!(offline, ExchangeState::Failed { failure } if failure.code == Code::Offline),
        "nothing was sent"
    );
}

#[tokio::test]
async fn a_reply_that_breaks_off_keeps_what_came() {
    let server = platform(12).await;
    let (desk, id) = desk_and_instance(&server).await;
    server.faults().set(vec![FaultRule::new("chat", Fault::Cut)]);
    let exchange = ask(&desk, &id, "write a long answer").await.0;
    match exchange.state {
        ExchangeState::Failed { failure } => {
            assert_eq!(failure.code, Code::Offline);
            assert!(!exchange.reply.is_empty());
        }
        ExchangeState::MayHaveArrived => assert!(exchange.reply.is_empty()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn waiting_can_be_stopped_and_a_second_message_waits_its_turn() {
    let server = serve(Options { fleet: Some(12), speed: 0.05, no_failures: true, ..Options::default() })
        .await
        .expect("starts");
    let (desk, id) = desk_and_instance(&server).await;
    let (console, going) = (desk.console.clone(), id.clone());
    let turn =
        tokio::spawn(async move { console.send_message(&going, "slow".into(), "long".into(), drop).await });
    desk.when(|console| console.transcript(&id).ok().filter(|all| !all.is_empty())).await;
    let second = desk.console.send_message(&id, "second".into(), "me too".into(), drop).await;
    assert!(matches!(second.expect_err("one at a time").code, Code::Conflict { .. }));
    desk.console.stop_waiting(&id);
    let stopped = turn.await.expect("no panic").expect("a turn");
    assert_eq!(stopped.state, ExchangeState::Stopped);
}

#[tokio::test]
async fn what_an_ended_app_left_open_has_an_unknown_end() {
    let server = serve(Options { fleet: Some(12), speed: 0.05, no_failures: true, ..Options::default() })
        .await
        .expect("starts");
    let (desk, id) = desk_and_instance(&server).await;
    let profile = desk.console.session_view().profile.expect("open").id;
    let (console, going) = (desk.console.clone(), id.clone());
    let turn =
        tokio::spawn(async move { console.send_message(&going, "open".into(), "long".into(), drop).await });
    desk.when(|console| console.transcript(&id).ok().filter(|all| !all.is_empty())).await;
    turn.abort();
    let desk = desk.restart().await;
    desk.console.open_profile(&profile).await.expect("known");
    assert_eq!(desk.console.transcript(&id).expect("readable")[0].state, ExchangeState::MayHaveArrived);
}

#[tokio::test]
async fn a_draft_is_there_after_a_restart() {
    let server = platform(3).await;
    let (desk, id) = desk_and_instance(&server).await;
    let name = format!("chat:{id}");
    desk.console.set_draft(&name, Some("half a thought")).expect("kept");
    let profile = desk.console.session_view().profile.expect("open").id;
    let desk = desk.restart().await;
    desk.console.open_profile(&profile).await.expect("known");
    assert_eq!(desk.console.draft(&name).expect("readable").as_deref(), Some("half a thought"));
}
