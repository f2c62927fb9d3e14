//! Operation 18: answers in every state with enough to show progress or a diagnosis.

use super::{logs, reply};
use crate::call::{Call, now};
use crate::provider::openclaw::operations::vitals::STARTING;
use crate::refusal::Answer;
use nineheads_contract::instances::Status;
use nineheads_contract::runtime::RuntimeStatus;
use serde_json::Value;
use std::borrow::Cow;

/// How many of the newest lines come along.
const LINES: usize = 20;

/// Operation 18.
pub(crate) fn get(call: &Call) -> Answer {
    let instance = call.instance()?;
    let vitals = call.platform.vitals(&instance, now());
    let mut lines = logs::lines(call, &instance)?;
    lines.drain(..lines.len().saturating_sub(LINES));
    let (code, message) = match vitals.error {
        Some((code, message)) => (Some(code.into_owned()), Some(message)),
        // What it was given up for is over once it is being started again.
        None if vitals.health == Some(STARTING) => (None, None),
        None => (instance.error_code.clone(), instance.error_message.clone()),
    };
    reply(&RuntimeStatus {
        active_connections: vitals.connections,
        bootstrap_seq: Some(instance.bootstrap_seq),
        bootstrap_stage: instance.bootstrap_stage(),
        error_code: code,
        error_message: message,
        health_failures: Some(vitals.failures),
        health_status: vitals.health.map(str::to_owned),
        instance_id: instance.wire_id(),
        last_heartbeat: vitals.last_heartbeat,
        node_version: vitals.node_version.map(Cow::into_owned),
        openclaw_version: vitals.agent_version.map(Cow::into_owned),
        provision_logs: lines,
        provisioning_stage: Some(instance.provisioning_stage.clone()),
        skills_loaded: vitals.skills.into_iter().map(|skill| Value::from(skill.into_owned())).collect(),
        status: Some(Status(instance.status)),
        uptime_seconds: vitals.uptime_seconds,
    })
}
