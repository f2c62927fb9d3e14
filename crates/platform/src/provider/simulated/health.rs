//! How a simulated agent fares at a moment: a pure function of the seed, the instance and the time.

use super::super::Vitals;
use super::{Simulated, releases};
use crate::dice::dice;
use crate::store::{Instance, time};
use rand::RngExt;

/// Health changes at most so often, in simulated time.
const SPELL_MS: i64 = 15 * 60 * 1_000;
/// Between two heartbeats, in simulated time.
const BEAT_MS: i64 = 10_000;
const MINUTE_MS: i64 = 60 * 1_000;

/// Mostly well.
pub(crate) const STEADY: i64 = 0;
/// Mostly degraded.
pub(crate) const MOODY: i64 = 1;
/// Its heartbeat stopped hours ago, and nothing brings it back.
pub(crate) const SILENT: i64 = 2;
/// Mostly well, and its provisioning does not fail.
pub(crate) const LUCKY: i64 = 3;
/// It lost its key, and its heartbeat with it. A fresh key heals it.
pub(crate) const KEYLESS: i64 = 4;
/// It beats, but one of its channels is refused.
pub(crate) const UNHEARD: i64 = 5;

/// Skills that agents have, most of all first.
pub(super) const SKILLS: [&str; 16] = [
    "calendar",
    "web-search",
    "notes",
    "reminders",
    "email-drafts",
    "summaries",
    "bookings",
    "invoices",
    "translate",
    "spreadsheets",
    "maps",
    "weather",
    "contacts",
    "voice-notes",
    "pdf-reader",
    "image-captions",
];

const COMPLAINTS: [(&str, &str); 4] = [
    ("channel_unreachable", "Telegram has not answered for several minutes"),
    ("model_slow", "The model takes longer than 20 s for a reply"),
    ("memory_high", "The agent uses 91 % of the server's memory"),
    ("disk_high", "The volume is 94 % full"),
];

/// For how long a fleet's agent of this temper has been in trouble when its fleet is made.
pub(crate) fn trouble_age(temper: i64) -> Option<i64> {
    match temper {
        SILENT => Some(5 * 60 * MINUTE_MS),
        KEYLESS => Some(40 * MINUTE_MS),
        UNHEARD => Some(3 * 60 * MINUTE_MS + 20 * MINUTE_MS),
        _ => None,
    }
}

/// What is wrong with a running agent.
struct Trouble {
    health: &'static str,
    failures: i64,
    error: (&'static str, String),
    since: i64,
    /// The last heartbeat, where none came since.
    silent_since: Option<i64>,
}

pub(super) fn vitals(simulated: &Simulated, instance: &Instance, now: i64) -> Vitals {
    let claw = instance.runtime_type == "expressclaw";
    let mut vitals = Vitals {
        health: None,
        failures: 0,
        error: None,
        troubled_since: None,
        last_heartbeat: None,
        uptime_seconds: None,
        connections: None,
        agent_version: claw.then(|| releases::running(simulated.seed, instance).into()),
        node_version: claw.then(|| "24.21.0".into()),
        skills: Vec::new(),
    };
    if !instance.is_running() {
        let failed = matches!(instance.status.as_str(), "failed" | "error");
        vitals.health = failed.then_some("unhealthy");
        return vitals;
    }
    let mut lasting = dice(simulated.seed, instance.id.as_bytes(), "vitals");
    let skills = lasting.random_range(5..=SKILLS.len());
    let days_between_restarts: i64 = lasting.random_range(3..=20);
    let clock = Clock { factor: simulated.factor(), phase: lasting.random_range(0..BEAT_MS) };
    let skills = (skills + releases::skills_gained(simulated.seed, instance)).min(SKILLS.len());
    vitals.skills = SKILLS[..skills].iter().map(|skill| (*skill).into()).collect();

    let ready_at = instance.ready_at.unwrap_or(instance.created_at);
    let begun_at = instance.agent.renewed_at.unwrap_or(ready_at).max(ready_at);
    let up_ms = (now - begun_at).max(0) % (days_between_restarts * 86_400_000);
    vitals.uptime_seconds = Some(up_ms / 1_000);
    vitals.health = Some("healthy");
    let mut spell = clock.spell(simulated.seed, instance, now);
    vitals.connections = Some(spell.random_range(0..=4));

    let fetched_at = simulated.key_fetched(instance).filter(|at| *at <= now);
    // Nothing is accepted between the end of the old key and the fetching of the new one.
    let heard_until = match instance.agent.key_taken_at {
        Some(taken_at) if fetched_at.is_none() => now.min(taken_at),
        _ => now,
    };
    let mut last_beat = clock.beat(heard_until);
    if let Some(trouble) = trouble(simulated, instance, &clock, now) {
        // A heartbeat that was seen is never taken back.
        let missed = last_beat - clock.real(trouble.failures * BEAT_MS);
        last_beat =
            trouble.silent_since.unwrap_or_else(|| missed.max(clock.beat(trouble.since.min(heard_until))));
        if trouble.silent_since.is_some() {
            (vitals.connections, vitals.uptime_seconds) = (None, None);
        }
        vitals.health = Some(trouble.health);
        vitals.failures = trouble.failures;
        vitals.error = Some((trouble.error.0.into(), trouble.error.1));
        vitals.troubled_since = Some(trouble.since.max(ready_at));
    }
    let last_beat = last_beat.max(ready_at).max(fetched_at.unwrap_or(ready_at));
    vitals.last_heartbeat = Some(time(last_beat));
    vitals
}

fn trouble(simulated: &Simulated, instance: &Instance, clock: &Clock, now: i64) -> Option<Trouble> {
    if simulated.no_failures {
        return None;
    }
    let lasting = trouble_age(instance.temper).map(|age| instance.agent.troubled_since.unwrap_or(now - age));
    let missed = |since: i64| (now - since).max(0) / clock.real(BEAT_MS).max(1);
    match (instance.temper, lasting) {
        (SILENT, Some(since)) => Some(Trouble {
            health: "unhealthy",
            failures: missed(since),
            error: ("heartbeat_missed", "The agent has not been heard of for hours".into()),
            since,
            silent_since: Some(since),
        }),
        (KEYLESS, Some(_)) if simulated.key_fetched(instance).is_some_and(|at| at <= now) => None,
        (KEYLESS, Some(since)) => Some(Trouble {
            health: "degraded",
            failures: missed(since),
            error: (
                "agent_key_lost",
                "No heartbeat: the agent key was already issued, but the server never received it".into(),
            ),
            since,
            silent_since: Some(since),
        }),
        (UNHEARD, Some(since)) => Some(Trouble {
            health: "degraded",
            failures: 0,
            error: (
                "channel_failed",
                "Telegram: getMe failed, 401 Unauthorized; the bot's token was refused".into(),
            ),
            since,
            silent_since: None,
        }),
        _ => spell_of_trouble(simulated.seed, instance, clock, now),
    }
}

/// Whether this quarter of an hour is a bad one.
fn spell_of_trouble(seed: u64, instance: &Instance, clock: &Clock, now: i64) -> Option<Trouble> {
    let mut spell = clock.spell(seed, instance, now);
    let _connections: i64 = spell.random_range(0..=4);
    let (code, message) = COMPLAINTS[spell.random_range(0..COMPLAINTS.len())];
    let strikes = spell.random_range(1..=3);
    let degraded = match instance.temper {
        MOODY => spell.random_ratio(4, 5),
        _ => spell.random_ratio(1, 70),
    };
    degraded.then(|| Trouble {
        health: "degraded",
        failures: strikes,
        error: (code, message.to_owned()),
        since: clock.spell_began(now),
        silent_since: None,
    })
}

/// Simulated time, and one agent's beat in it.
struct Clock {
    factor: f64,
    phase: i64,
}

impl Clock {
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    fn simulated(&self, now: i64) -> i64 {
        (now as f64 * self.factor) as i64
    }

    /// A simulated duration in real milliseconds.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    fn real(&self, simulated_ms: i64) -> i64 {
        (simulated_ms as f64 / self.factor) as i64
    }

    /// The newest beat up to a moment.
    fn beat(&self, moment: i64) -> i64 {
        moment - self.real((self.simulated(moment) + self.phase).rem_euclid(BEAT_MS))
    }

    fn spell(&self, seed: u64, instance: &Instance, now: i64) -> rand_chacha::ChaCha8Rng {
        let number = self.simulated(now).div_euclid(SPELL_MS);
        dice(seed, instance.id.as_bytes(), &format!("spell {number}"))
    }

    fn spell_began(&self, now: i64) -> i64 {
        now - self.real(self.simulated(now).rem_euclid(SPELL_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tests::instance;
    use crate::options::Options;
    use crate::store::agents::Agent;

    const NOON: i64 = 1_795_000_000_000;

    fn agents(no_failures: bool) -> Simulated {
        Simulated::new(&Options { no_failures, ..Options::default() })
    }

    fn heartbeat(instance: &Instance, now: i64) -> i64 {
        vitals(&agents(false), instance, now).last_heartbeat.expect("one").timestamp_millis()
    }

    #[test]
    fn a_heartbeat_is_never_older_than_ten_seconds_while_all_is_well() {
        for second in 0..60 {
            let now = NOON + second * 1_000;
            let vitals = vitals(&agents(true), &instance(), now);
            let age = now - vitals.last_heartbeat.expect("beats").timestamp_millis();
            assert!((0..=BEAT_MS).contains(&age), "{age} ms");
        }
    }

    #[test]
    fn health_degrades_and_recovers_and_is_the_same_when_asked_again() {
        let moody = Instance { temper: MOODY, ..instance() };
        let at = |spell: i64| vitals(&agents(false), &moody, NOON + spell * SPELL_MS).health;
        let seen: Vec<_> = (0..60).map(at).collect();
        assert!(seen.contains(&Some("healthy")) && seen.contains(&Some("degraded")));
        assert_eq!(seen, (0..60).map(at).collect::<Vec<_>>());
    }

    #[test]
    fn a_heartbeat_only_ever_goes_forward() {
        let moody = Instance { temper: MOODY, ..instance() };
        let beats: Vec<_> = (0..2_000).map(|step| heartbeat(&moody, NOON + step * 3_000)).collect();
        assert!(beats.is_sorted());
    }

    #[test]
    fn a_silent_agent_was_heard_of_hours_ago_and_stays_at_that() {
        let agent = Agent { troubled_since: Some(NOON - 1_000), ..Agent::default() };
        let silent = Instance { temper: SILENT, agent, ..instance() };
        assert_eq!(vitals(&agents(false), &silent, NOON).health, Some("unhealthy"));
        assert_eq!(heartbeat(&silent, NOON), heartbeat(&silent, NOON + 3_600_000));
        let rotated = Agent { key_taken_at: Some(NOON), ..agent };
        assert_eq!(heartbeat(&Instance { agent: rotated, ..silent }, NOON + 60_000), NOON - 1_000);
    }

    #[test]
    fn no_heartbeat_comes_between_two_keys_and_a_new_one_after_them() {
        let agent = Agent { key_taken_at: Some(NOON), ..Agent::default() };
        let rotated = Instance { agent, ..instance() };
        let fetched = agents(false).key_fetched(&rotated).expect("it fetches one");
        assert!(fetched > NOON);
        let before = heartbeat(&instance(), NOON);
        assert!((NOON..fetched).step_by(500).all(|now| heartbeat(&rotated, now) == before));
        assert!(heartbeat(&rotated, fetched) >= fetched);
        assert!(heartbeat(&rotated, fetched + 60_000) > fetched);
    }

    #[test]
    fn a_fresh_key_heals_an_agent_that_lost_its_own() {
        let agent = Agent { troubled_since: Some(NOON - 40 * MINUTE_MS), ..Agent::default() };
        let lost = Instance { temper: KEYLESS, agent, ..instance() };
        assert_eq!(heartbeat(&lost, NOON), NOON - 40 * MINUTE_MS);
        let agent = Agent { key_taken_at: Some(NOON), ..agent };
        let healed = Instance { agent, ..lost };
        let later = NOON + MINUTE_MS;
        let error = vitals(&agents(false), &healed, later).error;
        assert!(error.is_none_or(|(code, _)| code != "agent_key_lost"));
        assert!(heartbeat(&healed, later) > NOON);
    }
}
