//! The demo's instances, removed in one act. Of this computer alone, see `docs/api.md`.

use super::{instances::begin, reply};
use crate::call::Call;
use crate::refusal::Answer;
use crate::store::{instances, worklists};
use nineheads_contract::local::DemoRemoved;

/// Each one exactly as a single delete; real agents stay.
pub(crate) fn remove(call: &Call) -> Answer {
    let mut removed = 0;
    for id in call.store().read(|db| worklists::simulated(db, call.caller.person.tenant))? {
        if let Some(instance) = call.store().read(|db| instances::find(db, id))?
            && begin(&call.platform, &instance)?
        {
            removed += 1;
        }
    }
    reply(&DemoRemoved { removed })
}
