//! Operation 11: whether the platform may read conversations.

use super::{logs, reply};
use crate::call::Call;
use crate::refusal::Answer;
use crate::store::instances;
use nineheads_contract::consent::ConsentChanged;

/// Operation 11. The owner or any admin of the tenant.
pub(crate) fn update(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    check.model();
    let consent = check.required_bool("consent_debug_access");
    check.finish()?;
    let instance = call.find(id)?;
    call.store().write(|db| instances::set_consent(db, id, consent))?;
    let message = match consent {
        true => "Debug access granted",
        false => "Debug access revoked",
    };
    logs::note(call, &instance, "consent", message)?;
    reply(&ConsentChanged {
        consent_debug_access: consent,
        instance_id: instance.wire_id(),
        message: Some(message.to_owned()),
    })
}
