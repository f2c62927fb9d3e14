//! The agent's own configuration, proxied and untyped: operations 9 and 10.

use crate::InstanceId;
use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use http::Method;
use serde_json::{Map, Value};

/// Operation 9: `GET /v1/instances/{id}/config`.
#[derive(Debug, Clone)]
pub struct GetConfig {
    /// Which one.
    pub id: InstanceId,
}

impl Endpoint for GetConfig {
    const NAME: &'static str = "get_config";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/config";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = Value;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }
}

/// Operation 10: `POST /v1/instances/{id}/config`. Whether it merges or replaces is not documented.
#[derive(Debug, Clone)]
pub struct UpdateConfig {
    /// Which one.
    pub id: InstanceId,
    /// Any JSON object.
    pub document: Map<String, Value>,
}

impl Endpoint for UpdateConfig {
    const NAME: &'static str = "update_config";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/config";
    const REPEAT: Repeat = Repeat::Never;
    const SCOPE: Scope = Scope::Write;
    type Body = Map<String, Value>;
    type Reply = Value;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn body(&self) -> Option<&Map<String, Value>> {
        Some(&self.document)
    }
}
