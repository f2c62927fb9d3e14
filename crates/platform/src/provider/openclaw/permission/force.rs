//! Puts a permission in force in a gateway that runs: what it says is written, and whatever else gives power is taken
//! away. The patch is made by a pure function; the talk is at the end.
//!
//! In two steps: some parts of a configuration ask for a restart of the gateway, and until then the whole write waits.
//! The parts that say which tools there are do not, so that they go first and are in force when the first step returns.

use super::path::{Path, at, below, lies_in, written};
use super::{harmless, section, sessions};
use crate::provider::openclaw::ask::{Ask, AskError};
use nineheads_contract::local::Permission;
use serde_json::{Map, Value, json};

/// What the platform itself needs in a configuration, or the gateway keeps there of its own accord.
const OWNED: &[&str] = &[
    "gateway.mode",
    "gateway.port",
    "gateway.bind",
    "gateway.auth",
    "models.mode",
    "models.catalogRefresh.enabled",
    "models.providers.*.baseUrl",
    "models.providers.*.apiKey",
    "models.providers.*.api",
    "models.providers.*.models",
    "models.providers.*.timeoutSeconds",
    "agents.defaults.skipBootstrap",
    "logging.file",
    "meta",
    "wizard",
];
/// Sections that are in force without a restart. Tried with a gateway.
const AT_ONCE: [&str; 3] = ["tools", "agents", "commands"];
/// Other writers may come between a read and a write.
const ATTEMPTS: usize = 4;

/// How a permission was put in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InForce {
    /// Whether anything had to be written.
    pub(crate) changed: bool,
    /// Whether the gateway has to be started again before all of it holds.
    pub(crate) needs_restart: bool,
}

/// Why a permission is not in force.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum NotInForce {
    /// The agent did not answer, or refused.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// It answered, and its configuration is still another one.
    #[error("the agent's configuration does not say what was written")]
    Ignored,
}

/// A write of a configuration.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Patch {
    pub(super) patch: Map<String, Value>,
    /// Lists that lose entries; they have to be named.
    pub(super) lists: Vec<String>,
}

/// Puts a permission in force. Blocks until the gateway has it.
///
/// # Errors
/// [`NotInForce`]; what was written by then stays, and only takes away or says what the permission says.
pub(crate) fn put_in_force(
    agent: &dyn Ask,
    permission: Permission,
    workspace: &std::path::Path,
) -> Result<InForce, NotInForce> {
    let mut so_far = InForce { changed: false, needs_restart: false };
    for step in [Step::AtOnce, Step::Everything] {
        write(agent, permission, workspace, step, &mut so_far)?;
    }
    if permission < Permission::WholeComputer {
        so_far.changed |= sessions::take_their_rights(agent, workspace)?;
    }
    Ok(so_far)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    AtOnce,
    Everything,
}

fn write(
    agent: &dyn Ask,
    permission: Permission,
    workspace: &std::path::Path,
    step: Step,
    so_far: &mut InForce,
) -> Result<(), NotInForce> {
    let mut last = NotInForce::Ignored;
    for _ in 0..ATTEMPTS {
        let read = agent.ask("config.get", json!({}))?;
        let document = read.get("parsed").filter(|value| value.is_object()).unwrap_or(&read["config"]);
        let Patch { mut patch, lists } = difference(permission, workspace, document);
        if step == Step::AtOnce {
            patch.retain(|key, _| AT_ONCE.contains(&key.as_str()));
        }
        if patch.is_empty() {
            return Ok(());
        }
        let lists: Vec<_> = lists
            .into_iter()
            .filter(|list| patch.keys().any(|key| list.split('.').next() == Some(key)))
            .collect();
        let raw = Value::Object(patch).to_string();
        let params = json!({ "raw": raw, "baseHash": read["hash"], "replacePaths": lists });
        match agent.ask("config.patch", params) {
            Ok(answer) => {
                so_far.changed = true;
                so_far.needs_restart |= asks_for_a_restart(&answer);
                last = NotInForce::Ignored;
            }
            Err(AskError::Refused { message, .. }) if message.contains("changed since") => {
                last = NotInForce::Ask(AskError::Late);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(last)
}

/// No word of it is taken for yes: a restart too many costs seconds.
fn asks_for_a_restart(answer: &Value) -> bool {
    answer.pointer("/sentinel/payload/stats/requiresRestart") != Some(&Value::Bool(false))
}

/// What has to be written so that a permission is in force; nothing when it is.
pub(super) fn difference(permission: Permission, workspace: &std::path::Path, document: &Value) -> Patch {
    let section = section(permission, workspace);
    let mut found = Patch { patch: Map::new(), lists: Vec::new() };
    let mut lists = Vec::new();
    if let Some(Value::Object(patch)) = lay(&mut Vec::new(), Some(document), &section, &mut lists) {
        found.patch = patch;
    }
    if permission < Permission::WholeComputer {
        let rest = strip(document, &section, &mut Vec::new(), document, &mut lists);
        if let Some(Value::Object(rest)) = rest {
            join(&mut found.patch, rest);
        }
    }
    found.lists = lists.iter().map(|path| written(path)).collect();
    found
}

/// Where a document differs from a section.
fn lay(path: &mut Path, old: Option<&Value>, ours: &Value, lists: &mut Vec<Path>) -> Option<Value> {
    if let Value::Object(ours) = ours {
        let mut patch = Map::new();
        for (key, ours) in ours {
            *path = below(path, key);
            let old = old.and_then(Value::as_object).and_then(|map| map.get(key));
            if let Some(value) = lay(path, old, ours, lists) {
                patch.insert(key.clone(), value);
            }
            path.pop();
        }
        return (!patch.is_empty()).then_some(Value::Object(patch));
    }
    if old == Some(ours) || (ours.is_null() && old.is_none()) {
        return None;
    }
    name_lists(path, old, lists);
    Some(ours.clone())
}

/// What of a document gives power and is not the permission's word: null in its place.
fn strip(
    document: &Value,
    section: &Value,
    path: &mut Path,
    value: &Value,
    lists: &mut Vec<Path>,
) -> Option<Value> {
    let ours = at(section, path);
    if ours.is_some_and(|ours| !ours.is_object())
        || OWNED.iter().any(|pattern| lies_in(path, pattern))
        || (!harmless::is_suspect(document, path) && harmless::allows(document, path, value))
    {
        return None;
    }
    let Some(map) = value.as_object().filter(|map| !map.is_empty()) else {
        // Something that is no object where the permission has one is replaced with it.
        if ours.is_some() {
            return None;
        }
        name_lists(path, Some(value), lists);
        return Some(Value::Null);
    };
    let mut patch = Map::new();
    for (key, value) in map {
        *path = below(path, key);
        if let Some(gone) = strip(document, section, path, value, lists) {
            patch.insert(key.clone(), gone);
        }
        path.pop();
    }
    let all_gone = patch.len() == map.len() && patch.values().all(Value::is_null);
    match all_gone && ours.is_none() && !path.is_empty() {
        true => Some(Value::Null),
        false => (!patch.is_empty()).then_some(Value::Object(patch)),
    }
}

fn name_lists(path: &[String], old: Option<&Value>, lists: &mut Vec<Path>) {
    match old {
        Some(Value::Array(_)) if lists.iter().any(|list| list == path) => {}
        Some(Value::Array(_)) => lists.push(path.to_vec()),
        Some(Value::Object(map)) => {
            for (key, value) in map {
                name_lists(&below(path, key), Some(value), lists);
            }
        }
        _ => {}
    }
}

fn join(patch: &mut Map<String, Value>, more: Map<String, Value>) {
    for (key, value) in more {
        match (patch.get_mut(&key), value) {
            (Some(Value::Object(patch)), Value::Object(more)) => join(patch, more),
            (_, value) => {
                patch.insert(key, value);
            }
        }
    }
}
