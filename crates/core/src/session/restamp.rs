//! The clock on the wall was set: what was seen in this run keeps its age. Its times are moved by as much, in memory and in
//! the cache. What an earlier run saw, and what happened when (history, ledger, journal), stays as it was written.

use super::{Session, lock};
use crate::cache::{Cache, LIST_SEEN_AT, read_fact, write_fact};
use crate::error::Failure;
use crate::events::Event;
use crate::instances::Held;
use crate::seen::{Seen, Source};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::params;
use std::ops::RangeInclusive;

/// A time after the clock was set; one that no calendar has stays.
pub(crate) fn moved(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(by).unwrap_or(at)
}

impl<T> Seen<T> {
    fn restamp(&mut self, by: TimeDelta) {
        if self.source == Source::Live {
            self.seen_at = moved(self.seen_at, by);
        }
    }
}

impl Session {
    /// Somebody set the clock by so much.
    pub(crate) fn restamp(&self, by: TimeDelta) {
        log::info!("the clock was set by {} s", by.num_seconds());
        let mut opened_at = lock(&self.opened_at);
        let of_this_run = *opened_at..=moved(self.now(), -by);
        *opened_at = moved(*opened_at, by);
        drop(opened_at);
        if let Err(failure) = self.cache.restamp(&of_this_run, by) {
            log::warn!("the cache keeps the times of another clock: {failure}");
        }
        self.fleet().restamp(by);
        for Held { view, .. } in lock(&self.instances).values_mut() {
            view.detail.iter_mut().for_each(|seen| seen.restamp(by));
            view.runtime.iter_mut().for_each(|seen| seen.restamp(by));
        }
        for log in lock(&self.logs).values_mut() {
            log.seen_at = log.seen_at.map(|at| moved(at, by));
        }
        lock(&self.fleet_usage).forget_known();
        self.restamp_poller(by);
        self.announce_list();
        // Whatever else is on screen asks anew.
        self.announce(Event::ClockSet);
    }
}

impl Cache {
    /// Moves the times at which something was seen, those of a range.
    fn restamp(&self, range: &RangeInclusive<DateTime<Utc>>, by: TimeDelta) -> Result<(), Failure> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let list = read_fact(&transaction, LIST_SEEN_AT)?.and_then(|text| text.parse().ok());
        if let Some(at) = list.filter(|at| range.contains(at)) {
            write_fact(&transaction, LIST_SEEN_AT, &moved(at, by).to_rfc3339())?;
        }
        {
            let mut all = transaction.prepare("select kind, id, seen_at from seen")?;
            let mut put = transaction.prepare("update seen set seen_at = ?3 where kind = ?1 and id = ?2")?;
            let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let rows: Vec<(String, String, String)> = rows.collect::<Result<_, _>>()?;
            for (kind, id, at) in rows {
                if let Some(at) = at.parse().ok().filter(|at| range.contains(at)) {
                    put.execute(params![kind, id, moved(at, by).to_rfc3339()])?;
                }
            }
            let mut all = transaction.prepare("select id, seen_at from config_versions")?;
            let mut put = transaction.prepare("update config_versions set seen_at = ?2 where id = ?1")?;
            let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let rows: Vec<(i64, DateTime<Utc>)> = rows.collect::<Result<_, _>>()?;
            for (id, at) in rows.into_iter().filter(|(_, at)| range.contains(at)) {
                put.execute(params![id, moved(at, by)])?;
            }
        }
        Ok(transaction.commit()?)
    }
}
