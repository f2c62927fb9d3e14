//! How many requests a key may make a minute. Off unless asked for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

const WINDOW: Duration = Duration::from_secs(60);

/// Counts requests per key in windows of a minute.
#[derive(Debug)]
pub(crate) struct RateLimit {
    allowed: Option<u32>,
    windows: Mutex<HashMap<Uuid, (Instant, u32)>>,
}

impl RateLimit {
    pub(crate) fn new(allowed: Option<u32>) -> Self {
        Self { allowed, windows: Mutex::default() }
    }

    /// Takes one request; or the seconds until the next one is welcome.
    pub(crate) fn take(&self, key: Uuid, now: Instant) -> Result<(), u64> {
        let Some(allowed) = self.allowed else { return Ok(()) };
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, used) = windows.entry(key).or_insert((now, 0));
        if now.duration_since(*start) >= WINDOW {
            (*start, *used) = (now, 0);
        }
        *used += 1;
        match *used <= allowed {
            true => Ok(()),
            false => Err((WINDOW - now.duration_since(*start)).as_secs() + 1),
        }
    }

    /// What a key's own context says of it.
    pub(crate) fn per_minute(&self) -> Option<u32> {
        self.allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_too_many_waits_and_another_key_does_not() {
        let (limit, now) = (RateLimit::new(Some(2)), Instant::now());
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!([limit.take(one, now), limit.take(one, now)], [Ok(()), Ok(())]);
        assert_eq!(limit.take(one, now + Duration::from_secs(20)), Err(41));
        assert_eq!(limit.take(other, now), Ok(()));
        assert_eq!(limit.take(one, now + WINDOW), Ok(()));
    }
}
