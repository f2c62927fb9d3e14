//! An agent's own configuration: read with its hash, written as the smallest patch that makes the wanted document.
//! OpenClaw merges lists by `id` and refuses to shorten one unless it is named: whatever list changes is named and whole.

use super::super::ask::{Ask, AskError};
use crate::masks::{masked, written};
use crate::options::ConfigWrites;
use serde_json::{Map, Value, json};

/// A configuration as it is in force, secrets masked, and what it is called.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// As the gateway gives it.
    pub(crate) document: Map<String, Value>,
    /// The gateway's own name for this state of it.
    pub(crate) hash: String,
}

impl Reading {
    /// For the person: what our own rule calls a secret is masked as well.
    pub(crate) fn masked(&self) -> Value {
        masked(&self.document)
    }
}

/// Why a configuration was not written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Unwritten {
    /// Nobody could be asked, or the answer made no sense.
    Ask(AskError),
    /// It has changed since it was read.
    Stale,
    /// A mask stands where there is no secret.
    Mask(Vec<String>),
    /// These paths would let the agent do more than it may.
    Widens(Vec<String>),
    /// The agent's own complaints: each place and what is wrong.
    Invalid(Vec<(Vec<String>, String)>),
}

impl From<AskError> for Unwritten {
    fn from(error: AskError) -> Self {
        Self::Ask(error)
    }
}

/// Reads it.
pub(crate) fn read(agent: &dyn Ask) -> Result<Reading, AskError> {
    reading(agent.ask("config.get", json!({}))?)
}

fn reading(mut payload: Value) -> Result<Reading, AskError> {
    let hash = payload["hash"].as_str().map(str::to_owned);
    match (payload["config"].take(), hash) {
        (Value::Object(document), Some(hash)) => Ok(Reading { document, hash }),
        _ => Err(AskError::Refused {
            code: "UNREADABLE".to_owned(),
            message: "it did not give its configuration".to_owned(),
            details: Value::Null,
        }),
    }
}

/// Writes a person's document over what was read: merged into it or in its place.
pub(crate) fn write(
    agent: &dyn Ask,
    current: &Reading,
    body: Map<String, Value>,
    writes: ConfigWrites,
    widened: impl FnOnce(&Value, &Value) -> Vec<String>,
) -> Result<Reading, Unwritten> {
    let next = written(&current.document, body, writes).map_err(Unwritten::Mask)?;
    write_whole(agent, current, next, widened)
}

/// Puts back what masks in a wanted document stand for.
pub(super) fn restore_masks(current: &Reading, next: &mut Map<String, Value>) -> Result<(), Unwritten> {
    let body = std::mem::take(next);
    *next = written(&current.document, body, ConfigWrites::Replace).map_err(Unwritten::Mask)?;
    Ok(())
}

/// Makes the configuration this document. Nothing is sent where nothing changes.
pub(super) fn write_whole(
    agent: &dyn Ask,
    current: &Reading,
    next: Map<String, Value>,
    widened: impl FnOnce(&Value, &Value) -> Vec<String>,
) -> Result<Reading, Unwritten> {
    let (before, after) = (Value::Object(current.document.clone()), Value::Object(next));
    let Some(patch) = patch(&before, &after) else { return Ok(current.clone()) };
    let widens = widened(&before, &after);
    if !widens.is_empty() {
        return Err(Unwritten::Widens(widens));
    }
    let mut params = json!({ "raw": patch.merge.to_string(), "baseHash": current.hash });
    if !patch.lists.is_empty() {
        params["replacePaths"] = json!(patch.lists);
    }
    let told = agent.ask("config.patch", params).map_err(why_not)?;
    // What is in force holds defaults as well; a gateway that starts again on this change does not say it any more.
    match read(agent) {
        Ok(reading) => Ok(reading),
        Err(error) => reading(told).map_err(|_| Unwritten::Ask(error)),
    }
}

/// A gateway's no to a write.
fn why_not(error: AskError) -> Unwritten {
    let AskError::Refused { message, details, .. } = &error else { return Unwritten::Ask(error) };
    let complaints: Vec<_> = details["issues"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|issue| {
            let place = issue["path"].as_str()?.split('.').filter(|part| !part.is_empty());
            Some((place.map(str::to_owned).collect(), issue["message"].as_str()?.to_owned()))
        })
        .collect();
    if !complaints.is_empty() {
        Unwritten::Invalid(complaints)
    } else if message.contains("config changed since last load") {
        Unwritten::Stale
    } else {
        Unwritten::Ask(error)
    }
}

/// What turns one document into another.
#[derive(Debug, PartialEq)]
struct Patch {
    /// Merged as RFC 7396 says.
    merge: Value,
    /// The lists in it that stand in place of what was there, and those that go.
    lists: Vec<String>,
}

/// None where both are the same.
fn patch(before: &Value, after: &Value) -> Option<Patch> {
    let mut lists = Vec::new();
    let merge = difference(before, after, &mut Vec::new(), &mut lists)?;
    Some(Patch { merge, lists })
}

fn difference(
    before: &Value,
    after: &Value,
    place: &mut Vec<String>,
    lists: &mut Vec<String>,
) -> Option<Value> {
    if before == after {
        return None;
    }
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        name_lists(before, place, lists);
        return Some(after.clone());
    };
    let mut changed = Map::new();
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        place.push(key.clone());
        name_lists(&old[key], place, lists);
        place.pop();
        changed.insert(key.clone(), Value::Null);
    }
    for (key, value) in new {
        match old.get(key) {
            None => {
                changed.insert(key.clone(), value.clone());
            }
            Some(earlier) => {
                place.push(key.clone());
                if let Some(value) = difference(earlier, value, place, lists) {
                    changed.insert(key.clone(), value);
                }
                place.pop();
            }
        }
    }
    Some(Value::Object(changed))
}

/// Every list that is here or inside, down to the first one: what lies in a list goes with it.
fn name_lists(value: &Value, place: &mut Vec<String>, lists: &mut Vec<String>) {
    match value {
        Value::Array(_) => lists.push(place.join(".")),
        Value::Object(map) => {
            for (key, value) in map {
                place.push(key.clone());
                name_lists(value, place, lists);
                place.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
