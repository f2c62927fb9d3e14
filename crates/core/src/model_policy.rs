//! Which models an agent uses (operation 15). There is no way to read a policy: it is known from the agent's own
//! configuration where that carries it, else from the last answer to a change.

use crate::error::{Code, Failure};
use crate::session::Session;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::model_policy::UpdateModelPolicy;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use specta::Type;

/// The name of its kind in the cache.
const KIND: &str = "model_policy";

/// Where a policy is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PolicySource {
    /// The agent's configuration carries it.
    Config,
    /// The last answer to a change.
    Answer,
    /// It is not known.
    None,
}

/// What is known of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelPolicyView {
    /// All keys that are known.
    #[specta(type = Option<std::collections::HashMap<String, specta_typescript::Unknown>>)]
    pub policy: Option<Map<String, Value>>,
    /// Where from.
    pub source: PolicySource,
    /// When it was seen there.
    pub seen_at: Option<DateTime<Utc>>,
    /// Why the configuration could not be read.
    pub failure: Option<Failure>,
}

/// What became of the push to the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PolicyPushed {
    /// The agent's configuration carries it.
    Pushed,
    /// The platform keeps it; the agent's configuration says something else.
    StoredOnly,
    /// The agent can not be asked.
    Unknown,
}

/// What a change came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelPolicySaved {
    /// The policy that holds now, as the platform answered.
    #[specta(type = std::collections::HashMap<String, specta_typescript::Unknown>)]
    pub policy: Map<String, Value>,
    /// The platform's words.
    pub message: Option<String>,
    /// Whether the agent has it.
    pub pushed: PolicyPushed,
    /// When.
    pub seen_at: DateTime<Utc>,
}

impl Session {
    pub(crate) async fn model_policy(&self, id: &InstanceId) -> Result<ModelPolicyView, Failure> {
        let answered: Option<(Map<String, Value>, DateTime<Utc>)> = self.cache.read_seen(KIND, id.as_str());
        let (from_config, seen_at, failure) = match self.open_config(id).await {
            Ok(view) => {
                let document = serde_json::from_str(&view.document).unwrap_or_default();
                let seen_at = if view.failure.is_none() { self.now() } else { view.version.seen_at };
                (carried(&document), Some(seen_at), view.failure)
            }
            Err(failure) if matches!(failure.code, Code::CredentialRefused) => return Err(failure),
            Err(failure) => (None, None, Some(failure)),
        };
        Ok(match (from_config, answered) {
            // What the agent uses, and whatever else the last answer held.
            (Some(carried), answered) => {
                let mut policy = answered.map(|(policy, _)| policy).unwrap_or_default();
                policy.extend(carried);
                ModelPolicyView { policy: Some(policy), source: PolicySource::Config, seen_at, failure }
            }
            (None, Some((policy, at))) => ModelPolicyView {
                policy: Some(policy),
                source: PolicySource::Answer,
                seen_at: Some(at),
                failure,
            },
            (None, None) => {
                ModelPolicyView { policy: None, source: PolicySource::None, seen_at: None, failure }
            }
        })
    }

    /// What is known of the policy without asking: the last answer, and what the configuration carries of it.
    pub(crate) fn known_policy(
        &self,
        id: &InstanceId,
        config: Option<(&Value, DateTime<Utc>)>,
    ) -> Option<(Map<String, Value>, DateTime<Utc>)> {
        let carried = config.and_then(|(document, at)| Some((carried(document)?, at)));
        let answered = self.answered_policy(id);
        let at = carried.as_ref().or(answered.as_ref()).map(|(_, at)| *at)?;
        let mut policy = answered.map(|(policy, _)| policy).unwrap_or_default();
        policy.extend(carried.map(|(carried, _)| carried).unwrap_or_default());
        Some((policy, at))
    }

    /// The last answer to a change, and when it came.
    pub(crate) fn answered_policy(&self, id: &InstanceId) -> Option<(Map<String, Value>, DateTime<Utc>)> {
        self.cache.read_seen(KIND, id.as_str())
    }

    /// Whether the agent's own configuration, as it is now, uses what a policy says; none where that can not be told.
    pub(crate) async fn agent_uses(
        &self,
        id: &InstanceId,
        policy: &Map<String, Value>,
    ) -> Result<Option<bool>, Failure> {
        let view = self.open_config(id).await?;
        if let Some(failure) = view.failure {
            return Err(failure);
        }
        let document = serde_json::from_str(&view.document).unwrap_or_default();
        Ok(carried(&document).map(|carried| agrees(policy, &carried)))
    }

    /// Sends the whole policy, and looks whether the agent has it.
    ///
    /// # Errors
    /// [`Code::Invalid`] where a mask would be stored as a value; nothing was sent then.
    pub(crate) async fn update_model_policy(
        &self,
        id: &InstanceId,
        policy: Map<String, Value>,
    ) -> Result<ModelPolicySaved, Failure> {
        crate::config::refuse_masks(&policy)?;
        let detail = json!({ "primary": policy.get("primary"), "keys": policy.keys().collect::<Vec<_>>() });
        let primary = policy.get("primary").and_then(Value::as_str).map(str::to_owned);
        let entry = self.enter("update_model_policy", id, detail);
        let sent = self.call(&UpdateModelPolicy { id: id.clone(), policy: policy.clone() }).await;
        entry.end(&sent);
        let answer = sent?;
        let now = self.now();
        // A platform that answers without the policy has taken the one that was sent.
        let holds = if answer.model_policy.is_empty() { policy } else { answer.model_policy };
        self.cache.write_seen(KIND, id.as_str(), &holds, now);
        self.note_settings(id);
        self.note_act(id, "update_model_policy", primary);
        let pushed = match self.open_config(id).await {
            Ok(view) if view.failure.is_none() => {
                let document = serde_json::from_str(&view.document).unwrap_or_default();
                match carried(&document) {
                    Some(carried) if agrees(&holds, &carried) => PolicyPushed::Pushed,
                    Some(_) => PolicyPushed::StoredOnly,
                    None => PolicyPushed::Unknown,
                }
            }
            _ => PolicyPushed::Unknown,
        };
        Ok(ModelPolicySaved { policy: holds, message: answer.message, pushed, seen_at: now })
    }
}

/// The policy inside OpenClaw's configuration: `agents.defaults.model`, an object or a bare name.
fn carried(document: &Value) -> Option<Map<String, Value>> {
    match document.pointer("/agents/defaults/model")? {
        Value::Object(model) => Some(model.clone()),
        Value::String(primary) => Some(Map::from_iter([("primary".to_owned(), json!(primary))])),
        _ => None,
    }
}

/// Whether an agent uses what a policy says of primary and fallbacks.
fn agrees(policy: &Map<String, Value>, carried: &Map<String, Value>) -> bool {
    ["primary", "fallbacks"].into_iter().all(|key| match policy.get(key) {
        None | Some(Value::Null) => true,
        wanted => wanted == carried.get(key),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_found_in_the_configuration_in_both_of_its_spellings() {
        let whole = json!({"agents": {"defaults": {"model": {"primary": "a/b", "fallbacks": ["c"]}}}});
        assert_eq!(carried(&whole).expect("there")["fallbacks"], json!(["c"]));
        let bare = json!({"agents": {"defaults": {"model": "a/b"}}});
        assert_eq!(carried(&bare).expect("there")["primary"], json!("a/b"));
        assert_eq!(carried(&json!({"agents": {}})), None);
    }

    #[test]
    fn an_agent_that_uses_another_model_does_not_agree() {
        let policy = json!({"primary": "a", "budget": 5}).as_object().cloned().expect("an object");
        let same = json!({"primary": "a", "fallbacks": []}).as_object().cloned().expect("an object");
        let other = json!({"primary": "b"}).as_object().cloned().expect("an object");
        assert!(agrees(&policy, &same) && !agrees(&policy, &other));
    }
}
