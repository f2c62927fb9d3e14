//! Operation 19: applies what is pending on a running instance.

use super::agent::refused;
use super::config::require_running;
use super::{logs, model_policy, reply};
use crate::call::{Call, now};
use crate::provider::openclaw::agent::Agent;
use crate::provider::openclaw::operations::updates as real;
use crate::refusal::{Answer, Refusal};
use crate::store::{Instance, agents, instances};
use nineheads_contract::updates::UpdatesApplied;

/// A real agent takes up what is installed on this computer when it starts. For one that was given up it is the way on.
fn start_again(call: &Call, instance: &Instance) -> Answer {
    let agent = call.platform.agents.get(instance.id).filter(Agent::is_ready);
    let (pushed, newer) = match &agent {
        Some(agent) => (
            model_policy::push_waiting_real(call, instance, agent)?,
            real::newer_version(agent).map_err(refused)?,
        ),
        None => (false, None),
    };
    call.platform.agents.restart(instance.id).map_err(Refusal::unavailable)?;
    call.store().write(|db| instances::touch(db, instance.id, now()))?;
    let mut said = vec!["The agent is being started again".to_owned()];
    if pushed {
        said.push("the stored model policy was pushed".to_owned());
    }
    if let Some(version) = newer {
        said.push(format!("version {version} exists, this app brings its own"));
    }
    let message = said.join("; ");
    logs::note(call, instance, "updates", "started again to take up updates")?;
    reply(&UpdatesApplied {
        instance_id: instance.wire_id(),
        message: Some(message),
        status: Some("applied".to_owned()),
    })
}

/// Operation 19. The names of its two booleans are not documented: any object is taken.
pub(crate) fn apply(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    check.dictionary();
    check.finish()?;
    let instance = call.find(id)?;
    require_running(&instance)?;
    if instance.is_local() {
        return start_again(call, &instance);
    }
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
