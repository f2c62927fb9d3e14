//! Everything invented that rows are made of: the demo's fleet, the offers of the platform, names and addresses.
//! What an agent does later is the provider's.

mod churn;
mod fleet;
mod listings;
mod names;
mod offers;
mod orders;

pub(crate) use churn::churn;
pub(crate) use fleet::settle;
pub(crate) use listings::{MODELS, TEMPLATES, WORKFLOWS};
pub(crate) use offers::{RECIPES, TIERS};
pub(crate) use orders::{agent_key_hash, order, public_address};

#[cfg(test)]
pub(crate) mod tests {
    use crate::store::Instance;
    use uuid::Uuid;

    /// A running instance to make others from.
    pub(crate) fn instance() -> Instance {
        let nobody = crate::auth::CUSTOMER;
        Instance {
            id: Uuid::from_u128(0xa1),
            tenant: nobody.tenant,
            customer: nobody.customer,
            customer_email: nobody.email.to_owned(),
            agent_name: Some("Harbour desk".into()),
            hostname: Some("vps-7f3a".into()),
            ip_address: Some("203.0.113.24".into()),
            vpn_ip: Some("10.64.0.2".into()),
            provider: "hetzner".into(),
            provider_instance_id: Some("srv-1".into()),
            region_id: "eu-central".into(),
            preset_id: "personal_assistant".into(),
            tier_id: super::TIERS[0].id.to_string(),
            tier_name: Some(super::TIERS[0].name.into()),
            server_plan: Some(super::TIERS[0].plan.into()),
            runtime_type: "expressclaw".into(),
            recipe_id: None,
            workflow_slugs: Vec::new(),
            status: "running".into(),
            provisioning_stage: "live".into(),
            bootstrap_seq: 4,
            error_code: None,
            error_message: None,
            temper: 0,
            seeded: true,
            consent: false,
            agent_key_hash: None,
            created_at: 0,
            updated_at: 0,
            ready_at: Some(25_000),
            deleting_at: None,
            deleted_at: None,
            agent: crate::store::agents::Agent::default(),
        }
    }
}
