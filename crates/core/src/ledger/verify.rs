//! Walks the chain and names the first line that breaks it; then holds its end against the seals.
//!
//! What this can not tell: whoever may write as this person can rewrite the ledger, its file's seal and, where they may
//! use the keystore, that one too; lines that were cut off together with both seals; a whole folder that was removed.

use super::seal::{entry_name, of_secret};
use super::{Act, BEGINNING, Ledger, LedgerOutcome, hash_of, read_act};
use crate::Console;
use crate::error::Failure;
use crate::secrets::in_time;
use crate::session::lock;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LedgerVerdict {
    /// When.
    pub at: DateTime<Utc>,
    /// How many lines there are.
    pub lines: u32,
    /// The hash of the newest; none where there is no line.
    pub newest: Option<String>,
    /// What is wrong; none when nothing is.
    pub problem: Option<LedgerProblem>,
    /// Where the end of the chain is also known.
    pub seal: LedgerSeal,
}

/// The first thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LedgerProblem {
    /// What.
    pub fault: LedgerFault,
    /// The line's number.
    #[specta(type = specta_typescript::Number)]
    pub seq: i64,
}

/// How a chain can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LedgerFault {
    /// The line does not say what it said.
    Altered,
    /// A line that was there is not.
    Removed,
    /// The line stands at another's place.
    Reordered,
    /// The newest lines, from this number on, are gone.
    Cut,
    /// It is not the ledger that was sealed.
    Replaced,
}

/// Where the end of a chain is known besides the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LedgerSeal {
    /// In the keystore and in a file.
    Keystore,
    /// In a file beside the ledger.
    File,
    /// Nowhere (yet).
    None,
}

struct Row {
    seq: i64,
    act: Act,
    outcome: String,
    previous: String,
    hash: String,
}

impl Row {
    fn fits(&self, seq: i64) -> bool {
        let outcome = LedgerOutcome::read(&self.outcome);
        outcome.word() == self.outcome && hash_of(&self.previous, seq, &self.act, outcome) == self.hash
    }
}

fn rows(connection: &Connection) -> Result<Vec<Row>, Failure> {
    let sql =
        "select seq, at, profile, profile_name, act, target, target_name, detail, outcome, previous, hash
               from lines order by seq";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(Row {
            seq: row.get(0)?,
            act: read_act(row, 1)?,
            outcome: row.get(8)?,
            previous: row.get(9)?,
            hash: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first line that breaks the chain.
fn walk(rows: &[Row]) -> Option<LedgerProblem> {
    let mut previous = BEGINNING;
    for (row, seq) in rows.iter().zip(1..) {
        let problem = |fault| Some(LedgerProblem { fault, seq });
        if row.seq != seq {
            return problem(LedgerFault::Removed);
        }
        if row.fits(seq) && row.previous == previous {
            previous = &row.hash;
            continue;
        }
        let moved = (1..=seq_limit(rows)).any(|place| place != seq && row.fits(place));
        if !moved {
            return problem(LedgerFault::Altered);
        }
        let follows = row.previous == BEGINNING || rows.iter().any(|other| other.hash == row.previous);
        return problem(if follows { LedgerFault::Reordered } else { LedgerFault::Removed });
    }
    None
}

/// The largest number that a line of these may have had.
fn seq_limit(rows: &[Row]) -> i64 {
    rows.last().map_or(0, |row| row.seq) + i64::try_from(rows.len()).unwrap_or(0)
}

impl Ledger {
    /// Checks everything that can be checked without the keystore. `in_keystore` is what that says.
    fn verify(&self, at: DateTime<Utc>, in_keystore: Option<&super::Seal>) -> Result<LedgerVerdict, Failure> {
        let rows = {
            let connection = self.database.lock()?;
            rows(&connection)?
        };
        let mut problem = walk(&rows);
        let end = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let of_file = self.seals.of_file();
        for seal in in_keystore.into_iter().chain(&of_file) {
            if problem.is_none() && !seal.holds(&self.database)? {
                let is_cut = seal.count > end && self.id()? == seal.id;
                let fault = if is_cut { LedgerFault::Cut } else { LedgerFault::Replaced };
                problem = Some(LedgerProblem { fault, seq: if is_cut { end + 1 } else { 1 } });
            }
        }
        let seal = match (in_keystore, of_file) {
            (Some(_), _) => LedgerSeal::Keystore,
            (None, Some(_)) => LedgerSeal::File,
            (None, None) => LedgerSeal::None,
        };
        let lines = crate::logs::count(rows.len());
        Ok(LedgerVerdict { at, lines, newest: rows.last().map(|row| row.hash.clone()), problem, seal })
    }

    fn id(&self) -> Result<String, Failure> {
        Ok(self.database.lock()?.query_row("select id from ledger_id", [], |row| row.get(0))?)
    }

    #[cfg(test)]
    pub(super) fn verify_alone(&self) -> LedgerVerdict {
        self.verify(Utc::now(), None).expect("readable")
    }
}

impl Console {
    /// Walks through the whole ledger and holds it against its seals.
    ///
    /// # Errors
    /// [`Code::Storage`](crate::Code::Storage)
    pub async fn verify_ledger(&self) -> Result<LedgerVerdict, Failure> {
        let ledger = self.0.ledger.clone();
        let (keystore, name) = (self.0.options.secrets.clone(), entry_name(&ledger.id()?));
        let kept = in_time(move || keystore.get(&name)).await.unwrap_or_else(|failure| {
            log::warn!("the ledger's seal was not read: {failure}");
            None
        });
        let (at, seal) = ((self.0.options.clock)(), kept.as_ref().and_then(of_secret));
        let verdict = ledger.verify(at, seal.as_ref())?;
        *lock(&ledger.verdict) = Some(verdict.clone());
        Ok(verdict)
    }

    /// What the newest check of this run found.
    pub fn ledger_verdict(&self) -> Option<LedgerVerdict> {
        lock(&self.0.ledger.verdict).clone()
    }
}
