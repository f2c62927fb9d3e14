//! What a platform is started with. Plain values; reading a command line belongs to the binary.

use crate::faults::FaultRule;
use crate::secrets::SecretStore;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// How a platform shall behave.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the database; in memory when none.
    pub data: Option<PathBuf>,
    /// Where to listen. Only a loopback address is accepted; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How many instances a fresh store gets in the first tenant; two more go to the other one.
    pub fleet: Option<u32>,
    /// How much faster than life the simulation runs; 0 finishes everything as soon as the worker looks.
    pub speed: f64,
    /// What all invented values are derived from.
    pub seed: u64,
    /// No provisioning fails and no agent falls ill.
    pub no_failures: bool,
    /// What a write of an agent's configuration does; the API does not document it.
    pub config_writes: ConfigWrites,
    /// Requests a minute and key; none for no limit.
    pub rate_limit: Option<u32>,
    /// Whether the neighbours of the twenty operations are there; else they answer 404 as on a platform without them.
    pub neighbours: bool,
    /// What goes wrong from the start.
    pub faults: Vec<FaultRule>,
    /// Real agents on this computer; without it there are none, and `/v1/local` answers 404.
    pub agents: Option<AgentOptions>,
}

/// What real agents need of their surroundings.
#[derive(Clone)]
pub struct AgentOptions {
    /// Where the runtime and the agents' own folders lie.
    pub folder: PathBuf,
    /// Where keys and tokens are kept.
    pub secrets: Arc<dyn SecretStore>,
}

impl std::fmt::Debug for AgentOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AgentOptions").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            fleet: None,
            speed: 1.0,
            seed: 7,
            no_failures: false,
            config_writes: ConfigWrites::default(),
            rate_limit: None,
            neighbours: true,
            faults: Vec::new(),
            agents: None,
        }
    }
}

/// What a write of an agent's configuration does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ConfigWrites {
    /// The body is merged into the document; null removes a key (RFC 7396).
    #[default]
    Merge,
    /// The body is the new document.
    Replace,
}

impl std::str::FromStr for ConfigWrites {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "merge" => Ok(Self::Merge),
            "replace" => Ok(Self::Replace),
            other => Err(format!("`{other}` is neither merge nor replace")),
        }
    }
}
