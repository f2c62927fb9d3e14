//! Whether the platform may read conversations: operation 11. There is no GET.

use crate::endpoint::{Endpoint, Repeat, Scope};
use crate::{InstanceId, tolerant};
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

/// The body of a change.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Consent {
    /// True grants, false revokes.
    pub consent_debug_access: bool,
}

/// The answer of a change. Source: "Update Consent".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct ConsentChanged {
    /// What holds now.
    #[serde(deserialize_with = "tolerant::flag")]
    pub consent_debug_access: bool,
    /// Whose.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub instance_id: InstanceId,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub message: Option<String>,
}

/// Operation 11: `PATCH /v1/instances/{id}/consent`.
#[derive(Debug, Clone)]
pub struct UpdateConsent {
    /// Which one.
    pub id: InstanceId,
    /// What shall hold.
    pub consent: Consent,
}

impl Endpoint for UpdateConsent {
    const NAME: &'static str = "update_consent";
    const METHOD: Method = Method::PATCH;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/consent";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Write;
    type Body = Consent;
    type Reply = ConsentChanged;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn body(&self) -> Option<&Consent> {
        Some(&self.consent)
    }
}
