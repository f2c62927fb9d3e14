//! The demo's instances, removed in one act.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct DemoRemoved {
    /// Simulated instances whose removal began.
    pub removed: u32,
}

/// Removes every simulated instance; real ones stay.
#[derive(Debug, Clone, Copy)]
pub struct RemoveDemo;

impl Endpoint for RemoveDemo {
    const NAME: &'static str = "remove_demo";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/v1/local/demo";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Delete;
    const ADMIN: bool = true;
    type Body = NoBody;
    type Reply = DemoRemoved;
}
