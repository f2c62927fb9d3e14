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
        let known = lock(&self.logs).contains_key(id);
        let first = if known { None } else { self.look_at_logs(id).await.err() };
        let (session, watched) = (self.clone(), id.clone());
        self.want(Resource::Logs(id.clone()), move |nudge| {
            look_again_and_again(session, nudge, false, move |session| {
                let id = watched.clone();
                async move { session.look_at_logs(&id).await }
            })
        });
        LogsView { failure: first, ..self.read_logs(id, 0) }
    }

    pub(crate) fn read_logs(&self, id: &InstanceId, from: u32) -> LogsView {
        let logs = lock(&self.logs);
        match logs.get(id) {
            Some(lines) => LogsView { seen_at: Some(self.now()), ..page(lines, from) },
            None => LogsView::default(),
        }
    }

    async fn look_at_logs(&self, id: &InstanceId) -> Result<Looked, Failure> {
        let fetched = self
            .client
            .fetch(&GetLogs { id: id.clone() })
            .await
            .inspect_err(|failure| self.note_denied(Some(failure)))?;
        let mut lines = fetched.value.logs;
        lines.sort_by_key(|line| line.seq);
        let total = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let before = lock(&self.logs).insert(id.clone(), lines);
        if before.is_none_or(|before| before.len() != total as usize) {
            self.announce(Event::LogsChanged { id: id.clone(), total });
        }
        Ok(Looked {
            changing: self.is_changing(id),
            finished: false,
            bytes: fetched.bytes,
            took: fetched.took,
        })
    }
}
