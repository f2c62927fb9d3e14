//! Real agents on this computer, as the console sees them, before a server that answers what a test tells it to.

use super::code;
use nineheads_core::contract::InstanceId;
use nineheads_core::contract::local::{
    LocalModel, LocalRuntime, LocalRuntimeState, NewModelProvider, Permission, SetPermission,
};
use nineheads_core::ledger::{LedgerFormat, LedgerLine, LedgerOutcome, LedgerQuery};
use nineheads_core::profiles::{ProfileEdit, Safety};
use nineheads_core::{Code, Event};
use nineheads_tests::console::{Desk, PATIENCE};
use nineheads_tests::misbehaving::{Fault, Misbehaving};
use serde_json::{Value, json};

const RUNTIME: &str = "/v1/local/runtimes/openclaw";
const KEY: &str = "canary-of-a-model-0123456789";

async fn opened() -> (Desk, Misbehaving) {
    let (desk, server) = (Desk::new(), Misbehaving::start(2).await);
    desk.connect(&server.url(), "hc_test_0123456789").await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == 2).await;
    (desk, server)
}

fn runtime(state: &str, done: u32) -> Value {
    let progress = (state == "installing").then(|| json!({ "step": "fetching", "done": done, "total": 330 }));
    json!({ "state": state, "version": "2026.9.6", "size_bytes": 832_000_000_u64, "progress": progress })
}

async fn lines(desk: &Desk) -> Vec<LedgerLine> {
    desk.console.show_ledger(&LedgerQuery::default(), 0, 500).await.expect("readable").lines
}

/// The newest line of an act.
async fn line_of(desk: &Desk, act: &str) -> LedgerLine {
    let lines = lines(desk).await;
    lines.into_iter().find(|line| line.act == act).unwrap_or_else(|| panic!("{act} has no line"))
}

fn provider(api_key: Option<&str>) -> NewModelProvider {
    NewModelProvider {
        base_url: "https://models.example.com/v1".into(),
        models: vec![LocalModel { id: "small".into(), ..LocalModel::default() }],
        api_key: api_key.map(str::to_owned),
    }
}

#[tokio::test]
async fn a_platform_without_it_hides_it_and_a_refusal_does_too() {
    let (desk, server) = opened().await;
    assert_eq!(desk.console.local_runtime().await.expect("answered"), None);
    assert_eq!(desk.console.model_providers().await.expect("answered"), None);
    server.set(&format!("GET {RUNTIME}"), Fault::status(403, ""));
    assert_eq!(desk.console.local_runtime().await.expect("answered"), None);
    let id = InstanceId::from("row-0");
    assert_eq!(desk.console.local_permission(&id).await.expect("answered"), None);
    assert!(desk.console.session_view().denied.is_empty(), "what is not there is no refusal");
}

#[tokio::test]
async fn an_installation_is_looked_at_until_it_ends_and_every_step_is_announced() {
    let (desk, server) = opened().await;
    let get = format!("GET {RUNTIME}");
    server.set(&get, Fault::json(200, &runtime("ready", 330)));
    server.set_times(&get, Fault::json(200, &runtime("installing", 200)), 2);
    server.set_times(&get, Fault::status(503, ""), 1);
    server.set(&format!("POST {RUNTIME}"), Fault::json(200, &runtime("installing", 0)));
    let mut events = desk.console.events();
    let begun = desk.console.install_local_runtime().await.expect("begins");
    assert_eq!(begun.state, LocalRuntimeState::Installing);
    let mut told = Vec::new();
    let ends = async {
        while told.last().map(|runtime: &LocalRuntime| runtime.state) != Some(LocalRuntimeState::Ready) {
            if let Event::LocalRuntimeChanged { runtime } = events.recv().await.expect("the core is there") {
                told.push(runtime);
            }
        }
    };
    tokio::time::timeout(PATIENCE, ends).await.expect("it ends");
    let done: Vec<_> = told.iter().filter_map(|runtime| Some(runtime.progress.as_ref()?.done)).collect();
    assert_eq!(done, [0, 200, 200], "each look is told, and one that failed is made again");
    let line = line_of(&desk, "install_local_runtime").await;
    assert_eq!((line.outcome, line.target.as_str()), (LedgerOutcome::Done, "openclaw"));
    // It rests: nobody asks any more.
    let asked = server.count(&get);
    desk.rows_when(|rows| rows.facts.total == 2).await;
    assert_eq!(
        desk.console.local_runtime().await.expect("answered").map(|now| now.state),
        Some(LocalRuntimeState::Ready)
    );
    assert_eq!(server.count(&get), asked + 1);
}

#[tokio::test]
async fn one_that_is_on_its_way_already_is_followed_by_whoever_asks() {
    let (desk, server) = opened().await;
    let get = format!("GET {RUNTIME}");
    server.set(&get, Fault::json(200, &json!({ "state": "failed", "error": { "code": "no_network", "message": "There is no network." } })));
    server.set_times(&get, Fault::json(200, &runtime("removing", 0)), 1);
    let mut events = desk.console.events();
    desk.console.local_runtime().await.expect("answered");
    let ends = async {
        loop {
            match events.recv().await.expect("the core is there") {
                Event::LocalRuntimeChanged { runtime } if runtime.state == LocalRuntimeState::Failed => {
                    return runtime;
                }
                _ => {}
            }
        }
    };
    let failed = tokio::time::timeout(PATIENCE, ends).await.expect("it is told");
    assert_eq!(failed.error.expect("a reason").code, "no_network");
}

#[tokio::test]
async fn a_models_key_reaches_the_platform_and_neither_ledger_nor_any_file() {
    let (desk, server) = opened().await;
    let kept = json!({ "name": "example", "base_url": "https://models.example.com/v1", "has_key": true });
    server.set("PUT /v1/local/model-providers/example", Fault::json(200, &kept));
    let put = desk.console.put_model_provider("example", provider(Some(KEY))).await.expect("kept");
    assert!(put.has_key);
    let sent = server.asked("PUT /v1/local/model-providers/example");
    assert_eq!(serde_json::from_slice::<Value>(&sent[0].body).expect("JSON")["api_key"], KEY);
    // A server that echoes it does not make us write it down either.
    server.set(
        "PUT /v1/local/model-providers/example",
        Fault::json(409, &json!({ "detail": format!("no {KEY}") })),
    );
    assert!(desk.console.put_model_provider("example", provider(Some(KEY))).await.is_err());
    let line = line_of(&desk, "put_model_provider").await;
    assert_eq!((line.outcome, line.target.as_str()), (LedgerOutcome::Failed, "example"));
    assert!(line.detail.contains("models.example.com"), "{}", line.detail);
    let mut export = Vec::new();
    desk.console.export_ledger(&LedgerQuery::default(), LedgerFormat::Ndjson, &mut export).expect("written");
    assert!(!String::from_utf8_lossy(&export).contains(KEY));
    for file in desk.folder().read_dir().expect("a folder").map(|file| file.expect("an entry").path()) {
        let bytes = std::fs::read(&file).unwrap_or_default();
        assert!(!bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes()), "{}", file.display());
    }
}

#[tokio::test]
async fn a_test_is_sent_once_may_take_its_time_and_shows_no_key() {
    let (desk, server) = opened().await;
    let test = "POST /v1/local/model-providers/example/test";
    let said =
        json!({ "ok": false, "problem": "refused_key", "message": format!("The key {KEY} was refused.") });
    server.set(test, Fault::json(200, &said));
    let tested = desk.console.test_model_provider("example", provider(Some(KEY))).await.expect("answered");
    assert!(!tested.ok && !tested.message.contains(KEY), "{}", tested.message);
    server.set(test, Fault::reset());
    let lost = desk.console.test_model_provider("example", provider(Some(KEY))).await;
    assert_eq!(code(lost), Code::MayHaveArrived);
    assert_eq!(server.count(test), 2, "each was sent once");
    assert!(lines(&desk).await.iter().all(|line| line.act != "test_model_provider"), "it changes nothing");
}

#[tokio::test]
async fn a_permission_is_changed_with_its_sentence_and_is_a_line_and_a_refusal_marks_nothing() {
    let (desk, server) = opened().await;
    let id = InstanceId::from("row-0");
    let put = "PUT /v1/local/instances/row-0/permission";
    server.set(put, Fault::json(403, &json!({ "detail": "Type the sentence" })));
    let set = |permission, sentence: Option<&str>| SetPermission {
        permission,
        confirmation: sentence.map(str::to_owned),
    };
    let refused = desk.console.set_local_permission(&id, set(Permission::WholeComputer, None)).await;
    assert!(
        matches!(code(refused), Code::NotAllowed { message: Some(message), .. } if message == "Type the sentence")
    );
    assert!(desk.console.session_view().denied.is_empty());
    assert_eq!(line_of(&desk, "put_local_permission").await.outcome, LedgerOutcome::Failed);
    server.set(put, Fault::json(200, &json!({ "permission": "whole_computer" })));
    let sentence = "Agent 0 may use my whole computer";
    let now = desk.console.set_local_permission(&id, set(Permission::WholeComputer, Some(sentence))).await;
    assert_eq!(now.expect("changed").permission, Permission::WholeComputer);
    let sent: Value = serde_json::from_slice(&server.asked(put)[1].body).expect("JSON");
    assert_eq!(sent, json!({ "permission": "whole_computer", "confirmation": sentence }));
    let line = line_of(&desk, "put_local_permission").await;
    assert_eq!((line.outcome, line.target_name.as_str()), (LedgerOutcome::Done, "Agent 0"));
    assert!(line.detail.contains("whole_computer"));
    let changes = desk.console.history(&id).expect("kept").changes;
    assert!(changes.iter().any(|change| change.to.as_deref() == Some("put_local_permission")));
}

#[tokio::test]
async fn a_read_only_profile_changes_nothing_here_either() {
    let (desk, server) = opened().await;
    let profile = desk.console.session_view().profile.expect("open");
    let edit = ProfileEdit { name: profile.name.clone(), safety: Safety::ReadOnly, ..ProfileEdit::default() };
    desk.console.update_profile(&profile.id, &edit).await.expect("saved");
    let console = &desk.console;
    let id = InstanceId::from("row-0");
    let codes = [
        code(console.install_local_runtime().await),
        code(console.remove_local_runtime().await),
        code(console.set_keep_running(true).await),
        code(console.put_model_provider("example", provider(None)).await),
        code(console.delete_model_provider("example").await),
        code(console.test_model_provider("example", provider(None)).await),
        code(console.set_local_permission(&id, SetPermission::default()).await),
        code(console.remove_demo().await),
    ];
    assert!(codes.iter().all(|code| *code == Code::ReadOnly), "{codes:?}");
    let wrote = ["POST /v1/local*", "PUT /v1/local*", "DELETE /v1/local*"].map(|what| server.count(what));
    assert_eq!(wrote, [0, 0, 0]);
}

#[tokio::test]
async fn the_demo_is_removed_in_one_act_and_the_fleet_tells_real_ones_apart() {
    let (desk, server) = opened().await;
    server.change(|api| api.rows[0]["provider"] = json!("this-computer"));
    desk.rows_when(|rows| rows.facts.on_this_computer == 1 && rows.facts.elsewhere == 1).await;
    server.set("DELETE /v1/local/demo", Fault::json(200, &json!({ "removed": 1 })));
    assert_eq!(desk.console.remove_demo().await.expect("removed").removed, 1);
    server.change(|api| api.rows.truncate(1));
    desk.rows_when(|rows| {
        rows.facts.total == 1 && rows.facts.on_this_computer == 1 && rows.facts.elsewhere == 0
    })
    .await;
    assert_eq!(line_of(&desk, "remove_demo").await.outcome, LedgerOutcome::Done);
}
