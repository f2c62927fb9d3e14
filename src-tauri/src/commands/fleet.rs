//! The list, through windows.

use nineheads_core::fleet::{FleetQuery, FleetWindow};
use nineheads_core::polling::{Attention, PollerView};
use nineheads_core::{Console, Failure};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub(crate) async fn show_fleet(
    console: State<'_, Console>,
    query: FleetQuery,
    offset: u32,
    limit: u32,
) -> Result<FleetWindow, Failure> {
    console.show_fleet(query, offset, limit)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn refresh_fleet(console: State<'_, Console>) -> Result<(), Failure> {
    console.refresh_fleet()
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_poller(console: State<'_, Console>) -> Result<PollerView, Failure> {
    Ok(console.poller())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn set_attention(console: State<'_, Console>, attention: Attention) -> Result<(), Failure> {
    console.set_attention(attention);
    Ok(())
}
