//! Provisioning logs. Lines are gathered in the encrypted cache over many looks, so that a log may be longer than any
//! one answer; a screen sees windows of what matches, merged with what changed (`logs/index.rs`).

mod export;
mod index;
mod lines;
mod query;

pub use export::LogFormat;

use crate::client::{Look, Mark};
use crate::error::Failure;
use crate::events::Event;
use crate::history::HistoryEntry;
use crate::polling::{Looked, look_again_and_again};
use crate::session::{Resource, Session, lock};
use chrono::{DateTime, Utc};
use index::{Index, Indexes};
use nineheads_contract::InstanceId;
use nineheads_contract::logs::{GetLogs, LogLine};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long a screen waits for the first look before it shows what there is.
const FIRST_LOOK: Duration = Duration::from_secs(20);
/// Most lines of one answer to a screen.
const PAGE: usize = 2000;
/// Most rows of one window.
const WINDOW: u32 = 500;

/// Some lines of a deploy's log, from a place on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LogsView {
    /// How many lines are known.
    pub total: u32,
    /// The first line's place.
    pub from: u32,
    /// The lines, ordered by `seq`; at most two thousand at a time.
    pub lines: Vec<LogLine>,
    /// When they were last asked for with success; none when never.
    pub seen_at: Option<DateTime<Utc>>,
    /// Why there are none.
    pub failure: Option<Failure>,
}

/// Which lines a screen wants.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LogQuery {
    /// Anywhere in the message, whatever the case; empty wants all.
    pub text: String,
    /// `text` is a regular expression.
    pub regex: bool,
    /// Only these; none wants all.
    pub levels: Vec<String>,
    /// Only these; none wants all.
    pub stages: Vec<String>,
    /// Status changes, bootstrap steps and own acts among the lines.
    pub with_changes: bool,
}

/// One row: a line or a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LogRow {
    /// Its place among the rows that match.
    pub index: u32,
    /// The line.
    pub line: Option<LogLine>,
    /// The change.
    pub change: Option<HistoryEntry>,
    /// How many numbers are missing before this line; 0 where the rows are filtered.
    pub gap_before: u32,
}

/// How often a word stands in a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LogCount {
    /// The word.
    pub name: String,
    /// How many lines have it.
    pub count: u32,
}

/// A window of the rows that match.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LogWindow {
    /// Lines known.
    pub total: u32,
    /// Rows that match.
    pub matched: u32,
    /// The first row's place.
    pub offset: u32,
    /// At most five hundred.
    pub rows: Vec<LogRow>,
    /// Levels of all lines.
    pub levels: Vec<LogCount>,
    /// Stages of all lines.
    pub stages: Vec<LogCount>,
    /// When the platform was last asked with success; none when never in this run.
    pub seen_at: Option<DateTime<Utc>>,
    /// Why the newest look failed.
    pub failure: Option<Failure>,
    /// Why the regular expression can not be used; nothing matches then.
    pub pattern_problem: Option<String>,
}

/// What is known of one log besides its lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct LogState {
    pub seen_at: Option<DateTime<Utc>>,
    pub failure: Option<Failure>,
    /// Of the answer whose lines are in the cache.
    mark: Option<Mark>,
    /// Built by one question at a time; the others wait for it.
    indexes: Arc<Mutex<Indexes>>,
    /// The newest question: an older one need not be answered any more.
    wanted: Arc<Mutex<LogQuery>>,
}

/// Cuts a page out of a deploy's lines.
pub(crate) fn page(lines: &[LogLine], from: u32) -> LogsView {
    let start = (from as usize).min(lines.len());
    let end = (start + PAGE).min(lines.len());
    LogsView {
        total: count(lines.len()),
        from: count(start),
        lines: lines[start..end].to_vec(),
        seen_at: None,
        failure: None,
    }
}

pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Session {
    /// Starts looking; returns when the first look is done, or after a while.
    pub(crate) async fn watch_logs(self: &Arc<Self>, id: &InstanceId) {
        self.look_at_logs_for_ever(id);
        let looked = async {
            loop {
                let mut next = std::pin::pin!(self.log_looked.notified());
                next.as_mut().enable();
                let looked = lock(&self.logs)
                    .get(id)
                    .is_some_and(|state| state.seen_at.is_some() || state.failure.is_some());
                if looked || self.poller.unreachable().is_some() {
                    return;
                }
                next.await;
            }
        };
        let _ = tokio::time::timeout(FIRST_LOOK, looked).await;
    }

    /// One more screen wants the log.
    pub(crate) fn look_at_logs_for_ever(self: &Arc<Self>, id: &InstanceId) {
        self.cache.touch(id, self.now());
        let (session, watched) = (self.clone(), id.clone());
        self.want(Resource::Logs(id.clone()), move |nudge| {
            look_again_and_again(session, nudge, false, move |session| {
                let id = watched.clone();
                async move { session.look_at_logs(&id).await }
            })
        });
    }

    /// A window of the rows that match.
    pub(crate) fn show_logs(
        &self,
        id: &InstanceId,
        query: &LogQuery,
        offset: u32,
        limit: u32,
    ) -> Result<LogWindow, Failure> {
        self.with_index(id, query, |index, state| {
            let rows = index.rows(&self.cache, id, offset, limit.min(WINDOW))?;
            Ok(LogWindow {
                total: index.total(),
                matched: index.matched(),
                offset,
                rows,
                levels: index.levels(),
                stages: index.stages(),
                seen_at: state.0,
                failure: state.1,
                pattern_problem: index.problem().map(str::to_owned),
            })
        })
    }

    /// The place of the first row that matches, at or after a time.
    pub(crate) fn find_log_time(
        &self,
        id: &InstanceId,
        query: &LogQuery,
        at: DateTime<Utc>,
    ) -> Result<u32, Failure> {
        self.with_index(id, query, |index, _| index.find_time(&self.cache, id, at))
    }

    /// Every row that matches, one after the other.
    pub(crate) fn each_log_row(
        &self,
        id: &InstanceId,
        query: &LogQuery,
        mut take: impl FnMut(LogRow) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        // An index of its own: a screen goes on meanwhile.
        let index = Index::bring_up_to_date(None, &self.cache, id, query, &|| true)?;
        let mut offset = 0;
        while offset < index.matched() {
            let rows = index.rows(&self.cache, id, offset, WINDOW)?;
            offset += WINDOW;
            rows.into_iter().try_for_each(&mut take)?;
        }
        Ok(())
    }

    /// Brings the index of a log up to date and does something with it. Where another question came meanwhile it does so with
    /// what is there: nobody waits for that answer.
    fn with_index<T>(
        &self,
        id: &InstanceId,
        query: &LogQuery,
        act: impl FnOnce(&Index, (Option<DateTime<Utc>>, Option<Failure>)) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let (indexes, wanted) = {
            let mut logs = lock(&self.logs);
            let state = logs.entry(id.clone()).or_default();
            (state.indexes.clone(), state.wanted.clone())
        };
        lock(&wanted).clone_from(query);
        let mut indexes = lock(&indexes);
        let slot = indexes.slot(query);
        let is_wanted = || *lock(&wanted) == *query;
        let known = slot.take();
        let index = slot.insert(Index::bring_up_to_date(known, &self.cache, id, query, &is_wanted)?);
        let state = lock(&self.logs).get(id).map(|state| (state.seen_at, state.failure.clone()));
        let (seen_at, failure) = state.unwrap_or_default();
        act(index, (seen_at, failure.or_else(|| self.poller.unreachable())))
    }

    async fn look_at_logs(&self, id: &InstanceId) -> Result<Looked, Failure> {
        let asked = lock(&self.logs).get(id).and_then(|state| state.mark.clone());
        let answer = self.polls.look(&GetLogs { id: id.clone() }, asked.as_ref()).await;
        self.note_denied(answer.as_ref().err());
        let taken = answer.and_then(|Look { value, mark, bytes, took }| {
            let new = value.map(|answer| self.cache.write_log_lines(id, answer.logs)).transpose()?;
            Ok((new, mark, Looked { changing: self.is_changing(id), bytes, took, ..Looked::default() }))
        });
        let mut logs = lock(&self.logs);
        let state = logs.entry(id.clone()).or_default();
        let (changed, looked) = match taken {
            // What was confirmed is not kept any more: the next look reads it anew.
            Ok((None, _, looked)) if state.mark != asked => (false, Ok(Looked { changing: true, ..looked })),
            Ok((new, mark, looked)) => {
                let is_first = state.mark.replace(mark).is_none();
                let failed = state.failure.take().is_some();
                state.seen_at = Some(self.now());
                (new.is_some_and(|new| new > 0) || failed || is_first, Ok(looked))
            }
            Err(failure) => {
                let known = state.failure.replace(failure.clone());
                (known.as_ref() != Some(&failure), Err(failure))
            }
        };
        drop(logs);
        self.log_looked.notify_waiters();
        if changed {
            let total = self.cache.count_log_lines(id).unwrap_or_default();
            self.announce(Event::LogsChanged { id: id.clone(), total });
        }
        looked
    }
}
