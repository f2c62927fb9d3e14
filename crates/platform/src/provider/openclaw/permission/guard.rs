//! Which places of a new configuration would let an agent do more than it may. Pure; denies by default.

use super::path::{Path, at, below, matches, written};
use super::{harmless, section};
use nineheads_contract::local::Permission;
use serde_json::Value;

/// Lists that grant; fewer entries are fewer rights. An empty one is no list at all to OpenClaw, so that it never counts.
const GRANTS: &[&str] = &["tools.allow", "tools.alsoAllow", "agents.entries.*.tools.allow"];
/// Lists that take rights away.
const DENIALS: &[&str] = &["tools.deny", "agents.entries.*.tools.deny"];
/// What is off when this says so.
const SWITCHES: &[&str] = &[
    "mcp.servers.*.enabled",
    "channels.*.enabled",
    "plugins.entries.*.enabled",
    "hooks.internal.entries.*.enabled",
    "browser.enabled",
    "agents.entries.*.tools.elevated.enabled",
];
/// What grants something by being there, as a whole.
const GIFTS: &[&str] = &[
    "mcp.servers.*",
    "channels.*",
    "tools.byProvider.*.alsoAllow",
    "tools.alsoAllow",
    "agents.entries.*.tools.alsoAllow",
    "agents.entries.*.tools.elevated.allowFrom",
    "gateway.tools.allow",
    "skills.load.extraDirs",
    "plugins.load.paths",
    "hooks.mappings",
    "memory.search.extraPaths",
    "agents.entries.*.memory.search.extraPaths",
];

/// The places of `next` that would widen what an agent may do beyond its permission; none for the widest one.
pub(crate) fn widened(
    permission: Permission,
    workspace: &std::path::Path,
    current: &Value,
    next: &Value,
) -> Vec<String> {
    if permission == Permission::WholeComputer {
        return Vec::new();
    }
    let write = Write { current, section: section(permission, workspace) };
    let mut found = Vec::new();
    write.compare(&mut Vec::new(), Some(current), Some(next), &mut found);
    found
}

struct Write<'a> {
    current: &'a Value,
    section: Value,
}

impl Write<'_> {
    fn compare(&self, path: &mut Path, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<String>) {
        // Null is how a write takes away.
        let new = new.filter(|value| !value.is_null());
        if old == new || self.is_no_wider(path, old, new) {
            return;
        }
        let (before, after) = (old.and_then(Value::as_object), new.and_then(Value::as_object));
        let one_is_other = (old.is_some() && before.is_none()) || (new.is_some() && after.is_none());
        let nothing_below =
            before.is_none_or(serde_json::Map::is_empty) && after.is_none_or(|map| map.is_empty());
        if one_is_other || nothing_below {
            found.push(written(path));
            return;
        }
        let keys = before.into_iter().chain(after).flat_map(|map| map.keys());
        let mut seen = std::collections::BTreeSet::new();
        for key in keys.filter(|key| seen.insert(key.as_str())) {
            let (old, new) = (before.and_then(|map| map.get(key)), after.and_then(|map| map.get(key)));
            *path = below(path, key);
            self.compare(path, old, new, found);
            path.pop();
        }
    }

    fn is_no_wider(&self, path: &[String], old: Option<&Value>, new: Option<&Value>) -> bool {
        let Some(new) = new else {
            let may_go = harmless::names(path) || is_one_of(path, GIFTS);
            return may_go && at(&self.section, path).is_none();
        };
        if harmless::is_suspect(self.current, path) {
            return false;
        }
        if harmless::allows(self.current, path, new) || self.is_of_the_section(path, new) {
            return true;
        }
        if is_one_of(path, SWITCHES) {
            return new == &Value::Bool(false);
        }
        if matches(path, "tools.exec.mode") || matches(path, "agents.entries.*.tools.exec.mode") {
            return new == "deny";
        }
        let Some(new) = new.as_array() else { return false };
        let old = old.and_then(Value::as_array);
        if is_one_of(path, GRANTS) {
            return !new.is_empty() && old.is_some_and(|old| new.iter().all(|entry| old.contains(entry)));
        }
        is_one_of(path, DENIALS)
            && new.iter().all(Value::is_string)
            && old.is_none_or(|old| old.iter().all(|entry| new.contains(entry)))
    }

    /// What the permission itself says of a place.
    fn is_of_the_section(&self, path: &[String], new: &Value) -> bool {
        at(&self.section, path).is_some_and(|ours| !ours.is_object() && ours == new)
    }
}

fn is_one_of(path: &[String], patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| matches(path, pattern))
}
