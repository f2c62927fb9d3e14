//! How a fleet changes from look to look: for whoever wants to see whether every change arrives. The seed says what.

use super::fleet;
use super::names::name;
use crate::auth::CUSTOMER;
use crate::dice::dice;
use crate::store::instances;
use rand::RngExt;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// What happens to a row, in a hundred.
const RENAMED: u32 = 60;
const FAILED_OR_MENDED: u32 = 84;
const GONE: u32 = 92;

/// Changes so many rows of the first tenant: renamed, failed or mended, gone, or new; about as many come as go.
pub(crate) fn churn(db: &Connection, rows: u32, seed: u64, now: i64) -> rusqlite::Result<()> {
    let mut rng = dice(seed, b"fleet", "churn");
    let mut living: Vec<String> = db
        .prepare_cached("SELECT id FROM instances WHERE tenant = ?1 AND deleted_at IS NULL ORDER BY id")?
        .query_map([CUSTOMER.tenant.to_string()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let all: i64 = db.query_row("SELECT count(*) FROM instances", [], |row| row.get(0))?;
    let mut next = usize::try_from(all).unwrap_or_default();
    for _ in 0..rows {
        let fate = rng.random_range(0..100);
        if living.is_empty() || fate >= GONE {
            // Every row that there ever was has its number.
            instances::insert(db, &fleet::row(&mut rng, next, CUSTOMER, true, now))?;
            next += 1;
            continue;
        }
        let at = rng.random_range(0..living.len());
        if fate < RENAMED {
            let called = format!("{} {}", name(rng.random_range(0..100_000)), rng.random_range(0..1000));
            db.prepare_cached("UPDATE instances SET agent_name = ?2, updated_at = ?3 WHERE id = ?1")?
                .execute(params![living[at], called, now])?;
        } else if fate < FAILED_OR_MENDED {
            db.prepare_cached(
                "UPDATE instances SET status = iif(status = 'running', 'failed', 'running'), updated_at = ?2
                 WHERE id = ?1",
            )?
            .execute(params![living[at], now])?;
        } else {
            let id = Uuid::parse_str(&living.swap_remove(at)).unwrap_or_default();
            instances::begin_delete(db, id, now)?;
            instances::finish_delete(db, id, now)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::settle;
    use crate::options::Options;
    use crate::store::Store;
    use nineheads_contract::instances::InstanceSummary;
    use std::collections::HashSet;

    fn list(store: &Store) -> Vec<InstanceSummary> {
        store.read(|db| instances::list(db, CUSTOMER.tenant, None)).expect("reads")
    }

    #[test]
    fn a_hundredth_of_the_rows_is_another_and_the_fleet_stays_about_as_large() {
        let store = Store::open(None).expect("opens");
        let options = Options { fleet: Some(1000), no_failures: true, ..Options::default() };
        store.write(|db| settle(db, &options, 0)).expect("writes");
        let first = list(&store);
        for seed in 0..100 {
            let before = list(&store);
            store.write(|db| churn(db, 10, seed, 1)).expect("writes");
            let after = list(&store);
            let same = after.iter().filter(|row| before.contains(row)).count();
            let ids: HashSet<_> = after.iter().map(|row| &row.id).collect();
            assert_eq!(ids.len(), after.len());
            assert!((980..1000).contains(&same), "{same}");
        }
        let last = list(&store);
        assert!((900..1100).contains(&last.len()), "{}", last.len());
        assert!(last.iter().filter(|row| !first.contains(row)).count() > 300);
    }
}
