//! Operation 15: which models an agent uses. Stored, and pushed into the agent's configuration.

use super::agent::{guard, unwritten};
use super::{config, logs, reply};
use crate::call::{Call, now};
use crate::masks::merge;
use crate::provider::openclaw::agent::Agent;
use crate::provider::openclaw::operations::model_policy as real;
use crate::refusal::{Answer, Refusal};
use crate::store::settings::{self, Document};
use crate::store::{Instance, agents, instances};
use axum::http::StatusCode;
use nineheads_contract::model_policy::ModelPolicyChanged;
use rusqlite::Connection;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What is said when the agent could not be reached: the platform has the policy, the agent does not.
const STORED_ONLY: &str = "Model policy stored; the push to the agent failed";

/// Operation 15. Keys that are null are forgotten; what is unknown is kept.
pub(crate) fn update(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    let body = check.dictionary();
    check.finish()?;
    let instance = call.find(id)?;
    if instance.is_local() {
        return update_real(call, &instance, body);
    }
    let unreached = call.push_fails && instance.is_running();
    let policy = call.store().write(|db| {
        let policy = store(db, id, body)?;
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

/// Keeps a change of the policy.
fn store(db: &Connection, id: Uuid, change: Map<String, Value>) -> rusqlite::Result<Map<String, Value>> {
    let mut policy = settings::read(db, id, Document::ModelPolicy)?.unwrap_or_default();
    for (key, value) in change {
        match value {
            Value::Null => policy.shift_remove(&key),
            value => policy.insert(key, value),
        };
    }
    settings::write(db, id, Document::ModelPolicy, &policy)?;
    Ok(policy)
}

/// What a real agent does not take is not kept; one that is away gets it with the next updates.
fn update_real(call: &Call, instance: &Instance, change: Map<String, Value>) -> Answer {
    let reached = call.agent(instance).ok().flatten().filter(|_| !call.push_fails);
    let in_force = match &reached {
        Some(agent) => {
            let widened = guard(call, instance, agent)?;
            real::in_force(&real::push(agent, &change, widened).map_err(unwritten)?.document)
        }
        None => Map::new(),
    };
    let mut policy = call.store().write(|db| {
        let policy = store(db, instance.id, change)?;
        agents::let_policy_wait(db, instance.id, reached.is_none())?;
        instances::touch(db, instance.id, now())?;
        Ok::<_, Refusal>(policy)
    })?;
    policy.extend(in_force);
    let message = match reached {
        Some(_) => "Model policy updated and pushed to the agent",
        None => "Model policy stored; the agent can not be reached, and takes it up when updates are applied",
    };
    logs::note(call, instance, "model_policy", "model policy updated")?;
    reply(&ModelPolicyChanged {
        instance_id: instance.wire_id(),
        message: Some(message.to_owned()),
        model_policy: policy,
    })
}

/// Pushes a policy that did not reach its real agent. True when there was one.
pub(super) fn push_waiting_real(call: &Call, instance: &Instance, agent: &Agent) -> Result<bool, Refusal> {
    if !instance.agent.policy_waits {
        return Ok(false);
    }
    let policy = call.store().read(|db| settings::read(db, instance.id, Document::ModelPolicy))?;
    let widened = guard(call, instance, agent)?;
    real::push(agent, &policy.unwrap_or_default(), widened).map_err(unwritten)?;
    call.store().write(|db| agents::let_policy_wait(db, instance.id, false))?;
    Ok(true)
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
