//! How long until the next look. Pure: the situation in, a duration out. Source: the reliability rules, "Polling".

use serde::{Deserialize, Serialize};
use specta::Type;
use std::time::Duration;

/// Bytes an hour that the list may take off the wire, however chance falls.
const BUDGET_PER_HOUR: f64 = 50e6;
/// The least and the most that chance makes of an interval.
const LEAST: f64 = 0.8;
const MOST: f64 = 1.2;
/// The same where nothing got through: clients that lost their platform together drift apart.
const FAILED: (f64, f64) = (0.5, 1.5);
/// After waking one refresh within this time, also where looks are rarer.
const WAKE_WITHIN: Duration = Duration::from_secs(30);
/// The same on this computer, where nobody else comes.
const WAKE_WITHIN_HERE: Duration = Duration::from_secs(5);

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
    /// Of the last list; none of anything else.
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
        // Where nobody watches, who does not answer is asked no more often than who does.
        _ if now.attention == Attention::Hidden && !now.loopback => return calm,
        // Early probes are paid for by later ones.
        n if now.unreachable => {
            let most = if now.loopback { base.failing_cap } else { base.failing_cap.max(calm * 2) };
            return grow(base.probe, 2.0, n - 1, most);
        }
        n => {
            let most = base.failing_cap.max(calm.min(base.hidden));
            return grow(calm.min(base.failing_cap), 2.0, n - 1, most);
        }
    };
    if now.loopback { calm } else { calm.max(now.round_trip * 50) }
}

/// How long the bytes of the last list last: only then the next may take as many. What failed took none, and the first
/// look after it does not wait for its bytes.
pub(crate) fn by_bytes(now: Situation) -> Duration {
    if now.loopback || now.failures > 0 {
        return Duration::ZERO;
    }
    #[allow(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    let bytes = now.bytes_last as f64;
    Duration::from_secs_f64(bytes * 3600.0 / BUDGET_PER_HOUR)
}

/// The wait as chance makes it; `chance` lies in `0.0..=1.0`.
pub(crate) fn wait(base: &Intervals, now: Situation, chance: f64) -> Duration {
    let (least, most) =
        if now.failures > 0 && now.unreachable && !now.loopback { FAILED } else { (LEAST, MOST) };
    let by_pace = interval(base, now).mul_f64(least + (most - least) * chance);
    by_pace.max(by_bytes(now).mul_f64(1.0 + (MOST - 1.0) * chance))
}

/// From waking to the look after it; `chance` as in [`wait`]. It is what would be left of a wait that began before: so
/// those that wake together come as evenly as those that never slept.
pub(crate) fn resumed(base: &Intervals, now: Situation, chance: f64) -> Duration {
    let calm = interval(base, Situation { failures: 0, round_trip: Duration::ZERO, ..now });
    let within = if now.loopback { WAKE_WITHIN_HERE } else { WAKE_WITHIN };
    if calm > within {
        return within.mul_f64(chance);
    }
    // What is left of `U(LEAST, MOST)` at any moment: as likely each, up to the least; then less and less.
    let left = match chance {
        chance if chance <= LEAST => chance,
        chance => MOST - (2.0 * (MOST - LEAST) * (1.0 - chance)).sqrt(),
    };
    calm.mul_f64(left)
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
        let shortest = |now| wait(&Intervals::default(), now, 0.0).as_secs_f64();
        assert!(shortest(heavy) >= f64::from(5 << 20) * 3600.0 / 50e6, "{}", shortest(heavy));
        assert_eq!(shortest(Situation { loopback: true, ..heavy }), 12.0);
        for unreachable in [true, false] {
            let failed = Situation { failures: 1, unreachable, ..heavy };
            assert!(shortest(failed) <= 15.0, "what failed took no bytes");
        }
    }

    #[test]
    fn a_platform_out_of_reach_is_probed_after_five_seconds_and_then_less_often() {
        let probe = |failures, attention| {
            seconds(Situation { failures, unreachable: true, attention, ..Situation::default() })
        };
        let front = [1, 2, 3, 4, 5, 40].map(|n| probe(n, Attention::Front));
        assert_eq!(front, [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]);
        let visible = [1, 2, 3, 4, 5, 6, 40].map(|n| probe(n, Attention::Visible));
        assert_eq!(visible, [5.0, 10.0, 20.0, 40.0, 80.0, 120.0, 120.0]);
    }

    #[test]
    fn a_window_nobody_sees_asks_no_more_often_when_nobody_answers() {
        for unreachable in [true, false] {
            let hidden = Situation { attention: Attention::Hidden, unreachable, ..Situation::default() };
            let all = [0, 1, 2, 9].map(|failures| seconds(Situation { failures, ..hidden }));
            assert_eq!(all, [300.0; 4]);
        }
    }

    #[test]
    fn who_wakes_looks_soon_and_at_a_moment_like_any_other() {
        let left = |attention, chance| {
            let now = Situation { attention, failures: 9, bytes_last: 5 << 20, ..Situation::default() };
            resumed(&Intervals::default(), now, chance).as_secs_f64()
        };
        let front = [0.0, 0.4, 0.8, 0.95, 1.0].map(|chance| left(Attention::Front, chance));
        assert_eq!(front.map(f64::round), [0.0, 6.0, 12.0, 15.0, 18.0]);
        let rare = [Attention::Visible, Attention::Hidden].map(|attention| left(attention, 0.5));
        assert_eq!(rare, [15.0, 15.0]);
        let here = Situation { loopback: true, ..Situation::default() };
        assert_eq!(resumed(&Intervals::default(), here, 1.0), WAKE_WITHIN_HERE);
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
        fn no_situation_makes_a_burst(changing in 0u32..100, failures in 0u32..1000, bytes in 0usize..1<<30, chance in 0.0f64..=1.0) {
            let now = Situation { changing_for: changing, failures, bytes_last: bytes, ..Situation::default() };
            prop_assert!(wait(&Intervals::default(), now, chance) >= Duration::from_millis(1600));
        }
    }
}
