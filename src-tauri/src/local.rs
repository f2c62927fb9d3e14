//! The platform on this computer: started when its profile is opened, stopped when the app ends. The core reaches it
//! over HTTP like any other.

use nineheads_core::profiles::THIS_COMPUTER;
use nineheads_core::secrets::ExposeSecret;
use nineheads_core::session::SessionView;
use nineheads_core::{Code, Console, Failure};
use nineheads_platform::{AgentOptions, Local, LocalOptions, SecretStore, SecretStoreError, open_local};
use std::path::PathBuf;
use std::sync::Arc;
use tauri::async_runtime::block_on;
use tokio::sync::Mutex;

/// What the profile is called.
const NAME: &str = "This computer";

/// The platform, once it runs.
pub(crate) struct LocalPlatform {
    folder: PathBuf,
    running: Mutex<Option<Local>>,
}

impl LocalPlatform {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, running: Mutex::default() }
    }

    /// Starts the platform if need be and opens its profile. `demo`: a platform that is new begins with simulated agents.
    pub(crate) async fn open_in(&self, console: &Console, demo: bool) -> Result<SessionView, Failure> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let agents = AgentOptions {
                folder: self.folder.join("agents"),
                secrets: Arc::new(Lender(console.clone())),
            };
            let local =
                open_local(&self.folder, LocalOptions { agents: Some(agents), ..options(demo) }).await;
            *running = Some(local.map_err(|error| Failure::new(Code::Storage, error.to_string()))?);
        }
        let Some(local) = running.as_ref() else { return Err(Failure::new(Code::NoSession, "not started")) };
        console.open_this_computer(&local.url, &local.key, NAME).await
    }

    /// Opens whatever profile it is.
    pub(crate) async fn open_profile(&self, console: &Console, id: &str) -> Result<SessionView, Failure> {
        let opened = match id == THIS_COMPUTER {
            true => self.open_in(console, false).await,
            false => console.open_profile(id).await,
        };
        opened.inspect_err(|_| console.give_up_opening())
    }

    pub(crate) async fn stop(&self) {
        if let Some(local) = self.running.lock().await.take() {
            local.stop().await;
        }
    }
}

/// Keeps the secrets of real agents where the console keeps its own.
struct Lender(Console);

impl SecretStore for Lender {
    fn read(&self, name: &str) -> Result<Option<String>, SecretStoreError> {
        let kept = block_on(self.0.read_lent(name)).map_err(refused)?;
        Ok(kept.map(|secret| secret.expose_secret().to_owned()))
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), SecretStoreError> {
        block_on(self.0.keep_lent(name, Some(secret.into()))).map_err(refused)
    }

    fn erase(&self, name: &str) -> Result<(), SecretStoreError> {
        block_on(self.0.keep_lent(name, None)).map_err(refused)
    }
}

fn refused(failure: Failure) -> SecretStoreError {
    SecretStoreError(failure.to_string())
}

/// How fast simulated agents live; `NINEHEADS_LOCAL_SPEED` lets tests and demonstrations hurry.
fn options(demo: bool) -> LocalOptions {
    let defaults = LocalOptions::default();
    let speed = std::env::var("NINEHEADS_LOCAL_SPEED").ok().and_then(|text| text.parse().ok());
    LocalOptions {
        fleet: if demo { defaults.fleet } else { 0 },
        speed: speed.unwrap_or(defaults.speed),
        no_failures: std::env::var_os("NINEHEADS_LOCAL_NO_FAILURES").is_some() || defaults.no_failures,
        ..defaults
    }
}
