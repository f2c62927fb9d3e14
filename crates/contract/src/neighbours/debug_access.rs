//! Reading conversations for a time: a grant that ends by itself, and who looked.

use super::fields::{Fields, read_list};
use crate::InstanceId;
use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;

/// Least and most hours of a grant.
pub const DEBUG_HOURS: (u16, u16) = (1, 168);
/// How many looks come when no number is asked for.
pub const DEBUG_AUDIT_LIMIT: u16 = 50;

/// The body of a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[specta(skip_attr = "serde")]
pub struct DebugGrant {
    /// Whose conversations.
    pub instance_id: InstanceId,
    /// For how many hours; see [`DEBUG_HOURS`].
    pub duration_hours: u16,
    /// What for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The answer to a grant. Documented only as "a time-windowed grant": every field may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(from = "Value")]
#[specta(skip_attr = "serde")]
pub struct DebugGranted {
    /// The grant's own id.
    pub id: Option<String>,
    /// Whose conversations.
    pub instance_id: Option<InstanceId>,
    /// From when.
    pub granted_at: Option<DateTime<Utc>>,
    /// Until when.
    pub expires_at: Option<DateTime<Utc>>,
    /// For how many hours.
    #[specta(type = Option<specta_typescript::Number>)]
    pub duration_hours: Option<i64>,
    /// What for.
    pub reason: Option<String>,
    /// Documented to be kept in step.
    pub consent_debug_access: Option<bool>,
    /// For people.
    pub message: Option<String>,
}

impl From<Value> for DebugGranted {
    fn from(value: Value) -> Self {
        let mut fields = Fields::of(value);
        if let Some(grant) = fields.0.shift_remove("grant").filter(Value::is_object) {
            fields.0.extend(Fields::of(grant).0);
        }
        Self {
            id: fields.text(&["id", "grant_id"]),
            instance_id: fields.text(&["instance_id"]).map(InstanceId),
            granted_at: fields.time(&["granted_at", "created_at", "starts_at"]),
            expires_at: fields.time(&["expires_at", "expires", "ends_at", "valid_until"]),
            duration_hours: fields.int(&["duration_hours"]),
            reason: fields.text(&["reason"]),
            consent_debug_access: fields.flag(&["consent_debug_access"]),
            message: fields.text(&["message"]),
        }
    }
}

/// `POST /v1/debug-access/grant`. It opens what was closed: never sent twice silently.
#[derive(Debug, Clone)]
pub struct GrantDebugAccess {
    /// What is granted.
    pub grant: DebugGrant,
}

impl Endpoint for GrantDebugAccess {
    const NAME: &'static str = "grant_debug_access";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/v1/debug-access/grant";
    const REPEAT: Repeat = Repeat::Never;
    const SCOPE: Scope = Scope::Write;
    type Body = DebugGrant;
    type Reply = DebugGranted;

    fn body(&self) -> Option<&DebugGrant> {
        Some(&self.grant)
    }
}

/// One look at conversations. The keys of a row are not documented: every usual name is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(from = "Value")]
#[specta(skip_attr = "serde")]
pub struct DebugLook {
    /// The row's own id.
    pub id: Option<String>,
    /// When.
    pub accessed_at: Option<DateTime<Utc>>,
    /// Who: an address, a name or an id.
    pub accessed_by: Option<String>,
    /// What was done; `list_conversations` and `get_conversation` are ours.
    pub action: Option<String>,
    /// Which conversation, where it was one.
    pub conversation_id: Option<String>,
    /// What for.
    pub reason: Option<String>,
    /// What this program does not know.
    #[serde(flatten)]
    #[specta(skip)]
    pub unknown: Map<String, Value>,
}

impl From<Value> for DebugLook {
    fn from(value: Value) -> Self {
        let mut fields = Fields::of(value);
        let (when, who) = (
            ["accessed_at", "created_at", "timestamp", "at", "time"],
            ["accessed_by", "actor_email", "user_email", "email", "actor", "user", "actor_id", "user_id"],
        );
        Self {
            id: fields.text(&["id", "audit_id"]),
            accessed_at: fields.time(&when),
            accessed_by: fields.text(&who),
            action: fields.text(&["action", "event", "operation", "event_type"]),
            conversation_id: fields.text(&["conversation_id"]),
            reason: fields.text(&["reason"]),
            unknown: fields.0,
        }
    }
}

/// Who looked, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(from = "Value")]
#[specta(skip_attr = "serde")]
pub struct DebugAudit {
    /// The rows that could be read and say when or who.
    pub entries: Vec<DebugLook>,
    /// How many there are.
    #[specta(type = Option<specta_typescript::Number>)]
    pub total: Option<i64>,
}

impl From<Value> for DebugAudit {
    fn from(value: Value) -> Self {
        let mut listed = read_list::<DebugLook>(value, &["entries", "audit", "events", "logs"]);
        listed.rows.retain(|row| row.accessed_at.is_some() || row.accessed_by.is_some());
        Self { entries: listed.rows, total: listed.total }
    }
}

/// `GET /v1/debug-access/audit/{id}`.
#[derive(Debug, Clone)]
pub struct GetDebugAudit {
    /// Whose conversations.
    pub id: InstanceId,
    /// At most so many; see [`DEBUG_AUDIT_LIMIT`].
    pub limit: u16,
}

impl Endpoint for GetDebugAudit {
    const NAME: &'static str = "get_debug_audit";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/debug-access/audit/{instance_id}";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = DebugAudit;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        vec![("limit", self.limit.to_string())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_grant_is_read_flat_and_nested_and_where_everything_is_null() {
        let flat =
            json!({"id": "g", "instance_id": "i", "expires_at": "2026-11-24T09:00:00Z", "duration_hours": 1});
        let granted = DebugGranted::from(flat.clone());
        assert_eq!(granted.duration_hours, Some(1));
        assert_eq!(DebugGranted::from(json!({ "grant": flat })), granted);
        let nulls = json!({"id": null, "grant": null, "expires_at": null, "consent_debug_access": null});
        assert_eq!(DebugGranted::from(nulls), DebugGranted::default());
        let written = serde_json::to_value(&granted).expect("writable");
        assert_eq!(DebugGranted::from(written), granted);
    }

    #[test]
    fn a_body_without_a_reason_does_not_name_one() {
        let grant = DebugGrant { instance_id: "i".into(), duration_hours: 4, reason: None };
        let sent = serde_json::to_value(&grant).expect("writable");
        assert_eq!(sent, json!({"instance_id": "i", "duration_hours": 4}));
    }

    #[test]
    fn looks_are_read_by_any_usual_name_and_keep_what_is_unknown() {
        let audit = GetDebugAudit::read(
            br#"{"audit": [{"timestamp": "2026-11-24T08:00:00", "user_email": "a@b.example", "ip": "192.0.2.1"},
                {"accessed_at": null, "created_at": "2026-11-24T08:00:00Z", "actor": null}, {}, null, 3],
                "total": 2}"#,
        )
        .expect("readable");
        assert_eq!((audit.entries.len(), audit.total), (2, Some(2)));
        assert_eq!(audit.entries[0].accessed_by.as_deref(), Some("a@b.example"));
        assert_eq!(audit.entries[0].unknown["ip"], "192.0.2.1");
        assert!(audit.entries.iter().all(|look| look.accessed_at.is_some()));
        let written = serde_json::to_vec(&audit).expect("writable");
        assert_eq!(GetDebugAudit::read(&written), Ok(audit));
    }

    #[test]
    fn garbage_is_an_empty_audit() {
        for garbage in ["null", "7", "[]", "[null]", "{}", r#"{"entries": null}"#, r#"{"entries": {"a": 1}}"#]
        {
            assert_eq!(GetDebugAudit::read(garbage.as_bytes()), Ok(DebugAudit::default()), "{garbage}");
        }
    }
}
