//! The world of the model test: a network that loses, delays and doubles, a platform that knows no key again, clocks that
//! can be set. Time passes where a move says so, and nothing here waits.

use crate::boot::BootTime;
use crate::deploys::Deploy;
use crate::deploys::decide::Sent;
use crate::deploys::drive::{Driver, Now, World};
use crate::deploys::journal::Journal;
use crate::error::{Code, Failure};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use nineheads_contract::IdempotencyKey;
use nineheads_contract::deploys::{CreateAccepted, DeployProgress, NewInstance};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

/// Whose deploys they are.
pub(super) const PROFILE: &str = "p";

/// What becomes of a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Post {
    NotSent,
    LostOnTheWay,
    ArrivesLater(u64),
    AnswerLost,
    Answered,
    AnsweredWithoutIds,
    TakenThen(u16),
    Refused(u16),
    AskedToWait(u16),
    InProgress(u64),
    DeliveredTwice(u64),
    DiesBeforeTheFirstByte,
    DiesAfterTheLast,
}

/// What becomes of a question.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ask {
    Answered,
    Failed,
    SaysNothing,
}

/// A request that has arrived, or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrival {
    pub at: u64,
    pub key: String,
    pub tenant: u8,
    /// Delivered twice by the network, it is still one.
    pub attempt: u32,
}

#[derive(Debug)]
pub(super) struct Outside {
    /// True milliseconds, which nobody can set.
    pub time: u64,
    pub booted_at: u64,
    pub boot: u32,
    pub clock_off: TimeDelta,
    pub tenant: u8,
    pub post: Post,
    pub ask: Ask,
    pub second_meanwhile: bool,
    pub attempts: u32,
    pub on_the_way: Vec<Arrival>,
    pub instances: Vec<Arrival>,
    pub bodies: HashMap<String, Vec<u8>>,
}

/// The world around the journal.
pub(super) struct Simulated {
    pub file: PathBuf,
    pub outside: Mutex<Outside>,
}

impl Simulated {
    pub(super) fn outside<T>(&self, act: impl FnOnce(&mut Outside) -> T) -> T {
        act(&mut self.outside.lock().expect("one thread"))
    }

    pub(super) fn driver<'a>(&'a self, journal: &'a Journal) -> Driver<'a, Self> {
        let sender = self.outside(|outside| format!("tenant {}", outside.tenant));
        Driver { journal, world: self, profile: PROFILE, base: String::new(), sender }
    }

    /// Another process of the same app looks at the same deploy.
    fn second_process(&self, key: &str) {
        if self.outside(|outside| std::mem::take(&mut outside.second_meanwhile)) {
            let journal = Journal::open(&self.file);
            let _ = self.driver(&journal).step(&IdempotencyKey::from(key)).now_or_never();
        }
    }
}

impl Outside {
    pub(super) fn deliver(&mut self) {
        let time = self.time;
        let (due, later) = self.on_the_way.drain(..).partition(|arrival| arrival.at <= time);
        self.on_the_way = later;
        for arrival in due {
            self.take(arrival);
        }
    }

    fn take(&mut self, arrival: Arrival) {
        let known = |known: &Arrival| known.attempt == arrival.attempt;
        if !self.instances.iter().any(known) {
            self.instances.push(arrival);
        }
    }
}

fn refused(status: u16, asked_to_wait: bool) -> Sent {
    Sent::Refused { status, failure: Failure::new(Code::Unreadable, status.to_string()), asked_to_wait }
}

fn lost() -> Failure {
    Failure::new(Code::Offline, "lost")
}

impl World for Simulated {
    async fn send(&self, body: Vec<u8>) -> Sent {
        let request: NewInstance = serde_json::from_slice(&body).expect("what was written down");
        let key = request.idempotency_key.expect("a key").as_str().to_owned();
        self.second_process(&key);
        let (post, arrival) = self.outside(|outside| {
            let sent_before = outside.bodies.entry(key.clone()).or_insert_with(|| body.clone());
            assert_eq!(*sent_before, body, "a resend sends the stored bytes");
            outside.attempts += 1;
            let arrival =
                Arrival { at: outside.time, key, tenant: outside.tenant, attempt: outside.attempts };
            (outside.post, arrival)
        });
        let id = format!("i-{}", arrival.attempt);
        let later = |delay: u64| {
            let arrival = Arrival { at: arrival.at + delay, ..arrival.clone() };
            self.outside(|outside| outside.on_the_way.push(arrival));
        };
        let now = || self.outside(|outside| outside.take(arrival.clone()));
        let accepted = || {
            Sent::Answered(CreateAccepted {
                task_id: Some("t".into()),
                instance_id: Some(id.clone().into()),
                ..CreateAccepted::default()
            })
        };
        match post {
            Post::NotSent => return Sent::Never(lost()),
            Post::LostOnTheWay => {}
            Post::ArrivesLater(delay) => later(delay),
            Post::AnswerLost => now(),
            Post::Answered => {
                now();
                return accepted();
            }
            Post::AnsweredWithoutIds => {
                now();
                return Sent::Answered(CreateAccepted::default());
            }
            Post::TakenThen(status) => {
                now();
                return refused(status, false);
            }
            Post::Refused(status) => return refused(status, false),
            Post::AskedToWait(status) => return refused(status, true),
            Post::InProgress(delay) => {
                later(delay);
                return refused(409, false);
            }
            Post::DeliveredTwice(delay) => {
                now();
                later(delay);
                return accepted();
            }
            Post::DiesBeforeTheFirstByte => std::future::pending().await,
            Post::DiesAfterTheLast => {
                now();
                std::future::pending().await
            }
        }
        Sent::Lost(lost())
    }

    async fn ask(&self, key: &IdempotencyKey) -> Result<(usize, DeployProgress), Failure> {
        self.outside(|outside| {
            outside.deliver();
            let here = |found: &&Arrival| found.key == key.as_str() && found.tenant == outside.tenant;
            let found = outside.instances.iter().find(here);
            let progress = match (outside.ask, found) {
                (Ask::Failed, _) => return Err(lost()),
                (Ask::SaysNothing, _) => DeployProgress::default(),
                (Ask::Answered, None) => DeployProgress { found: Some(false), ..DeployProgress::default() },
                (Ask::Answered, Some(found)) => DeployProgress {
                    found: Some(true),
                    instance_id: Some(format!("i-{}", found.attempt).into()),
                    status: Some(
                        if outside.time > found.at + 5000 { "running" } else { "provisioning" }.into(),
                    ),
                    ..DeployProgress::default()
                },
            };
            Ok((0, progress))
        })
    }

    fn now(&self) -> Now {
        self.outside(|outside| {
            let since = Duration::from_millis(outside.time - outside.booted_at);
            let true_time = TimeDelta::milliseconds(i64::try_from(outside.time).expect("short"));
            let start: DateTime<Utc> = "2026-11-25T08:00:00Z".parse().expect("a time");
            Now {
                wall: start + true_time + outside.clock_off,
                boot: Some(BootTime { boot: outside.boot.to_string(), since }),
            }
        })
    }

    fn may_send(&self) -> bool {
        true
    }

    fn changed(&self, _: &Deploy) {}
}
