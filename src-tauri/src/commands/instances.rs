//! One instance.

use nineheads_core::contract::InstanceId;
use nineheads_core::contract::instances::Deleted;
use nineheads_core::instances::InstanceView;
use nineheads_core::{Console, Failure};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn watch_instance(
    console: State<'_, Console>,
    id: InstanceId,
) -> Result<InstanceView, Failure> {
    console.watch_instance(&id)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn unwatch_instance(console: State<'_, Console>, id: InstanceId) -> Result<(), Failure> {
    console.unwatch_instance(&id);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_instance(
    console: State<'_, Console>,
    id: InstanceId,
) -> Result<InstanceView, Failure> {
    console.instance(&id)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn refresh_instance(
    console: State<'_, Console>,
    id: InstanceId,
) -> Result<InstanceView, Failure> {
    console.refresh_instance(&id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_instance(console: State<'_, Console>, id: InstanceId) -> Result<Deleted, Failure> {
    console.delete_instance(&id).await
}
