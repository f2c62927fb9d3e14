//! Provisioning logs: operation 14.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::{InstanceId, tolerant};
use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

/// One line. Source: "Get Instance Logs".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct LogLine {
    /// When it was written.
    #[serde(deserialize_with = "tolerant::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// No value is documented; `info`, `warning`, `error` are ours.
    #[serde(deserialize_with = "tolerant::text")]
    pub level: Option<String>,
    /// Hostile text: it may hold escape sequences.
    #[serde(deserialize_with = "tolerant::text")]
    pub message: Option<String>,
    /// The order. Gaps are possible.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub seq: Option<i64>,
    /// The step that wrote it.
    #[serde(deserialize_with = "tolerant::text")]
    pub stage: Option<String>,
}

/// All lines of an instance, ordered by `seq`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct ProvisionLogs {
    /// Whose lines.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub instance_id: InstanceId,
    /// The lines that could be read.
    #[serde(deserialize_with = "tolerant::rows")]
    pub logs: Vec<LogLine>,
    /// How many there are.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub total: Option<i64>,
}

/// Operation 14: `GET /v1/instances/{id}/logs`.
#[derive(Debug, Clone)]
pub struct GetLogs {
    /// Which one.
    pub id: InstanceId,
}

impl Endpoint for GetLogs {
    const NAME: &'static str = "get_logs";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/logs";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = ProvisionLogs;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }
}
