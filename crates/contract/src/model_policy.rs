//! Which models an agent uses: operation 15. There is no GET.

use crate::endpoint::{Endpoint, Repeat, Scope};
use crate::{InstanceId, tolerant};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;

/// The answer of a change. Source: "Update Model Policy".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct ModelPolicyChanged {
    /// Whose.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub instance_id: InstanceId,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub message: Option<String>,
    /// The policy that holds now.
    #[serde(deserialize_with = "tolerant::object")]
    #[specta(type = specta_typescript::Unknown)]
    pub model_policy: Map<String, Value>,
}

/// Operation 15: `PATCH /v1/instances/{id}/model-policy`. One key is named elsewhere in the docs: `primary`.
#[derive(Debug, Clone)]
pub struct UpdateModelPolicy {
    /// Which one.
    pub id: InstanceId,
    /// The keys to change.
    pub policy: Map<String, Value>,
}

impl Endpoint for UpdateModelPolicy {
    const NAME: &'static str = "update_model_policy";
    const METHOD: Method = Method::PATCH;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/model-policy";
    const REPEAT: Repeat = Repeat::Never;
    const SCOPE: Scope = Scope::Write;
    type Body = Map<String, Value>;
    type Reply = ModelPolicyChanged;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn body(&self) -> Option<&Map<String, Value>> {
        Some(&self.policy)
    }
}
