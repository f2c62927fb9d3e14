//! Whether a key works, its scopes and limits.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::tolerant;
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What a key may do. Source: the platform's MCP page. API key only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct KeyContext {
    /// The key's own id.
    #[serde(deserialize_with = "tolerant::text")]
    pub api_key_id: Option<String>,
    /// Whose key it is.
    #[serde(deserialize_with = "tolerant::text")]
    pub customer_id: Option<String>,
    /// Requests an hour.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub rate_limit_per_hour: Option<i64>,
    /// Requests a minute.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub rate_limit_per_minute: Option<i64>,
    /// The key is of an old kind.
    #[serde(deserialize_with = "tolerant::flag")]
    pub needs_reissue: bool,
    /// Such as `instances:read`.
    #[serde(deserialize_with = "tolerant::rows")]
    pub scopes: Vec<String>,
    /// Which tenant.
    #[serde(deserialize_with = "tolerant::text")]
    pub tenant_id: Option<String>,
    /// Which user.
    #[serde(deserialize_with = "tolerant::text")]
    pub user_id: Option<String>,
}

/// Whether the key works, its scopes and limits.
#[derive(Debug, Clone, Copy)]
pub struct GetKeyContext;

impl Endpoint for GetKeyContext {
    const NAME: &'static str = "get_api_key_context";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/mcp/api-key-context";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = KeyContext;
}
