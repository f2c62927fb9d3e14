//! A JSON object as a page sends it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;

/// Any keys with any values, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct Fields(
    #[specta(type = std::collections::HashMap<String, specta_typescript::Unknown>)] pub Map<String, Value>,
);
