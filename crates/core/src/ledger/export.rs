//! The ledger as a file. Each line carries its hash and the one before, so that somebody else can check it; nothing is
//! taken out, since secrets were taken out before a line was written.

use super::{LedgerLine, LedgerQuery};
use crate::Console;
use crate::error::{Code, Failure};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::io::Write;

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LedgerFormat {
    /// A JSON object a line: what a check is made from.
    Ndjson,
    /// For a spreadsheet.
    Csv,
}

/// Lines read at a time.
const PAGE: u32 = 500;

const HEAD: &str = "seq,at,profile,profile_name,act,target,target_name,outcome,detail,previous,hash";

impl Console {
    /// Writes every line that matches, newest first.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn export_ledger(
        &self,
        query: &LedgerQuery,
        format: LedgerFormat,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        if format == LedgerFormat::Csv {
            writeln!(out, "{HEAD}\r")?;
        }
        for page in 0.. {
            let lines = self.0.ledger.window(query, page * PAGE, PAGE)?.lines;
            for line in &lines {
                match format {
                    LedgerFormat::Ndjson => writeln!(out, "{}", as_json(line)?)?,
                    LedgerFormat::Csv => writeln!(out, "{}\r", as_csv(line))?,
                }
            }
            if lines.len() < PAGE as usize {
                break;
            }
        }
        Ok(())
    }
}

fn as_json(line: &LedgerLine) -> Result<String, Failure> {
    serde_json::to_string(line).map_err(|error| Failure::new(Code::Storage, error.to_string()))
}

fn as_csv(line: &LedgerLine) -> String {
    let seq = line.seq.to_string();
    let cells = [
        seq.as_str(),
        line.at.as_str(),
        line.profile.as_str(),
        line.profile_name.as_str(),
        line.act.as_str(),
        line.target.as_str(),
        line.target_name.as_str(),
        line.outcome.word(),
        line.detail.as_str(),
        line.previous.as_str(),
        line.hash.as_str(),
    ];
    cells.map(cell).join(",")
}

/// Always in quotes; what a spreadsheet would take for a formula begins with an apostrophe.
pub(crate) fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}
