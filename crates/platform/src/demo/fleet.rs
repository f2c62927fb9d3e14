//! The fleet a fresh store begins with. Only what a list shows is written; the rest is derived when it is asked for.

use super::names::name;
use super::offers::TIERS;
use super::orders::{agent_key_hash, public_address};
use crate::auth::{CUSTOMER, NEIGHBOUR, OTHER_CUSTOMER, Person};
use crate::dice::{dice, pick};
use crate::options::Options;
use crate::provider::simulated::{KEYLESS, LUCKY, MOODY, SILENT, STEADY, UNHEARD, any_failure, trouble_age};
use crate::store::agents::{self, Agent};
use crate::store::{Instance, instances};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rusqlite::Connection;
use uuid::Builder;

const REGIONS: [&str; 12] = [
    "eu-central",
    "eu-central",
    "eu-central",
    "eu-central",
    "eu-west",
    "eu-west",
    "eu-west",
    "eu-north",
    "us-east",
    "us-east",
    "us-west",
    "ap-southeast",
];
const PRESETS: [&str; 8] = [
    "personal_assistant",
    "personal_assistant",
    "personal_assistant",
    "personal_assistant",
    "customer_support",
    "customer_support",
    "research_assistant",
    "voice_concierge",
];
const RUNTIMES: [&str; 10] = [
    "expressclaw",
    "expressclaw",
    "expressclaw",
    "expressclaw",
    "expressclaw",
    "expressclaw",
    "expressclaw",
    "hermes",
    "hermes",
    "goose",
];
const DAY_MS: i64 = 86_400_000;
/// Instances of the other tenant.
const NEIGHBOURS: usize = 2;

/// Writes the fleet that the options ask for.
pub(crate) fn settle(db: &Connection, options: &Options, now: i64) -> rusqlite::Result<()> {
    let Some(fleet) = options.fleet else { return Ok(()) };
    let fleet = usize::try_from(fleet).unwrap_or_default();
    let mut rng = dice(options.seed, b"fleet", "rows");
    for number in 0..fleet + NEIGHBOURS {
        let owner = match number {
            n if n >= fleet => NEIGHBOUR,
            n if n % 5 < 3 => CUSTOMER,
            _ => OTHER_CUSTOMER,
        };
        let row = row(&mut rng, number, owner, options.no_failures, now);
        instances::insert(db, &row)?;
        if let Some(since) = row.agent.troubled_since {
            agents::trouble(db, row.id, since)?;
        }
    }
    Ok(())
}

/// How a fleet's nth instance fares.
enum Fate {
    Runs(i64),
    Failed,
    OnItsWay,
}

fn fate(rng: &mut ChaCha8Rng, number: usize, no_failures: bool) -> Fate {
    // Thrown always, so that the rest of the fleet is the same with and without failures.
    let luck = rng.random_range(0..400);
    match (number, luck) {
        _ if no_failures => Fate::Runs(STEADY),
        (2 | 6, _) => Fate::Runs(MOODY),
        (4, _) => Fate::Runs(KEYLESS),
        (5, _) => Fate::OnItsWay,
        (8, _) => Fate::Failed,
        (9, _) => Fate::Runs(UNHEARD),
        (11, _) => Fate::Runs(SILENT),
        (0..14, _) => Fate::Runs(STEADY),
        (_, 0..6) => Fate::Failed,
        (_, 6..12) => Fate::Runs(MOODY),
        (_, 12..14) => Fate::Runs(SILENT),
        _ => Fate::Runs(STEADY),
    }
}

pub(super) fn row(
    rng: &mut ChaCha8Rng,
    number: usize,
    owner: Person,
    no_failures: bool,
    now: i64,
) -> Instance {
    let id = Builder::from_random_bytes(rng.random()).into_uuid();
    let tier = &TIERS[[0, 0, 0, 1, 1, 1, 2, 2, 3][rng.random_range(0..9)]];
    // Many are young, few are old.
    let age_days = rng.random_range(0..=14) * rng.random_range(0..=14) + rng.random_range(0..=12);
    let mut created_at = now - age_days * DAY_MS - rng.random_range(600_000..DAY_MS);
    let fate = fate(rng, number, no_failures);
    let region = pick(rng, &REGIONS);
    let preset = pick(rng, &PRESETS);
    let consent = rng.random_ratio(1, 2);
    let touched_ago = rng.random_range(0..3 * DAY_MS);
    let runtime = pick(rng, &RUNTIMES);
    let mut temper = STEADY;
    let (mut status, mut stage, mut bootstrap_seq) = ("running", "live", 4);
    let (mut error_code, mut error_message) = (None, None);
    match fate {
        Fate::Runs(with) => temper = with,
        Fate::Failed => {
            let (seq, code, message) = any_failure(number);
            (status, stage, bootstrap_seq) = ("failed", "failed", seq);
            (error_code, error_message) = (Some(code.to_owned()), Some(message.to_owned()));
        }
        Fate::OnItsWay => {
            (status, stage, bootstrap_seq) = ("provisioning", "queued", 0);
            temper = LUCKY;
            created_at = now;
        }
    }
    let running = status == "running";
    let troubled_since = trouble_age(temper).map(|age| now - age);
    if troubled_since.is_some() {
        // Old enough to have been well before.
        created_at -= DAY_MS;
    }
    let [_, b, c, d] = u32::try_from(number + 2).unwrap_or_default().to_be_bytes();
    Instance {
        id,
        tenant: owner.tenant,
        customer: owner.customer,
        customer_email: owner.email.to_owned(),
        agent_name: Some(name(number)),
        hostname: Some(format!("vps-{:04x}", 0x7f3a + 733 * number)),
        ip_address: (status != "provisioning").then(|| public_address(id)),
        vpn_ip: Some(format!("10.{}.{c}.{d}", 64 + b)),
        provider: "hetzner".to_owned(),
        provider_instance_id: Some(format!("srv-{}", 48_210_000 + number)),
        region_id: region.to_owned(),
        preset_id: preset.to_owned(),
        tier_id: tier.id.to_string(),
        tier_name: Some(tier.name.to_owned()),
        server_plan: Some(tier.plan.to_owned()),
        runtime_type: runtime.to_owned(),
        recipe_id: None,
        workflow_slugs: Vec::new(),
        status: status.to_owned(),
        provisioning_stage: stage.to_owned(),
        bootstrap_seq,
        error_code,
        error_message,
        temper,
        seeded: status != "provisioning",
        consent: running && consent,
        agent_key_hash: running.then(|| agent_key_hash(id, 0)),
        created_at,
        updated_at: created_at.max(now - touched_ago),
        ready_at: running.then_some(created_at + 25_000),
        deleting_at: None,
        deleted_at: None,
        agent: Agent { troubled_since, ..Agent::default() },
    }
}
