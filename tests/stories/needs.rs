//! What needs a person, two of them side by side, and who drifts from what was called right: from what was read, and no more.

use nineheads_contract::config::UpdateConfig;
use nineheads_core::baselines::DriftView;
use nineheads_core::bulk::BulkTargets;
use nineheads_core::contract::InstanceId;
use nineheads_core::needs::{Need, NeedAct, NeedKind, NeedReason, NeedsWindow};
use nineheads_core::sides::{SideCell, SidePart};
use nineheads_core::{Code, Event};
use nineheads_platform::{Fault, FaultRule, Options, Server, serve};
use nineheads_tests::console::Desk;
use nineheads_tests::platform::ask;
use serde_json::{Value, json};

async fn opened(options: Options) -> (Desk, Server) {
    let (desk, server) = (Desk::new(), serve(options).await.expect("it starts"));
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.rows_when(|rows| rows.facts.counts.running > 0).await;
    (desk, server)
}

fn troubled() -> Options {
    Options { fleet: Some(14), speed: 0.0, ..Options::default() }
}

fn calm() -> Options {
    Options { fleet: Some(4), speed: 0.0, no_failures: true, ..Options::default() }
}

async fn needs(desk: &Desk) -> NeedsWindow {
    desk.console.show_needs(None, 0, 200).await.expect("a session is open")
}

fn running(desk: &Desk) -> Vec<InstanceId> {
    let is_running = |row: &nineheads_core::fleet::FleetRow| {
        row.status.as_ref().is_some_and(|status| status.0 == "running")
    };
    desk.rows().rows.into_iter().filter(is_running).map(|row| row.instance.id).collect()
}

fn of_kind(window: &NeedsWindow, kind: NeedKind) -> Vec<&Need> {
    window.rows.iter().filter(|need| need.kind == kind).collect()
}

#[tokio::test]
async fn what_nobody_looked_at_is_counted_and_each_look_tells_more() {
    let (desk, _server) = opened(troubled()).await;
    let before = needs(&desk).await;
    let failed = desk.rows().facts.counts.failed;
    assert_eq!(of_kind(&before, NeedKind::Failed).len(), failed as usize, "what failed stands in the list");
    assert!(of_kind(&before, NeedKind::Silent).is_empty() && of_kind(&before, NeedKind::Key).is_empty());
    let ids = running(&desk);
    assert_eq!(before.facts.unheard as usize, ids.len());
    assert_eq!(before.facts.alerts_at, None);

    for id in &ids {
        desk.console.refresh_instance(id).await.expect("answers");
    }
    let after = needs(&desk).await;
    assert_eq!((after.facts.unheard, after.facts.looked), (0, after.facts.total));
    let silent = of_kind(&after, NeedKind::Silent);
    assert!(
        !silent.is_empty() && silent.iter().all(|need| need.act == NeedAct::Diagnose && need.since.is_some())
    );
    let keys = of_kind(&after, NeedKind::Key);
    assert!(keys.iter().any(|need| need.act == NeedAct::RotateKey), "{keys:?}");

    desk.console.alerts().await.expect("answers").expect("it offers them");
    let warned = needs(&desk).await;
    assert!(warned.facts.alerts_at.is_some());
    let told = of_kind(&warned, NeedKind::Failed)
        .into_iter()
        .all(|need| matches!(&need.reason, NeedReason::Failed { message: Some(_) }) && need.since.is_some());
    assert!(told, "the platform's warning says why and since when: {:?}", of_kind(&warned, NeedKind::Failed));
    assert!(warned.facts.count >= after.facts.count);
}

#[tokio::test]
async fn a_window_is_cut_from_the_same_list_and_finds_a_row_again() {
    let (desk, _server) = opened(Options { fleet: Some(120), ..troubled() }).await;
    let all = needs(&desk).await.rows;
    assert!(all.len() > 2, "{all:?}");
    let last = all.last().expect("somebody needs it").key.clone();
    let window = desk.console.show_needs(Some(last), 1, 1).await.expect("answers");
    assert_eq!(window.rows, all[1..2]);
    assert_eq!(window.anchor_at.map(|at| at as usize), Some(all.len() - 1));
    assert_eq!(desk.console.show_needs(Some("nobody".into()), 900, 5).await.expect("answers").rows, []);
}

#[tokio::test]
async fn a_budget_that_is_used_up_needs_somebody_and_one_of_unknown_usage_is_counted() {
    let (desk, _server) = opened(calm()).await;
    let ids = running(&desk);
    assert_eq!(needs(&desk).await.facts.count, 0, "nothing needs anybody");
    for id in &ids[..2] {
        desk.console.set_budget(id.as_str(), Some("0.0001")).expect("kept");
    }
    assert_eq!(needs(&desk).await.facts.unpriced, 2);
    let failures = desk.console.look_at_side(&ids[0]).await.expect("a session is open");
    assert_eq!(failures, []);
    let window = needs(&desk).await;
    assert_eq!(window.facts.unpriced, 1);
    let over = of_kind(&window, NeedKind::Budget);
    assert_eq!(over.len(), 1);
    assert_eq!((over[0].instance_id.as_ref(), &over[0].act), (Some(&ids[0]), &NeedAct::ReadUsage));
}

#[tokio::test]
async fn a_refused_key_is_the_first_thing_that_needs_somebody() {
    let (desk, server) = opened(troubled()).await;
    server.faults().add(FaultRule::new("*", Fault::status(401)));
    desk.console.refresh_fleet().expect("a session is open");
    desk.when(|console| console.session_view().needs_credential.then_some(())).await;
    let first = needs(&desk).await.rows.into_iter().next().expect("the key");
    assert_eq!((first.key.as_str(), first.act), ("profile", NeedAct::GiveKey));
}

async fn write(server: &Server, id: &InstanceId, part: Value) {
    let update = UpdateConfig { id: id.clone(), document: part.as_object().cloned().expect("an object") };
    assert!(ask(&server.url(), &server.keys().admin, &update).await.status().is_success());
}

#[tokio::test]
async fn side_by_side_lies_what_was_read_and_no_secret() {
    let (desk, server) = opened(calm()).await;
    let ids = running(&desk);
    write(&server, &ids[0], json!({"notes": {"by": "Mara"}, "gateway": {"auth": {"token": "canary-token"}}}))
        .await;
    let unread = desk.console.show_sides(&ids[..2], true).await.expect("answers");
    assert!(unread.columns.iter().all(|column| {
        column.parts.iter().all(|part| (part.part == SidePart::Detail) == part.seen_at.is_some())
    }));

    assert_eq!(desk.console.look_at_side(&ids[0]).await.expect("a session is open"), []);
    let half = desk.console.show_sides(&ids[..2], false).await.expect("answers");
    let config = |row: &&nineheads_core::sides::SideRow| row.part == SidePart::Config;
    assert!(half.rows.iter().filter(config).all(|row| row.cells[1] == SideCell::Unread && !row.differs));

    desk.console.look_at_side(&ids[1]).await.expect("a session is open");
    let both = desk.console.show_sides(&ids[..2], true).await.expect("answers");
    assert!(both.rows.iter().all(|row| row.differs) && both.differing as usize == both.rows.len());
    let notes = both.rows.iter().find(|row| row.path == ["notes", "by"]).expect("it differs");
    assert_eq!(notes.cells, [SideCell::Value { text: "Mara".into() }, SideCell::Absent]);
    let all = desk.console.show_sides(&ids[..2], false).await.expect("answers");
    assert!(!serde_json::to_string(&all).expect("serialises").contains("canary-token"));
    for part in [SidePart::Config, SidePart::Platform, SidePart::Usage] {
        assert!(all.rows.iter().any(|row| row.part == part), "{part:?}");
    }
    let refused = desk.console.show_sides(&ids[..1], true).await.expect_err("one alone");
    assert!(matches!(refused.code, Code::Invalid { .. }));
}

fn places(view: &DriftView) -> Vec<String> {
    view.parts.iter().flat_map(|part| &part.changes).map(|change| change.path.join(".")).collect()
}

#[tokio::test]
async fn drift_is_what_was_read_after_a_baseline_was_saved_and_the_way_back_sends_nothing() {
    let (desk, server) = opened(calm()).await;
    let ids = running(&desk);
    let (one, other) = (&ids[0], &ids[1]);
    let secret = json!({"gateway": {"auth": {"token": "canary-token"}}, "logging": {"level": "info"}});
    write(&server, one, secret).await;
    let saved = desk.console.save_baseline("b1", " House rules ", one).await.expect("kept");
    assert_eq!((saved[0].name.as_str(), saved[0].followers, saved[0].drifting), ("House rules", 1, 0));
    let taken = desk.console.save_baseline("b2", "house RULES", one).await.expect_err("taken");
    assert!(matches!(taken.code, Code::Invalid { .. }));

    write(&server, one, json!({"logging": {"level": "debug"}})).await;
    assert_eq!(desk.console.drift(one).expect("readable").expect("it follows").places, 0, "nobody looked");
    let (_, events) = desk.events_during(async { desk.console.open_config(one).await.expect("opens") }).await;
    assert!(events.iter().any(|event| matches!(event, Event::BaselinesChanged)));
    let drift = desk.console.drift(one).expect("readable").expect("it follows");
    assert_eq!(places(&drift), ["logging.level"]);
    let window = needs(&desk).await;
    let drifting = of_kind(&window, NeedKind::Drift);
    let reason = NeedReason::Drifted { baseline: "House rules".into(), places: 1 };
    assert_eq!((drifting.len(), &drifting[0].reason), (1, &reason));

    let way = desk.console.draft_drift(one).expect("a draft");
    let edits: Vec<_> =
        way.draft.edits.iter().map(|edit| (edit.path.join("."), edit.value.clone())).collect();
    assert_eq!(edits, [("logging.level".to_owned(), Some("\"info\"".to_owned()))]);
    let plan = desk.console.plan_config(one, &way.draft, &[]).await.expect("a plan");
    assert_eq!((plan.obstacle, plan.changes.len()), (None, 1));

    let targets = BulkTargets::Ids { ids: vec![other.clone()] };
    let followed = desk.console.follow_baseline(Some("b1".into()), targets.clone()).await.expect("kept");
    assert_eq!((followed[0].followers, followed[0].unread), (2, 1));
    assert_eq!(needs(&desk).await.facts.unread, 1);
    desk.console.open_config(other).await.expect("opens");
    let other_drift = desk.console.drift(other).expect("readable").expect("it follows");
    let own = places(&other_drift).into_iter().filter(|place| place.ends_with("name")).count();
    assert_eq!(own, 0, "what it is called is its own: {:?}", places(&other_drift));
    assert!(
        other_drift.places > 0
            && !serde_json::to_string(&other_drift).expect("serialises").contains("canary")
    );

    let profile = desk.console.session_view().profile.expect("open").id;
    let desk = desk.restart().await;
    desk.console.open_profile(&profile).await.expect("opens");
    assert_eq!(desk.console.baselines().expect("readable")[0].followers, 2, "they survive a restart");
    desk.console.follow_baseline(None, targets).await.expect("kept");
    assert_eq!(desk.console.drift(other).expect("readable"), None);
    assert_eq!(desk.console.delete_baseline("b1").expect("gone"), []);
    assert_eq!(needs(&desk).await.facts.count, 0);
}
