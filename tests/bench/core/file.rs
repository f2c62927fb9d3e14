//! P10: writing and reading a list of 10,000 in the encrypted cache, against the same schema, the same rows and the same JSON in a
//! plain file.

use crate::clock::cost;
use crate::lists;
use crate::row::{Goal, Sheet};
use chrono::{DateTime, Utc};
use nineheads_contract::instances::{InstanceList, InstanceSummary};
use nineheads_core::CacheKind;
use nineheads_core::measured::MeasuredCache;
use nineheads_tests::numbers::{CPU, Turns};
use rusqlite::{Connection, params};
use secrecy::SecretString;
use std::cell::Cell;
use std::path::Path;

const ROUNDS: usize = 12;

/// S0.
struct Plain(Connection);

impl Plain {
    fn open(file: &Path) -> Self {
        let connection = Connection::open(file).expect("a file");
        connection.pragma_update(None, "journal_mode", "wal").expect("a log");
        connection.pragma_update(None, "synchronous", "normal").expect("its sync");
        let tables: i64 = connection
            .query_row("select count(*) from sqlite_schema", [], |row| row.get(0))
            .expect("a schema");
        if tables == 0 {
            connection.pragma_update(None, "auto_vacuum", "incremental").expect("a pragma");
            connection
                .execute_batch(include_str!("../../../crates/core/src/cache/schema.sql"))
                .expect("a schema");
        }
        Self(connection)
    }

    /// In the order of the table, as fast as it goes.
    fn write(&mut self, rows: &[InstanceSummary], at: DateTime<Utc>) {
        let mut rows: Vec<_> = rows.iter().collect();
        rows.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        let transaction = self.0.transaction().expect("a transaction");
        {
            let sql = "insert or replace into instances(id, body) values(?1, ?2)";
            let mut put = transaction.prepare_cached(sql).expect("SQL");
            for row in rows {
                let body = serde_json::to_string(row).expect("JSON");
                put.execute(params![row.id.as_str(), body]).expect("written");
            }
        }
        let sql = "insert or replace into facts(name, value) values('list_seen_at', ?1)";
        transaction.execute(sql, [at.to_rfc3339()]).expect("written");
        transaction.commit().expect("kept");
    }

    fn read(&self) -> Vec<InstanceSummary> {
        let mut statement = self.0.prepare_cached("select body from instances").expect("SQL");
        let bodies = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        bodies.map(|body| serde_json::from_str(&body.expect("a row")).expect("a row")).collect()
    }
}

pub(crate) fn measure(sheet: &mut Sheet) {
    let folder = tempfile::tempdir().expect("a folder");
    let version = lists::make(folder.path(), 10_000, 1).remove(0);
    let rows = serde_json::from_slice::<InstanceList>(&version.body).expect("a list").instances;
    let (at, key) = (Utc::now(), SecretString::from("5f".repeat(32)));
    let number = Cell::new(0);
    let fresh = || {
        number.set(number.get() + 1);
        folder.path().join(format!("{}.db", number.get()))
    };
    let open = |file: &Path| {
        let cache = MeasuredCache::open(file, &key).expect("a cache");
        assert_eq!(cache.kind(), CacheKind::Encrypted);
        cache
    };
    let goal =
        |what: &str, most| Goal { id: "P10", what: what.into(), of: "S0", most: Some(most), band: CPU };

    let clear = |file: &Path| std::fs::remove_file(file).expect("it was there");
    sheet.ratio(&goal("encrypted cache: 10,000 written into a new file", 1.25), || {
        Turns::take(
            ROUNDS,
            || {
                let file = fresh();
                let mut plain = Plain::open(&file);
                let (cpu, ..) = cost(|| plain.write(&rows, at));
                drop(plain);
                clear(&file);
                cpu
            },
            || {
                let file = fresh();
                let cache = open(&file);
                let (cpu, _, written) = cost(|| cache.write_list(&rows, at));
                written.expect("written");
                drop(cache);
                clear(&file);
                cpu
            },
        )
    });

    let (in_plain, encrypted) = (fresh(), fresh());
    Plain::open(&in_plain).write(&rows, at);
    open(&encrypted).write_list(&rows, at).expect("written");
    sheet.ratio(&goal("encrypted cache: 10,000 read from a file just opened", 1.6), || {
        Turns::take(
            ROUNDS,
            || {
                let plain = Plain::open(&in_plain);
                let (cpu, _, read) = cost(|| plain.read());
                assert_eq!(read.len(), rows.len());
                cpu
            },
            || {
                let cache = open(&encrypted);
                let (cpu, _, read) = cost(|| cache.read_list().expect("read").expect("there").0.instances);
                assert_eq!(read.len(), rows.len());
                cpu
            },
        )
    });
}
