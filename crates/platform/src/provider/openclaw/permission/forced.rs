//! Proof that a permission is put in force: in a gateway that merges as the real one does.

use super::force::difference;
use super::{NotInForce, put_in_force, section};
use crate::masks::merge;
use crate::provider::openclaw::ask::{Ask, AskError};
use nineheads_contract::local::Permission;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Mutex;

const FOLDER: &str = "/agents/one/workspace";

/// A gateway's configuration, and every write of it.
struct Gateway {
    document: Mutex<Value>,
    writes: Mutex<Vec<Value>>,
    /// Writes that somebody else comes before.
    stale: Mutex<usize>,
    /// Whether it says yes and does nothing.
    ignores: bool,
    /// Conversations, each with its own mode.
    sessions: Mutex<Vec<Value>>,
}

impl Gateway {
    fn with(document: Value) -> Self {
        let (document, writes) = (Mutex::new(document), Mutex::new(Vec::new()));
        Self { document, writes, stale: Mutex::new(0), ignores: false, sessions: Mutex::default() }
    }

    fn document(&self) -> Value {
        self.document.lock().expect("no panic").clone()
    }
}

impl Ask for Gateway {
    fn ask(&self, method: &'static str, params: Value) -> Result<Value, AskError> {
        if method == "config.get" {
            return Ok(json!({ "parsed": self.document(), "hash": "h" }));
        }
        let mut sessions = self.sessions.lock().expect("no panic");
        if method == "sessions.list" {
            let at = usize::try_from(params["offset"].as_u64().expect("a number")).expect("small");
            assert_eq!(params["archived"], "all");
            let page: Vec<_> = sessions.iter().skip(at).take(3).cloned().collect();
            let more = sessions.len() > at + 3;
            return Ok(json!({ "sessions": page, "hasMore": more, "nextOffset": more.then_some(at + 3) }));
        }
        if method == "sessions.patch" {
            for row in sessions.iter_mut().filter(|row| !self.ignores && row["key"] == params["key"]) {
                row["permissionMode"] = params["permissionMode"].clone();
            }
            return Ok(json!({ "ok": true }));
        }
        if method == "sessions.delete" {
            sessions.retain(|row| self.ignores || row["key"] != params["key"]);
            return Ok(json!({ "deleted": true }));
        }
        assert_eq!((method, &params["baseHash"]), ("config.patch", &json!("h")));
        let refused = |message: &str| {
            Err(AskError::Refused {
                code: "INVALID_REQUEST".into(),
                message: message.into(),
                details: Value::Null,
            })
        };
        let mut stale = self.stale.lock().expect("no panic");
        if *stale > 0 {
            *stale -= 1;
            return refused("config changed since last load; re-run config.get and retry");
        }
        let patch: Value = serde_json::from_str(params["raw"].as_str().expect("text")).expect("JSON");
        let before = self.document();
        let mut after = before.clone();
        merge(&mut after, patch.clone());
        let named = params["replacePaths"].as_array().cloned().unwrap_or_default();
        for list in lists(&before, String::new()) {
            let pointer = format!("/{}", list.replace('.', "/"));
            if before.pointer(&pointer) != after.pointer(&pointer) && !named.contains(&json!(list)) {
                return refused(&format!("config.patch would remove entries from array path(s): {list}"));
            }
        }
        if !self.ignores {
            *self.document.lock().expect("no panic") = after;
        }
        let restart = patch.get("mcp").is_some();
        self.writes.lock().expect("no panic").push(patch);
        Ok(json!({ "sentinel": { "payload": { "stats": { "requiresRestart": restart } } } }))
    }
}

fn lists(value: &Value, path: String) -> Vec<String> {
    match value {
        Value::Array(_) => vec![path],
        Value::Object(map) => {
            let below = |key: &String| if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            map.iter().flat_map(|(key, value)| lists(value, below(key))).collect()
        }
        _ => Vec::new(),
    }
}

/// An agent that could do everything, with much of it written by itself.
fn wide() -> Value {
    let mut document = json!({
        "gateway": { "mode": "local", "auth": { "token": "${OPENCLAW_GATEWAY_TOKEN}" }, "tools": { "allow": ["exec"] } },
        "models": { "providers": { "p": { "baseUrl": "https://api.example.com/v1", "apiKey": "${NINEHEADS_MODEL_KEY}",
            "models": [{ "id": "m" }], "localService": { "command": "sh" } } } },
        "agents": { "defaults": { "model": { "primary": "p/m" } },
            "entries": { "main": { "name": "Main", "tools": { "alsoAllow": ["exec"], "fs": { "workspaceOnly": false } } },
                         "other": { "workspace": "/" } } },
        "mcp": { "servers": { "evil": { "command": "sh", "args": ["-c", "true"] } } },
        "plugins": { "load": { "paths": ["/tmp/p.js"] }, "entries": { "x": { "enabled": true } } },
        "env": { "vars": { "PATH": "/tmp" } },
        "$include": "./more.json5",
        "ui": { "seamColor": "#112233" },
        "logging": { "file": "/log", "level": "debug" },
    });
    merge(&mut document, section(Permission::WholeComputer, Path::new(FOLDER)));
    document
}

#[test]
fn narrowing_takes_away_all_power_and_leaves_what_is_harmless() {
    for permission in [Permission::Talk, Permission::OwnFolder] {
        let gateway = Gateway::with(wide());
        let done = put_in_force(&gateway, permission, Path::new(FOLDER)).expect("in force");
        assert!(done.changed && done.needs_restart);
        let mut expected = json!({
            "gateway": { "mode": "local", "auth": { "token": "${OPENCLAW_GATEWAY_TOKEN}" } },
            "models": { "providers": { "p": { "baseUrl": "https://api.example.com/v1",
                "apiKey": "${NINEHEADS_MODEL_KEY}", "models": [{ "id": "m" }] } } },
            "agents": { "defaults": { "model": { "primary": "p/m" } }, "entries": { "main": { "name": "Main" } } },
            "ui": { "seamColor": "#112233" },
            "logging": { "file": "/log", "level": "debug" },
        });
        merge(&mut expected, section(permission, Path::new(FOLDER)));
        assert_eq!(gateway.document(), expected, "{permission:?}");
    }
}

#[test]
fn the_tools_are_gone_with_the_first_write_which_waits_for_no_restart() {
    let gateway = Gateway::with(wide());
    put_in_force(&gateway, Permission::Talk, Path::new(FOLDER)).expect("in force");
    let writes = gateway.writes.lock().expect("no panic");
    let first: Vec<_> = writes[0].as_object().expect("an object").keys().cloned().collect();
    assert_eq!(first, ["tools", "agents"]);
    assert_eq!(writes[0]["tools"]["deny"], json!(["*"]));
    assert_eq!(writes[0]["agents"]["entries"], json!({ "main": { "tools": null }, "other": null }));
    assert_eq!(writes.len(), 2);
}

#[test]
fn what_is_in_force_is_not_written_again() {
    for permission in [Permission::Talk, Permission::OwnFolder, Permission::WholeComputer] {
        let gateway = Gateway::with(wide());
        put_in_force(&gateway, permission, Path::new(FOLDER)).expect("in force");
        gateway.writes.lock().expect("no panic").clear();
        let again = put_in_force(&gateway, permission, Path::new(FOLDER)).expect("in force");
        assert!(!again.changed && !again.needs_restart, "{permission:?}");
        assert!(gateway.writes.lock().expect("no panic").is_empty());
    }
}

#[test]
fn every_permission_leads_to_every_other_one() {
    let all = [Permission::Talk, Permission::OwnFolder, Permission::WholeComputer];
    for from in all {
        for to in all {
            let gateway = Gateway::with(json!({}));
            put_in_force(&gateway, from, Path::new(FOLDER)).expect("in force");
            put_in_force(&gateway, to, Path::new(FOLDER)).expect("in force");
            assert!(
                difference(to, Path::new(FOLDER), &gateway.document()).patch.is_empty(),
                "{from:?} to {to:?}"
            );
        }
    }
}

#[test]
fn somebody_else_s_write_in_between_is_read_and_written_over() {
    let gateway = Gateway::with(wide());
    *gateway.stale.lock().expect("no panic") = 2;
    put_in_force(&gateway, Permission::Talk, Path::new(FOLDER)).expect("in force");
    assert_eq!(gateway.document()["tools"]["deny"], json!(["*"]));
}

#[test]
fn a_gateway_that_says_yes_and_does_nothing_is_found_out() {
    let gateway = Gateway { ignores: true, ..Gateway::with(wide()) };
    let failed = put_in_force(&gateway, Permission::Talk, Path::new(FOLDER));
    assert_eq!(failed, Err(NotInForce::Ignored));
}

#[test]
fn a_conversation_keeps_no_rights_of_its_own_below_the_widest_permission() {
    let all = || {
        let row = |n: usize| {
            let mode = [Value::Null, json!("full"), json!("workspace")][n % 3].clone();
            json!({ "key": format!("agent:main:{n}"), "permissionMode": mode })
        };
        Mutex::new((0..8).map(row).collect::<Vec<_>>())
    };
    for permission in [Permission::Talk, Permission::OwnFolder] {
        let gateway = Gateway { sessions: all(), ..Gateway::with(wide()) };
        put_in_force(&gateway, permission, Path::new(FOLDER)).expect("in force");
        let sessions = gateway.sessions.lock().expect("no panic");
        assert!(sessions.iter().all(|row| row["permissionMode"].is_null()), "{permission:?}");
    }
    let gateway = Gateway { sessions: all(), ..Gateway::with(wide()) };
    put_in_force(&gateway, Permission::WholeComputer, Path::new(FOLDER)).expect("in force");
    assert_eq!(gateway.sessions.lock().expect("no panic")[1]["permissionMode"], "full");

    let document = section(Permission::Talk, Path::new(FOLDER));
    let stubborn = Gateway { sessions: all(), ignores: true, ..Gateway::with(document) };
    assert_eq!(put_in_force(&stubborn, Permission::Talk, Path::new(FOLDER)), Err(NotInForce::Ignored));
}

#[test]
fn a_conversation_with_a_folder_elsewhere_goes_and_one_inside_stays() {
    let row = |key: &str, folder: Value| json!({ "key": key, "spawnedCwd": folder });
    let rows = vec![
        row("plain", Value::Null),
        row("inside", json!(format!("{FOLDER}/notes"))),
        row("home", json!("/people/me")),
        row("beside", json!(format!("{FOLDER}-other"))),
        row("climbing", json!(format!("{FOLDER}/../state"))),
        row("odd", json!(["/"])),
    ];
    let gateway = Gateway { sessions: Mutex::new(rows), ..Gateway::with(wide()) };
    put_in_force(&gateway, Permission::OwnFolder, Path::new(FOLDER)).expect("in force");
    let sessions = gateway.sessions.lock().expect("no panic");
    let left: Vec<_> = sessions.iter().map(|row| row["key"].clone()).collect();
    assert_eq!(left, ["plain", "inside"]);
}
