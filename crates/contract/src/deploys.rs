//! Making an instance: operations 2 (create) and 4 (poll by key).

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::instances::Status;
use crate::logs::LogLine;
use crate::{IdempotencyKey, InstanceId, tolerant};
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

/// The preset that the platform takes when none is named.
pub const DEFAULT_PRESET: &str = "personal_assistant";

/// The body of a create. Fields that are none are not sent. Source: "Create Instance".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
pub struct NewInstance {
    /// Where. Required.
    pub region_id: String,
    /// A product tier's UUID. Required.
    pub tier_id: String,
    /// The agent's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_name: Option<String>,
    /// For whom; the caller when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// Makes two creates one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// Which runtime, as `<runtime>-basic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest_id: Option<String>,
    /// What it is made from; [`DEFAULT_PRESET`] when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset_id: Option<String>,
    /// A recipe of the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipe_id: Option<String>,
    /// How the agent addresses its user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_display_name: Option<String>,
    /// A website's template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website_template_slug: Option<String>,
    /// Workflows to install, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_slugs: Option<Vec<String>>,
}

/// Operation 2: `POST /v1/instances`. Asynchronous: a worker makes the row later.
#[derive(Debug, Clone)]
pub struct CreateInstance {
    /// What to make.
    pub new: NewInstance,
}

/// The answer of a create.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct CreateAccepted {
    /// Echoed, or minted by the platform when none was sent.
    #[serde(deserialize_with = "tolerant::id")]
    pub idempotency_key: Option<IdempotencyKey>,
    /// None until the worker has made the row.
    #[serde(deserialize_with = "tolerant::id")]
    pub instance_id: Option<InstanceId>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub message: Option<String>,
    /// The worker's task.
    #[serde(deserialize_with = "tolerant::id")]
    pub task_id: Option<String>,
}

impl Endpoint for CreateInstance {
    const NAME: &'static str = "create_instance";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/v1/instances";
    const REPEAT: Repeat = Repeat::WithKey;
    const SCOPE: Scope = Scope::Write;
    type Body = NewInstance;
    type Reply = CreateAccepted;

    fn body(&self) -> Option<&NewInstance> {
        Some(&self.new)
    }
}

/// Operation 4: `GET /v1/instances/by-key/{idempotency_key}`.
#[derive(Debug, Clone)]
pub struct PollByKey {
    /// The key that the create carried.
    pub key: IdempotencyKey,
}

/// How far a deploy has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct DeployProgress {
    /// 1 installing, 2 configuring, 3 securing, 4 ready.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub bootstrap_seq: Option<i64>,
    /// The word for `bootstrap_seq`.
    #[serde(deserialize_with = "tolerant::text")]
    pub bootstrap_stage: Option<String>,
    /// Why it failed.
    #[serde(deserialize_with = "tolerant::text")]
    pub error_message: Option<String>,
    /// False until the worker has made the row. An answer that does not say proves nothing.
    #[serde(deserialize_with = "tolerant::maybe_flag")]
    pub found: Option<bool>,
    /// The server's name.
    #[serde(deserialize_with = "tolerant::text")]
    pub hostname: Option<String>,
    /// None until the worker has made the row.
    #[serde(deserialize_with = "tolerant::id")]
    pub instance_id: Option<InstanceId>,
    /// Provisioning log lines. Their keys are not documented here; read as operation 14's.
    #[serde(deserialize_with = "tolerant::rows")]
    pub logs: Vec<LogLine>,
    /// No value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub provisioning_stage: Option<String>,
    /// See [`Status`].
    #[serde(deserialize_with = "tolerant::text")]
    pub status: Option<Status>,
}

impl Endpoint for PollByKey {
    const NAME: &'static str = "poll_by_key";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances/by-key/{idempotency_key}";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = DeployProgress;

    fn segments(&self) -> Vec<&str> {
        vec![self.key.as_str()]
    }
}
