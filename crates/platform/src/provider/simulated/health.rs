//! How a simulated agent fares at a moment: a pure function of the seed, the instance and the time.

use super::super::Vitals;
use crate::dice::dice;
use crate::store::{Instance, time};
use rand::RngExt;

/// Health changes at most so often, in simulated time.
const SPELL_MS: i64 = 15 * 60 * 1_000;
/// Between two heartbeats, in simulated time.
const BEAT_MS: i64 = 10_000;
/// How long an agent that fell silent has been silent.
const SILENCE_MS: i64 = 5 * 60 * 60 * 1_000;

/// Mostly well.
pub(crate) const STEADY: i64 = 0;
/// Mostly degraded.
pub(crate) const MOODY: i64 = 1;
/// Its heartbeat stopped hours ago.
pub(crate) const SILENT: i64 = 2;
/// Mostly well, and its provisioning does not fail.
pub(crate) const LUCKY: i64 = 3;

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

pub(super) fn vitals(seed: u64, speed: f64, always_well: bool, instance: &Instance, now: i64) -> Vitals {
    let claw = instance.runtime_type == "expressclaw";
    let mut vitals = Vitals {
        health: None,
        failures: 0,
        error: None,
        last_heartbeat: None,
        uptime_seconds: None,
        connections: None,
        agent_version: claw.then_some("2026.9.6"),
        node_version: claw.then_some("24.21.0"),
        skills: Vec::new(),
    };
    if !instance.is_running() {
        let failed = matches!(instance.status.as_str(), "failed" | "error");
        vitals.health = failed.then_some("unhealthy");
        return vitals;
    }
    let id = instance.id.as_bytes();
    let mut lasting = dice(seed, id, "vitals");
    let skills = lasting.random_range(5..=SKILLS.len());
    let days_between_restarts: i64 = lasting.random_range(3..=20);
    let phase = lasting.random_range(0..BEAT_MS);
    vitals.skills = SKILLS[..skills].to_vec();

    let ready_at = instance.ready_at.unwrap_or(instance.created_at);
    let up_ms = (now - ready_at).max(0) % (days_between_restarts * 86_400_000);
    vitals.uptime_seconds = Some(up_ms / 1_000);

    let factor = if speed == 0.0 { 1.0 } else { speed };
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let simulated = (now as f64 * factor) as i64;
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let ago = |simulated_ms: i64| now - (simulated_ms as f64 / factor) as i64;
    let beat = ago((simulated + phase) % BEAT_MS);

    let mut spell = dice(seed, id, &format!("spell {}", simulated.div_euclid(SPELL_MS)));
    let complaint = COMPLAINTS[spell.random_range(0..COMPLAINTS.len())];
    let strikes = spell.random_range(1..=3);
    let degraded = match instance.temper {
        MOODY => spell.random_ratio(4, 5),
        _ => spell.random_ratio(1, 70),
    };
    vitals.connections = Some(spell.random_range(0..=4));
    vitals.health = Some("healthy");
    let mut last_beat = beat;
    if !always_well && instance.temper == SILENT {
        vitals.health = Some("unhealthy");
        vitals.failures = SILENCE_MS / BEAT_MS;
        vitals.connections = None;
        vitals.uptime_seconds = None;
        vitals.error = Some(("heartbeat_missed", "The agent has not been heard of for hours".into()));
        last_beat = now - SILENCE_MS;
    } else if !always_well && degraded {
        vitals.health = Some("degraded");
        vitals.failures = strikes;
        vitals.error = Some((complaint.0, complaint.1.to_owned()));
        last_beat = ago((simulated + phase) % BEAT_MS + strikes * BEAT_MS);
    }
    vitals.last_heartbeat = Some(time(last_beat.max(ready_at)));
    vitals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tests::instance;

    const NOON: i64 = 1_795_000_000_000;

    #[test]
    fn a_heartbeat_is_never_older_than_ten_seconds_while_all_is_well() {
        for second in 0..60 {
            let now = NOON + second * 1_000;
            let vitals = vitals(7, 1.0, true, &instance(), now);
            let age = now - vitals.last_heartbeat.expect("beats").timestamp_millis();
            assert!((0..=BEAT_MS).contains(&age), "{age} ms");
        }
    }

    #[test]
    fn health_degrades_and_recovers_and_is_the_same_when_asked_again() {
        let moody = Instance { temper: MOODY, ..instance() };
        let at = |spell: i64| vitals(7, 1.0, false, &moody, NOON + spell * SPELL_MS).health;
        let seen: Vec<_> = (0..60).map(at).collect();
        assert!(seen.contains(&Some("healthy")) && seen.contains(&Some("degraded")));
        assert_eq!(seen, (0..60).map(at).collect::<Vec<_>>());
    }

    #[test]
    fn a_silent_agent_was_heard_of_hours_ago() {
        let silent = Instance { temper: SILENT, ..instance() };
        let vitals = vitals(7, 1.0, false, &silent, NOON);
        assert_eq!(vitals.health, Some("unhealthy"));
        assert_eq!(NOON - vitals.last_heartbeat.expect("one").timestamp_millis(), SILENCE_MS);
    }
}
