//! Operation 15: which models an agent uses. Stored, and pushed into the agent's configuration.

use super::{config, logs, reply};
use crate::call::{Call, now};
use crate::masks::merge;
use crate::refusal::{Answer, Refusal};
use crate::store::settings::{self, Document};
use crate::store::{Instance, agents, instances};
use axum::http::StatusCode;
use nineheads_contract::model_policy::ModelPolicyChanged;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

/// What is said when the agent could not be reached: the platform has the policy, the agent does not.
const STORED_ONLY: &str = "Model policy stored; the push to the agent failed";

/// Operation 15. Keys that are null are forgotten; what is unknown is kept.
pub(crate) fn update(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    let body = check.dictionary();
    check.finish()?;
    let instance = call.find(id)?;
    let unreached = call.push_fails && instance.is_running();
    let policy = call.store().write(|db| {
        let mut policy = settings::read(db, id, Document::ModelPolicy)?.unwrap_or_default();
        for (key, value) in body {
            match value {
                Value::Null => policy.shift_remove(&key),
                value => policy.insert(key, value),
            };
        }
        settings::write(db, id, Document::ModelPolicy, &policy)?;
        match unreached {
            true => agents::let_policy_wait(db, id, true)?,
            false => push(call, db, &instance, &policy)?,
        }
        instances::touch(db, id, now())?;
        Ok::<_, Refusal>(policy)
    })?;
    if unreached {
        logs::warn(call, &instance, "model_policy", "model policy stored, the push to the agent failed")?;
        return Err(Refusal::Detail(StatusCode::BAD_GATEWAY, STORED_ONLY.to_owned()));
    }
    logs::note(call, &instance, "model_policy", "model policy updated")?;
    let message = match instance.is_running() {
        true => "Model policy updated and pushed to the agent",
        false => "Model policy updated; the agent takes it up when it runs",
    };
    reply(&ModelPolicyChanged {
        instance_id: instance.wire_id(),
        message: Some(message.to_owned()),
        model_policy: policy,
    })
}

/// Pushes a policy that did not reach its agent. True when there was one.
pub(super) fn push_waiting(call: &Call, db: &Connection, instance: &Instance) -> Result<bool, Refusal> {
    if !instance.agent.policy_waits {
        return Ok(false);
    }
    let policy = settings::read(db, instance.id, Document::ModelPolicy)?.unwrap_or_default();
    push(call, db, instance, &policy)?;
    Ok(true)
}

fn push(
    call: &Call,
    db: &Connection,
    instance: &Instance,
    policy: &Map<String, Value>,
) -> Result<(), Refusal> {
    let mut document = Value::Object(config::current(call, db, instance)?);
    merge(&mut document, pushed(policy));
    if let Value::Object(document) = document {
        settings::write(db, instance.id, Document::Config, &document)?;
    }
    if instance.agent.policy_waits {
        agents::let_policy_wait(db, instance.id, false)?;
    }
    Ok(())
}

/// What of a policy an agent understands, where its configuration keeps it.
fn pushed(policy: &Map<String, Value>) -> Value {
    let mut model = Map::new();
    if let Some(primary @ Value::String(_)) = policy.get("primary") {
        model.insert("primary".to_owned(), primary.clone());
    }
    if let Some(fallbacks @ Value::Array(_)) = policy.get("fallbacks") {
        model.insert("fallbacks".to_owned(), fallbacks.clone());
    }
    match model.is_empty() {
        true => json!({}),
        false => json!({ "agents": { "defaults": { "model": model } } }),
    }
}
