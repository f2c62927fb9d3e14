//! How time passes beside our timers: the computer sleeps, and somebody sets the clock on the wall. What follows from it
//! is the session's (`wake`, `restamp`).

use crate::boot::BootTime;
use crate::session::Session;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How often it is looked.
const CHECK: Duration = Duration::from_secs(5);
/// How much of the time must be missing.
const SLEPT: Duration = Duration::from_secs(3);
/// A clock that was set by less spoils no age that anybody reads.
const SET: TimeDelta = TimeDelta::seconds(20);

/// All clocks at once.
#[derive(Debug, Clone)]
struct Moment {
    wall: DateTime<Utc>,
    boot: Option<BootTime>,
    timer: Instant,
}

/// What happened between two moments besides the passing of time.
#[derive(Debug, Default, PartialEq, Eq)]
struct Passed {
    slept: bool,
    /// By how much the clock on the wall was set.
    set_by: Option<TimeDelta>,
}

impl Moment {
    fn of(session: &Session) -> Self {
        Self { wall: session.now(), boot: session.boot_time(), timer: Instant::now() }
    }

    fn until(&self, later: &Self) -> Passed {
        let timer = later.timer - self.timer;
        let real = match (&self.boot, &later.boot) {
            (Some(before), Some(after)) => Some(after.since.saturating_sub(before.since)),
            _ => None,
        };
        let by = later.wall - self.wall - TimeDelta::from_std(real.unwrap_or(timer)).unwrap_or_default();
        // Where nobody counts the time of a sleep, a clock that was set forth looks like one.
        let is_set = by <= -SET || (by >= SET && real.is_some());
        let slept = real.is_some_and(|real| real.saturating_sub(timer) >= SLEPT);
        Passed { slept, set_by: is_set.then_some(by) }
    }
}

/// Looks again and again how time passed.
pub(crate) async fn notice_time(session: Arc<Session>) {
    let mut before = Moment::of(&session);
    loop {
        tokio::time::sleep(CHECK).await;
        if session.is_closed() {
            return;
        }
        let now = Moment::of(&session);
        let passed = before.until(&now);
        before = now;
        if let Some(by) = passed.set_by {
            session.restamp(by);
        }
        if passed.slept {
            session.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(wall: i64, boot: Option<i64>, timer: u64) -> Passed {
        let start = Instant::now();
        let at = |wall, boot: Option<i64>, timer| Moment {
            wall: DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(wall),
            boot: boot
                .map(|since| BootTime { boot: "b".into(), since: Duration::from_secs(since.unsigned_abs()) }),
            timer: start + Duration::from_secs(timer),
        };
        at(0, boot.map(|_| 0), 0).until(&at(wall, boot, timer))
    }

    #[test]
    fn a_sleep_and_a_clock_that_was_set_are_told_apart() {
        let by = |seconds| Passed { slept: false, set_by: Some(TimeDelta::seconds(seconds)) };
        assert_eq!(after(5, Some(5), 5), Passed::default());
        assert_eq!(after(12, Some(5), 5), Passed::default(), "set by a little");
        assert_eq!(after(3605, Some(3605), 5), Passed { slept: true, set_by: None });
        assert_eq!(after(3605, Some(5), 5), by(3600));
        assert_eq!(after(-3595, Some(5), 5), by(-3600));
        let both = Passed { slept: true, set_by: Some(TimeDelta::seconds(60)) };
        assert_eq!(after(3665, Some(3605), 5), both);
    }

    #[test]
    fn without_a_clock_that_goes_on_in_sleep_only_one_that_was_set_back_is_known() {
        assert_eq!(after(3605, None, 5), Passed::default());
        assert_eq!(after(-3595, None, 5).set_by, Some(TimeDelta::seconds(-3600)));
    }
}
