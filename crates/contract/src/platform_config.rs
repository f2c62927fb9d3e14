//! What the platform itself keeps about an instance: operations 16 and 17.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::{InstanceId, tolerant};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;

/// Source: "Get Platform Config". Unknown fields are kept, since parts of this are written back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct PlatformConfig {
    /// Toggles; keys are not documented.
    #[serde(deserialize_with = "tolerant::object")]
    #[specta(type = std::collections::HashMap<String, specta_typescript::Unknown>)]
    pub advanced: Map<String, Value>,
    /// By type: `telegram`, `whatsapp`, `voice`, `sms`, `email`, `web_chat` are documented.
    #[serde(deserialize_with = "tolerant::object")]
    #[specta(type = std::collections::HashMap<String, specta_typescript::Unknown>)]
    pub channels: Map<String, Value>,
    /// Whose.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub instance_id: InstanceId,
    /// The shape of an entry is not documented.
    #[serde(deserialize_with = "tolerant::rows")]
    #[specta(type = Vec<specta_typescript::Unknown>)]
    pub integrations: Vec<Value>,
    /// A recipe of the platform.
    #[serde(deserialize_with = "tolerant::text")]
    pub recipe_id: Option<String>,
    /// The shape of an entry is not documented.
    #[serde(deserialize_with = "tolerant::rows")]
    #[specta(type = Vec<specta_typescript::Unknown>)]
    pub skills: Vec<Value>,
    /// In order.
    #[serde(deserialize_with = "tolerant::rows")]
    #[specta(type = Vec<specta_typescript::Unknown>)]
    pub workflow_slugs: Vec<Value>,
    /// What this program does not know.
    #[serde(flatten)]
    #[specta(skip)]
    pub unknown: Map<String, Value>,
}

/// Operation 16: `GET /v1/instances/{id}/platform-config`.
#[derive(Debug, Clone)]
pub struct GetPlatformConfig {
    /// Which one.
    pub id: InstanceId,
}

impl Endpoint for GetPlatformConfig {
    const NAME: &'static str = "get_platform_config";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/platform-config";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = PlatformConfig;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }
}

/// Operation 17: `PATCH /v1/instances/{id}/platform-config`. Only the fields present are updated, each whole.
#[derive(Debug, Clone)]
pub struct PatchPlatformConfig {
    /// Which one.
    pub id: InstanceId,
    /// The touched top-level fields alone.
    pub fields: Map<String, Value>,
}

impl Endpoint for PatchPlatformConfig {
    const NAME: &'static str = "patch_platform_config";
    const METHOD: Method = Method::PATCH;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/platform-config";
    const REPEAT: Repeat = Repeat::Never;
    const SCOPE: Scope = Scope::Write;
    type Body = Map<String, Value>;
    type Reply = PlatformConfig;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn body(&self) -> Option<&Map<String, Value>> {
        Some(&self.fields)
    }
}
