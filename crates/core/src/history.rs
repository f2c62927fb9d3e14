//! What this app itself has seen of an instance: stretches in which every look saw the same, and changes, among them
//! what was done from here. Kept in the encrypted cache. The platform offers nothing of the kind.

use crate::cache::Cache;
use crate::error::Failure;
use crate::events::Event;
use crate::instances::InstanceView;
use crate::session::Session;
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::Status;
use nineheads_contract::runtime::RuntimeStatus;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A heartbeat that is older says nothing about now.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// Between looks that are farther apart nobody looked.
const STRETCH: TimeDelta = TimeDelta::minutes(10);
/// How long stretches are kept.
const KEPT: TimeDelta = TimeDelta::days(7);
/// Messages that are closer together are one entry.
const CHAT_APART: TimeDelta = TimeDelta::hours(1);
/// Most statuses remembered of one list.
const STATUSES: usize = 200;
/// Most changes shown of one instance.
const SHOWN: u32 = 500;

/// Everything seen of an instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct InstanceHistory {
    /// Oldest first.
    pub sightings: Vec<Sighting>,
    /// Newest first.
    pub changes: Vec<HistoryEntry>,
}

/// A stretch of time in which every look saw the same. Between two stretches nobody looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Sighting {
    /// The first look.
    pub from: DateTime<Utc>,
    /// The last one.
    pub until: DateTime<Utc>,
    /// As the platform said it.
    pub status: Option<String>,
    /// As the platform said it.
    pub health: Option<String>,
    /// The agent's heartbeat was under five minutes old; none where no heartbeat is known.
    pub beating: Option<bool>,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum HistoryKind {
    /// The platform's word for the instance.
    Status,
    /// The platform's word for its health.
    Health,
    /// The agent's or Node's version.
    Version,
    /// How far the bootstrap came.
    Stage,
    /// Where it is reached.
    Address,
    /// What it complains about.
    Error,
    /// The agent's configuration, written by somebody else; `detail` is the number of places.
    Config,
    /// Done from this app: `to` is the operation, `detail` how much or how it ended.
    Act,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HistoryEntry {
    /// Grows with time.
    #[specta(type = specta_typescript::Number)]
    pub id: i64,
    /// When it was seen or done.
    pub at: DateTime<Utc>,
    /// What changed.
    pub kind: HistoryKind,
    /// What was.
    pub from: Option<String>,
    /// What is.
    pub to: Option<String>,
    /// More about it.
    pub detail: Option<String>,
}

impl HistoryKind {
    const ALL: [(Self, &str); 8] = [
        (Self::Status, "status"),
        (Self::Health, "health"),
        (Self::Version, "version"),
        (Self::Stage, "stage"),
        (Self::Address, "address"),
        (Self::Error, "error"),
        (Self::Config, "config"),
        (Self::Act, "act"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// What one look says that is worth remembering.
type Facts = [(HistoryKind, Option<String>, Option<&'static str>); 7];

fn facts(view: &InstanceView) -> Facts {
    let detail = view.detail.as_ref().map(|seen| &seen.value);
    let runtime = view.runtime.as_ref().map(|seen| &seen.value);
    let of = |pick: fn(&RuntimeStatus) -> &Option<String>| runtime.and_then(|runtime| pick(runtime).clone());
    let status = detail.and_then(|detail| detail.status.as_ref()).map(ToString::to_string);
    let error = of(|runtime| &runtime.error_code)
        .or_else(|| of(|runtime| &runtime.error_message))
        .or_else(|| detail.and_then(|detail| detail.error_message.clone()));
    [
        (HistoryKind::Status, status, None),
        (HistoryKind::Health, of(|runtime| &runtime.health_status), None),
        (HistoryKind::Version, of(|runtime| &runtime.openclaw_version), Some("openclaw")),
        (HistoryKind::Version, of(|runtime| &runtime.node_version), Some("node")),
        (HistoryKind::Stage, of(|runtime| &runtime.bootstrap_stage), None),
        (HistoryKind::Address, detail.and_then(|detail| detail.ip_address.clone()), None),
        (HistoryKind::Error, error, None),
    ]
}

/// Whether the agent's heartbeat was fresh at a time.
pub(crate) fn is_beating(heartbeat: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<bool> {
    heartbeat.map(|at| now - at < FRESH)
}

impl Session {
    /// Everything seen of an instance.
    pub(crate) fn history(&self, id: &InstanceId) -> Result<InstanceHistory, Failure> {
        let (sightings, changes) = (self.cache.sightings(id)?, self.cache.changes(id)?);
        Ok(InstanceHistory { sightings, changes })
    }

    /// Remembers a look, and what it showed that the look before did not.
    pub(crate) fn note_sighting(&self, id: &InstanceId, before: &InstanceView, now: &InstanceView) {
        let at = self.now();
        if before.detail.is_some() {
            for ((kind, from, detail), (_, to, _)) in facts(before).into_iter().zip(facts(now)) {
                if from != to && (to.is_some() || kind == HistoryKind::Error) {
                    self.note_change(id, kind, from, to, detail.map(str::to_owned));
                }
            }
        }
        let heartbeat = now.runtime.as_ref().and_then(|seen| seen.value.last_heartbeat);
        let [(_, status, _), (_, health, _), ..] = facts(now);
        let sighting = Sighting { from: at, until: at, status, health, beating: is_beating(heartbeat, at) };
        if let Err(failure) = self.cache.write_sighting(id, &sighting) {
            log::warn!("a sighting was not kept: {failure}");
        }
    }

    /// Remembers what a new list said of statuses. After a long time away only the first few count: nobody reads more.
    pub(crate) fn note_statuses(&self, changed: Vec<(InstanceId, Option<Status>, Option<Status>)>) {
        let (at, kind) = (self.now(), HistoryKind::Status);
        let entry = |(id, from, to): (InstanceId, Option<Status>, Option<Status>)| {
            let (from, to) = (from.map(|status| status.0), to.map(|status| status.0));
            (id, HistoryEntry { id: 0, at, kind, from, to, detail: None })
        };
        let entries: Vec<_> = changed.into_iter().take(STATUSES).map(entry).collect();
        if let Err(failure) = self.cache.write_changes(&entries) {
            log::warn!("changes of status were not kept: {failure}");
        }
    }

    /// Remembers a change; the same one twice is one.
    pub(crate) fn note_change(
        &self,
        id: &InstanceId,
        kind: HistoryKind,
        from: Option<String>,
        to: Option<String>,
        detail: Option<String>,
    ) {
        let entry = HistoryEntry { id: 0, at: self.now(), kind, from, to, detail };
        if let Err(failure) = self.cache.write_change(id, &entry) {
            log::warn!("a change was not kept: {failure}");
        }
    }

    /// Remembers that somebody talked with the agent: one entry an hour, not one a message.
    pub(crate) fn note_chat(&self, id: &InstanceId) {
        if !self.cache.talked_since(id, self.now() - CHAT_APART).unwrap_or(false) {
            self.note_act(id, "chat", None);
        }
    }

    /// Remembers what was done from here, and says so.
    pub(crate) fn note_act(&self, id: &InstanceId, operation: &str, detail: Option<String>) {
        self.note_change(id, HistoryKind::Act, None, Some(operation.to_owned()), detail);
        self.announce(Event::InstanceChanged { id: id.clone() });
    }
}

impl Cache {
    fn sightings(&self, id: &InstanceId) -> Result<Vec<Sighting>, Failure> {
        let connection = self.lock();
        let sql = "select from_at, until_at, status, health, beating from sightings
                   where instance_id = ?1 order by from_at";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([id.as_str()], |row| {
            Ok(Sighting {
                from: row.get(0)?,
                until: row.get(1)?,
                status: row.get(2)?,
                health: row.get(3)?,
                beating: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Makes the newest stretch longer, or begins another.
    fn write_sighting(&self, id: &InstanceId, now: &Sighting) -> Result<(), Failure> {
        let connection = self.lock();
        let newest = "select rowid, until_at, status, health, beating from sightings
                      where instance_id = ?1 order by from_at desc limit 1";
        let known = connection
            .prepare_cached(newest)?
            .query_row([id.as_str()], |row| {
                let same = row.get::<_, Option<String>>(2)? == now.status
                    && row.get::<_, Option<String>>(3)? == now.health
                    && row.get::<_, Option<bool>>(4)? == now.beating;
                Ok((row.get::<_, i64>(0)?, row.get::<_, DateTime<Utc>>(1)?, same))
            })
            .optional()?
            .filter(|(_, until, _)| now.until - *until < STRETCH);
        if let Some((row, _, true)) = known {
            let sql = "update sightings set until_at = ?2 where rowid = ?1";
            connection.prepare_cached(sql)?.execute(params![row, now.until])?;
            return Ok(());
        }
        let from = known.map_or(now.from, |(_, until, _)| until);
        connection
            .prepare_cached(
                "insert into sightings(instance_id, from_at, until_at, status, health, beating)
                 values(?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![id.as_str(), from, now.until, now.status, now.health, now.beating])?;
        connection
            .prepare_cached("delete from sightings where instance_id = ?1 and until_at < ?2")?
            .execute(params![id.as_str(), now.until - KEPT])?;
        Ok(())
    }

    fn talked_since(&self, id: &InstanceId, since: DateTime<Utc>) -> Result<bool, Failure> {
        let connection = self.lock();
        let sql = "select exists(select 1 from changes where instance_id = ?1 and kind = 'act' and to_value = 'chat' and at > ?2)";
        Ok(connection.prepare_cached(sql)?.query_row(params![id.as_str(), since], |row| row.get(0))?)
    }

    fn changes(&self, id: &InstanceId) -> Result<Vec<HistoryEntry>, Failure> {
        let connection = self.lock();
        let sql = "select id, at, kind, from_value, to_value, detail from changes
                   where instance_id = ?1 order by id desc limit ?2";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map(params![id.as_str(), SHOWN], entry)?;
        Ok(rows.filter_map(Result::ok).flatten().collect())
    }

    pub(crate) fn write_change(&self, id: &InstanceId, entry: &HistoryEntry) -> Result<(), Failure> {
        write_change(&self.lock(), id, entry)
    }

    /// All of them at once.
    fn write_changes(&self, entries: &[(InstanceId, HistoryEntry)]) -> Result<(), Failure> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        for (id, entry) in entries {
            write_change(&transaction, id, entry)?;
        }
        Ok(transaction.commit()?)
    }
}

fn write_change(connection: &Connection, id: &InstanceId, entry: &HistoryEntry) -> Result<(), Failure> {
    let newest = "select to_value from changes where instance_id = ?1 and kind = ?2 and detail is ?3
                  order by id desc limit 1";
    let known: Option<Option<String>> = connection
        .prepare_cached(newest)?
        .query_row(params![id.as_str(), entry.kind.word(), entry.detail], |row| row.get(0))
        .optional()?;
    let is_fact = !matches!(entry.kind, HistoryKind::Act | HistoryKind::Config);
    if is_fact && known.is_some_and(|known| known == entry.to) {
        return Ok(());
    }
    connection
        .prepare_cached(
            "insert into changes(instance_id, at, kind, from_value, to_value, detail)
             values(?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![id.as_str(), entry.at, entry.kind.word(), entry.from, entry.to, entry.detail])?;
    Ok(())
}

/// A row of the table of changes; none when its kind is not known.
pub(crate) fn entry(row: &Row<'_>) -> rusqlite::Result<Option<HistoryEntry>> {
    let kind: String = row.get(2)?;
    let Some(kind) = HistoryKind::read(&kind) else { return Ok(None) };
    Ok(Some(HistoryEntry {
        id: row.get(0)?,
        at: row.get(1)?,
        kind,
        from: row.get(3)?,
        to: row.get(4)?,
        detail: row.get(5)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(at: DateTime<Utc>, health: &str) -> Sighting {
        Sighting {
            from: at,
            until: at,
            status: Some("running".into()),
            health: Some(health.into()),
            beating: Some(true),
        }
    }

    #[test]
    fn looks_that_see_the_same_are_one_stretch_and_a_pause_is_a_gap() {
        let cache = Cache::in_memory().expect("opens");
        let (id, start) = (InstanceId::from("i"), Utc::now());
        for (minute, health) in [(0, "healthy"), (1, "healthy"), (2, "degraded"), (60, "degraded")] {
            let at = start + TimeDelta::minutes(minute);
            cache.write_sighting(&id, &sighting(at, health)).expect("writes");
        }
        let minutes: Vec<_> = cache
            .sightings(&id)
            .expect("reads")
            .iter()
            .map(|seen| ((seen.from - start).num_minutes(), (seen.until - start).num_minutes()))
            .collect();
        assert_eq!(minutes, [(0, 1), (1, 2), (60, 60)]);
    }

    #[test]
    fn a_fact_that_is_known_already_is_no_change_and_an_act_always_is_one() {
        let cache = Cache::in_memory().expect("opens");
        let id = InstanceId::from("i");
        let change = |kind, to: &str| HistoryEntry {
            id: 0,
            at: Utc::now(),
            kind,
            from: None,
            to: Some(to.into()),
            detail: None,
        };
        for kind in [HistoryKind::Status, HistoryKind::Act] {
            cache.write_change(&id, &change(kind, "x")).expect("writes");
            cache.write_change(&id, &change(kind, "x")).expect("writes");
        }
        let kinds: Vec<_> = cache.changes(&id).expect("reads").iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [HistoryKind::Act, HistoryKind::Act, HistoryKind::Status]);
    }
}
