//! What a platform was asked and what it really did, for tests that count.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How often each thing happened since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests by the operation's name, refused and faulted ones included.
    pub requests: BTreeMap<&'static str, u64>,
    /// Instances whose row a worker made. A seeded fleet does not count.
    pub created: u64,
    /// Deletes that took hold; a second delete of the same instance does not count.
    pub deleted: u64,
}

impl Counts {
    /// How many requests an operation got.
    pub fn of(&self, operation: &str) -> u64 {
        self.requests.get(operation).copied().unwrap_or_default()
    }

    /// How many requests came in all.
    pub fn all(&self) -> u64 {
        self.requests.values().sum()
    }
}

/// Counts that many threads write.
#[derive(Debug, Default)]
pub(crate) struct Counter(Mutex<Counts>);

impl Counter {
    pub(crate) fn request(&self, operation: &'static str) {
        *self.lock().requests.entry(operation).or_default() += 1;
    }

    pub(crate) fn created(&self) {
        self.lock().created += 1;
    }

    pub(crate) fn deleted(&self) {
        self.lock().deleted += 1;
    }

    pub(crate) fn read(&self) -> Counts {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
