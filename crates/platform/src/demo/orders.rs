//! From an accepted deploy to the row of an instance.

use super::offers::{runtime_of, tier_of};
use crate::dice::{dice, hex};
use crate::store::agents::Agent;
use crate::store::deploys::Deploy;
use crate::store::{Instance, instances};
use nineheads_contract::deploys::DEFAULT_PRESET;
use rand::RngExt;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// The row that a deploy asks for, with unique fields that no living instance has. The same seed, tenant and key make the
/// same instance, so that a run can be repeated.
pub(crate) fn order(db: &Connection, seed: u64, deploy: &Deploy, now: i64) -> rusqlite::Result<Instance> {
    let mut rng = dice(seed, deploy.tenant.as_bytes(), &format!("order {}", deploy.key));
    let id = Builder::from_random_bytes(rng.random()).into_uuid();
    let body = &deploy.body;
    let tier = tier_of(&body.tier_id);
    Ok(Instance {
        id,
        tenant: deploy.tenant,
        customer: deploy.customer,
        customer_email: deploy.customer_email.clone(),
        agent_name: body.agent_name.clone(),
        hostname: Some(free_hostname(db, body.agent_name.as_deref(), id)?),
        ip_address: None,
        vpn_ip: Some(free_vpn_ip(db, id)?),
        provider: "hetzner".to_owned(),
        provider_instance_id: Some(format!("srv-{}", id.simple())),
        region_id: body.region_id.clone(),
        preset_id: body.preset_id.clone().unwrap_or_else(|| DEFAULT_PRESET.to_owned()),
        tier_id: body.tier_id.clone(),
        tier_name: tier.map(|tier| tier.name.to_owned()),
        server_plan: tier.map(|tier| tier.plan.to_owned()),
        runtime_type: runtime_of(body.manifest_id.as_deref(), body.recipe_id.as_deref()).to_owned(),
        recipe_id: body.recipe_id.clone(),
        workflow_slugs: body.workflow_slugs.clone().unwrap_or_default(),
        status: "provisioning".to_owned(),
        provisioning_stage: "queued".to_owned(),
        bootstrap_seq: 0,
        error_code: None,
        error_message: None,
        temper: 0,
        seeded: false,
        consent: false,
        agent_key_hash: None,
        created_at: now,
        updated_at: now,
        ready_at: None,
        deleting_at: None,
        deleted_at: None,
        agent: Agent::default(),
    })
}

/// The agent's name as a hostname, numbered while it is taken. One that was deleted has given its name back.
fn free_hostname(db: &Connection, name: Option<&str>, id: Uuid) -> rusqlite::Result<String> {
    let words: Vec<String> = name
        .unwrap_or_default()
        .to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut stem = words.join("-");
    stem.truncate(40);
    let stem = match stem.trim_end_matches('-') {
        "" => format!("vps-{:08x}", id.as_fields().0),
        stem => stem.to_owned(),
    };
    let mut hostname = stem.clone();
    let mut number = 2;
    while instances::hostname_is_taken(db, &hostname)? {
        hostname = format!("{stem}-{number}");
        number += 1;
    }
    Ok(hostname)
}

/// An address of 10.128.0.0/9; a fleet's are below it.
fn free_vpn_ip(db: &Connection, id: Uuid) -> rusqlite::Result<String> {
    let mut number = id.as_fields().0;
    loop {
        let [_, b, c, d] = number.to_be_bytes();
        let address = format!("10.{}.{c}.{d}", 128 | b);
        if !instances::vpn_ip_is_taken(db, &address)? {
            return Ok(address);
        }
        number = number.wrapping_add(1);
    }
}

/// An address of the blocks that are reserved for documentation.
pub(crate) fn public_address(id: Uuid) -> String {
    let bytes = id.as_bytes();
    let block = ["192.0.2", "198.51.100", "203.0.113"][usize::from(bytes[14]) % 3];
    format!("{block}.{}", 1 + bytes[15] % 254)
}

/// Stands for the hash of the key that an agent fetched at a time.
pub(crate) fn agent_key_hash(id: Uuid, fetched_at: i64) -> String {
    hex(&Sha256::new().chain_update(id.as_bytes()).chain_update(fetched_at.to_le_bytes()).finalize())
}
