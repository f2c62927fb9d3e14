//! The loop that every look is made in: its turn, the look, and the wait for the next one.

use super::pace::{Attention, Situation, interval, spread};
use super::{Looked, Poller};
use crate::error::{Code, Failure};
use crate::session::Session;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// After waking or coming to the front, one refresh within this time.
const WAKE_SPREAD: Duration = Duration::from_secs(5);

/// Looks again and again until the look says that it is finished or the credential is refused.
/// `nudge` asks for a look now. `is_list` marks the loop that finds out whether the platform is there: the status line
/// shows its next look, and while nothing gets through the others wait for it.
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
        if !is_list {
            session.poller.wait_until_reachable().await;
        }
        session.poller.wait_for_turn().await;
        if session.is_refused() || session.is_closed() {
            return;
        }
        let look = look(session.clone());
        let result = match is_list {
            true => notice_silence(&session, &nudge, now.round_trip, look).await,
            false => look.await,
        };
        session.note(result.as_ref().map(|_| ()), is_list);
        let mut stopped = false;
        match result {
            Ok(Looked { finished: true, .. }) => return,
            Ok(looked) => {
                now.failures = 0;
                now.changing_for = match looked {
                    Looked { changing: false, .. } => 0,
                    Looked { steady: true, .. } => 1,
                    _ => now.changing_for + 1,
                };
                now.bytes_last = looked.bytes;
                now.round_trip = looked.took;
            }
            Err(failure) => {
                now.failures += 1;
                now.unreachable = failure.is_unreachable();
                // A certificate does not mend itself within a minute, and asking again and again looks like an attack.
                stopped = matches!(failure.code, Code::BadCertificate { .. });
            }
        }
        if session.is_refused() {
            return;
        }
        wait_for_next(&session, &nudge, is_list, stopped, &mut now).await;
    }
}

/// A look that nobody answers says so long before it is given up; its late answer counts all the same. Whoever wants a
/// new look, or a network that came back, does not wait for the end of one that hangs.
async fn notice_silence<T>(
    session: &Session,
    nudge: &Notify,
    round_trip: Duration,
    look: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    // Who always takes long is not silent yet.
    let silence = session.poller.intervals.silence.max(round_trip * 4);
    tokio::pin!(look);
    if let Ok(result) = tokio::time::timeout(silence, &mut look).await {
        return result;
    }
    session.note_silence(silence);
    let mut surroundings = session.poller.surroundings.clone();
    let woken = surroundings.borrow_and_update().woken;
    tokio::select! {
        result = &mut look => result,
        () = nudge.notified() => {
            // The wish is for the next look.
            nudge.notify_one();
            Err(Failure::new(Code::Offline, "given up for a new look"))
        }
        _ = surroundings.wait_for(|around| around.woken != woken) => {
            nudge.notify_one();
            Err(Failure::new(Code::Offline, "given up, since the computer woke"))
        }
    }
}

/// Sleeps as long as the pace says, shorter when nudged, and anew when the surroundings change.
async fn wait_for_next(session: &Session, nudge: &Notify, is_list: bool, stopped: bool, now: &mut Situation) {
    let looked_at = Instant::now();
    let jitter = rand::random();
    let mut surroundings = session.poller.surroundings.clone();
    let woken = surroundings.borrow().woken;
    let mut at_the_latest = None;
    loop {
        let seen = *surroundings.borrow_and_update();
        let in_front = seen.attention == Attention::Front && now.attention != Attention::Front;
        if in_front || seen.woken != woken {
            at_the_latest.get_or_insert_with(|| Instant::now() + WAKE_SPREAD.mul_f64(rand::random()));
        }
        (now.attention, now.on_battery) = (seen.attention, seen.on_battery);
        let by_pace = looked_at + spread(interval(&session.poller.intervals, *now), jitter);
        let due = match stopped {
            true => at_the_latest,
            false => Some(at_the_latest.map_or(by_pace, |latest| by_pace.min(latest))),
        };
        if is_list {
            session.note_next_look(due.map(|due| due.saturating_duration_since(Instant::now())));
        }
        tokio::select! {
            () = sleep_until(due) => return,
            () = nudge.notified() => return,
            changed = surroundings.changed() => if changed.is_err() { return },
        }
    }
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

impl Poller {
    /// Waits for a turn: the platform's wish first, then the shared bucket.
    pub(crate) async fn wait_for_turn(&self) {
        let started = Instant::now();
        let mut ahead = self.quiet.pass().await;
        loop {
            let Some(until) = super::lock(&self.bucket).take(Instant::now()) else { break };
            tokio::time::sleep_until(until).await;
            if !ahead {
                ahead = self.quiet.pass().await;
            }
        }
        let waited = started.elapsed();
        if waited >= Duration::from_millis(1) {
            self.traffic.note_wait(waited);
        }
    }

    /// While nothing gets through, only the list goes on asking.
    async fn wait_until_reachable(&self) {
        let mut reachable = self.reachable.subscribe();
        // The sender lives as long as the poller does.
        let _ = reachable.wait_for(|reachable| *reachable).await;
    }
}
