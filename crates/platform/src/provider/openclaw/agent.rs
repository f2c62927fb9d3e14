//! One real agent as the rest of the platform sees it: somebody who can be asked, and the map of those that run.

use super::ask::{Ask, AskError};
use super::child::Token;
use super::gateway::{Address, Event, Gateway, Standing};
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::broadcast;
use uuid::Uuid;

/// How long a question may take.
const LIMIT: Duration = Duration::from_secs(20);
/// How long a write may take: it is answered once it is in force.
const WRITE_LIMIT: Duration = Duration::from_secs(60);

/// One agent. Cheap to clone; the talk ends with the last clone, or when it is closed.
#[derive(Debug, Clone)]
pub(crate) struct Agent(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    instance: Uuid,
    workspace: PathBuf,
    gateway: Gateway,
    runtime: Handle,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.gateway.close();
    }
}

impl Agent {
    /// Begins to connect to the gateway at a port of this computer, and to connect again whenever the connection ends.
    /// Only the process with this number is believed to be it.
    pub(crate) fn connect(
        instance: Uuid,
        port: u16,
        token: Token,
        pid: u32,
        workspace: PathBuf,
        runtime: Handle,
    ) -> Self {
        let gateway = Gateway::open(Address { port, token, pid }, &runtime);
        Self(Arc::new(Inner { instance, workspace, gateway, runtime }))
    }

    /// Whether it answers, and is the process that was meant.
    pub(crate) fn is_ready(&self) -> bool {
        matches!(self.0.gateway.standing(), Standing::Ready(_))
    }

    /// Ends the talk.
    pub(crate) fn close(&self) {
        self.0.gateway.close();
    }

    /// Whose agent it is.
    pub(crate) fn instance(&self) -> Uuid {
        self.0.instance
    }

    /// The folder that is its own.
    pub(crate) fn workspace(&self) -> &Path {
        &self.0.workspace
    }

    /// The talk itself.
    pub(crate) fn gateway(&self) -> &Gateway {
        &self.0.gateway
    }

    /// The one of the agents over there that is asked where none is named.
    pub(crate) fn default_agent(&self) -> String {
        match self.0.gateway.standing() {
            Standing::Ready(hello) => hello.default_agent,
            Standing::Away(_) => "main".to_owned(),
        }
    }

    /// Everything that happens over there from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.0.gateway.listen()
    }

    /// Asks several things at once; each has its own answer, in the order of the questions.
    pub(crate) fn ask_all<const N: usize>(
        &self,
        questions: [(&'static str, Value); N],
        limit: Duration,
    ) -> [Result<Value, AskError>; N] {
        let asked = questions.map(|(method, params)| self.0.gateway.request(method, params, limit));
        let mut answers = self.0.runtime.block_on(futures_util::future::join_all(asked)).into_iter();
        std::array::from_fn(|_| answers.next().unwrap_or(Err(AskError::Late)))
    }

    /// Asks without waiting for the answer, for what can only be tried.
    pub(crate) fn tell(&self, method: &'static str, params: Value) {
        let (gateway, instance) = (self.0.gateway.clone(), self.instance());
        self.0.runtime.spawn(async move {
            if let Err(error) = gateway.request(method, params, LIMIT).await {
                log::warn!("the agent of {instance} did not take `{method}`: {error}");
            }
        });
    }
}

impl Ask for Agent {
    fn ask(&self, method: &'static str, params: Value) -> Result<Value, AskError> {
        let limit = if method.starts_with("config.patch") { WRITE_LIMIT } else { LIMIT };
        self.0.runtime.block_on(self.0.gateway.request(method, params, limit))
    }
}

/// Who starts and stops the processes behind the agents.
pub(crate) trait Keeper: Send + Sync {
    /// Ends an agent's process and starts it again, with a token of its own. Returns as soon as it has begun.
    ///
    /// # Errors
    /// Why it can not be done, for people.
    fn restart(&self, instance: Uuid) -> Result<(), String>;
}

/// The agents that run, by their instance, and who keeps them running.
#[derive(Default)]
pub(crate) struct Agents {
    running: Mutex<HashMap<Uuid, Agent>>,
    /// Since when the others are being started, in milliseconds since 1970.
    starting: Mutex<HashMap<Uuid, i64>>,
    keeper: Mutex<Option<Arc<dyn Keeper>>>,
}

impl Agents {
    /// An agent's process runs. An earlier talk with it ends.
    pub(crate) fn put(&self, instance: Uuid, agent: Agent) {
        if let Some(earlier) = lock(&self.running).insert(instance, agent) {
            earlier.close();
        }
    }

    /// An agent's process is gone.
    pub(crate) fn remove(&self, instance: Uuid) {
        if let Some(agent) = lock(&self.running).remove(&instance) {
            agent.close();
        }
    }

    /// The agent of an instance, where its process runs.
    pub(crate) fn get(&self, instance: Uuid) -> Option<Agent> {
        lock(&self.running).get(&instance).cloned()
    }

    /// Says that an agent is being started from now on, or that it is not: it is ready, given up or wanted no more. One
    /// that ends while it is being started is being started since the first time.
    pub(crate) fn set_starting(&self, instance: Uuid, is_starting: bool, now: i64) {
        let mut starting = lock(&self.starting);
        match is_starting {
            true => _ = starting.entry(instance).or_insert(now),
            false => _ = starting.remove(&instance),
        }
    }

    /// Since when an agent is being started; none for one that is not.
    pub(crate) fn starting_since(&self, instance: Uuid) -> Option<i64> {
        lock(&self.starting).get(&instance).copied()
    }

    /// Says who starts and stops the processes, or that nobody does any more.
    pub(crate) fn set_keeper(&self, keeper: Option<Arc<dyn Keeper>>) {
        *lock(&self.keeper) = keeper;
    }

    /// See [`Keeper::restart`].
    pub(crate) fn restart(&self, instance: Uuid) -> Result<(), String> {
        let keeper = lock(&self.keeper).clone();
        match keeper {
            Some(keeper) => keeper.restart(instance),
            None => Err("no agents are run here".to_owned()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
