//! One cell of a table for a spreadsheet. Always in quotes; what a spreadsheet would take for a formula begins with an
//! apostrophe.

pub(crate) fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}
