//! A value together with when it was seen, and whether the platform said it just now or the cache remembers it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Wraps a contract type; never copies its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Seen<T> {
    /// What was seen.
    pub value: T,
    /// When.
    pub seen_at: DateTime<Utc>,
    /// From where.
    pub source: Source,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The platform answered in this run.
    Live,
    /// The cache of an earlier run.
    #[default]
    Cached,
}

impl<T> Seen<T> {
    /// Just answered.
    pub fn live(value: T, seen_at: DateTime<Utc>) -> Self {
        Self { value, seen_at, source: Source::Live }
    }
}
