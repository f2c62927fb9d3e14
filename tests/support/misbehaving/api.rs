//! What the server knows and says when it behaves: a list, instances made by key, and little else.

use super::Asked;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The state behind the answers.
#[derive(Debug, Default)]
pub struct Api {
    /// The rows of the list.
    pub rows: Vec<Value>,
    /// The instance of each key that was taken.
    pub made: BTreeMap<String, String>,
    /// Whether a create's worker has made the row by the time somebody asks by its key.
    pub slow_worker: bool,
    /// The agent's configuration.
    pub config: Value,
}

impl Api {
    /// So many rows.
    pub fn new(rows: usize) -> Self {
        let rows = (0..rows).map(|n| row(&format!("row-{n}"), &format!("Agent {n}"))).collect();
        Self { rows, config: json!({ "agents": { "defaults": { "model": "x" } } }), ..Self::default() }
    }

    /// The good answer to a request. A create is taken here.
    pub(super) fn answer(&mut self, asked: &Asked) -> (u16, Value) {
        let (method, path) = asked.what.split_once(' ').unwrap_or_default();
        let parts: Vec<_> = path.trim_start_matches('/').split('/').collect();
        match (method, &parts[..]) {
            ("GET", ["v1", "instances"]) => (200, json!({ "instances": self.rows })),
            ("POST", ["v1", "instances"]) => (200, self.take(&asked.body)),
            ("GET", ["v1", "instances", "by-key", key]) => (200, self.progress(key)),
            ("GET", ["v1", "instances", id]) => self.with_row(id, Value::clone),
            ("DELETE", ["v1", "instances", id]) => {
                let known = self.rows.len();
                self.rows.retain(|row| row["id"] != *id);
                let gone = json!({ "instance_id": id, "status": "deleted", "already_deleted": known == self.rows.len() });
                (200, gone)
            }
            ("GET", ["v1", "instances", id, "runtime"]) => self.with_row(
                id,
                |row| json!({ "instance_id": row["id"], "status": "running", "skills_loaded": [] }),
            ),
            ("GET", ["v1", "instances", id, "logs"]) => self.with_row(id, |row| {
                let line =
                    json!({ "message": "started", "stage": "ready", "created_at": "2026-11-01T08:00:00Z" });
                json!({ "instance_id": row["id"], "logs": [line], "total": 1 })
            }),
            ("GET", ["v1", "instances", id, "config"]) => {
                let config = self.config.clone();
                self.with_row(id, |_| config)
            }
            _ => (404, json!({ "detail": "Not Found" })),
        }
    }

    fn with_row(&self, id: &str, answer: impl FnOnce(&Value) -> Value) -> (u16, Value) {
        match self.rows.iter().find(|row| row["id"] == id) {
            Some(row) => (200, answer(row)),
            None => (404, json!({ "detail": "Instance not found" })),
        }
    }

    fn take(&mut self, body: &[u8]) -> Value {
        let key = key_of(body).unwrap_or_else(|| format!("unnamed-{}", self.made.len()));
        let id = match self.made.get(&key) {
            Some(id) => id.clone(),
            None => {
                let id = format!("made-{}", self.made.len());
                let name = serde_json::from_slice::<Value>(body).unwrap_or_default()["agent_name"].clone();
                self.rows.push(row(&id, name.as_str().unwrap_or("Nameless")));
                self.made.insert(key.clone(), id.clone());
                id
            }
        };
        json!({ "idempotency_key": key, "instance_id": null, "task_id": format!("task-{id}"), "message": "queued" })
    }

    fn progress(&self, key: &str) -> Value {
        match self.made.get(key) {
            Some(id) if !self.slow_worker => json!({
                "found": true, "instance_id": id, "status": "running", "bootstrap_stage": "ready",
                "bootstrap_seq": 4, "hostname": format!("{id}.example"), "logs": []
            }),
            _ => json!({ "found": false, "instance_id": null, "logs": [] }),
        }
    }
}

/// A row as the platform would write it.
fn row(id: &str, name: &str) -> Value {
    json!({
        "id": id, "agent_name": name, "status": "running", "region_id": "eu-central",
        "hostname": format!("{id}.example"), "created_at": "2026-11-01T08:00:00Z", "product_tier_name": "Starter"
    })
}

/// The key that a create carries.
pub(super) fn key_of(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Value>(body).ok()?["idempotency_key"].as_str().map(str::to_owned)
}
