//! The real agents of this computer: one life each, begun, anew, left. Rows and HTTP are elsewhere; this is called by
//! the worker and by routes, and never makes them wait.

use super::agent::Keeper;
use super::child::Folders;
use super::runtime::{Runtime, remove_folder};
use super::supervise::{Door, Leave, Making, Record, Wish, World, live, on_thread, token_name};
use crate::options::AgentOptions;
use crate::private_file;
use crate::secrets::SecretStoreError;
use crate::store::local_agents::LocalAgent;
use nineheads_contract::local::LocalRuntimeState;
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// What keeps real agents going.
#[derive(Clone)]
pub(crate) struct Host {
    world: Arc<World>,
    folder: PathBuf,
    tokio: Handle,
    lives: Arc<Mutex<HashMap<Uuid, Life>>>,
    /// Agents whose removal is under way.
    going: Arc<Mutex<HashSet<Uuid>>>,
}

struct Life {
    wish: watch::Sender<Wish>,
    task: JoinHandle<()>,
}

impl Host {
    /// Opens the folder of the runtime and the agents. Nothing is started yet.
    pub(crate) fn open(
        options: &AgentOptions,
        record: Arc<dyn Record>,
        door: Arc<dyn Door>,
        making: Arc<dyn Making>,
        tokio: Handle,
    ) -> io::Result<Self> {
        private_file::create_folder(&options.folder)?;
        let runtime = Runtime::open(options.folder.join("runtime"), tokio.clone());
        let secrets = options.secrets.clone();
        let world = World { runtime, record, door, making, secrets, tokens: Mutex::default() };
        Ok(Self {
            world: Arc::new(world),
            folder: options.folder.join("agents"),
            tokio,
            lives: Arc::default(),
            going: Arc::default(),
        })
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.world.runtime
    }

    /// Begins an agent's life, unless it lives. `made` says that it was ready before.
    pub(crate) fn begin(&self, agent: LocalAgent, made: bool) {
        let mut lives = self.lives();
        if lives.get(&agent.instance).is_some_and(|life| !life.task.is_finished()) {
            return;
        }
        let (wish, wished) = watch::channel(Wish::default());
        let (world, folders, id) = (self.world.clone(), self.folders(agent.instance), agent.instance);
        let task = self.tokio.spawn(live(world, agent, folders, made, wished));
        lives.insert(id, Life { wish, task });
    }

    /// Ends an agent's gateway and starts another, with a new token, also where it had been given up. False where
    /// nobody lives.
    pub(crate) fn restart(&self, agent: Uuid) -> bool {
        let lives = self.lives();
        let Some(life) = lives.get(&agent).filter(|life| !life.task.is_finished()) else { return false };
        life.wish.send_modify(|wish| wish.restarts += 1);
        true
    }

    /// Removes an agent with everything it has, unless that is under way. It is told once nothing is left.
    pub(crate) fn tear_down(&self, mut agent: LocalAgent) {
        let id = agent.instance;
        if !lock(&self.going).insert(id) {
            return;
        }
        let life = self.lives().remove(&id);
        let host = self.clone();
        self.tokio.spawn(async move {
            match life {
                Some(life) => end(life, Leave::Ended).await,
                None => host.end_left_over(&mut agent).await,
            }
            let (world, folders) = (host.world.clone(), host.folders(id));
            on_thread(move || {
                if let Err(error) = world.secrets.erase(&token_name(id)) {
                    log::warn!("the token of an agent could not be erased: {error}");
                }
                match remove_folder(&folders.0) {
                    Ok(()) => world.record.forget(id),
                    // The worker asks again.
                    Err(error) => log::error!("{} could not be removed: {error}", folders.0.display()),
                }
            })
            .await;
            lock(&host.going).remove(&id);
        });
    }

    /// A gateway of an agent that does not live in this run of the app.
    async fn end_left_over(&self, agent: &mut LocalAgent) {
        let Some(process) = agent.process.take() else { return };
        let token = super::child::Token::kept(String::new());
        if let Some(gateway) =
            super::child::Running::adopt(process.pid, &process.started, process.port, token)
        {
            gateway.end().await;
        }
    }

    /// Keeps the tokens of the gateways that run, or erases them: without its token nobody can go on with one.
    pub(crate) fn set_keep_running(&self, keep: bool) -> Result<(), SecretStoreError> {
        let tokens: Vec<_> =
            lock(&self.world.tokens).iter().map(|(id, token)| (*id, token.clone())).collect();
        for (id, token) in tokens {
            match keep {
                true => self.world.secrets.write(&token_name(id), token.expose())?,
                false => self.world.secrets.erase(&token_name(id))?,
            }
        }
        Ok(())
    }

    /// Leaves every agent as it is chosen, and ends an installation. Returns once that is done.
    pub(crate) async fn stop(&self) {
        if self.runtime().tell().state == LocalRuntimeState::Installing {
            self.runtime().remove();
        }
        let record = self.world.record.clone();
        let keeps = on_thread(move || record.keeps_running()).await;
        let leave = if keeps { Leave::Running } else { Leave::Ended };
        let lives: Vec<Life> = self.lives().drain().map(|(_, life)| life).collect();
        // All at once: each may take a while.
        for life in &lives {
            life.wish.send_modify(|wish| wish.end = Some(leave));
        }
        for life in lives {
            end(life, leave).await;
        }
    }

    /// Lets go of every agent at once, as when the app is killed: what runs goes on, and is found at the next start.
    pub(crate) fn abandon(&self) {
        for (_, life) in self.lives().drain() {
            life.task.abort();
        }
    }

    fn folders(&self, agent: Uuid) -> Folders {
        Folders(self.folder.join(agent.to_string()))
    }

    fn lives(&self) -> MutexGuard<'_, HashMap<Uuid, Life>> {
        lock(&self.lives)
    }
}

impl Keeper for Host {
    fn restart(&self, instance: Uuid) -> Result<(), String> {
        let told = "its program is being made or removed; try again in a minute";
        self.restart(instance).then_some(()).ok_or_else(|| told.to_owned())
    }
}

async fn end(life: Life, how: Leave) {
    life.wish.send_modify(|wish| wish.end = Some(how));
    if let Err(error) = life.task.await {
        log::error!("the life of an agent broke: {error}");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
