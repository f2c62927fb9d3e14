//! A token bucket: how many looks may come at once, and how many a second.

use std::time::Duration;
use tokio::time::Instant;

/// Looks a second that all loops of a profile share, and how many may come at once.
const RATE: f64 = 5.0;
const BURST: f64 = 10.0;

/// See the module.
#[derive(Debug)]
pub(super) struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Default for Bucket {
    fn default() -> Self {
        Self { tokens: BURST, filled_at: Instant::now() }
    }
}

impl Bucket {
    /// Takes a token, or says when to come back.
    pub(super) fn take(&mut self, now: Instant) -> Option<Instant> {
        let passed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.tokens = (self.tokens + passed * RATE).min(BURST);
        self.filled_at = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        Some(now + Duration::from_secs_f64((1.0 - self.tokens) / RATE))
    }
}
