//! Turns as a real gateway told them, and what it may tell besides.

use super::super::recorded::{Recorded, payload};
use super::*;

fn events(fixture: &Value) -> Vec<Event> {
    let rows = fixture.as_array().expect("events").iter();
    rows.map(|row| Event {
        name: row["event"].as_str().expect("a name").to_owned(),
        payload: row["payload"].clone(),
    })
    .collect()
}

/// A turn that follows recorded events, and everything it said.
fn follow(fixture: &Value) -> (Run, Vec<Piece>) {
    let events = events(fixture);
    let id = events[0].payload["runId"].clone();
    let agent = Recorded::of([Ok(json!({ "runId": id, "status": "started" }))]);
    let mut run = send(&agent, session_key("main", "u"), "hi", "once").expect("accepted");
    assert_eq!(agent.asked()[0].1["sessionKey"], "agent:main:console:u");
    let pieces = events.iter().flat_map(|event| run.hear(event).pieces).collect();
    (run, pieces)
}

fn text_of_pieces(pieces: &[Piece]) -> String {
    pieces.iter().fold(String::new(), |text, piece| match piece {
        Piece::More(more) => text + more,
        Piece::Whole(whole) => whole.clone(),
        _ => text,
    })
}

#[test]
fn a_real_turn_says_its_phases_its_words_and_its_end() {
    let (run, pieces) = follow(&payload!("chat_first"));
    let phase = |name: &str| Piece::Phase(name.to_owned());
    assert_eq!(pieces[..2], [phase("preparing_workspace"), phase("preparing_context")]);
    assert_eq!(text_of_pieces(&pieces), "Hello from small.");
    assert_eq!(pieces.iter().filter(|piece| **piece == Piece::Done).count(), 1);
    assert_eq!(pieces.last(), Some(&Piece::Done));
    assert_eq!(run.tokens(&payload!("chat_history")), Some(123));
    assert_eq!(run.tokens(&json!({"messages": []})), None);
}

#[test]
fn words_that_were_missed_are_made_up_for_and_words_taken_back_are_replaced() {
    let whole = |text: &str| json!({"content": [{"type": "text", "text": text}]});
    let delta = |text: &str, all: &str| json!({"event": "chat", "payload": {"runId": "r", "state": "delta", "deltaText": text, "message": whole(all)}});
    let (_, pieces) = follow(&json!([delta("a", "a"), delta("d", "a b c d"), delta("x", "x")]));
    let expected = [Piece::More("a".into()), Piece::More(" b c d".into()), Piece::Whole("x".into())];
    assert_eq!(pieces, expected);
}

#[test]
fn a_model_that_fails_ends_with_the_agents_sentence_and_its_repeats_are_no_progress() {
    let fixture = payload!("chat_fail");
    let (run, pieces) = follow(&fixture);
    let failed = pieces.iter().find_map(|piece| match piece {
        Piece::Failed(sentence) => Some(sentence.as_str()),
        _ => None,
    });
    let sentence = failed.expect("it failed");
    assert!(
        sentence.starts_with("mock/small request failed (provider internal error, HTTP 500)"),
        "{sentence}"
    );
    let told = run.silence(60);
    assert!(told.starts_with("The model mock/small has not answered for 60 seconds"), "{told}");
    assert!(told.contains("HTTP 500"), "{told}");

    let mut run = follow(&json!([{"event": "chat", "payload": {"runId": "r"}}])).0;
    let phase = |name: &str| Event {
        name: "chat".to_owned(),
        payload: json!({"runId": "r", "state": "status", "phase": name}),
    };
    assert!(run.hear(&phase("starting_model")).is_progress);
    assert!(!run.hear(&phase("starting_model")).is_progress);
}

#[test]
fn a_refused_key_says_what_to_do_in_place_of_the_agents_advice() {
    let said =
        "\u{26a0}\u{fe0f} Authentication failed (provider returned HTTP 401). Re-authenticate this provider.";
    let failed =
        json!([{"event": "chat", "payload": {"runId": "r", "state": "error", "errorMessage": said}}]);
    let (_, pieces) = follow(&failed);
    let [Piece::Failed(sentence)] = &pieces[..] else { panic!("{pieces:?}") };
    let told = "The model server refuses its key: Authentication failed (provider returned HTTP 401). Enter the right one under \
                Settings, Agents on this computer.";
    assert_eq!(sentence, told);
}

#[test]
fn thinking_and_tools_are_progress_and_empty_words_are_not() {
    let mut run = follow(&json!([{"event": "chat", "payload": {"runId": "r"}}])).0;
    let mut heard = |stream: &str, data: Value| {
        run.hear(&Event {
            name: "agent".into(),
            payload: json!({"runId": "r", "stream": stream, "data": data}),
        })
    };
    assert!(heard("thinking", json!({"delta": "hm"})).is_progress);
    assert!(heard("tool", json!({"phase": "start"})).is_progress);
    assert!(!heard("assistant", json!({"delta": "", "replace": true})).is_progress);
    assert!(!heard("run_status", json!({"phase": "starting_model"})).is_progress);
}

#[test]
fn a_stopped_turn_and_a_lost_connection_end_it_and_other_runs_do_not() {
    let (_, pieces) = follow(&payload!("chat_aborted"));
    assert_eq!(pieces.last(), Some(&Piece::Failed("The reply was stopped at the agent.".to_owned())));
    let mut run = follow(&json!([{"event": "chat", "payload": {"runId": "r"}}])).0;
    let other = Event { name: "chat".into(), payload: json!({"runId": "other", "state": "final"}) };
    assert_eq!(run.hear(&other), Heard::default());
    let lost = run.hear(&Event { name: LOST.into(), payload: Value::Null });
    assert!(matches!(&lost.pieces[..], [Piece::Failed(sentence)] if sentence.contains("lost")));
}
