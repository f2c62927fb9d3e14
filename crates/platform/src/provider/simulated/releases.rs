//! Which release of OpenClaw a simulated agent runs. One that came with a fleet may be behind; applied updates bring it to
//! the newest, with one more skill.

use crate::dice::dice;
use crate::store::Instance;
use rand::RngExt;

/// What a new agent gets.
pub(super) const NEWEST: &str = "2026.9.6";
/// What agents of a fleet may still run.
const OLDER: [&str; 3] = ["2026.9.2", "2026.8.19", "2026.8.1"];

/// What it runs.
pub(super) fn running(seed: u64, instance: &Instance) -> &'static str {
    match instance.agent.renewed_at {
        Some(_) => NEWEST,
        None => first(seed, instance),
    }
}

/// What it was made with.
pub(super) fn first(seed: u64, instance: &Instance) -> &'static str {
    if !instance.seeded {
        return NEWEST;
    }
    let throw = dice(seed, instance.id.as_bytes(), "release").random_range(0..2 * OLDER.len());
    OLDER.get(throw).copied().unwrap_or(NEWEST)
}

/// Skills that came with updates.
pub(super) fn skills_gained(seed: u64, instance: &Instance) -> usize {
    usize::from(running(seed, instance) != first(seed, instance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tests::instance;
    use crate::store::agents::Agent;

    #[test]
    fn some_of_a_fleet_are_behind_until_updates_are_applied_and_a_new_agent_never_is() {
        let of = |n: u128, seeded| Instance { id: uuid::Uuid::from_u128(n), seeded, ..instance() };
        let behind = (0..100).filter(|n| running(7, &of(*n, true)) != NEWEST).count();
        assert!((30..=70).contains(&behind), "{behind} of 100");
        let agent = Agent { renewed_at: Some(1), ..Agent::default() };
        assert!((0..100).all(|n| running(7, &Instance { agent, ..of(n, true) }) == NEWEST));
        assert!((0..100).all(|n| running(7, &of(n, false)) == NEWEST));
    }
}
