//! A new list takes the place of the one before. A row that is what it was stays what it is, with everything that was made
//! of it. Does not belong here: what a screen sees of the rows (`query`), what else is known of them (`known`).

use super::{Changes, Fleet, Row};
use crate::error::{Code, Failure};
use crate::seen::Source;
use chrono::{DateTime, Utc};
use foldhash::quality::RandomState;
use nineheads_contract::instances::{
    InstanceList, InstanceSummary, ListInstances, ListNews, ListedRow, RowMark, RowReader,
};
use nineheads_contract::{Endpoint, InstanceId};
use std::collections::HashSet;
use std::sync::Arc;

/// How the next list is read: against the texts of the rows as they are now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    reader: RowReader<RandomState>,
    /// One a row, in the order of the rows; none for a row that is not what its text said.
    marks: Arc<Vec<Option<RowMark>>>,
    /// Marks are made: the first list of all has nothing that could be known again.
    is_marking: bool,
}

impl Reading {
    /// # Errors
    /// The bytes are no list.
    pub(crate) fn read(&self, bytes: &[u8]) -> Result<ListNews, Failure> {
        let read = match self.is_marking {
            true => self.reader.read(bytes, &self.marks),
            false => ListInstances::read(bytes).map(ListNews::from),
        };
        read.map_err(|unreadable| Failure::new(Code::Unreadable, unreadable.to_string()))
    }

    /// The rows are those that it read against.
    fn is_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.marks, &other.marks)
    }

    /// The row is another now than its text said.
    pub(super) fn forget(&mut self, at: usize) {
        if let Some(mark) = Arc::make_mut(&mut self.marks).get_mut(at) {
            *mark = None;
        }
    }

    pub(super) fn forget_all(&mut self) {
        self.marks = Arc::default();
    }
}

impl Fleet {
    pub(crate) fn reading(&self) -> Reading {
        self.reading.clone()
    }

    /// Takes a new list. A second row with a known id is left out and counted.
    pub(crate) fn replace(&mut self, list: InstanceList, seen_at: DateTime<Utc>, source: Source) -> Changes {
        self.reading.forget_all();
        self.take(list.into(), seen_at, source)
    }

    /// The same, of a list that was read against these rows. None where they are others by now.
    pub(crate) fn take_news(
        &mut self,
        reading: &Reading,
        news: ListNews,
        seen_at: DateTime<Utc>,
    ) -> Option<Changes> {
        self.reading.is_as(reading).then(|| self.take(news, seen_at, Source::Live))
    }

    fn take(&mut self, news: ListNews, seen_at: DateTime<Utc>, source: Source) -> Changes {
        let mut changes = Changes::default();
        let mut skipped = news.skipped;
        let mut known: Vec<Option<Row>> = std::mem::take(&mut self.rows).into_iter().map(Some).collect();
        // Where each row was; one that is new was nowhere.
        let mut came_from = Vec::with_capacity(news.rows.len());
        let mut marks = Vec::with_capacity(news.rows.len());
        let mut rows = Vec::with_capacity(news.rows.len());
        let mut new: HashSet<InstanceId> = HashSet::new();
        for listed in news.rows {
            let (row, place, mark) = match listed {
                ListedRow::Known(place) => match known[place].take() {
                    Some(row) => (row, Some(place), self.reading.marks[place]),
                    None => {
                        skipped += 1;
                        continue;
                    }
                },
                ListedRow::New(summary, mark) => {
                    let place = self.places.get(&summary.id).copied();
                    let before = place.and_then(|place| known[place].take());
                    let is_second = match (place, &before) {
                        (Some(_), before) => before.is_none(),
                        (None, _) => !new.insert(summary.id.clone()),
                    };
                    if is_second {
                        skipped += 1;
                        continue;
                    }
                    if place.is_none() {
                        self.tag_uses = None;
                    }
                    (self.take_row(*summary, before, &mut changes), place, mark)
                }
            };
            rows.push(row);
            came_from.push(place);
            marks.push(mark);
        }
        for row in known.into_iter().flatten() {
            self.places.remove(&row.summary.id);
            self.tag_uses = None;
            changes.gone.push(row.summary.id);
        }
        for (at, (row, place)) in rows.iter().zip(came_from).enumerate() {
            match place.map(|place| place == at) {
                Some(true) => {}
                Some(false) => {
                    if let Some(place) = self.places.get_mut(&row.summary.id) {
                        *place = at;
                    }
                }
                None => drop(self.places.insert(row.summary.id.clone(), at)),
            }
        }
        self.rows = rows;
        self.reading.marks = Arc::new(marks);
        self.reading.is_marking = source == Source::Live && !self.rows.is_empty();
        self.mark = None;
        self.unkept = false;
        self.facts.skipped = u32::try_from(skipped).unwrap_or(u32::MAX);
        self.confirm(seen_at, source);
        self.arrange();
        changes
    }

    /// A row that was read: is it another one?
    fn take_row(&self, summary: InstanceSummary, before: Option<Row>, changes: &mut Changes) -> Row {
        match before {
            Some(before) if before.summary == summary && !self.unkept => before,
            before => {
                if let Some(before) = before.filter(|before| before.summary.status != summary.status) {
                    let status = before.summary.status;
                    changes.statuses.push((summary.id.clone(), status, summary.status.clone()));
                }
                changes.changed.push(summary.clone());
                let label = self.labels.get(&summary.id).cloned();
                let brought = self.known.get(&summary.id).cloned();
                Row::new(summary, label, brought.unwrap_or_default())
            }
        }
    }
}
