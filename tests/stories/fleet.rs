//! Looking at the fleet: live, offline, large, and odd.

use super::{code, platform};
use nineheads_core::contract::instances::Phase;
use nineheads_core::fleet::FleetQuery;
use nineheads_core::logs::LogQuery;
use nineheads_core::polling::PollerState;
use nineheads_core::seen::Source;
use nineheads_core::{Code, Event};
use nineheads_platform::{Fault, FaultRule};
use nineheads_tests::console::Desk;
use serde_json::json;

#[tokio::test]
async fn the_first_look_fills_the_list() {
    let (desk, server) = (Desk::new(), platform(12).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let rows = desk.rows_when(|rows| rows.facts.total == 12).await;
    assert_eq!(rows.facts.source, Source::Live);
    assert!(rows.rows.windows(2).all(|pair| {
        let name = |at: usize| pair[at].agent_name.as_deref().unwrap_or_default().to_lowercase();
        name(0) <= name(1)
    }));
}

#[tokio::test]
async fn an_unchanged_list_is_not_sent_twice() {
    let (desk, server) = (Desk::new(), platform(12).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == 12).await;
    let before = server.counts().of("list_instances");
    let ((), events) = desk
        .events_during(async {
            desk.when(|_| (server.counts().of("list_instances") >= before + 3).then_some(())).await;
        })
        .await;
    assert!(!events.iter().any(|event| matches!(event, Event::FleetChanged { .. })), "{events:?}");
}

#[tokio::test]
async fn a_log_that_stays_as_it_is_gets_younger_and_is_not_told_anew() {
    let (desk, server) = (Desk::new(), platform(3).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = desk.rows_when(|rows| rows.facts.total == 3).await.rows[0].id.clone();
    desk.console.watch_logs(&id).await.expect("open");
    let asked_again = async || {
        let before = server.counts().of("get_logs");
        desk.when(|_| (server.counts().of("get_logs") >= before + 3).then_some(())).await;
    };
    let seen = async || {
        let log = desk.console.show_logs(&id, &LogQuery::default(), 0, 10).await.expect("open");
        (log.total, log.seen_at.expect("it was seen"))
    };
    asked_again().await;
    let (lines, at) = seen().await;
    let ((), events) = desk.events_during(asked_again()).await;
    assert!(!events.iter().any(|event| matches!(event, Event::LogsChanged { .. })), "{events:?}");
    let (same, later) = seen().await;
    assert!(lines > 0 && same == lines && later > at, "{lines} {same} {at} {later}");
}

#[tokio::test]
async fn offline_keeps_the_rows_with_their_age_and_comes_back_by_itself() {
    let (desk, server) = (Desk::new(), platform(5).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let seen_at = desk.rows_when(|rows| rows.facts.total == 5).await.facts.seen_at;
    server.faults().set(vec![FaultRule::new("list_instances", Fault::CutBefore)]);
    let rows = desk.rows_when(|rows| rows.facts.failure.is_some()).await;
    assert_eq!(rows.rows.len(), 5);
    assert!(rows.facts.seen_at >= seen_at);
    assert!(matches!(desk.console.poller().state, PollerState::Offline { .. }));
    server.faults().set(Vec::new());
    desk.rows_when(|rows| rows.facts.failure.is_none()).await;
    assert_eq!(desk.console.poller().state, PollerState::Live);
}

#[tokio::test]
async fn a_start_without_a_network_shows_what_was_known() {
    let server = platform(7).await;
    let desk = Desk::new();
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == 7).await;
    let id = desk.console.session_view().profile.expect("open").id;
    server.stop().await;
    let desk = desk.restart().await;
    desk.console.open_profile(&id).await.expect("known");
    let rows = desk.rows();
    assert_eq!((rows.rows.len(), rows.facts.source), (7, Source::Cached));
    assert!(rows.facts.seen_at.is_some());
}

#[tokio::test]
async fn odd_rows_are_shown_as_they_are_and_unreadable_ones_counted() {
    let (desk, server) = (Desk::new(), platform(1).await);
    let odd = json!({"instances": [
        {"id": "a", "agent_name": "<img src=x onerror=alert(1)>", "status": "hibernating", "new_field": [1]},
        {"id": "b", "agent_name": null, "hostname": null, "status": null, "region_id": null, "created_at": null},
        {"id": "c", "agent_name": "good", "status": "running"},
        {"status": "running"}, 7, null
    ]});
    server.faults().set(vec![FaultRule::new("list_instances", Fault::Json(odd))]);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let rows = desk.rows_when(|rows| rows.facts.total == 3).await;
    assert_eq!(rows.facts.skipped, 3);
    assert_eq!((rows.facts.counts.unknown, rows.facts.counts.running), (2, 1));
    let odd = rows.rows.iter().find(|row| row.id.as_str() == "a").expect("shown");
    assert_eq!(odd.status.as_ref().expect("kept").0, "hibernating");
}

#[tokio::test]
async fn a_list_that_shrinks_at_once_is_believed_only_when_a_second_look_agrees() {
    let (desk, server) = (Desk::new(), platform(10).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == 10).await;
    let empty = FaultRule::new("list_instances", Fault::Json(json!({"instances": []})));
    // Once is not enough: the next look brings everything back, and the screen never saw an empty fleet.
    server.faults().set(vec![empty.clone().times(1)]);
    let before = server.counts().of("list_instances");
    let ((), events) = desk
        .events_during(async {
            desk.when(|_| (server.counts().of("list_instances") >= before + 3).then_some(())).await;
        })
        .await;
    let shrank = |event: &Event| matches!(event, Event::FleetChanged { facts, .. } if facts.total < 10);
    assert!(!events.iter().any(shrank), "{events:?}");
    // Twice is.
    server.faults().set(vec![empty]);
    desk.rows_when(|rows| rows.facts.total == 0).await;
}

#[tokio::test]
async fn ten_thousand_instances_come_in_windows_and_small_messages() {
    let (desk, server) = (Desk::new(), platform(10_000).await);
    let ((), events) = desk
        .events_during(async {
            desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
            desk.rows_when(|rows| rows.facts.total == 10_000).await;
        })
        .await;
    let bytes: usize = events.iter().map(|event| serde_json::to_vec(event).expect("JSON").len()).sum();
    let window = desk.console.show_fleet(FleetQuery::default(), 0, 32).expect("open");
    let filled = bytes + serde_json::to_vec(&window).expect("JSON").len();
    assert!(filled <= 64 * 1024, "{filled} bytes until the list is filled");

    let search = FleetQuery { text: "harbour".into(), phases: vec![Phase::Running], ..FleetQuery::default() };
    let found = desk.console.show_fleet(search, 0, 32).expect("open");
    assert!(found.facts.matched > 0 && found.facts.matched < 10_000);
    assert!(
        found
            .rows
            .iter()
            .all(|row| serde_json::to_string(row).expect("JSON").to_lowercase().contains("harbour"))
    );
    let far = desk.console.show_fleet(FleetQuery::default(), 9_990, 32).expect("open");
    assert_eq!(far.rows.len(), 10);
}

#[tokio::test]
async fn without_a_session_every_question_says_so() {
    let desk = Desk::new();
    assert_eq!(code(desk.console.show_fleet(FleetQuery::default(), 0, 10)), Code::NoSession);
    assert_eq!(code(desk.console.deploys()), Code::NoSession);
}
