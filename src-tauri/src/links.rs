//! The one opener: a link that an agent wrote leaves the app only after a question that names where it goes. Which may
//! leave at all is the core's decision.

use nineheads_core::links::Link;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons};
use tauri_plugin_opener::OpenerExt;

/// Asks, then opens. False when it is refused or declined.
pub(crate) async fn open(app: &AppHandle, text: &str) -> bool {
    let Some(Link { url, target }) = Link::read(text) else {
        log::warn!("a link was refused");
        return false;
    };
    let (tell, told) = tokio::sync::oneshot::channel();
    app.dialog()
        .message(format!("This link leaves Nineheads and goes to\n\n{target}"))
        .title("Open a link")
        .buttons(MessageDialogButtons::OkCancelCustom("Open link".into(), "Stay here".into()))
        .show(move |agreed| {
            let _ = tell.send(agreed);
        });
    told.await.unwrap_or(false) && app.opener().open_url(url, None::<&str>).is_ok()
}
