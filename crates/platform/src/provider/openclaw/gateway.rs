//! The talk with one gateway: a WebSocket on loopback that is made again whenever it ends, requests by id, events for
//! whoever listens. Does not belong here: what a request means (`operations/`), and the process behind it.

#[cfg(test)]
pub(crate) mod fake;
mod frames;
mod session;
#[cfg(test)]
mod tests;

pub(crate) use frames::{Event, Hello};

use super::ask::AskError;
use super::child::Token;
use frames::No;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::Instant;

/// Events that a slow listener may be behind before it misses some.
const BACKLOG: usize = 1_024;
/// The first pause before a connection is tried again; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// The name of the event that tells listeners that the connection is gone. No gateway sends it.
pub(crate) const LOST: &str = "nineheads.lost";

/// How the connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// There is none, for a reason for people.
    Away(String),
    /// It is the right process, and it answers.
    Ready(Hello),
}

/// The talk with one gateway. Cheap to clone; it ends with [`Gateway::close`].
#[derive(Clone)]
pub(crate) struct Gateway {
    shared: Arc<Shared>,
}

struct Shared {
    standing: watch::Sender<Standing>,
    closed: watch::Sender<bool>,
    events: broadcast::Sender<Arc<Event>>,
    /// Where frames go out, while there is a connection.
    outbox: Mutex<Option<mpsc::Sender<String>>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Result<Value, No>>>>,
    next_id: AtomicU64,
    /// Milliseconds since 1970; 0 before anything was heard.
    heard_at: AtomicI64,
    /// Since when it has been as it is.
    since: AtomicI64,
    /// It went with a word.
    announced: AtomicBool,
    /// Tries in a row that made no connection.
    failures: AtomicU32,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway").field("standing", &*self.shared.standing.borrow()).finish_non_exhaustive()
    }
}

/// Where a gateway is and how it is known.
#[derive(Debug, Clone)]
pub(super) struct Address {
    pub(super) port: u16,
    pub(super) token: Token,
    /// The process that must answer; another one on this port is a stranger.
    pub(super) pid: u32,
}

impl Gateway {
    /// Begins to connect, in the background, and goes on until it is closed.
    pub(super) fn open(address: Address, runtime: &tokio::runtime::Handle) -> Self {
        let shared = Arc::new(Shared {
            standing: watch::Sender::new(Standing::Away("it is starting".to_owned())),
            closed: watch::Sender::new(false),
            events: broadcast::Sender::new(BACKLOG),
            outbox: Mutex::default(),
            waiting: Mutex::default(),
            next_id: AtomicU64::new(1),
            heard_at: AtomicI64::new(0),
            since: AtomicI64::new(now()),
            announced: AtomicBool::new(false),
            failures: AtomicU32::new(0),
        });
        runtime.spawn(keep_connected(shared.clone(), address));
        Self { shared }
    }

    /// Ends the talk. Nothing is asked any more.
    pub(super) fn close(&self) {
        self.shared.closed.send_replace(true);
    }

    /// How the connection stands now.
    pub(crate) fn standing(&self) -> Standing {
        self.shared.standing.borrow().clone()
    }

    /// Since when it stands so, in milliseconds since 1970.
    pub(crate) fn since(&self) -> i64 {
        self.shared.since.load(Ordering::Acquire)
    }

    /// Whether it said that it goes when it went: it is starting itself anew.
    pub(crate) fn is_restarting(&self) -> bool {
        self.shared.announced.load(Ordering::Acquire) && matches!(self.standing(), Standing::Away(_))
    }

    /// When anything was heard from over there.
    pub(crate) fn heard_at(&self) -> Option<i64> {
        Some(self.shared.heard_at.load(Ordering::Acquire)).filter(|at| *at > 0)
    }

    /// Tries in a row that made no connection.
    pub(crate) fn failures(&self) -> u32 {
        self.shared.failures.load(Ordering::Acquire)
    }

    /// Everything that happens from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.shared.events.subscribe()
    }

    /// Asks, and waits at most so long. A gateway that is only busy or still starting is asked again.
    pub(crate) async fn request(
        &self,
        method: &str,
        params: Value,
        limit: Duration,
    ) -> Result<Value, AskError> {
        let deadline = Instant::now() + limit;
        loop {
            let no = match self.request_once(method, &params, deadline).await? {
                Ok(payload) => return Ok(payload),
                Err(no) => no,
            };
            match no.again_after {
                Some(pause) if Instant::now() + pause < deadline => tokio::time::sleep(pause).await,
                _ => {
                    let No { code, message, details, .. } = no;
                    return Err(AskError::Refused { code, message, details });
                }
            }
        }
    }

    async fn request_once(
        &self,
        method: &str,
        params: &Value,
        deadline: Instant,
    ) -> Result<Result<Value, No>, AskError> {
        let outbox = lock(&self.shared.outbox).clone();
        let Some(outbox) = outbox else { return Err(AskError::Away(self.absence())) };
        let id = self.shared.next_id.fetch_add(1, Ordering::Relaxed).to_string();
        let frame = frames::request(&id, method, params);
        let (answer, answered) = oneshot::channel();
        lock(&self.shared.waiting).insert(id.clone(), answer);
        let _forgotten = Forget { shared: &self.shared, id: &id };
        let asked = async {
            outbox.send(frame).await.ok()?;
            answered.await.ok()
        };
        match tokio::time::timeout_at(deadline, asked).await {
            Ok(Some(outcome)) => Ok(outcome),
            Ok(None) => Err(AskError::Away("the connection ended before it answered".to_owned())),
            Err(_) => Err(AskError::Late),
        }
    }

    fn absence(&self) -> String {
        match self.standing() {
            Standing::Away(reason) => reason,
            Standing::Ready(_) => "the connection has just ended".to_owned(),
        }
    }
}

/// A request that nobody waits for any more.
struct Forget<'a> {
    shared: &'a Shared,
    id: &'a str,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        lock(&self.shared.waiting).remove(self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

async fn keep_connected(shared: Arc<Shared>, address: Address) {
    let mut closed = shared.closed.subscribe();
    let mut failures = 0;
    loop {
        let ended = tokio::select! {
            ended = session::talk(&shared, &address) => ended,
            _ = closed.wait_for(|closed| *closed) => session::Ended::now("it is closed"),
        };
        failures = if ended.was_ready { 0 } else { failures + 1 };
        shared.failures.store(failures, Ordering::Release);
        shared.part(&ended);
        tokio::select! {
            () = tokio::time::sleep(pause(failures, ended.again_after)) => {}
            _ = closed.wait_for(|closed| *closed) => return,
        }
    }
}

/// How long to wait before the next try. A gateway that says when to come is believed, within reason.
fn pause(failures: u32, told: Option<Duration>) -> Duration {
    let own = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(8));
    told.unwrap_or(own).clamp(FIRST_PAUSE, LONGEST_PAUSE)
}

impl Shared {
    /// Frames go out from now on, and everybody may know.
    fn meet(&self, hello: Hello, outbox: mpsc::Sender<String>) {
        *lock(&self.outbox) = Some(outbox);
        self.failures.store(0, Ordering::Release);
        self.since.store(now(), Ordering::Release);
        self.standing.send_replace(Standing::Ready(hello));
    }

    /// There is no connection any more: whoever waits is told so.
    fn part(&self, ended: &session::Ended) {
        *lock(&self.outbox) = None;
        lock(&self.waiting).clear();
        if ended.was_ready {
            log::info!("the connection to an agent has ended: {}", ended.reason);
            self.since.store(now(), Ordering::Release);
            self.announced.store(ended.was_announced, Ordering::Release);
        }
        self.standing.send_replace(Standing::Away(ended.reason.clone()));
        // Nobody may be listening.
        let _ = self.events.send(Arc::new(Event { name: LOST.to_owned(), payload: Value::Null }));
    }

    fn note_sign_of_life(&self) {
        self.heard_at.store(now(), Ordering::Release);
    }
}
