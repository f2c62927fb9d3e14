//! What only a tenant's admin may do: operations 3 (rotate an agent's key) and 5 (delete what failed).

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::{InstanceId, tolerant};
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

/// The answer of a rotation. Source: "Rotate Agent Key".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct KeyRotated {
    /// Whose.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub instance_id: InstanceId,
    /// No value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub status: Option<String>,
}

/// Operation 3: `POST /v1/instances/admin/{id}/rotate-key`. Nulls the stored key hash, so that the agent fetches a fresh key.
#[derive(Debug, Clone)]
pub struct RotateKey {
    /// Which one.
    pub id: InstanceId,
}

impl Endpoint for RotateKey {
    const NAME: &'static str = "rotate_agent_key";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/v1/instances/admin/{instance_id}/rotate-key";
    const REPEAT: Repeat = Repeat::Never;
    const SCOPE: Scope = Scope::Write;
    const ADMIN: bool = true;
    type Body = NoBody;
    type Reply = KeyRotated;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }
}

/// The answer of a clean-up. Source: "Cleanup Dead Instances".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct CleanedUp {
    /// How many were deleted.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub cleaned: Option<i64>,
    /// How many could not be.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub errors: Option<i64>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub message: Option<String>,
}

/// Operation 5: `POST /v1/instances/cleanup`. Deletes every instance of the tenant whose status is `error` or `failed`.
#[derive(Debug, Clone, Copy)]
pub struct Cleanup;

impl Endpoint for Cleanup {
    const NAME: &'static str = "cleanup_instances";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/v1/instances/cleanup";
    const REPEAT: Repeat = Repeat::Never;
    const SCOPE: Scope = Scope::Write;
    const ADMIN: bool = true;
    type Body = NoBody;
    type Reply = CleanedUp;
}
