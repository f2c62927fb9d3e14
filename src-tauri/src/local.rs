//! The platform on this computer: started when its profile is opened, stopped when the app ends. The core reaches it
//! over HTTP like any other.

use nineheads_core::profiles::THIS_COMPUTER;
use nineheads_core::session::SessionView;
use nineheads_core::{Code, Console, Failure};
use nineheads_platform::{Local, LocalOptions, open_local};
use std::path::PathBuf;
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

    /// Starts the platform if need be and opens its profile.
    pub(crate) async fn open_in(&self, console: &Console) -> Result<SessionView, Failure> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let local = open_local(&self.folder, options()).await;
            *running = Some(local.map_err(|error| Failure::new(Code::Storage, error.to_string()))?);
        }
        let Some(local) = running.as_ref() else { return Err(Failure::new(Code::NoSession, "not started")) };
        console.open_this_computer(&local.url, &local.key, NAME).await
    }

    /// Opens whatever profile it is.
    pub(crate) async fn open_profile(&self, console: &Console, id: &str) -> Result<SessionView, Failure> {
        let opened = match id == THIS_COMPUTER {
            true => self.open_in(console).await,
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

/// How fast simulated agents live; `NINEHEADS_LOCAL_SPEED` lets tests and demonstrations hurry.
fn options() -> LocalOptions {
    let defaults = LocalOptions::default();
    let speed = std::env::var("NINEHEADS_LOCAL_SPEED").ok().and_then(|text| text.parse().ok());
    LocalOptions {
        speed: speed.unwrap_or(defaults.speed),
        no_failures: std::env::var_os("NINEHEADS_LOCAL_NO_FAILURES").is_some() || defaults.no_failures,
        ..defaults
    }
}
