//! Which of several looks at one instance counts, whatever order they are answered in.

use crate::session::lock;
use nineheads_contract::InstanceId;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which look at an instance began last, of those that were answered: a late answer must not undo a newer one.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    begun: AtomicU64,
    newest: Mutex<HashMap<InstanceId, u64>>,
}

impl Looks {
    pub(super) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Whether no look that began later was answered already; from here on this one was.
    pub(super) fn is_newest(&self, id: &InstanceId, turn: u64) -> bool {
        let mut newest = lock(&self.newest);
        let known = newest.entry(id.clone()).or_default();
        let is_newest = turn >= *known;
        *known = turn.max(*known);
        is_newest
    }
}
