//! Jobs and their items on disk (`bulk.db`), never thrown away. An item is written down as begun before its request is sent,
//! so that a process that dies is understood by the next one. Plain text: what is sent was checked to hold no secret.

use super::plan::{Planned, requests_of};
use super::stages::{NO_STAGE, STAGES, stage_of};
use super::{
    BulkAct, BulkCounts, BulkItem, BulkItemState, BulkItems, BulkJob, BulkOrder, BulkPause, BulkState,
    Exclusion,
};
use crate::durable::Durable;
use crate::error::{Code, Failure};
use crate::logs::count;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::Phase;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;

const SCHEMA: &str = "
create table if not exists jobs(
    id text primary key, profile text not null, base text not null, tenant text, act text not null, state text not null,
    created_at text not null, started_at text, ended_at text, stop_in_rest integer not null, tolerated integer not null,
    per_minute integer not null);
create table if not exists items(
    job text not null, place integer not null, instance text not null, name text not null, stage integer not null,
    state text not null, failure text, excluded text, found integer not null default 0,
    attempts integer not null default 0, at text, primary key(job, place)) without rowid;
create index if not exists items_by_state on items(job, stage, state);
create table if not exists shown(job text not null, place integer not null, phase text not null, primary key(job, place)) without rowid;";

/// Most items of one window.
const WINDOW: u32 = 200;
/// The failed first: a person looks for them.
const ORDER: &str =
    "case state when 'failed' then 0 when 'begun' then 1 when 'waiting' then 2 when 'done' then 3 else 4 end";
const COLUMNS: &str = "place, instance, name, stage, state, failure, excluded, found, attempts, at";

/// See the module.
#[derive(Debug)]
pub(crate) struct BulkJournal(Durable);

/// How an item ended.
pub(super) struct End<'a> {
    pub state: BulkItemState,
    pub failure: Option<&'a Failure>,
    /// Why it was left out at its turn.
    pub excluded: Option<Exclusion>,
    /// A look found it done.
    pub found: bool,
}

impl BulkJournal {
    pub(crate) fn open(file: &Path) -> Self {
        Self(Durable::open(file, SCHEMA))
    }

    /// Writes a job down with all its items; on disk when this returns.
    pub(super) fn insert(
        &self,
        profile: &str,
        (base, tenant): (&str, Option<&str>),
        id: &str,
        order: &BulkOrder,
        planned: &Planned,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let mut connection = self.0.lock()?;
        let transaction = connection.transaction()?;
        let (act, state) = (to_text(&order.act)?, to_text(&BulkState::Running)?);
        transaction.execute(
            "insert into jobs(id, profile, base, tenant, act, state, created_at, stop_in_rest, tolerated, per_minute)
             values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9)",
            params![id, profile, base, tenant, act, state, now, order.stop_in_rest, planned.per_minute],
        )?;
        let included = planned.included() as usize;
        {
            let sql = "insert into items(job, place, instance, name, stage, state, excluded) values(?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let mut statement = transaction.prepare(sql)?;
            let mut shown = transaction.prepare("insert into shown(job, place, phase) values(?1, ?2, ?3)")?;
            for (place_at, (instance, name, excluded)) in planned.rows.iter().enumerate() {
                let state = if excluded.is_some() { BulkItemState::Excluded } else { BulkItemState::Waiting };
                let excluded = excluded.as_ref().map(to_text).transpose()?;
                let (place, stage) = (count(place_at), count(stage_of(place_at, included)));
                statement.execute(params![
                    id,
                    place,
                    instance.as_str(),
                    name,
                    stage,
                    word(state),
                    excluded
                ])?;
                if let Some(phase) = planned.phase_at(place_at) {
                    shown.execute(params![id, place, to_text(&phase)?])?;
                }
            }
        }
        Ok(transaction.commit()?)
    }

    /// The jobs of a profile, newest first.
    pub(super) fn jobs(&self, profile: &str) -> Result<Vec<BulkJob>, Failure> {
        let connection = self.0.lock()?;
        let mut statement = connection
            .prepare_cached("select id from jobs where profile = ?1 order by created_at desc limit 200")?;
        let ids: Vec<String> = statement.query_map([profile], |row| row.get(0))?.collect::<Result<_, _>>()?;
        ids.iter().map(|id| read_job(&connection, profile, id)).collect()
    }

    /// A job of this profile. Another's is unknown here: its platform is another one.
    pub(super) fn job(&self, profile: &str, id: &str) -> Result<BulkJob, Failure> {
        read_job(&*self.0.lock()?, profile, id)
    }

    /// What is done, whether the last stage stops too, and how many failures were accepted.
    pub(super) fn work(&self, id: &str) -> Result<(BulkAct, bool, usize), Failure> {
        let sql = "select act, stop_in_rest, tolerated from jobs where id = ?1";
        let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get(1)?, size(row, 2)?));
        let (act, stop, tolerated) = self.0.lock()?.query_row(sql, [id], read)?;
        Ok((from_text(&act)?, stop, tolerated))
    }

    /// The address and the tenant that the ids of a job belong to.
    pub(super) fn home(&self, id: &str) -> Result<(String, Option<String>), Failure> {
        let sql = "select base, tenant from jobs where id = ?1";
        Ok(self.0.lock()?.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// What the preview showed of an item; none in a job of an older version.
    pub(super) fn shown(&self, id: &str, place: usize) -> Result<Option<Phase>, Failure> {
        let sql = "select phase from shown where job = ?1 and place = ?2";
        let read = |row: &Row<'_>| row.get::<_, String>(0);
        let phase = self.0.lock()?.query_row(sql, params![id, count(place)], read).optional()?;
        Ok(phase.and_then(|text| from_text(&text).ok()))
    }

    /// Whose key a job was worked with, where nobody knew when it was begun.
    pub(super) fn note_tenant(&self, id: &str, tenant: &str) -> Result<(), Failure> {
        let sql = "update jobs set tenant = ?2 where id = ?1 and tenant is null";
        self.0.lock()?.execute(sql, params![id, tenant])?;
        Ok(())
    }

    /// Stage and state of every item, by place.
    pub(super) fn board(&self, id: &str) -> Result<Vec<(usize, BulkItemState)>, Failure> {
        let connection = self.0.lock()?;
        let mut statement =
            connection.prepare_cached("select stage, state from items where job = ?1 order by place")?;
        let rows =
            statement.query_map([id], |row| Ok((size(row, 0)?, read_word(&row.get::<_, String>(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Claims an item; on disk before a byte leaves. None when it has its end already.
    pub(super) fn begin(
        &self,
        id: &str,
        place: usize,
        now: DateTime<Utc>,
    ) -> Result<Option<InstanceId>, Failure> {
        let sql = "update items set state = 'begun', attempts = attempts + 1, failure = null, at = ?3
                   where job = ?1 and place = ?2 and state in ('waiting', 'begun') returning instance";
        let read = |row: &Row<'_>| row.get::<_, String>(0);
        let instance = self.0.lock()?.query_row(sql, params![id, count(place), now], read).optional()?;
        Ok(instance.map(InstanceId::from))
    }

    /// Writes how a begun item ended.
    pub(super) fn end(
        &self,
        id: &str,
        place: usize,
        end: &End<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let failure = end.failure.map(to_text).transpose()?;
        let excluded = end.excluded.as_ref().map(to_text).transpose()?;
        self.0.lock()?.execute(
            "update items set state = ?3, failure = ?4, found = ?5, excluded = ?6, at = ?7
             where job = ?1 and place = ?2 and state = 'begun'",
            params![id, count(place), word(end.state), failure, end.found, excluded, now],
        )?;
        Ok(())
    }

    /// A job goes on, or comes to rest.
    pub(super) fn set_state(&self, id: &str, state: &BulkState, now: DateTime<Utc>) -> Result<(), Failure> {
        let sql = match state {
            BulkState::Running => {
                "update jobs set state = ?2, started_at = ?3, ended_at = null where id = ?1"
            }
            _ => "update jobs set state = ?2, ended_at = ?3 where id = ?1",
        };
        self.0.lock()?.execute(sql, params![id, to_text(state)?, now])?;
        Ok(())
    }

    /// So many failures were seen and accepted.
    pub(super) fn tolerate(&self, id: &str, failures: u32) -> Result<(), Failure> {
        self.0.lock()?.execute("update jobs set tolerated = ?2 where id = ?1", params![id, failures])?;
        Ok(())
    }

    /// The failed ones wait again, and none of them is accepted.
    pub(super) fn want_failed_again(&self, id: &str) -> Result<(), Failure> {
        let mut connection = self.0.lock()?;
        let transaction = connection.transaction()?;
        transaction.execute(
            "update items set state = 'waiting', failure = null where job = ?1 and state = 'failed'",
            [id],
        )?;
        transaction.execute("update jobs set tolerated = 0 where id = ?1", [id])?;
        Ok(transaction.commit()?)
    }

    /// What was left running by a process, or a session, that is no more waits for a person.
    pub(super) fn rest_left(&self, profile: &str, now: DateTime<Utc>) -> Result<(), Failure> {
        let (running, left) =
            (to_text(&BulkState::Running)?, to_text(&BulkState::Paused { why: BulkPause::AppEnded })?);
        self.0.lock()?.execute(
            "update jobs set state = ?3, ended_at = ?4 where profile = ?1 and state = ?2",
            params![profile, running, left, now],
        )?;
        Ok(())
    }

    /// Some items, the failed first.
    pub(super) fn items(
        &self,
        id: &str,
        state: Option<BulkItemState>,
        offset: u32,
        limit: u32,
    ) -> Result<BulkItems, Failure> {
        let connection = self.0.lock()?;
        let wanted = state.map(word);
        let total = "select count(*) from items where job = ?1 and (?2 is null or state = ?2)";
        let total = connection.query_row(total, params![id, wanted], |row| row.get(0))?;
        let sql = format!(
            "select {COLUMNS} from items where job = ?1 and (?2 is null or state = ?2) order by {ORDER}, place limit ?3 offset ?4"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![id, wanted, limit.min(WINDOW), offset], read_item)?;
        Ok(BulkItems { total, items: rows.collect::<Result<_, _>>()? })
    }

    /// One item.
    pub(super) fn item(&self, id: &str, place: usize) -> Result<BulkItem, Failure> {
        let sql = format!("select {COLUMNS} from items where job = ?1 and place = ?2");
        Ok(self.0.lock()?.query_row(&sql, params![id, count(place)], read_item)?)
    }

    pub(super) fn forget(&self, id: &str) -> Result<(), Failure> {
        let mut connection = self.0.lock()?;
        let transaction = connection.transaction()?;
        transaction.execute("delete from items where job = ?1", [id])?;
        transaction.execute("delete from shown where job = ?1", [id])?;
        transaction.execute("delete from jobs where id = ?1", [id])?;
        Ok(transaction.commit()?)
    }

    /// Erases the jobs of a profile.
    pub(crate) fn forget_profile(&self, profile: &str) -> Result<(), Failure> {
        let mut connection = self.0.lock()?;
        let transaction = connection.transaction()?;
        for table in ["items", "shown"] {
            let sql = format!("delete from {table} where job in (select id from jobs where profile = ?1)");
            transaction.execute(&sql, [profile])?;
        }
        transaction.execute("delete from jobs where profile = ?1", [profile])?;
        Ok(transaction.commit()?)
    }
}

fn read_job(connection: &Connection, profile: &str, id: &str) -> Result<BulkJob, Failure> {
    let sql = "select act, state, created_at, started_at, ended_at, stop_in_rest, per_minute from jobs where id = ?1 and profile = ?2";
    let row = connection
        .query_row(sql, [id, profile], |row| {
            let texts: (String, String) = (row.get(0)?, row.get(1)?);
            Ok((texts, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
        })
        .optional()?;
    let ((act, state), created_at, started_at, ended_at, stop_in_rest, per_minute) =
        row.ok_or_else(|| Failure::new(Code::NotFound { message: None }, "no such bulk job"))?;
    let act: BulkAct = from_text(&act)?;
    let (counts, stages) = read_counts(connection, id)?;
    Ok(BulkJob {
        id: id.to_owned(),
        verb: act.verb(),
        words: act.words(),
        state: from_text(&state)?,
        created_at,
        started_at,
        ended_at,
        stop_in_rest,
        counts,
        stages,
        per_minute,
        requests: requests_of(act.verb()),
    })
}

/// Of all items, and of each stage that has any.
fn read_counts(connection: &Connection, id: &str) -> Result<(BulkCounts, Vec<BulkCounts>), Failure> {
    let (mut all, mut stages) = (BulkCounts::default(), [BulkCounts::default(); STAGES + 1]);
    let sql = "select stage, state, count(*) from items where job = ?1 group by stage, state";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([id], |row| Ok((size(row, 0)?, row.get::<_, String>(1)?, row.get(2)?)))?;
    for row in rows {
        let (stage, state, number): (usize, String, u32) = row?;
        for counts in [&mut all, &mut stages[stage.min(NO_STAGE)]] {
            *match read_word(&state) {
                BulkItemState::Waiting => &mut counts.waiting,
                BulkItemState::Begun => &mut counts.begun,
                BulkItemState::Done => &mut counts.done,
                BulkItemState::Failed => &mut counts.failed,
                BulkItemState::Excluded => &mut counts.excluded,
            } += number;
        }
    }
    let stages = stages.into_iter().take(STAGES).filter(|stage| *stage != BulkCounts::default());
    Ok((all, stages.collect()))
}

/// A number that counts something in memory.
fn size(row: &Row<'_>, column: usize) -> rusqlite::Result<usize> {
    row.get::<_, u32>(column).map(|number| number as usize)
}

fn read_item(row: &Row<'_>) -> rusqlite::Result<BulkItem> {
    let texts: (Option<String>, Option<String>) = (row.get(5)?, row.get(6)?);
    let stage = size(row, 3)?;
    Ok(BulkItem {
        place: row.get(0)?,
        id: InstanceId::from(row.get::<_, String>(1)?),
        name: row.get(2)?,
        stage: (stage < STAGES).then(|| count(stage)),
        state: read_word(&row.get::<_, String>(4)?),
        failure: texts.0.and_then(|text| from_text(&text).ok()),
        excluded: texts.1.and_then(|text| from_text(&text).ok()),
        found: row.get(7)?,
        attempts: row.get(8)?,
        at: row.get(9)?,
    })
}

const WORDS: [(BulkItemState, &str); 5] = [
    (BulkItemState::Waiting, "waiting"),
    (BulkItemState::Begun, "begun"),
    (BulkItemState::Done, "done"),
    (BulkItemState::Failed, "failed"),
    (BulkItemState::Excluded, "excluded"),
];

pub(super) fn word(state: BulkItemState) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == state).map_or("", |(_, word)| word)
}

/// A word that nobody wrote counts as begun: it is looked at before anything is sent.
fn read_word(word: &str) -> BulkItemState {
    WORDS.iter().find(|(_, known)| *known == word).map_or(BulkItemState::Begun, |(state, _)| *state)
}

fn to_text<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(Code::Storage, error.to_string()))
}

fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::new(Code::Storage, error.to_string()))
}
