//! "This computer": the platform in a folder that processes share. One of them holds the folder's lock and runs it; the
//! others read where it is. Nothing here differs from any other platform once it runs.

use crate::options::{AgentOptions, Options};
use crate::private_file;
use crate::server::{ServeError, Server, serve};
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const LOCK: &str = "platform.lock";
const ENDPOINT: &str = "endpoint.json";
/// How long another process may take from its lock to its endpoint.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// How the platform of this computer behaves.
#[derive(Debug, Clone)]
pub struct LocalOptions {
    /// Simulated instances that a fresh folder begins with; 0 for who begins with a real agent.
    pub fleet: u32,
    /// See [`Options::speed`].
    pub speed: f64,
    /// See [`Options::seed`].
    pub seed: u64,
    /// See [`Options::no_failures`].
    pub no_failures: bool,
    /// See [`Options::agents`].
    pub agents: Option<AgentOptions>,
}

impl Default for LocalOptions {
    fn default() -> Self {
        let Options { speed, seed, no_failures, .. } = Options::default();
        Self { fleet: 12, speed, seed, no_failures, agents: None }
    }
}

/// Why there is no platform on this computer.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The folder can not be used.
    #[error("the folder {folder} can not be used: {source}")]
    Folder {
        /// Which one.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another process holds the folder and does not say where its platform is.
    #[error("another process holds {0} and does not answer")]
    Busy(PathBuf),
    /// The platform did not start.
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// The platform of this computer, run here or by another process.
pub struct Local {
    /// Its base address.
    pub url: String,
    /// Its admin's key.
    pub key: String,
    /// The platform itself, where this process runs it.
    pub server: Option<Server>,
    endpoint: PathBuf,
    // Held, not read: the lock goes with the handle.
    _lock: Option<File>,
}

impl std::fmt::Debug for Local {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Local");
        debug.field("url", &self.url).field("here", &self.server.is_some()).finish_non_exhaustive()
    }
}

/// What `endpoint.json` says.
#[derive(Serialize, Deserialize)]
struct Endpoint {
    url: String,
    key: String,
    pid: u32,
}

/// Runs the platform of a folder, or finds the one that another process runs.
///
/// # Errors
/// [`LocalError`] when the folder can not be used, or its holder does not say where it is.
pub async fn open_local(folder: &Path, options: LocalOptions) -> Result<Local, LocalError> {
    let unusable = |source| LocalError::Folder { folder: folder.to_owned(), source };
    private_file::create_folder(folder).map_err(unusable)?;
    let mut open = File::options();
    let lock = open.create(true).truncate(false).write(true).open(folder.join(LOCK)).map_err(unusable)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match lock.try_lock() {
            Ok(()) => return run(folder, lock, options).await,
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
            Err(TryLockError::WouldBlock) => {}
        }
        if let Some(local) = find(folder).await {
            return Ok(local);
        }
        if Instant::now() >= deadline {
            return Err(LocalError::Busy(folder.to_owned()));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn run(folder: &Path, lock: File, options: LocalOptions) -> Result<Local, LocalError> {
    let path = folder.join(ENDPOINT);
    // What a process that was killed left behind must lead nobody astray while this one starts.
    if let Err(source) = std::fs::remove_file(&path)
        && source.kind() != std::io::ErrorKind::NotFound
    {
        return Err(LocalError::Folder { folder: folder.to_owned(), source });
    }
    let LocalOptions { fleet, speed, seed, no_failures, agents } = options;
    let server = serve(Options {
        data: Some(folder.to_owned()),
        fleet: Some(fleet),
        speed,
        seed,
        no_failures,
        agents,
        ..Options::default()
    })
    .await?;
    let said = Endpoint { url: server.url(), key: server.keys().admin.clone(), pid: std::process::id() };
    serde_json::to_vec(&said)
        .map_err(std::io::Error::other)
        .and_then(|bytes| private_file::write(&path, &bytes))
        .map_err(|source| LocalError::Folder { folder: folder.to_owned(), source })?;
    Ok(Local { url: said.url, key: said.key, server: Some(server), endpoint: path, _lock: Some(lock) })
}

/// The platform that the lock's holder runs. An endpoint that nobody listens at is a dead process's.
async fn find(folder: &Path) -> Option<Local> {
    let endpoint = folder.join(ENDPOINT);
    let said: Endpoint = serde_json::from_slice(&std::fs::read(&endpoint).ok()?).ok()?;
    let address = said.url.strip_prefix("http://")?;
    tokio::net::TcpStream::connect(address).await.ok()?;
    Some(Local { url: said.url, key: said.key, server: None, endpoint, _lock: None })
}

impl Local {
    /// Ends the platform where this process runs it; another process's goes on.
    pub async fn stop(mut self) {
        self.withdraw();
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    /// Takes the endpoint back before the platform ends, so that nobody finds a closed door.
    fn withdraw(&self) {
        if self.server.is_some()
            && let Err(error) = std::fs::remove_file(&self.endpoint)
        {
            log::warn!("{} could not be removed: {error}", self.endpoint.display());
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.withdraw();
    }
}
