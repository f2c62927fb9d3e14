//! What an agent on this computer may do there, in three steps, the safest first.

use crate::InstanceId;
use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What an agent may do on this computer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Only talk: no file, no program, no browser.
    #[default]
    Talk,
    /// Read and write files of a folder of its own, and nothing else.
    OwnFolder,
    /// Run programs and reach every file that the person can reach.
    WholeComputer,
}

impl Permission {
    /// As it stands in JSON and in a recipe.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Talk => "talk",
            Self::OwnFolder => "own_folder",
            Self::WholeComputer => "whole_computer",
        }
    }
}

/// The sentence that has to be typed for the widest permission. It names the agent.
pub fn confirmation_for(agent: &str) -> String {
    format!("{agent} may use my whole computer")
}

/// What an agent may do, and what it takes to widen it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct LocalPermission {
    /// What it may do now.
    pub permission: Permission,
    /// What has to be typed for [`Permission::WholeComputer`].
    pub confirmation: String,
    /// Its folder, for people.
    pub folder: Option<String>,
}

/// A new permission.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct SetPermission {
    /// What it may do from now on.
    pub permission: Permission,
    /// Needed for [`Permission::WholeComputer`] alone: the sentence, as the person typed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<String>,
}

/// What an agent may do.
#[derive(Debug, Clone)]
pub struct GetPermission {
    /// Which one.
    pub id: InstanceId,
}

impl Endpoint for GetPermission {
    const NAME: &'static str = "get_local_permission";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/local/instances/{instance_id}/permission";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    const ADMIN: bool = true;
    type Body = NoBody;
    type Reply = LocalPermission;

    fn segments(&self) -> Vec<&str> {
        vec![&self.id.0]
    }
}

/// Changes what an agent may do. 403 without the sentence that the widest one takes.
#[derive(Debug, Clone)]
pub struct PutPermission {
    /// Which one.
    pub id: InstanceId,
    /// To what.
    pub set: SetPermission,
}

impl Endpoint for PutPermission {
    const NAME: &'static str = "put_local_permission";
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/v1/local/instances/{instance_id}/permission";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Write;
    const ADMIN: bool = true;
    type Body = SetPermission;
    type Reply = LocalPermission;

    fn segments(&self) -> Vec<&str> {
        vec![&self.id.0]
    }

    fn body(&self) -> Option<&SetPermission> {
        Some(&self.set)
    }
}
