//! Provisioning logs.

use nineheads_core::contract::InstanceId;
use nineheads_core::logs::LogsView;
use nineheads_core::{Console, Failure};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn watch_logs(console: State<'_, Console>, id: InstanceId) -> Result<LogsView, Failure> {
    console.watch_logs(&id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn unwatch_logs(console: State<'_, Console>, id: InstanceId) -> Result<(), Failure> {
    console.unwatch_logs(&id);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_logs(
    console: State<'_, Console>,
    id: InstanceId,
    from: u32,
) -> Result<LogsView, Failure> {
    console.logs(&id, from)
}
