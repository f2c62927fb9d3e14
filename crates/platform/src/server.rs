//! A running platform: what starts it, what a test asks of it, what ends it.

use crate::auth::{Doorkeeper, Keys};
use crate::call::{Platform, now};
use crate::counts::{Counter, Counts};
use crate::faults::Faults;
use crate::options::Options;
use crate::provider::openclaw::agent::Agents;
use crate::provider::simulated::Simulated;
use crate::rate::RateLimit;
use crate::store::Store;
use crate::{demo, hosting, listen, private_file, routes, worker};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Why a platform did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// It would have been reachable from other computers.
    #[error("{0} is not a loopback address; the platform listens on this computer only")]
    NotLoopback(SocketAddr),
    /// The speed is not a number from 0 up.
    #[error("a speed of {0} makes no sense; it must be 0 or more")]
    Speed(f64),
    /// The folder can not be used.
    #[error("the folder {folder} can not be used: {source}")]
    Folder {
        /// Which one.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The port can not be used.
    #[error("{address} can not be listened on: {source}")]
    Listen {
        /// Which one.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The database can not be used.
    #[error("the database can not be used: {0}")]
    Store(#[from] rusqlite::Error),
}

/// A platform that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    keys: Keys,
    platform: Arc<Platform>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").field("options", &self.options).finish_non_exhaustive()
    }
}

/// Starts a platform.
///
/// # Errors
/// [`ServeError`] when the address is not a loopback one or taken, or the folder can not be used.
pub async fn serve(options: Options) -> Result<Server, ServeError> {
    if !options.listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(options.listen));
    }
    if !options.speed.is_finite() || options.speed < 0.0 {
        return Err(ServeError::Speed(options.speed));
    }
    if let Some(folder) = &options.data {
        private_file::create_folder(folder)
            .map_err(|source| ServeError::Folder { folder: folder.clone(), source })?;
    }
    let store = Arc::new(Store::open(options.data.as_deref())?);
    if store.is_fresh() {
        store.write(|db| demo::settle(db, &options, now()))?;
    }
    let cannot_listen = |source| ServeError::Listen { address: options.listen, source };
    let listener = TcpListener::bind(options.listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;

    let work = Arc::new(tokio::sync::Notify::new());
    let agents = Arc::new(Agents::default());
    let host = hosting::open(&options, &store, &work, &agents).map_err(|source| ServeError::Folder {
        folder: options.agents.as_ref().map(|agents| agents.folder.clone()).unwrap_or_default(),
        source,
    })?;
    let keys = Keys::mint();
    let faults = Faults::default();
    faults.set(options.faults.clone());
    let platform = Arc::new(Platform {
        store,
        provider: Box::new(Simulated::new(&options)),
        host,
        agents,
        doorkeeper: Doorkeeper::new(&keys),
        faults,
        counter: Counter::default(),
        rate: RateLimit::new(options.rate_limit),
        lists: routes::instances::Lists::default(),
        turns: routes::chat::Turns::default(),
        work,
        options,
    });
    if let Some(host) = &platform.host {
        platform.agents.set_keeper(Some(Arc::new(host.clone())));
        hosting::resume(host, &platform.store)?;
    }
    let (stop, stopped) = watch::channel(false);
    let tasks = vec![
        tokio::spawn(listen::listen(listener, routes::table(platform.clone()), stopped.clone())),
        tokio::spawn(worker::work(platform.clone(), stopped)),
    ];
    Ok(Server { address, keys, platform, stop, tasks })
}

impl Server {
    /// The base address, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The keys of this start.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// A handle to what goes wrong.
    pub fn faults(&self) -> Faults {
        self.platform.faults.clone()
    }

    /// Changes so many rows of the fleet at once: some are renamed, fail or are mended, some go, some are new. The same
    /// seed does the same to the same fleet.
    ///
    /// # Errors
    /// [`ServeError::Store`] when the database can not be used.
    pub fn churn(&self, rows: u32, seed: u64) -> Result<(), ServeError> {
        Ok(self.platform.store.write(|db| demo::churn(db, rows, seed, now()))?)
    }

    /// What was asked and done since the start.
    pub fn counts(&self) -> Counts {
        self.platform.counter.read()
    }

    /// Ends the platform: no new requests, a moment for those in flight, then nothing is left running.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            if let Err(error) = task.await {
                log::error!("a part of the platform broke: {error}");
            }
        }
        if let Some(host) = &self.platform.host {
            host.stop().await;
            self.platform.agents.set_keeper(None);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        for task in &self.tasks {
            task.abort();
        }
        if let Some(host) = &self.platform.host {
            host.abandon();
            self.platform.agents.set_keeper(None);
        }
    }
}
