//! Proof of the guard: real ways to more power, tricks around it, and writes that must never be refused.

use super::ways::ways;
use super::{section, widened};
use crate::masks::merge;
use nineheads_contract::local::Permission;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;

const FOLDER: &str = "/agents/one/workspace";
const GUARDED: [Permission; 2] = [Permission::Talk, Permission::OwnFolder];

/// A configuration as the host makes it.
fn document(permission: Permission) -> Value {
    let mut document = json!({
        "gateway": { "mode": "local", "bind": "loopback",
            "auth": { "mode": "token", "token": "__OPENCLAW_REDACTED__" } },
        "models": { "catalogRefresh": { "enabled": false }, "providers": { "ollama": {
            "baseUrl": "http://127.0.0.1:11434/v1", "apiKey": "${NINEHEADS_MODEL_KEY}",
            "api": "openai-completions", "models": [{ "id": "m", "name": "m" }] } } },
        "agents": { "defaults": { "model": { "primary": "ollama/m" }, "skipBootstrap": true,
            "heartbeat": { "every": "0m" } }, "entries": { "main": {} } },
        "logging": { "file": "/agents/one/state/gateway.jsonl" },
        "mcp": { "servers": { "old": { "command": "true", "enabled": false, "args": ["a"] } } },
    });
    merge(&mut document, section(permission, Path::new(FOLDER)));
    document
}

fn refused(permission: Permission, change: &Value) -> Vec<String> {
    let current = document(permission);
    let mut next = current.clone();
    merge(&mut next, change.clone());
    widened(permission, Path::new(FOLDER), &current, &next)
}

#[test]
fn every_known_way_to_more_power_is_refused_and_named() {
    let ways = ways();
    assert!(ways.len() >= 40);
    for permission in GUARDED {
        for (place, change) in &ways {
            let found = refused(permission, change);
            let named = found.iter().any(|found| found.replace('"', "") == place.replace('"', ""));
            assert!(named, "{permission:?}: {change} names {found:?}, not {place}");
        }
    }
}

#[test]
fn below_the_widest_permission_only_the_guard_stands_and_above_it_nothing_does() {
    for (_, change) in ways() {
        assert!(refused(Permission::WholeComputer, &change).is_empty());
    }
}

#[test]
fn what_provably_takes_away_is_not_refused() {
    let current = document(Permission::OwnFolder);
    let denials = current["tools"]["deny"].as_array().cloned().expect("a list");
    let more: Vec<_> = denials.into_iter().chain([json!("write")]).collect();
    for change in [
        json!({ "tools": { "allow": ["read"] } }),
        json!({ "tools": { "deny": more } }),
        json!({ "tools": { "exec": { "mode": "deny" } } }),
        json!({ "mcp": { "servers": { "old": null } } }),
        json!({ "mcp": { "servers": { "old": { "enabled": false } } } }),
        json!({ "channels": { "telegram": { "enabled": false } } }),
        json!({ "agents": { "entries": { "main": { "tools": { "deny": ["read"] } } } } }),
        section(Permission::OwnFolder, Path::new(FOLDER)),
    ] {
        assert_eq!(refused(Permission::OwnFolder, &change), [""; 0], "{change}");
    }
}

#[test]
fn a_permission_s_own_words_are_no_other_permission_s() {
    let wider = section(Permission::OwnFolder, Path::new(FOLDER));
    assert_eq!(refused(Permission::Talk, &wider), ["tools.profile", "tools.deny", "tools.allow"]);
    let elsewhere = section(Permission::OwnFolder, Path::new("/"));
    assert_eq!(refused(Permission::OwnFolder, &elsewhere), ["agents.defaults.workspace"]);
}

#[test]
fn a_document_that_was_not_in_force_before_is_not_refused_for_that() {
    let current = json!({ "tools": { "profile": "full" } });
    let mut next = current.clone();
    next["ui"] = json!({ "seamColor": "#000000" });
    assert!(widened(Permission::Talk, Path::new(FOLDER), &current, &next).is_empty());
}

/// Writes of what is harmless.
fn harmless_write() -> impl Strategy<Value = Value> {
    let text = "[a-zA-Z0-9 .,!-]{0,12}";
    prop_oneof![
        text.prop_map(|text| json!({ "ui": { "seamColor": text } })),
        (text, any::<bool>()).prop_map(|(key, on)| json!({ "ui": { "prefs": { format!("k{key}"): on } } })),
        text.prop_map(|text| json!({ "messages": { "responsePrefix": text } })),
        any::<u16>().prop_map(|n| json!({ "session": { "reset": { "idleMinutes": n } } })),
        proptest::collection::vec(text, 0..4)
            .prop_map(|words| json!({ "session": { "resetTriggers": words } })),
        text.prop_map(
            |model| json!({ "agents": { "defaults": { "model": { "primary": format!("ollama/{model}") } } } })
        ),
        text.prop_map(
            |name| json!({ "agents": { "entries": { "main": { "identity": { "name": name } } } } })
        ),
        any::<u32>().prop_map(|n| json!({ "models": { "providers": { "ollama": { "models": [
            { "id": "n", "name": "n", "cost": { "input": n, "output": 0 }, "contextWindow": n }] } } } })),
        Just(json!({ "agents": { "defaults": { "heartbeat": { "every": "30m" } } } })),
        Just(json!({ "session": null })),
        Just(json!({ "ui": {} })),
    ]
}

/// Any small JSON.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z*/$.{}]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-zA-Z$_.*]{1,8}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn writes_of_what_is_harmless_are_never_refused(
        writes in proptest::collection::vec(harmless_write(), 1..6),
        own_folder: bool,
    ) {
        let permission = GUARDED[usize::from(own_folder)];
        let mut current = document(permission);
        for write in writes {
            let mut next = current.clone();
            merge(&mut next, write);
            prop_assert_eq!(widened(permission, Path::new(FOLDER), &current, &next), [""; 0]);
            current = next;
        }
    }

    #[test]
    fn nothing_in_an_area_of_power_changes_unnoticed(
        area in proptest::sample::select(vec!["tools", "mcp", "plugins", "hooks", "browser", "commands", "gateway",
            "env", "cron", "nodes", "approvals", "secrets", "acp", "channels", "nodeHost", "$include", "agent"]),
        key in "[a-zA-Z]{1,8}",
        value in json_value(),
    ) {
        let current = document(Permission::Talk);
        let mut next = current.clone();
        merge(&mut next, json!({ area: { &key: value } }));
        let found = widened(Permission::Talk, Path::new(FOLDER), &current, &next);
        prop_assert!(next == current || !found.is_empty(), "{}", next[area]);
    }

    #[test]
    fn the_order_of_keys_decides_nothing(at in 0..100_usize) {
        let ways = ways();
        let (_, change) = &ways[at % ways.len()];
        let current = document(Permission::Talk);
        let mut next = current.clone();
        merge(&mut next, change.clone());
        let turned: std::collections::BTreeSet<_> =
            widened(Permission::Talk, Path::new(FOLDER), &turned(&current), &turned(&next)).into_iter().collect();
        let straight = widened(Permission::Talk, Path::new(FOLDER), &current, &next).into_iter().collect();
        prop_assert_eq!(turned, straight);
    }
}

/// The same document with its keys the other way round.
fn turned(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            Value::Object(map.iter().rev().map(|(key, value)| (key.clone(), turned(value))).collect())
        }
        other => other.clone(),
    }
}
