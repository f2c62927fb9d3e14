//! Editing an agent's configuration: nobody's edit is lost, no mask leaves, and what was saved is what reads back.

use super::code;
use nineheads_contract::config::{GetConfig, UpdateConfig};
use nineheads_core::config::{
    ConfigChoice, ConfigDraft, ConfigEdit, ConfigObstacle, ConfigSends, ConfigSide, ConfigView, ConfigWrites,
};
use nineheads_core::contract::InstanceId;
use nineheads_core::{Code, Console};
use nineheads_platform::{ConfigWrites as Writes, Fault, FaultRule, Options, Server, serve};
use nineheads_tests::console::Desk;
use nineheads_tests::platform::{ask, get};
use serde_json::{Value, json};

/// A platform whose writes merge or replace, and a running instance of it.
async fn opened(writes: Writes) -> (Desk, Server, InstanceId) {
    let options = Options {
        fleet: Some(4),
        speed: 0.0,
        no_failures: true,
        config_writes: writes,
        ..Options::default()
    };
    let (desk, server) = (Desk::new(), serve(options).await.expect("it starts"));
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let rows = desk.rows_when(|rows| rows.facts.counts.running > 0).await;
    let running =
        rows.rows.iter().find(|row| row.status.as_ref().is_some_and(|status| status.0 == "running"));
    let id = running.expect("one runs").id.clone();
    (desk, server, id)
}

fn edit(path: &[&str], value: Option<Value>) -> ConfigEdit {
    ConfigEdit {
        path: path.iter().map(|&key| key.to_owned()).collect(),
        value: value.map(|value| value.to_string()),
    }
}

fn draft(view: &ConfigView, edits: Vec<ConfigEdit>) -> ConfigDraft {
    ConfigDraft { base: view.version.id, text: None, edits }
}

async fn document(server: &Server, id: &InstanceId) -> Value {
    get(&server.url(), &server.keys().admin, &GetConfig { id: id.clone() }).await
}

/// Somebody else writes a part of the document.
async fn somebody_writes(server: &Server, id: &InstanceId, part: Value, writes: Writes) {
    let mut whole = document(server, id).await;
    if writes == Writes::Replace {
        for (key, value) in part.as_object().expect("an object") {
            whole[key] = value.clone();
        }
    }
    let body = if writes == Writes::Merge { part } else { whole };
    let update = UpdateConfig { id: id.clone(), document: body.as_object().cloned().expect("an object") };
    assert!(ask(&server.url(), &server.keys().admin, &update).await.status().is_success());
}

async fn save(
    console: &Console,
    id: &InstanceId,
    draft: &ConfigDraft,
) -> nineheads_core::config::ConfigSaved {
    let plan = console.plan_config(id, draft, &[]).await.expect("a plan");
    assert_eq!(plan.obstacle, None);
    console.save_config(id, &plan.id).await.expect("saved")
}

#[tokio::test]
async fn an_edit_is_planned_sent_read_back_and_kept_as_a_version() {
    for writes in [Writes::Merge, Writes::Replace] {
        let (desk, server, id) = opened(writes).await;
        let view = desk.console.open_config(&id).await.expect("opens");
        let before = document(&server, &id).await;
        let draft = draft(
            &view,
            vec![
                edit(&["notes", "by"], Some(json!("Mara"))),
                edit(&["big"], Some(json!(9_007_199_254_740_993_i64))),
            ],
        );
        let plan = desk.console.plan_config(&id, &draft, &[]).await.expect("a plan");
        assert_eq!(plan.changes.len(), 2);
        assert!(!plan.changed_meanwhile && plan.conflicts.is_empty());
        let saved = desk.console.save_config(&id, &plan.id).await.expect("saved");
        assert!(saved.verified && saved.differs.is_empty(), "{:?}", saved.differs);
        let after = document(&server, &id).await;
        assert_eq!(after["notes"]["by"], "Mara");
        assert_eq!(after["big"], json!(9_007_199_254_740_993_i64));
        for (key, value) in before.as_object().expect("an object") {
            assert_eq!(after.get(key), Some(value), "{key} survives");
        }
        let versions = desk.console.list_config_versions(&id).expect("kept");
        assert_eq!(versions.len(), 2);
        let changes =
            desk.console.compare_config_versions(&id, versions[1].id, versions[0].id).expect("compared");
        assert_eq!(changes.len(), 2);
        let acts = desk.console.history(&id).expect("kept").changes;
        assert!(acts.iter().any(|entry| entry.to.as_deref() == Some("update_config")));
    }
}

#[tokio::test]
async fn an_edit_of_somebody_else_in_the_meantime_survives_and_a_conflict_is_asked_about() {
    for writes in [Writes::Merge, Writes::Replace] {
        let (desk, server, id) = opened(writes).await;
        let first = desk.console.open_config(&id).await.expect("opens");
        save(
            &desk.console,
            &id,
            &draft(&first, vec![edit(&["shared"], Some(json!({"mine": 1, "theirs": 1, "both": 1})))]),
        )
        .await;
        let view = desk.console.open_config(&id).await.expect("opens");
        let theirs = json!({"shared": {"mine": 1, "theirs": 2, "both": 2}});
        somebody_writes(&server, &id, theirs, writes).await;
        let edits =
            vec![edit(&["shared", "mine"], Some(json!(3))), edit(&["shared", "both"], Some(json!(3)))];
        let draft = draft(&view, edits);
        let plan = desk.console.plan_config(&id, &draft, &[]).await.expect("a plan");
        assert!(plan.changed_meanwhile);
        assert_eq!(plan.their_changes.len(), 2);
        assert_eq!(plan.obstacle, Some(ConfigObstacle::Conflicts));
        assert_eq!(plan.conflicts[0].path, ["shared", "both"]);
        assert_eq!(code(desk.console.save_config(&id, &plan.id).await), Code::Conflict { message: None });
        let choice = ConfigChoice { path: plan.conflicts[0].path.clone(), side: ConfigSide::Theirs };
        let plan = desk.console.plan_config(&id, &draft, &[choice]).await.expect("a plan");
        desk.console.save_config(&id, &plan.id).await.expect("saved");
        let after = document(&server, &id).await;
        assert_eq!(after["shared"], json!({"mine": 3, "theirs": 2, "both": 2}));
    }
}

#[tokio::test]
async fn who_writes_between_plan_and_save_is_not_overwritten() {
    let (desk, server, id) = opened(Writes::Merge).await;
    let view = desk.console.open_config(&id).await.expect("opens");
    let draft = draft(&view, vec![edit(&["mine"], Some(json!(1)))]);
    let plan = desk.console.plan_config(&id, &draft, &[]).await.expect("a plan");
    somebody_writes(&server, &id, json!({"theirs": 1}), Writes::Merge).await;
    assert!(matches!(code(desk.console.save_config(&id, &plan.id).await), Code::Conflict { .. }));
    assert_eq!(document(&server, &id).await.get("mine"), None);
    save(&desk.console, &id, &draft).await;
    let after = document(&server, &id).await;
    assert_eq!((&after["mine"], &after["theirs"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn reading_back_a_removed_key_teaches_whether_writes_merge_or_replace() {
    for (writes, learned) in [(Writes::Merge, ConfigWrites::Merge), (Writes::Replace, ConfigWrites::Replace)]
    {
        let (desk, server, id) = opened(writes).await;
        let view = desk.console.open_config(&id).await.expect("opens");
        assert_eq!(view.writes, ConfigWrites::Unknown);
        save(&desk.console, &id, &draft(&view, vec![edit(&["spare"], Some(json!(1)))])).await;
        let view = desk.console.open_config(&id).await.expect("opens");
        let removal = draft(&view, vec![edit(&["spare"], None)]);
        let saved = save(&desk.console, &id, &removal).await;
        assert_eq!(saved.writes, learned);
        // A merging platform kept the key: that is said, and the next save removes it by name.
        if learned == ConfigWrites::Merge {
            assert_eq!(saved.differs, [vec!["spare".to_owned()]]);
            let view = desk.console.open_config(&id).await.expect("opens");
            let plan =
                desk.console.plan_config(&id, &draft(&view, removal.edits), &[]).await.expect("a plan");
            assert_eq!(plan.sends, ConfigSends::Patch);
            desk.console.save_config(&id, &plan.id).await.expect("saved");
        }
        assert_eq!(document(&server, &id).await.get("spare"), None);
    }
}

#[tokio::test]
async fn a_masked_secret_stays_what_it_is_and_a_typed_mask_is_refused() {
    for writes in [Writes::Merge, Writes::Replace] {
        let (desk, _server, id) = opened(writes).await;
        let view = desk.console.open_config(&id).await.expect("opens");
        let masked = view.masked.first().expect("the demo's configuration has a secret").clone();
        let path: Vec<&str> = masked.iter().map(String::as_str).collect();
        // Another mark in its place, or the mark in another place, would be stored as a value.
        for edits in [vec![edit(&path, Some(json!("********")))], vec![edit(&["copy"], Some(json!("***")))]] {
            let plan = desk.console.plan_config(&id, &draft(&view, edits), &[]).await.expect("a plan");
            assert!(matches!(plan.obstacle, Some(ConfigObstacle::MaskAsValue { .. })));
        }
        let saved = save(&desk.console, &id, &draft(&view, vec![edit(&["harmless"], Some(json!(1)))])).await;
        assert!(saved.differs.is_empty());
        let again = desk.console.open_config(&id).await.expect("opens");
        assert_eq!(again.masked, view.masked, "the secret is still set");
    }
}

#[tokio::test]
async fn an_old_version_comes_back_as_a_new_diff() {
    let (desk, server, id) = opened(Writes::Merge).await;
    let view = desk.console.open_config(&id).await.expect("opens");
    let original = document(&server, &id).await;
    save(&desk.console, &id, &draft(&view, vec![edit(&["experiment"], Some(json!({"on": true})))])).await;
    let current = desk.console.open_config(&id).await.expect("opens");
    let text = desk.console.config_version(&id, view.version.id).expect("kept");
    let restore = ConfigDraft { base: current.version.id, text: Some(text), edits: Vec::new() };
    let saved = save(&desk.console, &id, &restore).await;
    if !saved.differs.is_empty() {
        let view = desk.console.open_config(&id).await.expect("opens");
        save(&desk.console, &id, &ConfigDraft { base: view.version.id, ..restore }).await;
    }
    assert_eq!(document(&server, &id).await, original);
}

#[tokio::test]
async fn a_lost_answer_is_said_to_be_unknown_and_the_draft_is_still_good() {
    let (desk, server, id) = opened(Writes::Merge).await;
    let view = desk.console.open_config(&id).await.expect("opens");
    let draft = draft(&view, vec![edit(&["mine"], Some(json!(1)))]);
    let plan = desk.console.plan_config(&id, &draft, &[]).await.expect("a plan");
    server.faults().set(vec![FaultRule::new("update_config", Fault::CutAfterCommit)]);
    assert_eq!(code(desk.console.save_config(&id, &plan.id).await), Code::MayHaveArrived);
    server.faults().set(Vec::new());
    let plan = desk.console.plan_config(&id, &draft, &[]).await.expect("a plan");
    assert_eq!(plan.obstacle, Some(ConfigObstacle::NothingChanged), "it had arrived");
}

#[tokio::test]
async fn what_was_read_once_is_there_offline_and_after_a_restart() {
    let (desk, server, id) = opened(Writes::Merge).await;
    let view = desk.console.open_config(&id).await.expect("opens");
    let (url, key) = (server.url(), server.keys().admin.clone());
    server.stop().await;
    let offline = desk.console.open_config(&id).await.expect("from the cache");
    assert_eq!(offline.document, view.document);
    assert!(offline.failure.is_some());
    let draft = draft(&offline, vec![edit(&["mine"], Some(json!(1)))]);
    assert!(desk.console.plan_config(&id, &draft, &[]).await.is_err());
    drop((url, key));
}
