//! The list and its windows.

use super::*;
use crate::error::Code;
use crate::labels::Label;
use nineheads_contract::instances::Status;
use proptest::prelude::*;

fn row(id: &str, name: &str, status: &str) -> InstanceSummary {
    InstanceSummary {
        id: id.into(),
        agent_name: Some(name.into()),
        status: Some(Status::from(status)),
        ..InstanceSummary::default()
    }
}

fn list(rows: Vec<InstanceSummary>) -> InstanceList {
    InstanceList { instances: rows, skipped: 0 }
}

fn fleet(rows: Vec<InstanceSummary>) -> Fleet {
    let mut fleet = Fleet::default();
    fleet.replace(list(rows), Utc::now(), Source::Live);
    fleet
}

fn names(window: &FleetWindow) -> Vec<&str> {
    window.rows.iter().filter_map(|row| row.agent_name.as_deref()).collect()
}

fn query(text: &str) -> FleetQuery {
    FleetQuery { text: text.into(), ..FleetQuery::default() }
}

#[test]
fn every_word_of_a_search_must_occur_somewhere_in_the_row() {
    let mut fleet = fleet(vec![
        row("1", "Harbour desk", "running"),
        row("2", "Clinic intake", "running"),
        row("3", "harbour night", "failed"),
    ]);
    assert_eq!(names(&fleet.show(query("HARB"), 0, 10, Utc::now())), ["Harbour desk", "harbour night"]);
    assert_eq!(names(&fleet.show(query("failed harb"), 0, 10, Utc::now())), ["harbour night"]);
    assert_eq!(fleet.show(query("nothing"), 0, 10, Utc::now()).facts.matched, 0);
}

#[test]
fn a_filter_by_phase_leaves_the_counts_of_the_whole_fleet() {
    let mut fleet =
        fleet(vec![row("1", "a", "running"), row("2", "b", "failed"), row("3", "c", "hibernating")]);
    let window = fleet.show(
        FleetQuery { phases: vec![Phase::Failed, Phase::Unknown], ..query("") },
        0,
        10,
        Utc::now(),
    );
    assert_eq!(names(&window), ["b", "c"]);
    assert_eq!(
        (window.facts.counts.all, window.facts.counts.running, window.facts.counts.unknown),
        (3, 1, 1)
    );
}

#[test]
fn unknown_values_come_last_in_both_directions() {
    let mut unnamed = row("0", "", "running");
    unnamed.agent_name = None;
    let mut fleet = fleet(vec![unnamed, row("1", "b", "running"), row("2", "a", "running")]);
    for descending in [false, true] {
        let window = fleet.show(FleetQuery { descending, ..query("") }, 0, 10, Utc::now());
        assert_eq!(window.rows[2].id.as_str(), "0");
    }
}

#[test]
fn only_the_shown_rows_that_changed_are_announced() {
    let rows: Vec<_> = (0..100).map(|n| row(&n.to_string(), &format!("{n:03}"), "running")).collect();
    let mut fleet = fleet(rows.clone());
    fleet.show(query(""), 10, 20, Utc::now());
    let mut next = rows;
    next[15].status = Some("failed".into());
    next[90].status = Some("failed".into());
    let changes = fleet.replace(list(next), Utc::now(), Source::Live);
    assert_eq!(changes.changed.len(), 2);
    let placed = fleet.take_changes();
    assert_eq!(placed.iter().map(|placed| placed.index).collect::<Vec<_>>(), [15]);
    assert!(fleet.take_changes().is_empty());
}

#[test]
fn a_row_that_goes_moves_the_shown_ones_up() {
    let mut fleet = fleet(vec![row("1", "a", "running"), row("2", "b", "running"), row("3", "c", "running")]);
    fleet.show(query(""), 0, 10, Utc::now());
    let changes = fleet.replace(
        list(vec![row("2", "b", "running"), row("3", "c", "running")]),
        Utc::now(),
        Source::Live,
    );
    assert_eq!(changes.gone, [InstanceId::from("1")]);
    let placed = fleet.take_changes();
    assert_eq!(placed.iter().map(|p| (p.index, p.row.id.as_str())).collect::<Vec<_>>(), [(0, "2"), (1, "3")]);
    assert_eq!(fleet.facts().matched, 2);
}

#[test]
fn a_second_row_with_the_same_id_is_counted_and_left_out() {
    let fleet = fleet(vec![row("1", "a", "running"), row("1", "b", "failed")]);
    assert_eq!((fleet.facts().total, fleet.facts().skipped), (1, 1));
}

#[test]
fn a_failed_look_keeps_the_rows_and_says_why() {
    let mut fleet = fleet(vec![row("1", "a", "running")]);
    fleet.note_failure(Failure::new(Code::Offline, ""));
    let window = fleet.show(query(""), 0, 10, Utc::now());
    assert_eq!(window.rows.len(), 1);
    assert_eq!(window.facts.failure.expect("kept").code, Code::Offline);
}

proptest! {
    #[test]
    fn windows_and_changes_together_always_show_what_is_there(
        steps in prop::collection::vec(prop::collection::btree_map(0u8..40, 0u8..4, 0..40), 1..8),
        offset in 0u32..30,
    ) {
        let mut fleet = Fleet::default();
        fleet.replace(InstanceList::default(), Utc::now(), Source::Live);
        let mut screen: BTreeMap<u32, FleetRow> = BTreeMap::new();
        for step in steps {
            let rows = step.iter().map(|(id, status)| row(&format!("{id:02}"), &format!("n{}", id % 7), ["running", "failed", "x", "deleting"][*status as usize]));
            fleet.replace(list(rows.collect()), Utc::now(), Source::Live);
            for placed in fleet.take_changes() {
                screen.insert(placed.index, placed.row);
            }
            screen.retain(|index, _| *index < fleet.facts().matched);
            // What the screen holds after the changes is what a fresh look shows.
            let fresh = fleet.show(query(""), offset, 12, Utc::now());
            for (index, row) in (offset..).zip(&fresh.rows) {
                if let Some(held) = screen.get(&index) {
                    prop_assert_eq!(held, row);
                }
                screen.insert(index, row.clone());
            }
        }
    }
}

#[test]
fn a_row_that_was_changed_ahead_of_the_list_is_not_what_its_answer_said() {
    let mut fleet = fleet(vec![row("1", "a", "running")]);
    assert_eq!(fleet.mark(), None);
    fleet.hold_mark(Mark::of_body(b"a"));
    fleet.update(&"2".into(), |row| row.status = None);
    assert_eq!(fleet.mark(), Some(&Mark::of_body(b"a")), "there is no such row");
    fleet.update(&"1".into(), |row| row.status = Some("deleting".into()));
    assert_eq!(fleet.mark(), None);
}

#[test]
fn rows_whose_copy_on_disk_is_gone_are_all_written_once_more_and_none_has_changed() {
    let same = || list(vec![row("1", "a", "running"), row("2", "b", "running")]);
    let mut fleet = Fleet::default();
    assert_eq!(fleet.replace(same(), Utc::now(), Source::Live).changed.len(), 2);
    assert_eq!(fleet.replace(same(), Utc::now(), Source::Live), Changes::default());
    fleet.hold_mark(Mark::of_body(b"a"));
    fleet.forget_kept();
    assert_eq!(fleet.mark(), None, "the next list is asked for whole");
    let changes = fleet.replace(same(), Utc::now(), Source::Live);
    assert_eq!((changes.changed.len(), changes.statuses.len()), (2, 0));
    assert_eq!(fleet.replace(same(), Utc::now(), Source::Live), Changes::default());
}

fn with_region(id: &str, region: Option<&str>) -> InstanceSummary {
    InstanceSummary { region_id: region.map(Into::into), ..row(id, id, "running") }
}

#[test]
fn groups_lie_together_in_the_order_of_their_own_values_and_the_unknown_one_is_last() {
    let rows = [("1", Some("us")), ("2", Some("eu")), ("3", Some(" ")), ("4", Some("EU")), ("5", Some("us"))];
    let mut fleet = fleet(rows.iter().map(|(id, region)| with_region(id, *region)).collect());
    let by_region = FleetQuery { group: Some(GroupBy::Region), ..query("") };
    let window = fleet.show(by_region.clone(), 0, 10, Utc::now());
    assert_eq!(names(&window), ["2", "4", "1", "5", "3"]);
    let groups: Vec<_> =
        window.groups.iter().map(|group| (group.key.as_str(), group.count, group.offset)).collect();
    assert_eq!(groups, [("eu", 2, 0), ("us", 2, 2), ("", 1, 4)]);
    let ids: Vec<_> = fleet.matched_ids(&by_region).into_iter().map(|id| id.0).collect();
    assert_eq!(ids, ["2", "4", "1", "5", "3"]);
    let turned = FleetQuery { sort: SortBy::Region, descending: true, ..by_region };
    assert_eq!(names(&fleet.show(turned, 0, 10, Utc::now())), ["1", "5", "2", "4", "3"], "it stays last");
    assert!(fleet.show(query(""), 0, 10, Utc::now()).groups.is_empty());
}

#[test]
fn a_group_by_version_follows_each_look_and_reads_numbers_as_numbers() {
    let mut fleet = fleet(vec![row("1", "a", "running"), row("2", "b", "running"), row("3", "c", "running")]);
    let now = Utc::now();
    let by_version = FleetQuery { group: Some(GroupBy::Version), ..query("") };
    let keys = |fleet: &mut Fleet| -> Vec<String> {
        let window = fleet.show(by_version.clone(), 0, 10, now);
        window.groups.into_iter().map(|group| group.key).collect()
    };
    assert_eq!(keys(&mut fleet), [""]);
    let seen = |version: &str| Some(crate::seen::Seen::live(version.to_owned(), now));
    assert!(fleet.note_runtime(&"1".into(), None, seen("2026.10.1")));
    assert!(fleet.note_runtime(&"3".into(), None, seen("2026.9.1")));
    assert_eq!(keys(&mut fleet), ["2026.9.1", "2026.10.1", ""]);
    fleet.show(query(""), 0, 10, now);
    assert!(!fleet.note_runtime(&"2".into(), None, seen("2026.9.1")), "nobody asked");
}

#[test]
fn what_is_not_known_of_a_row_sorts_last_both_ways() {
    let mut fleet = fleet(vec![row("1", "a", "running"), row("2", "b", "running"), row("3", "c", "running")]);
    let now = Utc::now();
    for (id, cost) in [("1", "10.5"), ("3", "9.75")] {
        let cost = cost.parse().map(|cost| crate::seen::Seen::live(cost, now)).ok();
        fleet.note_cost(&id.into(), cost);
    }
    let by_cost = |descending| FleetQuery { sort: SortBy::Cost, descending, ..query("") };
    assert_eq!(names(&fleet.show(by_cost(false), 0, 10, now)), ["c", "a", "b"]);
    assert_eq!(names(&fleet.show(by_cost(true), 0, 10, now)), ["a", "c", "b"]);
}

#[test]
fn of_some_instances_those_that_fit_are_counted() {
    let fleet = fleet(vec![row("1", "a", "running"), row("2", "b", "failed"), row("3", "c", "failed")]);
    let ids = ["1", "3", "gone"].map(Into::into);
    assert_eq!(fleet.count_matched_of(&query("status:failed"), &ids), 1);
    assert_eq!(fleet.count_matched_of(&query(""), &ids), 2);
}

#[test]
fn a_row_whose_heartbeat_nobody_knows_is_counted_until_somebody_looks() {
    let mut fleet = fleet(vec![row("1", "a", "running"), row("2", "b", "running")]);
    let now = Utc::now();
    let silent = query("heartbeat:>1h");
    let facts = fleet.show(silent.clone(), 0, 10, now).facts;
    assert_eq!((facts.matched, facts.unknown.rows, facts.unknown.heartbeat), (0, 2, 2));
    let beat = crate::seen::Seen::live(now - TimeDelta::hours(3), now);
    assert!(fleet.note_runtime(&"1".into(), Some(beat.clone()), None));
    let window = fleet.show(silent, 0, 10, now);
    assert_eq!((names(&window), window.facts.unknown.rows), (vec!["a"], 1));
    assert_eq!(window.rows[0].heartbeat, Some(beat.clone()));
    fleet.replace(list(vec![row("1", "a", "failed")]), now, Source::Live);
    assert_eq!(fleet.show(query(""), 0, 10, now).rows[0].heartbeat, Some(beat), "a new list keeps it");
}

#[test]
fn a_label_is_found_and_is_there_again_when_its_instance_comes_back() {
    let mut fleet = fleet(vec![row("1", "a", "running"), row("2", "b", "running")]);
    let label = crate::labels::Label { tags: ["vip".into()].into(), ..Default::default() };
    fleet.set_label(&"2".into(), Some(label));
    assert_eq!(names(&fleet.show(query("tag:vip"), 0, 10, Utc::now())), ["b"]);
    fleet.replace(list(vec![row("1", "a", "running")]), Utc::now(), Source::Live);
    assert_eq!(fleet.facts().matched, 0);
    fleet.replace(list(vec![row("2", "b", "running")]), Utc::now(), Source::Live);
    assert_eq!(fleet.facts().matched, 1);
    fleet.set_label(&"2".into(), None);
    assert_eq!(fleet.facts().matched, 0);
}

#[test]
fn an_age_goes_on_while_the_list_stays_the_same() {
    let now = Utc::now();
    let young = InstanceSummary { created_at: Some(now), ..row("1", "a", "running") };
    let mut fleet = fleet(vec![young]);
    assert_eq!(fleet.show(query("age:>1h"), 0, 10, now).facts.matched, 0);
    fleet.confirm(now + TimeDelta::hours(2), Source::Live);
    assert!(fleet.note_time());
    assert_eq!(fleet.facts().matched, 1);
    assert!(!fleet.note_time(), "nothing else changed");
}

#[test]
fn what_of_a_filter_is_not_understood_is_told_and_the_rest_counts() {
    let mut fleet = fleet(vec![row("1", "a", "running"), row("2", "b", "failed")]);
    let window = fleet.show(query("regoin:eu status:failed"), 0, 10, Utc::now());
    assert_eq!(names(&window), ["b"]);
    assert_eq!(window.facts.problem.map(|problem| (problem.from, problem.length)), Some((0, 7)));
}

fn body(rows: &[(&str, &str, &str)]) -> Vec<u8> {
    let row = |(id, name, status): &(&str, &str, &str)| {
        format!(r#"{{"id":"{id}","agent_name":"{name}","status":"{status}"}}"#)
    };
    format!(r#"{{"instances":[{}]}}"#, rows.iter().map(row).collect::<Vec<_>>().join(",")).into_bytes()
}

/// As a look does it.
fn take(fleet: &mut Fleet, bytes: &[u8]) -> Changes {
    let reading = fleet.reading();
    let news = reading.read(bytes).expect("a list");
    fleet.take_news(&reading, news, Utc::now()).expect("nothing happened meanwhile")
}

#[test]
fn a_list_that_is_read_against_the_rows_brings_what_the_whole_list_brings() {
    let first = body(&[("1", "a", "running"), ("2", "b", "running"), ("3", "c", "failed")]);
    let mut fleet = Fleet::default();
    // The first look reads everything, the second makes marks, and the third knows by them.
    take(&mut fleet, &first);
    take(&mut fleet, &first);
    let next = body(&[("3", "c", "failed"), ("4", "d", "running"), ("2", "b", "failed"), ("3", "e", "x")]);
    let changes = take(&mut fleet, &next);
    let ids = |rows: &[InstanceSummary]| rows.iter().map(|row| row.id.0.clone()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&changes.changed), changes.gone),
        (vec!["4".to_owned(), "2".to_owned()], vec!["1".into()])
    );
    assert_eq!(changes.statuses.len(), 1);
    assert_eq!(names(&fleet.show(query(""), 0, 10, Utc::now())), ["b", "c", "d"]);
    assert_eq!((fleet.facts().skipped, fleet.get(&"4".into()).is_some()), (1, true));
    assert_eq!(take(&mut fleet, &next), Changes::default());
}

#[test]
fn a_row_that_was_changed_here_is_read_anew_though_its_text_is_the_same() {
    let same = body(&[("1", "a", "running"), ("2", "b", "running")]);
    let mut fleet = Fleet::default();
    take(&mut fleet, &same);
    take(&mut fleet, &same);
    let reading = fleet.reading();
    let news = reading.read(&same).expect("a list");
    fleet.update(&"1".into(), |row| row.status = Some("deleting".into()));
    assert_eq!(fleet.take_news(&reading, news, Utc::now()), None, "it was read against another row");
    let changes = take(&mut fleet, &same);
    assert_eq!((changes.changed.len(), changes.statuses.len()), (1, 1));
    assert_eq!(fleet.facts().counts.running, 2);
}

#[test]
fn a_label_moves_rows_only_where_it_is_asked_for() {
    let label = |tag: &str| Some(Label { tags: [tag.to_owned()].into(), ..Label::default() });
    let mut fleet = fleet(vec![row("1", "a", "running"), row("2", "b", "running")]);
    let matched = |fleet: &mut Fleet, text: &str| fleet.show(query(text), 0, 10, Utc::now()).facts.matched;
    for text in ["tag:blue", "blue", "-tag:red"] {
        fleet.set_label(&"1".into(), label("red"));
        let before = matched(&mut fleet, text);
        fleet.set_label(&"1".into(), label("blue"));
        assert_eq!(fleet.facts().matched, before + 1, "{text}");
    }
    let uses = |fleet: &mut Fleet| fleet.tag_uses().into_iter().map(|used| used.tag).collect::<Vec<_>>();
    assert_eq!(uses(&mut fleet), ["blue"]);
    fleet.replace(list(vec![row("2", "b", "running")]), Utc::now(), Source::Live);
    assert!(uses(&mut fleet).is_empty(), "it went with its instance");
}
