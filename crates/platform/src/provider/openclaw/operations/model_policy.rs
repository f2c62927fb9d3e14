//! Which models a real agent uses: `agents.defaults.model`, and `agents.defaults.models`, which names those that may be
//! used at all where it names any. What else a policy holds is the platform's alone.

use super::super::ask::Ask;
use super::config::{self, Reading, Unwritten};
use crate::masks::merge;
use serde_json::{Map, Value, json};

/// Keys of a policy that an agent's configuration keeps, in `agents.defaults`.
const MODEL: [&str; 2] = ["primary", "fallbacks"];

/// Puts a change of the policy into force. Returns the configuration as it is then.
pub(crate) fn push(
    agent: &dyn Ask,
    change: &Map<String, Value>,
    widened: impl FnOnce(&Value, &Value) -> Vec<String>,
) -> Result<Reading, Unwritten> {
    let current = config::read(agent)?;
    let next = changed(&current.document, change);
    config::write_whole(agent, &current, next, widened)
}

fn changed(document: &Map<String, Value>, change: &Map<String, Value>) -> Map<String, Value> {
    let mut next = Value::Object(document.clone());
    let model: Map<String, Value> =
        MODEL.iter().filter_map(|key| Some(((*key).to_owned(), change.get(*key)?.clone()))).collect();
    if !model.is_empty() {
        // A model may stand as its bare name.
        let defaults = &mut next["agents"]["defaults"];
        if let Value::String(primary) = &defaults["model"] {
            defaults["model"] = json!({ "primary": primary });
        }
        merge(&mut next, json!({ "agents": { "defaults": { "model": model } } }));
    }
    if let Some(models) = change.get("models") {
        merge(&mut next, json!({ "agents": { "defaults": { "models": models } } }));
    }
    allow_chosen(&mut next["agents"]["defaults"]);
    match next {
        Value::Object(next) => next,
        _ => Map::new(),
    }
}

/// Where only named models may be used, those that are chosen are named.
fn allow_chosen(defaults: &mut Value) {
    let chosen = chosen(defaults);
    if let Some(Value::Object(allowed)) = defaults.get_mut("models")
        && !allowed.is_empty()
    {
        for model in chosen {
            allowed.entry(model).or_insert_with(|| json!({}));
        }
    }
}

fn chosen(defaults: &Value) -> Vec<String> {
    let Some(model) = defaults.get("model") else { return Vec::new() };
    let fallbacks = model.get("fallbacks").and_then(Value::as_array).into_iter().flatten();
    let primary = model.as_str().or_else(|| model.get("primary")?.as_str());
    primary.into_iter().chain(fallbacks.filter_map(Value::as_str)).map(str::to_owned).collect()
}

/// The part of the policy that the configuration keeps, as it is in force.
pub(crate) fn in_force(document: &Map<String, Value>) -> Map<String, Value> {
    let defaults = document.get("agents").and_then(|agents| agents.get("defaults"));
    let Some(defaults) = defaults else { return Map::new() };
    let mut policy = Map::new();
    match defaults.get("model") {
        Some(primary @ Value::String(_)) => {
            policy.insert("primary".to_owned(), primary.clone());
        }
        Some(Value::Object(model)) => {
            policy.extend(MODEL.iter().filter_map(|key| Some(((*key).to_owned(), model.get(*key)?.clone()))));
        }
        _ => {}
    }
    if let Some(models) = defaults.get("models") {
        policy.insert("models".to_owned(), models.clone());
    }
    policy
}

#[cfg(test)]
mod tests {
    use super::super::recorded::{Recorded, payload};
    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn a_change_is_sent_to_a_real_configuration_and_read_back() {
        let agent = Recorded::of([
            Ok(payload!("config_get")),
            Ok(payload!("config_patched")),
            Ok(payload!("config_patched")),
        ]);
        let change = map(json!({"primary": "mock/other", "fallbacks": ["mock/small"], "budget": 3}));
        let reading = push(&agent, &change, |_, _| Vec::new()).expect("pushed");
        let raw: Value =
            serde_json::from_str(agent.asked()[1].1["raw"].as_str().expect("a text")).expect("JSON");
        let model = json!({"primary": "mock/other", "fallbacks": ["mock/small"]});
        assert_eq!(raw, json!({"agents": {"defaults": {"model": model}}}));
        assert_eq!(in_force(&reading.document), map(model));
    }

    #[test]
    fn a_bare_model_becomes_an_object_and_chosen_models_are_allowed() {
        let document =
            map(json!({"agents": {"defaults": {"model": "a/x", "models": {"a/x": {"alias": "x"}}}}}));
        assert_eq!(in_force(&document)["primary"], "a/x");
        let next = changed(&document, &map(json!({"fallbacks": ["a/y"]})));
        let defaults = &next["agents"]["defaults"];
        assert_eq!(defaults["model"], json!({"primary": "a/x", "fallbacks": ["a/y"]}));
        assert_eq!(defaults["models"], json!({"a/x": {"alias": "x"}, "a/y": {}}));
        let gone = changed(&next, &map(json!({"fallbacks": null})));
        assert_eq!(gone["agents"]["defaults"]["model"], json!({"primary": "a/x"}));
    }

    #[test]
    fn where_every_model_may_be_used_none_is_named() {
        let next = changed(&map(json!({"agents": {"defaults": {}}})), &map(json!({"primary": "a/x"})));
        assert_eq!(next, map(json!({"agents": {"defaults": {"model": {"primary": "a/x"}}}})));
        assert_eq!(in_force(&Map::new()), Map::new());
    }
}
