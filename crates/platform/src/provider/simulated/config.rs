//! The configuration a simulated agent begins with: the size and shape of a real OpenClaw agent's, made its own.

use crate::dice::{dice, hex, pick};
use crate::masks::is_secret;
use crate::store::Instance;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

/// A document without any secret in it: those are thrown for each instance.
const TEMPLATE: &str = include_str!("config.json");

const MODELS: [&str; 3] = ["platform/sonnet-large", "platform/sonnet-small", "platform/opus-large"];
const CHANNELS: [&str; 5] = ["telegram", "whatsapp", "email", "sms", "voice"];
const TONES: [&str; 4] =
    ["friendly and brief", "formal", "warm and patient", "matter-of-fact, with numbers first"];

pub(super) fn first(seed: u64, instance: &Instance) -> Map<String, Value> {
    let mut document: Value =
        serde_json::from_str(TEMPLATE).expect("the template is part of the program and tested");
    let mut rng = dice(seed, instance.id.as_bytes(), "config");
    let primary = rng.random_range(0..MODELS.len());
    let name = instance.name();
    for (at, value) in [
        ("/agents/defaults/model/primary", json!(MODELS[primary])),
        ("/agents/defaults/model/fallbacks", json!([MODELS[(primary + 1) % MODELS.len()]])),
        ("/agents/list/0/name", json!(name)),
        ("/agents/list/0/identity/name", json!(name)),
        ("/identity/name", json!(name)),
        ("/identity/tone", json!(pick(&mut rng, &TONES))),
        ("/ui/assistant/name", json!(name)),
        ("/limits/maxCostPerDayUsd", json!(rng.random_range(4..=25))),
        ("/session/idleMinutes", json!(rng.random_range(2..=16) * 30)),
        ("/channels/web_chat/enabled", json!(true)),
    ] {
        set(&mut document, at, value);
    }
    for channel in CHANNELS {
        set(&mut document, &format!("/channels/{channel}/enabled"), json!(rng.random_ratio(2, 5)));
    }
    if instance.temper == super::UNHEARD {
        // What it complains of must be on.
        set(&mut document, "/channels/telegram/enabled", json!(true));
    }
    if let Some(entries) = document.pointer_mut("/skills/entries").and_then(Value::as_object_mut) {
        let count = rng.random_range(6..=super::health::SKILLS.len());
        for skill in &super::health::SKILLS[..count] {
            entries.insert((*skill).to_owned(), json!({ "enabled": rng.random_ratio(9, 10) }));
        }
    }
    throw_secrets(&mut document, &mut rng);
    match document {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn set(document: &mut Value, at: &str, value: Value) {
    if let Some(place) = document.pointer_mut(at) {
        *place = value;
    }
}

/// Fills every empty secret.
fn throw_secrets(value: &mut Value, rng: &mut ChaCha8Rng) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Value::String(text) if text.is_empty() && is_secret(key) => {
                        *text = hex(&rng.random::<[u8; 20]>());
                    }
                    other => throw_secrets(other, rng),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| throw_secrets(item, rng)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tests::instance;

    fn leaves(value: &Value) -> usize {
        match value {
            Value::Object(map) if !map.is_empty() => map.values().map(leaves).sum(),
            Value::Array(items) if !items.is_empty() => items.iter().map(leaves).sum(),
            _ => 1,
        }
    }

    #[test]
    fn a_configuration_has_the_size_of_a_real_one_and_its_own_secrets() {
        let config = first(7, &instance());
        assert!(config.len() >= 40, "{} sections", config.len());
        assert!(leaves(&Value::Object(config.clone())) > 400);
        let token = config["gateway"]["auth"]["token"].as_str().expect("a token");
        assert_eq!(token.len(), 40);
        let other = Instance { id: uuid::Uuid::from_u128(9), ..instance() };
        assert_ne!(first(7, &other)["gateway"]["auth"]["token"], token);
        assert_eq!(first(7, &instance()), config);
    }
}
