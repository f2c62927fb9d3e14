//! Opens the display and the core when the app starts, and the profile that was open last. The window does not wait for a
//! keystore that does not answer.

use crate::events::pass_on;
use crate::local::LocalPlatform;
use crate::preferences;
use chrono::Utc;
use nineheads_core::aside::set_aside_broken_json;
use nineheads_core::home::{IDENTIFIER, data_folder};
use nineheads_core::process::told_to_end;
use nineheads_core::secrets::Keystore;
use nineheads_core::{Console, ConsoleOptions};
use std::sync::Arc;
use std::time::Duration;
use tauri::{App, Manager};
use tokio::sync::watch;

/// How long the window waits for the last profile, so that it need not show that it waits.
const PATIENCE: Duration = Duration::from_millis(400);

/// Tells when the last profile is open, or turned out not to be.
pub(crate) struct Started(watch::Receiver<bool>);

impl Started {
    pub(crate) async fn wait(&self) {
        let mut told = self.0.clone();
        let _ = tokio::time::timeout(PATIENCE, told.wait_for(|started| *started)).await;
    }
}

/// Opens the display, and ends the app with a sentence where there is none: what GTK says is for programmers.
#[cfg(target_os = "linux")]
pub(crate) fn open_display() {
    if gtk::init().is_err() {
        eprintln!(
            "Nineheads needs a display, and none could be opened: neither WAYLAND_DISPLAY nor DISPLAY names one that answers. \
             The command `nineheads` does the same without a window."
        );
        std::process::exit(1);
    }
}

pub(crate) fn open_console(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    let folder = data_folder().ok_or(tauri::Error::UnknownPath)?;
    set_aside_broken_json(&folder.join(preferences::FILE), Utc::now());
    let secrets = Arc::new(Keystore::new(IDENTIFIER));
    let console = Console::open(ConsoleOptions::new(folder.clone(), secrets))?;
    let last = console.begin();
    let (tell, told) = watch::channel(false);
    app.manage(console.clone());
    app.manage(LocalPlatform::new(folder.join("this-computer")));
    app.manage(Started(told));
    let mourner = console.clone();
    std::panic::set_hook(Box::new(move |panic| mourner.note_panic(&panic.to_string())));
    let handle = app.handle().clone();
    let ending = handle.clone();
    tauri::async_runtime::spawn(async move {
        told_to_end().await;
        ending.exit(0);
    });
    tauri::async_runtime::spawn(pass_on(handle.clone(), console.clone()));
    tauri::async_runtime::spawn(crate::power::watch(console.clone()));
    let teller = console.clone();
    tauri::async_runtime::spawn(async move { teller.follow_news().await });
    let watched = console.clone();
    tauri::async_runtime::spawn(async move { watched.watch_idle().await });
    tauri::async_runtime::spawn(async move {
        let opened = match last {
            None => Ok(()),
            Some(last) => handle.state::<LocalPlatform>().open_profile(&console, &last.id).await.map(drop),
        };
        if let Err(failure) = opened {
            log::error!("the last profile was not opened: {failure}");
        }
        tell.send_replace(true);
    });
    Ok(())
}
