//! What the platform itself warns of: a neighbour of the twenty. Where it answers 401, 403 or 404 there is no bell.

use crate::Console;
use crate::error::{Code, Failure};
use crate::session::{Session, lock};
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::neighbours::{Alert, ListAlerts};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// One alert.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertRow {
    /// Its id.
    pub id: String,
    /// The platform's word for what it is about.
    pub kind: Option<String>,
    /// `critical`, `warning`, `info` are documented.
    pub severity: Option<String>,
    /// For people.
    pub title: Option<String>,
    /// Which instance it is about.
    pub instance_id: Option<InstanceId>,
    /// When it was raised.
    pub created_at: Option<DateTime<Utc>>,
    /// When somebody said that they had seen it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub resolved_at: Option<DateTime<Utc>>,
    /// More; the shape is not documented.
    #[specta(type = specta_typescript::Unknown)]
    pub detail: Value,
}

/// The active ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AlertsView {
    /// As the platform ordered them.
    pub items: Vec<AlertRow>,
    /// How many there are in all, where the platform says.
    pub total: Option<u32>,
    /// When.
    pub seen_at: DateTime<Utc>,
}

impl Session {
    async fn alerts(&self) -> Result<Option<AlertsView>, Failure> {
        let page = offered(self.client.send(&ListAlerts::active()).await)?;
        let view = page.map(|page| AlertsView {
            items: page.items.into_iter().map(row).collect(),
            total: page.total.and_then(|total| u32::try_from(total).ok()),
            seen_at: self.now(),
        });
        let items = |view: &Option<AlertsView>| view.as_ref().map(|view| view.items.clone());
        let before = std::mem::replace(&mut *lock(&self.alerts_seen), view.clone());
        // Who needs a person depends on them.
        if items(&before) != items(&view) {
            self.announce_list();
        }
        Ok(view)
    }
}

impl Console {
    /// The active alerts; none where the platform does not offer them.
    ///
    /// # Errors
    /// [`Code::Offline`] and the like.
    pub async fn alerts(&self) -> Result<Option<AlertsView>, Failure> {
        self.session()?.alerts().await
    }
}

fn row(alert: Alert) -> AlertRow {
    let Alert {
        id,
        alert_type,
        severity,
        title,
        instance_id,
        created_at,
        acknowledged_at,
        resolved_at,
        detail,
    } = alert;
    let detail = detail.unwrap_or_default();
    AlertRow {
        id,
        kind: alert_type,
        severity,
        title,
        instance_id,
        created_at,
        acknowledged_at,
        resolved_at,
        detail,
    }
}

/// A neighbour that refuses is not there; every other failure is one.
pub(crate) fn offered<T>(result: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Failure {
            code:
                Code::NotFound { .. }
                | Code::NotAllowed { .. }
                | Code::CredentialRefused
                | Code::NoKey
                | Code::NotOurApi { .. },
            ..
        }) => Ok(None),
        Err(failure) => Err(failure),
    }
}
