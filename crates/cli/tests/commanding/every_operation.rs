//! Each of the twenty operations has a command, which sends it and says what came, for people and for programs.

use crate::terminal::{admin, admin_of_one_dead, running};
use nineheads_core::contract::ENDPOINTS;
use tokio::io::{AsyncBufReadExt, BufReader};

/// Operation and command, in an order in which each can succeed. NAME, ID and CONVERSATION stand for what is found.
const COMMANDS: [(&str, &[&str]); 20] = [
    ("list_instances", &["instances", "list"]),
    ("get_instance", &["instances", "show", "NAME"]),
    ("get_runtime", &["instances", "show", "ID"]),
    ("create_instance", &["deploy", "--region", "eu-central", "--tier", "Starter", "--name", "Quay"]),
    ("poll_by_key", &["deploy", "--region", "eu-central", "--tier", "Starter", "--name", "Mole", "--wait"]),
    ("get_logs", &["logs", "NAME"]),
    ("chat", &["chat", "NAME", "status"]),
    ("get_config", &["config", "get", "NAME"]),
    ("update_config", &["config", "set", "NAME", "--set", "agents.defaults.timeoutSeconds=601"]),
    ("get_platform_config", &["platform-config", "get", "NAME"]),
    ("patch_platform_config", &["platform-config", "set", "NAME", "--set", "skills=[\"notes\"]"]),
    ("update_model_policy", &["model-policy", "set", "NAME", "--primary", "platform/sonnet-large"]),
    ("get_usage", &["usage", "NAME", "--days", "7"]),
    ("update_consent", &["consent", "grant", "NAME", "--purpose", "to find a fault"]),
    ("list_conversations", &["conversations", "list", "NAME"]),
    ("get_conversation", &["conversations", "show", "NAME", "CONVERSATION"]),
    ("apply_updates", &["updates", "apply", "NAME"]),
    ("rotate_agent_key", &["rotate-key", "NAME", "--confirm", "NAME"]),
    ("cleanup_instances", &["cleanup", "--confirm", "1"]),
    ("delete_instance", &["instances", "delete", "ID", "--confirm", "NAME"]),
];

#[test]
fn every_operation_of_the_contract_has_its_command() {
    let mut here = COMMANDS.map(|(operation, _)| operation);
    let mut there = ENDPOINTS.map(|facts| facts.name);
    here.sort_unstable();
    there.sort_unstable();
    assert_eq!(here, there);
}

async fn walk(json: bool) {
    let (server, terminal) = admin_of_one_dead().await;
    let (id, name) = running(&terminal).await;
    let mut conversation = String::new();
    for (operation, words) in COMMANDS {
        if operation == "get_conversation" {
            let list = terminal.done(&["conversations", "list", &name, "--json"]).await.json();
            conversation = list["conversations"][0]["id"].as_str().expect("one was had").to_owned();
        }
        let mut words: Vec<&str> = words
            .iter()
            .map(|word| match *word {
                "ID" => id.as_str(),
                "NAME" => name.as_str(),
                "CONVERSATION" => conversation.as_str(),
                word => word,
            })
            .collect();
        if json {
            words.push("--json");
        }
        let before = server.counts().of(operation);
        let said = terminal.done(&words).await;
        assert!(server.counts().of(operation) > before, "{words:?} did not send {operation}");
        if json {
            let documents: Vec<serde_json::Value> = match operation {
                "chat" => {
                    said.out.lines().map(|line| serde_json::from_str(line).expect("a document")).collect()
                }
                _ => vec![said.json()],
            };
            assert!(documents.iter().all(|document| document["schema"] == 1), "{words:?}: {}", said.out);
            assert_eq!(said.err, "", "programs are told nothing else");
        } else {
            assert!(
                !said.out.trim().is_empty() && !said.out.contains("\"schema\""),
                "{words:?}: {}",
                said.out
            );
        }
        let key = &server.keys().admin;
        assert!(!said.out.contains(key) && !said.err.contains(key), "{words:?} tells the key");
    }
}

#[tokio::test]
async fn people_get_tables_of_every_operation() {
    walk(false).await;
}

#[tokio::test]
async fn programs_get_a_document_of_every_operation() {
    walk(true).await;
}

#[tokio::test]
async fn usage_goes_into_a_spreadsheet() {
    let (_server, terminal) = admin(3).await;
    let (id, _) = running(&terminal).await;
    let said = terminal.done(&["usage", &id, "--days", "3", "--csv"]).await;
    let lines: Vec<&str> = said.out.split("\r\n").collect();
    assert_eq!(lines[0], "day_utc,cost_usd,requests,tokens,unique_users,state");
    assert_eq!(lines.len(), 5, "three days, a head and an end: {lines:?}");
}

#[tokio::test]
async fn a_log_is_followed_line_by_line_until_the_instance_is_gone() {
    let (_server, terminal) = admin(3).await;
    let (id, name) = running(&terminal).await;
    let mut child =
        terminal.command(&["logs", &id, "--tail", "1", "-f", "--json"]).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it speaks")).lines();
    let mut next = async || -> serde_json::Value {
        let line = lines.next_line().await.expect("text").expect("it goes on");
        serde_json::from_str(&line).expect("a document a line")
    };
    let newest = next().await["line"]["seq"].as_i64().expect("a number");
    terminal.done(&["updates", "apply", &id]).await;
    let later = next().await["line"]["seq"].as_i64().expect("a number");
    assert!(later > newest, "what comes later comes by itself, and nothing twice");
    terminal.done(&["instances", "delete", &id, "--confirm", &name]).await;
    assert_eq!(child.wait().await.expect("it ends").code(), Some(0));
}

#[tokio::test]
async fn a_message_comes_on_standard_input() {
    let (_server, terminal) = admin(3).await;
    let (id, _) = running(&terminal).await;
    let said = terminal.say(&["chat", &id], "help\n").await;
    assert!(said.code == 0 && said.out.contains("status"), "{said:?}");
}

#[tokio::test]
async fn a_configuration_goes_out_to_a_file_and_comes_back_from_one() {
    let (_server, terminal) = admin(3).await;
    let (id, _) = running(&terminal).await;
    let mut config: serde_json::Value =
        serde_json::from_str(&terminal.done(&["config", "get", &id]).await.out).expect("JSON");
    let unchanged = terminal.say(&["config", "set", &id, "--file", "-", "--json"], &config.to_string()).await;
    assert_eq!((unchanged.code, unchanged.json()["saved"].as_bool()), (0, Some(false)), "{unchanged:?}");
    config["agents"]["defaults"]["timeoutSeconds"] = 77.into();
    let file = terminal.folder().join("config.json");
    std::fs::write(&file, config.to_string()).expect("writes");
    let file = file.to_string_lossy();
    let diff = terminal.done(&["config", "diff", &id, "--file", &file]).await;
    assert!(diff.out.contains("agents.defaults.timeoutSeconds") && diff.out.contains("77"), "{diff:?}");
    let saved = terminal.done(&["config", "set", &id, "--file", &file, "--json"]).await.json();
    assert_eq!((saved["saved"].as_bool(), saved["verified"].as_bool()), (Some(true), Some(true)));
}

#[tokio::test]
async fn every_shell_gets_its_completions() {
    let terminal = crate::terminal::Terminal::bare();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = terminal.done(&["completions", shell]).await;
        assert!(said.out.contains("platform-config") && said.out.contains("rotate-key"), "{shell}");
    }
}
