//! What a job of bulk work is: the act, the targets, the states, as they cross to the screen. Decides nothing.

use super::Exclusion;
use crate::error::Failure;
use crate::fields::Fields;
use crate::fleet::FleetQuery;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What is done to each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum BulkAct {
    /// Applies what is pending.
    ApplyUpdates,
    /// Replaces these fields of the platform's configuration, each whole.
    PatchPlatformConfig {
        /// `skills`, `integrations`, `recipe_id`, `workflow_slugs`: what can hold no secret.
        fields: Fields,
    },
    /// Replaces the model policy.
    UpdateModelPolicy {
        /// The whole policy.
        policy: Fields,
    },
    /// Turns conversation access off.
    RevokeConsent,
    /// Deletes it.
    Delete,
}

/// The name of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BulkVerb {
    /// See [`BulkAct::ApplyUpdates`].
    ApplyUpdates,
    /// See [`BulkAct::PatchPlatformConfig`].
    PatchPlatformConfig,
    /// See [`BulkAct::UpdateModelPolicy`].
    UpdateModelPolicy,
    /// See [`BulkAct::RevokeConsent`].
    RevokeConsent,
    /// See [`BulkAct::Delete`].
    Delete,
}

/// To which ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum BulkTargets {
    /// Exactly these.
    Ids {
        /// In this order.
        ids: Vec<InstanceId>,
    },
    /// Everything that matches now.
    Matching {
        /// The filter; its order is the order of work.
        query: FleetQuery,
        /// But not these.
        except: Vec<InstanceId>,
    },
}

/// What a person wants done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BulkOrder {
    /// What.
    pub act: BulkAct,
    /// To which ones.
    pub targets: BulkTargets,
    /// Whether a failure in the last stage stops it too.
    pub stop_in_rest: bool,
}

/// Why a job rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum BulkPause {
    /// A person paused it.
    Person,
    /// The app ended, or another profile was opened.
    AppEnded,
    /// Something failed, and the next stage was not begun.
    Stopped,
    /// Nothing can be sent at present.
    Trouble {
        /// Why.
        failure: Failure,
    },
}

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum BulkState {
    /// It goes on.
    Running,
    /// It waits for a person.
    Paused {
        /// Why.
        why: BulkPause,
    },
    /// A person ended it; what was not begun is not done.
    Cancelled,
    /// Every item has its end.
    Finished,
}

/// How one item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BulkItemState {
    /// Nothing was sent.
    Waiting,
    /// Written down as begun; in a job that rests: nobody knows, it is looked at first.
    Begun,
    /// As it was asked.
    Done,
    /// Not done; the failure says why.
    Failed,
    /// Never part of the work; the exclusion says why.
    Excluded,
}

/// Items by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BulkCounts {
    /// Nothing was sent.
    pub waiting: u32,
    /// On their way.
    pub begun: u32,
    /// As asked.
    pub done: u32,
    /// Not done.
    pub failed: u32,
    /// Left out.
    pub excluded: u32,
}

/// A job without its items and without what is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BulkJob {
    /// Minted when it was confirmed.
    pub id: String,
    /// What is done.
    pub verb: BulkVerb,
    /// The fields that are replaced, or the primary model.
    pub words: Vec<String>,
    /// See [`BulkState`].
    pub state: BulkState,
    /// When it was confirmed.
    pub created_at: DateTime<Utc>,
    /// When it last went on.
    pub started_at: Option<DateTime<Utc>>,
    /// When it last came to rest.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether a failure in the last stage stops it too.
    pub stop_in_rest: bool,
    /// Of all stages.
    pub counts: BulkCounts,
    /// One, a tenth, the rest.
    pub stages: Vec<BulkCounts>,
    /// Requests a minute.
    pub per_minute: u32,
    /// Requests that one item takes.
    pub requests: u32,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BulkItem {
    /// Its place in the work.
    pub place: u32,
    /// Which instance.
    pub id: InstanceId,
    /// What people called it when the job was confirmed.
    pub name: String,
    /// From 0; one that is left out has none.
    pub stage: Option<u32>,
    /// See [`BulkItemState`].
    pub state: BulkItemState,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Why it is left out.
    pub excluded: Option<Exclusion>,
    /// It was found done, by a look.
    pub found: bool,
    /// How often it was begun.
    pub attempts: u32,
    /// When it came to its state.
    pub at: Option<DateTime<Utc>>,
}

/// Some items of a job: the failed first, then those on their way, waiting, done, left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BulkItems {
    /// How many there are in all of this state.
    pub total: u32,
    /// Some of them.
    pub items: Vec<BulkItem>,
}

impl BulkAct {
    /// Its name.
    pub fn verb(&self) -> BulkVerb {
        match self {
            Self::ApplyUpdates => BulkVerb::ApplyUpdates,
            Self::PatchPlatformConfig { .. } => BulkVerb::PatchPlatformConfig,
            Self::UpdateModelPolicy { .. } => BulkVerb::UpdateModelPolicy,
            Self::RevokeConsent => BulkVerb::RevokeConsent,
            Self::Delete => BulkVerb::Delete,
        }
    }

    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Self::PatchPlatformConfig { fields } => fields.0.keys().cloned().collect(),
            Self::UpdateModelPolicy { policy } => policy
                .0
                .get("primary")
                .and_then(|primary| primary.as_str())
                .map(str::to_owned)
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }
}
