//! Every change and every look into conversations, as one line each that can not be altered unnoticed (`ledger.db`): a
//! line carries the hash of the one before. Append-only; no secret and no text of a conversation is ever in it. What is
//! begun is on disk before it happens, so that an act which the app did not survive has its line too.

mod export;
mod record;
mod seal;
mod show;
mod verify;

pub use export::LedgerFormat;
pub(crate) use export::cell;
pub(crate) use record::Entry;
pub use show::{LedgerLine, LedgerPage, LedgerProfile, LedgerQuery};
pub use verify::{LedgerFault, LedgerProblem, LedgerSeal, LedgerVerdict};

use crate::durable::Durable;
use crate::error::Failure;
use crate::secrets::SecretStore;
use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use seal::{Seal, Seals};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use specta::Type;
use std::path::Path;
use std::sync::{Arc, Mutex};

const SCHEMA: &str = "
create table if not exists lines(
    seq integer primary key, at text not null, profile text not null, profile_name text not null, act text not null,
    target text not null, target_name text not null, outcome text not null, detail text not null,
    previous text not null, hash text not null);
create trigger if not exists ledger_keeps_lines before update on lines begin select raise(abort, 'append only'); end;
create trigger if not exists ledger_loses_none before delete on lines begin select raise(abort, 'append only'); end;
create table if not exists begun(
    id integer primary key, at text not null, profile text not null, profile_name text not null, act text not null,
    target text not null, target_name text not null, detail text not null);
create table if not exists ledger_id(id text primary key);
insert into ledger_id select lower(hex(randomblob(16))) where not exists (select 1 from ledger_id);";

/// What the first line follows.
const BEGINNING: &str = "";

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LedgerOutcome {
    /// As it was asked.
    Done,
    /// It was refused, or never left this computer.
    Failed,
    /// Nobody knows.
    Unknown,
}

impl LedgerOutcome {
    const ALL: [(Self, &str); 3] =
        [(Self::Done, "done"), (Self::Failed, "failed"), (Self::Unknown, "unknown")];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(outcome, _)| *outcome == self).map_or("", |(_, word)| word)
    }

    fn read(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == word).map_or(Self::Unknown, |(outcome, _)| *outcome)
    }
}

/// What was done, to what, in which profile; how it ended comes later.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    pub at: String,
    pub profile: String,
    pub profile_name: String,
    /// The operation's name, or what was looked at.
    pub act: String,
    pub target: String,
    pub target_name: String,
    /// JSON; small.
    pub detail: String,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Ledger {
    database: Arc<Durable>,
    seals: Seals,
    /// What the newest check found.
    verdict: Mutex<Option<LedgerVerdict>>,
}

impl Ledger {
    /// Opens it, and gives the acts that an earlier run did not survive their lines; not beside a process whose acts may
    /// still be going on.
    pub(crate) fn open(file: &Path, secrets: Arc<dyn SecretStore>, beside: bool) -> Self {
        let database = Arc::new(Durable::open(file, SCHEMA));
        let seals = Seals::new(file.with_extension("seal"), database.clone(), secrets);
        let ledger = Self { database, seals, verdict: Mutex::default() };
        if !beside && let Err(failure) = ledger.finish_begun() {
            log::error!("acts of an earlier run have no line: {failure}");
        }
        ledger
    }

    /// Writes down that something is about to happen; on disk when this returns.
    fn begin(&self, act: &Act) -> Result<i64, Failure> {
        let connection = self.database.lock()?;
        connection.execute(
            "insert into begun(at, profile, profile_name, act, target, target_name, detail)
             values(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![act.at, act.profile, act.profile_name, act.act, act.target, act.target_name, act.detail],
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// Writes the line of an act in the place of its beginning; on disk when this returns.
    fn end(&self, begun: Option<i64>, act: &Act, outcome: LedgerOutcome) -> Result<(), Failure> {
        let seal = {
            let mut connection = self.database.lock()?;
            // The chain is read before it is written: nobody else may write in between.
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if let Some(begun) = begun {
                transaction.execute("delete from begun where id = ?1", [begun])?;
            }
            let seal = append(&transaction, act, outcome)?;
            transaction.commit()?;
            seal
        };
        self.seals.renew(seal);
        Ok(())
    }

    fn finish_begun(&self) -> Result<(), Failure> {
        let left: Vec<(i64, Act)> = {
            let connection = self.database.lock()?;
            let sql = "select id, at, profile, profile_name, act, target, target_name, detail from begun order by id";
            let mut statement = connection.prepare(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, read_act(row, 1)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for (id, act) in left {
            self.end(Some(id), &record::with_reason(act, "appEnded"), LedgerOutcome::Unknown)?;
        }
        Ok(())
    }
}

/// Seven columns in the table's order, from one on.
fn read_act(row: &Row<'_>, from: usize) -> rusqlite::Result<Act> {
    Ok(Act {
        at: row.get(from)?,
        profile: row.get(from + 1)?,
        profile_name: row.get(from + 2)?,
        act: row.get(from + 3)?,
        target: row.get(from + 4)?,
        target_name: row.get(from + 5)?,
        detail: row.get(from + 6)?,
    })
}

fn append(connection: &Connection, act: &Act, outcome: LedgerOutcome) -> Result<Seal, Failure> {
    let newest = "select seq, hash from lines order by seq desc limit 1";
    let newest: Option<(i64, String)> =
        connection.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (seq, previous) = newest.map_or((1, BEGINNING.to_owned()), |(seq, hash)| (seq + 1, hash));
    let hash = hash_of(&previous, seq, act, outcome);
    connection.execute(
        "insert into lines(seq, at, profile, profile_name, act, target, target_name, outcome, detail, previous, hash)
         values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            seq, act.at, act.profile, act.profile_name, act.act, act.target, act.target_name, outcome.word(),
            act.detail, previous, hash
        ],
    )?;
    let id = connection.query_row("select id from ledger_id", [], |row| row.get(0))?;
    Ok(Seal { id, count: seq, hash })
}

/// SHA-256 over each part behind its length in bytes (eight of them, the largest first), so that no two lines read
/// alike: previous hash, number, time, profile, its name, act, target, its name, outcome, detail.
fn hash_of(previous: &str, seq: i64, act: &Act, outcome: LedgerOutcome) -> String {
    let mut digest = Sha256::new();
    let seq = seq.to_string();
    let Act { at, profile, profile_name, act, target, target_name, detail } = act;
    for part in [previous, &seq, at, profile, profile_name, act, target, target_name, outcome.word(), detail]
    {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A time as lines carry it: as many characters each, so that their order is the order of their texts.
fn time_text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests;
