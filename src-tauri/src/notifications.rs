//! The system's notifications. Where there is no service for them, nothing fails and nothing waits: the inbox has it all.

use crate::window;
use nineheads_core::Console;
use tauri::{App, AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;

/// Leads whoever chooses a notification to what it is about.
pub(crate) fn follow(app: &App) -> tauri_plugin_notification::Result<()> {
    let handle = app.handle().clone();
    app.notification().on_action(move |done| {
        window::bring_to_front(&handle);
        let number = done.notification().map(|shown| shown.id());
        if let Some(Err(failure)) = number.map(|number| handle.state::<Console>().choose_news(&id_of(number)))
        {
            log::warn!("a notification leads nowhere: {failure}");
        }
    })
}

/// Shows one; its number is the news' place in the inbox.
pub(crate) fn show(app: &AppHandle, news: &str, title: &str, body: &str) {
    let builder = app.notification().builder().id(news.parse().unwrap_or_default()).title(title).body(body);
    if let Err(error) = builder.show() {
        log::info!("the system showed no notification: {error}");
    }
}

fn id_of(number: i32) -> String {
    format!("{number:012}")
}
