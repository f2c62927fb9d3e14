//! Bulk work with the real client against the real local server: stages, a stop, a retry, quitting in the middle.

use super::{code, platform};
use nineheads_core::Code;
use nineheads_core::bulk::{
    BulkAct, BulkCounts, BulkFormat, BulkItemState, BulkJob, BulkOrder, BulkPause, BulkState, BulkTargets,
    Exclusion, RowsFormat,
};
use nineheads_core::contract::InstanceId;
use nineheads_core::contract::instances::Phase;
use nineheads_core::fleet::{FleetQuery, FleetWindow};
use nineheads_core::ledger::LedgerQuery;
use nineheads_core::secrets::MemoryStore;
use nineheads_platform::{Fault, FaultRule, Server};
use nineheads_tests::console::{Desk, PATIENCE};
use std::sync::Arc;
use std::time::Duration;

/// A console whose looks leave the budget to the work.
async fn desk(server: &Server, fleet: u32) -> Desk {
    let desk = Desk::with(Arc::new(MemoryStore::default()), |options| {
        let calm = Duration::from_secs(30);
        let intervals = &mut options.intervals;
        (intervals.changing, intervals.changing_cap, intervals.front, intervals.visible) =
            (calm, calm, calm, calm);
    });
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == fleet).await;
    desk
}

fn order(act: BulkAct, targets: BulkTargets, stop_in_rest: bool) -> BulkOrder {
    BulkOrder { act, targets, stop_in_rest }
}

fn everything() -> BulkTargets {
    BulkTargets::Matching { query: FleetQuery::default(), except: Vec::new() }
}

fn running() -> BulkTargets {
    let query = FleetQuery { phases: vec![Phase::Running], ..FleetQuery::default() };
    BulkTargets::Matching { query, except: Vec::new() }
}

/// Confirms what the preview shows.
async fn start(desk: &Desk, order: &BulkOrder) -> BulkJob {
    let plan = desk.console.plan_bulk(order, 0, 200).expect("a plan");
    let typed = plan.words_to_type.clone();
    desk.console.start_bulk(order, plan.included, typed.as_deref()).await.expect("it begins")
}

/// The job once it rests.
async fn rested(desk: &Desk, id: &str) -> BulkJob {
    let wait = desk.when(|console| console.bulk_job(id).ok().filter(|job| job.state != BulkState::Running));
    tokio::time::timeout(PATIENCE * 3, wait).await.expect("it comes to rest")
}

fn stopped() -> BulkState {
    BulkState::Paused { why: BulkPause::Stopped }
}

#[tokio::test]
async fn three_of_fifty_fail_and_are_done_again_and_no_item_is_done_twice() {
    let server = platform(52).await;
    let desk = desk(&server, 52).await;
    let ids: Vec<InstanceId> = desk.console.matched_ids(&FleetQuery::default(), 0, 50).expect("open");
    server.faults().set([FaultRule::new("delete_instance", Fault::status(409)).every(15)]);
    let order = order(BulkAct::Delete, BulkTargets::Ids { ids: ids.clone() }, false);
    let plan = desk.console.plan_bulk(&order, 0, 200).expect("a plan");
    assert_eq!((plan.included, plan.stages.as_slice()), (50, &[1, 5, 44][..]));
    assert_eq!(plan.words_to_type.as_deref(), Some("delete 50"));
    for typed in [None, Some("delete"), Some("delete 49")] {
        assert_eq!(code(desk.console.start_bulk(&order, 50, typed).await), Code::Declined);
    }
    assert!(matches!(
        code(desk.console.start_bulk(&order, 49, Some("delete 50")).await),
        Code::Conflict { .. }
    ));
    assert_eq!(server.counts().of("delete_instance"), 0, "nothing was sent");

    let job = desk.console.start_bulk(&order, 50, Some(" Delete 50 ")).await.expect("it begins");
    assert!(matches!(
        code(desk.console.start_bulk(&order, 50, Some("delete 50")).await),
        Code::Conflict { .. }
    ));
    let job = rested(&desk, &job.id).await;
    assert_eq!(job.state, BulkState::Finished, "{job:?}");
    assert_eq!(job.counts, BulkCounts { done: 47, failed: 3, ..BulkCounts::default() });
    let failed = desk.console.bulk_items(&job.id, Some(BulkItemState::Failed), 0, 10).expect("items");
    assert!(
        failed.total == 3
            && failed.items.iter().all(|item| matches!(
                item.failure.as_ref().map(|failure| &failure.code),
                Some(Code::Conflict { .. })
            ))
    );
    assert_eq!((server.counts().of("delete_instance"), server.counts().deleted), (50, 47));

    server.faults().clear();
    desk.console.retry_bulk(&job.id).await.expect("again");
    let job = rested(&desk, &job.id).await;
    assert_eq!(job.counts, BulkCounts { done: 50, ..BulkCounts::default() });
    assert_eq!(
        (server.counts().of("delete_instance"), server.counts().deleted),
        (53, 50),
        "the three, once each"
    );
    // A list that shrank at once is believed when a second look says the same.
    let looked_again = |rows: &FleetWindow| desk.console.refresh_fleet().is_ok() && rows.facts.total == 2;
    desk.rows_when(looked_again).await;
    let lines = desk.console.show_ledger(&LedgerQuery::default(), 0, 200).await.expect("the ledger").lines;
    assert_eq!(lines.iter().filter(|line| line.act == "delete_instance").count(), 53, "a line each");
}

#[tokio::test]
async fn a_failure_in_the_first_stages_stops_before_the_next_one() {
    let server = platform(30).await;
    let desk = desk(&server, 30).await;
    server.faults().set([FaultRule::new("delete_instance", Fault::status(409)).times(1)]);
    let job = start(&desk, &order(BulkAct::Delete, everything(), false)).await;
    let job = rested(&desk, &job.id).await;
    assert_eq!(job.state, stopped());
    assert_eq!((job.counts.failed, job.counts.done, server.counts().of("delete_instance")), (1, 0, 1));
    // The person has seen it and goes on; one of the second stage fails: that stage ends, the next does not begin.
    server.faults().set([FaultRule::new("delete_instance", Fault::status(409)).times(1)]);
    desk.console.continue_bulk(&job.id).await.expect("on");
    let job = rested(&desk, &job.id).await;
    assert_eq!((job.state, job.counts.failed), (stopped(), 2));
    assert_eq!(job.stages[1].done + job.stages[1].failed, job.stages[1].done + 1);
    assert_eq!((job.stages[1].waiting, job.stages[2].done + job.stages[2].failed), (0, 0));
    let left = job.counts.waiting;
    assert_eq!(desk.console.cancel_bulk(&job.id).expect("cancelled").state, BulkState::Cancelled);
    assert_eq!(desk.console.bulk_job(&job.id).expect("kept").counts.waiting, left, "the rest is left alone");
    desk.console.dismiss_bulk(&job.id).expect("put away");
    assert!(desk.console.bulk_jobs().expect("open").is_empty());
}

#[tokio::test]
async fn in_the_rest_a_failure_stops_where_that_was_wanted() {
    let server = platform(30).await;
    let desk = desk(&server, 30).await;
    let order = order(BulkAct::RevokeConsent, running(), true);
    server.faults().set([FaultRule::new("update_consent", Fault::status(422)).every(8)]);
    let job = start(&desk, &order).await;
    let job = rested(&desk, &job.id).await;
    assert_eq!((job.state, job.counts.failed), (stopped(), 1));
    assert!(job.counts.waiting > 0);
}

#[tokio::test]
async fn what_quitting_interrupts_waits_and_goes_on_without_doing_any_item_twice() {
    let server = platform(24).await;
    let mut desk = desk(&server, 24).await;
    server.faults().set([FaultRule::new("delete_instance", Fault::Slow { slow_ms: 400 })]);
    let job = start(&desk, &order(BulkAct::Delete, everything(), false)).await;
    desk.when(|console| {
        console.bulk_job(&job.id).ok().filter(|job| job.counts.done >= 5 && job.counts.begun > 0)
    })
    .await;
    desk = desk.restart().await;
    let profile = desk.console.profiles()[0].id.clone();
    desk.console.open_profile(&profile).await.expect("opens");
    let left = desk.console.bulk_job(&job.id).expect("it survived");
    assert_eq!(left.state, BulkState::Paused { why: BulkPause::AppEnded });
    assert!(left.counts.begun > 0 && left.counts.waiting > 0, "{:?}", left.counts);
    let asked = server.counts().of("delete_instance");
    server.faults().clear();
    desk.rows_when(|rows| rows.facts.seen_at.is_some()).await;
    assert_eq!(server.counts().of("delete_instance"), asked, "nothing goes on by itself");
    desk.console.continue_bulk(&job.id).await.expect("on");
    let done = rested(&desk, &job.id).await;
    let included = left.counts.done + left.counts.begun + left.counts.waiting;
    assert_eq!(done.counts.done, included, "{:?}", done.counts);
    assert_eq!(server.counts().deleted, u64::from(included));
    assert!(
        server.counts().of("get_instance") >= u64::from(left.counts.begun),
        "what was begun was looked at first"
    );
    let most = asked + u64::from(left.counts.begun + left.counts.waiting);
    assert!(server.counts().of("delete_instance") <= most, "done ones are not sent again");
}

#[tokio::test]
async fn an_act_that_can_not_be_looked_at_is_left_to_the_person_and_never_sent_again_by_itself() {
    let server = platform(12).await;
    let mut desk = desk(&server, 12).await;
    server.faults().set([FaultRule::new("apply_updates", Fault::Slow { slow_ms: 400 })]);
    let job = start(&desk, &order(BulkAct::ApplyUpdates, running(), false)).await;
    desk.when(|console| {
        console.bulk_job(&job.id).ok().filter(|job| job.counts.done >= 1 && job.counts.begun > 0)
    })
    .await;
    desk = desk.restart().await;
    let profile = desk.console.profiles()[0].id.clone();
    desk.console.open_profile(&profile).await.expect("opens");
    let begun = desk.console.bulk_job(&job.id).expect("it survived").counts.begun;
    server.faults().clear();
    desk.console.continue_bulk(&job.id).await.expect("on");
    let after = rested(&desk, &job.id).await;
    assert_eq!(after.counts.failed, begun);
    let failed = desk.console.bulk_items(&job.id, Some(BulkItemState::Failed), 0, 10).expect("items");
    assert!(
        failed
            .items
            .iter()
            .all(|item| item.failure.as_ref().is_some_and(|failure| failure.code == Code::MayHaveArrived))
    );
    let items = desk.console.bulk_items(&job.id, None, 0, 200).expect("items");
    let sent = items
        .items
        .iter()
        .filter(|item| item.state != BulkItemState::Waiting && item.state != BulkItemState::Excluded);
    assert_eq!(server.counts().of("apply_updates"), sent.count() as u64, "each once");
}

#[tokio::test]
async fn a_platform_that_asks_to_wait_is_waited_for_and_nothing_fails() {
    let server = platform(12).await;
    let desk = desk(&server, 12).await;
    server.faults().set([FaultRule::new("apply_updates", Fault::retry_after(429, "1")).times(2)]);
    let job = start(&desk, &order(BulkAct::ApplyUpdates, running(), true)).await;
    let included = job.counts.waiting + job.counts.begun + job.counts.done;
    let job = rested(&desk, &job.id).await;
    assert_eq!((job.state, job.counts.done, job.counts.failed), (BulkState::Finished, included, 0));
    assert_eq!(server.counts().of("apply_updates"), u64::from(included) + 2);
}

#[tokio::test]
async fn a_job_belongs_to_its_profile_and_a_key_without_the_right_begins_nothing() {
    let (server, other) = (platform(12).await, platform(5).await);
    let desk = desk(&server, 12).await;
    server.faults().set([FaultRule::new("delete_instance", Fault::Slow { slow_ms: 400 })]);
    let job = start(&desk, &order(BulkAct::Delete, everything(), false)).await;
    desk.connect(&other.url(), &other.keys().read_only).await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == 5).await;
    assert!(desk.console.bulk_jobs().expect("open").is_empty());
    assert!(matches!(code(desk.console.continue_bulk(&job.id).await), Code::NotFound { .. }));
    assert_eq!(other.counts().of("delete_instance"), 0);
    desk.when(|console| console.session_view().key.map(drop)).await;
    let plan = desk.console.plan_bulk(&order(BulkAct::Delete, everything(), false), 0, 200).expect("a plan");
    assert_eq!(plan.included, 0);
    assert!(
        plan.rows.iter().all(|row| matches!(row.excluded, Some(Exclusion::NoRight | Exclusion::Deleting)))
    );
}

#[tokio::test]
async fn a_report_says_what_became_of_each_and_rows_are_saved_as_the_list_has_them() {
    let server = platform(12).await;
    let desk = desk(&server, 12).await;
    server.faults().set([FaultRule::new("apply_updates", Fault::status(409)).every(5)]);
    let job = start(&desk, &order(BulkAct::ApplyUpdates, running(), false)).await;
    let job = rested(&desk, &job.id).await;
    assert!(job.counts.failed > 0, "{:?}", job.counts);
    let report = |format| {
        let mut out = Vec::new();
        desk.console.export_bulk(&job.id, format, &mut out).expect("written");
        String::from_utf8(out).expect("text")
    };
    let items = desk.console.bulk_items(&job.id, None, 0, 200).expect("items");
    assert_eq!(report(BulkFormat::Csv).lines().count() as u32, items.total + 1);
    let json: serde_json::Value = serde_json::from_str(&report(BulkFormat::Json)).expect("JSON");
    assert_eq!(json["items"].as_array().map(Vec::len), Some(items.total as usize));
    assert_eq!(json["items"][0]["failure"]["code"]["type"], "conflict", "the failed first");
    let read = report(BulkFormat::Markdown);
    assert!(read.contains("# Bulk work: apply updates") && read.contains("conflict"), "{read}");
    let mut out = Vec::new();
    desk.console.export_instances(&everything(), RowsFormat::Json, &mut out).expect("written");
    let rows: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(12));
}

/// The status of each row by id.
fn statuses(rows: &FleetWindow) -> std::collections::HashMap<InstanceId, Option<String>> {
    let row = |row: &nineheads_core::fleet::FleetRow| {
        (row.instance.id.clone(), row.instance.status.as_ref().map(ToString::to_string))
    };
    rows.rows.iter().map(row).collect()
}

#[tokio::test]
async fn what_is_no_longer_as_the_preview_showed_it_is_left_out_at_its_turn() {
    let server = platform(40).await;
    let desk = desk(&server, 40).await;
    server.faults().set([FaultRule::new("delete_instance", Fault::status(409)).times(1)]);
    let shown = statuses(&desk.rows());
    let job = start(&desk, &order(BulkAct::Delete, everything(), false)).await;
    let job = rested(&desk, &job.id).await;
    assert_eq!((job.state, job.counts.done), (stopped(), 0));

    server.churn(25, 4).expect("the fleet changes");
    let changed = |rows: &FleetWindow| {
        let now = statuses(rows);
        let differs = |(id, was): (&InstanceId, &Option<String>)| now.get(id).is_some_and(|is| is != was);
        desk.console.refresh_fleet().is_ok() && rows.facts.doubted == 0 && shown.iter().any(differs)
    };
    let now = statuses(&desk.rows_when(changed).await);
    desk.console.continue_bulk(&job.id).await.expect("on");
    let job = rested(&desk, &job.id).await;
    assert_eq!(job.state, BulkState::Finished);
    let items = desk.console.bulk_items(&job.id, None, 0, 200).expect("items").items;
    let is_failed = |status: &Option<String>| status.as_deref() == Some("failed");
    let others: Vec<_> = items
        .iter()
        .filter(|item| now.get(&item.id).is_some_and(|is| is_failed(is) != is_failed(&shown[&item.id])))
        .collect();
    assert!(!others.is_empty(), "somebody failed or recovered");
    for item in &others {
        let end = (item.state, item.excluded);
        assert_eq!(end, (BulkItemState::Excluded, Some(Exclusion::Changed)), "{item:?}");
    }
    let alive = desk.rows_when(|rows| desk.console.refresh_fleet().is_ok() && rows.facts.doubted == 0).await;
    let alive = statuses(&alive);
    assert!(others.iter().all(|item| alive.contains_key(&item.id)), "none of them was deleted");
    assert!(job.counts.done > 0, "the others were: {:?}", job.counts);
}

#[tokio::test]
async fn as_many_others_are_not_those_that_were_shown() {
    let server = platform(40).await;
    let desk = desk(&server, 40).await;
    let order = order(BulkAct::ApplyUpdates, running(), false);
    let plan = desk.console.plan_bulk(&order, 0, 200).expect("a plan");
    let query = FleetQuery { phases: vec![Phase::Running], ..FleetQuery::default() };
    let ids = || desk.console.matched_ids(&query, 0, 200).expect("open");
    let shown = ids();
    let others = |rows: &FleetWindow| {
        let now = ids();
        if rows.facts.doubted == 0 && now.len() == shown.len() && now != shown {
            return true;
        }
        server.churn(1, u64::from(rows.facts.total) + server.counts().all()).expect("the fleet changes");
        desk.console.refresh_fleet().expect("open");
        false
    };
    desk.rows_when(others).await;
    let refused = desk.console.start_bulk(&order, plan.included, None).await;
    assert!(matches!(code(refused), Code::Conflict { .. }));
    assert_eq!(server.counts().of("apply_updates"), 0, "nothing was sent");
}

#[tokio::test]
async fn a_job_that_is_cancelled_while_its_pause_waits_for_the_last_answers_is_cancelled() {
    let server = platform(24).await;
    let desk = desk(&server, 24).await;
    server.faults().set([FaultRule::new("delete_instance", Fault::Slow { slow_ms: 800 })]);
    let job = start(&desk, &order(BulkAct::Delete, everything(), false)).await;
    desk.when(|console| console.bulk_job(&job.id).ok().filter(|job| job.counts.begun > 0)).await;
    assert_eq!(
        desk.console.pause_bulk(&job.id).expect("paused").state,
        BulkState::Running,
        "one is on its way"
    );
    desk.console.cancel_bulk(&job.id).expect("cancelled");
    assert_eq!(rested(&desk, &job.id).await.state, BulkState::Cancelled);
}
