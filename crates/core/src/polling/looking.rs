//! The loop that every look is made in: its turn, the look, and the wait for the next one.

use super::pace::{Attention, Situation, by_bytes, resumed, wait};
use super::{Looked, Poller};
use crate::boot::BootTime;
use crate::error::{Code, Failure};
use crate::session::Session;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// After coming to the front, one refresh within this time.
const FRONT_SPREAD: Duration = Duration::from_secs(5);

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
        let woken = session.poller.surroundings.borrow().woken;
        let look = look(session.clone());
        let result = match is_list {
            true => notice_silence(&session, &nudge, now.round_trip, look).await,
            false => look.await,
        };
        session.note(result.as_ref().map(|_| ()), is_list);
        let mut stopped = false;
        let mut last = Last::now(&session);
        match result {
            Ok(Looked { finished: true, .. }) => return,
            Ok(looked) => {
                now.failures = 0;
                now.changing_for = match looked {
                    Looked { changing: false, .. } => 0,
                    Looked { steady: true, .. } => 1,
                    _ => now.changing_for + 1,
                };
                now.bytes_last = if is_list { looked.bytes } else { 0 };
                now.round_trip = looked.took;
            }
            Err(failure) => {
                // Who woke while it failed has not looked yet.
                last.woken = woken;
                now.failures += 1;
                now.unreachable = failure.is_unreachable();
                // A certificate does not mend itself within a minute, and asking again and again looks like an attack.
                stopped = matches!(failure.code, Code::BadCertificate { .. });
            }
        }
        if session.is_refused() {
            return;
        }
        wait_for_next(&session, &nudge, is_list, stopped, last, &mut now).await;
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
            Err(Failure::new(Code::Offline, "given up, since the computer woke"))
        }
    }
}

/// When the last look ended.
struct Last {
    at: Instant,
    boot: Option<BootTime>,
    /// How often the computer had woken by then.
    woken: u32,
}

impl Last {
    fn now(session: &Session) -> Self {
        let woken = session.poller.surroundings.borrow().woken;
        Self { at: Instant::now(), boot: session.boot_time(), woken }
    }

    /// How long ago that is, sleep included where somebody counts it.
    fn age(&self, session: &Session) -> Duration {
        match (&self.boot, session.boot_time()) {
            (Some(then), Some(now)) if then.boot == now.boot => now.since.saturating_sub(then.since),
            _ => self.at.elapsed(),
        }
    }
}

/// Sleeps as long as the pace says, shorter when nudged, and anew when the surroundings change.
async fn wait_for_next(
    session: &Session,
    nudge: &Notify,
    is_list: bool,
    stopped: bool,
    last: Last,
    now: &mut Situation,
) {
    let poller = &session.poller;
    let chance = poller.chance();
    let mut surroundings = poller.surroundings.clone();
    let mut woken = last.woken;
    let (mut resumes_at, mut at_the_latest): (Option<Instant>, Option<Instant>) = (None, None);
    loop {
        let seen = *surroundings.borrow_and_update();
        let in_front = seen.attention == Attention::Front && now.attention != Attention::Front;
        (now.attention, now.on_battery) = (seen.attention, seen.on_battery);
        // Who comes and goes, or whose network does, takes no more bytes than who stays.
        let soon =
            |wait: Duration| Instant::now() + wait.max(by_bytes(*now).saturating_sub(last.age(session)));
        if seen.woken != woken {
            woken = seen.woken;
            resumes_at.get_or_insert_with(|| soon(resumed(&poller.intervals, *now, poller.chance())));
        }
        if in_front {
            at_the_latest.get_or_insert_with(|| soon(FRONT_SPREAD.mul_f64(poller.chance())));
        }
        let by_pace = (!stopped).then(|| last.at + wait(&poller.intervals, *now, chance));
        // Who woke begins anew: what was planned before is over.
        let due = [resumes_at.or(by_pace), at_the_latest].into_iter().flatten().min();
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
