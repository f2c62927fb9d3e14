//! What is told about the list besides its rows.

use super::filter::FilterProblem;
use super::phase;
use super::row::FleetRow;
use crate::error::Failure;
use crate::seen::Source;
use chrono::{DateTime, Utc};
use nineheads_contract::instances::{InstanceSummary, Phase};
use serde::{Deserialize, Serialize};
use specta::Type;

/// How many instances are in which phase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PhaseCounts {
    /// All of them.
    pub all: u32,
    /// See [`Phase::Running`].
    pub running: u32,
    /// See [`Phase::OnItsWay`].
    pub on_its_way: u32,
    /// See [`Phase::Failed`].
    pub failed: u32,
    /// See [`Phase::Deleting`].
    pub deleting: u32,
    /// See [`Phase::Unknown`] and [`Phase::Gone`].
    pub unknown: u32,
}

impl PhaseCounts {
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a InstanceSummary>) -> Self {
        let mut counts = Self::default();
        for row in rows {
            counts.all += 1;
            *match phase(row) {
                Phase::Running => &mut counts.running,
                Phase::OnItsWay => &mut counts.on_its_way,
                Phase::Failed => &mut counts.failed,
                Phase::Deleting => &mut counts.deleting,
                Phase::Gone | Phase::Unknown => &mut counts.unknown,
            } += 1;
        }
        counts
    }
}

/// Rows of which nobody can say whether they fit, since what is asked is not known of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnknownRows {
    /// All of them.
    pub rows: u32,
    /// Those without a known age, where it is asked.
    pub age: u32,
    /// Those without a known heartbeat, where it is asked.
    pub heartbeat: u32,
    /// Those without a known cost, where it is asked.
    pub cost: u32,
}

/// Rows that lie together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetGroup {
    /// What they have in common, in lower case; empty where it is not known.
    pub key: String,
    /// The same as it is written.
    pub label: String,
    /// How many.
    pub count: u32,
    /// The first one's place in the list.
    pub offset: u32,
}

/// Everything about the list but its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetFacts {
    /// Grows with each change of what is shown; on a gap the screen asks again.
    pub seq: u32,
    /// Rows of the fleet.
    pub total: u32,
    /// Rows that fit the query.
    pub matched: u32,
    /// Rows that may or may not.
    pub unknown: UnknownRows,
    /// What of the query's text was not understood first; the rest of it counts.
    pub problem: Option<FilterProblem>,
    /// Rows of the newest answer that could not be read.
    pub skipped: u32,
    /// Rows that the newest answer does not have any more, as long as only that one says so: they are still shown.
    pub doubted: u32,
    /// Of the whole fleet.
    pub counts: PhaseCounts,
    /// Rows of the whole fleet that run on this computer for real.
    pub on_this_computer: u32,
    /// Rows that do not, and are not being deleted: at the platform of this computer, the demo.
    pub elsewhere: u32,
    /// When the list was last confirmed; none when it never was.
    pub seen_at: Option<DateTime<Utc>>,
    /// Whether that was in this run.
    pub source: Source,
    /// Why the newest look failed; none when it did not.
    pub failure: Option<Failure>,
}

/// Some rows of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetWindow {
    /// See [`FleetFacts`].
    pub facts: FleetFacts,
    /// The first row's place.
    pub offset: u32,
    /// At most [`super::WINDOW_LIMIT`].
    pub rows: Vec<FleetRow>,
    /// All groups in the order of the list; none where the query groups nothing.
    pub groups: Vec<FleetGroup>,
}

/// A row with its place in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlacedRow {
    /// Its place.
    pub index: u32,
    /// The row.
    pub row: FleetRow,
}
