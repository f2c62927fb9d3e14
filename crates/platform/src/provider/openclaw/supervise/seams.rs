//! What a life touches beside its own process: whoever keeps the rows, talks with gateways and knows what agents are made
//! of; and what is wished of it.

use super::Failure;
use crate::provider::openclaw::child::{Running, Token};
use crate::provider::openclaw::runtime::Runtime;
use crate::secrets::SecretStore;
use crate::store::local_agents::{LocalAgent, Process};
use crate::store::logs::Line;
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// The steps that a deploy shows, with the documented numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Installing,
    Configuring,
    Securing,
    Ready,
}

impl Stage {
    pub(crate) const fn seq(self) -> i64 {
        match self {
            Self::Installing => 1,
            Self::Configuring => 2,
            Self::Securing => 3,
            Self::Ready => 4,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Installing => "installing",
            Self::Configuring => "configuring",
            Self::Securing => "securing",
            Self::Ready => "ready",
        }
    }
}

/// Whoever keeps the rows. Calls may block for as long as a short statement.
pub(crate) trait Record: Send + Sync {
    /// A deploy has come this far.
    fn reach(&self, agent: Uuid, stage: Stage, lines: &[Line]);
    /// A deploy failed.
    fn fail(&self, agent: Uuid, failure: &Failure, lines: &[Line]);
    /// A deployed agent has trouble, or has none any more.
    fn trouble(&self, agent: Uuid, failure: Option<&Failure>);
    /// Something happened to a deployed agent.
    fn note(&self, agent: Uuid, line: &Line);
    /// Which process serves an agent.
    fn serve_by(&self, agent: Uuid, process: Option<&Process>);
    /// Nothing of an agent is left.
    fn forget(&self, agent: Uuid);
    /// Whether agents go on when the app ends.
    fn keeps_running(&self) -> bool;
}

/// What talks with a gateway once it runs.
pub(crate) trait Door: Send + Sync {
    /// An agent is being started from now on, or is not: ready, given up, or wanted no more.
    fn set_starting(&self, agent: Uuid, is_starting: bool);
    /// Begins to connect to a gateway that was started.
    fn open(&self, agent: Uuid, gateway: &Running, workspace: &Path);
    /// Whether it talks with the very process that was started.
    fn is_ready(&self, agent: Uuid) -> bool;
    /// Brings a gateway that answers to what is recorded of its permission. False where it has to be started anew before
    /// all of that holds; an error where it does not hold. May block for as long as a gateway's answers take.
    fn put_in_force(&self, agent: Uuid, workspace: &Path) -> Result<bool, String>;
    /// It is gone.
    fn close(&self, agent: Uuid);
}

/// What an agent is made of beside its folders. Calls may block for as long as a keystore does.
pub(crate) trait Making: Send + Sync {
    /// What the first configuration says of models and permission; the sentence for a person where that is not known.
    fn sections(&self, agent: &LocalAgent, workspace: &Path) -> Result<Vec<Value>, String>;
    /// The key of its model provider.
    fn model_key(&self, agent: &LocalAgent) -> Result<Option<String>, String>;
}

/// Everything that a life touches.
pub(crate) struct World {
    pub(crate) runtime: Runtime,
    pub(crate) record: Arc<dyn Record>,
    pub(crate) door: Arc<dyn Door>,
    pub(crate) making: Arc<dyn Making>,
    pub(crate) secrets: Arc<dyn SecretStore>,
    /// Tokens of the gateways that run.
    pub(crate) tokens: Mutex<HashMap<Uuid, Token>>,
}

/// What is wished of a life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// How often it was told to begin anew.
    pub(crate) restarts: u64,
    pub(crate) end: Option<Leave>,
}

/// How a life is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leave {
    /// With its gateway ended.
    Ended,
    /// With its gateway going on by itself.
    Running,
}
