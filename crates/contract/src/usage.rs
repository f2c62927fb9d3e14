//! What an instance used and cost: operation 20.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::{InstanceId, tolerant};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// How many days come when no number is asked for.
pub const DEFAULT_DAYS: u16 = 30;

/// Totals and daily rows. Source: "Get Instance Usage".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct Usage {
    /// One object a day. Their keys are not documented; ours are `date`, `requests`, `tokens`, `cost_usd`.
    #[serde(deserialize_with = "tolerant::rows")]
    #[specta(type = Vec<specta_typescript::Unknown>)]
    pub daily: Vec<Value>,
    /// The server's name.
    #[serde(deserialize_with = "tolerant::text")]
    pub hostname: Option<String>,
    /// Whose.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub instance_id: InstanceId,
    /// A decimal as text, so that no cent is lost.
    #[serde(deserialize_with = "tolerant::text")]
    pub total_cost_usd: Option<String>,
    /// Requests in the time asked for.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub total_requests: Option<i64>,
    /// Tokens in the time asked for.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub total_tokens: Option<i64>,
    /// People in the time asked for.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub unique_end_users: Option<i64>,
}

/// Operation 20: `GET /v1/instances/{id}/usage`.
#[derive(Debug, Clone)]
pub struct GetUsage {
    /// Which one.
    pub id: InstanceId,
    /// How many days back; see [`DEFAULT_DAYS`].
    pub days: u16,
}

impl Endpoint for GetUsage {
    const NAME: &'static str = "get_usage";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/usage";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = Usage;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        vec![("days", self.days.to_string())]
    }
}
