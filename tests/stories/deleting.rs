//! Deleting: once, and gone already counts as done.

use super::platform;
use nineheads_core::contract::InstanceId;
use nineheads_core::{Code, Event};
use nineheads_platform::{Fault, FaultRule};
use nineheads_tests::console::Desk;
use serde_json::json;

#[tokio::test]
async fn deleting_an_instance_takes_it_from_the_fleet() {
    let (desk, server) = (Desk::new(), platform(6).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let rows = desk.rows_when(|rows| rows.facts.total == 6).await;
    let id = rows.rows[0].id.clone();
    desk.console.watch_instance(&id).expect("open");
    let mut events = desk.console.events();
    assert!(!desk.console.delete_instance(&id).await.expect("deleted").already_deleted);
    desk.rows_when(|rows| rows.facts.total == 5).await;
    desk.when(|_| {
        matches!(events.try_recv(), Ok(Event::InstanceGone { id: gone }) if gone == id).then_some(())
    })
    .await;
    assert!(desk.console.instance(&id).expect("open").gone);
    assert_eq!(server.counts().deleted, 1);
}

#[tokio::test]
async fn deleting_an_instance_that_is_already_gone_succeeds() {
    let (desk, server) = (Desk::new(), platform(6).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = desk.rows_when(|rows| rows.facts.total == 6).await.rows[0].id.clone();
    desk.console.delete_instance(&id).await.expect("deleted");
    assert!(desk.console.delete_instance(&id).await.expect("still a success").already_deleted);
    let never = InstanceId::from("00000000-0000-4000-8000-000000000000");
    assert!(desk.console.delete_instance(&never).await.expect("nothing to delete").already_deleted);
}

#[tokio::test]
async fn an_instance_that_never_was_is_unknown_and_not_gone() {
    let (desk, server) = (Desk::new(), platform(6).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let never = InstanceId::from("00000000-0000-4000-8000-000000000000");
    desk.console.watch_instance(&never).expect("open");
    let view = desk.when(|console| console.instance(&never).ok().filter(|view| view.failure.is_some())).await;
    assert!(!view.gone && matches!(view.failure.expect("a reason").code, Code::NotFound { .. }));
}

#[tokio::test]
async fn a_delete_that_the_platform_takes_back_shows_the_old_status_again() {
    let (desk, server) = (Desk::new(), platform(6).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = desk.rows_when(|rows| rows.facts.total == 6).await.rows[0].id.clone();
    let answer = json!({"instance_id": id, "already_deleted": false, "status": "deleting", "message": ""});
    server.faults().set(vec![FaultRule::new("delete_instance", Fault::Json(answer))]);
    let ((), events) = desk
        .events_during(async {
            desk.console.delete_instance(&id).await.expect("said to be done");
            // The list has not changed by a byte, and still the row must follow it.
            desk.rows_when(|rows| rows.facts.counts.deleting == 0).await;
        })
        .await;
    let showed =
        |event: &Event| matches!(event, Event::FleetChanged { facts, .. } if facts.counts.deleting == 1);
    assert!(events.iter().any(showed), "the row said that it was being deleted");
}
