//! Which rows of a log match, in order: numbers alone, so that a million lines cost a few megabytes. New lines at the
//! end are added; anything else builds it anew.

use super::query::read_query;
use super::{LogCount, LogQuery, LogRow, count};
use crate::cache::Cache;
use crate::error::Failure;
use crate::history::HistoryEntry;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// After so many lines it is asked whether anybody still wants them.
const PAUSE: usize = 10_000;

/// A row that matches.
#[derive(Debug, Clone, Copy)]
enum Key {
    /// By its `seq`.
    Line(i64),
    /// By its place among the changes.
    Change(usize),
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    query: LogQuery,
    keys: Vec<Key>,
    changes: Vec<HistoryEntry>,
    /// How many of `changes` are placed.
    placed: usize,
    total: usize,
    last: i64,
    levels: BTreeMap<String, u32>,
    stages: BTreeMap<String, u32>,
    problem: Option<String>,
}

/// The indexes of one log that are kept: the whole log stays while somebody searches in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Indexes {
    whole: Option<Index>,
    narrowed: Option<Index>,
}

impl Indexes {
    /// Where the index of a query is kept.
    pub(super) fn slot(&mut self, query: &LogQuery) -> &mut Option<Index> {
        let whole = query.text.is_empty() && query.levels.is_empty() && query.stages.is_empty();
        if whole { &mut self.whole } else { &mut self.narrowed }
    }
}

impl Index {
    /// Goes on with a known index where it still fits, or begins anew. Ends early, with what it has, where nobody wants it
    /// any more.
    pub(super) fn bring_up_to_date(
        known: Option<Self>,
        cache: &Cache,
        id: &InstanceId,
        query: &LogQuery,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Self, Failure> {
        let total = cache.count_log_lines(id)? as usize;
        let changes = match query.with_changes {
            true => cache.changes_in_order(id)?,
            false => Vec::new(),
        };
        let mut index = match known {
            Some(known) if known.query == *query && known.changes == changes => known,
            _ => Self { query: query.clone(), changes, last: i64::MIN, ..Self::default() },
        };
        // As many lines as before may be others: the oldest go when there are too many.
        if index.total == total && cache.newest_log_line(id)? == Some(index.last) {
            return Ok(index);
        }
        index.read_on(cache, id, is_wanted)?;
        if index.total != total && is_wanted() {
            // Lines came in between, or the oldest went: what was counted before does not hold.
            let changes = std::mem::take(&mut index.changes);
            index = Self { query: query.clone(), changes, last: i64::MIN, ..Self::default() };
            index.read_on(cache, id, is_wanted)?;
        }
        Ok(index)
    }

    fn read_on(
        &mut self,
        cache: &Cache,
        id: &InstanceId,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<(), Failure> {
        let (wanted, problem) = read_query(&self.query);
        self.problem = problem;
        // Changes after the last line wait at the end until a later line comes.
        while let Some(Key::Change(_)) = self.keys.last() {
            self.keys.pop();
            self.placed -= 1;
        }
        cache.each_log_line(id, self.last, |line| {
            if self.placed < self.changes.len()
                && let Some(at) = line.at()
            {
                self.place_changes_before(at);
            }
            self.total += 1;
            self.last = line.seq;
            for (counts, word) in [(&mut self.levels, line.level), (&mut self.stages, line.stage)] {
                let Some(word) = word else { continue };
                match counts.get_mut(word) {
                    Some(known) => *known += 1,
                    None => drop(counts.insert(word.to_owned(), 1)),
                }
            }
            if wanted.matches(&self.query, &line) {
                self.keys.push(Key::Line(line.seq));
            }
            match self.total.is_multiple_of(PAUSE) && !is_wanted() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })?;
        self.place_changes_before(DateTime::<Utc>::MAX_UTC);
        Ok(())
    }

    fn place_changes_before(&mut self, at: DateTime<Utc>) {
        while self.changes.get(self.placed).is_some_and(|change| change.at < at) {
            // A filter for words is about lines.
            if self.query.text.is_empty() {
                self.keys.push(Key::Change(self.placed));
            }
            self.placed += 1;
        }
    }

    pub(super) fn total(&self) -> u32 {
        count(self.total)
    }

    pub(super) fn matched(&self) -> u32 {
        count(self.keys.len())
    }

    pub(super) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    pub(super) fn levels(&self) -> Vec<LogCount> {
        counts(&self.levels)
    }

    pub(super) fn stages(&self) -> Vec<LogCount> {
        counts(&self.stages)
    }

    pub(super) fn rows(
        &self,
        cache: &Cache,
        id: &InstanceId,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<LogRow>, Failure> {
        let start = (offset as usize).min(self.keys.len());
        let end = (start + limit as usize).min(self.keys.len());
        let row = |place: usize| -> Result<LogRow, Failure> {
            let (line, change) = match self.keys[place] {
                Key::Line(seq) => (cache.log_line(id, seq)?, None),
                Key::Change(at) => (None, self.changes.get(at).cloned()),
            };
            Ok(LogRow { index: count(place), line, change, gap_before: self.gap_before(place) })
        };
        (start..end).map(row).collect()
    }

    /// Only where nothing is filtered out a missing number is a gap.
    fn gap_before(&self, place: usize) -> u32 {
        let filtered =
            !self.query.text.is_empty() || !self.query.levels.is_empty() || !self.query.stages.is_empty();
        let Key::Line(seq) = self.keys[place] else { return 0 };
        let line_before = self.keys[..place].iter().rev().find_map(|key| match key {
            Key::Line(seq) => Some(*seq),
            Key::Change(_) => None,
        });
        match line_before {
            Some(before) if !filtered => u32::try_from(seq - before - 1).unwrap_or(u32::MAX),
            _ => 0,
        }
    }

    /// Lines are as good as ordered by time: halving finds the place.
    pub(super) fn find_time(
        &self,
        cache: &Cache,
        id: &InstanceId,
        at: DateTime<Utc>,
    ) -> Result<u32, Failure> {
        let (mut low, mut high) = (0, self.keys.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let time = match self.keys[middle] {
                Key::Line(seq) => cache.log_line(id, seq)?.and_then(|line| line.created_at),
                Key::Change(place) => self.changes.get(place).map(|change| change.at),
            };
            // What has no time counts as earlier.
            match time.is_some_and(|time| time >= at) {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        Ok(count(low))
    }
}

fn counts(words: &BTreeMap<String, u32>) -> Vec<LogCount> {
    words.iter().map(|(name, &count)| LogCount { name: name.clone(), count }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::HistoryKind;
    use chrono::TimeDelta;
    use nineheads_contract::logs::LogLine;

    fn line(seq: i64, level: &str, message: &str) -> LogLine {
        LogLine {
            seq: Some(seq),
            created_at: Some(DateTime::UNIX_EPOCH + TimeDelta::seconds(seq * 10)),
            level: Some(level.into()),
            stage: Some("boot".into()),
            message: Some(message.into()),
        }
    }

    fn cache(lines: Vec<LogLine>) -> (Cache, InstanceId) {
        let (cache, id) = (Cache::in_memory().expect("opens"), InstanceId::from("i"));
        cache.write_log_lines(&id, lines).expect("writes");
        (cache, id)
    }

    fn seqs(index: &Index, cache: &Cache, id: &InstanceId) -> Vec<i64> {
        let rows = index.rows(cache, id, 0, 100).expect("reads");
        rows.iter().map(|row| row.line.as_ref().and_then(|line| line.seq).unwrap_or(-1)).collect()
    }

    #[test]
    fn lines_of_many_looks_are_gathered_and_a_missing_number_is_a_gap() {
        let (cache, id) = cache(vec![line(1, "info", "a"), line(2, "info", "b")]);
        let query = LogQuery::default();
        let index = Index::bring_up_to_date(None, &cache, &id, &query, &|| true).expect("reads");
        assert_eq!(
            cache.write_log_lines(&id, vec![line(2, "info", "b"), line(6, "error", "c")]).expect("writes"),
            1
        );
        let index = Index::bring_up_to_date(Some(index), &cache, &id, &query, &|| true).expect("reads");
        assert_eq!(seqs(&index, &cache, &id), [1, 2, 6]);
        assert_eq!(index.rows(&cache, &id, 2, 1).expect("reads")[0].gap_before, 3);
        assert_eq!(index.levels()[0], LogCount { name: "error".into(), count: 1 });
        // A line that comes late stands where it belongs.
        cache.write_log_lines(&id, vec![line(4, "info", "late")]).expect("writes");
        let index = Index::bring_up_to_date(Some(index), &cache, &id, &query, &|| true).expect("reads");
        assert_eq!(seqs(&index, &cache, &id), [1, 2, 4, 6]);
    }

    #[test]
    fn text_pattern_level_and_stage_filter_and_a_bad_pattern_says_why() {
        let (cache, id) = cache(vec![
            line(1, "info", "Pulling image"),
            line(2, "error", "no space left"),
            line(3, "info", "done"),
        ]);
        let matching = |query: LogQuery| {
            let index = Index::bring_up_to_date(None, &cache, &id, &query, &|| true).expect("reads");
            (seqs(&index, &cache, &id), index.problem().is_some())
        };
        let text = |text: &str, regex| LogQuery { text: text.into(), regex, ..LogQuery::default() };
        assert_eq!(matching(text("IMAGE", false)), (vec![1], false));
        assert_eq!(matching(text("^(no|done)", true)), (vec![2, 3], false));
        assert_eq!(matching(text("(", true)), (vec![], true));
        assert_eq!(
            matching(LogQuery { levels: vec!["error".into()], ..LogQuery::default() }),
            (vec![2], false)
        );
        assert_eq!(
            matching(LogQuery { stages: vec!["other".into()], ..LogQuery::default() }),
            (vec![], false)
        );
    }

    #[test]
    fn changes_stand_where_their_time_is_and_a_time_is_found() {
        let (cache, id) = cache(vec![line(1, "info", "a"), line(2, "info", "b")]);
        let entry = HistoryEntry {
            id: 0,
            at: DateTime::UNIX_EPOCH + TimeDelta::seconds(15),
            kind: HistoryKind::Status,
            from: None,
            to: Some("running".into()),
            detail: None,
        };
        cache.write_change(&id, &entry).expect("writes");
        let query = LogQuery { with_changes: true, ..LogQuery::default() };
        let index = Index::bring_up_to_date(None, &cache, &id, &query, &|| true).expect("reads");
        assert_eq!(seqs(&index, &cache, &id), [1, -1, 2]);
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(12);
        assert_eq!(index.find_time(&cache, &id, at).expect("reads"), 1);
        cache.write_log_lines(&id, vec![line(3, "info", "c")]).expect("writes");
        let index = Index::bring_up_to_date(Some(index), &cache, &id, &query, &|| true).expect("reads");
        assert_eq!(seqs(&index, &cache, &id), [1, -1, 2, 3]);
    }

    #[test]
    fn who_is_overtaken_ends_early_and_who_asks_again_goes_on_from_there() {
        let lines =
            || (1..=25_000).map(|seq| line(seq, "info", if seq % 2 == 0 { "Even" } else { "odd" })).collect();
        let (cache, id) = cache(lines());
        let query = LogQuery { text: "even".into(), ..LogQuery::default() };
        let index = Index::bring_up_to_date(None, &cache, &id, &query, &|| false).expect("reads");
        assert_eq!((index.total(), index.matched()), (10_000, 5_000));
        let index = Index::bring_up_to_date(Some(index), &cache, &id, &query, &|| true).expect("reads");
        assert_eq!((index.total(), index.matched()), (25_000, 12_500));
        assert_eq!(cache.count_log_lines(&id).expect("counts"), 25_000);
        assert_eq!(
            cache.write_log_lines(&id, lines()).expect("writes"),
            0,
            "the same lines again are not new"
        );
        assert_eq!(cache.count_log_lines(&id).expect("counts"), 25_000);
    }

    #[test]
    fn as_many_lines_as_before_may_be_others() {
        let (cache, id) = cache(vec![line(1, "info", "a"), line(2, "info", "b")]);
        let query = LogQuery::default();
        let index = Index::bring_up_to_date(None, &cache, &id, &query, &|| true).expect("reads");
        cache.write_log_lines(&id, vec![line(3, "info", "c")]).expect("writes");
        let oldest = "delete from log_lines where seq = 1; update log_totals set total = 2";
        cache.lock().execute_batch(oldest).expect("the oldest goes");
        let index = Index::bring_up_to_date(Some(index), &cache, &id, &query, &|| true).expect("reads");
        assert_eq!((seqs(&index, &cache, &id), index.total()), (vec![2, 3], 2));
    }

    #[test]
    fn upper_and_lower_case_are_alike_also_beyond_ascii() {
        let (cache, id) =
            cache(vec![line(1, "info", "ÜBER alles"), line(2, "info", "Straße"), line(3, "info", "uber")]);
        for (text, found) in [("über", vec![1]), ("STRASSE", vec![]), ("straße", vec![2]), ("UBER", vec![3])]
        {
            let query = LogQuery { text: text.into(), ..LogQuery::default() };
            let index = Index::bring_up_to_date(None, &cache, &id, &query, &|| true).expect("reads");
            assert_eq!(seqs(&index, &cache, &id), found, "{text}");
        }
    }
}
