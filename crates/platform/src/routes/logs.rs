//! Operation 14, and the lines that other operations show or leave.

use super::reply;
use crate::call::{Call, now};
use crate::provider::openclaw::agent::Agent;
use crate::provider::openclaw::operations::logs as real;
use crate::refusal::{Answer, Refusal};
use crate::store::Instance;
use crate::store::logs::{self, Line};
use nineheads_contract::logs::{LogLine, ProvisionLogs};

/// Operation 14.
pub(crate) fn get(call: &Call) -> Answer {
    let instance = call.instance()?;
    if let Ok(Some(agent)) = call.agent(&instance) {
        keep_news(call, &instance, &agent)?;
    }
    let logs = lines(call, &instance)?;
    let total = i64::try_from(logs.len()).ok();
    reply(&ProvisionLogs { instance_id: instance.wire_id(), logs, total })
}

/// Keeps what a real agent wrote since the last look, so that a line has one number for good. An agent that does not
/// tell keeps nobody from the lines that are here.
fn keep_news(call: &Call, instance: &Instance, agent: &Agent) -> Result<(), Refusal> {
    let cursor = call.store().read(|db| logs::cursor(db, instance.id))?;
    match real::read(agent, cursor) {
        Ok(news) => {
            Ok(call.store().write(|db| logs::add_news(db, instance.id, cursor, &news.lines, news.cursor))?)
        }
        Err(error) => {
            log::warn!("the log of {} could not be read: {error}", instance.id);
            Ok(())
        }
    }
}

/// Every line of an instance, ordered by `seq`.
pub(super) fn lines(call: &Call, instance: &Instance) -> Result<Vec<LogLine>, Refusal> {
    let stored = call.store().read(|db| logs::list(db, instance.id))?;
    // The making of a fleet's instances was never written down; a deleted one's lines are gone for good.
    let past = match instance.seeded && instance.deleted_at.is_none() {
        true => call.platform.provider.past_lines(instance),
        false => Vec::new(),
    };
    let past = (1..).zip(&past).map(|(seq, line)| line.numbered(seq));
    Ok(past.chain(stored).collect())
}

/// Leaves a line about something that was done to an instance.
pub(super) fn note(
    call: &Call,
    instance: &Instance,
    stage: &'static str,
    message: &str,
) -> Result<(), Refusal> {
    leave(call, instance, "info", stage, message)
}

/// Leaves a line about something that went wrong with it.
pub(super) fn warn(
    call: &Call,
    instance: &Instance,
    stage: &'static str,
    message: &str,
) -> Result<(), Refusal> {
    leave(call, instance, "warning", stage, message)
}

fn leave(
    call: &Call,
    instance: &Instance,
    level: &'static str,
    stage: &'static str,
    message: &str,
) -> Result<(), Refusal> {
    let line = Line { at: now(), level, stage, message: message.to_owned() };
    Ok(call.store().write(|db| logs::add(db, instance.id, &line))?)
}
