//! How a person likes the screen: theme, columns, last view, keys. Nothing secret; kept by tauri-plugin-store.

use nineheads_core::{Code, Failure};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::BTreeMap;
use tauri::AppHandle;
use tauri_plugin_store::StoreExt;

/// Written in place by the plugin: a broken one is set aside at the start.
pub(crate) const FILE: &str = "preferences.json";
const ENTRY: &str = "preferences";

/// What is remembered of the screen.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preferences {
    /// Light, dark, or as the system.
    pub theme: Theme,
    /// The fleet's columns, in order; none for the usual ones.
    pub columns: Option<Vec<String>>,
    /// The address to come back to.
    pub last_view: Option<String>,
    /// What was chosen in the palette, by its id, the newest first.
    pub recent: Option<Vec<String>>,
    /// Keys that were changed, by the id of their action; none of them for the usual ones.
    pub shortcuts: Option<BTreeMap<String, Vec<String>>>,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// What is kept, or the usual where it can not be read.
pub(crate) fn read(app: &AppHandle) -> Preferences {
    let kept = app.store(FILE).ok().and_then(|store| store.get(ENTRY));
    kept.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
}

/// Keeps them.
pub(crate) fn write(app: &AppHandle, preferences: &Preferences) -> Result<(), Failure> {
    let refused = |error: String| Failure::new(Code::Storage, error);
    let value = serde_json::to_value(preferences).map_err(|error| refused(error.to_string()))?;
    let store = app.store(FILE).map_err(|error| refused(error.to_string()))?;
    store.set(ENTRY, value);
    store.save().map_err(|error| refused(error.to_string()))
}
