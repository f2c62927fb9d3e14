//! The shell: a window, and a translation between the page and the core. It decides nothing.

mod commands;
mod deep_links;
mod events;
mod files;
mod ipc;
mod links;
mod local;
mod notifications;
mod power;
mod preferences;
mod start;
mod window;

pub use commands::names::COMMANDS;
pub use ipc::specta_builder;

use chrono::Utc;
use log::Record;
use nineheads_core::Console;
use nineheads_core::redact::log_line;
use std::fmt::Arguments;
use tauri::plugin::TauriPlugin;
use tauri::{Manager, RunEvent, Wry};
use tauri_plugin_log::RotationStrategy;
use tauri_plugin_log::fern::FormatCallback;

/// Largest log file in bytes; the two before it stay.
const LOG_SIZE: u128 = 512 * 1024;

/// Opens the app and returns when it has ended.
///
/// # Panics
/// When the system can not show a window at all.
pub fn run() {
    nineheads_core::process::forbid_core_dumps();
    #[cfg(target_os = "linux")]
    start::open_display();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| window::bring_to_front(app)))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(log_plugin())
        .plugin(tauri_plugin_store::Builder::default().build())
        .plugin(window::state_plugin())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(ipc::handler())
        .setup(|app| {
            start::open_console(app)?;
            notifications::follow(app)?;
            deep_links::follow(app)?;
            window::open(app)?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .expect("the system can show a window");
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            tauri::async_runtime::block_on(app.state::<local::LocalPlatform>().stop());
            app.state::<Console>().end_run();
        }
    });
}

/// Every line passes through the core's one place for secrets, whoever writes it.
fn log_plugin() -> TauriPlugin<Wry> {
    let line = |out: FormatCallback<'_>, message: &Arguments<'_>, record: &Record<'_>| {
        let (now, text) = (Utc::now().format("%Y-%m-%dT%H:%M:%S%.3fZ"), log_line(&message.to_string()));
        out.finish(format_args!("{now} [{}] {}: {text}", record.level(), record.target()));
    };
    let builder = tauri_plugin_log::Builder::new().level(log::LevelFilter::Info).format(line);
    builder.max_file_size(LOG_SIZE).rotation_strategy(RotationStrategy::KeepSome(2)).build()
}
