//! The list as a screen sees it: filtered, sorted, and looked at through windows. Pure; ten thousand rows are the
//! ordinary case, so the screen never gets the whole list, and an unchanged row costs nothing.

mod named;
mod query;

use crate::client::Mark;
use crate::error::Failure;
use crate::seen::Source;
use crate::session::moved;
use chrono::{DateTime, TimeDelta, Utc};
pub use named::Named;
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceList, InstanceSummary, Phase, Status};
use nineheads_contract::local::LOCAL_PROVIDER;
pub use query::{FleetQuery, SortBy};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most rows of one window.
pub const WINDOW_LIMIT: u32 = 200;

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
    fn of<'a>(rows: impl Iterator<Item = &'a InstanceSummary>) -> Self {
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

pub(crate) fn phase(row: &InstanceSummary) -> Phase {
    row.status.as_ref().map(nineheads_contract::instances::Status::phase).unwrap_or_default()
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
    /// At most [`WINDOW_LIMIT`].
    pub rows: Vec<InstanceSummary>,
}

/// A row with its place in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlacedRow {
    /// Its place.
    pub index: u32,
    /// The row.
    pub row: InstanceSummary,
}

/// What a new list changed; for the cache.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub changed: Vec<InstanceSummary>,
    pub gone: Vec<InstanceId>,
    /// Rows whose status is another one: which, what it was, what it is.
    pub statuses: Vec<(InstanceId, Option<Status>, Option<Status>)>,
}

#[derive(Debug)]
struct Row {
    summary: InstanceSummary,
    /// What a search looks at, in lower case.
    text: String,
}

/// The list and the one view of it.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    rows: Vec<Row>,
    places: HashMap<InstanceId, usize>,
    query: FleetQuery,
    order: Vec<u32>,
    /// What the screen was last given, by place.
    shown: BTreeMap<u32, InstanceSummary>,
    /// Of the platform's list that the rows are; none where one was changed ahead of it, or where they come from the cache.
    mark: Option<Mark>,
    /// What was written down of the rows is gone.
    unkept: bool,
    facts: FleetFacts,
}

impl Fleet {
    pub(crate) fn facts(&self) -> &FleetFacts {
        &self.facts
    }

    /// What the platform's list is known again by, as long as the rows are what it said.
    pub(crate) fn mark(&self) -> Option<&Mark> {
        self.mark.as_ref()
    }

    /// The rows are what the answer of this mark said.
    pub(crate) fn hold_mark(&mut self, mark: Mark) {
        self.mark = Some(mark);
    }

    /// What was written down of the rows is gone: the next list counts as new from its first row to its last.
    pub(crate) fn forget_kept(&mut self) {
        self.mark = None;
        self.unkept = true;
    }

    pub(crate) fn get(&self, id: &InstanceId) -> Option<&InstanceSummary> {
        self.places.get(id).map(|&at| &self.rows[at].summary)
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &InstanceSummary> {
        self.rows.iter().map(|row| &row.summary)
    }

    /// Takes a new list. A second row with a known id is left out and counted.
    pub(crate) fn replace(&mut self, list: InstanceList, seen_at: DateTime<Utc>, source: Source) -> Changes {
        let mut changes = Changes::default();
        let mut rows: Vec<Row> = Vec::with_capacity(list.instances.len());
        let mut places = HashMap::with_capacity(list.instances.len());
        let mut skipped = list.skipped;
        for summary in list.instances {
            if places.contains_key(&summary.id) {
                skipped += 1;
                continue;
            }
            places.insert(summary.id.clone(), rows.len());
            let known = self.places.get(&summary.id).map(|&at| &mut self.rows[at]);
            rows.push(match known {
                Some(known) if known.summary == summary && !self.unkept => {
                    Row { text: std::mem::take(&mut known.text), summary }
                }
                known => {
                    if let Some(known) = known.filter(|known| known.summary.status != summary.status) {
                        let before = known.summary.status.clone();
                        changes.statuses.push((summary.id.clone(), before, summary.status.clone()));
                    }
                    changes.changed.push(summary.clone());
                    Row { text: query::search_text(&summary), summary }
                }
            });
        }
        changes.gone = self.places.keys().filter(|id| !places.contains_key(*id)).cloned().collect();
        self.rows = rows;
        self.mark = None;
        self.unkept = false;
        self.places = places;
        self.facts.skipped = u32::try_from(skipped).unwrap_or(u32::MAX);
        self.confirm(seen_at, source);
        // The platform's own order counts too where the sort leaves rows equal.
        self.arrange();
        changes
    }

    /// The platform confirmed what is known. True where more than its age is another one now.
    pub(crate) fn confirm(&mut self, seen_at: DateTime<Utc>, source: Source) -> bool {
        let facts = &mut self.facts;
        let was_doubtful = facts.failure.is_some() || facts.source != source || facts.doubted > 0;
        facts.seen_at = Some(seen_at);
        (facts.source, facts.failure, facts.doubted) = (source, None, 0);
        was_doubtful
    }

    /// A list that is not believed yet lacks some of the rows.
    pub(crate) fn doubt(&mut self, list: &InstanceList) {
        let there: HashSet<&InstanceId> = list.instances.iter().map(|row| &row.id).collect();
        let missing = self.places.keys().filter(|id| !there.contains(id)).count();
        self.facts.doubted = u32::try_from(missing).unwrap_or(u32::MAX);
    }

    /// The clock was set: what was seen in this run keeps its age.
    pub(crate) fn restamp(&mut self, by: TimeDelta) {
        if self.facts.source == Source::Live {
            self.facts.seen_at = self.facts.seen_at.map(|at| moved(at, by));
        }
    }

    pub(crate) fn note_failure(&mut self, failure: Failure) {
        self.facts.failure = Some(failure);
    }

    /// Changes one row ahead of the platform's next list.
    pub(crate) fn update(&mut self, id: &InstanceId, change: impl FnOnce(&mut InstanceSummary)) {
        if let Some(&at) = self.places.get(id) {
            self.mark = None;
            change(&mut self.rows[at].summary);
            self.rows[at].text = query::search_text(&self.rows[at].summary);
            self.arrange();
        }
    }

    /// Looks at some rows through a query. A new query forgets what was shown.
    pub(crate) fn show(&mut self, query: FleetQuery, offset: u32, limit: u32) -> FleetWindow {
        if query != self.query || self.order.is_empty() {
            self.query = query;
            self.shown.clear();
            self.arrange();
        }
        let (from, to) = (offset, offset.saturating_add(limit.min(WINDOW_LIMIT)));
        // Windows far from this one are off the screen: their changes are of no interest.
        self.shown.retain(|&index, _| index.abs_diff(from) <= 2 * WINDOW_LIMIT);
        let rows: Vec<_> = (from..to).map_while(|index| self.at(index).cloned()).collect();
        self.shown.extend((from..).zip(rows.iter().cloned()));
        FleetWindow { facts: self.facts.clone(), offset, rows }
    }

    /// The shown rows that are no longer what the screen was given. Moves the sequence number on.
    pub(crate) fn take_changes(&mut self) -> Vec<PlacedRow> {
        self.facts.seq = self.facts.seq.wrapping_add(1);
        let indices: Vec<u32> = self.shown.keys().copied().collect();
        let mut placed = Vec::new();
        for index in indices {
            let Some(row) = self.at(index).cloned() else {
                self.shown.remove(&index);
                continue;
            };
            if self.shown.get(&index) != Some(&row) {
                self.shown.insert(index, row.clone());
                placed.push(PlacedRow { index, row });
            }
        }
        placed
    }

    /// Which instances match a query, in its order. What is shown stays as it is.
    pub(crate) fn matched_ids(&self, query: &FleetQuery) -> Vec<InstanceId> {
        let searched = self.rows.iter().map(|row| (&row.summary, row.text.as_str()));
        let order = query::arrange(query, searched);
        order.into_iter().map(|at| self.rows[at as usize].summary.id.clone()).collect()
    }

    fn at(&self, index: u32) -> Option<&InstanceSummary> {
        let at = *self.order.get(index as usize)?;
        Some(&self.rows[at as usize].summary)
    }

    fn arrange(&mut self) {
        self.facts.counts = PhaseCounts::of(self.rows.iter().map(|row| &row.summary));
        self.facts.total = self.facts.counts.all;
        let is_here = |row: &InstanceSummary| row.provider.as_deref() == Some(LOCAL_PROVIDER);
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            self.rows.iter().map(|row| &row.summary).partition(|row| is_here(row));
        let stays = |row: &&&InstanceSummary| !matches!(phase(row), Phase::Deleting | Phase::Gone);
        self.facts.on_this_computer = crate::logs::count(here.len());
        self.facts.elsewhere = crate::logs::count(elsewhere.iter().filter(stays).count());
        let searched = self.rows.iter().map(|row| (&row.summary, row.text.as_str()));
        self.order = query::arrange(&self.query, searched);
        self.facts.matched = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
    }
}

#[cfg(test)]
mod tests;
