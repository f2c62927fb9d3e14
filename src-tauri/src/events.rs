//! Passes what the core announces on to the page.

use nineheads_core::{Console, Event};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Emitter};
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::RecvError;

/// One announcement of the core.
#[derive(Debug, Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
#[serde(transparent)]
pub(crate) struct Announcement(pub Event);

/// Passes on until the core is gone. Whoever fell behind is told to ask for everything again.
pub(crate) async fn pass_on(app: AppHandle, console: Console) {
    let mut events = console.events();
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(RecvError::Lagged(_)) => Event::SessionChanged,
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = app.emit(Announcement::NAME, Announcement(event)) {
            log::warn!("an event did not reach the page: {error}");
        }
    }
}
