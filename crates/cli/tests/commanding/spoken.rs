//! What the window copies as a command or as a request does here what it would have done there.

use crate::beside::{PASSPHRASE, app};
use crate::terminal::{Terminal, platform, running};
use nineheads_core::config::{ConfigDraft, ConfigEdit};
use nineheads_core::contract::deploys::NewInstance;
use nineheads_core::profiles::Safety;
use nineheads_core::spoken::SpokenAct;
use nineheads_core::{Console, Fields};
use nineheads_platform::Server;
use serde_json::json;
use std::process::Stdio;
use tokio::process::Command;

/// Every act of the window, with the operation that it comes to. The deletion comes last.
async fn acts(console: &Console, id: &str) -> Vec<(&'static str, SpokenAct)> {
    let fields = |value: serde_json::Value| Fields(value.as_object().cloned().expect("an object"));
    let tier_id = console.choices().await.expect("choices").tiers[0].id.clone();
    let request = NewInstance {
        region_id: "eu-central".into(),
        tier_id,
        agent_name: Some("O'Brien's \"desk\" $HOME".into()),
        ..NewInstance::default()
    };
    let id = || id.into();
    vec![
        ("create_instance", SpokenAct::Deploy { request }),
        ("chat", SpokenAct::Chat { id: id(), message: "-- it's `late`\n$(date)".into() }),
        ("update_config", SpokenAct::Config { id: id(), plan: plan(console, &id()).await }),
        (
            "patch_platform_config",
            SpokenAct::PlatformConfig { id: id(), fields: fields(json!({ "skills": ["web", "files"] })) },
        ),
        (
            "update_model_policy",
            SpokenAct::ModelPolicy {
                id: id(),
                policy: fields(json!({ "primary": "it's/one", "fallbacks": [] })),
            },
        ),
        (
            "update_consent",
            SpokenAct::Consent { id: id(), granted: true, purpose: "The customer's wish".into() },
        ),
        ("update_consent", SpokenAct::Consent { id: id(), granted: false, purpose: String::new() }),
        ("apply_updates", SpokenAct::Updates { id: id() }),
        ("rotate_agent_key", SpokenAct::RotateKey { id: id() }),
        ("delete_instance", SpokenAct::Delete { id: id() }),
    ]
}

/// A place that the command has to write as a pointer.
async fn plan(console: &Console, id: &nineheads_core::contract::InstanceId) -> String {
    let base = console.open_config(id).await.expect("opens").version.id;
    let edit = ConfigEdit { path: vec!["notes".into(), "dotted.key".into()], value: Some("\"it's\"".into()) };
    let draft = ConfigDraft { base, text: None, edits: vec![edit] };
    console.plan_config(id, &draft, &[]).await.expect("is planned").id
}

async fn window() -> (Server, Terminal, Console, String, String) {
    let server = platform(2).await;
    let terminal = Terminal::bare().with("NINEHEADS_PASSPHRASE", PASSPHRASE);
    let console = app(&terminal, &server, Safety::Full).await;
    let (id, name) = running(&terminal).await;
    (server, terminal, console, id, name)
}

#[tokio::test]
async fn a_copied_command_is_understood_and_calls_the_same_operation_once() {
    let (server, terminal, console, id, name) = window().await;
    for (operation, act) in acts(&console, &id).await {
        let before = server.counts().of(operation);
        let spoken = console.speak(&act).expect("it can be said");
        let command = spoken.command.expect("as a command");
        let words = shlex::split(&command).expect("words of a shell");
        assert_eq!((words[0].as_str(), spoken.masked), ("nineheads", false), "{command}");
        let mut words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let at = words.iter().position(|word| word.starts_with("--profile")).expect("which platform");
        words.splice(at..at, ["--yes", "--confirm", name.as_str()]);
        terminal.done(&words).await;
        assert_eq!(server.counts().of(operation), before + 1, "{command}");
    }
}

#[tokio::test]
async fn a_copied_request_reaches_the_same_operation_through_a_shell() {
    let (server, _terminal, console, id, _) = window().await;
    for (operation, act) in acts(&console, &id).await {
        let before = server.counts().of(operation);
        let line = console.speak(&act).expect("it can be said").curl;
        assert!(!line.contains(&server.keys().admin), "no key");
        let output = Command::new("sh")
            .args(["-c", &format!("{line} --fail --silent --show-error")])
            .env("NINEHEADS_API_KEY", &server.keys().admin)
            .stdin(Stdio::null())
            .output()
            .await
            .expect("a shell");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}\n{err}");
        assert_eq!(server.counts().of(operation), before + 1, "{line}");
    }
}
