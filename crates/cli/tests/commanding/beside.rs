//! The app's own profiles, with the app open or not: the same key, journal, cache and ledger, and nothing of the app's is
//! moved.

use crate::terminal::{Terminal, admin, platform, running, until};
use nineheads_core::contract::deploys::NewInstance;
use nineheads_core::deploys::DeployState;
use nineheads_core::profiles::{CredentialKind, ProfileEdit, Purpose, Safety};
use nineheads_core::secrets::MemoryStore;
use nineheads_core::{Console, ConsoleOptions};
use nineheads_platform::{Fault, FaultRule, LocalOptions, Server, open_local};
use std::sync::Arc;

pub(crate) const PASSPHRASE: &str = "quite a long passphrase";

/// The app at work: its keys lie in a vault, since a test has no keystore.
pub(crate) async fn app(terminal: &Terminal, server: &Server, safety: Safety) -> Console {
    let secrets = Arc::new(MemoryStore::default());
    let console = Console::open(ConsoleOptions::new(terminal.folder().to_owned(), secrets)).expect("opens");
    console.create_vault(PASSPHRASE).await.expect("a vault");
    let edit = ProfileEdit { name: "Work".into(), purpose: Purpose::Own, safety, ..ProfileEdit::default() };
    let key = &server.keys().admin;
    console.connect_with(&server.url(), &edit, CredentialKind::ApiKey, key).await.expect("connects");
    console
}

fn file(terminal: &Terminal, name: &str) -> Vec<u8> {
    std::fs::read(terminal.folder().join(name)).expect("it is there")
}

#[tokio::test]
async fn a_profile_of_the_app_is_used_while_the_app_has_it_open() {
    let server = platform(3).await;
    let terminal = Terminal::bare().with("NINEHEADS_PASSPHRASE", PASSPHRASE);
    let console = app(&terminal, &server, Safety::Full).await;
    let before = ["profiles.json", "running.json"].map(|name| file(&terminal, name));
    let list = terminal.done(&["instances", "list", "--json"]).await.json();
    assert_eq!(list["total"], 3);
    terminal.done(&["instances", "list", "--profile", "Work"]).await;
    let words =
        ["deploy", "--region", "eu-central", "--tier", "Starter", "--name", "Both", "--wait", "--json"];
    let deployed = terminal.done(&words).await;
    let last: serde_json::Value =
        serde_json::from_str(deployed.out.lines().last().expect("a line")).expect("JSON");
    let known = console.deploys().expect("the journal can be read");
    assert_eq!(known.len(), 1, "the app knows what the command line deployed");
    assert_eq!(
        (known[0].state, serde_json::json!(known[0].key)),
        (DeployState::Ready, last["deploy"]["key"].clone())
    );
    assert_eq!(server.counts().created, 1);
    let after = ["profiles.json", "running.json"].map(|name| file(&terminal, name));
    assert_eq!(before, after, "which profile was last, and that the app runs, are the app's");
    let moved = terminal.folder().read_dir().expect("a folder").flatten();
    assert!(!moved.map(|entry| entry.file_name()).any(|name| name.to_string_lossy().contains(".bad-")));
}

#[tokio::test]
async fn a_deploy_that_the_app_left_open_is_taken_up_by_its_key_and_by_nothing_else() {
    let server = platform(1).await;
    let terminal = Terminal::bare().with("NINEHEADS_PASSPHRASE", PASSPHRASE);
    let console = app(&terminal, &server, Safety::Full).await;
    server.faults().set(vec![
        FaultRule::new("create_instance", Fault::CutAfterCommit),
        FaultRule::new("poll_by_key", Fault::status(503)),
    ]);
    let tier_id = console.choices().await.expect("choices").tiers[0].id.clone();
    let request = NewInstance { region_id: "eu-central".into(), tier_id, ..NewInstance::default() };
    let left = console.start_deploy(request).await.expect("written down");
    assert_eq!(left.state, DeployState::Unknown);
    until(|| server.counts().of("poll_by_key") > 0).await;
    console.close_session().await;
    drop(console);
    server.faults().set(Vec::new());
    let asked = server.counts().of("poll_by_key");
    terminal.done(&["instances", "list"]).await;
    assert_eq!(server.counts().of("poll_by_key"), asked, "a list looks at the list");
    let found = terminal.done(&["deploy", "--key", left.key.as_str(), "--wait"]).await;
    assert!(found.out.contains("ready"), "{found:?}");
    assert_eq!((server.counts().created, server.counts().of("create_instance")), (1, 1));
}

#[tokio::test]
async fn the_ledger_of_both_is_one_unbroken_chain() {
    let server = platform(3).await;
    let terminal = Terminal::bare().with("NINEHEADS_PASSPHRASE", PASSPHRASE);
    let console = app(&terminal, &server, Safety::Full).await;
    let (id, _) = running(&terminal).await;
    let apply = ["updates", "apply", id.as_str()];
    let here = async {
        for _ in 0..5 {
            console.apply_updates(&id.as_str().into()).await.expect("applies");
        }
    };
    tokio::join!(here, terminal.done(&apply), terminal.done(&apply), terminal.done(&apply));
    let verdict = console.verify_ledger().await.expect("it can be read");
    assert_eq!(verdict.problem, None, "{verdict:?}");
    let mut written = Vec::new();
    let query = nineheads_core::ledger::LedgerQuery::default();
    console
        .export_ledger(&query, nineheads_core::ledger::LedgerFormat::Ndjson, &mut written)
        .expect("exports");
    assert_eq!(String::from_utf8_lossy(&written).matches("\"apply_updates\"").count(), 8);
}

#[tokio::test]
async fn a_locked_app_wants_its_passphrase() {
    let server = platform(1).await;
    let terminal = Terminal::bare();
    app(&terminal, &server, Safety::Full).await.end_run();
    let locked = terminal.run(&["instances", "list", "--json"]).await;
    assert_eq!((locked.code, locked.failure().as_str()), (8, "locked"));
    let wrong = terminal
        .say(&["instances", "list", "--passphrase-file", "-", "--json"], "another one entirely")
        .await;
    assert_eq!((wrong.code, wrong.failure().as_str()), (8, "wrongPassphrase"));
    let right =
        terminal.say(&["instances", "list", "--passphrase-file", "-"], &format!("{PASSPHRASE}\n")).await;
    assert_eq!(right.code, 0, "{right:?}");
}

#[tokio::test]
async fn a_profile_is_as_careful_here_as_in_the_app() {
    for (safety, refused, confirmed) in [
        (Safety::ReadOnly, "readOnly", &["--yes", "--confirm", "Work"][..]),
        (Safety::Confirm, "notConfirmed", &["--yes"]),
        (Safety::ConfirmByName, "notConfirmed", &["--confirm", "Work"]),
    ] {
        let server = platform(3).await;
        let terminal = Terminal::bare().with("NINEHEADS_PASSPHRASE", PASSPHRASE);
        app(&terminal, &server, safety).await.end_run();
        let (id, _) = running(&terminal).await;
        let apply = ["updates", "apply", id.as_str(), "--json"];
        let said = terminal.run(&apply).await;
        assert_eq!((said.code, said.failure().as_str()), (4, refused), "{safety:?}");
        let said = terminal.run(&[&apply[..], confirmed].concat()).await;
        let sent = if safety == Safety::ReadOnly { (4, 0) } else { (0, 1) };
        assert_eq!((said.code, server.counts().of("apply_updates")), sent, "{safety:?}: {said:?}");
    }
}

#[tokio::test]
async fn a_profile_whose_key_is_not_here_is_8() {
    let terminal = Terminal::bare();
    let book = r#"{"profiles":[{"id":"a","kind":"platform","name":"A","baseUrl":"https://x.example","hue":1,"credential":null}],"last":"a"}"#;
    std::fs::write(terminal.folder().join("profiles.json"), book).expect("writes");
    let said = terminal.run(&["instances", "list", "--json"]).await;
    assert_eq!(said.code, 8, "{said:?}");
    let profiles = terminal.done(&["profiles", "--json"]).await.json();
    assert_eq!(profiles["profiles"][0]["name"], "A");
}

#[tokio::test]
async fn this_computer_is_reached_while_the_app_runs_it_and_said_to_be_silent_otherwise() {
    let terminal = Terminal::bare();
    let local =
        open_local(&terminal.folder().join("this-computer"), LocalOptions::default()).await.expect("starts");
    let secrets = Arc::new(MemoryStore::default());
    let console = Console::open(ConsoleOptions::new(terminal.folder().to_owned(), secrets)).expect("opens");
    console.open_this_computer(&local.url, &local.key, "This computer").await.expect("opens");
    let list = terminal.done(&["instances", "list", "--json"]).await;
    assert_eq!(list.json()["total"], 12);
    assert!(!list.out.contains(&local.key));
    local.stop().await;
    let silent = terminal.run(&["instances", "list", "--json"]).await;
    assert_eq!((silent.code, silent.failure().as_str()), (6, "offline"), "{silent:?}");
}

#[tokio::test]
async fn a_profile_of_one_run_leaves_no_key_behind() {
    let (server, terminal) = admin(3).await;
    let (id, _) = running(&terminal).await;
    terminal.done(&["updates", "apply", &id]).await;
    let mut folders = vec![terminal.folder().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            files += 1;
            let key = server.keys().admin.as_bytes();
            let bytes = std::fs::read(entry.path()).expect("it can be read");
            assert!(!bytes.windows(key.len()).any(|window| window == key), "{:?}", entry.path());
            let name = entry.file_name().to_string_lossy().into_owned();
            assert!(!name.starts_with("profiles") && !name.starts_with("cache"), "{name} is kept");
        }
    }
    assert!(files > 0, "the journal is there");
}

#[tokio::test]
async fn no_database_is_taken_from_under_a_run_that_ends() {
    let server = platform(3).await;
    let terminal = Terminal::bare().with("NINEHEADS_PASSPHRASE", PASSPHRASE);
    app(&terminal, &server, Safety::Full).await.end_run();
    for _ in 0..20 {
        terminal.done(&["instances", "list"]).await;
    }
}
