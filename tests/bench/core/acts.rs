//! P17: what a person does without the platform, in a fleet of 10,000 against one of 100. The goal is for acts that need not look
//! at each row; those that must (a filter asks each row) are shown without one.

use crate::clock::cost;
use crate::lists;
use crate::looks::App;
use crate::row::{Goal, Sheet};
use nineheads_contract::InstanceId;
use nineheads_core::fleet::{FleetQuery, SortBy};
use nineheads_core::views::SavedView;
use nineheads_tests::numbers::{CPU, Turns, quantile};
use std::cell::Cell;
use std::hint::black_box;

const ROUNDS: usize = 12;
/// Of those that are only shown.
const FEW: usize = 3;
/// Acts of one turn; its 95th of a hundred counts.
const BLOCK: u32 = 40;
/// A person does one thing and then reads: until the next the processor has forgotten this program, whatever the fleet's size.
/// So many bytes are read in between.
const PAUSE: usize = 32 << 20;
/// Rows of a window.
const ROWS: u32 = 64;
/// Places of a fleet that are gone to, whatever its size.
const PLACES: u32 = 36;
/// As many of a hundred have a label.
const LABELLED: u32 = 10;

/// A fleet and its ids.
struct Fleet {
    app: App,
    ids: Vec<InstanceId>,
}

impl Fleet {
    fn open(size: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let app = App::open(&lists::make(folder.path(), size, 1)[0]);
        let mut ids = Vec::new();
        while ids.len() < app.desk.rows().facts.total as usize {
            let from = u32::try_from(ids.len()).expect("not so many");
            let window = app.console().show_fleet(FleetQuery::default(), from, 200).expect("open");
            ids.extend(window.rows.into_iter().map(|row| row.instance.id));
        }
        let labelled: Vec<_> = ids.iter().step_by(100 / LABELLED as usize).cloned().collect();
        let tags = ["blue".to_owned(), "canary".to_owned()];
        app.runtime.block_on(app.console().tag_instances(&labelled, &tags, &[])).expect("labels");
        for pinned in ["status:failed", "tag:canary", "region:eu-*"] {
            let query = FleetQuery { text: pinned.into(), ..FleetQuery::default() };
            let (id, name) = (pinned.to_owned(), pinned.to_owned());
            let view = SavedView { id, name, query, columns: None, pinned: true };
            app.console().save_view(&view).expect("a view");
        }
        app.console().show_fleet(FleetQuery::default(), 0, ROWS).expect("open");
        Self { app, ids }
    }

    fn show(&self, query: FleetQuery, offset: u32) {
        let window = self.app.console().show_fleet(query, offset, ROWS).expect("open");
        assert!(!serde_json::to_vec(&window).expect("JSON").is_empty());
    }

    /// One of as many as are opened of any fleet, from all of it.
    fn id(&self, turn: u32) -> &InstanceId {
        &self.ids[(turn % PLACES) as usize * self.ids.len() / PLACES as usize]
    }
}

type Act = fn(&Fleet, u32);

/// Acts for which the size of the fleet need not matter.
const ALIKE: [(&str, Act); 7] = [
    ("a window of rows, elsewhere each time", |fleet, turn| {
        let places = u32::try_from(fleet.ids.len()).expect("not so many") - ROWS;
        fleet.show(FleetQuery::default(), turn % PLACES * places / PLACES);
    }),
    ("an instance opens from what is kept", |fleet, turn| {
        fleet.app.console().instance(fleet.id(turn)).expect("open");
    }),
    ("its history", |fleet, turn| {
        fleet.app.console().history(fleet.id(turn)).expect("open");
    }),
    ("its label", |fleet, turn| {
        fleet.app.console().label(fleet.id(turn)).expect("open");
    }),
    ("a star is given or taken", |fleet, turn| {
        fleet.app.console().set_star(fleet.id(turn / 2), turn.is_multiple_of(2)).expect("open");
    }),
    ("a note is written", |fleet, turn| {
        fleet.app.console().set_note(fleet.id(turn / 2), &format!("note {turn}")).expect("open");
    }),
    ("the saved views", |fleet, _| {
        fleet.app.console().views().expect("open");
    }),
];

/// Acts that ask every row.
const OF_EACH_ROW: [(&str, Act); 5] = [
    ("a letter is typed into the filter", |fleet, turn| {
        let text = ["r", "ri", "riv", "rive", "river"][turn as usize % 5];
        fleet.show(FleetQuery { text: text.into(), ..FleetQuery::default() }, 0);
    }),
    ("another column sorts", |fleet, turn| {
        let sort = [SortBy::Status, SortBy::Age, SortBy::Host, SortBy::Name][turn as usize % 4];
        fleet.show(FleetQuery { sort, ..FleetQuery::default() }, 0);
    }),
    ("an instance is found by a few letters", |fleet, turn| {
        let text = ["qu", "quiet", "harb", "vps-1"][turn as usize % 4];
        fleet.app.console().find_instances(text, 8).expect("open");
    }),
    ("what could follow in a filter", |fleet, _| {
        fleet.app.console().complete_filter("region:", 7).expect("open");
    }),
    ("rows of three pinned views are counted", |fleet, _| {
        let console = fleet.app.console();
        let counted = fleet.app.runtime.block_on(console.count_pinned_views()).expect("open");
        assert_eq!(counted.len(), 3);
    }),
];

pub(crate) fn measure(sheet: &mut Sheet) {
    let (small, large) = (Fleet::open(100), Fleet::open(10_000));
    let elsewhere = vec![1u8; PAUSE];
    let pause = || black_box(elsewhere.iter().step_by(64).map(|byte| u64::from(*byte)).sum::<u64>());
    let acts = ALIKE.iter().map(|act| (act, Some(1.2))).chain(OF_EACH_ROW.iter().map(|act| (act, None)));
    for ((what, act), most) in acts {
        // Whatever the act before it left on the screen is gone.
        for fleet in [&small, &large] {
            fleet.show(FleetQuery::default(), 0);
        }
        let turns = Cell::new(0);
        let block = |fleet: &Fleet| {
            let costs: Vec<f64> = (0..BLOCK)
                .map(|_| {
                    turns.set(turns.get() + 1);
                    pause();
                    cost(|| act(fleet, turns.get())).0
                })
                .collect();
            quantile(&costs, 0.95)
        };
        let of = "a fleet of 100";
        let what = match most {
            Some(_) => format!("{what}: 10,000 against 100, p95 of the work"),
            None => format!("{what} (asks every row): 10,000 against 100, p95 of the work"),
        };
        let goal = Goal { id: "P17", what, of, most, band: CPU };
        let rounds = if most.is_some() { ROUNDS } else { FEW };
        sheet.ratio(&goal, || Turns::take(rounds, || block(&small), || block(&large)));
    }
}
