//! Operations 3 and 5: what only a tenant's admin may do.

use super::config::require_running;
use super::{instances::begin, logs, reply};
use crate::call::{Call, now};
use crate::refusal::{Answer, Refusal};
use crate::store::{Instance, agents, instances, worklists};
use nineheads_contract::admin::{CleanedUp, KeyRotated};

/// Operation 3.
pub(crate) fn rotate_key(call: &Call) -> Answer {
    let instance = call.instance()?;
    if instance.is_local() {
        return renew_token(call, &instance);
    }
    call.store().write(|db| {
        instances::forget_agent_key(db, instance.id, now())?;
        agents::take_key(db, instance.id, now())
    })?;
    logs::note(call, &instance, "rotate_key", "agent key hash removed; the agent will fetch a fresh key")?;
    call.platform.work.notify_one();
    reply(&KeyRotated { instance_id: instance.wire_id(), status: Some("rotated".to_owned()) })
}

/// A real agent's key is the token of its gateway: a fresh one takes a restart.
fn renew_token(call: &Call, instance: &Instance) -> Answer {
    require_running(instance)?;
    call.platform.agents.restart(instance.id).map_err(Refusal::unavailable)?;
    logs::note(call, instance, "rotate_key", "the agent gets a fresh token and is started again with it")?;
    reply(&KeyRotated { instance_id: instance.wire_id(), status: Some("rotated".to_owned()) })
}

/// Operation 5. Each one exactly as a single delete.
pub(crate) fn cleanup(call: &Call) -> Answer {
    let dead = call.store().read(|db| worklists::dead(db, call.caller.person.tenant))?;
    let (mut cleaned, mut errors) = (0, 0);
    for id in dead {
        let found = call.store().read(|db| instances::find(db, id)).map_err(Refusal::from);
        match found
            .and_then(|instance| instance.map_or(Ok(false), |instance| begin(&call.platform, &instance)))
        {
            Ok(true) => cleaned += 1,
            // Somebody else's delete came first.
            Ok(false) => {}
            Err(refusal) => {
                log::error!("{id} could not be cleaned up: {refusal:?}");
                errors += 1;
            }
        }
    }
    let message = match cleaned {
        0 => "No dead instances".to_owned(),
        1 => "1 instance cleaned up".to_owned(),
        n => format!("{n} instances cleaned up"),
    };
    reply(&CleanedUp { cleaned: Some(cleaned), errors: Some(errors), message: Some(message) })
}
