//! Rows as CSV (RFC 4180) that no spreadsheet takes for formulas, the same as the app writes. Pure.

/// One cell: quoted where it must be, and never a formula.
fn cell(text: &str) -> String {
    let first = text
        .trim_start_matches(|sign: char| sign.is_whitespace() || matches!(sign, '\u{200b}' | '\u{feff}'))
        .chars()
        .next();
    let signs = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '|'];
    let formula = first.is_some_and(|sign| signs.contains(&sign)) || text.starts_with(['\t', '\r', '\n']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    let quoted = text.contains([',', '"', '\n', '\r', '\t']) || text.trim() != text;
    if quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

pub(crate) fn csv(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| row.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\r\n";
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text_and_what_has_commas_is_quoted() {
        let rows = [
            vec!["=1+1".into(), "a,b".into(), "say \"x\"".into()],
            vec![" -2".into(), String::new(), "0.10".into()],
        ];
        assert_eq!(csv(&rows), "'=1+1,\"a,b\",\"say \"\"x\"\"\"\r\n' -2,,0.10\r\n");
    }
}
