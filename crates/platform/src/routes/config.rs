//! Operations 9 and 10: the agent's own configuration. Reads are masked; a write answers with the new document.

use super::agent::{guard, refused, unwritten};
use super::logs;
use crate::call::{Call, now};
use crate::dice::hex;
use crate::masks::{masked, written};
use crate::provider::openclaw::agent::Agent;
use crate::provider::openclaw::operations::config as real;
use crate::refusal::{Answer, Invalid, Refusal};
use crate::store::settings::{self, Document};
use crate::store::{Instance, instances};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use rusqlite::Connection;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Operation 9.
pub(crate) fn get(call: &Call) -> Answer {
    let instance = call.instance()?;
    require_running(&instance)?;
    if let Some(agent) = call.agent(&instance)? {
        return answer_real(&real::read(&agent).map_err(refused)?);
    }
    let document = call.store().read(|db| current(call, db, &instance))?;
    answer(&document)
}

/// Operation 10.
pub(crate) fn update(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    let body = check.dictionary();
    check.finish()?;
    let instance = call.find(id)?;
    require_running(&instance)?;
    if let Some(agent) = call.agent(&instance)? {
        return update_real(call, &instance, &agent, body);
    }
    // Compared and written under one lock: of two writers with the same `If-Match` only one wins.
    let document = call.store().write(|db| {
        let current = current(call, db, &instance)?;
        if let Some(expected) = call.header(header::IF_MATCH)
            && !matches(expected, &etag(&current)?)
        {
            return Err(Refusal::conflict("The configuration has changed since it was read"));
        }
        let next = written(&current, body, call.platform.options.config_writes).map_err(no_secret)?;
        settings::write(db, id, Document::Config, &next)?;
        instances::touch(db, id, now())?;
        Ok(next)
    })?;
    logs::note(call, &instance, "config", "configuration written, the gateway reloaded it")?;
    answer(&document)
}

/// The gateway compares once more while it writes: of two writers only one wins.
fn update_real(call: &Call, instance: &Instance, agent: &Agent, body: Map<String, Value>) -> Answer {
    let current = real::read(agent).map_err(refused)?;
    if let Some(expected) = call.header(header::IF_MATCH)
        && !matches(expected, &quoted(&current.hash))
    {
        return Err(unwritten(real::Unwritten::Stale));
    }
    let widened = guard(call, instance, agent)?;
    let writes = call.platform.options.config_writes;
    let reading = real::write(agent, &current, body, writes, widened).map_err(unwritten)?;
    call.store().write(|db| instances::touch(db, instance.id, now()))?;
    logs::note(call, instance, "config", "configuration written, the gateway took it up")?;
    answer_real(&reading)
}

fn answer_real(reading: &real::Reading) -> Answer {
    tagged(quoted(&reading.hash), reading.masked())
}

fn quoted(hash: &str) -> String {
    format!("\"{hash}\"")
}

/// The document with its secrets.
pub(super) fn current(
    call: &Call,
    db: &Connection,
    instance: &Instance,
) -> Result<Map<String, Value>, Refusal> {
    let written = settings::read(db, instance.id, Document::Config)?;
    Ok(written.unwrap_or_else(|| call.platform.provider.first_config(instance)))
}

/// What is proxied to an agent needs one that runs.
pub(crate) fn require_running(instance: &Instance) -> Result<(), Refusal> {
    match instance.is_running() {
        true => Ok(()),
        false => Err(Refusal::conflict(format!("Instance is not running (status: {})", instance.status))),
    }
}

fn answer(document: &Map<String, Value>) -> Answer {
    tagged(etag(document)?, masked(document))
}

fn tagged(etag: String, document: Value) -> Answer {
    let etag = HeaderValue::try_from(etag).map_err(|error| Refusal::Broken(error.to_string()))?;
    Ok(([(header::ETAG, etag)], axum::Json(document)).into_response())
}

/// Of the real document: a changed secret is a change, though both look the same.
fn etag(document: &Map<String, Value>) -> Result<String, Refusal> {
    Ok(format!("\"{}\"", hex(&Sha256::digest(serde_json::to_vec(document)?))))
}

fn matches(expected: &str, etag: &str) -> bool {
    expected.split(',').map(str::trim).any(|tag| tag == "*" || tag == etag)
}

pub(super) fn no_secret(place: Vec<String>) -> Refusal {
    let loc = std::iter::once("body".to_owned()).chain(place).map(|part| json!(part)).collect();
    let msg = "Value error, a masked value stands for nothing here".to_owned();
    Refusal::Invalid(vec![Invalid { loc, msg, kind: "value_error" }])
}
