//! When to try again. Pure: outcome in, wait out; the random number and the clock come from outside.

use nineheads_contract::Repeat;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Most attempts of one call.
pub(crate) const ATTEMPTS: u32 = 3;
const FIRST: Duration = Duration::from_millis(800);
const CAP: Duration = Duration::from_secs(30);
/// Longest wait that a server may ask for.
pub(crate) const RETRY_AFTER_CAP: Duration = Duration::from_secs(3600);

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// No answer came; nothing is known of the request.
    NoAnswer,
    /// No answer came, and the next attempt would end the same way: the certificate does not hold.
    Hopeless,
    /// An answer with this status.
    Status(u16),
}

/// What may be repeated in all, so that a dead server sees hardly more than it would of a client that never repeats.
/// Counted in tenths of a repeat: each request earns one.
#[derive(Debug)]
pub(crate) struct RetryBudget(Mutex<u32>);

/// Tenths to begin with, and the most that are saved up.
const START: u32 = 33;
const MOST: u32 = 110;
/// A repeat costs the tenth that it earns as a request too.
const COST: u32 = 11;

impl Default for RetryBudget {
    fn default() -> Self {
        Self(Mutex::new(START))
    }
}

impl RetryBudget {
    /// A request goes out, a repeat or not.
    pub(crate) fn note_request(&self) {
        let mut tenths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *tenths = (*tenths + 1).min(MOST);
    }

    /// Takes what one repeat costs; false where there is too little.
    pub(crate) fn take(&self) -> bool {
        let mut tenths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = tenths.checked_sub(COST);
        *tenths = left.unwrap_or(*tenths);
        left.is_some()
    }
}

/// How long to wait before the next attempt; none means that this was the last one.
///
/// `attempt` counts from 1. `jitter` lies in `0.0..=1.0`.
pub(crate) fn next_wait(
    repeat: Repeat,
    is_get: bool,
    outcome: Outcome,
    attempt: u32,
    retry_after: Option<Duration>,
    jitter: f64,
) -> Option<Duration> {
    if repeat != Repeat::Safe || attempt >= ATTEMPTS {
        return None;
    }
    let again = match outcome {
        Outcome::NoAnswer | Outcome::Status(429 | 502 | 503 | 504) => true,
        Outcome::Status(500) => is_get,
        Outcome::Status(_) | Outcome::Hopeless => false,
    };
    // A long wait belongs to the poller, which says so on screen; a call gives up instead.
    match retry_after {
        _ if !again => None,
        Some(wait) if wait > CAP => None,
        Some(wait) => Some(wait + FIRST.mul_f64(jitter)),
        None => Some(FIRST.saturating_mul(2_u32.saturating_pow(attempt - 1)).min(CAP).mul_f64(jitter)),
    }
}

/// Reads a `Retry-After` in either form. A date in the past is zero, garbage is none, and an hour is the most.
pub(crate) fn read_retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default(),
    };
    Some(wait.min(RETRY_AFTER_CAP))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_must_never_be_repeated_never_is() {
        for repeat in [Repeat::Never, Repeat::WithKey] {
            for outcome in [Outcome::NoAnswer, Outcome::Status(429), Outcome::Status(503)] {
                assert_eq!(next_wait(repeat, false, outcome, 1, None, 0.5), None);
            }
        }
    }

    #[test]
    fn a_dead_server_sees_a_tenth_more_than_of_a_client_that_never_repeats() {
        let budget = RetryBudget::default();
        let (mut first, mut all) = (0, 0);
        for _ in 0..1000 {
            first += 1;
            for attempt in 1..=ATTEMPTS {
                budget.note_request();
                all += 1;
                if attempt == ATTEMPTS || !budget.take() {
                    break;
                }
            }
        }
        assert!(f64::from(all) <= f64::from(first) * 1.1 + 3.0, "{all} of {first}");
        assert!(all > first, "something is repeated");
    }

    #[test]
    fn a_500_is_repeated_for_a_read_alone() {
        assert!(next_wait(Repeat::Safe, true, Outcome::Status(500), 1, None, 1.0).is_some());
        assert_eq!(next_wait(Repeat::Safe, false, Outcome::Status(500), 1, None, 1.0), None);
    }

    #[test]
    fn the_servers_wish_wins_over_our_own_wait() {
        let wait = next_wait(Repeat::Safe, true, Outcome::Status(429), 1, Some(Duration::from_secs(7)), 0.0);
        assert_eq!(wait, Some(Duration::from_secs(7)));
    }

    #[test]
    fn retry_after_is_read_in_both_forms_and_never_believed_beyond_an_hour() {
        let now = httpdate::parse_http_date("Tue, 24 Nov 2026 10:00:00 GMT").expect("a date");
        assert_eq!(read_retry_after(" 7 ", now), Some(Duration::from_secs(7)));
        assert_eq!(read_retry_after("999999999", now), Some(RETRY_AFTER_CAP));
        assert_eq!(read_retry_after("Tue, 24 Nov 2026 10:00:30 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(read_retry_after("Tue, 24 Nov 2020 10:00:30 GMT", now), Some(Duration::ZERO));
        assert_eq!(read_retry_after("soon", now), None);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_the_cap_and_attempts_end(attempt in 1u32..20, jitter in 0.0f64..=1.0, status in 100u16..600) {
            let wait = next_wait(Repeat::Safe, true, Outcome::Status(status), attempt, None, jitter);
            prop_assert!(wait.is_none_or(|wait| wait <= CAP));
            prop_assert!(attempt < ATTEMPTS || wait.is_none());
        }
    }
}
