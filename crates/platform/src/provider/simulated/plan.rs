//! How a simulated server comes into being: every line of its log with its time, decided before the first one is written.

use super::health::LUCKY;
use super::releases;
use crate::dice::dice;
use crate::store::Instance;
use crate::store::logs::Line;
use rand::RngExt;

/// One line of a plan. Its offset counts simulated milliseconds from the row's making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) offset: i64,
    pub(super) seq: i64,
    pub(super) stage: &'static str,
    level: &'static str,
    message: String,
}

impl Mark {
    pub(super) fn line(&self, at: i64) -> Line {
        Line { at, level: self.level, stage: self.stage, message: self.message.clone() }
    }
}

/// A failure that is to come, or came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// 2 or 3: the documented bootstrap fails nowhere else.
    pub(super) seq: i64,
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// What fails at 2 and at 3, with the words of a log and a person.
const FAILURES: [(i64, &str, &str); 4] = [
    (2, "config_rejected", "The gateway refused its configuration: models.providers.default has no key"),
    (2, "runtime_missing", "The runtime's package could not be unpacked: no space left on the volume"),
    (3, "vpn_unreachable", "The private network did not answer within 60 s"),
    (3, "certificate_failed", "No certificate could be had for the server's name"),
];

/// Whether an instance that is being made will fail: about one in nine.
pub(super) fn fate(seed: u64, instance: &Instance) -> Option<Failure> {
    let mut rng = dice(seed, instance.id.as_bytes(), "fate");
    let fails = rng.random_ratio(1, 9);
    let which = rng.random_range(0..FAILURES.len());
    (fails && instance.temper != LUCKY).then(|| failure(which))
}

/// The failure of an instance that was already failed when its fleet was made.
pub(super) fn past_failure(instance: &Instance) -> Option<Failure> {
    let code = instance.error_code.as_deref()?;
    FAILURES.iter().position(|(_, known, _)| *known == code).map(failure)
}

fn failure(which: usize) -> Failure {
    let (seq, code, message) = FAILURES[which];
    Failure { seq, code, message: message.to_owned() }
}

/// A failure for a fleet's row: its step, code and message.
pub(crate) fn any_failure(number: usize) -> (i64, &'static str, &'static str) {
    FAILURES[number % FAILURES.len()]
}

/// Every line of a provisioning, in order. The last one is its end.
pub(super) fn marks(seed: u64, instance: &Instance, failure: Option<&Failure>) -> Vec<Mark> {
    let plan = instance.server_plan.as_deref().unwrap_or("cx23");
    let host = instance.hostname.as_deref().unwrap_or("the server");
    let (region, preset) = (&instance.region_id, &instance.preset_id);
    let vpn_ip = instance.vpn_ip.as_deref().unwrap_or("a private address");
    let runtime = match instance.runtime_type.as_str() {
        "expressclaw" => format!("openclaw {}: 330 packages", releases::first(seed, instance)),
        "hermes" => "hermes 3.4.1: 212 packages".to_owned(),
        _ => "goose 1.31.0: 88 packages".to_owned(),
    };
    let story: [(i64, i64, &'static str, String); 16] = [
        (0, 0, "creating_server", format!("server {plan} requested in {region}")),
        (1_400, 0, "creating_server", "volume of 40 GB attached".into()),
        (2_900, 0, "creating_server", format!("server {host} is up")),
        (3_100, 1, "installing_runtime", "bootstrap 1 of 4: installing".into()),
        (4_300, 1, "installing_runtime", "node 24.21.0 unpacked, checksum good".into()),
        (7_000, 1, "installing_runtime", format!("{runtime} installed")),
        (9_900, 1, "installing_runtime", "service written, user `agent` created".into()),
        (10_600, 2, "configuring_agent", "bootstrap 2 of 4: configuring".into()),
        (12_000, 2, "configuring_agent", format!("preset {preset} applied")),
        (13_900, 2, "configuring_agent", "skills loaded, workspace prepared".into()),
        (16_100, 2, "configuring_agent", "configuration is valid, 43 sections".into()),
        (17_000, 3, "securing_network", "bootstrap 3 of 4: securing".into()),
        (18_400, 3, "securing_network", format!("joined the private network as {vpn_ip}")),
        (20_600, 3, "securing_network", "firewall: 443 open, everything else closed".into()),
        (22_700, 3, "securing_network", "agent key fetched, its hash stored".into()),
        (24_200, 4, "live", "bootstrap 4 of 4: ready; the gateway answers".into()),
    ];
    // No two servers take equally long.
    let percent = dice(seed, instance.id.as_bytes(), "pace").random_range(88..=112);
    let mut marks: Vec<Mark> = story
        .into_iter()
        .take_while(|(_, seq, ..)| failure.is_none_or(|failure| *seq <= failure.seq))
        .map(|(offset, seq, stage, message)| Mark {
            offset: offset * percent / 100,
            seq,
            stage,
            level: "info",
            message,
        })
        .collect();
    if let (Some(failure), Some(last)) = (failure, marks.last().cloned()) {
        let after = |millis| last.offset + millis * percent / 100;
        let warning = "no answer yet, trying again (2 of 3)".to_owned();
        marks.push(Mark { offset: after(900), level: "warning", message: warning, ..last.clone() });
        marks.push(Mark {
            offset: after(2_400),
            stage: "failed",
            level: "error",
            message: format!("{}: {}", failure.code, failure.message),
            ..last
        });
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tests::instance;

    #[test]
    fn a_plan_only_goes_forward_and_fails_at_two_or_three_alone() {
        for which in [None, Some(0), Some(1), Some(2), Some(3)] {
            let failure = which.map(failure);
            let marks = marks(7, &instance(), failure.as_ref());
            assert!(marks.is_sorted_by_key(|mark| mark.offset));
            assert!(marks.is_sorted_by_key(|mark| mark.seq));
            let end = marks.last().expect("an end");
            assert_eq!(end.seq, failure.map_or(4, |failure| failure.seq));
            assert_eq!(end.level == "error", which.is_some());
        }
    }

    #[test]
    fn about_one_in_nine_fails() {
        let failed = (0..900)
            .filter(|n| {
                let id = uuid::Uuid::from_u128(*n);
                fate(7, &Instance { id, ..instance() }).is_some()
            })
            .count();
        assert!((70..=130).contains(&failed), "{failed} of 900");
    }
}
