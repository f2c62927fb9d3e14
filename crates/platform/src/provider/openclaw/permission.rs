//! What an agent may do on this computer, said in OpenClaw's own configuration, and the guard that keeps it so.
//!
//! Belongs here: the section of each permission, which writes of a configuration would widen it, and how it is put in
//! force. Does not belong here: who may change it and where it is recorded.
//!
//! The sections were tried against a real gateway; `recordings` holds what it offered to a model and what it refused.
//! Chat commands are shut for everybody: a message is anybody's who may talk with the agent, and must not configure it.
//! Plugins are off below the widest permission: they are code, and OpenClaw looks for some in the agent's own folder.

mod force;
#[cfg(test)]
mod forced;
mod guard;
#[cfg(test)]
mod guarded;
mod harmless;
mod path;
#[cfg(test)]
mod recorded;
mod sessions;
#[cfg(test)]
mod ways;

pub(crate) use force::{NotInForce, put_in_force};
pub(crate) use guard::widened;

use nineheads_contract::local::Permission;
use serde_json::Value;
use std::path::Path;

/// The part of a configuration that enforces a permission, as a merge patch: null takes away.
pub(crate) fn section(permission: Permission, workspace: &Path) -> Value {
    let text = match permission {
        Permission::Talk => include_str!("permission/sections/talk.json"),
        Permission::OwnFolder => include_str!("permission/sections/own_folder.json"),
        Permission::WholeComputer => include_str!("permission/sections/whole_computer.json"),
    };
    let mut section: Value = serde_json::from_str(text).expect("the section is JSON, as a test says");
    section["agents"]["defaults"]["workspace"] = Value::String(workspace.to_string_lossy().into_owned());
    section
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_a_section_that_names_the_folder() {
        for permission in [Permission::Talk, Permission::OwnFolder, Permission::WholeComputer] {
            let section = section(permission, Path::new("/agents/one/workspace"));
            assert_eq!(section["agents"]["defaults"]["workspace"], "/agents/one/workspace");
            assert_eq!(section["commands"]["allowFrom"]["*"], serde_json::json!([]), "{permission:?}");
        }
    }
}
