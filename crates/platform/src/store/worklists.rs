//! Which instances somebody has to look at: the worker, a clean-up, or whoever is alerted.

use super::instances::{Instance, read, uuid_at, whole};
use rusqlite::{Connection, params};
use uuid::Uuid;

/// The living instances of a tenant, or of one of its customers, that run or are dead.
pub(crate) fn settled(
    db: &Connection,
    tenant: Uuid,
    customer: Option<Uuid>,
) -> rusqlite::Result<Vec<Instance>> {
    db.prepare_cached(&whole(
        "tenant = ?1 AND (?2 IS NULL OR customer = ?2) AND deleted_at IS NULL
         AND status IN ('running', 'failed', 'error')",
    ))?
    .query_map(params![tenant.to_string(), customer.map(|id| id.to_string())], read)?
    .collect()
}

/// The instances that a worker has to look at.
pub(crate) fn moving(db: &Connection) -> rusqlite::Result<Vec<Instance>> {
    db.prepare_cached(&whole("deleted_at IS NULL AND status IN ('provisioning', 'deleting')"))?
        .query_map([], read)?
        .collect()
}

/// Running instances whose agent's key was taken and that have no other yet.
pub(crate) fn keyless(db: &Connection) -> rusqlite::Result<Vec<Instance>> {
    db.prepare_cached(&whole(
        "key_taken_at IS NOT NULL AND deleted_at IS NULL AND status = 'running' AND agent_key_hash IS NULL",
    ))?
    .query_map([], read)?
    .collect()
}

/// The living instances of a tenant that no agent of this computer stands behind.
pub(crate) fn simulated(db: &Connection, tenant: Uuid) -> rusqlite::Result<Vec<Uuid>> {
    db.prepare_cached(
        "SELECT id FROM instances WHERE tenant = ?1 AND deleted_at IS NULL
         AND id NOT IN (SELECT instance_id FROM local_agents)",
    )?
    .query_map([tenant.to_string()], |row| uuid_at(row, 0))?
    .collect()
}

/// The dead instances of a tenant.
pub(crate) fn dead(db: &Connection, tenant: Uuid) -> rusqlite::Result<Vec<Uuid>> {
    db.prepare_cached(
        "SELECT id FROM instances WHERE tenant = ?1 AND deleted_at IS NULL AND status IN ('error', 'failed')",
    )?
    .query_map([tenant.to_string()], |row| uuid_at(row, 0))?
    .collect()
}
