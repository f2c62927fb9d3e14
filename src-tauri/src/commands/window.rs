//! What belongs to the window and not to a platform.

use crate::preferences::{self, Preferences};
use crate::{files, links, window};
use base64::Engine;
use nineheads_core::{Code, Failure};
use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt;

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_preferences(app: AppHandle) -> Result<Preferences, Failure> {
    Ok(preferences::read(&app))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn set_preferences(app: AppHandle, preferences: Preferences) -> Result<(), Failure> {
    preferences::write(&app, &preferences)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_text(app: AppHandle, text: String) -> Result<(), Failure> {
    app.clipboard().write_text(text).map_err(|error| Failure::new(Code::Storage, error.to_string()))
}

/// Asks where to save. False: nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_text(app: AppHandle, name: String, text: String) -> Result<bool, Failure> {
    files::save(&app, &name, |out| Ok(out.write_all(text.as_bytes())?)).await
}

/// The same for a picture, as base64.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_picture(app: AppHandle, name: String, png: String) -> Result<bool, Failure> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(png);
    let bytes = bytes.map_err(|error| Failure::new(Code::Storage, error.to_string()))?;
    files::save(&app, &name, |out| Ok(out.write_all(&bytes)?)).await
}

/// The one way out of the app: see [`links`].
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_link(app: AppHandle, url: String) -> Result<bool, Failure> {
    Ok(links::open(&app, &url).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_version(app: AppHandle) -> Result<String, Failure> {
    Ok(app.package_info().version.to_string())
}

/// The page has painted; until then the window stays hidden.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_window(app: AppHandle) -> Result<(), Failure> {
    window::show(&app);
    Ok(())
}
