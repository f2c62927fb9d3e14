//! How much the cache holds, and what gives way when it is too much: what the platform can tell again, of the instances
//! that nobody has looked at for longest. Chats, versions of configurations and drafts are this computer's alone and stay.

use super::{Cache, Connection, Failure, note};
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What the cache is trimmed to once it is over its limit, so that this does not happen with every line.
const TRIMMED: f64 = 0.9;
/// Pages given back to the disk in one go: others wait meanwhile.
const PAGES_AT_ONCE: u32 = 2000;

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum StorageKind {
    /// The list.
    Fleet,
    /// Lines of logs.
    Logs,
    /// What operations answered: details, usage, conversations under consent, and the like.
    Answers,
    /// Messages and replies.
    Chats,
    /// Configurations and their versions.
    Versions,
    /// What this app saw change.
    History,
}

impl StorageKind {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Fleet, "select total(length(body)) from instances"),
        (Self::Logs, "select total(coalesce(length(message), 0) + 40) from log_lines"),
        (Self::Answers, "select total(length(body)) from seen"),
        (
            Self::Chats,
            "select (select total(length(body)) from exchanges) + (select total(length(text)) from drafts)",
        ),
        (Self::Versions, "select total(length(body)) from config_versions"),
        (Self::History, "select 80 * ((select count(*) from sightings) + (select count(*) from changes))"),
    ];
}

/// How much one kind takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct StoragePart {
    /// Which.
    pub kind: StorageKind,
    /// About so many bytes.
    pub bytes: f64,
}

impl Cache {
    /// Somebody looks at an instance: what is known of it gives way last.
    pub(crate) fn touch(&self, id: &InstanceId, at: DateTime<Utc>) {
        let sql = "insert or replace into used(instance_id, at) values(?1, ?2)";
        note(self.lock().execute(sql, params![id.as_str(), at.to_rfc3339()]).map_err(Failure::from));
    }

    /// Bytes that hold something.
    pub(crate) fn used_bytes(&self) -> Result<f64, Failure> {
        used_bytes(&self.lock())
    }

    /// How much each kind takes. Reads everything: a second for a million lines.
    pub(crate) fn parts(&self) -> Result<Vec<StoragePart>, Failure> {
        let connection = self.lock();
        let part =
            |(kind, sql)| Ok(StoragePart { kind, bytes: connection.query_row(sql, [], |row| row.get(0))? });
        StorageKind::ALL.into_iter().map(part).collect()
    }

    /// Makes room where the cache is over its limit, logs first. Returns the instances whose logs went.
    pub(crate) fn trim(&self, limit: f64) -> Result<Vec<InstanceId>, Failure> {
        if self.used_bytes()? <= limit {
            return Ok(Vec::new());
        }
        let mut gone = Vec::new();
        for (candidates, acts) in [
            (OLDEST_LOGS, ["delete from log_lines where instance_id = ?1", FORGET_TOTAL].as_slice()),
            (OLDEST_ANSWERS, [FORGET_ANSWERS].as_slice()),
        ] {
            for id in self.ids(candidates)? {
                if self.used_bytes()? <= limit * TRIMMED {
                    break;
                }
                // One instance at a time: who waits for the cache waits no longer than that.
                let connection = self.lock();
                acts.iter().try_for_each(|act| connection.execute(act, [&id]).map(drop))?;
                connection.execute_batch(&format!("pragma incremental_vacuum({PAGES_AT_ONCE})"))?;
                gone.push(id.into());
            }
        }
        Ok(gone)
    }

    /// Forgets everything that was kept for this profile.
    pub(crate) fn clear(&self) -> Result<(), Failure> {
        let connection = self.lock();
        for table in TABLES {
            connection.execute(&format!("delete from {table}"), [])?;
        }
        connection.execute_batch("pragma incremental_vacuum; pragma wal_checkpoint(truncate);")?;
        Ok(())
    }

    fn ids(&self, sql: &str) -> Result<Vec<String>, Failure> {
        let connection = self.lock();
        let mut statement = connection.prepare(sql)?;
        let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }
}

const TABLES: [&str; 13] = [
    "baselines",
    "followers",
    "instances",
    "seen",
    "exchanges",
    "drafts",
    "sightings",
    "changes",
    "log_lines",
    "log_totals",
    "config_versions",
    "used",
    "facts",
];
const FORGET_TOTAL: &str = "delete from log_totals where instance_id = ?1";
const OLDEST_LOGS: &str =
    "select t.instance_id from log_totals t left join used u on u.instance_id = t.instance_id
    order by u.at is not null, u.at, t.instance_id";
/// Consent says what may be shown, and a model policy is told by no operation: both stay. What belongs to a part of an
/// instance has that part's name behind a slash.
const OLDEST_ANSWERS: &str = "select s.id from (
        select distinct case instr(id, '/') when 0 then id else substr(id, 1, instr(id, '/') - 1) end as id
        from seen where kind not in ('consent', 'model_policy')) s
    left join used u on u.instance_id = s.id order by u.at is not null, u.at, s.id";
const FORGET_ANSWERS: &str = "delete from seen where kind not in ('consent', 'model_policy')
    and (id = ?1 or substr(id, 1, length(?1) + 1) = ?1 || '/')";

fn used_bytes(connection: &Connection) -> Result<f64, Failure> {
    let sql = "select (p.page_count - f.freelist_count) * z.page_size
               from pragma_page_count p, pragma_freelist_count f, pragma_page_size z";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nineheads_contract::logs::LogLine;

    fn filled() -> Cache {
        let cache = Cache::in_memory().expect("opens");
        let now = Utc::now();
        for n in 0..10 {
            let id = InstanceId::from(format!("i{n}"));
            let line =
                |seq| LogLine { message: Some("x".repeat(2000)), seq: Some(seq), ..LogLine::default() };
            cache.write_log_lines(&id, (0..50).map(line).collect()).expect("writes");
            cache.write_seen("detail", id.as_str(), &"y".repeat(5000), now);
            cache.write_seen("conversation", &format!("{id}/one"), &"z".repeat(5000), now);
            cache.write_seen("consent", id.as_str(), &true, now);
            cache.write_exchange(id.as_str(), &id, now, &"chat");
            cache.touch(&id, now + chrono::TimeDelta::seconds(n));
        }
        cache
    }

    #[test]
    fn what_nobody_looked_at_for_longest_gives_way_first_and_what_is_only_here_stays() {
        let cache = filled();
        let full = cache.used_bytes().expect("known");
        assert_eq!(cache.trim(full).expect("trims"), [], "within its limit nothing goes");
        let gone = cache.trim(full / 2.0).expect("trims");
        let oldest: Vec<InstanceId> = (0..gone.len()).map(|n| format!("i{n}").into()).collect();
        assert_eq!(gone, oldest);
        assert!((1..10).contains(&gone.len()), "{gone:?}");
        assert!(cache.used_bytes().expect("known") <= full / 2.0);
        assert_eq!(cache.count_log_lines(&"i0".into()).expect("reads"), 0);
        assert_eq!(cache.count_log_lines(&"i9".into()).expect("reads"), 50);
        cache.trim(0.0).expect("trims");
        assert!(cache.read_seen::<String>("detail", "i9").is_none());
        assert!(cache.read_seen::<String>("conversation", "i9/one").is_none());
        assert!(cache.read_seen::<bool>("consent", "i9").is_some());
        assert_eq!(cache.read_exchanges::<String>(&"i0".into()).expect("reads"), ["chat"]);
    }

    #[test]
    fn each_kind_says_what_it_takes_and_clearing_leaves_nothing() {
        let cache = filled();
        let bytes = |kind| {
            let parts = cache.parts().expect("reads");
            parts.iter().find(|part| part.kind == kind).map(|part| part.bytes).expect("each kind")
        };
        assert!(bytes(StorageKind::Logs) > 1_000_000.0);
        assert!(bytes(StorageKind::Answers) > 100_000.0);
        cache.clear().expect("clears");
        for (kind, _) in StorageKind::ALL {
            assert_eq!(bytes(kind), 0.0, "{kind:?}");
        }
    }
}
