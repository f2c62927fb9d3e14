//! Making instances.

use crate::files;
use nineheads_core::choices::Choices;
use nineheads_core::contract::IdempotencyKey;
use nineheads_core::contract::deploys::NewInstance;
use nineheads_core::deploys::{Deploy, DeployPreview};
use nineheads_core::logs::LogsView;
use nineheads_core::{Console, Failure};
use tauri::{AppHandle, State};

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_choices(console: State<'_, Console>) -> Result<Choices, Failure> {
    console.choices().await
}

/// Asks for a file and takes it as the profile's catalog. False when none was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_catalog(app: AppHandle, console: State<'_, Console>) -> Result<bool, Failure> {
    match files::pick_json(&app).await? {
        Some(text) => console.import_catalog(&text).map(|()| true),
        None => Ok(false),
    }
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_deploy(
    console: State<'_, Console>,
    request: NewInstance,
) -> Result<DeployPreview, Failure> {
    console.preview_deploy(request)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn start_deploy(
    console: State<'_, Console>,
    request: NewInstance,
) -> Result<Deploy, Failure> {
    console.start_deploy(request).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn list_deploys(console: State<'_, Console>) -> Result<Vec<Deploy>, Failure> {
    console.deploys()
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_deploy(console: State<'_, Console>, key: IdempotencyKey) -> Result<Deploy, Failure> {
    console.deploy(&key)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_deploy_logs(
    console: State<'_, Console>,
    key: IdempotencyKey,
    from: u32,
) -> Result<LogsView, Failure> {
    console.deploy_logs(&key, from).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn check_deploy(
    console: State<'_, Console>,
    key: IdempotencyKey,
) -> Result<Deploy, Failure> {
    console.check_deploy(&key)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn resend_deploy(
    console: State<'_, Console>,
    key: IdempotencyKey,
) -> Result<Deploy, Failure> {
    console.resend_deploy(&key).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_deploy(console: State<'_, Console>, key: IdempotencyKey) -> Result<(), Failure> {
    console.dismiss_deploy(&key)
}
