//! `docs/cli.md` shows the JSON of every command: the fields that come are the fields it shows.

use crate::terminal::{admin_of_one_dead, running};
use serde_json::Value;
use std::collections::BTreeMap;

const PAGE: &str = include_str!("../../../../docs/cli.md");

/// The example below each heading that is a command.
fn examples() -> BTreeMap<&'static str, Value> {
    let mut found = BTreeMap::new();
    for part in PAGE.split("\n### `nineheads ").skip(1) {
        let (name, rest) = part.split_once('`').expect("the heading ends");
        let Some((_, rest)) = rest.split_once("```json\n") else { continue };
        let (example, _) = rest.split_once("```").expect("the example ends");
        // Of many lines the last is the richest.
        let last = if example.starts_with("{\n") {
            example
        } else {
            example.trim().lines().last().unwrap_or_default()
        };
        let value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{name}: {error}\n{last}"));
        found.insert(name, value);
    }
    found
}

/// Where a document differs from its example. An object that is empty in the example may hold anything, null stands for
/// what may be missing, and of a list the first entries are compared.
fn differences(at: &str, shown: &Value, came: &Value, found: &mut Vec<String>) {
    match (shown, came) {
        (Value::Object(shown), Value::Object(came)) => {
            if shown.is_empty() {
                return;
            }
            for name in shown.keys().chain(came.keys().filter(|name| !shown.contains_key(*name))) {
                match (shown.get(name), came.get(name)) {
                    (Some(shown), Some(came)) => differences(&format!("{at}.{name}"), shown, came, found),
                    (Some(_), None) => found.push(format!("{at}.{name} is shown and did not come")),
                    (None, _) => found.push(format!("{at}.{name} came and is not shown")),
                }
            }
        }
        (Value::Array(shown), Value::Array(came)) => {
            if let (Some(shown), Some(came)) = (shown.first(), came.first()) {
                differences(&format!("{at}[0]"), shown, came, found);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        (shown, came) => {
            if std::mem::discriminant(shown) != std::mem::discriminant(came) {
                found.push(format!("{at} is shown as {shown} and came as {came}"));
            }
        }
    }
}

#[tokio::test]
async fn the_fields_that_come_are_the_fields_the_page_shows() {
    let (_server, terminal) = admin_of_one_dead().await;
    let (id, name) = running(&terminal).await;
    let granted = ["consent", "grant", name.as_str(), "--purpose", "to find a fault"];
    terminal.done(&granted).await;
    terminal.done(&["chat", &name, "status"]).await;
    let list = terminal.done(&["conversations", "list", &name, "--json"]).await.json();
    let conversation = list["conversations"][0]["id"].as_str().expect("one was had").to_owned();
    let deploy = ["--region", "eu-central", "--tier", "Starter", "--name", "Quay"];
    let runs: [(&str, Vec<&str>); 23] = [
        ("profiles", vec![]),
        ("instances list", vec![]),
        ("instances show", vec![&name]),
        ("deploy", [&deploy[..], &["--wait"]].concat()),
        ("deploy --choices", vec![]),
        ("logs", vec![&name]),
        ("chat", vec![&name, "status"]),
        ("config get", vec![&name]),
        ("config diff", vec![&name, "--set", "agents.defaults.timeoutSeconds=601"]),
        ("config set", vec![&name, "--set", "agents.defaults.timeoutSeconds=602"]),
        ("platform-config get", vec![&name]),
        ("platform-config set", vec![&name, "--set", "skills=[\"notes\"]"]),
        ("model-policy get", vec![&name]),
        ("model-policy set", vec![&name, "--primary", "platform/sonnet-large"]),
        ("usage", vec![&name, "--days", "3"]),
        ("conversations list", vec![&name]),
        ("conversations show", vec![&name, &conversation]),
        ("consent show", vec![&name]),
        ("consent grant", granted[2..].to_vec()),
        ("updates apply", vec![&name]),
        ("rotate-key", vec![&name, "--confirm", &name]),
        ("cleanup", vec!["--confirm", "1"]),
        ("instances delete", vec![&id, "--confirm", &name]),
    ];
    let mut shown = examples();
    let mut found = Vec::new();
    for (command, more) in runs {
        let words: Vec<&str> = command.split(' ').chain(more).chain(["--json"]).collect();
        let out = terminal.done(&words).await.out;
        let last =
            if out.starts_with("{\n") { out.as_str() } else { out.trim().lines().last().unwrap_or_default() };
        let came: Value = serde_json::from_str(last).expect("JSON");
        match shown.remove(command) {
            Some(shown) => differences(command, &shown, &came, &mut found),
            None => found.push(format!("{command} is not shown:\n{came:#}")),
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    assert!(shown.is_empty(), "these are shown and not tried: {:?}", shown.keys());
}
