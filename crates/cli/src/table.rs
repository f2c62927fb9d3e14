//! Rows as padded columns. Plain on purpose: it is read by people, cut by `less -S`, and never parsed. Others' words move
//! no cursor here.

use chrono::{DateTime, Utc};
use nineheads_core::redact::plain;
use unicode_width::UnicodeWidthStr;

/// What stands for something that is not known.
pub(crate) const NONE: &str = "–";
const GAP: &str = "  ";

/// A cell: one line, without escape sequences and signs that turn text around.
pub(crate) fn cell(text: &str) -> String {
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let text = plain(&text.replace(['\n', '\r', '\t'], " "));
    text.chars().filter(|letter| !turns(*letter)).collect()
}

/// Several lines of others' words.
pub(crate) fn lines(text: &str) -> String {
    text.split('\n').map(cell).collect::<Vec<_>>().join("\n")
}

/// What may be missing.
pub(crate) fn or_none<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| value.to_string())
}

/// A moment, to the second.
pub(crate) fn moment(at: Option<DateTime<Utc>>) -> String {
    or_none(at.map(|at| at.format("%Y-%m-%d %H:%M:%S UTC")))
}

/// Rows under their heads; the heads alone where there are none.
pub(crate) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let heads: Vec<String> = heads.iter().map(|head| head.to_uppercase()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|text| cell(text)).collect()).collect();
    let all = || std::iter::once(&heads).chain(&rows);
    let widths: Vec<usize> = (0..heads.len())
        .map(|at| all().filter_map(|row| row.get(at)).map(|text| text.width()).max().unwrap_or(0))
        .collect();
    all().map(|row| line(row, &widths)).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (text, width) in row.iter().zip(widths) {
        line.push_str(text);
        line.push_str(&" ".repeat(width.saturating_sub(text.width())));
        line.push_str(GAP);
    }
    format!("{}\n", line.trim_end())
}

/// One thing: a name and a value a line.
pub(crate) fn fields(shown: &[(&str, String)]) -> String {
    let width = shown.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    shown.iter().map(|(name, value)| format!("{name:width$}{GAP}{}\n", cell(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_whatever_is_in_them() {
        let rows = [vec!["海".into(), "a".into()], vec!["x\u{1b}[31m\ny".into(), "b".into()]];
        assert_eq!(table(&["name", "to"], &rows), "NAME  TO\n海    a\nx y   b\n");
    }

    #[test]
    fn text_is_not_turned_around() {
        assert_eq!(cell("a\u{202e}b"), "ab");
        assert_eq!(fields(&[("id", "1".into()), ("name", "x".into())]), "id    1\nname  x\n");
    }
}
