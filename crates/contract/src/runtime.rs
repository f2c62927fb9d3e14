//! What the agent itself reports: operation 18.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::instances::Status;
use crate::logs::LogLine;
use crate::{InstanceId, tolerant};
use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// Answers in every state with enough to show progress or a diagnosis. Source: "Get Runtime Status".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct RuntimeStatus {
    /// Open connections to the agent.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub active_connections: Option<i64>,
    /// 1 installing, 2 configuring, 3 securing, 4 ready.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub bootstrap_seq: Option<i64>,
    /// The word for `bootstrap_seq`.
    #[serde(deserialize_with = "tolerant::text")]
    pub bootstrap_stage: Option<String>,
    /// No value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub error_code: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub error_message: Option<String>,
    /// Failed health checks in a row.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub health_failures: Option<i64>,
    /// No value is documented; `healthy`, `degraded`, `unhealthy` are ours, and `starting` of an agent on this computer.
    #[serde(deserialize_with = "tolerant::text")]
    pub health_status: Option<String>,
    /// Whose report.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub instance_id: InstanceId,
    /// The agent's last sign of life.
    #[serde(deserialize_with = "tolerant::time")]
    pub last_heartbeat: Option<DateTime<Utc>>,
    /// Node's version on the server.
    #[serde(deserialize_with = "tolerant::text")]
    pub node_version: Option<String>,
    /// The agent's version.
    #[serde(deserialize_with = "tolerant::text")]
    pub openclaw_version: Option<String>,
    /// The newest provisioning lines; read as operation 14's.
    #[serde(deserialize_with = "tolerant::rows")]
    pub provision_logs: Vec<LogLine>,
    /// No value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub provisioning_stage: Option<String>,
    /// Names, or objects with a name: the shape of an entry is not documented.
    #[serde(deserialize_with = "tolerant::rows")]
    #[specta(type = Vec<specta_typescript::Unknown>)]
    pub skills_loaded: Vec<Value>,
    /// See [`Status`].
    #[serde(deserialize_with = "tolerant::text")]
    pub status: Option<Status>,
    /// Seconds since the agent started, or is being started.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub uptime_seconds: Option<i64>,
}

/// Operation 18: `GET /v1/instances/{id}/runtime`.
#[derive(Debug, Clone)]
pub struct GetRuntime {
    /// Which one.
    pub id: InstanceId,
}

impl Endpoint for GetRuntime {
    const NAME: &'static str = "get_runtime";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/runtime";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = RuntimeStatus;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }
}
