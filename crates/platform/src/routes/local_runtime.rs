//! The runtime that real agents run in: told, installed, removed; and whether agents go on without the app. Of this
//! computer alone, see `docs/api.md`.

use super::reply;
use crate::call::Call;
use crate::provider::openclaw::host::Host;
use crate::refusal::{Answer, Refusal};
use crate::store::{choices, local_agents};
use nineheads_contract::local::{LocalRuntime, LocalRuntimeState};

/// Where it stands.
pub(crate) fn get(call: &Call) -> Answer {
    tell(call, host(call)?)
}

/// Begins to install it. One that is ready, or on its way, stays as it is.
pub(crate) fn install(call: &Call) -> Answer {
    let host = host(call)?;
    host.runtime().install();
    tell(call, host)
}

/// Removes it, or ends an installation.
pub(crate) fn remove(call: &Call) -> Answer {
    let host = host(call)?;
    let agents = call.store().read(local_agents::all)?.len();
    let is_installing = host.runtime().tell().state == LocalRuntimeState::Installing;
    // An installation may be ended while a deploy waits for it: that one fails, and says why.
    if agents > 0 && !is_installing {
        let message = match agents {
            1 => "An agent runs in it. Delete the agent first.".to_owned(),
            n => format!("{n} agents run in it. Delete them first."),
        };
        return Err(Refusal::conflict(message));
    }
    host.runtime().remove();
    tell(call, host)
}

/// Chooses whether agents go on when the app ends.
pub(crate) fn keep_running(call: &Call) -> Answer {
    let mut check = call.check();
    check.model();
    let keep = check.required_bool("keep_running");
    check.finish()?;
    let host = host(call)?;
    host.set_keep_running(keep).map_err(|error| {
        Refusal::conflict(format!(
            "Agents that go on need a place for their tokens, and the keystore refused: {error}. Unlock it and try again."
        ))
    })?;
    call.store().write(|db| choices::set_keep_running(db, keep))?;
    tell(call, host)
}

fn host(call: &Call) -> Result<&Host, Refusal> {
    call.platform.host.as_ref().ok_or_else(|| Refusal::not_found("Runtime"))
}

fn tell(call: &Call, host: &Host) -> Answer {
    let (agents, keep_running) = call
        .store()
        .read(|db| Ok::<_, rusqlite::Error>((local_agents::all(db)?, choices::keep_running(db)?)))?;
    let agents = u32::try_from(agents.len()).unwrap_or(u32::MAX);
    reply(&LocalRuntime { agents, keep_running, ..host.runtime().tell() })
}
