//! Deploys: one row for each idempotency key of a tenant, kept for ever.

use nineheads_contract::deploys::NewInstance;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

/// One accepted create.
#[derive(Debug, Clone)]
pub(crate) struct Deploy {
    pub(crate) tenant: Uuid,
    pub(crate) key: String,
    pub(crate) task: Uuid,
    pub(crate) customer: Uuid,
    pub(crate) customer_email: String,
    pub(crate) body: NewInstance,
    pub(crate) created_at: i64,
    pub(crate) instance: Option<Uuid>,
}

/// Keeps a deploy. False when the tenant has used this key before.
pub(crate) fn insert(db: &Connection, deploy: &Deploy) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached(
            "INSERT INTO deploys (tenant, idempotency_key, task_id, customer, customer_email, body, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            deploy.tenant.to_string(),
            deploy.key,
            deploy.task.to_string(),
            deploy.customer.to_string(),
            deploy.customer_email,
            serde_json::to_string(&deploy.body).unwrap_or_default(),
            deploy.created_at
        ])?;
    Ok(changed == 1)
}

/// The deploy of a key.
pub(crate) fn find(db: &Connection, tenant: Uuid, key: &str) -> rusqlite::Result<Option<Deploy>> {
    db.prepare_cached("SELECT * FROM deploys WHERE tenant = ?1 AND idempotency_key = ?2")?
        .query_row(params![tenant.to_string(), key], read)
        .optional()
}

/// Deploys whose instance no worker has made yet, oldest first.
pub(crate) fn waiting(db: &Connection) -> rusqlite::Result<Vec<Deploy>> {
    db.prepare_cached("SELECT * FROM deploys WHERE instance_id IS NULL ORDER BY created_at")?
        .query_map([], read)?
        .collect()
}

/// Notes which instance a deploy made.
pub(crate) fn set_instance(db: &Connection, deploy: &Deploy, instance: Uuid) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE deploys SET instance_id = ?3 WHERE tenant = ?1 AND idempotency_key = ?2")?
        .execute(params![deploy.tenant.to_string(), deploy.key, instance.to_string()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Deploy> {
    let id = |text: String| Uuid::parse_str(&text).unwrap_or_default();
    let body: String = row.get("body")?;
    Ok(Deploy {
        tenant: id(row.get("tenant")?),
        key: row.get("idempotency_key")?,
        task: id(row.get("task_id")?),
        customer: id(row.get("customer")?),
        customer_email: row.get("customer_email")?,
        body: serde_json::from_str(&body).unwrap_or_default(),
        created_at: row.get("created_at")?,
        instance: row.get::<_, Option<String>>("instance_id")?.map(id),
    })
}
