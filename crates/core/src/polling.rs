//! Who looks when: one loop a resource, all of them behind one token bucket, and what the screen is told about it.
//! What a look does is the noun's own business (`instances`, `logs`, `deploys`).

mod bucket;
#[cfg(test)]
mod crowd;
mod looking;
pub(crate) mod pace;
mod passing;
mod quiet;

use crate::client::traffic::Traffic;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::session::{Resource, Session, moved};
use bucket::Bucket;
use chrono::{DateTime, TimeDelta, Utc};
pub(crate) use looking::look_again_and_again;
pub use pace::{Attention, Intervals};
pub(crate) use passing::notice_time;
use quiet::Quiet;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How long to wait where the platform asks for it without a time.
const UNNAMED_WAIT: u32 = 30;

/// What the poller does now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PollerState {
    /// Nothing is open.
    #[default]
    Idle,
    /// The platform answers.
    Live,
    /// The platform asked to wait.
    Waiting {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The platform does not answer.
    Offline {
        /// Since when.
        since: DateTime<Utc>,
        /// Why.
        failure: Failure,
    },
    /// The credential was refused; nothing is asked until there is another.
    Refused,
    /// There is no credential on this computer; nothing is asked until there is one.
    NoKey,
}

/// The poller for a status line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PollerView {
    /// See [`PollerState`].
    pub state: PollerState,
    /// When the platform last answered.
    pub last_answer_at: Option<DateTime<Utc>>,
    /// When the list is looked at next.
    pub next_look_at: Option<DateTime<Utc>>,
}

/// What a look found.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Looked {
    /// It will be different soon.
    pub changing: bool,
    /// It changes all the time, and somebody watches: the next look does not come later than the one before.
    pub steady: bool,
    /// Nothing more will come: the loop ends.
    pub finished: bool,
    pub bytes: usize,
    pub took: Duration,
}

/// What is around the app, as far as the pace depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Surroundings {
    pub attention: Attention,
    /// The computer runs on its battery.
    pub on_battery: bool,
    /// How often it woke up or got its network back.
    pub woken: u32,
}

/// Throws a number in `0.0..=1.0`; tests give their own.
type Chance = fn() -> f64;

/// The state that all loops of a session share.
#[derive(Debug)]
pub(crate) struct Poller {
    intervals: Intervals,
    surroundings: watch::Receiver<Surroundings>,
    traffic: Arc<Traffic>,
    bucket: Mutex<Bucket>,
    quiet: Quiet,
    view: Mutex<PollerView>,
    chance: Chance,
    /// False while nothing gets through to the platform.
    reachable: watch::Sender<bool>,
}

impl Poller {
    pub(crate) fn new(
        intervals: Intervals,
        surroundings: watch::Receiver<Surroundings>,
        traffic: Arc<Traffic>,
    ) -> Self {
        Self {
            intervals,
            surroundings,
            traffic,
            bucket: Mutex::default(),
            quiet: Quiet::default(),
            view: Mutex::default(),
            chance: rand::random,
            reachable: watch::Sender::new(true),
        }
    }

    /// One for a profile without a key.
    pub(crate) fn without_key(self) -> Self {
        lock(&self.view).state = PollerState::NoKey;
        self
    }

    /// One whose waits can be told again.
    #[cfg(test)]
    fn with_chance(self, chance: Chance) -> Self {
        Self { chance, ..self }
    }

    fn chance(&self) -> f64 {
        (self.chance)()
    }

    pub(crate) fn view(&self) -> PollerView {
        lock(&self.view).clone()
    }

    /// Why nothing gets through to the platform at present; none when something does. Looks that wait for it have no
    /// failure of their own.
    pub(crate) fn unreachable(&self) -> Option<Failure> {
        match self.view().state {
            PollerState::Offline { failure, .. } => Some(failure).filter(Failure::is_unreachable),
            PollerState::NoKey => Some(Failure::no_key()),
            _ => None,
        }
    }

    /// How long nobody answers before that is called silence.
    pub(crate) fn silence(&self) -> Duration {
        self.intervals.silence
    }
}

/// What the end of a call says of the platform; none when it says nothing. The list decides whether the platform
/// works, since one operation that fails says nothing of the others.
fn state_after(
    before: &PollerState,
    outcome: Result<(), &Failure>,
    by_list: bool,
    now: DateTime<Utc>,
) -> Option<PollerState> {
    match (outcome, before) {
        (Err(Failure { code: Code::CredentialRefused, .. }), _) => Some(PollerState::Refused),
        (Err(Failure { code: Code::TooManyRequests { retry_after_seconds }, .. }), _) => {
            let wait = retry_after_seconds.unwrap_or(UNNAMED_WAIT);
            Some(PollerState::Waiting { until: now + TimeDelta::seconds(i64::from(wait)) })
        }
        // Nothing of the platform is known from this computer's own troubles.
        (Err(Failure { code: Code::Storage | Code::Keystore, .. }), _) => None,
        (Err(failure), before) if failure.is_outage() || failure.code == Code::MayHaveArrived => {
            let since = match before {
                PollerState::Offline { since, .. } => *since,
                _ => now,
            };
            by_list.then(|| PollerState::Offline { since, failure: failure.clone() })
        }
        // That something else works is no answer to what the list asks.
        (_, PollerState::Offline { failure, .. }) if !by_list && !failure.is_unreachable() => None,
        // Refusals of one operation are answers all the same.
        _ => Some(PollerState::Live),
    }
}

impl Session {
    /// Notes how a call ended: the status line, the wish to wait, a refused credential.
    pub(crate) fn note_outcome(&self, outcome: Result<(), &Failure>) {
        self.note(outcome, false);
    }

    /// See [`Session::note_outcome`]; `by_list` when it was the list's own look.
    fn note(&self, outcome: Result<(), &Failure>, by_list: bool) {
        if self.is_refused() || self.is_closed() {
            return;
        }
        if !matches!(outcome, Err(Failure { code: Code::TooManyRequests { .. }, .. })) {
            self.poller.quiet.settle();
        }
        let now = self.now();
        let before = self.poller.view();
        let Some(state) = state_after(&before.state, outcome, by_list, now) else {
            let is_known = matches!(before.state, PollerState::Offline { .. });
            let fails =
                outcome.is_err_and(|failure| failure.is_outage() || failure.code == Code::MayHaveArrived);
            if fails && !is_known {
                // Is it this one call, or everything?
                self.nudge(&Resource::List);
            }
            return;
        };
        if let PollerState::Waiting { until } = &state {
            self.poller.quiet.ask(Instant::now() + (*until - now).to_std().unwrap_or_default());
        }
        let reachable = !matches!(&state, PollerState::Offline { failure, .. } if failure.is_unreachable());
        let was_reachable = self.poller.reachable.send_replace(reachable);
        let refused = state == PollerState::Refused;
        let last_answer_at = if state == PollerState::Live { Some(now) } else { before.last_answer_at };
        match by_list && state == before.state {
            // The next look is planned at once, and that is told: one word for both.
            true => lock(&self.poller.view).last_answer_at = last_answer_at,
            false => self.tell_view(before.clone(), PollerView { state, last_answer_at, ..before }),
        }
        if was_reachable != reachable {
            // Their looks wait: what they show is old from now on, or is not any more.
            for resource in self.watched() {
                if let Resource::Instance(id) = resource {
                    self.announce(Event::InstanceChanged { id });
                }
            }
        }
        if refused {
            self.refuse();
        }
    }

    /// Nobody has answered for so long: whoever waits for it should know.
    pub(crate) fn note_silence(&self, silence: Duration) {
        let failure = Failure::new(Code::Offline, format!("no answer for {} s", silence.as_secs_f32()));
        self.note(Err(&failure), true);
        // What is shown has an age from now on.
        self.fleet().note_failure(failure);
        self.announce_list();
    }

    /// The system says that there is no network: true before any request has failed.
    pub(crate) fn note_no_network(&self) {
        self.note(Err(&Failure::new(Code::Offline, "the system has no network")), true);
    }

    fn note_next_look(&self, wait: Option<Duration>) {
        let before = self.poller.view();
        let wait = wait.and_then(|wait| TimeDelta::from_std(wait).ok());
        let next_look_at = wait.map(|wait| self.now() + wait);
        self.tell_view(before.clone(), PollerView { next_look_at, ..before });
    }

    /// The clock was set: what was, and what is planned, is as far away as before.
    pub(crate) fn restamp_poller(&self, by: TimeDelta) {
        let before = self.poller.view();
        let state = match before.state.clone() {
            PollerState::Waiting { until } => PollerState::Waiting { until: moved(until, by) },
            PollerState::Offline { since, failure } => {
                PollerState::Offline { since: moved(since, by), failure }
            }
            other => other,
        };
        let again = |at: Option<DateTime<Utc>>| at.map(|at| moved(at, by));
        let view = PollerView {
            state,
            last_answer_at: again(before.last_answer_at),
            next_look_at: again(before.next_look_at),
        };
        self.tell_view(before, view);
    }

    fn tell_view(&self, before: PollerView, view: PollerView) {
        if view != before {
            *lock(&self.poller.view) = view.clone();
            self.announce(Event::PollerChanged { poller: view });
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn all_loops_together_look_five_times_a_second_after_a_burst_of_ten() {
        let (_keep, surroundings) = watch::channel(Surroundings::default());
        let poller = Poller::new(Intervals::default(), surroundings, Arc::default());
        let started = Instant::now();
        for _ in 0..10 {
            poller.wait_for_turn().await;
        }
        assert_eq!(started.elapsed(), Duration::ZERO);
        for _ in 0..50 {
            poller.wait_for_turn().await;
        }
        let took = started.elapsed().as_secs_f64();
        assert!((9.9..10.2).contains(&took), "{took}");
    }

    fn offline(code: Code) -> PollerState {
        PollerState::Offline { since: DateTime::UNIX_EPOCH, failure: Failure::new(code, "") }
    }

    #[test]
    fn the_list_decides_whether_the_platform_is_there() {
        let now = Utc::now();
        let lost = Failure::new(Code::Offline, "");
        let broken = Failure::new(Code::ServerFailed { status: 500, message: None }, "");
        let after = |before: &PollerState, outcome, by_list| state_after(before, outcome, by_list, now);
        for failure in [&lost, &broken] {
            assert_eq!(after(&PollerState::Live, Err(failure), false), None, "one call says nothing");
            let state = after(&PollerState::Live, Err(failure), true).expect("the list says it");
            assert_eq!(state, PollerState::Offline { since: now, failure: failure.clone() });
        }
        let since_long = after(&offline(Code::Offline), Err(&lost), true).expect("still");
        assert!(matches!(since_long, PollerState::Offline { since, .. } if since == DateTime::UNIX_EPOCH));
        assert_eq!(after(&offline(Code::Offline), Ok(()), false), Some(PollerState::Live));
        assert_eq!(after(&offline(Code::Unreadable), Ok(()), false), None, "the list is still unreadable");
        assert_eq!(after(&offline(Code::Unreadable), Ok(()), true), Some(PollerState::Live));
    }

    #[test]
    fn this_computers_own_troubles_say_nothing_of_the_platform() {
        for code in [Code::Storage, Code::Keystore] {
            let failure = Failure::new(code, "");
            assert_eq!(state_after(&PollerState::Live, Err(&failure), true, Utc::now()), None);
        }
    }
}
