//! The API's operations for real agents: what is asked of a gateway, and its payloads in the API's words. What has no
//! source over there is none, never invented. One file per noun. Does not belong here: HTTP, and the rows of the store.

pub(crate) mod chat;
pub(crate) mod config;
pub(crate) mod conversations;
pub(crate) mod logs;
pub(crate) mod model_policy;
pub(crate) mod platform_config;
pub(crate) mod updates;
pub(crate) mod usage;
pub(crate) mod vitals;

use chrono::{DateTime, Utc};
use serde_json::Value;

/// A time as OpenClaw writes it: milliseconds since 1970.
fn time_at(value: &Value, key: &str) -> Option<DateTime<Utc>> {
    value.get(key).and_then(Value::as_i64).filter(|at| *at > 0).and_then(DateTime::from_timestamp_millis)
}

/// The payloads that a real gateway once answered, and somebody who answers with them.
#[cfg(test)]
mod recorded;
