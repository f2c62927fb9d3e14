//! What was confirmed, on disk before a byte is sent (`journal.db`, `synchronous=EXTRA`, mode 0600). Never thrown away;
//! the bytes of a request carry their own checksum. Plain text: a body is what the person typed, without the API key.

use super::{Deploy, DeployState};
use crate::boot::BootTime;
use crate::durable::Durable;
use crate::error::{Code, Failure};
use nineheads_contract::IdempotencyKey;
use nineheads_contract::deploys::NewInstance;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::MutexGuard;
use std::time::Duration;

const SCHEMA: &str = "
create table if not exists deploys(
    key text primary key, profile text not null, base text not null,
    body blob not null, body_sha256 blob not null, fingerprint blob not null,
    confirmed_at text not null, state text not null, record text not null, sender text,
    dismissed integer not null default 0);
create table if not exists moments(
    key text not null, what text not null, boot text, since_boot_ms integer, primary key(key, what)) without rowid;
create unique index if not exists one_open_intent on deploys(profile, fingerprint)
    where not dismissed and state in ('intent', 'sent', 'unknown');
create index if not exists deploys_by_profile on deploys(profile, confirmed_at);";

/// What was confirmed last, for a click that waits behind it.
#[derive(Debug, Default)]
pub(crate) struct Confirmed {
    pub fingerprint: Vec<u8>,
    pub key: Option<IdempotencyKey>,
}

/// What is remembered the time of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Confirmed,
    Sent,
}

impl Moment {
    fn text(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Sent => "sent",
        }
    }
}

/// The journal; or, where it can not be opened, the reason why nothing may be deployed.
#[derive(Debug)]
pub(crate) struct Journal {
    /// One deploy is confirmed at a time, whatever the session.
    pub confirming: tokio::sync::Mutex<Confirmed>,
    database: Durable,
}

impl Journal {
    pub(crate) fn open(file: &Path) -> Self {
        Self { confirming: tokio::sync::Mutex::default(), database: Durable::open(file, SCHEMA) }
    }

    pub(crate) fn insert(
        &self,
        profile: &str,
        base: &str,
        deploy: &Deploy,
        body: &[u8],
        fingerprint: &[u8],
        boot: Option<&BootTime>,
    ) -> Result<(), Failure> {
        let sha: [u8; 32] = Sha256::digest(body).into();
        let mut connection = self.lock()?;
        let transaction = connection.transaction()?;
        transaction.execute(
            "insert into deploys(key, profile, base, body, body_sha256, fingerprint, confirmed_at, state, record)
             values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                deploy.key.as_str(), profile, base, body, sha, fingerprint,
                deploy.confirmed_at.to_rfc3339(), state_text(deploy.state), to_record(deploy)?
            ],
        )?;
        write_moment(&transaction, &deploy.key, Moment::Confirmed, boot)?;
        Ok(transaction.commit()?)
    }

    /// Moves a deploy on from a state; on disk when this returns. False when it is in another state by now.
    pub(crate) fn update(&self, from: DeployState, deploy: &Deploy) -> Result<bool, Failure> {
        let changed = self.lock()?.execute(
            "update deploys set state = ?3, record = ?4 where key = ?1 and state = ?2 and not dismissed",
            params![deploy.key.as_str(), state_text(from), state_text(deploy.state), to_record(deploy)?],
        )?;
        Ok(changed == 1)
    }

    /// Claims a confirmed deploy for sending: on disk, with who sends it and when, before a byte leaves. False when
    /// somebody else has claimed it.
    pub(crate) fn claim(
        &self,
        deploy: &Deploy,
        sender: &str,
        boot: Option<&BootTime>,
    ) -> Result<bool, Failure> {
        let mut connection = self.lock()?;
        let transaction = connection.transaction()?;
        let claimed = transaction.execute(
            "update deploys set state = 'sent', record = ?2, sender = ?3
             where key = ?1 and state = 'intent' and not dismissed",
            params![deploy.key.as_str(), to_record(deploy)?, sender],
        )?;
        write_moment(&transaction, &deploy.key, Moment::Sent, boot)?;
        if claimed == 0 {
            return Ok(false);
        }
        transaction.commit()?;
        Ok(true)
    }

    /// An absent deploy is wanted after all, from now on. False when it is not absent any more.
    pub(crate) fn want_again(&self, deploy: &Deploy, boot: Option<&BootTime>) -> Result<bool, Failure> {
        let mut connection = self.lock()?;
        let transaction = connection.transaction()?;
        let changed = transaction.execute(
            "update deploys set state = ?2, record = ?3, confirmed_at = ?4
             where key = ?1 and state = 'absent' and not dismissed",
            params![
                deploy.key.as_str(),
                state_text(deploy.state),
                to_record(deploy)?,
                deploy.confirmed_at.to_rfc3339()
            ],
        )?;
        if changed == 0 {
            return Ok(false);
        }
        write_moment(&transaction, &deploy.key, Moment::Confirmed, boot)?;
        transaction.commit()?;
        Ok(true)
    }

    /// When something happened, by the time since the computer's start.
    pub(crate) fn moment(&self, key: &IdempotencyKey, what: Moment) -> Result<Option<BootTime>, Failure> {
        let sql = "select boot, since_boot_ms from moments where key = ?1 and what = ?2 and boot is not null";
        let row: Option<(String, i64)> = self
            .lock()?
            .query_row(sql, [key.as_str(), what.text()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(row.map(|(boot, since)| BootTime { boot, since: Duration::from_millis(since.unsigned_abs()) }))
    }

    pub(crate) fn sender(&self, key: &IdempotencyKey) -> Result<Option<String>, Failure> {
        let sql = "select sender from deploys where key = ?1";
        Ok(self.lock()?.query_row(sql, [key.as_str()], |row| row.get(0)).optional()?.flatten())
    }

    /// One that was confirmed in this profile.
    pub(crate) fn get_of(&self, profile: &str, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        let sql = "select record from deploys where key = ?1 and profile = ?2";
        let record: Option<String> =
            self.lock()?.query_row(sql, [key.as_str(), profile], |row| row.get(0)).optional()?;
        from_record(&record.ok_or_else(no_such)?)
    }

    /// One by its key, whosever it is: for whoever knows already that it is theirs.
    pub(crate) fn get(&self, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        let record: Option<String> = self
            .lock()?
            .query_row("select record from deploys where key = ?1", [key.as_str()], |row| row.get(0))
            .optional()?;
        from_record(&record.ok_or_else(no_such)?)
    }

    /// The bytes to send, exactly as they were confirmed.
    pub(crate) fn body(&self, key: &IdempotencyKey) -> Result<Vec<u8>, Failure> {
        let (body, sha): (Vec<u8>, Vec<u8>) = self.lock()?.query_row(
            "select body, body_sha256 from deploys where key = ?1",
            [key.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        match Sha256::digest(&body)[..] == sha[..] {
            true => Ok(body),
            false => Err(Failure::new(Code::Storage, "the journal's checksum does not hold")),
        }
    }

    /// Everything of a profile that was not put away, newest first.
    pub(crate) fn all(&self, profile: &str) -> Result<Vec<Deploy>, Failure> {
        let sql = "select record from deploys where profile = ?1 and not dismissed order by confirmed_at desc limit 500";
        self.records(sql, profile)
    }

    /// What was asked for before, newest first, put away or not.
    pub(crate) fn requests(&self, profile: &str) -> Result<Vec<NewInstance>, Failure> {
        let sql = "select record from deploys where profile = ?1 and state <> 'rejected' order by confirmed_at desc limit 50";
        Ok(self.records(sql, profile)?.into_iter().map(|deploy| deploy.request).collect())
    }

    /// A deploy of the same request whose outcome nobody knows.
    pub(crate) fn find_open(
        &self,
        profile: &str,
        fingerprint: &[u8],
    ) -> Result<Option<IdempotencyKey>, Failure> {
        let sql = "select key from deploys where profile = ?1 and fingerprint = ?2 and not dismissed
                   and state in ('intent', 'sent', 'unknown') limit 1";
        let key: Option<String> =
            self.lock()?.query_row(sql, params![profile, fingerprint], |row| row.get(0)).optional()?;
        Ok(key.map(IdempotencyKey))
    }

    /// The median of how long finished deploys took, in seconds; none below one.
    pub(crate) fn typical_seconds(&self, profile: &str) -> Result<Option<u32>, Failure> {
        let sql = "select record from deploys where profile = ?1 and state = 'ready' order by confirmed_at desc limit 25";
        let mut took: Vec<i64> = self
            .records(sql, profile)?
            .iter()
            .filter_map(|deploy| Some((deploy.settled_at? - deploy.sent_at?).num_seconds()))
            .collect();
        took.sort_unstable();
        Ok(took.get(took.len() / 2).and_then(|&seconds| u32::try_from(seconds).ok()))
    }

    pub(crate) fn dismiss(&self, key: &IdempotencyKey) -> Result<(), Failure> {
        self.lock()?.execute("update deploys set dismissed = 1 where key = ?1", [key.as_str()])?;
        Ok(())
    }

    /// Erases a profile's rows; refused while the outcome of one is unknown.
    pub(crate) fn forget_profile(&self, profile: &str) -> Result<(), Failure> {
        // What was accepted and has its instance is the platform's business from here on.
        let open =
            "select key from deploys where profile = ?1 and not dismissed and (state in ('sent', 'unknown')
                    or (state = 'accepted' and json_extract(record, '$.instanceId') is null)) limit 1";
        let connection = self.lock()?;
        let key: Option<String> = connection.query_row(open, [profile], |row| row.get(0)).optional()?;
        if let Some(key) = key {
            return Err(Failure::new(
                Code::DeployOpen { key: IdempotencyKey(key) },
                "a deploy is not settled",
            ));
        }
        connection.execute(
            "delete from moments where key in (select key from deploys where profile = ?1)",
            [profile],
        )?;
        connection.execute("delete from deploys where profile = ?1", [profile])?;
        Ok(())
    }

    fn records(&self, sql: &str, profile: &str) -> Result<Vec<Deploy>, Failure> {
        let connection = self.lock()?;
        let mut statement = connection.prepare_cached(sql)?;
        let records = statement.query_map([profile], |row| row.get::<_, String>(0))?;
        Ok(records.filter_map(|record| from_record(&record.ok()?).ok()).collect())
    }

    /// From the n-th access on every one fails, as if the process had died there.
    #[cfg(test)]
    pub(super) fn die_at(&self, access: Option<u32>) {
        self.database.die_at(access);
    }

    fn lock(&self) -> Result<MutexGuard<'_, Connection>, Failure> {
        self.database.lock()
    }
}

fn write_moment(
    connection: &Connection,
    key: &IdempotencyKey,
    what: Moment,
    boot: Option<&BootTime>,
) -> Result<(), Failure> {
    let since = boot.map(|boot| i64::try_from(boot.since.as_millis()).unwrap_or(i64::MAX));
    connection.execute(
        "insert or replace into moments(key, what, boot, since_boot_ms) values(?1, ?2, ?3, ?4)",
        params![key.as_str(), what.text(), boot.map(|boot| &boot.boot), since],
    )?;
    Ok(())
}

fn state_text(state: DeployState) -> &'static str {
    match state {
        DeployState::Intent => "intent",
        DeployState::Sent => "sent",
        DeployState::Unknown => "unknown",
        DeployState::Absent => "absent",
        DeployState::Accepted => "accepted",
        DeployState::Ready => "ready",
        DeployState::Failed => "failed",
        DeployState::Rejected => "rejected",
    }
}

fn to_record(deploy: &Deploy) -> Result<String, Failure> {
    serde_json::to_string(deploy).map_err(|error| Failure::new(Code::Storage, error.to_string()))
}

fn no_such() -> Failure {
    Failure::new(Code::NotFound { message: None }, "no such deploy")
}

fn from_record(record: &str) -> Result<Deploy, Failure> {
    serde_json::from_str(record).map_err(|error| Failure::new(Code::Storage, error.to_string()))
}
