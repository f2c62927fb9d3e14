//! The list as a screen sees it: filtered, sorted, and looked at through windows. Pure; ten thousand rows are the
//! ordinary case, so the screen never gets the whole list, and an unchanged row costs nothing.

mod facts;
mod filter;
mod finding;
mod known;
mod named;
mod query;
mod row;
mod taking;

use crate::client::Mark;
use crate::error::Failure;
use crate::labels::{Labels, TagUse};
use crate::seen::Source;
use crate::session::moved;
use chrono::{DateTime, TimeDelta, Utc};
pub use facts::{FleetFacts, FleetGroup, FleetWindow, PhaseCounts, PlacedRow, UnknownRows};
use filter::{Compiled, Filter};
pub use filter::{FilterField, FilterProblem, FilterReading, FilterTerm, Suggestion, read_filter};
pub use finding::FoundInstance;
pub(crate) use known::name_of_row;
pub use named::Named;
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceList, InstanceSummary, Phase, Status};
use nineheads_contract::local::LOCAL_PROVIDER;
pub(crate) use query::asks_known;
pub use query::{FleetQuery, GroupBy, SortBy};
pub use row::FleetRow;
use row::Row;
pub(crate) use row::{Complaint, Known};
use std::collections::{BTreeMap, HashMap, HashSet};
pub(crate) use taking::Reading;

/// Most rows of one window.
pub const WINDOW_LIMIT: u32 = 200;

pub(crate) fn phase(row: &InstanceSummary) -> Phase {
    row.status.as_ref().map(nineheads_contract::instances::Status::phase).unwrap_or_default()
}

/// What a new list changed; for the cache.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub changed: Vec<InstanceSummary>,
    pub gone: Vec<InstanceId>,
    /// Rows whose status is another one: which, what it was, what it is.
    pub statuses: Vec<(InstanceId, Option<Status>, Option<Status>)>,
}

/// The list and the one view of it.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    rows: Vec<Row>,
    places: HashMap<InstanceId, usize>,
    query: FleetQuery,
    /// The query's text, made ready.
    filter: Compiled,
    order: Vec<u32>,
    groups: Vec<FleetGroup>,
    /// What a person noted of instances, whether the list has them now or not.
    labels: Labels,
    /// Their tags, as far as they are counted; none where that has changed since.
    tag_uses: Option<Vec<TagUse>>,
    /// What looks at single instances brought.
    known: HashMap<InstanceId, Known>,
    /// What earlier runs knew of that was read.
    is_knowing: bool,
    /// As of which moment ages are counted.
    now: DateTime<Utc>,
    /// What the screen was last given, by place.
    shown: BTreeMap<u32, FleetRow>,
    /// Of the platform's list that the rows are; none where one was changed ahead of it, or where they come from the cache.
    mark: Option<Mark>,
    /// What was written down of the rows is gone.
    unkept: bool,
    /// What the rows' texts are known again by.
    reading: Reading,
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
        self.reading.forget_all();
    }

    pub(crate) fn get(&self, id: &InstanceId) -> Option<&InstanceSummary> {
        self.places.get(id).map(|&at| &self.rows[at].summary)
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &InstanceSummary> {
        self.rows.iter().map(|row| &row.summary)
    }

    /// The platform confirmed what is known. True where more than its age is another one now.
    pub(crate) fn confirm(&mut self, seen_at: DateTime<Utc>, source: Source) -> bool {
        let facts = &mut self.facts;
        if facts.seen_at.is_none() {
            // From now on it is known what is not there.
            self.tag_uses = None;
        }
        let was_doubtful = facts.failure.is_some() || facts.source != source || facts.doubted > 0;
        facts.seen_at = Some(seen_at);
        if source == Source::Live {
            self.now = seen_at;
        }
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
        for known in self.known.values_mut() {
            known.restamp(by);
        }
        for row in &mut self.rows {
            row.known.restamp(by);
        }
        self.now = moved(self.now, by);
    }

    pub(crate) fn note_failure(&mut self, failure: Failure) {
        self.facts.failure = Some(failure);
    }

    /// Changes one row ahead of the platform's next list.
    pub(crate) fn update(&mut self, id: &InstanceId, change: impl FnOnce(&mut InstanceSummary)) {
        if let Some(&at) = self.places.get(id) {
            self.mark = None;
            self.reading.forget(at);
            change(&mut self.rows[at].summary);
            self.rows[at].read_anew();
            self.arrange();
        }
    }

    /// Looks at some rows through a query. A new query forgets what was shown.
    pub(crate) fn show(
        &mut self,
        query: FleetQuery,
        offset: u32,
        limit: u32,
        now: DateTime<Utc>,
    ) -> FleetWindow {
        self.now = now;
        if query != self.query || self.order.is_empty() {
            let filter = Filter::read(&query.text);
            self.facts.problem = filter.problem().cloned();
            self.filter = Compiled::of(&filter);
            self.query = query;
            self.shown.clear();
            self.arrange();
        }
        let (from, to) = (offset, offset.saturating_add(limit.min(WINDOW_LIMIT)));
        // Windows far from this one are off the screen: their changes are of no interest.
        self.shown.retain(|&index, _| index.abs_diff(from) <= 2 * WINDOW_LIMIT);
        let rows: Vec<_> = (from..to).map_while(|index| self.at(index).map(Row::shown)).collect();
        self.shown.extend((from..).zip(rows.iter().cloned()));
        FleetWindow { facts: self.facts.clone(), offset, rows, groups: self.groups.clone() }
    }

    /// Which instances fit a query, in its order; the shown ones stay what they are.
    pub(crate) fn matched_ids(&self, query: &FleetQuery) -> Vec<InstanceId> {
        let filter = Compiled::of(&Filter::read(&query.text));
        let arranged = query::arrange(query, &filter, &self.rows, self.now);
        arranged.order.into_iter().map(|at| self.rows[at as usize].summary.id.clone()).collect()
    }

    /// How many those are.
    pub(crate) fn count_matched(&self, query: &FleetQuery) -> u32 {
        query::count(query, &Compiled::of(&Filter::read(&query.text)), &self.rows, self.now)
    }

    /// How many of some instances fit a query.
    pub(crate) fn count_matched_of(&self, query: &FleetQuery, ids: &[InstanceId]) -> u32 {
        let filter = Compiled::of(&Filter::read(&query.text));
        let wanted: HashSet<&InstanceId> = ids.iter().collect();
        let arranged = query::arrange(query, &filter, &self.rows, self.now);
        let is_wanted = |at: &&u32| wanted.contains(&self.rows[**at as usize].summary.id);
        crate::logs::count(arranged.order.iter().filter(is_wanted).count())
    }

    /// What could follow at a place of a filter's text.
    pub(crate) fn complete_filter(&self, text: &str, cursor: u32) -> Vec<Suggestion> {
        filter::complete(text, cursor, &self.rows)
    }

    /// The shown rows that are no longer what the screen was given. Moves the sequence number on.
    pub(crate) fn take_changes(&mut self) -> Vec<PlacedRow> {
        self.facts.seq = self.facts.seq.wrapping_add(1);
        let indices: Vec<u32> = self.shown.keys().copied().collect();
        let mut placed = Vec::new();
        for index in indices {
            let Some(row) = self.at(index).map(Row::shown) else {
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

    fn at(&self, index: u32) -> Option<&Row> {
        self.rows.get(*self.order.get(index as usize)? as usize)
    }

    /// The rows, or what is asked of them, are others now.
    fn arrange(&mut self) {
        self.facts.counts = PhaseCounts::of(self.rows.iter().map(|row| &row.summary));
        self.facts.total = self.facts.counts.all;
        let (mut here, mut elsewhere) = (0, 0);
        for Row { summary, .. } in &self.rows {
            match summary.provider.as_deref() == Some(LOCAL_PROVIDER) {
                true => here += 1,
                false => elsewhere += usize::from(!matches!(phase(summary), Phase::Deleting | Phase::Gone)),
            }
        }
        self.facts.on_this_computer = crate::logs::count(here);
        self.facts.elsewhere = crate::logs::count(elsewhere);
        let arranged = query::arrange(&self.query, &self.filter, &self.rows, self.now);
        (self.order, self.groups, self.facts.unknown) = (arranged.order, arranged.groups, arranged.unknown);
        self.facts.matched = crate::logs::count(self.order.len());
    }
}

#[cfg(test)]
mod tests;
