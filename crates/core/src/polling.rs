//! Who looks when: one loop a resource, all of them behind one token bucket, and what the screen is told about it.
//! What a look does is the noun's own business (`instances`, `logs`, `deploys`).

pub(crate) mod pace;

use crate::error::{Code, Failure};
use crate::events::Event;
use crate::session::Session;
use chrono::{DateTime, TimeDelta, Utc};
pub use pace::{Attention, Intervals};
use pace::{Situation, interval, spread};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// Looks a second that all loops of a profile share, and how many may come at once.
const RATE: f64 = 5.0;
const BURST: f64 = 10.0;
/// After waking or coming to the front, one refresh within this time.
const WAKE_SPREAD: Duration = Duration::from_secs(5);

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
    /// Nothing more will come: the loop ends.
    pub finished: bool,
    pub bytes: usize,
    pub took: Duration,
}

/// The state that all loops of a session share.
#[derive(Debug)]
pub(crate) struct Poller {
    intervals: Intervals,
    attention: watch::Receiver<Attention>,
    bucket: Mutex<Bucket>,
    quiet_until: Mutex<Option<Instant>>,
    view: Mutex<PollerView>,
}

impl Poller {
    pub(crate) fn new(intervals: Intervals, attention: watch::Receiver<Attention>) -> Self {
        let bucket = Mutex::new(Bucket { tokens: BURST, filled_at: Instant::now() });
        Self { intervals, attention, bucket, quiet_until: Mutex::default(), view: Mutex::default() }
    }

    pub(crate) fn view(&self) -> PollerView {
        lock(&self.view).clone()
    }

    /// Waits for a turn: the platform's wish first, then the shared bucket.
    pub(crate) async fn wait_for_turn(&self) {
        loop {
            let quiet = lock(&self.quiet_until).filter(|until| *until > Instant::now());
            let Some(until) = quiet.or_else(|| lock(&self.bucket).take(Instant::now())) else { return };
            tokio::time::sleep_until(until).await;
        }
    }
}

impl Session {
    /// Notes how a call ended, whoever made it: the status line, the wish to wait, a refused credential.
    pub(crate) fn note_outcome(&self, outcome: Result<(), &Failure>) {
        if self.is_refused() || self.is_closed() {
            return;
        }
        let now = self.now();
        let before = self.poller.view();
        let mut view = before.clone();
        match outcome {
            Ok(()) => {
                view.state = PollerState::Live;
                view.last_answer_at = Some(now);
            }
            Err(failure) => match &failure.code {
                Code::CredentialRefused => view.state = PollerState::Refused,
                Code::TooManyRequests { retry_after_seconds } => {
                    let wait = retry_after_seconds.unwrap_or(30);
                    let until = Instant::now() + Duration::from_secs(u64::from(wait));
                    let mut quiet = lock(&self.poller.quiet_until);
                    *quiet = quiet.max(Some(until));
                    drop(quiet);
                    view.state = PollerState::Waiting { until: now + TimeDelta::seconds(i64::from(wait)) };
                }
                // Nothing of the platform is known from this computer's own troubles.
                Code::Storage | Code::Keystore => {}
                _ if failure.is_outage() || failure.code == Code::MayHaveArrived => {
                    let since = match before.state {
                        PollerState::Offline { since, .. } => since,
                        _ => now,
                    };
                    view.state = PollerState::Offline { since, failure: failure.clone() };
                }
                // Refusals of one operation are answers all the same.
                _ => {
                    view.state = PollerState::Live;
                    view.last_answer_at = Some(now);
                }
            },
        }
        self.tell_view(before, view);
        if let Err(Failure { code: Code::CredentialRefused, .. }) = outcome {
            self.refuse();
        }
    }

    fn note_next_look(&self, wait: Duration) {
        let before = self.poller.view();
        let next = TimeDelta::from_std(wait).ok().map(|wait| self.now() + wait);
        self.tell_view(before.clone(), PollerView { next_look_at: next, ..before });
    }

    fn tell_view(&self, before: PollerView, view: PollerView) {
        if view != before {
            *lock(&self.poller.view) = view.clone();
            self.announce(Event::PollerChanged { poller: view });
        }
    }
}

/// Looks again and again until the look says that it is finished or the credential is refused.
/// `nudge` asks for a look now. `is_list` marks the loop whose next look the status line shows.
pub(crate) async fn look_again_and_again<F, W>(
    session: Arc<Session>,
    nudge: Arc<Notify>,
    is_list: bool,
    mut look: F,
) where
    F: FnMut(Arc<Session>) -> W + Send,
    W: Future<Output = Result<Looked, Failure>> + Send,
{
    let mut now = Situation { loopback: session.client.base().is_loopback(), ..Situation::default() };
    loop {
        session.poller.wait_for_turn().await;
        if session.is_refused() || session.is_closed() {
            return;
        }
        let result = look(session.clone()).await;
        session.note_outcome(result.as_ref().map(|_| ()));
        match result {
            Ok(Looked { finished: true, .. }) => return,
            Ok(looked) => {
                now.failures = 0;
                now.changing_for = if looked.changing { now.changing_for + 1 } else { 0 };
                now.bytes_last = looked.bytes;
                now.round_trip = looked.took;
            }
            Err(_) => now.failures += 1,
        }
        if session.is_refused() {
            return;
        }
        wait_for_next(&session, &nudge, is_list, &mut now).await;
    }
}

/// Sleeps as long as the pace says, shorter when nudged, and anew when the attention changes.
async fn wait_for_next(session: &Session, nudge: &Notify, is_list: bool, now: &mut Situation) {
    let looked_at = Instant::now();
    let jitter = rand::random();
    let mut attention = session.poller.attention.clone();
    let mut at_the_latest = None;
    loop {
        let seen = *attention.borrow_and_update();
        if seen == Attention::Front && now.attention != Attention::Front {
            at_the_latest = Some(Instant::now() + WAKE_SPREAD.mul_f64(rand::random()));
        }
        now.attention = seen;
        let due = looked_at + spread(interval(&session.poller.intervals, *now), jitter);
        let due = at_the_latest.map_or(due, |latest| due.min(latest));
        if is_list {
            session.note_next_look(due.saturating_duration_since(Instant::now()));
        }
        tokio::select! {
            () = tokio::time::sleep_until(due) => return,
            () = nudge.notified() => return,
            changed = attention.changed() => if changed.is_err() { return },
        }
    }
}

/// A token bucket.
#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Bucket {
    /// Takes a token, or says when to come back.
    fn take(&mut self, now: Instant) -> Option<Instant> {
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

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn all_loops_together_look_five_times_a_second_after_a_burst_of_ten() {
        let (_keep, attention) = watch::channel(Attention::Front);
        let poller = Poller::new(Intervals::default(), attention);
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
}
