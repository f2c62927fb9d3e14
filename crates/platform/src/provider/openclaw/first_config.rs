//! The first configuration of a gateway, written before its first start and never again: later it is the gateway's own.
//! Pure. What an agent may do and where its thoughts come from are given as sections.

use serde_json::{Value, json};
use std::path::Path;

/// Where the gateway's log lies, inside the state folder.
pub(crate) const LOG: &str = "gateway.jsonl";

/// The configuration, with sections laid over it in their order.
pub(crate) fn first_config(state: &Path, workspace: &Path, sections: &[Value]) -> Value {
    let mut config = json!({
        "gateway": {
            "mode": "local",
            "bind": "loopback",
            "auth": { "mode": "token", "token": "${OPENCLAW_GATEWAY_TOKEN}" },
        },
        "agents": { "defaults": {
            "workspace": workspace,
            "skipBootstrap": true,
            // Nothing asks a model unasked: the person pays for every question.
            "heartbeat": { "every": "0m" },
        } },
        "cron": { "enabled": false },
        "logging": { "file": state.join(LOG) },
        "models": { "catalogRefresh": { "enabled": false } },
    });
    for section in sections {
        lay_over(&mut config, section);
    }
    config
}

/// Objects are joined; anything else replaces, and null takes away.
fn lay_over(config: &mut Value, section: &Value) {
    let (Value::Object(config), Value::Object(section)) = (&mut *config, section) else {
        *config = section.clone();
        return;
    };
    for (key, value) in section {
        match value {
            Value::Null => drop(config.remove(key)),
            value => lay_over(config.entry(key).or_insert_with(|| json!({})), value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_joined_and_what_is_ours_stays() {
        let sections = [
            json!({ "models": { "providers": { "p": { "baseUrl": "http://127.0.0.1:1/v1" } } },
                    "agents": { "defaults": { "model": { "primary": "p/m" } } } }),
            json!({ "tools": { "allow": ["read"] } }),
            json!({ "tools": { "allow": ["write"], "deny": null } }),
        ];
        let config = first_config(Path::new("/s"), Path::new("/w"), &sections);
        assert_eq!(config["gateway"]["bind"], "loopback");
        assert_eq!(config["models"]["catalogRefresh"]["enabled"], false);
        assert_eq!(config["models"]["providers"]["p"]["baseUrl"], "http://127.0.0.1:1/v1");
        assert_eq!(config["agents"]["defaults"]["heartbeat"]["every"], "0m");
        assert_eq!(config["agents"]["defaults"]["model"]["primary"], "p/m");
        assert_eq!(config["tools"], json!({ "allow": ["write"] }));
    }

    #[test]
    fn no_token_stands_in_it() {
        let config = first_config(Path::new("/s"), Path::new("/w"), &[]);
        assert_eq!(config["gateway"]["auth"]["token"], "${OPENCLAW_GATEWAY_TOKEN}");
    }
}
