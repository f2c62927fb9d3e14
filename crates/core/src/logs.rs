//! Provisioning logs of an instance that is on screen.

use crate::error::Failure;
use crate::events::Event;
use crate::polling::{Looked, look_again_and_again};
use crate::session::{Resource, Session, lock};
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::logs::{GetLogs, LogLine};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::sync::Arc;
use std::time::Duration;

/// How long a screen waits for the first look before it shows what there is.
const FIRST_LOOK: Duration = Duration::from_secs(20);
/// Most lines of one answer to a screen.
const PAGE: usize = 2000;

/// Some lines, from a place on.
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

/// What is known of one log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Logs {
    lines: Vec<LogLine>,
    seen_at: Option<DateTime<Utc>>,
    failure: Option<Failure>,
}

/// Cuts a page out of all lines.
pub(crate) fn page(lines: &[LogLine], from: u32) -> LogsView {
    let start = (from as usize).min(lines.len());
    let end = (start + PAGE).min(lines.len());
    LogsView {
        total: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        from: u32::try_from(start).unwrap_or(u32::MAX),
        lines: lines[start..end].to_vec(),
        seen_at: None,
        failure: None,
    }
}

impl Session {
    /// Starts looking; answers when the first look is done, or with what is known.
    pub(crate) async fn watch_logs(self: &Arc<Self>, id: &InstanceId) -> LogsView {
        self.look_at_logs_for_ever(id);
        let looked = async {
            loop {
                let mut next = std::pin::pin!(self.log_looked.notified());
                next.as_mut().enable();
                if lock(&self.logs).contains_key(id) {
                    return;
                }
                next.await;
            }
        };
        let _ = tokio::time::timeout(FIRST_LOOK, looked).await;
        self.read_logs(id, 0)
    }

    /// One more screen wants the log.
    pub(crate) fn look_at_logs_for_ever(self: &Arc<Self>, id: &InstanceId) {
        let (session, watched) = (self.clone(), id.clone());
        self.want(Resource::Logs(id.clone()), move |nudge| {
            look_again_and_again(session, nudge, false, move |session| {
                let id = watched.clone();
                async move { session.look_at_logs(&id).await }
            })
        });
    }

    pub(crate) fn read_logs(&self, id: &InstanceId, from: u32) -> LogsView {
        let logs = lock(&self.logs);
        match logs.get(id) {
            Some(logs) => {
                LogsView { seen_at: logs.seen_at, failure: logs.failure.clone(), ..page(&logs.lines, from) }
            }
            None => LogsView::default(),
        }
    }

    async fn look_at_logs(&self, id: &InstanceId) -> Result<Looked, Failure> {
        let fetched = self.polls.fetch(&GetLogs { id: id.clone() }).await;
        self.note_denied(fetched.as_ref().err());
        let known = lock(&self.logs).get(id).cloned().unwrap_or_default();
        let (after, looked) = match fetched {
            Ok(fetched) => {
                let mut lines = fetched.value.logs;
                lines.sort_by_key(|line| line.seq);
                let changing = self.is_changing(id);
                let looked = Looked { changing, finished: false, bytes: fetched.bytes, took: fetched.took };
                (Logs { lines, seen_at: Some(self.now()), failure: None }, Ok(looked))
            }
            Err(failure) => (Logs { failure: Some(failure.clone()), ..known.clone() }, Err(failure)),
        };
        let changed = after.lines != known.lines || after.failure != known.failure;
        let total = u32::try_from(after.lines.len()).unwrap_or(u32::MAX);
        lock(&self.logs).insert(id.clone(), after);
        self.log_looked.notify_waiters();
        if changed {
            self.announce(Event::LogsChanged { id: id.clone(), total });
        }
        looked
    }
}
