//! How long to wait after a gateway has ended, and when to stop trying. Pure.

use std::time::Duration;

/// An exit code of its own: a bad configuration, or a state folder that is in use.
const BAD_CONFIG: i32 = 78;
/// So many ends within [`WINDOW`], and it is not started again by itself.
const MOST: usize = 5;
/// Before it was ever ready: an agent that does not come up is told soon.
const MOST_AT_FIRST: usize = 3;
const WINDOW: Duration = Duration::from_secs(10 * 60);
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// One end of a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Death {
    /// Since supervision began.
    pub(crate) at: Duration,
    pub(crate) cause: Cause,
}

/// Why it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// By itself, with a code where the system tells one.
    Exit(Option<i32>),
    /// Somebody else listens on its port.
    PortTaken,
    /// It ran, and never said that it can be asked.
    NeverReady,
    /// The program could not be started at all.
    NotStarted,
    /// It ran with other rights than are recorded, and was ended.
    NotInForce,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Start it again after a wait.
    Again(Duration),
    /// It needs a person.
    GiveUp(Reason),
}

/// Why a person is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    BadConfig,
    KeepsEnding,
    NeverReady,
    NotStarted,
    NotInForce,
}

impl Reason {
    /// As it stands in `error_code`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::BadConfig => "config_rejected",
            Self::KeepsEnding => "keeps_ending",
            Self::NeverReady => "never_ready",
            Self::NotStarted => "not_started",
            Self::NotInForce => "not_in_force",
        }
    }
}

/// Decides after the newest of some ends, oldest first.
pub(crate) fn decide(deaths: &[Death], was_ready: bool) -> Next {
    let Some(newest) = deaths.last() else { return Next::Again(Duration::ZERO) };
    if newest.cause == Cause::Exit(Some(BAD_CONFIG)) {
        return Next::GiveUp(Reason::BadConfig);
    }
    let lately = deaths.iter().filter(|death| newest.at.saturating_sub(death.at) < WINDOW).count();
    let most = if was_ready { MOST } else { MOST_AT_FIRST };
    if lately >= most {
        return Next::GiveUp(match newest.cause {
            Cause::NeverReady => Reason::NeverReady,
            Cause::NotStarted => Reason::NotStarted,
            Cause::NotInForce => Reason::NotInForce,
            Cause::Exit(_) | Cause::PortTaken => Reason::KeepsEnding,
        });
    }
    if newest.cause == Cause::PortTaken {
        // Another port is free at once.
        return Next::Again(Duration::ZERO);
    }
    let doubled = u32::try_from(lately.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    Next::Again(FIRST_WAIT.saturating_mul(1 << doubled).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(at: &[u64]) -> Vec<Death> {
        let one = |at: &u64| Death { at: Duration::from_secs(*at), cause: Cause::Exit(Some(1)) };
        at.iter().map(one).collect()
    }

    #[test]
    fn every_end_in_a_short_time_makes_the_wait_longer_until_a_person_is_needed() {
        let waits: Vec<_> = (1..=5).map(|n| decide(&ends(&[10, 30, 50, 70, 90][..n]), true)).collect();
        let again = |secs| Next::Again(Duration::from_secs(secs));
        assert_eq!(waits, [again(1), again(2), again(4), again(8), Next::GiveUp(Reason::KeepsEnding)]);
    }

    #[test]
    fn ends_that_lie_far_apart_do_not_add_up() {
        let far: Vec<_> = (0..20).map(|n| n * 601).collect();
        assert_eq!(decide(&ends(&far), true), Next::Again(FIRST_WAIT));
    }

    #[test]
    fn one_that_never_came_up_is_told_after_three() {
        assert_eq!(decide(&ends(&[1, 2]), false), Next::Again(Duration::from_secs(2)));
        assert_eq!(decide(&ends(&[1, 2, 3]), false), Next::GiveUp(Reason::KeepsEnding));
    }

    #[test]
    fn a_refused_configuration_is_not_tried_twice_and_a_taken_port_is_at_once() {
        let one = |cause| [Death { at: Duration::ZERO, cause }];
        let refused = decide(&one(Cause::Exit(Some(BAD_CONFIG))), true);
        assert_eq!(refused, Next::GiveUp(Reason::BadConfig));
        assert_eq!(decide(&one(Cause::PortTaken), true), Next::Again(Duration::ZERO));
        assert_eq!(decide(&one(Cause::NeverReady), true), Next::Again(FIRST_WAIT));
        assert_eq!(decide(&[], false), Next::Again(Duration::ZERO));
    }
}
