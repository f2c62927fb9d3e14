//! One agent's life on this computer, as a task: runtime, folders, gateway, and the gateway again when it has ended.
//! Decides nothing that `backoff` decides; tells everything to whoever keeps the rows.

pub(crate) mod backoff;
mod failing;
mod lines;
mod seams;

use super::child::{self, Ended, Folders, Running, Token};
use super::first_config::first_config;
use crate::private_file;
use crate::store::local_agents::{LocalAgent, Process};
use backoff::{Cause, Death, Next, Reason};
pub(crate) use failing::Failure;
use lines::Speaker;
use nineheads_contract::local::LocalRuntimeState;
pub(crate) use seams::{Door, Leave, Making, Record, Stage, Wish, World};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use uuid::Uuid;

/// How long a gateway may take to be ready. Seen: 32 s.
const READY_LIMIT: Duration = Duration::from_secs(150);
/// How often one that is starting is asked.
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// How often the log of a running one is looked at.
const LOG_LOOK: Duration = Duration::from_secs(60);
/// How often lines of an installation are passed on.
const PASS_ON: Duration = Duration::from_millis(500);

/// Why a step did not come to its end.
enum Stop {
    Wished,
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Lives until it is told to leave.
pub(crate) async fn live(
    world: Arc<World>,
    agent: LocalAgent,
    folders: Folders,
    made: bool,
    wish: watch::Receiver<Wish>,
) {
    let speaker = Speaker::new(world.record.clone(), agent.instance, made);
    let mut life =
        Life { world, agent, folders, wish, speaker, deaths: Vec::new(), since: Instant::now(), log_from: 0 };
    life.set_starting(true);
    let mut adopted = life.find_again().await;
    loop {
        let restarts = life.wish.borrow_and_update().restarts;
        let failure = match life.run(adopted.take()).await {
            Ok(()) | Err(Stop::Wished) => None,
            Err(Stop::Failed(failure)) => Some(failure),
        };
        // Nobody is left who could wish for anything.
        if life.wish.borrow().end.is_some() || life.wish.has_changed().is_err() {
            life.set_starting(false);
            return;
        }
        if let Some(failure) = failure {
            let is_over = life.speaker.fail(&failure).await;
            // Only now: until its reason is told it is not given up.
            life.set_starting(false);
            if is_over {
                return;
            }
            // A person has to do something; then it is told to begin anew, or to leave.
            let next = life.wish.wait_for(|wish| wish.end.is_some() || wish.restarts != restarts).await;
            let is_over = next.map_or(true, |wish| wish.end.is_some());
            if is_over {
                return;
            }
            life.speaker.take_back().await;
        }
        life.set_starting(true);
        life.deaths.clear();
    }
}

struct Life {
    world: Arc<World>,
    agent: LocalAgent,
    folders: Folders,
    wish: watch::Receiver<Wish>,
    speaker: Speaker,
    deaths: Vec<Death>,
    since: Instant,
    log_from: u64,
}

impl Life {
    fn id(&self) -> Uuid {
        self.agent.instance
    }

    fn set_starting(&self, is_starting: bool) {
        self.world.door.set_starting(self.id(), is_starting);
    }

    /// Nobody can talk with its gateway any more: unless it is wanted no more, another one follows.
    fn part(&self) {
        self.set_starting(self.wish.borrow().end.is_none());
        self.world.door.close(self.id());
    }

    /// The gateway that an earlier run of the app has left: gone on with where that was wished, ended else.
    async fn find_again(&mut self) -> Option<Running> {
        let Process { port, pid, started } = self.agent.process.take()?;
        let (world, id) = (self.world.clone(), self.id());
        let kept = on_thread(move || {
            let keeps = world.record.keeps_running();
            let token = world.secrets.read(&token_name(id)).ok().flatten();
            token.filter(|_| keeps)
        })
        .await;
        let is_kept = kept.is_some();
        let found = Running::adopt(pid, &started, port, Token::kept(kept.unwrap_or_default()))?;
        if is_kept {
            return Some(found);
        }
        found.end().await;
        self.serve_by(None).await;
        None
    }

    /// From the runtime to the end of a gateway that nobody wished to end; again and again.
    async fn run(&mut self, mut adopted: Option<Running>) -> Result<(), Stop> {
        if adopted.is_none() {
            self.wait_for_runtime().await?;
            self.configure().await?;
        }
        loop {
            let cause = match self.start(adopted.take()).await? {
                Ok(gateway) => self.serve(gateway).await?,
                Err(cause) => cause,
            };
            self.deaths.push(Death { at: self.since.elapsed(), cause });
            match backoff::decide(&self.deaths, self.speaker.is_made()) {
                Next::GiveUp(reason) => return Err(self.give_up(reason).into()),
                Next::Again(wait) => {
                    let said = format!("the agent ended ({}); it is started again", failing::words(cause));
                    self.speaker.warn(Stage::Securing, &said).await;
                    self.unless_wished(tokio::time::sleep(wait)).await?;
                }
            }
        }
    }

    async fn wait_for_runtime(&mut self) -> Result<(), Stop> {
        if self.world.runtime.program().is_some() {
            return Ok(());
        }
        self.speaker.reach(Stage::Installing, "the runtime is not on this computer yet; it is fetched").await;
        let mut changes = self.world.runtime.watch();
        let (mut heard, mut begun) = (0, false);
        loop {
            // Once: an installation that failed, or was ended by a person, needs a person.
            if !begun {
                self.world.runtime.install();
            }
            let lines = self.world.runtime.lines_from(heard);
            heard += lines.len();
            self.speaker.pass_on(Stage::Installing, lines).await;
            let now = self.world.runtime.tell();
            begun |= now.state != LocalRuntimeState::Removing;
            match now.state {
                LocalRuntimeState::Ready => return Ok(()),
                LocalRuntimeState::Failed => return Err(Failure::of_runtime(now.error).into()),
                LocalRuntimeState::Absent => return Err(Failure::of_runtime(None).into()),
                LocalRuntimeState::Installing | LocalRuntimeState::Removing => {}
            }
            let _ = self.unless_wished(changes.changed()).await?;
            self.unless_wished(tokio::time::sleep(PASS_ON)).await?;
        }
    }

    /// Writes the first configuration. Later ones are the gateway's own: it would restore what is changed here.
    async fn configure(&mut self) -> Result<(), Stop> {
        if self.folders.config().exists() {
            return Ok(());
        }
        self.speaker
            .reach(Stage::Configuring, "its folders are made and its first configuration is written")
            .await;
        let (world, agent, folders) = (self.world.clone(), self.agent.clone(), self.folders.clone());
        on_thread(move || {
            let sections = world.making.sections(&agent, &folders.workspace()).map_err(Failure::of_making)?;
            let config = first_config(&folders.state(), &folders.workspace(), &sections);
            folders.make().map_err(|error| Failure::of_folder(&error))?;
            private_file::write(&folders.config(), config.to_string().as_bytes())
                .map_err(|error| Failure::of_folder(&error))
        })
        .await
        .map_err(Stop::Failed)
    }

    /// Starts a gateway, or takes up one that runs, and waits until it is ready. The inner error is a start that failed.
    async fn start(&mut self, adopted: Option<Running>) -> Result<Result<Running, Cause>, Stop> {
        let mut gateway = match adopted {
            Some(gateway) => gateway,
            None => match self.spawn().await? {
                Ok(gateway) => gateway,
                Err(error) => {
                    self.speaker
                        .warn(Stage::Securing, &format!("the agent could not be started: {error}"))
                        .await;
                    return Ok(Err(Cause::NotStarted));
                }
            },
        };
        let process = Process { port: gateway.port, pid: gateway.pid, started: gateway.started.clone() };
        self.serve_by(Some(process)).await;
        self.keep_token(&gateway).await;
        self.world.door.open(self.id(), &gateway, &self.folders.workspace());
        let ready = self.wait_until_ready(&mut gateway).await;
        match ready {
            Ok(None) => {
                self.speaker.ready().await;
                self.set_starting(false);
                Ok(Ok(gateway))
            }
            Ok(Some(cause)) => {
                self.part();
                gateway.end().await;
                let said = self.folders.said_since(self.log_from);
                self.speaker.hear(Stage::Securing, &said).await;
                self.serve_by(None).await;
                Ok(Err(failing::with_words(cause, &said)))
            }
            Err(stop) => {
                self.leave(gateway).await;
                Err(stop)
            }
        }
    }

    async fn spawn(&mut self) -> Result<std::io::Result<Running>, Stop> {
        let program = self.world.runtime.program().ok_or_else(|| Failure::of_runtime(None))?;
        let (world, agent) = (self.world.clone(), self.agent.clone());
        let key = on_thread(move || world.making.model_key(&agent)).await.map_err(Failure::of_making)?;
        self.speaker.hide(key.as_deref());
        self.log_from = std::fs::metadata(self.folders.log()).map_or(0, |log| log.len());
        let started =
            child::free_port().and_then(|port| child::start(&program, &self.folders, port, key.as_deref()));
        if let Ok(gateway) = &started {
            self.speaker.hide(Some(gateway.token.expose()));
            let said =
                format!("it is started on port {} of this computer alone, behind a token", gateway.port);
            self.speaker.reach(Stage::Securing, &said).await;
        }
        Ok(started)
    }

    /// None once it is ready; else why it never will be.
    async fn wait_until_ready(&mut self, gateway: &mut Running) -> Result<Option<Cause>, Stop> {
        let deadline = Instant::now() + READY_LIMIT;
        loop {
            if gateway.is_ready().await && self.world.door.is_ready(self.id()) {
                return Ok(self.put_in_force().await);
            }
            if Instant::now() >= deadline {
                return Ok(Some(Cause::NeverReady));
            }
            let waited = tokio::time::timeout(ASK_AGAIN, gateway.ended());
            if let Ok(Ended { code }) = self.unless_wished(waited).await? {
                return Ok(Some(Cause::Exit(code)));
            }
        }
    }

    /// A permission that was narrowed while nobody could be told holds before anybody may talk with the agent.
    async fn put_in_force(&self) -> Option<Cause> {
        let (world, id, workspace) = (self.world.clone(), self.id(), self.folders.workspace());
        match on_thread(move || world.door.put_in_force(id, &workspace)).await {
            Ok(true) => None,
            Ok(false) => Some(Cause::NotInForce),
            Err(error) => {
                log::warn!("what an agent may do is not in force: {error}");
                Some(Cause::NotInForce)
            }
        }
    }

    /// Watches a ready gateway until it ends by itself.
    async fn serve(&mut self, mut gateway: Running) -> Result<Cause, Stop> {
        loop {
            let waited = tokio::time::timeout(LOG_LOOK, gateway.ended());
            match self.unless_wished(waited).await {
                Ok(Ok(Ended { code })) => {
                    self.part();
                    self.serve_by(None).await;
                    return Ok(Cause::Exit(code));
                }
                Ok(Err(_)) => {
                    if let Err(error) = self.folders.turn_log() {
                        log::warn!("a gateway's log could not be put aside: {error}");
                    }
                }
                Err(stop) => {
                    self.leave(gateway).await;
                    return Err(stop);
                }
            }
        }
    }

    /// Parts from a gateway as it is wished.
    async fn leave(&mut self, gateway: Running) {
        self.part();
        if self.wish.borrow().end == Some(Leave::Running) {
            return;
        }
        gateway.end().await;
        self.serve_by(None).await;
    }

    fn give_up(&self, reason: Reason) -> Failure {
        Failure::of_gateway(reason, &self.folders.said_since(self.log_from), self.speaker.is_made())
    }

    /// Goes on with something unless something else is wished meanwhile.
    async fn unless_wished<T>(&mut self, going: impl Future<Output = T>) -> Result<T, Stop> {
        tokio::select! {
            done = going => Ok(done),
            _ = self.wish.changed() => Err(Stop::Wished),
        }
    }

    async fn serve_by(&self, process: Option<Process>) {
        let (world, id) = (self.world.clone(), self.id());
        if process.is_none() {
            world.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&id);
        }
        on_thread(move || world.record.serve_by(id, process.as_ref())).await;
    }

    /// A token is kept only where its gateway shall outlive the app.
    async fn keep_token(&self, gateway: &Running) {
        let (world, id, token) = (self.world.clone(), self.id(), gateway.token.clone());
        world.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(id, token.clone());
        on_thread(move || {
            if world.record.keeps_running()
                && let Err(error) = world.secrets.write(&token_name(id), token.expose())
            {
                log::warn!(
                    "the token of an agent could not be kept, so it will not outlive the app: {error}"
                );
            }
        })
        .await;
    }
}

/// Under which name an agent's token is kept.
pub(crate) fn token_name(agent: Uuid) -> String {
    format!("agent-token/{agent}")
}

/// Runs what may block where it may.
pub(crate) async fn on_thread<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(act).await {
        Ok(value) => value,
        Err(broken) => std::panic::resume_unwind(broken.into_panic()),
    }
}
