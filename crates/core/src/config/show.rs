//! Differences as a person sees them: what weighs more stands out, and no secret is shown.

use super::ConfigSide;
use super::diff::{Difference, diff};
use super::masks::is_mask;
use super::merge::Conflict;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// Most characters of one shown value.
const SHOWN: usize = 2000;
/// Most shown differences of one comparison.
const LISTED: usize = 2000;

/// How much a difference matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConfigWeight {
    /// A key, a token, a password.
    Secret,
    /// Which model answers, and at what price.
    Model,
    /// How people reach the agent.
    Channel,
    /// Everything else.
    Plain,
}

/// What became of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConfigChangeKind {
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
    /// It has another value.
    Changed,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ConfigChange {
    /// Where.
    pub path: Vec<String>,
    /// What became of it.
    pub kind: ConfigChangeKind,
    /// How much it matters.
    pub weight: ConfigWeight,
    /// JSON text, cut; none for secrets and where there was nothing.
    pub before: Option<String>,
    /// JSON text, cut; none for secrets and where there is nothing.
    pub after: Option<String>,
}

/// A place that both sides changed differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ConfigConflict {
    /// Where.
    pub path: Vec<String>,
    /// JSON text, cut; none for secrets and where there was nothing. So for all three.
    pub base: Option<String>,
    /// The draft's.
    pub mine: Option<String>,
    /// The server's.
    pub theirs: Option<String>,
    /// Whose stands; none while nobody has chosen.
    pub chosen: Option<ConfigSide>,
}

/// All differences, as they are shown.
pub(crate) fn changes(before: &Value, after: &Value) -> Vec<ConfigChange> {
    diff(before, after).iter().take(LISTED).map(change).collect()
}

fn change(found: &Difference) -> ConfigChange {
    let weight = weigh(found);
    let kind = match (&found.before, &found.after) {
        (None, _) => ConfigChangeKind::Added,
        (_, None) => ConfigChangeKind::Removed,
        _ => ConfigChangeKind::Changed,
    };
    let text = |value: &Option<Value>| show(&found.path, value.as_ref());
    ConfigChange {
        path: found.path.clone(),
        kind,
        weight,
        before: text(&found.before),
        after: text(&found.after),
    }
}

/// A conflict, as it is shown.
pub(crate) fn conflict(found: &Conflict) -> ConfigConflict {
    let text = |value: &Option<Value>| show(&found.path, value.as_ref());
    ConfigConflict {
        path: found.path.clone(),
        base: text(&found.base),
        mine: text(&found.mine),
        theirs: text(&found.theirs),
        chosen: found.chosen,
    }
}

fn weigh(found: &Difference) -> ConfigWeight {
    let under =
        |names: &[&str]| found.path.iter().any(|key| names.contains(&key.to_ascii_lowercase().as_str()));
    let masked = [&found.before, &found.after].into_iter().flatten().any(is_mask);
    match () {
        () if masked || is_secret_path(&found.path) => ConfigWeight::Secret,
        () if found.path.first().is_some_and(|key| key == "channels") => ConfigWeight::Channel,
        () if under(&["model", "models", "primary", "fallbacks", "modelpolicy", "model_policy"]) => {
            ConfigWeight::Model
        }
        () => ConfigWeight::Plain,
    }
}

/// The text of a value without the secrets in it; none where nothing may be shown.
fn show(path: &[String], value: Option<&Value>) -> Option<String> {
    let value = value?;
    if is_secret_path(path) && !value.is_object() && !value.is_array() {
        return None;
    }
    let mut copy = value.clone();
    hide(&mut copy, false, is_secret_path(path));
    let text = serde_json::to_string_pretty(&copy).unwrap_or_default();
    Some(match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    })
}

/// Puts a mask in the place of every text whose key says that it is a secret, and leaves the platform's own masks.
pub fn mask_secrets(value: &mut Value) {
    hide(value, true, false);
}

/// `is_secret`: the key says so. An entry of a list of secrets is one as well.
fn hide(value: &mut Value, keeps_masks: bool, is_secret: bool) {
    match value {
        masked if keeps_masks && is_mask(masked) => {}
        Value::String(text) if is_secret && !text.is_empty() => *text = "•••".to_owned(),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                // What lies below a secret is one, whatever it is called.
                hide(value, keeps_masks, is_secret || is_secret_key(key));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, keeps_masks, is_secret)),
        _ => {}
    }
}

/// What lies below a secret is one as well.
fn is_secret_path(path: &[String]) -> bool {
    path.iter().any(|key| is_secret_key(key))
}

/// Whether a key's name says that its value is a secret. A count of tokens is none.
pub(crate) fn is_secret_key(key: &str) -> bool {
    let key: String =
        key.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    [
        "apikey",
        "token",
        "password",
        "passphrase",
        "secret",
        "privatekey",
        "credential",
        "agentkey",
        "encryptionkey",
        "credentials",
        "passwd",
        "secretkey",
        "accesskey",
        "signingkey",
    ]
    .iter()
    .any(|ending| key.ends_with(ending))
        || key == "authorization"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_models_and_channels_stand_out_and_no_secret_is_shown() {
        let before = json!({"gateway": {"token": "old-secret"}, "agents": {"model": {"primary": "a"}}, "channels": {}, "x": 1});
        let after = json!({
            "gateway": {"token": "new-secret"}, "agents": {"model": {"primary": "b"}},
            "channels": {"telegram": {"botToken": "123:abc", "enabled": true}}, "x": 2
        });
        let shown = changes(&before, &after);
        let weights: Vec<_> = shown.iter().map(|change| change.weight).collect();
        assert_eq!(
            weights,
            [ConfigWeight::Secret, ConfigWeight::Model, ConfigWeight::Channel, ConfigWeight::Plain]
        );
        let text = serde_json::to_string(&shown).expect("serialises");
        for secret in ["old-secret", "new-secret", "123:abc"] {
            assert!(!text.contains(secret), "{secret} is shown");
        }
        assert!(text.contains("•••"));
    }

    #[test]
    fn a_document_without_secrets_still_has_the_platforms_masks() {
        let mut document =
            json!({"token": "real", "n": [{"password": "__OPENCLAW_REDACTED__"}], "maxTokens": 5});
        mask_secrets(&mut document);
        let expected = json!({"token": "•••", "n": [{"password": "__OPENCLAW_REDACTED__"}], "maxTokens": 5});
        assert_eq!(document, expected);
    }

    #[test]
    fn an_entry_of_a_list_of_secrets_is_one() {
        let mut document = serde_json::json!({"token": ["a", {"name": "b"}], "names": ["c"]});
        mask_secrets(&mut document);
        assert_eq!(document, serde_json::json!({"token": ["•••", {"name": "•••"}], "names": ["c"]}));
    }

    #[test]
    fn what_lies_below_a_secret_is_one_whatever_it_is_called() {
        let mut document =
            json!({"credentials": {"value": "sk-1", "more": [{"x": "y"}]}, "plain": {"value": "seen"}});
        mask_secrets(&mut document);
        assert_eq!(
            document,
            json!({"credentials": {"value": "•••", "more": [{"x": "•••"}]}, "plain": {"value": "seen"}})
        );
        let changed =
            changes(&json!({"credentials": {"value": "old"}}), &json!({"credentials": {"value": "new"}}));
        assert!(
            changed.iter().all(|change| change.before.is_none() && change.after.is_none()),
            "{changed:?}"
        );
    }

    #[test]
    fn a_number_of_tokens_is_no_secret() {
        assert!(is_secret_key("botToken") && is_secret_key("api_key") && is_secret_key("client-secret"));
        assert!(!is_secret_key("maxTokens") && !is_secret_key("tokens") && !is_secret_key("keyboard"));
    }
}
