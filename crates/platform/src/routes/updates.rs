//! Operation 19: applies what is pending on a running instance.

use super::config::require_running;
use super::{logs, reply};
use crate::call::{Call, now};
use crate::refusal::Answer;
use crate::store::instances;
use nineheads_contract::updates::UpdatesApplied;

/// Operation 19. The names of its two booleans are not documented: any object is taken.
pub(crate) fn apply(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    check.dictionary();
    check.finish()?;
    let instance = call.find(id)?;
    require_running(&instance)?;
    call.store().write(|db| instances::touch(db, id, now()))?;
    logs::note(call, &instance, "updates", "pending configuration and skill updates applied")?;
    reply(&UpdatesApplied {
        instance_id: instance.wire_id(),
        message: Some("Updates applied".to_owned()),
        status: Some("applied".to_owned()),
    })
}
