//! A night of looking at a fleet that changes, at a platform that fails: nothing doubled, nothing missed, nothing kept
//! for ever. The long form is `npm run test:long`.

use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceSummary, ListInstances};
use nineheads_core::fleet::{FleetFacts, FleetQuery};
use nineheads_core::polling::PollerState;
use nineheads_core::secrets::MemoryStore;
use nineheads_core::seen::Source;
use nineheads_core::{CacheKind, Console, Event};
use nineheads_tests::apart::Apart;
use nineheads_tests::console::{Desk, PATIENCE, on_demand};
use nineheads_tests::platform::get;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

/// Rows that a screen shows.
const ROWS: u32 = 30;
/// After so many looks the whole table is compared.
const CHECK: u32 = 250;
/// Memory is held against what it was after so many.
const SETTLED: u32 = 100;
/// What one look leaves with the allocator for a moment is a tenth of all: the middle of so many looks counts.
const WEIGHED: usize = 50;
/// The most that it may grow from there.
const GROWTH: f64 = 1.05;

/// A table as a screen keeps it: one window, and what is announced of it.
struct Screen {
    offset: u32,
    facts: FleetFacts,
    rows: BTreeMap<u32, InstanceSummary>,
    events: Receiver<Event>,
    asked_again: u32,
}

impl Screen {
    fn of(console: &Console) -> Self {
        let events = console.events();
        let mut screen =
            Self { offset: 0, facts: FleetFacts::default(), rows: BTreeMap::new(), events, asked_again: 0 };
        screen.scroll(console, 0);
        screen
    }

    fn scroll(&mut self, console: &Console, offset: u32) {
        let window = console.show_fleet(FleetQuery::default(), offset, ROWS).expect("open");
        self.offset = offset;
        self.facts = window.facts;
        self.rows = (offset..).zip(window.rows.into_iter().map(|row| row.instance)).collect();
    }

    /// Takes what is announced, as the screen does: what was missed, or does not fit, is asked for.
    fn take(&mut self, console: &Console, event: Event) {
        let Event::FleetChanged { facts, rows } = event else { return };
        if facts.seq <= self.facts.seq {
            return;
        }
        let Some(rows) = rows.filter(|_| facts.seq == self.facts.seq + 1) else {
            self.asked_again += 1;
            return self.scroll(console, self.offset);
        };
        let seen = self.offset..self.offset + ROWS;
        self.rows.extend(
            rows.into_iter().map(|row| (row.index, row.row.instance)).filter(|(at, _)| seen.contains(at)),
        );
        self.rows.retain(|at, _| *at < facts.matched);
        self.facts = facts;
    }

    /// One look, until it has ended. True where the platform answered it well.
    async fn refresh(&mut self, console: &Console) -> bool {
        let before = console.poller().next_look_at;
        console.refresh_fleet().expect("open");
        let ended = async {
            loop {
                match self.events.recv().await {
                    // The next look is planned once this one is over.
                    Ok(Event::PollerChanged { poller }) if poller.next_look_at != before => return,
                    Ok(event) => self.take(console, event),
                    Err(_) => self.scroll(console, self.offset),
                }
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.expect("a look ends");
        loop {
            match self.events.try_recv() {
                Ok(event) => self.take(console, event),
                Err(TryRecvError::Lagged(_)) => self.scroll(console, self.offset),
                Err(_) => break,
            }
        }
        console.poller().state == PollerState::Live
    }

    /// What it shows is what there is.
    fn check(&self, console: &Console) {
        let window = console.show_fleet(FleetQuery::default(), self.offset, ROWS).expect("open");
        assert!(
            self.rows.values().eq(window.rows.iter().map(|row| &row.instance)),
            "the screen at {} is not what there is",
            self.offset
        );
        assert_eq!(self.facts.counts, window.facts.counts);
    }
}

/// What goes wrong with one look, now and then.
fn fault(dice: &mut StdRng) -> Option<(&'static str, Value)> {
    let (what, fault) = match dice.random_range(0..100) {
        0..2 => ("429", json!({ "status": 429, "retry_after": dice.random_range(0..2) })),
        2..4 => ("503", json!({ "status": 503 })),
        4..5 => ("503, wait", json!({ "status": 503, "retry_after": 1 })),
        5..7 => ("slow", json!({ "slow_ms": dice.random_range(50..400) })),
        7..9 => ("half a body", json!("cut")),
        9..10 => ("cut before", json!("cut_before")),
        10..11 => ("cut after", json!("cut_after_commit")),
        11..12 => ("empty", json!("empty")),
        _ => return None,
    };
    Some((what, json!({ "operation": "list_instances", "fault": fault, "often": { "times": 1 } })))
}

/// Every row that a screen could scroll to.
fn table(console: &Console) -> HashMap<InstanceId, InstanceSummary> {
    let mut all = HashMap::new();
    loop {
        let offset = u32::try_from(all.len()).expect("not so many");
        let window = console.show_fleet(FleetQuery::default(), offset, 200).expect("open");
        assert!(!window.rows.is_empty(), "{} of {} rows are there", all.len(), window.facts.total);
        for row in window.rows {
            let id = row.id.clone();
            assert!(all.insert(id.clone(), row.instance).is_none(), "{id:?} is there twice");
        }
        if all.len() == window.facts.total as usize {
            return all;
        }
    }
}

fn assert_same(table: &HashMap<InstanceId, InstanceSummary>, server: &[InstanceSummary]) {
    let wrong = server.iter().filter(|row| table.get(&row.id) != Some(row)).count();
    assert_eq!((wrong, table.len()), (0, server.len()), "rows that are not the platform's, and all");
}

/// Memory of this process alone, in bytes; none where the system does not tell.
fn memory() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = text.lines().find(|line| line.starts_with("Pss:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib * 1024.0)
}

/// The middle of the newest.
fn middle(weights: &[f64]) -> Option<f64> {
    let mut newest = weights[weights.len().saturating_sub(WEIGHED)..].to_vec();
    newest.sort_by(f64::total_cmp);
    newest.get(newest.len() / 2).copied()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// So many looks at a fleet of which one row in a hundred changes before each.
async fn soak(fleet: u32, looks: u32, weighs: bool) {
    let seed = number("NINEHEADS_SEED").unwrap_or_else(rand::random);
    eprintln!("{looks} looks at {fleet} instances, NINEHEADS_SEED={seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let mut apart = Apart::start(env!("CARGO_BIN_EXE_nineheads-platform-apart"), fleet).await;
    let desk = Desk::with(Arc::new(MemoryStore::default()), |options| options.intervals = on_demand());
    desk.connect(&apart.url, &apart.key).await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == fleet && rows.facts.source == Source::Live).await;
    assert_eq!(desk.console.session_view().cache, CacheKind::Encrypted);
    let profile = desk.console.session_view().profile.expect("open").id;
    let mut screen = Screen::of(&desk.console);
    let (mut faults, mut failed, mut settled) = (BTreeMap::<&str, u32>::new(), 0, None);
    let mut weights = Vec::new();
    let started = Instant::now();
    for at in 1..=looks {
        let wrong = fault(&mut dice);
        // Now and then nothing has changed.
        let rows = if dice.random_range(0..20) == 0 { 0 } else { fleet / 100 };
        let last = at == looks;
        let wrong = wrong.filter(|_| !last && at % CHECK != 0 && at != SETTLED);
        let rules: Vec<Value> = wrong.iter().map(|(_, rule)| rule.clone()).collect();
        let asked = apart.order(rows, dice.random(), &rules).await;
        if at % 10 == 0 {
            screen.scroll(&desk.console, dice.random_range(0..fleet - ROWS));
        }
        let answered = screen.refresh(&desk.console).await;
        failed += u32::from(!answered);
        if let Some((what, _)) = wrong {
            *faults.entry(what).or_default() += 1;
        }
        if answered {
            screen.check(&desk.console);
        }
        weights.extend(memory().filter(|_| weighs));
        if at % CHECK == 0 || at == SETTLED || last {
            assert!(answered, "a look without a fault: {:?}", desk.console.poller());
            assert!(asked >= u64::from(at), "each look reached the platform");
            let server = get(&apart.url, &apart.key, &ListInstances).await.instances;
            assert_same(&table(&desk.console), &server);
            let now = middle(&weights);
            if at >= SETTLED {
                settled = settled.or(now);
            }
            if let (Some(settled), Some(now)) = (settled, now) {
                let grown = now / settled;
                let took = started.elapsed().as_secs();
                let most = weights.iter().copied().fold(0.0, f64::max) / 1e6;
                let now = now / 1e6;
                eprintln!(
                    "{at} looks in {took} s, {failed} failed: {now:.1} MB, {grown:.3} ×; at most {most:.1} MB"
                );
                assert!(!last || grown <= GROWTH, "memory grew to {grown:.3} ×");
            }
        }
    }
    eprintln!(
        "{looks} looks in {} s, {failed} failed, {} times asked again; faults: {faults:?}",
        started.elapsed().as_secs(),
        screen.asked_again
    );
    let server = get(&apart.url, &apart.key, &ListInstances).await.instances;
    apart.stop().await;
    let desk = desk.restart().await;
    desk.console.open_profile(&profile).await.expect("known");
    assert_eq!(desk.rows().facts.source, Source::Cached);
    assert_same(&table(&desk.console), &server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_looks_at_a_fleet_that_changes_and_a_platform_that_fails_miss_nothing() {
    soak(1000, 50, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a night, compressed: npm run test:long"]
async fn a_night_of_looks_misses_nothing_and_keeps_nothing_for_ever() {
    let looks = number("NINEHEADS_LOOKS").unwrap_or(5000);
    soak(10_000, u32::try_from(looks).expect("not so many"), true).await;
}
