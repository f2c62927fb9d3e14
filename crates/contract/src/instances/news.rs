//! Reading a list of which most is known already: a row whose text is, byte by byte, that of a known one is not read again.
//! What comes out is what reading all of it would bring. Does not belong here: what a row says (`instances`).

use super::{InstanceList, InstanceSummary, ListInstances};
use crate::endpoint::{Endpoint, Unreadable};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::num::NonZeroU64;

/// Known rows that are looked through for the next one before it counts as new: so many may have gone in one place.
const NEAR: usize = 16;

/// What a row's text is known again by: 64 bits of a hash whose dice are thrown anew for each [`RowReader`]. A platform that
/// could foresee them would deceive about nothing but what is its own to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RowMark(NonZeroU64);

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListedRow {
    /// The known one at this place, as it was.
    Known(usize),
    /// Any other, and its mark where one was made.
    New(Box<InstanceSummary>, Option<RowMark>),
}

/// A list against known rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListNews {
    /// Every row that could be read, in the platform's order.
    pub rows: Vec<ListedRow>,
    /// How many rows could not be read, or had no id.
    pub skipped: usize,
}

impl From<InstanceList> for ListNews {
    fn from(list: InstanceList) -> Self {
        let rows = list.instances.into_iter().map(|row| ListedRow::New(Box::new(row), None)).collect();
        Self { rows, skipped: list.skipped }
    }
}

/// Reads lists, and knows rows again.
#[derive(Debug, Clone, Default)]
pub struct RowReader<S = RandomState>(S);

impl<S: BuildHasher> RowReader<S> {
    /// Reads a list against the marks of known rows; one without a mark is never known again.
    ///
    /// # Errors
    /// As for [`ListInstances`]: the bytes are no list, or none of its rows can be read.
    pub fn read(&self, bytes: &[u8], known: &[Option<RowMark>]) -> Result<ListNews, Unreadable> {
        #[derive(Deserialize)]
        struct Raw<'a> {
            #[serde(borrow)]
            instances: Vec<&'a RawValue>,
        }
        let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok();
        let Some(Raw { instances }) = text.and_then(|text| serde_json::from_str(text).ok()) else {
            // It says best why.
            return ListInstances::read(bytes).map(ListNews::from);
        };
        let mut places = Places { known, next: 0, missed: 0, all: None };
        let mut news = ListNews { rows: Vec::with_capacity(instances.len()), skipped: 0 };
        for raw in instances {
            let mark = self.mark(raw.get());
            if let Some(place) = places.find(mark) {
                news.rows.push(ListedRow::Known(place));
                continue;
            }
            match serde_json::from_str::<InstanceSummary>(raw.get()) {
                Ok(row) if !row.id.0.is_empty() => news.rows.push(ListedRow::New(Box::new(row), Some(mark))),
                _ => news.skipped += 1,
            }
        }
        match news.rows.is_empty() && news.skipped > 0 {
            true => Err(Unreadable { reason: format!("none of {} rows could be read", news.skipped) }),
            false => Ok(news),
        }
    }

    fn mark(&self, text: &str) -> RowMark {
        let mut hasher = self.0.build_hasher();
        hasher.write(text.as_bytes());
        RowMark(NonZeroU64::new(hasher.finish()).unwrap_or(NonZeroU64::MIN))
    }
}

/// Where known rows are. They mostly come in the order in which they came before.
struct Places<'a> {
    known: &'a [Option<RowMark>],
    /// After the one that was found last.
    next: usize,
    /// How many in a row were not near.
    missed: usize,
    /// All of them, once the order is lost.
    all: Option<HashMap<RowMark, usize>>,
}

impl Places<'_> {
    fn find(&mut self, mark: RowMark) -> Option<usize> {
        let near = self.known.iter().skip(self.next).take(NEAR).position(|known| *known == Some(mark));
        let place = near.map(|near| self.next + near).or_else(|| self.find_far(mark))?;
        (self.next, self.missed) = (place + 1, 0);
        Some(place)
    }

    fn find_far(&mut self, mark: RowMark) -> Option<usize> {
        self.missed += 1;
        if self.missed < NEAR && self.all.is_none() {
            return None;
        }
        let with_places = || (0..).zip(self.known).filter_map(|(at, known)| Some(((*known)?, at))).collect();
        self.all.get_or_insert_with(with_places).get(&mark).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(id: u32, name: &str) -> String {
        format!(r#"{{"id":"{id}","agent_name":"{name}"}}"#)
    }

    fn list(rows: &[String]) -> Vec<u8> {
        format!(r#"{{"instances":[{}]}}"#, rows.join(", ")).into_bytes()
    }

    /// What two answers, one after the other, come to; and how many rows of the second were read.
    fn read_both(first: &[u8], second: &[u8]) -> (Result<InstanceList, Unreadable>, usize) {
        let reader = RowReader::<RandomState>::default();
        let known = reader.read(first, &[]).unwrap_or_default().rows;
        let marks: Vec<_> = known
            .iter()
            .map(|row| match row {
                ListedRow::Known(_) => None,
                ListedRow::New(_, mark) => *mark,
            })
            .collect();
        let mut read = 0;
        let mut whole = |row| match row {
            ListedRow::Known(place) => match &known[place] {
                ListedRow::New(row, _) => (**row).clone(),
                ListedRow::Known(_) => InstanceSummary::default(),
            },
            ListedRow::New(row, _) => {
                read += 1;
                *row
            }
        };
        let news = reader.read(second, &marks);
        let list = news.map(|news| InstanceList {
            instances: news.rows.into_iter().map(&mut whole).collect(),
            skipped: news.skipped,
        });
        (list, read)
    }

    #[test]
    fn only_what_changed_is_read() {
        let before: Vec<_> = (0..1000).map(|id| row(id, "as it was")).collect();
        let mut after = before.clone();
        after[3] = row(3, "renamed");
        after.drain(500..600);
        after.insert(700, row(5000, "new"));
        after.swap(800, 20);
        let (list, read) = read_both(&list(&before), &list(&after));
        assert_eq!(list.expect("a list").instances.len(), 901);
        assert!((2..40).contains(&read), "{read} rows were read");
        let shuffled: Vec<_> = before.iter().rev().cloned().collect();
        let (_, read) = read_both(&super::tests::list(&before), &super::tests::list(&shuffled));
        assert!(read < 40, "{read} rows were read");
    }

    #[test]
    fn what_is_no_list_is_an_error_here_too() {
        for body in
            [&b""[..], b"null", b"{}", br#"{"instances":null}"#, br#"{"instances":[7,null,{}]}"#, b"\xff"]
        {
            let (list, _) = read_both(br#"{"instances":[{"id":"a"}]}"#, body);
            assert!(list.is_err(), "{}", String::from_utf8_lossy(body));
        }
    }

    fn some_row() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => (0u32..30, "[a-c]{0,2}").prop_map(|(id, name)| row(id, &name)),
            1 => Just(r#"{"id":"","agent_name":7}"#.to_owned()),
            1 => Just("null".to_owned()),
            1 => Just(r#"{"id":"x","hostname":"\ud800"}"#.to_owned()),
            1 => Just(r#"{"id":{},"hostname":[1e400]}"#.to_owned()),
        ]
    }

    proptest! {
        #[test]
        fn what_comes_out_is_what_reading_all_of_it_brings(
            first in prop::collection::vec(some_row(), 0..40),
            second in prop::collection::vec(some_row(), 0..40),
            kept in 0usize..40,
        ) {
            let second: Vec<_> = first.iter().skip(kept / 2).take(kept).chain(&second).cloned().collect();
            let (news, _) = read_both(&list(&first), &list(&second));
            prop_assert_eq!(news, ListInstances::read(&list(&second)));
        }

        #[test]
        fn reading_any_bytes_never_panics(bytes in prop::collection::vec(prop::num::u8::ANY, 0..256)) {
            let _ = RowReader::<RandomState>::default().read(&bytes, &[]);
        }
    }
}
