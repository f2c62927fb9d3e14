//! What samples say of two ways to do the same: pairwise ratios, how sure they are, and whether the machine was quiet enough
//! to say anything at all. Pure. Does not belong here: clocks, and what is measured (`tests/bench/core`).

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Serialize;

/// How often samples are drawn anew.
const ROUNDS: usize = 2000;

/// Where the control must lie for CPU time.
pub const CPU: (f64, f64) = (0.97, 1.03);
/// Where the control must lie for time by the clock.
pub const WALL: (f64, f64) = (0.95, 1.05);

/// The value below which a part of the samples lies.
///
/// # Panics
/// Without samples.
#[must_use]
pub fn quantile(samples: &[f64], part: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss)]
    let at = (sorted.len() - 1) as f64 * part;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    sorted[low] + (sorted[high] - sorted[low]) * at.fract()
}

/// The one in the middle.
///
/// # Panics
/// Without samples.
#[must_use]
pub fn median(samples: &[f64]) -> f64 {
    quantile(samples, 0.5)
}

/// A median with the bootstrap's 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The median.
    pub value: f64,
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Estimate {
    /// Of samples, with the same dice each time.
    ///
    /// # Panics
    /// Without samples.
    #[must_use]
    pub fn of(samples: &[f64]) -> Self {
        let mut dice = StdRng::seed_from_u64(1);
        let mut drawn = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let again: Vec<f64> =
                samples.iter().map(|_| samples[dice.random_range(0..samples.len())]).collect();
            drawn.push(median(&again));
        }
        Self { value: median(samples), low: quantile(&drawn, 0.025), high: quantile(&drawn, 0.975) }
    }
}

/// Samples of two ways, taken in the order A B B A, round after round.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Turns {
    /// Of the baseline: two a round.
    pub a: Vec<f64>,
    /// Of what is held against it: two a round.
    pub b: Vec<f64>,
}

impl Turns {
    /// Measures; each call returns one sample.
    pub fn take(rounds: usize, mut a: impl FnMut() -> f64, mut b: impl FnMut() -> f64) -> Self {
        let mut turns = Self::default();
        for _ in 0..rounds {
            turns.a.push(a());
            turns.b.push(b());
            turns.b.push(b());
            turns.a.push(a());
        }
        turns
    }

    /// The median of the pairwise ratios.
    ///
    /// # Panics
    /// Without samples.
    #[must_use]
    pub fn ratio(&self) -> Estimate {
        Estimate::of(&self.b.iter().zip(&self.a).map(|(b, a)| b / a).collect::<Vec<_>>())
    }

    /// The baseline against itself: what it took at the end of a round against its beginning.
    ///
    /// # Panics
    /// Without samples.
    #[must_use]
    pub fn control(&self) -> Estimate {
        Estimate::of(&self.a.chunks_exact(2).map(|round| round[1] / round[0]).collect::<Vec<_>>())
    }
}

/// What a ratio comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is at most what was aimed at.
    Met,
    /// It is more.
    Missed,
    /// The same was not the same: the machine was too busy.
    None,
}

impl Verdict {
    /// Of a ratio under its control.
    #[must_use]
    pub fn of(ratio: Estimate, control: Estimate, band: (f64, f64), goal: f64) -> Self {
        match (band.0..=band.1).contains(&control.value) {
            false => Self::None,
            true if ratio.value <= goal => Self::Met,
            true => Self::Missed,
        }
    }

    /// As it stands in the table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::None => "no verdict",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_their_neighbours() {
        assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), 2.5);
        assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 1.0), 4.0);
        assert_eq!(quantile(&[7.0], 0.95), 7.0);
    }

    #[test]
    fn two_ways_are_held_against_their_neighbours_so_that_a_drift_of_the_machine_says_nothing() {
        let speed = std::cell::Cell::new(1.0);
        let next = |cost: f64| {
            speed.set(speed.get() * 1.01);
            cost * speed.get()
        };
        let turns = Turns::take(20, || next(10.0), || next(20.0));
        assert!((1.98..2.03).contains(&turns.ratio().value), "{:?}", turns.ratio());
        assert!((1.029..1.032).contains(&turns.control().value), "{:?}", turns.control());
    }

    #[test]
    fn an_interval_holds_its_median_and_grows_with_the_spread() {
        let calm = Estimate::of(&[1.0, 1.01, 0.99, 1.0, 1.02, 0.98]);
        let wild = Estimate::of(&[1.0, 1.5, 0.5, 1.0, 2.0, 0.1]);
        for estimate in [calm, wild] {
            assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
        }
        assert!(wild.high - wild.low > calm.high - calm.low);
    }

    #[test]
    fn a_machine_that_is_not_quiet_has_no_verdict() {
        let at = |value| Estimate { value, low: value, high: value };
        assert_eq!(Verdict::of(at(1.4), at(1.02), CPU, 1.5), Verdict::Met);
        assert_eq!(Verdict::of(at(1.6), at(1.02), CPU, 1.5), Verdict::Missed);
        assert_eq!(Verdict::of(at(1.4), at(1.04), CPU, 1.5), Verdict::None);
        assert_eq!(Verdict::of(at(1.4), at(1.04), WALL, 1.5), Verdict::Met);
    }
}
