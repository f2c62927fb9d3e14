//! Every change and every look into conversations leaves one line; nothing secret is in it; somebody else can check it.

use super::{code, platform, request};
use nineheads_core::Code;
use nineheads_core::config::ConfigDraft;
use nineheads_core::contract::{ConversationId, ENDPOINTS, InstanceId};
use nineheads_core::history::HistoryKind;
use nineheads_core::ledger::{LedgerFault, LedgerFormat, LedgerLine, LedgerOutcome, LedgerQuery};
use nineheads_core::profiles::{CredentialKind, ProfileEdit, Proxy, Purpose, Safety};
use nineheads_platform::{Fault, FaultRule, Server};
use nineheads_tests::console::Desk;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

async fn opened() -> (Desk, Server, InstanceId) {
    let (desk, server) = (Desk::new(), platform(4).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let rows = desk.rows_when(|rows| rows.facts.counts.running > 0).await;
    let running =
        rows.rows.iter().find(|row| row.status.as_ref().is_some_and(|status| status.0 == "running"));
    let id = running.expect("one runs").id.clone();
    (desk, server, id)
}

async fn lines(desk: &Desk) -> Vec<LedgerLine> {
    desk.console.show_ledger(&LedgerQuery::default(), 0, 500).await.expect("readable").lines
}

/// The lines that something left, the first first.
async fn left_by<T>(desk: &Desk, act: impl Future<Output = T>) -> (T, Vec<LedgerLine>) {
    let before = lines(desk).await.len();
    let result = act.await;
    let mut after = lines(desk).await;
    after.truncate(after.len() - before);
    after.reverse();
    (result, after)
}

fn fields(value: Value) -> serde_json::Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

async fn save_config(desk: &Desk, id: &InstanceId) {
    let view = desk.console.open_config(id).await.expect("readable");
    let mut document: Value = serde_json::from_str(&view.document).expect("JSON");
    document["ledger_test"] = json!(chrono::Utc::now().timestamp_micros());
    let draft = ConfigDraft { base: view.version.id, text: Some(document.to_string()), edits: Vec::new() };
    let plan = desk.console.plan_config(id, &draft, &[]).await.expect("planned");
    desk.console.save_config(id, &plan.id).await.expect("saved");
}

/// Does everything that changes something at a platform, or looks into conversations, each once, by the operation's name.
async fn change_everything(desk: &Desk, id: &InstanceId) -> BTreeMap<&'static str, Vec<LedgerLine>> {
    let console = &desk.console;
    let mut seen = BTreeMap::new();
    let mut note = |name, left: Vec<LedgerLine>| seen.insert(name, left);
    let new = request(console, "Ledgered").await;
    note("create_instance", left_by(desk, console.start_deploy(new)).await.1);
    note(
        "chat",
        left_by(desk, console.send_message(id, "x1".into(), "A private word".into(), |_| ())).await.1,
    );
    note("update_config", left_by(desk, save_config(desk, id)).await.1);
    note("update_consent", left_by(desk, console.set_consent(id, true, "support case")).await.1);
    note("list_conversations", left_by(desk, console.list_conversations(id, 20)).await.1);
    let talk = ConversationId(console.list_conversations(id, 20).await.expect("readable").rows[0].id.clone());
    note("get_conversation", left_by(desk, console.conversation(id, &talk)).await.1);
    let policy = fields(json!({"primary": "openai/gpt-6-mini"}));
    note("update_model_policy", left_by(desk, console.update_model_policy(id, policy)).await.1);
    let skills = fields(json!({"skills": ["notes"]}));
    note("patch_platform_config", left_by(desk, console.patch_platform_config(id, skills)).await.1);
    note("apply_updates", left_by(desk, console.apply_updates(id)).await.1);
    note("rotate_agent_key", left_by(desk, console.rotate_key(id)).await.1);
    note("cleanup_instances", left_by(desk, console.run_cleanup(&[])).await.1);
    note("delete_instance", left_by(desk, console.delete_instance(id)).await.1);
    seen
}

#[tokio::test]
async fn every_change_and_every_look_into_conversations_leaves_exactly_one_line() {
    let (desk, _server, id) = opened().await;
    let profile = desk.console.profiles()[0].clone();
    let seen = change_everything(&desk, &id).await;
    // Every operation that is no plain look is among them: a new one has to be walked here, too.
    let looks = ["list_conversations", "get_conversation"];
    for endpoint in ENDPOINTS.iter().filter(|one| one.method.as_str() != "GET" || looks.contains(&one.name)) {
        assert!(seen.contains_key(endpoint.name), "{} is not walked", endpoint.name);
    }
    for (name, left) in &seen {
        assert_eq!(left.len(), 1, "{name}: {left:?}");
        let line = &left[0];
        assert_eq!(line.outcome, LedgerOutcome::Done, "{name}: {line:?}");
        assert_eq!((&line.profile, &line.profile_name), (&profile.id, &profile.name), "{name}");
        let act = if *name == "update_consent" { "grant_consent" } else { name };
        assert_eq!(line.act, act);
        match *name {
            "cleanup_instances" => assert_eq!(line.target, "*"),
            "create_instance" => assert_eq!(line.target_name, "Ledgered"),
            _ => assert_eq!(line.target, id.as_str(), "{name}"),
        }
    }
    let verdict = desk.console.verify_ledger().await.expect("checked");
    assert_eq!(verdict.problem, None);
}

#[tokio::test]
async fn what_is_refused_or_lost_has_its_line_with_how_it_ended() {
    let (desk, server, id) = opened().await;
    server.faults().set(vec![FaultRule::new("rotate_agent_key", Fault::status(403))]);
    let (_, left) = left_by(&desk, desk.console.rotate_key(&id)).await;
    assert_eq!((left.len(), left[0].outcome), (1, LedgerOutcome::Failed));
    assert!(left[0].detail.contains("notAllowed"), "{}", left[0].detail);
    server.faults().set(vec![FaultRule::new("list_conversations", Fault::status(403))]);
    let (_, left) = left_by(&desk, desk.console.list_conversations(&id, 20)).await;
    assert_eq!((left.len(), left[0].outcome), (1, LedgerOutcome::Failed));
    server.stop().await;
    let (_, left) = left_by(&desk, desk.console.delete_instance(&id)).await;
    assert_eq!((left.len(), left[0].outcome), (1, LedgerOutcome::Failed));
}

#[tokio::test]
async fn signing_in_and_out_switching_and_forgetting_have_their_lines() {
    let (desk, server) = (Desk::new(), platform(1).await);
    let wrong = "hc_live_wrong0123456789";
    let (refused, left) = left_by(&desk, desk.connect(&server.url(), wrong)).await;
    assert_eq!(code(refused), Code::CredentialRefused);
    assert_eq!((left[0].act.as_str(), left[0].outcome), ("sign_in", LedgerOutcome::Failed));
    let (_, left) = left_by(&desk, desk.connect(&server.url(), &server.keys().admin)).await;
    assert_eq!((left.len(), left[0].act.as_str(), left[0].outcome), (1, "sign_in", LedgerOutcome::Done));
    let id = desk.console.profiles()[0].id.clone();
    let (_, left) = left_by(&desk, desk.console.close_session()).await;
    assert_eq!((left.len(), left[0].act.as_str()), (1, "sign_out"));
    let (_, left) = left_by(&desk, desk.console.open_profile(&id)).await;
    assert_eq!((left.len(), left[0].act.as_str(), left[0].outcome), (1, "open_profile", LedgerOutcome::Done));
    let (_, left) = left_by(&desk, desk.console.renew_credential(&id, CredentialKind::ApiKey, wrong)).await;
    assert_eq!((left.len(), left[0].act.as_str(), left[0].outcome), (1, "sign_in", LedgerOutcome::Failed));
    let (_, left) = left_by(&desk, desk.console.forget_profile(&id)).await;
    assert_eq!((left.len(), left[0].act.as_str()), (1, "forget_profile"));
    // Nobody is signed in: the ledger is still there to be read.
    assert_eq!(lines(&desk).await.len(), 6);
}

#[tokio::test]
async fn a_change_of_what_a_profile_may_do_has_its_line_and_another_name_has_none() {
    let (desk, _server, id) = opened().await;
    let profile = desk.console.session_view().profile.expect("open");
    let edit = |name: &str, safety| ProfileEdit { name: name.into(), safety, ..ProfileEdit::default() };
    let change = edit("North", Safety::Full);
    let (named, left) = left_by(&desk, desk.console.update_profile(&profile.id, &change)).await;
    assert_eq!((named.expect("saved").name.as_str(), left.len()), ("North", 0), "{left:?}");
    for (before, after) in
        [("full", Safety::ReadOnly), ("readOnly", Safety::Confirm), ("confirm", Safety::Full)]
    {
        let change = edit("North", after);
        let (_, left) = left_by(&desk, desk.console.update_profile(&profile.id, &change)).await;
        let [line] = &left[..] else { panic!("one line: {left:?}") };
        assert_eq!((line.act.as_str(), line.outcome), ("change_safety", LedgerOutcome::Done));
        assert_eq!((&line.target, line.target_name.as_str()), (&profile.id, "North"));
        let detail: Value = serde_json::from_str(&line.detail).expect("JSON");
        assert_eq!((&detail["from"]["safety"], &detail["to"]["safety"]), (&json!(before), &json!(after)));
        if after == Safety::ReadOnly {
            assert_eq!(code(desk.console.apply_updates(&id).await), Code::ReadOnly, "it has taken effect");
        }
    }
    let support = ProfileEdit { purpose: Purpose::Support, ..edit("North", Safety::Full) };
    let (_, left) = left_by(&desk, desk.console.update_profile(&profile.id, &support)).await;
    assert_eq!((left.len(), left[0].act.as_str()), (1, "change_safety"));
    assert_eq!(desk.console.verify_ledger().await.expect("checked").problem, None);
}

#[tokio::test]
async fn what_could_not_be_kept_of_a_profile_is_told_as_failed() {
    let (desk, _server, _) = opened().await;
    let profile = desk.console.session_view().profile.expect("open");
    let proxy = Proxy::Manual { url: "not a proxy".into(), has_login: false };
    let edit = ProfileEdit { safety: Safety::ReadOnly, proxy, ..ProfileEdit::default() };
    let (refused, left) = left_by(&desk, desk.console.update_profile(&profile.id, &edit)).await;
    assert!(matches!(code(refused), Code::Invalid { .. }));
    assert_eq!((left.len(), left[0].outcome), (1, LedgerOutcome::Failed));
    assert_eq!(desk.console.profiles()[0].safety, Safety::Full);
}

#[tokio::test]
async fn no_key_no_word_of_a_conversation_and_no_value_is_in_the_ledgers_files_or_its_export() {
    let (desk, server, id) = opened().await;
    let key = server.keys().admin.clone();
    change_everything(&desk, &id).await;
    let _ = desk.console.set_consent(&id, true, &format!("the key is {key} and mara@example.org")).await;
    let mut export = Vec::new();
    for format in [LedgerFormat::Ndjson, LedgerFormat::Csv] {
        desk.console.export_ledger(&LedgerQuery::default(), format, &mut export).expect("written");
    }
    let mut files = vec![("export".to_owned(), export)];
    for entry in std::fs::read_dir(desk.folder()).expect("readable") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name.starts_with("ledger") {
            files.push((name, std::fs::read(path).expect("readable")));
        }
    }
    assert!(files.len() >= 3, "the database, the seal, the export");
    for (name, bytes) in files {
        let text = String::from_utf8_lossy(&bytes);
        for secret in [key.as_str(), "A private word", "mara@example.org", "gpt-6-mini\",\"fallbacks"] {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
    }
}

/// What a third party would write from the description alone.
fn hash_of(line: &Value) -> String {
    let seq = line["seq"].to_string();
    let text = |name: &str| line[name].as_str().expect("text");
    let parts = [
        text("previous"),
        &seq,
        text("at"),
        text("profile"),
        text("profileName"),
        text("act"),
        text("target"),
        text("targetName"),
        text("outcome"),
        text("detail"),
    ];
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn an_exported_ledger_can_be_checked_by_somebody_who_has_nothing_but_the_file() {
    let (desk, _server, id) = opened().await;
    change_everything(&desk, &id).await;
    let mut export = Vec::new();
    desk.console.export_ledger(&LedgerQuery::default(), LedgerFormat::Ndjson, &mut export).expect("written");
    let text = String::from_utf8(export).expect("text");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines.len() > 12);
    for line in &lines {
        assert_eq!(line["hash"], hash_of(line));
    }
    for pair in lines.windows(2) {
        assert_eq!(pair[0]["previous"], pair[1]["hash"]);
    }
    let mut forged = lines[0].clone();
    forged["outcome"] = json!("failed");
    assert_ne!(forged["hash"], hash_of(&forged), "the check can fail");
}

#[tokio::test]
async fn a_ledger_that_was_cut_is_found_out_by_the_keystore_even_without_the_file_beside_it() {
    let (desk, _server, id) = opened().await;
    desk.console.apply_updates(&id).await.expect("applied");
    let total = lines(&desk).await.len();
    desk.when(|_| {
        let kept = std::fs::read_to_string(desk.folder().join("ledger.seal")).ok()?;
        let ledger = kept.split_whitespace().next()?.to_owned();
        let in_keystore = desk.secrets.get(&format!("ledger:{ledger}")).ok()??;
        (in_keystore.expose_secret() == kept).then_some(())
    })
    .await;
    let sql = "drop trigger ledger_loses_none; delete from lines where seq = (select max(seq) from lines)";
    let connection = rusqlite::Connection::open(desk.folder().join("ledger.db")).expect("opens");
    connection.execute_batch(sql).expect("is done");
    std::fs::remove_file(desk.folder().join("ledger.seal")).expect("is there");
    let verdict = desk.console.verify_ledger().await.expect("checked");
    let problem = verdict.problem.expect("found out");
    assert_eq!((problem.fault, usize::try_from(problem.seq).expect("fits")), (LedgerFault::Cut, total));
}

#[tokio::test]
async fn a_deploy_and_an_hour_of_talk_stand_in_the_instances_own_history_too() {
    let (desk, _server, id) = opened().await;
    for exchange in ["x1", "x2"] {
        desk.console.send_message(&id, exchange.into(), "Hello".into(), |_| ()).await.expect("sent");
    }
    let acts = |id: &InstanceId| -> Vec<String> {
        let changes = desk.console.history(id).expect("kept").changes;
        changes
            .into_iter()
            .filter(|entry| entry.kind == HistoryKind::Act)
            .filter_map(|entry| entry.to)
            .collect()
    };
    assert_eq!(acts(&id), ["chat"], "one entry for talk that belongs together");
    let key = desk.console.start_deploy(request(&desk.console, "New").await).await.expect("goes").key;
    let made = desk.when(|console| console.deploy(&key).ok()?.instance_id).await;
    desk.when(|_| (acts(&made) == ["create_instance"]).then_some(())).await;
}
