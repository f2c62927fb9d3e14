//! Rights that one conversation has of its own, whatever the configuration says. In the mode `full` it reads and writes
//! files wherever the person can; with a folder of its own it does so there. Both were tried with a gateway.

use super::force::NotInForce;
use crate::provider::openclaw::ask::Ask;
use serde_json::{Value, json};
use std::path::{Component, Path};

const PAGE: usize = 200;
/// Most pages that are looked through; a gateway that always has one more is not believed.
const MOST_PAGES: usize = 500;

/// What one conversation has.
#[derive(Debug, PartialEq)]
enum Right {
    /// A mode, which can be taken away.
    Mode(String),
    /// A folder outside the agent's own, which can not: the conversation has to go. The gateway keeps its text in a file.
    Folder(String),
}

/// Takes every right that a conversation has of its own. Says whether one had any.
pub(super) fn take_their_rights(agent: &dyn Ask, workspace: &Path) -> Result<bool, NotInForce> {
    let rights = rights(agent, workspace)?;
    for right in &rights {
        match right {
            Right::Mode(key) => agent.ask("sessions.patch", json!({ "key": key, "permissionMode": null }))?,
            Right::Folder(key) => agent.ask("sessions.delete", json!({ "key": key }))?,
        };
    }
    if !rights.is_empty() && !self::rights(agent, workspace)?.is_empty() {
        return Err(NotInForce::Ignored);
    }
    Ok(!rights.is_empty())
}

/// The rights of all conversations, archived ones included: they can be taken up again.
fn rights(agent: &dyn Ask, workspace: &Path) -> Result<Vec<Right>, NotInForce> {
    // A gateway writes folders without links.
    let real = std::fs::canonicalize(workspace).unwrap_or_else(|_| workspace.to_owned());
    let is_inside = |folder: &str| {
        let folder = Path::new(folder);
        let climbs = folder.components().any(|part| part == Component::ParentDir);
        !climbs && (folder.starts_with(workspace) || folder.starts_with(&real))
    };
    let (mut found, mut offset) = (Vec::new(), 0);
    for _ in 0..MOST_PAGES {
        let all = json!({ "limit": PAGE, "offset": offset, "archived": "all", "includeGlobal": true,
            "includeUnknown": true });
        let answer = agent.ask("sessions.list", all)?;
        let rows = answer["sessions"].as_array().ok_or(NotInForce::Ignored)?;
        found.extend(rows.iter().filter_map(|row| right(row, is_inside)));
        match answer["nextOffset"].as_u64() {
            Some(next) if answer["hasMore"] == Value::Bool(true) => offset = next,
            _ => return Ok(found),
        }
    }
    Err(NotInForce::Ignored)
}

fn right(row: &Value, is_inside: impl Fn(&str) -> bool) -> Option<Right> {
    let key = row["key"].as_str()?.to_owned();
    let folders = ["spawnedCwd", "workspaceDir", "sessionRoot"].map(|name| &row[name]);
    let is_elsewhere = |folder: &&Value| !folder.is_null() && !folder.as_str().is_some_and(&is_inside);
    if folders.iter().any(is_elsewhere) {
        return Some(Right::Folder(key));
    }
    row.get("permissionMode").is_some_and(|mode| !mode.is_null()).then_some(Right::Mode(key))
}
