//! What only a tenant's admin may do: a fresh key for an agent (operation 3), and deleting what is dead (5).

use crate::error::Failure;
use crate::fleet::phase;
use crate::session::{Resource, Session};
use crate::usage::cost_of_last_days;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::admin::{Cleanup, KeyRotated, RotateKey};
use nineheads_contract::instances::{InstanceDetail, InstanceSummary, ListInstances, Phase};
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;

/// An instance that a clean-up would delete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CleanupCandidate {
    /// Which one.
    pub id: InstanceId,
    /// What people call it.
    pub name: String,
    /// The server's name.
    pub hostname: Option<String>,
    /// As the platform said it.
    pub status: Option<String>,
    /// Why it is dead, where this app has looked at it.
    pub error_message: Option<String>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// Whose it is.
    pub customer_email: Option<String>,
    /// US dollars of the last 30 days, where this app has looked at it.
    pub cost: Option<String>,
    /// When that was seen.
    pub cost_seen_at: Option<DateTime<Utc>>,
}

/// What a clean-up would delete.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CleanupPlan {
    /// In the list's order.
    pub candidates: Vec<CleanupCandidate>,
    /// When the list was seen.
    pub as_of: Option<DateTime<Utc>>,
}

/// What became of one instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CleanupOutcome {
    /// The list does not have it any more.
    Gone,
    /// It is on its way out.
    Deleting,
    /// It is as it was.
    StillThere,
}

/// An instance and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CleanupResult {
    /// Which one.
    pub id: InstanceId,
    /// What people called it.
    pub name: String,
    /// What became of it.
    pub outcome: CleanupOutcome,
}

/// What a clean-up came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CleanupDone {
    /// How many the platform says it deleted.
    pub cleaned: Option<u32>,
    /// How many it could not.
    pub errors: Option<u32>,
    /// The platform's words.
    pub message: Option<String>,
    /// From a look at the list afterwards.
    pub results: Vec<CleanupResult>,
}

impl Session {
    pub(crate) async fn rotate_key(&self, id: &InstanceId) -> Result<KeyRotated, Failure> {
        let entry = self.enter("rotate_agent_key", id, json!({}));
        let rotated = self.call(&RotateKey { id: id.clone() }).await;
        entry.end(&rotated);
        let rotated = rotated?;
        self.note_act(id, "rotate_agent_key", rotated.status.clone());
        self.nudge(&Resource::Instance(id.clone()));
        Ok(rotated)
    }

    /// What a clean-up would delete, from the list as it is now. Nothing is sent that changes anything.
    pub(crate) async fn plan_cleanup(&self) -> Result<CleanupPlan, Failure> {
        let list = self.call(&ListInstances).await?;
        let dead = list.instances.iter().filter(|row| phase(row) == Phase::Failed);
        Ok(CleanupPlan { candidates: dead.map(|row| self.candidate(row)).collect(), as_of: Some(self.now()) })
    }

    fn candidate(&self, row: &InstanceSummary) -> CleanupCandidate {
        let detail = self.cache.read_seen::<InstanceDetail>("detail", row.id.as_str());
        let cost = cost_of_last_days(&self.cache, &row.id);
        CleanupCandidate {
            id: row.id.clone(),
            name: self.name_of(&row.id),
            hostname: row.hostname.clone(),
            status: row.status.as_ref().map(ToString::to_string),
            error_message: detail.and_then(|(detail, _)| detail.error_message),
            created_at: row.created_at,
            customer_email: row.customer_email.clone(),
            cost_seen_at: cost.as_ref().map(|(_, at)| *at),
            cost: cost.map(|(cost, _)| cost),
        }
    }

    /// Has the platform delete everything dead, and looks what became of those that were expected to go.
    pub(crate) async fn run_cleanup(&self, expected: &[InstanceId]) -> Result<CleanupDone, Failure> {
        let names: Vec<(InstanceId, String)> =
            expected.iter().map(|id| (id.clone(), self.name_of(id))).collect();
        let entry = self.enter_named("cleanup_instances", ("*", ""), json!({ "expected": expected }));
        let cleaned = self.call(&Cleanup).await;
        entry.end(&cleaned);
        let cleaned = cleaned?;
        for id in expected {
            self.note_act(id, "cleanup_instances", None);
        }
        self.nudge(&Resource::List);
        let list = self.call(&ListInstances).await.ok();
        let outcome = |id: &InstanceId| {
            let row = list.as_ref()?.instances.iter().find(|row| row.id == *id);
            Some(match row.map(phase) {
                None | Some(Phase::Gone) => CleanupOutcome::Gone,
                Some(Phase::Deleting) => CleanupOutcome::Deleting,
                Some(_) => CleanupOutcome::StillThere,
            })
        };
        let results = names
            .into_iter()
            .filter_map(|(id, name)| Some(CleanupResult { outcome: outcome(&id)?, id, name }));
        let number = |count: Option<i64>| count.and_then(|count| u32::try_from(count).ok());
        Ok(CleanupDone {
            cleaned: number(cleaned.cleaned),
            errors: number(cleaned.errors),
            message: cleaned.message.clone(),
            results: results.collect(),
        })
    }
}
