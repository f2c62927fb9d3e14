//! P5 and P6: what a look at the list of 10,000 costs the app from its first byte to what the screen is told, the encrypted
//! cache written, against reading the same bytes into the same type once; and how much the screen is told.

use crate::clock::{cost, cpu};
use crate::lists::{self, Version};
use crate::row::{Goal, Row, Sheet};
use crate::server::Server;
use nineheads_contract::instances::InstanceList;
use nineheads_core::fleet::FleetQuery;
use nineheads_core::polling::PollerState;
use nineheads_core::secrets::MemoryStore;
use nineheads_core::{CacheKind, Console, Event};
use nineheads_tests::console::{Desk, on_demand};
use nineheads_tests::numbers::{CPU, Turns, median};
use serde_json::json;
use std::cell::RefCell;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::broadcast::Receiver;

/// Rows that a table of 1280 × 800 asks for: two blocks.
const SHOWN: u32 = 64;
/// Versions of the list: each is one in a hundred away from its neighbours.
const VERSIONS: u64 = 8;
const ROUNDS: usize = 12;

/// The app without a window, before a platform that costs nothing.
pub(crate) struct App {
    pub desk: Desk,
    pub server: Server,
    pub runtime: Runtime,
    events: Receiver<Event>,
}

/// What one look told the screen, and what it cost.
struct Looked {
    cpu: f64,
    messages: usize,
    bytes: usize,
}

impl App {
    /// Connected to a platform that shows this version.
    pub(crate) fn open(first: &Version) -> Self {
        let mut server = Server::start();
        server.show(&first.file);
        let runtime = Runtime::new().expect("a runtime");
        let desk = runtime.block_on(async {
            let desk =
                Desk::with(Arc::new(MemoryStore::default()), |options| options.intervals = on_demand());
            desk.connect(&server.url, "a-key-of-a-benchmark").await.expect("connects");
            desk.rows_when(|rows| rows.facts.seen_at.is_some()).await;
            desk.when(|console| console.poller().next_look_at).await;
            desk
        });
        assert_eq!(desk.console.session_view().cache, CacheKind::Encrypted);
        let events = desk.console.events();
        Self { desk, server, runtime, events }
    }

    pub(crate) fn console(&self) -> &Console {
        &self.desk.console
    }

    /// One look, from the wish to the last announcement, each of them made ready for the screen.
    fn look(&mut self) -> Looked {
        while self.events.try_recv().is_ok() {}
        let (console, events) = (&self.desk.console, &mut self.events);
        let planned = console.poller().next_look_at;
        let (mut messages, mut bytes) = (0, 0);
        let before = cpu();
        console.refresh_fleet().expect("open");
        self.runtime.block_on(async {
            loop {
                let event = events.recv().await.expect("the console is there");
                messages += 1;
                bytes += serde_json::to_vec(&event).expect("JSON").len();
                if matches!(event, Event::PollerChanged { poller } if poller.next_look_at != planned) {
                    return;
                }
            }
        });
        let cpu = cpu() - before;
        assert_eq!(console.poller().state, PollerState::Live);
        Looked { cpu, messages, bytes }
    }

    /// A look that is of no interest.
    fn pass(&mut self, version: &Version) {
        self.server.show(&version.file);
        self.look();
    }

    /// How many bytes the first rows are.
    fn show(&self, limit: u32) -> usize {
        let window = self.desk.console.show_fleet(FleetQuery::default(), 0, limit).expect("open");
        serde_json::to_vec(&window).expect("JSON").len()
    }
}

/// J: reading the bytes, and nothing else.
fn read_once(version: &Version) -> f64 {
    let (cpu, _, list) = cost(|| serde_json::from_slice::<InstanceList>(&version.body).expect("a list"));
    drop(list);
    cpu
}

pub(crate) fn measure(sheet: &mut Sheet) {
    let folder = tempfile::tempdir().expect("a folder");
    let versions = lists::make(folder.path(), 10_000, VERSIONS);
    let app = RefCell::new(App::open(&versions[0]));
    app.borrow().show(SHOWN);
    // There and back again: each step is to a neighbour.
    let last = versions.len() - 1;
    let mut step = 0;
    let mut next = || {
        step += 1;
        let at = step % (2 * last);
        &versions[if at <= last { at } else { 2 * last - at }]
    };
    let goal = |id, what: &str, most| Goal { id, what: what.into(), of: "J", most: Some(most), band: CPU };

    let told = RefCell::new(Vec::new());
    sheet.ratio(&goal("P5a", "refresh of 10,000, 1 % changed: received, read, held against the known, encrypted, told to the screen", 1.5), || {
        let now = RefCell::new(&versions[0]);
        Turns::take(
            ROUNDS,
            || read_once(*now.borrow()),
            || {
                *now.borrow_mut() = next();
                let mut app = app.borrow_mut();
                app.server.show(&now.borrow().file);
                let looked = app.look();
                told.borrow_mut().push((looked.messages, looked.bytes));
                looked.cpu
            },
        )
    });

    let now = next();
    app.borrow_mut().pass(now);
    sheet.ratio(&goal("P5b", "the same 10,000 again, byte by byte", 0.15), || {
        Turns::take(ROUNDS, || read_once(now), || app.borrow_mut().look().cpu)
    });

    let nothing = Version { body: br#"{"instances":[]}"#.to_vec(), file: folder.path().join("nothing.json") };
    std::fs::write(&nothing.file, &nothing.body).expect("it is written");
    sheet.ratio(&goal("P5c", "first load of 10,000 into an empty cache", 6.0), || {
        Turns::take(
            ROUNDS / 2,
            || read_once(now),
            || {
                let mut app = app.borrow_mut();
                // A fleet that is gone at once is believed when it is said twice.
                app.pass(&nothing);
                app.pass(&nothing);
                assert_eq!(app.desk.rows().facts.total, 0);
                app.server.show(&now.file);
                let looked = app.look();
                assert!(app.desk.rows().facts.total > 9000);
                looked.cpu
            },
        )
    });
    tell(sheet, &told.into_inner());
    show(sheet, &app.into_inner());
}

/// P6.
fn tell(sheet: &mut Sheet, told: &[(usize, usize)]) {
    #[allow(clippy::cast_precision_loss)]
    let bytes: Vec<f64> = told.iter().map(|(_, bytes)| *bytes as f64).collect();
    let most = told.iter().map(|(messages, bytes)| (*bytes, *messages)).max().unwrap_or_default();
    let messages = told.iter().map(|(messages, _)| *messages).max().unwrap_or_default();
    sheet.put(&Row {
        id: "P6",
        what: format!("to the screen for a refresh of 10,000, 1 % changed, {SHOWN} rows shown"),
        measured: format!("{:.0} bytes (at most {}), {messages} messages", median(&bytes), most.0),
        control: String::new(),
        goal: "≤ 8 KB, ≤ 2 messages".into(),
        verdict: if most.0 <= 8 * 1024 && messages <= 2 { "met" } else { "missed" },
        samples: json!({ "told": told }),
    });
}

/// P6b.
fn show(sheet: &mut Sheet, app: &App) {
    let folder = tempfile::tempdir().expect("a folder");
    let sizes: Vec<(u32, usize, usize)> = [100, 200, 1000]
        .into_iter()
        .map(|fleet| {
            let app = App::open(&lists::make(folder.path(), fleet, 1)[0]);
            (fleet, app.show(SHOWN / 2), app.show(SHOWN))
        })
        .chain([(10_000, app.show(SHOWN / 2), app.show(SHOWN))])
        .collect();
    let most = sizes.iter().map(|(_, block, _)| *block).max().unwrap_or_default();
    let each = sizes.iter().map(|(fleet, block, all)| format!("{fleet}: {block} and {all}"));
    sheet.put(&Row {
        id: "P6b",
        what: format!("bytes to show the list the first time: a block of {} rows, and {SHOWN}", SHOWN / 2),
        measured: each.collect::<Vec<_>>().join("; "),
        control: String::new(),
        goal: "≤ 16 KB, whatever the fleet".into(),
        verdict: if most <= 16 * 1024 { "met" } else { "missed" },
        samples: json!({ "sizes": sizes }),
    });
}
