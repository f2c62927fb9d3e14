//! What a ledger keeps, and what it notices.

use super::verify::{LedgerFault, LedgerProblem};
use super::*;
use crate::secrets::MemoryStore;
use tempfile::TempDir;

struct Desk {
    folder: TempDir,
    secrets: Arc<MemoryStore>,
}

impl Desk {
    fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder"), secrets: Arc::default() }
    }

    fn open(&self) -> Ledger {
        self.open_as(false)
    }

    fn open_as(&self, beside: bool) -> Ledger {
        Ledger::open(&self.folder.path().join("ledger.db"), self.secrets.clone(), beside)
    }

    fn written(&self, lines: usize) -> Ledger {
        let ledger = self.open();
        for line in 0..lines {
            ledger.end(None, &act(&format!("act {line}")), LedgerOutcome::Done).expect("writes");
        }
        ledger
    }

    /// What somebody does who has the file and knows SQL.
    fn tamper(&self, sql: &str) {
        let connection = Connection::open(self.folder.path().join("ledger.db")).expect("opens");
        let free = "drop trigger ledger_keeps_lines; drop trigger ledger_loses_none;";
        connection.execute_batch(&format!("{free}{sql}")).expect("is done");
    }
}

/// Returns when nobody holds the file any more: a seal may still be on its way.
fn close(ledger: Ledger) {
    let database = Arc::downgrade(&ledger.database);
    drop(ledger);
    while database.strong_count() > 0 {
        std::thread::yield_now();
    }
}

fn act(name: &str) -> Act {
    Act {
        at: time_text(Utc::now()),
        profile: "p".into(),
        profile_name: "P".into(),
        act: name.into(),
        target: "i".into(),
        target_name: "Kiln".into(),
        detail: "{}".into(),
    }
}

fn problem_after(sql: &str) -> Option<LedgerProblem> {
    let desk = Desk::new();
    drop(desk.written(6));
    desk.tamper(sql);
    desk.open().verify_alone().problem
}

#[test]
fn lines_hang_together_and_can_be_neither_changed_nor_removed() {
    let desk = Desk::new();
    drop(desk.written(2));
    let ledger = desk.open();
    let lines = ledger.window(&LedgerQuery::default(), 0, 10).expect("reads").lines;
    assert_eq!((lines[1].previous.as_str(), lines[0].previous.as_str()), (BEGINNING, lines[1].hash.as_str()));
    let connection = ledger.database.lock().expect("open");
    assert!(connection.execute("update lines set act = 'other'", []).is_err());
    assert!(connection.execute("delete from lines", []).is_err());
    drop(connection);
    assert_eq!(ledger.verify_alone().problem, None);
}

#[test]
fn the_first_line_that_was_altered_removed_or_reordered_is_named() {
    let found = |fault, seq| Some(LedgerProblem { fault, seq });
    for column in ["at", "profile", "profile_name", "act", "target", "target_name", "outcome", "detail"] {
        let sql = format!("update lines set {column} = 'failed ' where seq = 3");
        assert_eq!(problem_after(&sql), found(LedgerFault::Altered, 3), "{column}");
    }
    assert_eq!(problem_after("delete from lines where seq = 3"), found(LedgerFault::Removed, 3));
    let closed = "delete from lines where seq = 3; update lines set seq = seq - 1 where seq > 3;";
    assert_eq!(problem_after(closed), found(LedgerFault::Removed, 3));
    let swapped = "update lines set seq = 99 where seq = 3; update lines set seq = 3 where seq = 4;
                   update lines set seq = 4 where seq = 99;";
    assert_eq!(problem_after(swapped), found(LedgerFault::Reordered, 3));
    assert_eq!(problem_after("delete from lines where seq = 1"), found(LedgerFault::Removed, 1));
}

#[test]
fn lines_cut_off_at_the_end_are_missed_because_of_the_seal_also_after_more_was_written() {
    let desk = Desk::new();
    drop(desk.written(6));
    desk.tamper("delete from lines where seq > 4");
    let ledger = desk.open();
    let cut = Some(LedgerProblem { fault: LedgerFault::Cut, seq: 5 });
    assert_eq!(ledger.verify_alone().problem, cut);
    // Going on as if nothing had been does not hide it: the old seal stays.
    ledger.end(None, &act("more"), LedgerOutcome::Done).expect("writes");
    ledger.end(None, &act("more"), LedgerOutcome::Done).expect("writes");
    ledger.end(None, &act("more"), LedgerOutcome::Done).expect("writes");
    let problem = desk.open().verify_alone().problem.expect("it is still known");
    assert_eq!(problem.fault, LedgerFault::Replaced);
}

#[test]
fn another_ledger_in_its_place_is_noticed() {
    let desk = Desk::new();
    close(desk.written(3));
    std::fs::remove_file(desk.folder.path().join("ledger.db")).expect("is there");
    close(desk.written(3));
    let problem = desk.open().verify_alone().problem.expect("noticed");
    assert_eq!(problem.fault, LedgerFault::Replaced);
}

#[test]
fn an_act_that_the_app_did_not_survive_has_one_line_that_says_so() {
    let desk = Desk::new();
    let ledger = desk.open();
    ledger.begin(&act("delete_instance")).expect("writes");
    drop(ledger);
    drop(desk.open());
    let lines = desk.open().window(&LedgerQuery::default(), 0, 10).expect("reads").lines;
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].act.as_str(), lines[0].outcome), ("delete_instance", LedgerOutcome::Unknown));
    assert!(lines[0].detail.contains("appEnded"));
}

#[test]
fn lines_are_found_by_what_a_person_looks_for() {
    let desk = Desk::new();
    let ledger = desk.written(20);
    ledger.end(None, &act("chat"), LedgerOutcome::Failed).expect("writes");
    let matched = |query: LedgerQuery| ledger.window(&query, 0, 5).expect("reads").matched;
    assert_eq!(matched(LedgerQuery::default()), 21);
    assert_eq!(matched(LedgerQuery { acts: vec!["chat".into()], ..LedgerQuery::default() }), 1);
    assert_eq!(matched(LedgerQuery { outcomes: vec![LedgerOutcome::Failed], ..LedgerQuery::default() }), 1);
    assert_eq!(matched(LedgerQuery { profile: Some("q".into()), ..LedgerQuery::default() }), 0);
    assert_eq!(matched(LedgerQuery { target: Some("i".into()), ..LedgerQuery::default() }), 21);
    assert_eq!(matched(LedgerQuery { text: "KILN".into(), ..LedgerQuery::default() }), 21);
    assert_eq!(matched(LedgerQuery { text: "act 7".into(), ..LedgerQuery::default() }), 1);
    assert_eq!(
        matched(LedgerQuery {
            from: Some(Utc::now() + chrono::TimeDelta::hours(1)),
            ..LedgerQuery::default()
        }),
        0
    );
    assert_eq!(
        matched(LedgerQuery {
            until: Some(Utc::now() + chrono::TimeDelta::hours(1)),
            ..LedgerQuery::default()
        }),
        21
    );
    let page = ledger.window(&LedgerQuery::default(), 5, 5).expect("reads");
    assert_eq!((page.lines[0].seq, page.lines.len()), (16, 5));
}

#[test]
fn without_a_disk_nothing_is_recorded_and_that_is_an_error() {
    let ledger = Ledger::open(Path::new("/dev/null/ledger.db"), Arc::new(MemoryStore::default()), false);
    assert!(ledger.begin(&act("one")).is_err());
    assert!(ledger.end(None, &act("one"), LedgerOutcome::Done).is_err());
}

#[test]
fn an_act_that_is_going_on_elsewhere_is_ended_by_whoever_began_it() {
    let desk = Desk::new();
    let lines = |ledger: &Ledger| -> i64 {
        let connection = ledger.database.lock().expect("opens");
        connection.query_row("select count(*) from lines", [], |row| row.get(0)).expect("counts")
    };
    let app = desk.open();
    let begun = app.begin(&act("chat")).expect("writes");
    assert_eq!(lines(&desk.open_as(true)), 0, "another process leaves it alone");
    app.end(Some(begun), &act("chat"), LedgerOutcome::Done).expect("writes");
    assert_eq!(lines(&desk.open()), 1, "and a start finds nothing left");
}
