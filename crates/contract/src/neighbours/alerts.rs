//! Alerts: what the platform itself thinks somebody should look at.

use super::fields::{Fields, read_list};
use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::{InstanceId, tolerant};
use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// The documented severities, worst first.
pub const ALERT_SEVERITIES: [&str; 3] = ["critical", "warning", "info"];

/// One alert.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct Alert {
    /// The only field that is always there.
    #[serde(deserialize_with = "tolerant::text_or_empty")]
    pub id: String,
    /// No value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub alert_type: Option<String>,
    /// `critical`, `warning`, `info` are documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub severity: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub title: Option<String>,
    /// What it is about; none where it is about the tenant.
    #[serde(deserialize_with = "tolerant::id")]
    pub instance_id: Option<InstanceId>,
    /// When it began.
    #[serde(deserialize_with = "tolerant::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// When somebody said that they had seen it.
    #[serde(deserialize_with = "tolerant::time")]
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it was over.
    #[serde(deserialize_with = "tolerant::time")]
    pub resolved_at: Option<DateTime<Utc>>,
    /// A text or an object; the shape is not documented.
    #[specta(type = Option<specta_typescript::Unknown>)]
    pub detail: Option<Value>,
}

/// A page of alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(from = "Value")]
#[specta(skip_attr = "serde")]
pub struct AlertPage {
    /// The rows that could be read and have an id.
    pub items: Vec<Alert>,
    /// Counted from 1.
    #[specta(type = Option<specta_typescript::Number>)]
    pub page: Option<i64>,
    /// Most rows of a page.
    #[specta(type = Option<specta_typescript::Number>)]
    pub page_size: Option<i64>,
    /// How many there are on all pages.
    #[specta(type = Option<specta_typescript::Number>)]
    pub total: Option<i64>,
}

impl From<Value> for AlertPage {
    fn from(value: Value) -> Self {
        let mut listed = read_list::<Alert>(value, &["items", "alerts"]);
        listed.rows.retain(|row| !row.id.is_empty());
        let (page, page_size, total) = (listed.page, listed.page_size, listed.total);
        Self { items: listed.rows, page, page_size, total }
    }
}

/// `GET /v1/alerts`. Documented with `status=active`; the reply has pages, the parameters of which are not documented.
#[derive(Debug, Clone, Default)]
pub struct ListAlerts {
    /// `active` is documented; none asks for all.
    pub status: Option<String>,
    /// Counted from 1; none sends nothing.
    pub page: Option<u32>,
    /// Most rows of a page; none sends nothing.
    pub page_size: Option<u16>,
}

impl ListAlerts {
    /// The first page of what is going on now.
    pub fn active() -> Self {
        Self { status: Some("active".to_owned()), ..Self::default() }
    }
}

impl Endpoint for ListAlerts {
    const NAME: &'static str = "list_alerts";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/alerts";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = AlertPage;

    fn query(&self) -> Vec<(&'static str, String)> {
        let status = self.status.clone().map(|status| ("status", status));
        let page = self.page.map(|page| ("page", page.to_string()));
        let size = self.page_size.map(|size| ("page_size", size.to_string()));
        [status, page, size].into_iter().flatten().collect()
    }
}

/// How many active alerts there are of each severity. The shape is **ours**: it is not documented. Counts are read at
/// the top, under `by_severity` and other usual names, and counted where alerts come instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(from = "Value")]
#[specta(skip_attr = "serde")]
pub struct AlertSummary {
    /// Somebody should look now.
    #[specta(type = Option<specta_typescript::Number>)]
    pub critical: Option<i64>,
    /// Somebody should look.
    #[specta(type = Option<specta_typescript::Number>)]
    pub warning: Option<i64>,
    /// Worth knowing.
    #[specta(type = Option<specta_typescript::Number>)]
    pub info: Option<i64>,
    /// All of them.
    #[specta(type = Option<specta_typescript::Number>)]
    pub total: Option<i64>,
}

impl From<Value> for AlertSummary {
    fn from(value: Value) -> Self {
        let page = AlertPage::from(value.clone());
        let mut fields = Fields::of(value);
        let total = fields.int(&["total", "total_active", "active", "count"]);
        let nested = ["by_severity", "severity", "severities", "counts"];
        let nested = nested.iter().find_map(|name| fields.0.shift_remove(*name).filter(Value::is_object));
        let mut counts = nested.map_or(fields, Fields::of);
        let [critical, warning, info] = ALERT_SEVERITIES.map(|severity| {
            let counted = || {
                let of = page.items.iter().filter(|alert| alert.severity.as_deref() == Some(severity));
                (!page.items.is_empty()).then(|| i64::try_from(of.count()).unwrap_or(i64::MAX))
            };
            let names = [severity.to_owned(), format!("{severity}_count"), format!("{severity}s")];
            counts.int(&names.each_ref().map(String::as_str)).or_else(counted)
        });
        Self { critical, warning, info, total }
    }
}

/// `GET /v1/alerts/summary`.
#[derive(Debug, Clone, Copy)]
pub struct GetAlertSummary;

impl Endpoint for GetAlertSummary {
    const NAME: &'static str = "get_alert_summary";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/alerts/summary";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = AlertSummary;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_keeps_every_alert_that_has_an_id() {
        let page = ListAlerts::read(
            br#"{"items": [{"id": 7, "severity": "critical", "created_at": "2026-11-24T08:00:00", "detail": {"a": 1}},
                {"id": null, "title": "lost"}, 5, null,
                {"id": "b", "severity": null, "instance_id": "", "detail": null, "new": []}],
                "page": "1", "page_size": null, "total": 2}"#,
        )
        .expect("readable");
        assert_eq!((page.items.len(), page.page, page.page_size, page.total), (2, Some(1), None, Some(2)));
        assert_eq!((page.items[0].id.as_str(), &page.items[0].detail), ("7", &Some(json!({"a": 1}))));
        assert_eq!((&page.items[1].instance_id, &page.items[1].detail), (&None, &None));
        assert!(page.items[0].created_at.is_some());
    }

    #[test]
    fn a_summary_is_read_in_every_usual_shape() {
        let counted = AlertSummary { critical: Some(2), warning: Some(1), info: Some(0), total: Some(3) };
        for shape in [
            json!({"critical": 2, "warning": 1, "info": 0, "total": 3}),
            json!({"total": 3, "by_severity": {"critical": 2, "warning": "1", "info": 0}}),
            json!({"active": 3, "critical_count": 2, "warning_count": 1, "info_count": 0}),
            json!({"total": 3, "items": [{"id": 1, "severity": "critical"}, {"id": 2, "severity": "critical"},
                {"id": 3, "severity": "warning"}]}),
            serde_json::to_value(&counted).expect("writable"),
        ] {
            assert_eq!(AlertSummary::from(shape.clone()), counted, "{shape}");
        }
    }

    #[test]
    fn garbage_is_an_empty_page_and_a_summary_that_knows_nothing() {
        for garbage in
            ["null", "7", "\"x\"", "[]", "{}", "{\"items\": {}}", "[[1], {}]", "{\"by_severity\": 5}"]
        {
            assert_eq!(ListAlerts::read(garbage.as_bytes()).expect(garbage).items, []);
            assert_eq!(GetAlertSummary::read(garbage.as_bytes()), Ok(AlertSummary::default()), "{garbage}");
        }
    }

    #[test]
    fn only_what_is_asked_for_is_sent() {
        assert_eq!(ListAlerts::active().query(), [("status", "active".to_owned())]);
        assert!(ListAlerts::default().query().is_empty());
    }
}
