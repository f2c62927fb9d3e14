//! A crowd of sessions before one stage, which notes who arrives when.

use crate::address::BaseUrl;
use crate::bulk::BulkJournal;
use crate::cache::Cache;
use crate::client::stage::{Answering, Stage};
use crate::client::{Client, Credential, NoAnswer, Timeouts};
use crate::deploys::journal::Journal;
use crate::error::{Code, Failure};
use crate::events::Events;
use crate::ledger::Ledger;
use crate::network::Network;
use crate::notebook::Notebook;
use crate::polling::{Attention, Intervals, Poller, Surroundings};
use crate::profiles::{CredentialKind, Profile, ProfileKind, Proxy, Purpose, Safety};
use crate::secrets::MemoryStore;
use crate::session::{Session, SessionParts, lock};
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceDetail, InstanceList, InstanceSummary};
use nineheads_contract::runtime::RuntimeStatus;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::{Body, Request, Response};
use std::cell::RefCell;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::time::Instant;

/// There and back again.
const ROUND_TRIP: Duration = Duration::from_millis(40);
const SOME: &str = "6f1c2f5e-0000-4000-8000-000000000000";

/// How the platform is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Well,
    /// Nothing gets as far as the platform.
    Away,
    Refused,
    Silent,
    Broken,
    /// As broken, with a time to come back.
    Busy,
    /// Another list at each look, with validators.
    Changing,
    /// Another list each minute, with validators.
    ChangingEachMinute,
    /// The same list, without validators.
    Unmarked,
}

thread_local! {
    static DICE: RefCell<StdRng> = RefCell::new(StdRng::seed_from_u64(0));
}

/// All waits of a test come from one seed.
pub(super) fn chance() -> f64 {
    DICE.with_borrow_mut(|dice| dice.random())
}

/// The seed of this run: the same each day, since of many seeds one is always unlucky.
pub(super) fn seed() -> u64 {
    std::env::var("NINEHEADS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(6)
}

/// What the platform notes and says.
struct Platform {
    started: Instant,
    state: Mutex<State>,
    arrivals: Mutex<Vec<Duration>>,
    /// The same list in some variants, one in a hundred rows another one in each.
    lists: Vec<Vec<u8>>,
    looks: Mutex<usize>,
    bytes: Mutex<usize>,
}

impl Platform {
    async fn answer(self: Arc<Self>, request: Request) -> Result<Response, NoAnswer> {
        let state = *lock(&self.state);
        let refused = |never_sent| NoAnswer { never_sent, failure: Failure::new(Code::Offline, "refused") };
        if state == State::Away {
            return Err(refused(true));
        }
        lock(&self.arrivals).push(self.started.elapsed());
        tokio::time::sleep(ROUND_TRIP).await;
        match state {
            State::Refused => Err(refused(true)),
            State::Silent => std::future::pending().await,
            State::Broken => Ok(reply(503, &[], b"{}".to_vec())),
            State::Busy => Ok(reply(503, &[("retry-after", "20")], b"{}".to_vec())),
            state => Ok(self.serve(&request, state)),
        }
    }

    fn serve(&self, request: &Request, state: State) -> Response {
        let detail =
            InstanceDetail { id: SOME.into(), status: Some("running".into()), ..InstanceDetail::default() };
        match request.url().path() {
            "/v1/instances" => self.serve_list(request, state),
            path if path.ends_with("/runtime") => reply(200, &[], json(&RuntimeStatus::default())),
            path if path.ends_with(SOME) => reply(200, &[], json(&detail)),
            _ => reply(404, &[], b"{\"detail\":\"Not Found\"}".to_vec()),
        }
    }

    fn serve_list(&self, request: &Request, state: State) -> Response {
        let which = match state {
            State::Changing => {
                let mut looks = lock(&self.looks);
                *looks += 1;
                *looks
            }
            State::ChangingEachMinute => {
                usize::try_from(self.started.elapsed().as_secs() / 60).expect("small")
            }
            _ => 0,
        } % self.lists.len();
        if state == State::Unmarked {
            return self.send(&[], which);
        }
        let tag = format!("\"{which}\"");
        match request.headers().get("if-none-match") {
            Some(known) if *known == tag => reply(304, &[("etag", &tag)], Vec::new()),
            _ => self.send(&[("etag", &tag)], which),
        }
    }

    fn send(&self, headers: &[(&str, &str)], which: usize) -> Response {
        *lock(&self.bytes) += self.lists[which].len();
        reply(200, headers, self.lists[which].clone())
    }
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("JSON")
}

fn reply(status: u16, headers: &[(&str, &str)], body: Vec<u8>) -> Response {
    let mut reply = http::Response::builder().status(status).header("content-type", "application/json");
    for (name, value) in headers {
        reply = reply.header(*name, *value);
    }
    reply.body(Body::from(body)).expect("a reply").into()
}

/// A list of so many rows as large as the platform's own.
fn list(rows: usize, variant: usize) -> Vec<u8> {
    let instances = (0..rows).map(|at| {
        let text = |text: String| Some(text);
        let renamed = if at % 100 == variant { format!(" {variant}") } else { String::new() };
        InstanceSummary {
            id: format!("{at:08x}-3c2d-4e6f-8a10-000000000001").as_str().into(),
            agent_name: text(format!("Canal House bookings {at}{renamed}")),
            created_at: Some(DateTime::UNIX_EPOCH + TimeDelta::milliseconds(1_790_000_000_123)),
            customer_email: text("customer@example.com".into()),
            hostname: text(format!("vps-{at:06x}")),
            ip_address: text(format!("203.0.{}.{}", at / 256 % 256, at % 256)),
            preset_id: text("personal_assistant".into()),
            product_tier_name: text("Professional".into()),
            provider: text("hetzner".into()),
            region_id: text("eu-central".into()),
            runtime_type: text("expressclaw".into()),
            status: Some("running".into()),
            workload_type: text("agent".into()),
        }
    });
    json(&InstanceList { instances: instances.collect(), skipped: 0 })
}

/// See the module.
pub(super) struct Scene {
    pub(super) sessions: Vec<Arc<Session>>,
    platform: Arc<Platform>,
    _folder: TempDir,
}

impl Scene {
    /// So many clients that have looked for a while, each in its own time; every third has an instance open too.
    pub(super) async fn open(clients: usize, attention: Attention, state: State, seed: u64) -> Self {
        let scene = Self::set_up(clients, attention, state, vec![list(1, 0)], seed);
        let calm = match attention {
            Attention::Front => 15.0,
            Attention::Visible => 60.0,
            Attention::Hidden => 300.0,
        };
        let mut starts: Vec<f64> = scene.sessions.iter().map(|_| calm * chance()).collect();
        starts.sort_by(f64::total_cmp);
        let begun = Instant::now();
        for (at, (session, start)) in scene.sessions.iter().zip(starts).enumerate() {
            tokio::time::sleep_until(begun + Duration::from_secs_f64(start)).await;
            session.start_list();
            if at % 3 == 0 {
                session.watch_instance(&InstanceId::from(SOME));
            }
        }
        tokio::time::sleep(Duration::from_secs_f64(calm * 4.0)).await;
        scene
    }

    /// Clients of ten thousand instances, which begin now.
    pub(super) async fn open_large(clients: usize, state: State, seed: u64) -> Self {
        let lists = (0..4).map(|variant| list(10_000, variant)).collect();
        let scene = Self::set_up(clients, Attention::Front, state, lists, seed);
        scene.sessions.iter().for_each(|session| session.start_list());
        scene
    }

    fn set_up(clients: usize, attention: Attention, state: State, lists: Vec<Vec<u8>>, seed: u64) -> Self {
        DICE.set(StdRng::seed_from_u64(seed));
        let folder = tempfile::tempdir().expect("a folder");
        let (arrivals, looks, bytes) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (started, state) = (Instant::now(), Mutex::new(state));
        let platform = Arc::new(Platform { started, state, arrivals, lists, looks, bytes });
        let stage = Stage::new({
            let platform = platform.clone();
            move |request| -> Answering { Box::pin(platform.clone().answer(request)) }
        });
        let base = BaseUrl::parse("https://platform.example.com").expect("an address");
        let credential = Credential::new(CredentialKind::ApiKey, "hc_live_crowd0123456789").expect("a key");
        let client =
            Client::new(base, Ok(credential), Timeouts::default(), &Network::default()).expect("a client");
        let file = |name: &str| folder.path().join(name);
        let journal = Arc::new(Journal::open(&file("journal.db")));
        let bulk = Arc::new(BulkJournal::open(&file("bulk.db")));
        let ledger = Arc::new(Ledger::open(&file("ledger.db"), Arc::new(MemoryStore::default()), false));
        let notebook = Arc::new(Notebook::open(&file("notebook.db")));
        let events = Events::new();
        let epoch = Utc::now();
        let sessions = (0..clients).map(|_| {
            let client = client.on_stage(stage.clone());
            let surroundings = watch::Sender::new(Surroundings { attention, ..Surroundings::default() });
            let poller = Poller::new(Intervals::default(), surroundings.subscribe(), client.traffic.clone());
            Session::new(SessionParts {
                profile: profile(),
                client,
                cache: Cache::in_memory().expect("a cache"),
                journal: journal.clone(),
                bulk: bulk.clone(),
                ledger: ledger.clone(),
                notebook: notebook.clone(),
                catalog_file: file("catalog.json"),
                poller: poller.with_chance(chance),
                events: events.clone(),
                clock: Arc::new(move || epoch + TimeDelta::from_std(started.elapsed()).expect("not so long")),
                boot_clock: Arc::new(|| None),
                surroundings,
            })
        });
        Self { sessions: sessions.collect(), platform, _folder: folder }
    }

    pub(super) fn set(&self, state: State) {
        *lock(&self.platform.state) = state;
    }

    pub(super) fn now(&self) -> Duration {
        self.platform.started.elapsed()
    }

    /// How many arrived in each of so many seconds.
    pub(super) fn arrivals(&self, from: Duration, seconds: usize) -> Vec<usize> {
        let mut bins = vec![0; seconds];
        for at in lock(&self.platform.arrivals).iter().filter_map(|at| at.checked_sub(from)) {
            if let Some(bin) = usize::try_from(at.as_secs()).ok().and_then(|second| bins.get_mut(second)) {
                *bin += 1;
            }
        }
        bins
    }

    /// Bytes of all lists that were sent.
    pub(super) fn bytes(&self) -> usize {
        *lock(&self.platform.bytes)
    }

    pub(super) fn list_bytes(&self) -> usize {
        self.platform.lists[0].len()
    }

    pub(super) fn close(self) {
        self.sessions.iter().for_each(|session| session.close());
    }
}

/// The window comes to the front, or goes.
pub(super) fn turn(session: &Session, attention: Attention) {
    session.surroundings.send_modify(|around| around.attention = attention);
}

fn profile() -> Profile {
    Profile {
        id: "crowd".into(),
        kind: ProfileKind::Platform,
        name: "Crowd".into(),
        base_url: "https://platform.example.com".into(),
        hue: 0,
        credential: None,
        purpose: Purpose::default(),
        safety: Safety::default(),
        proxy: Proxy::default(),
        certificate: None,
    }
}
