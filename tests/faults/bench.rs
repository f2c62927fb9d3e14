//! A console before a server that misbehaves, and what holds everywhere: no panic, no unbounded wait, no secret in a log,
//! the last good values stay with their age, one notice for a cause and not one for each request.

use chrono::{DateTime, TimeDelta, Utc};
use nineheads_core::contract::deploys::NewInstance;
use nineheads_core::deploys::{Deploy, DeployState};
use nineheads_core::fleet::FleetWindow;
use nineheads_core::polling::PollerState;
use nineheads_core::secrets::{MemoryStore, SecretStore};
use nineheads_core::{BootTime, Code, ConsoleOptions, Event, Failure, Timeouts};
use nineheads_tests::console::Desk;
use nineheads_tests::misbehaving::{BY_KEY, CREATE, Fault, LIST, Misbehaving};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, Once, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The key that must be found nowhere.
pub(crate) const KEY: &str = "hc_live_CANARYcanary0123456789CANARYcanary";
/// Rows of the list.
pub(crate) const ROWS: u32 = 8;
/// Longer than any wait of these tests may be, the timeouts below included.
const BOUND: Duration = Duration::from_secs(20);

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

impl log::Log for Listener {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}", record.target(), record.args());
        LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
    fn flush(&self) {}
}

/// Hears every line of the log and every panic of our own code, from all threads.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Listener).expect("the first one");
        log::set_max_level(log::LevelFilter::Trace);
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let place = panic.location().map(|at| at.file().to_owned()).unwrap_or_default();
            if !place.starts_with("tests/") {
                PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(panic.to_string());
            }
            before(panic);
        }));
    });
}

/// Short ones, so that a test waits for them.
pub(crate) fn short() -> Timeouts {
    Timeouts {
        // Well before the first byte is missed, as in the app: which of two equal clocks ends first is chance.
        connect: Duration::from_millis(400),
        first_byte: Duration::from_millis(700),
        stall: Duration::from_millis(700),
        chat_first_byte: Duration::from_millis(700),
    }
}

/// Both clocks of a computer: the one on the wall, which can be set, and the time since its start, which can not.
#[derive(Clone, Default)]
pub(crate) struct Clocks(Arc<(AtomicI64, AtomicI64)>);

impl Clocks {
    /// Somebody sets the clock on the wall.
    pub(crate) fn set_wall(&self, by: TimeDelta) {
        self.0.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// So much time goes by for everybody.
    pub(crate) fn pass(&self, by: TimeDelta) {
        self.set_wall(by);
        self.0.1.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    pub(crate) fn wall(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::milliseconds(self.0.0.load(Ordering::SeqCst))
    }

    fn boot(&self) -> BootTime {
        static START: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);
        let more = Duration::from_millis(self.0.1.load(Ordering::SeqCst).unsigned_abs());
        BootTime { boot: "this one".into(), since: START.elapsed() + Duration::from_secs(3600) + more }
    }
}

/// See the module.
pub(crate) struct Bench {
    pub(crate) server: Misbehaving,
    pub(crate) desk: Desk,
    pub(crate) clocks: Clocks,
    events: tokio::sync::broadcast::Receiver<Event>,
}

/// How often a console looks at its list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    /// All the time.
    Often,
    /// Once: what happens to a create is not mixed with what happens to the list.
    Once,
}

/// A desk with short timeouts and clocks that can be set.
pub(crate) fn desk(looks: Looks, secrets: Arc<dyn SecretStore>) -> (Desk, Clocks) {
    desk_of(looks, secrets, |_| {})
}

/// The same with a keystore of its own and something more changed.
pub(crate) fn desk_with(
    looks: Looks,
    more: impl Fn(&mut ConsoleOptions) + Send + Sync + 'static,
) -> (Desk, Clocks) {
    desk_of(looks, Arc::new(MemoryStore::default()), more)
}

fn desk_of(
    looks: Looks,
    secrets: Arc<dyn SecretStore>,
    more: impl Fn(&mut ConsoleOptions) + Send + Sync + 'static,
) -> (Desk, Clocks) {
    listen();
    let clocks = Clocks::default();
    let of_the_desk = clocks.clone();
    let desk = Desk::with(secrets, move |options: &mut ConsoleOptions| {
        let (wall, boot) = (of_the_desk.clone(), of_the_desk.clone());
        options.clock = Arc::new(move || wall.wall());
        options.boot_clock = Arc::new(move || Some(boot.boot()));
        options.timeouts = short();
        options.intervals.silence = Duration::from_millis(1500);
        if looks == Looks::Once {
            options.intervals.front = Duration::from_secs(3600);
        }
        more(options);
    });
    (desk, clocks)
}

impl Bench {
    /// A console that looks at a list of [`ROWS`] rows all the time.
    pub(crate) async fn new() -> Self {
        Self::of(Misbehaving::start(ROWS as usize).await, Looks::Often).await
    }

    /// One whose list is settled, for creates.
    pub(crate) async fn for_creates() -> Self {
        Self::of(Misbehaving::start(ROWS as usize).await, Looks::Once).await
    }

    /// One whose list is settled, for reads of other things.
    pub(crate) async fn new_settled() -> Self {
        Self::for_creates().await
    }

    /// So much time goes by for everybody: on the wall and since the computer was started.
    pub(crate) fn let_time_pass(&self, by: TimeDelta) {
        self.clocks.pass(by);
    }

    pub(crate) async fn of(server: Misbehaving, looks: Looks) -> Self {
        let (desk, clocks) = desk(looks, Arc::new(MemoryStore::default()));
        desk.connect(&server.url(), KEY).await.expect("the server behaves still");
        let events = desk.console.events();
        let bench = Self { server, desk, clocks, events };
        bench.live().await;
        bench
    }

    /// Waits until the list is confirmed and all is well.
    pub(crate) async fn live(&self) {
        let rows = self.desk.rows_when(|rows| rows.facts.seen_at.is_some() && rows.facts.failure.is_none());
        assert!(rows.await.facts.total >= ROWS);
        self.desk.when(|console| (console.poller().state == PollerState::Live).then_some(())).await;
    }

    /// Waits until the list's look has failed, and returns how.
    pub(crate) async fn failure(&self) -> Failure {
        self.desk.rows_when(|rows| rows.facts.failure.is_some()).await.facts.failure.expect("it failed")
    }

    /// A fault of the list: what was known stays, with its age and one notice, and all is well again without a click.
    pub(crate) async fn spoil_list(&self, fault: Fault) -> Code {
        self.server.set(LIST, fault);
        self.endure(async || self.server.mend()).await
    }

    /// Something that keeps the list from being seen is going on already; `mend` ends it.
    pub(crate) async fn endure(&self, mend: impl AsyncFnOnce()) -> Code {
        let started = Instant::now();
        let failure = self.failure().await;
        assert!(started.elapsed() < BOUND, "it took {:?}", started.elapsed());
        let seen_at = self.desk.rows().facts.seen_at.expect("it was seen before");
        let at_first = offline_since(&self.desk).expect("the status line says it");
        self.looks_again(3).await;
        let rows = self.desk.rows();
        self.keeps_all(&rows);
        assert_eq!(rows.facts.seen_at, Some(seen_at), "what failed makes nothing younger");
        assert_eq!(offline_since(&self.desk), Some(at_first), "one notice for one cause");
        mend().await;
        self.live().await;
        failure.code
    }

    fn keeps_all(&self, rows: &FleetWindow) {
        assert_eq!((rows.facts.total, rows.rows.len()), (ROWS, ROWS as usize), "the last good rows stay");
    }

    /// Waits until the poller has planned so many looks more.
    pub(crate) async fn looks_again(&self, times: usize) {
        let mut planned = BTreeSet::new();
        self.desk
            .when(|console| {
                planned.extend(console.poller().next_look_at);
                (planned.len() > times).then_some(())
            })
            .await;
    }

    /// Waits until the list was looked at more often than so. Then questions are asked and answered, one after the other:
    /// whatever else was about to be sent has been sent by then, since the first ten of a loop wait for nothing.
    pub(crate) async fn looked_and_answered(&self, lists: usize) {
        self.desk.when(|_| (self.server.count(LIST) > lists).then_some(())).await;
        for _ in 0..20 {
            let view = self.desk.console.refresh_instance(&"row-1".into()).await.expect("open");
            assert_eq!(view.failure, None, "it is answered");
        }
    }

    /// Confirms a deploy.
    pub(crate) async fn deploy(&self, name: &str) -> Result<Deploy, Failure> {
        let started = Instant::now();
        let result = self.desk.console.start_deploy(order(name)).await;
        assert!(started.elapsed() < BOUND, "it took {:?}", started.elapsed());
        result
    }

    /// Waits until a deploy is in a state.
    pub(crate) async fn deploy_when(&self, deploy: &Deploy, state: DeployState) -> Deploy {
        let known = |console: &nineheads_core::Console| console.deploy(&deploy.key).ok();
        self.desk.when(|console| known(console).filter(|deploy| deploy.state == state)).await
    }

    /// A create of which nothing was sent: kept, and sent as it was once that works.
    pub(crate) async fn resends(&self, mend: impl AsyncFnOnce()) {
        let deploy = self.deploy("Orchard").await.expect("written down");
        assert_eq!(deploy.state, DeployState::Intent, "{:?}", deploy.failure);
        assert_eq!(self.server.count(CREATE), 0, "nothing was sent");
        mend().await;
        // A second attempt may have left in the moment of mending, and then its end is found out after the settle window.
        self.let_time_pass(TimeDelta::minutes(4));
        self.deploy_when(&deploy, DeployState::Ready).await;
        assert_eq!(self.server.keys(), [deploy.key.as_str()], "the same key, once");
        assert_eq!(self.server.created(), 1);
    }

    /// A create that nobody knows the end of. Where it was taken, its key finds it; where it was not, it is asked after,
    /// never sent again blindly, and the same request gets no second key.
    pub(crate) async fn is_unknown(&self, fault: Fault) {
        self.server.set_times(CREATE, fault.clone().commits(), 1);
        let before = (self.server.count(CREATE), self.server.created());
        let taken = self.deploy("Taken").await.expect("written down");
        assert_eq!(taken.state, DeployState::Unknown, "{:?}", taken.failure);
        self.deploy_when(&taken, DeployState::Ready).await;
        assert_eq!((self.server.count(CREATE), self.server.created()), (before.0 + 1, before.1 + 1));

        self.server.set_times(CREATE, fault, 1);
        let lost = self.deploy("Lost").await.expect("written down");
        assert_eq!(lost.state, DeployState::Unknown, "{:?}", lost.failure);
        let looks = self.server.count(BY_KEY);
        self.desk.when(|_| (self.server.count(BY_KEY) >= looks + 3).then_some(())).await;
        assert_eq!(self.server.count(CREATE), before.0 + 2, "never sent again blindly");
        let again = self.deploy("Lost").await.expect_err("the same request is held back");
        assert_eq!(again.code, Code::DeployOpen { key: lost.key.clone() });
        let deploy = self.desk.console.deploy(&lost.key).expect("kept");
        assert_eq!(deploy.state, DeployState::Unknown);
        self.server.mend();
    }

    /// A create that the platform does not want: told, and nothing is left behind.
    pub(crate) async fn is_rejected(&self, fault: Fault) -> Code {
        self.server.set(CREATE, fault);
        let before = self.server.count(CREATE);
        let refused = self.deploy("Unwanted").await.expect_err("it is refused");
        self.server.mend();
        assert!(
            self.desk.console.deploys().expect("readable").is_empty(),
            "the form has it, not the journal"
        );
        assert_eq!((self.server.count(CREATE), self.server.created()), (before + 1, 0));
        refused.code
    }

    /// What holds everywhere, at the end of each test.
    pub(crate) async fn finish(mut self) {
        while let Ok(event) = self.events.try_recv() {
            let text = serde_json::to_string(&event).expect("an event is JSON");
            assert!(!text.contains(KEY), "the screen was told the key");
        }
        self.desk.console.close_session().await;
        nothing_leaked(self.desk.folder());
    }
}

/// No line of the log and no file holds the key, and nothing panicked.
pub(crate) fn nothing_leaked(folder: &Path) {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    let told = lines.iter().find(|line| line.contains(KEY));
    assert!(told.is_none(), "a line of the log holds the key: {told:?}");
    drop(lines);
    for path in folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert!(!bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes()), "{}", path.display());
    }
    let panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(panics.is_empty(), "{panics:?}");
}

/// What a person confirms.
pub(crate) fn order(name: &str) -> NewInstance {
    NewInstance {
        region_id: "eu-central".into(),
        tier_id: "7e1a5b90-3c2d-4e6f-8a10-000000000001".into(),
        agent_name: Some(name.into()),
        ..NewInstance::default()
    }
}

/// Since when the status line says that the platform does not answer.
pub(crate) fn offline_since(desk: &Desk) -> Option<DateTime<Utc>> {
    match desk.console.poller().state {
        PollerState::Offline { since, .. } => Some(since),
        _ => None,
    }
}

/// The code of what must fail.
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Failure>) -> Code {
    result.expect_err("it fails").code
}
