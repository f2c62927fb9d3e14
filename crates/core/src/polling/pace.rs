//! How long until the next look. Pure: the situation in, a duration out. Source: the reliability rules, "Polling".

use serde::{Deserialize, Serialize};
use specta::Type;
use std::time::Duration;

/// Bytes an hour that one resource may take off the wire.
const BUDGET_PER_HOUR: f64 = 50.0 * 1024.0 * 1024.0;

/// How much the window is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Attention {
    /// It has the focus.
    #[default]
    Front,
    /// It can be seen.
    Visible,
    /// It is minimised or covered.
    Hidden,
}

/// The base intervals; tests give shorter ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intervals {
    /// First look at something that is changing; grows by half each time.
    pub changing: Duration,
    /// The most that grows to.
    pub changing_cap: Duration,
    /// Something settled, window in front.
    pub front: Duration,
    /// Something settled, window visible.
    pub visible: Duration,
    /// Window hidden.
    pub hidden: Duration,
    /// First look at a platform that can not be reached; doubles each time.
    pub probe: Duration,
    /// The most that failures stretch it to, window not hidden.
    pub failing_cap: Duration,
    /// A look that is not answered for so long means that nobody is there, until an answer comes.
    pub silence: Duration,
}

impl Default for Intervals {
    fn default() -> Self {
        Self {
            changing: Duration::from_secs(2),
            changing_cap: Duration::from_secs(10),
            front: Duration::from_secs(15),
            visible: Duration::from_secs(60),
            hidden: Duration::from_secs(300),
            probe: Duration::from_secs(5),
            failing_cap: Duration::from_secs(60),
            silence: Duration::from_secs(2),
        }
    }
}

/// What decides about the next look.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Situation {
    pub attention: Attention,
    /// How many looks in a row found it changing; 0 when it is settled.
    pub changing_for: u32,
    /// Looks in a row that failed.
    pub failures: u32,
    /// The newest of them did not even reach the platform.
    pub unreachable: bool,
    /// The computer runs on its battery.
    pub on_battery: bool,
    pub bytes_last: usize,
    pub round_trip: Duration,
    /// On loopback bytes cost nothing.
    pub loopback: bool,
}

/// The interval without jitter.
pub(crate) fn interval(base: &Intervals, now: Situation) -> Duration {
    let calm = match (now.attention, now.changing_for) {
        (Attention::Hidden, _) => base.hidden,
        (_, looks @ 1..) => grow(base.changing, 1.5, looks - 1, base.changing_cap),
        (Attention::Front, 0) => base.front,
        (Attention::Visible, 0) => base.visible,
    };
    let calm = if now.on_battery { calm * 2 } else { calm };
    let calm = match now.failures {
        0 => calm,
        n if now.unreachable => {
            let first = if now.attention == Attention::Hidden { base.failing_cap } else { base.probe };
            return grow(first, 2.0, n - 1, base.failing_cap);
        }
        n => grow(
            calm.min(base.failing_cap),
            2.0,
            n.saturating_sub(1),
            base.failing_cap.max(calm.min(base.hidden)),
        ),
    };
    if now.loopback {
        return calm;
    }
    #[allow(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    let by_bytes = Duration::from_secs_f64(now.bytes_last as f64 * 3600.0 / BUDGET_PER_HOUR);
    calm.max(by_bytes).max(now.round_trip * 50)
}

/// `U(0.8, 1.2)` around an interval; `jitter` lies in `0.0..=1.0`.
pub(crate) fn spread(interval: Duration, jitter: f64) -> Duration {
    interval.mul_f64(0.8 + 0.4 * jitter)
}

fn grow(first: Duration, factor: f64, times: u32, cap: Duration) -> Duration {
    let grown = first.as_secs_f64() * factor.powi(i32::try_from(times.min(40)).unwrap_or(40));
    Duration::from_secs_f64(grown.min(cap.as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(now: Situation) -> f64 {
        interval(&Intervals::default(), now).as_secs_f64()
    }

    #[test]
    fn what_is_changing_is_looked_at_often_and_then_less_so() {
        let looks = |n| seconds(Situation { changing_for: n, loopback: true, ..Situation::default() });
        assert_eq!([looks(1), looks(2), looks(3), looks(9)], [2.0, 3.0, 4.5, 10.0]);
    }

    #[test]
    fn a_window_nobody_sees_is_left_in_peace() {
        let hidden = Situation { attention: Attention::Hidden, changing_for: 3, ..Situation::default() };
        assert_eq!(seconds(hidden), 300.0);
    }

    #[test]
    fn a_long_list_is_fetched_no_more_than_its_budget_allows() {
        let heavy = Situation { bytes_last: 5 << 20, ..Situation::default() };
        assert_eq!(seconds(heavy), 360.0);
        assert_eq!(seconds(Situation { loopback: true, ..heavy }), 15.0);
    }

    #[test]
    fn a_platform_out_of_reach_is_probed_after_five_seconds_and_then_less_often() {
        let probe = |failures, attention| {
            seconds(Situation { failures, unreachable: true, attention, ..Situation::default() })
        };
        let front = [1, 2, 3, 4, 5, 40].map(|n| probe(n, Attention::Front));
        assert_eq!(front, [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]);
        assert_eq!(probe(1, Attention::Hidden), 60.0);
    }

    #[test]
    fn on_battery_everything_takes_twice_as_long() {
        let now = Situation { on_battery: true, loopback: true, ..Situation::default() };
        assert_eq!(seconds(now), 30.0);
        assert_eq!(seconds(Situation { changing_for: 1, ..now }), 4.0);
    }

    #[test]
    fn failures_stretch_the_interval_to_a_minute() {
        let failing = |n| seconds(Situation { failures: n, loopback: true, ..Situation::default() });
        assert_eq!([failing(1), failing(2), failing(3), failing(30)], [15.0, 30.0, 60.0, 60.0]);
    }

    proptest! {
        #[test]
        fn no_situation_makes_a_burst(changing in 0u32..100, failures in 0u32..1000, bytes in 0usize..1<<30, jitter in 0.0f64..=1.0) {
            let now = Situation { changing_for: changing, failures, bytes_last: bytes, ..Situation::default() };
            prop_assert!(spread(interval(&Intervals::default(), now), jitter) >= Duration::from_millis(1600));
        }
    }
}
