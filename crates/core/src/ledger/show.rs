//! The ledger for a screen: windows of it, newest first, by what a person looks for.

use super::{Ledger, LedgerOutcome, time_text};
use crate::Console;
use crate::error::{Code, Failure};
use crate::profiles::ProfileId;
use chrono::{DateTime, Utc};
use rusqlite::{Row, named_params};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Most lines of one window.
const MOST: u32 = 500;

/// Which lines; what is empty does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LedgerQuery {
    /// Names of acts.
    pub acts: Vec<String>,
    /// How they ended.
    pub outcomes: Vec<LedgerOutcome>,
    /// In one profile.
    pub profile: Option<ProfileId>,
    /// About one thing.
    pub target: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// Anywhere in names, ids and details.
    pub text: String,
}

/// One line as it is kept: everything its hash is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LedgerLine {
    /// From one on.
    #[specta(type = specta_typescript::Number)]
    pub seq: i64,
    /// When it was begun: UTC, to the millisecond.
    pub at: String,
    /// In which profile.
    pub profile: ProfileId,
    /// What that was called then.
    pub profile_name: String,
    /// An operation's name, or what else was done.
    pub act: String,
    /// The instance's id, a deploy's key, a profile's id, or `*` for many.
    pub target: String,
    /// What that was called then.
    pub target_name: String,
    /// How it ended.
    pub outcome: LedgerOutcome,
    /// JSON.
    pub detail: String,
    /// The hash of the line before; empty for the first.
    pub previous: String,
    /// Its own.
    pub hash: String,
}

/// A profile that lines speak of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LedgerProfile {
    /// Its id.
    pub id: ProfileId,
    /// What it was called last.
    pub name: String,
}

/// A window of the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LedgerPage {
    /// Newest first.
    pub lines: Vec<LedgerLine>,
    /// How many match.
    pub matched: u32,
    /// How many there are.
    pub total: u32,
    /// The acts that there are lines of.
    pub acts: Vec<String>,
    /// The profiles that there are lines of.
    pub profiles: Vec<LedgerProfile>,
}

const WHERE: &str = "where (:acts = '[]' or act in (select value from json_each(:acts)))
    and (:outcomes = '[]' or outcome in (select value from json_each(:outcomes)))
    and (:profile is null or profile = :profile) and (:target is null or target = :target)
    and (:from is null or at >= :from) and (:until is null or at < :until)
    and (:text = '' or instr(lower(seq || ' ' || act || ' ' || target || ' ' || target_name || ' ' || profile_name
        || ' ' || detail || ' ' || hash), lower(:text)) > 0)";

impl Ledger {
    pub(super) fn window(&self, query: &LedgerQuery, offset: u32, limit: u32) -> Result<LedgerPage, Failure> {
        let connection = self.database.lock()?;
        let names = |sql: &str| -> Result<Vec<(String, String)>, Failure> {
            let mut statement = connection.prepare(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        let acts = names("select distinct act, '' from lines order by act")?;
        // SQLite takes the name from the row that `max` is found in.
        let profiles = names(
            "select profile, profile_name from (select profile, profile_name, max(seq) from lines group by profile) order by 2",
        )?;
        let total = connection.query_row("select count(*) from lines", [], |row| row.get(0))?;
        let list = |words: Vec<&str>| serde_json::to_string(&words).unwrap_or_else(|_| "[]".into());
        let (asked, ended) = (
            list(query.acts.iter().map(String::as_str).collect()),
            list(query.outcomes.iter().map(|outcome| outcome.word()).collect()),
        );
        let (from, until) = (query.from.map(time_text), query.until.map(time_text));
        let bound = named_params! {
            ":acts": asked, ":outcomes": ended, ":profile": query.profile, ":target": query.target, ":from": from,
            ":until": until, ":text": query.text.trim(),
        };
        let count = format!("select count(*) from lines {WHERE}");
        let matched = connection.query_row(&count, bound, |row| row.get(0))?;
        let sql = format!(
            "select seq, at, profile, profile_name, act, target, target_name, outcome, detail, previous, hash
             from lines {WHERE} order by seq desc limit {limit} offset {offset}"
        );
        let mut statement = connection.prepare(&sql)?;
        let lines = statement.query_map(bound, read)?.collect::<Result<_, _>>()?;
        Ok(LedgerPage {
            lines,
            matched,
            total,
            acts: acts.into_iter().map(|(act, _)| act).collect(),
            profiles: profiles.into_iter().map(|(id, name)| LedgerProfile { id, name }).collect(),
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<LedgerLine> {
    Ok(LedgerLine {
        seq: row.get(0)?,
        at: row.get(1)?,
        profile: row.get(2)?,
        profile_name: row.get(3)?,
        act: row.get(4)?,
        target: row.get(5)?,
        target_name: row.get(6)?,
        outcome: LedgerOutcome::read(&row.get::<_, String>(7)?),
        detail: row.get(8)?,
        previous: row.get(9)?,
        hash: row.get(10)?,
    })
}

impl Console {
    /// A window of the ledger, of all profiles; at most 500 lines.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub async fn show_ledger(
        &self,
        query: &LedgerQuery,
        offset: u32,
        limit: u32,
    ) -> Result<LedgerPage, Failure> {
        let (ledger, query) = (self.0.ledger.clone(), query.clone());
        let task = tokio::task::spawn_blocking(move || ledger.window(&query, offset, limit.min(MOST)));
        task.await.unwrap_or_else(|error| Err(Failure::new(Code::Storage, error.to_string())))
    }
}
