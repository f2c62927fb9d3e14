//! Operation 19: applies what is pending on a running instance.

use super::config::require_running;
use super::{logs, model_policy, reply};
use crate::call::{Call, now};
use crate::refusal::Answer;
use crate::store::{agents, instances};
use nineheads_contract::updates::UpdatesApplied;

/// Operation 19. The names of its two booleans are not documented: any object is taken.
pub(crate) fn apply(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    check.dictionary();
    check.finish()?;
    let instance = call.find(id)?;
    require_running(&instance)?;
    let before = call.platform.provider.vitals(&instance, now());
    let pushed = call.store().write(|db| {
        agents::renew(db, id, now())?;
        instances::touch(db, id, now())?;
        model_policy::push_waiting(call, db, &instance)
    })?;
    let after = call.platform.provider.vitals(&call.find(id)?, now());
    let mut applied = vec!["Updates applied".to_owned()];
    if let (Some(old), Some(new)) = (before.agent_version, after.agent_version)
        && old != new
    {
        applied.push(format!("agent {old} is now {new}"));
    }
    let gained = after.skills.iter().filter(|skill| !before.skills.contains(skill));
    applied.extend(gained.map(|skill| format!("skill {skill} is new")));
    if pushed {
        applied.push("the stored model policy was pushed".to_owned());
    }
    let message = applied.join("; ");
    logs::note(call, &instance, "updates", "pending configuration and skill updates applied")?;
    reply(&UpdatesApplied {
        instance_id: instance.wire_id(),
        message: Some(message),
        status: Some("applied".to_owned()),
    })
}
