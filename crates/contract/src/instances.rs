//! The fleet and one of its members: operations 1 (list), 6 (get) and 7 (delete).

mod news;

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope, Unreadable, read_json};
use crate::{InstanceId, tolerant};
use chrono::{DateTime, Utc};
use http::Method;
pub use news::{ListNews, ListedRow, RowMark, RowReader};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use specta::Type;
use std::collections::BTreeMap;

/// An instance's status as the platform writes it. Documented: `provisioning`, `running`, `failed`, `error`,
/// `deleting`; every other value is kept as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct Status(pub String);

impl From<String> for Status {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Status {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Status {
    /// What a status means for a person who looks at it.
    pub fn phase(&self) -> Phase {
        match self.0.as_str() {
            "running" => Phase::Running,
            "provisioning" => Phase::OnItsWay,
            "failed" | "error" => Phase::Failed,
            "deleting" => Phase::Deleting,
            "deleted" => Phase::Gone,
            _ => Phase::Unknown,
        }
    }
}

/// The closed set of meanings behind the open set of statuses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// It serves.
    Running,
    /// It is being made.
    OnItsWay,
    /// Making or keeping it failed.
    Failed,
    /// It is being torn down.
    Deleting,
    /// It is no more.
    Gone,
    /// A status this program does not know, or none.
    #[default]
    Unknown,
}

/// A row of the list. Source: "List Instances" on the API's page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct InstanceSummary {
    /// The only field that is always there.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub id: InstanceId,
    /// The agent's name.
    #[serde(deserialize_with = "tolerant::text")]
    pub agent_name: Option<String>,
    /// When the row was made.
    #[serde(deserialize_with = "tolerant::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// Whose it is.
    #[serde(deserialize_with = "tolerant::text")]
    pub customer_email: Option<String>,
    /// The server's name.
    #[serde(deserialize_with = "tolerant::text")]
    pub hostname: Option<String>,
    /// The server's public address.
    #[serde(deserialize_with = "tolerant::text")]
    pub ip_address: Option<String>,
    /// What it was made from.
    #[serde(deserialize_with = "tolerant::text")]
    pub preset_id: Option<String>,
    /// The tier's name; never to be sent as a `tier_id`.
    #[serde(deserialize_with = "tolerant::text")]
    pub product_tier_name: Option<String>,
    /// Who runs the server.
    #[serde(deserialize_with = "tolerant::text")]
    pub provider: Option<String>,
    /// Where it runs.
    #[serde(deserialize_with = "tolerant::text")]
    pub region_id: Option<String>,
    /// `expressclaw`, `hermes`, `goose` are documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub runtime_type: Option<String>,
    /// See [`Status`].
    #[serde(deserialize_with = "tolerant::text")]
    pub status: Option<Status>,
    /// `agent` is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub workload_type: Option<String>,
}

/// The whole list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceList {
    /// Every row that could be read.
    pub instances: Vec<InstanceSummary>,
    /// How many rows could not be read, or had no id.
    #[serde(skip)]
    pub skipped: usize,
}

/// Operation 1: `GET /v1/instances`. There is no paging.
#[derive(Debug, Clone, Copy)]
pub struct ListInstances;

impl Endpoint for ListInstances {
    const NAME: &'static str = "list_instances";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = InstanceList;

    fn read(bytes: &[u8]) -> Result<InstanceList, Unreadable> {
        // Almost always every row is good: read them all at once, and one by one only where that fails.
        let mut list: InstanceList = match read_json(bytes) {
            Ok(list) => list,
            Err(_) => read_row_by_row(bytes)?,
        };
        let all = list.instances.len();
        list.instances.retain(|row| !row.id.0.is_empty());
        list.skipped += all - list.instances.len();
        match list.instances.is_empty() && list.skipped > 0 {
            // Rows that nobody can read are no empty fleet.
            true => Err(Unreadable { reason: format!("none of {} rows could be read", list.skipped) }),
            false => Ok(list),
        }
    }
}

fn read_row_by_row(bytes: &[u8]) -> Result<InstanceList, Unreadable> {
    #[derive(Deserialize)]
    struct Raw {
        instances: Box<RawValue>,
    }
    let raw: Raw = read_json(bytes)?;
    if !raw.instances.get().starts_with('[') {
        return Err(Unreadable { reason: "`instances` is not a list".into() });
    }
    let (instances, skipped) = tolerant::read_rows(raw.instances.get());
    Ok(InstanceList { instances, skipped })
}

/// One instance in full. Source: "Get Instance".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct InstanceDetail {
    /// The only field that is always there.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub id: InstanceId,
    /// The agent's name.
    #[serde(deserialize_with = "tolerant::text")]
    pub agent_name: Option<String>,
    /// The newest report of the server's own bootstrap.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub callback_seq: Option<i64>,
    /// `installing`, `configuring`, `securing`, `ready` are documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub callback_stage: Option<String>,
    /// What this instance can do.
    #[serde(deserialize_with = "tolerant::flags")]
    pub capabilities: BTreeMap<String, bool>,
    /// When the row was made.
    #[serde(deserialize_with = "tolerant::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// Why it failed.
    #[serde(deserialize_with = "tolerant::text")]
    pub error_message: Option<String>,
    /// No value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub health_status: Option<String>,
    /// The server's name.
    #[serde(deserialize_with = "tolerant::text")]
    pub hostname: Option<String>,
    /// The server's public address.
    #[serde(deserialize_with = "tolerant::text")]
    pub ip_address: Option<String>,
    /// What it was made from.
    #[serde(deserialize_with = "tolerant::text")]
    pub preset_id: Option<String>,
    /// Who runs the server.
    #[serde(deserialize_with = "tolerant::text")]
    pub provider: Option<String>,
    /// No value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub provisioning_stage: Option<String>,
    /// Where it runs.
    #[serde(deserialize_with = "tolerant::text")]
    pub region_id: Option<String>,
    /// `expressclaw`, `hermes`, `goose` are documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub runtime_type: Option<String>,
    /// The size of the server.
    #[serde(deserialize_with = "tolerant::text")]
    pub server_type_plan: Option<String>,
    /// See [`Status`].
    #[serde(deserialize_with = "tolerant::text")]
    pub status: Option<Status>,
    /// When the row was last written.
    #[serde(deserialize_with = "tolerant::time")]
    pub updated_at: Option<DateTime<Utc>>,
    /// The address inside the platform's private network.
    #[serde(deserialize_with = "tolerant::text")]
    pub vpn_ip: Option<String>,
    /// `agent` is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub workload_type: Option<String>,
}

/// Operation 6: `GET /v1/instances/{id}`.
#[derive(Debug, Clone)]
pub struct GetInstance {
    /// Which one.
    pub id: InstanceId,
}

impl Endpoint for GetInstance {
    const NAME: &'static str = "get_instance";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances/{instance_id}";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = InstanceDetail;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn read(bytes: &[u8]) -> Result<InstanceDetail, Unreadable> {
        let detail: InstanceDetail = read_json(bytes)?;
        match detail.id.0.is_empty() {
            true => Err(Unreadable { reason: "the instance has no id".into() }),
            false => Ok(detail),
        }
    }
}

/// Operation 7: `DELETE /v1/instances/{id}`. Idempotent: gone already counts as done.
#[derive(Debug, Clone)]
pub struct DeleteInstance {
    /// Which one.
    pub id: InstanceId,
}

/// The answer of a delete.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct Deleted {
    /// True when somebody else's delete came first.
    #[serde(deserialize_with = "tolerant::flag")]
    pub already_deleted: bool,
    /// Which one.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub instance_id: InstanceId,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub message: Option<String>,
    /// See [`Status`].
    #[serde(deserialize_with = "tolerant::text")]
    pub status: Option<Status>,
}

impl Endpoint for DeleteInstance {
    const NAME: &'static str = "delete_instance";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/v1/instances/{instance_id}";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Delete;
    type Body = NoBody;
    type Reply = Deleted;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_row_never_loses_the_others() {
        let body = br#"{"instances":[{"id":"a","status":"running"},7,null,{"status":"running"},
            {"id":"b","agent_name":{"x":[1]},"created_at":"yesterday","status":null},
            {"id":"c","ip_address":1e400},{"id":"d","hostname":"\ud800"},{"id":"e","id":"f"},{"id":"g","status":12,"new":{}}]}"#;
        let list = ListInstances::read(body).expect("readable");
        let ids: Vec<_> = list.instances.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "g"]);
        assert_eq!(list.skipped, 6);
        assert_eq!(list.instances[2].status, Some(Status::from("12")));
    }

    #[test]
    fn what_is_no_list_is_an_error_and_never_an_empty_fleet() {
        for body in [
            &b""[..],
            b"null",
            b"[]",
            b"{}",
            br#"{"instances":null}"#,
            br#"{"instances":{}}"#,
            b"<html>",
            br#"{"instances":[7,null,{}]}"#,
        ] {
            assert!(ListInstances::read(body).is_err(), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn a_deep_document_is_refused_quickly_and_a_byte_order_mark_is_not() {
        let deep = format!(r#"{{"instances":{}"#, "[".repeat(10_000));
        assert!(ListInstances::read(deep.as_bytes()).is_err());
        assert!(ListInstances::read(b"\xef\xbb\xbf{\"instances\":[]}").is_ok());
    }

    #[test]
    fn every_field_of_a_detail_may_be_null() {
        let body = br#"{"id":"a","agent_name":null,"callback_seq":null,"capabilities":null,"created_at":null,"status":null}"#;
        assert_eq!(GetInstance::read(body).expect("readable").id, InstanceId::from("a"));
    }

    proptest::proptest! {
        #[test]
        fn reading_any_bytes_never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..512)) {
            let _ = ListInstances::read(&bytes);
            let _ = GetInstance::read(&bytes);
        }
    }
}
