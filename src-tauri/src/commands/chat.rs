//! Talking to an agent, and what was typed and not yet sent.

use nineheads_core::chat::Exchange;
use nineheads_core::contract::InstanceId;
use nineheads_core::contract::chat::ReplyPart;
use nineheads_core::{Console, Failure};
use tauri::State;
use tauri::ipc::Channel;

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_transcript(
    console: State<'_, Console>,
    id: InstanceId,
) -> Result<Vec<Exchange>, Failure> {
    console.transcript(&id)
}

/// The reply comes by the channel; a page that has gone does not end the turn.
#[tauri::command]
#[specta::specta]
pub(crate) async fn send_message(
    console: State<'_, Console>,
    id: InstanceId,
    exchange_id: String,
    text: String,
    on_part: Channel<ReplyPart>,
) -> Result<Exchange, Failure> {
    let pass_on = move |part| drop(on_part.send(part));
    console.send_message(&id, exchange_id, text, pass_on).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_waiting(console: State<'_, Console>, id: InstanceId) -> Result<(), Failure> {
    console.stop_waiting(&id);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_transcript(console: State<'_, Console>, id: InstanceId) -> Result<(), Failure> {
    console.clear_transcript(&id)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn get_draft(console: State<'_, Console>, name: String) -> Result<Option<String>, Failure> {
    console.draft(&name)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn set_draft(
    console: State<'_, Console>,
    name: String,
    text: Option<String>,
) -> Result<(), Failure> {
    console.set_draft(&name, text.as_deref())
}
