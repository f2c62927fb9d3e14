//! What a profile sent and got in the last hour, minute by minute; for the view of what the app does on the network.

use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How many minutes are kept.
const MINUTES: u64 = 60;

/// One minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrafficMinute {
    /// Attempts, repeats among them.
    pub requests: u32,
    /// Those without an answer, or answered with 5xx.
    pub failed: u32,
    /// Bytes of the bodies that came, unpacked.
    pub bytes: u32,
    /// Milliseconds that looks waited for their turn: the shared pace, or the platform's wish.
    pub waited_ms: u32,
}

/// The last hour.
#[derive(Debug)]
pub(crate) struct Traffic {
    started_at: Instant,
    /// Oldest first, each with its number since the start.
    minutes: Mutex<VecDeque<(u64, TrafficMinute)>>,
}

impl Default for Traffic {
    fn default() -> Self {
        Self { started_at: Instant::now(), minutes: Mutex::default() }
    }
}

impl Traffic {
    pub(crate) fn note_request(&self, failed: bool) {
        self.note(|minute| {
            minute.requests += 1;
            minute.failed += u32::from(failed);
        });
    }

    pub(crate) fn note_bytes(&self, bytes: usize) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.note(|minute| minute.bytes = minute.bytes.saturating_add(bytes));
    }

    pub(crate) fn note_wait(&self, waited: Duration) {
        let waited = u32::try_from(waited.as_millis()).unwrap_or(u32::MAX);
        self.note(|minute| minute.waited_ms = minute.waited_ms.saturating_add(waited));
    }

    /// Sixty minutes, oldest first, the one that runs at the end; quiet ones are there too.
    pub(crate) fn last_hour(&self) -> Vec<TrafficMinute> {
        let now = self.now();
        let minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let at = |number| minutes.iter().find(|(at, _)| *at == number).map(|(_, minute)| *minute);
        (0..MINUTES).rev().map(|ago| now.checked_sub(ago).and_then(at).unwrap_or_default()).collect()
    }

    fn now(&self) -> u64 {
        self.started_at.elapsed().as_secs() / 60
    }

    fn note(&self, change: impl FnOnce(&mut TrafficMinute)) {
        let now = self.now();
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.back().is_none_or(|(at, _)| *at != now) {
            minutes.push_back((now, TrafficMinute::default()));
        }
        while minutes.front().is_some_and(|(at, _)| at + MINUTES <= now) {
            minutes.pop_front();
        }
        if let Some((_, minute)) = minutes.back_mut() {
            change(minute);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_hour_is_kept_and_no_more() {
        let traffic = Traffic::default();
        traffic.note_request(true);
        traffic.note_bytes(10);
        tokio::time::advance(Duration::from_secs(61)).await;
        traffic.note_request(false);
        traffic.note_wait(Duration::from_millis(5));
        let hour = traffic.last_hour();
        assert_eq!(hour.len(), 60);
        assert_eq!(hour[58], TrafficMinute { requests: 1, failed: 1, bytes: 10, waited_ms: 0 });
        assert_eq!(hour[59], TrafficMinute { requests: 1, failed: 0, bytes: 0, waited_ms: 5 });
        tokio::time::advance(Duration::from_secs(3600)).await;
        assert!(traffic.last_hour().iter().all(|minute| minute.requests == 0));
    }
}
