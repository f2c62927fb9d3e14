//! Applying what is pending on a running instance: operation 19.

use crate::endpoint::{Endpoint, Repeat, Scope};
use crate::{InstanceId, tolerant};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;

/// The answer. Source: "Apply Updates".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct UpdatesApplied {
    /// Whose.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub instance_id: InstanceId,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub message: Option<String>,
    /// No value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub status: Option<String>,
}

/// Operation 19: `POST /v1/instances/{id}/updates/apply`. Two optional booleans exist whose names are not documented: send an empty object.
#[derive(Debug, Clone)]
pub struct ApplyUpdates {
    /// Which one.
    pub id: InstanceId,
    /// Empty.
    pub options: Map<String, Value>,
}

impl Endpoint for ApplyUpdates {
    const NAME: &'static str = "apply_updates";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/updates/apply";
    const REPEAT: Repeat = Repeat::Never;
    const SCOPE: Scope = Scope::Write;
    type Body = Map<String, Value>;
    type Reply = UpdatesApplied;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn body(&self) -> Option<&Map<String, Value>> {
        Some(&self.options)
    }
}
