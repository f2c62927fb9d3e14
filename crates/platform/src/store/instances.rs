//! The instances' rows. A status is only ever changed here, each time by one statement that names the state it leaves.

use super::agents::{self, Agent};
use super::time;
use nineheads_contract::instances::{InstanceDetail, InstanceSummary, Status};
use nineheads_contract::local::LOCAL_PROVIDER;
use nineheads_contract::{InstanceId, deploys::DeployProgress};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One row.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) id: Uuid,
    pub(crate) tenant: Uuid,
    pub(crate) customer: Uuid,
    pub(crate) customer_email: String,
    pub(crate) agent_name: Option<String>,
    pub(crate) hostname: Option<String>,
    pub(crate) ip_address: Option<String>,
    pub(crate) vpn_ip: Option<String>,
    pub(crate) provider: String,
    pub(crate) provider_instance_id: Option<String>,
    pub(crate) region_id: String,
    pub(crate) preset_id: String,
    pub(crate) tier_id: String,
    pub(crate) tier_name: Option<String>,
    pub(crate) server_plan: Option<String>,
    pub(crate) runtime_type: String,
    pub(crate) recipe_id: Option<String>,
    pub(crate) workflow_slugs: Vec<String>,
    pub(crate) status: String,
    pub(crate) provisioning_stage: String,
    pub(crate) bootstrap_seq: i64,
    pub(crate) error_code: Option<String>,
    pub(crate) error_message: Option<String>,
    /// How it behaves in the simulation; see the provider.
    pub(crate) temper: i64,
    /// Made with the fleet: its past is derived, not stored.
    pub(crate) seeded: bool,
    pub(crate) consent: bool,
    pub(crate) agent_key_hash: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) ready_at: Option<i64>,
    pub(crate) deleting_at: Option<i64>,
    pub(crate) deleted_at: Option<i64>,
    pub(crate) agent: Agent,
}

impl Instance {
    pub(crate) fn is_running(&self) -> bool {
        self.status == "running"
    }

    /// Whether a real agent of this computer is behind it.
    pub(crate) fn is_local(&self) -> bool {
        self.provider == LOCAL_PROVIDER
    }

    /// The documented word for the bootstrap's number.
    pub(crate) fn bootstrap_stage(&self) -> Option<String> {
        let word = match self.bootstrap_seq {
            1 => "installing",
            2 => "configuring",
            3 => "securing",
            4 => "ready",
            _ => return None,
        };
        Some(word.to_owned())
    }

    /// What the person calls it.
    pub(crate) fn name(&self) -> &str {
        self.agent_name.as_deref().or(self.hostname.as_deref()).unwrap_or("this agent")
    }

    pub(crate) fn wire_id(&self) -> InstanceId {
        InstanceId(self.id.to_string())
    }

    pub(crate) fn detail(&self, health: Option<String>) -> InstanceDetail {
        let can = |word: &str| (word.to_owned(), self.is_running());
        InstanceDetail {
            id: self.wire_id(),
            agent_name: self.agent_name.clone(),
            callback_seq: Some(self.bootstrap_seq),
            callback_stage: self.bootstrap_stage(),
            capabilities: BTreeMap::from([
                can("chat"),
                can("config"),
                can("conversations"),
                ("voice".to_owned(), self.is_running() && self.preset_id == "voice_concierge"),
            ]),
            created_at: Some(time(self.created_at)),
            error_message: self.error_message.clone(),
            health_status: health,
            hostname: self.hostname.clone(),
            ip_address: self.ip_address.clone(),
            preset_id: preset_of(self.preset_id.clone(), &self.provider),
            provider: Some(self.provider.clone()),
            provisioning_stage: Some(self.provisioning_stage.clone()),
            region_id: Some(self.region_id.clone()),
            runtime_type: Some(self.runtime_type.clone()),
            server_type_plan: self.server_plan.clone(),
            status: Some(Status(self.status.clone())),
            updated_at: Some(time(self.updated_at)),
            vpn_ip: self.vpn_ip.clone(),
            workload_type: Some("agent".to_owned()),
        }
    }

    pub(crate) fn progress(&self) -> DeployProgress {
        DeployProgress {
            bootstrap_seq: Some(self.bootstrap_seq),
            bootstrap_stage: self.bootstrap_stage(),
            error_message: self.error_message.clone(),
            found: Some(true),
            hostname: self.hostname.clone(),
            instance_id: Some(self.wire_id()),
            logs: Vec::new(),
            provisioning_stage: Some(self.provisioning_stage.clone()),
            status: Some(Status(self.status.clone())),
        }
    }
}

/// An instance, a deleted one too.
pub(crate) fn find(db: &Connection, id: Uuid) -> rusqlite::Result<Option<Instance>> {
    db.prepare_cached(&whole("instances.id = ?1"))?.query_row([id.to_string()], read).optional()
}

/// What an instance was made from. An agent of this computer is made from what its recipe says; the preset that a create
/// fills in by itself says nothing of it.
fn preset_of(preset: String, provider: &str) -> Option<String> {
    (provider != LOCAL_PROVIDER).then_some(preset)
}

/// The living instances of a tenant, or of one of its customers, newest first.
pub(crate) fn list(
    db: &Connection,
    tenant: Uuid,
    customer: Option<Uuid>,
) -> rusqlite::Result<Vec<InstanceSummary>> {
    let mut statement = db.prepare_cached(
        "SELECT id, agent_name, created_at, customer_email, hostname, ip_address, preset_id, tier_name, provider,
                region_id, runtime_type, status
         FROM instances WHERE tenant = ?1 AND deleted_at IS NULL AND (?2 IS NULL OR customer = ?2)
         ORDER BY created_at DESC, id",
    )?;
    let rows =
        statement.query_map(params![tenant.to_string(), customer.map(|id| id.to_string())], |row| {
            Ok(InstanceSummary {
                id: InstanceId(row.get(0)?),
                agent_name: row.get(1)?,
                created_at: Some(time(row.get(2)?)),
                customer_email: row.get(3)?,
                hostname: row.get(4)?,
                ip_address: row.get(5)?,
                preset_id: preset_of(row.get(6)?, row.get_ref(8)?.as_str()?),
                product_tier_name: row.get(7)?,
                provider: row.get(8)?,
                region_id: row.get(9)?,
                runtime_type: row.get(10)?,
                status: Some(Status(row.get(11)?)),
                workload_type: Some("agent".to_owned()),
            })
        })?;
    rows.collect()
}

/// Writes a new row.
pub(crate) fn insert(db: &Connection, row: &Instance) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO instances (id, tenant, customer, customer_email, agent_name, hostname, ip_address, vpn_ip, provider,
            provider_instance_id, region_id, preset_id, tier_id, tier_name, server_plan, runtime_type, recipe_id,
            workflow_slugs, status, provisioning_stage, bootstrap_seq, error_code, error_message, temper, seeded, consent,
            agent_key_hash, created_at, updated_at, ready_at)
         VALUES (:id, :tenant, :customer, :customer_email, :agent_name, :hostname, :ip_address, :vpn_ip, :provider,
            :provider_instance_id, :region_id, :preset_id, :tier_id, :tier_name, :server_plan, :runtime_type, :recipe_id,
            :workflow_slugs, :status, :provisioning_stage, :bootstrap_seq, :error_code, :error_message, :temper, :seeded,
            :consent, :agent_key_hash, :created_at, :updated_at, :ready_at)",
    )?
    .execute(named_params! {
        ":id": row.id.to_string(),
        ":tenant": row.tenant.to_string(),
        ":customer": row.customer.to_string(),
        ":customer_email": row.customer_email,
        ":agent_name": row.agent_name,
        ":hostname": row.hostname,
        ":ip_address": row.ip_address,
        ":vpn_ip": row.vpn_ip,
        ":provider": row.provider,
        ":provider_instance_id": row.provider_instance_id,
        ":region_id": row.region_id,
        ":preset_id": row.preset_id,
        ":tier_id": row.tier_id,
        ":tier_name": row.tier_name,
        ":server_plan": row.server_plan,
        ":runtime_type": row.runtime_type,
        ":recipe_id": row.recipe_id,
        ":workflow_slugs": serde_json::to_string(&row.workflow_slugs).unwrap_or_default(),
        ":status": row.status,
        ":provisioning_stage": row.provisioning_stage,
        ":bootstrap_seq": row.bootstrap_seq,
        ":error_code": row.error_code,
        ":error_message": row.error_message,
        ":temper": row.temper,
        ":seeded": row.seeded,
        ":consent": row.consent,
        ":agent_key_hash": row.agent_key_hash,
        ":created_at": row.created_at,
        ":updated_at": row.updated_at,
        ":ready_at": row.ready_at,
    })?;
    Ok(())
}

/// Whether a hostname is taken by a living instance.
pub(crate) fn hostname_is_taken(db: &Connection, hostname: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM instances WHERE hostname = ?1")?.exists([hostname])
}

/// Whether an address of the private network is taken by a living instance.
pub(crate) fn vpn_ip_is_taken(db: &Connection, vpn_ip: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM instances WHERE vpn_ip = ?1")?.exists([vpn_ip])
}

/// Moves a provisioning on. False when the instance is not being provisioned any more.
pub(crate) fn advance(db: &Connection, row: &Instance) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached(
            "UPDATE instances SET status = ?2, provisioning_stage = ?3, bootstrap_seq = max(bootstrap_seq, ?4), error_code = ?5,
                error_message = ?6, ip_address = ?7, agent_key_hash = ?8, updated_at = ?9, ready_at = ?10
             WHERE id = ?1 AND status = 'provisioning'",
        )?
        .execute(params![
            row.id.to_string(),
            row.status,
            row.provisioning_stage,
            row.bootstrap_seq,
            row.error_code,
            row.error_message,
            row.ip_address,
            row.agent_key_hash,
            row.updated_at,
            row.ready_at
        ])?;
    Ok(changed == 1)
}

/// The one atomic transition of a delete. True for the caller who made it, and for no other.
pub(crate) fn begin_delete(db: &Connection, id: Uuid, now: i64) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached(
            "UPDATE instances SET status = 'deleting', deleting_at = ?2, updated_at = ?2
             WHERE id = ?1 AND deleted_at IS NULL AND status IN ('running', 'failed', 'error', 'provisioning')",
        )?
        .execute(params![id.to_string(), now])?;
    Ok(changed == 1)
}

/// The end of a delete: related records go, the row stays without its unique fields.
pub(crate) fn finish_delete(db: &Connection, id: Uuid, now: i64) -> rusqlite::Result<()> {
    let key = id.to_string();
    for table in ["settings", "log_lines", "agent_logs", "messages", "agents"] {
        db.prepare_cached(&format!("DELETE FROM {table} WHERE instance_id = ?1"))?.execute([&key])?;
    }
    db.prepare_cached(
        "UPDATE instances SET status = 'deleted', deleted_at = ?2, updated_at = ?2, vpn_ip = NULL, hostname = NULL,
            provider_instance_id = NULL, agent_key_hash = NULL
         WHERE id = ?1 AND status = 'deleting'",
    )?
    .execute(params![key, now])?;
    Ok(())
}

/// Keeps how an instance was made. The first snapshot stays.
pub(crate) fn keep_snapshot(db: &Connection, row: &Instance, now: i64) -> rusqlite::Result<()> {
    let snapshot = serde_json::json!({
        "agent_name": row.agent_name, "bootstrap_seq": row.bootstrap_seq, "created_at": time(row.created_at),
        "customer_id": row.customer, "error_code": row.error_code, "hostname": row.hostname,
        "ip_address": row.ip_address, "preset_id": row.preset_id, "provider": row.provider,
        "provider_instance_id": row.provider_instance_id, "recipe_id": row.recipe_id, "region_id": row.region_id,
        "runtime_type": row.runtime_type, "server_type_plan": row.server_plan, "status": row.status,
        "tier_id": row.tier_id, "vpn_ip": row.vpn_ip, "workflow_slugs": row.workflow_slugs,
    });
    db.prepare_cached(
        "INSERT OR IGNORE INTO provision_snapshots (instance_id, tenant, taken_at, snapshot) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![row.id.to_string(), row.tenant.to_string(), now, snapshot.to_string()])?;
    Ok(())
}

/// Grants or revokes.
pub(crate) fn set_consent(db: &Connection, id: Uuid, consent: bool) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE instances SET consent = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), consent])?;
    Ok(())
}

/// Nulls the agent's key.
pub(crate) fn forget_agent_key(db: &Connection, id: Uuid, now: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE instances SET agent_key_hash = NULL, updated_at = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), now])?;
    Ok(())
}

/// An agent has fetched a key. False when the instance has gone on meanwhile.
pub(crate) fn keep_agent_key(db: &Connection, id: Uuid, hash: &str) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached(
            "UPDATE instances SET agent_key_hash = ?2 WHERE id = ?1 AND status = 'running' AND agent_key_hash IS NULL",
        )?
        .execute(params![id.to_string(), hash])?;
    Ok(changed == 1)
}

/// Notes what is wrong with a running instance, or that nothing is any more.
pub(crate) fn set_trouble(
    db: &Connection,
    id: Uuid,
    trouble: Option<(&str, &str)>,
    now: i64,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE instances SET error_code = ?2, error_message = ?3, updated_at = ?4 WHERE id = ?1 AND status = 'running'",
    )?
    .execute(params![id.to_string(), trouble.map(|(code, _)| code), trouble.map(|(_, message)| message), now])?;
    Ok(())
}

/// Notes that an instance was changed.
pub(crate) fn touch(db: &Connection, id: Uuid, now: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE instances SET updated_at = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), now])?;
    Ok(())
}

/// A query for whole rows, each with its agent's.
pub(super) fn whole(condition: &str) -> String {
    let agents = agents::COLUMNS;
    format!(
        "SELECT instances.*, {agents} FROM instances LEFT JOIN agents ON agents.instance_id = instances.id
         WHERE {condition}"
    )
}

pub(super) fn uuid_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    Ok(row.get_ref(column)?.as_str().ok().and_then(|text| Uuid::parse_str(text).ok()).unwrap_or_default())
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Instance> {
    let slugs: String = row.get("workflow_slugs")?;
    Ok(Instance {
        id: uuid_at(row, 0)?,
        tenant: uuid_at(row, 1)?,
        customer: uuid_at(row, 2)?,
        customer_email: row.get("customer_email")?,
        agent_name: row.get("agent_name")?,
        hostname: row.get("hostname")?,
        ip_address: row.get("ip_address")?,
        vpn_ip: row.get("vpn_ip")?,
        provider: row.get("provider")?,
        provider_instance_id: row.get("provider_instance_id")?,
        region_id: row.get("region_id")?,
        preset_id: row.get("preset_id")?,
        tier_id: row.get("tier_id")?,
        tier_name: row.get("tier_name")?,
        server_plan: row.get("server_plan")?,
        runtime_type: row.get("runtime_type")?,
        recipe_id: row.get("recipe_id")?,
        workflow_slugs: serde_json::from_str(&slugs).unwrap_or_default(),
        status: row.get("status")?,
        provisioning_stage: row.get("provisioning_stage")?,
        bootstrap_seq: row.get("bootstrap_seq")?,
        error_code: row.get("error_code")?,
        error_message: row.get("error_message")?,
        temper: row.get("temper")?,
        seeded: row.get("seeded")?,
        consent: row.get("consent")?,
        agent_key_hash: row.get("agent_key_hash")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        ready_at: row.get("ready_at")?,
        deleting_at: row.get("deleting_at")?,
        deleted_at: row.get("deleted_at")?,
        agent: agents::read(row)?,
    })
}
