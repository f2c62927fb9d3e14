//! Every change and every look into conversations, as a line that can not be altered unnoticed (`ledger.db`): each
//! carries the hash of the one before. Append-only; no secret and no text of a conversation is ever in it.

use crate::durable::Durable;
use crate::error::{Code, Failure};
use crate::session::Session;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;

const SCHEMA: &str = "
create table if not exists ledger(
    seq integer primary key, at text not null, profile text not null, act text not null, target text not null,
    detail text not null, previous text not null, hash text not null);
create trigger if not exists ledger_keeps_lines before update on ledger begin select raise(abort, 'append only'); end;
create trigger if not exists ledger_loses_none before delete on ledger begin select raise(abort, 'append only'); end;";

/// What the first line follows.
const BEGINNING: &str = "";

/// See the module.
#[derive(Debug)]
pub(crate) struct Ledger(Durable);

/// One line to write.
pub(crate) struct Line<'a> {
    pub at: DateTime<Utc>,
    pub profile: &'a str,
    /// The operation's name, or what was looked at.
    pub act: &'a str,
    pub target: &'a str,
    /// Small; never a secret.
    pub detail: &'a Value,
}

impl Ledger {
    pub(crate) fn open(file: &Path) -> Self {
        Self(Durable::open(file, SCHEMA))
    }

    /// Writes a line; on disk when this returns.
    pub(crate) fn append(&self, line: &Line<'_>) -> Result<(), Failure> {
        let mut connection = self.0.lock()?;
        let transaction = connection.transaction()?;
        let newest = "select seq, hash from ledger order by seq desc limit 1";
        let newest: Option<(i64, String)> =
            transaction.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (seq, previous) = newest.map_or((1, BEGINNING.to_owned()), |(seq, hash)| (seq + 1, hash));
        let at = line.at.to_rfc3339();
        let detail = line.detail.to_string();
        let hash = hash_of(&[&previous, &seq.to_string(), &at, line.profile, line.act, line.target, &detail]);
        transaction.execute(
            "insert into ledger(seq, at, profile, act, target, detail, previous, hash)
             values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![seq, at, line.profile, line.act, line.target, detail, previous, hash],
        )?;
        Ok(transaction.commit()?)
    }
}

/// Each part with its length, so that no two lines read alike.
fn hash_of(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Session {
    /// Writes a line that something must not happen without.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub(crate) fn record(&self, act: &str, target: &InstanceId, detail: &Value) -> Result<(), Failure> {
        let (at, profile) = (self.now(), self.profile_id().as_str());
        self.ledger.append(&Line { at, profile, act, target: target.as_str(), detail })
    }

    /// Writes how a change ended.
    pub(crate) fn record_outcome(
        &self,
        act: &str,
        target: &InstanceId,
        mut detail: Value,
        outcome: Result<(), &Failure>,
    ) {
        detail["outcome"] = match outcome {
            Ok(()) => json!("done"),
            Err(Failure { code: Code::MayHaveArrived, .. }) => json!("unknown"),
            Err(failure) => json!({ "refused": failure.detail }),
        };
        if let Err(failure) = self.record(act, target, &detail) {
            log::error!("the ledger was not written: {failure}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'a>(act: &'a str, detail: &'a Value) -> Line<'a> {
        Line { at: Utc::now(), profile: "p", act, target: "i", detail }
    }

    #[test]
    fn lines_hang_together_and_can_be_neither_changed_nor_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ledger.db");
        let detail = json!({ "purpose": "support" });
        Ledger::open(&file).append(&line("one", &detail)).expect("writes");
        let ledger = Ledger::open(&file);
        ledger.append(&line("two", &detail)).expect("writes");
        let connection = ledger.0.lock().expect("open");
        let mut statement =
            connection.prepare("select previous, hash from ledger order by seq").expect("reads");
        let chain: Vec<(String, String)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("reads")
            .collect::<Result<_, _>>()
            .expect("reads");
        assert_eq!(chain[0].0, BEGINNING);
        assert_eq!(chain[1].0, chain[0].1);
        assert!(connection.execute("update ledger set act = 'other'", []).is_err());
        assert!(connection.execute("delete from ledger", []).is_err());
    }

    #[test]
    fn without_a_disk_nothing_is_recorded_and_that_is_an_error() {
        let ledger = Ledger::open(Path::new("/dev/null/ledger.db"));
        assert!(ledger.append(&line("one", &Value::Null)).is_err());
    }
}
