//! Agents that only seem to be there: believable lives as pure functions of the seed, the instance and the time.
//! Durations are divided by the speed; a speed of 0 leaves none.

pub(crate) use health::{KEYLESS, LUCKY, MOODY, SILENT, STEADY, UNHEARD, trouble_age};
pub(crate) use plan::any_failure;

mod answers;
mod config;
mod conversations;
mod health;
mod plan;
mod releases;
mod usage;

use super::{Day, Outcome, Progress, Provider, Situation, Vitals};
use crate::options::Options;
use crate::store::Instance;
use crate::store::logs::Line;
use crate::store::messages::Conversation;
use serde_json::{Map, Value};
use std::time::Duration;

/// How long a create waits for a worker.
const QUEUE_MS: i64 = 800;
/// How long a server takes to be torn down.
const TEARDOWN_MS: i64 = 2_500;
/// How long an agent takes to notice that its key is gone and to fetch a fresh one.
const KEY_FETCH_MS: i64 = 6_000;
/// Even at once is later: the heartbeat that proves a fresh key must be newer than the answer that took the old one.
const LEAST_KEY_FETCH_MS: i64 = 200;
/// Between two words.
const WORD_MS: i64 = 35;

/// The simulation with its seed and speed.
pub(crate) struct Simulated {
    seed: u64,
    speed: f64,
    no_failures: bool,
}

impl Simulated {
    pub(crate) fn new(options: &Options) -> Self {
        Self { seed: options.seed, speed: options.speed, no_failures: options.no_failures }
    }

    /// A simulated duration in real milliseconds.
    fn scaled(&self, millis: i64) -> i64 {
        if self.speed == 0.0 {
            return 0;
        }
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        let scaled = (millis as f64 / self.speed) as i64;
        scaled
    }

    /// How much faster than life an agent's days go by; at once is no speed to live at.
    fn factor(&self) -> f64 {
        if self.speed == 0.0 { 1.0 } else { self.speed }
    }

    /// When an agent whose key was taken has a fresh one; none where nothing was taken, or nobody answers.
    fn key_fetched(&self, instance: &Instance) -> Option<i64> {
        let answers = self.no_failures || instance.temper != SILENT;
        let taken_at = instance.agent.key_taken_at.filter(|_| answers)?;
        Some(taken_at + self.scaled(KEY_FETCH_MS).max(LEAST_KEY_FETCH_MS))
    }
}

impl Provider for Simulated {
    fn taken_up_at(&self, accepted_at: i64) -> i64 {
        accepted_at + self.scaled(QUEUE_MS)
    }

    fn progress(&self, instance: &Instance, now: i64) -> Progress {
        let failure = if self.no_failures { None } else { plan::fate(self.seed, instance) };
        let marks = plan::marks(self.seed, instance, failure.as_ref());
        let at = |offset: i64| instance.created_at + self.scaled(offset);
        let due = marks.iter().take_while(|mark| at(mark.offset) <= now).count();
        let newest = &marks[due.saturating_sub(1)];
        let outcome = (due == marks.len()).then(|| match failure {
            Some(failure) => Outcome::Failed { code: failure.code.to_owned(), message: failure.message },
            None => Outcome::Ready { at: at(newest.offset) },
        });
        Progress {
            lines: marks[..due].iter().map(|mark| mark.line(at(mark.offset))).collect(),
            bootstrap_seq: newest.seq,
            stage: newest.stage,
            outcome,
            next_at: marks.get(due).map(|mark| at(mark.offset)),
        }
    }

    fn torn_down_at(&self, instance: &Instance) -> i64 {
        instance.deleting_at.unwrap_or_default() + self.scaled(TEARDOWN_MS)
    }

    fn past_lines(&self, instance: &Instance) -> Vec<Line> {
        let failure = plan::past_failure(instance);
        let marks = plan::marks(self.seed, instance, failure.as_ref());
        marks.iter().map(|mark| mark.line(instance.created_at + mark.offset)).collect()
    }

    fn vitals(&self, instance: &Instance, now: i64) -> Vitals {
        health::vitals(self, instance, now)
    }

    fn key_fetched_at(&self, instance: &Instance) -> Option<i64> {
        self.key_fetched(instance)
    }

    fn first_config(&self, instance: &Instance) -> Map<String, Value> {
        config::first(self.seed, instance)
    }

    fn past_conversations(&self, instance: &Instance, now: i64) -> Vec<Conversation> {
        conversations::past(self.seed, instance, now)
    }

    fn usage(&self, instance: &Instance, days: i64, now: i64) -> Vec<Day> {
        usage::days(self.seed, instance, days, now)
    }

    fn reply(&self, question: &str, situation: &Situation) -> String {
        answers::reply(question, situation)
    }

    fn pause(&self) -> Duration {
        Duration::from_millis(self.scaled(WORD_MS).unsigned_abs())
    }
}
