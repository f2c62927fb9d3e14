//! Documents laid beside each other, place by place. Pure.

use super::{SideCell, SidePart, SideRow};
use crate::config::{Leaf, leaves};
use serde_json::Value;
use std::collections::HashMap;

/// Most characters of one cell.
const SHOWN: usize = 400;

/// One instance's documents, one a part in the order of [`SidePart::ALL`], veiled; none where it was not read.
pub(super) type Sheet = Vec<Option<Value>>;

/// All places of all of them, in the order of the first that has them.
pub(super) fn align(sheets: &[Sheet]) -> Vec<SideRow> {
    SidePart::ALL.into_iter().enumerate().flat_map(|(at, part)| align_part(part, at, sheets)).collect()
}

fn align_part(part: SidePart, at: usize, sheets: &[Sheet]) -> Vec<SideRow> {
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    let mut order: Vec<Vec<String>> = Vec::new();
    let columns: Vec<Option<HashMap<usize, Leaf>>> = sheets
        .iter()
        .map(|sheet| {
            let document = sheet.get(at)?.as_ref()?;
            // A document with nothing in it has no place of its own.
            let found = leaves(document).into_iter().filter(|(path, _)| !path.is_empty());
            let mut place_of = |path: Vec<String>| {
                *places.entry(path).or_insert_with_key(|path| {
                    order.push(path.clone());
                    order.len() - 1
                })
            };
            Some(found.map(|(path, leaf)| (place_of(path), leaf)).collect())
        })
        .collect();
    order
        .into_iter()
        .enumerate()
        .map(|(place, path)| {
            let known: Vec<Option<&Leaf>> =
                columns.iter().flatten().map(|column| column.get(&place)).collect();
            let differs = known.windows(2).any(|pair| pair[0] != pair[1]);
            let cell = |column: &Option<HashMap<usize, Leaf>>| match column {
                None => SideCell::Unread,
                Some(column) => column.get(&place).map_or(SideCell::Absent, show),
            };
            SideRow { part, path, cells: columns.iter().map(cell).collect(), differs }
        })
        .collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn show(leaf: &Leaf) -> SideCell {
    let text = match leaf {
        Leaf::Secret => return SideCell::Secret,
        Leaf::Plain(Value::String(text)) => text.clone(),
        // A list of plain values, as a person would write it.
        Leaf::Plain(Value::Array(items)) if !items.is_empty() => {
            items.iter().map(plain).collect::<Vec<_>>().join(", ")
        }
        Leaf::Plain(value) => value.to_string(),
    };
    let text = match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    };
    SideCell::Value { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::json_value;
    use crate::config::{diff, veil};
    use proptest::prelude::*;
    use serde_json::json;

    fn sheet(config: Option<Value>) -> Sheet {
        SidePart::ALL.iter().map(|part| config.clone().filter(|_| *part == SidePart::Config)).collect()
    }

    fn value(text: &str) -> SideCell {
        SideCell::Value { text: text.into() }
    }

    #[test]
    fn places_lie_beside_each_other_and_what_was_not_read_is_no_difference() {
        let rows = align(&[
            sheet(Some(json!({"a": 1, "token": "•••", "b": {"x": "same"}}))),
            sheet(None),
            sheet(Some(json!({"b": {"x": "same"}, "a": 2, "token": "•••", "c": true}))),
        ]);
        let told: Vec<_> =
            rows.iter().map(|row| (row.path.join("."), row.differs, row.cells.clone())).collect();
        assert_eq!(
            told,
            [
                ("a".into(), true, vec![value("1"), SideCell::Unread, value("2")]),
                ("token".into(), false, vec![SideCell::Secret, SideCell::Unread, SideCell::Secret]),
                ("b.x".into(), false, vec![value("same"), SideCell::Unread, value("same")]),
                ("c".into(), true, vec![SideCell::Absent, SideCell::Unread, value("true")]),
            ]
        );
    }

    #[test]
    fn a_list_of_plain_values_reads_like_one() {
        let rows = align(&[sheet(Some(json!({"a": ["x", 2], "b": []}))), sheet(Some(json!({"a": ["x"]})))]);
        assert_eq!(rows[0].cells, [value("x, 2"), value("x")]);
        assert_eq!(rows[1].cells, [value("[]"), SideCell::Absent]);
    }

    #[test]
    fn a_number_and_its_text_are_not_the_same() {
        let rows = align(&[sheet(Some(json!({"a": 1}))), sheet(Some(json!({"a": "1"})))]);
        assert!(rows[0].differs);
    }

    proptest! {
        /// Two documents have no differing place if and only if they are the same; each is told once; the order of the columns
        /// changes nothing but the order of the cells.
        #[test]
        fn what_differs_is_marked_and_nothing_else(mut one in json_value(), mut other in json_value()) {
            veil(&mut one);
            veil(&mut other);
            let rows = align(&[sheet(Some(one.clone())), sheet(Some(other.clone()))]);
            let turned = align(&[sheet(Some(other.clone())), sheet(Some(one.clone()))]);
            if diff(&one, &other).is_empty() {
                prop_assert!(rows.iter().all(|row| !row.differs));
            }
            prop_assert_eq!(rows.iter().filter(|row| row.differs).count(), turned.iter().filter(|row| row.differs).count());
            for row in &rows {
                prop_assert_eq!(row.cells.len(), 2);
                prop_assert!(row.cells.iter().any(|cell| *cell != SideCell::Absent));
                // Where all of it is shown, same cells are no difference, but for a number and its text.
                let beside = turned.iter().find(|other| other.path == row.path).expect("the same place");
                prop_assert_eq!(row.differs, beside.differs);
            }
        }
    }
}
