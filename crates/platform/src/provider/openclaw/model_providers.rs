//! Where an agent's thoughts come from: as a section of a gateway's configuration, and as somebody who can be tried.
//!
//! Belongs here: which addresses a key may go to, how a provider is tried, and which run on this computer already. Does
//! not belong here: rows, and who may change them.

mod address;
mod found;
mod talk;
mod trial;

pub(crate) use address::checked as checked_address;
pub(crate) use found::found;
pub(crate) use trial::try_out;

use super::child::MODEL_KEY;
use crate::secrets::{SecretStore, SecretStoreError};
use crate::store::model_providers::ModelProviderRow;
use nineheads_contract::local::LocalModel;
use serde_json::{Value, json};

/// Stands for the key where a provider has none: OpenClaw does not start with a name that stands for nothing.
const NO_KEY: &str = "no-key-was-given";

/// Tokens where a provider does not say.
const CONTEXT_WINDOW: u32 = 32_768;
const MAX_TOKENS: u32 = 4_096;

/// The part of a configuration that says where models are and which one is the agent's. Every model of the provider is
/// named, the agent's first: a policy can choose only among those. The key stands in the environment.
pub(crate) fn section(provider: &ModelProviderRow, model: &str) -> Value {
    let chosen = provider.models.iter().find(|known| known.id == model).cloned();
    let chosen = chosen.unwrap_or_else(|| LocalModel { id: model.to_owned(), ..LocalModel::default() });
    let others = provider.models.iter().filter(|known| known.id != model);
    let models: Vec<_> = std::iter::once(&chosen).chain(others).map(entry).collect();
    let name = &provider.name;
    json!({
        "models": { "providers": { name: {
            "baseUrl": provider.base_url,
            "apiKey": format!("${{{MODEL_KEY}}}"),
            "api": "openai-completions",
            "models": models,
        } } },
        "agents": { "defaults": { "model": { "primary": format!("{name}/{model}") } } },
    })
}

fn entry(model: &LocalModel) -> Value {
    let context = model.context_window.unwrap_or(CONTEXT_WINDOW);
    json!({
        "id": model.id, "name": model.id, "reasoning": false, "input": ["text"],
        "cost": { "input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0 },
        "contextWindow": context, "maxTokens": model.max_tokens.unwrap_or(MAX_TOKENS).min(context),
    })
}

/// What a gateway gets for a key: the kept one, or a word that stands for none.
///
/// # Errors
/// [`SecretStoreError`] when the store does not answer.
pub(crate) fn key(secrets: &dyn SecretStore, name: &str) -> Result<Option<String>, SecretStoreError> {
    Ok(Some(kept_key(secrets, name)?.unwrap_or_else(|| NO_KEY.to_owned())))
}

/// The kept key of a provider.
///
/// # Errors
/// [`SecretStoreError`] when the store does not answer.
pub(crate) fn kept_key(secrets: &dyn SecretStore, name: &str) -> Result<Option<String>, SecretStoreError> {
    Ok(secrets.read(&secret_name(name))?.filter(|key| !key.is_empty()))
}

/// Under which name a provider's key is kept.
pub(crate) fn secret_name(provider: &str) -> String {
    format!("model-provider/{provider}")
}

/// Whether a provider may be called so.
pub(crate) fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.len() <= 40 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemorySecrets;

    #[test]
    fn a_section_names_the_model_and_holds_no_key() {
        let provider = ModelProviderRow {
            name: "ollama".into(),
            base_url: "http://127.0.0.1:11434/v1".into(),
            models: vec![LocalModel { id: "qwen3:8b".into(), context_window: Some(2_048), max_tokens: None }],
        };
        let said = section(&provider, "qwen3:8b");
        assert_eq!(said["agents"]["defaults"]["model"]["primary"], "ollama/qwen3:8b");
        let ours = &said["models"]["providers"]["ollama"];
        assert_eq!(ours["apiKey"], "${NINEHEADS_MODEL_KEY}");
        assert_eq!(
            (&ours["models"][0]["contextWindow"], &ours["models"][0]["maxTokens"]),
            (&json!(2048), &json!(2048))
        );
        let new = section(&provider, "new")["models"]["providers"]["ollama"]["models"].clone();
        assert_eq!((&new[0]["id"], &new[0]["contextWindow"]), (&json!("new"), &json!(32_768)));
        assert_eq!(new[1]["id"], "qwen3:8b", "the others can be chosen later");
    }

    #[test]
    fn a_gateway_always_gets_something_for_a_key() {
        let secrets = MemorySecrets::default();
        assert_eq!(key(&secrets, "a").expect("answers").as_deref(), Some(NO_KEY));
        secrets.write(&secret_name("a"), "sk-1").expect("kept");
        assert_eq!(key(&secrets, "a").expect("answers").as_deref(), Some("sk-1"));
    }

    #[test]
    fn names_are_plain() {
        assert!(["a", "open-ai", "llama3", &"a".repeat(40)].iter().all(|name| is_name(name)));
        let wrong = ["", "A", "1a", "-a", "a b", "a/b", "a.b", "a_b", "ä", "__proto__", &"a".repeat(41)];
        assert!(!wrong.iter().any(|name| is_name(name)));
    }
}
