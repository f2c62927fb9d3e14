//! The shell: a window, and a translation between the page and the core. It decides nothing.

mod commands;
mod events;
mod files;
mod ipc;
mod links;
mod local;
mod power;
mod preferences;
mod start;
mod window;

pub use commands::names::COMMANDS;
pub use ipc::specta_builder;

use tauri::{Manager, RunEvent};

/// Opens the app and returns when it has ended.
///
/// # Panics
/// When the system can not show a window at all.
pub fn run() {
    let builder = specta_builder();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| window::bring_to_front(app)))
        .plugin(tauri_plugin_log::Builder::new().level(log::LevelFilter::Info).build())
        .plugin(tauri_plugin_store::Builder::default().build())
        .plugin(window::state_plugin())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(builder.invoke_handler())
        .setup(move |app| {
            builder.mount_events(app);
            start::open_console(app)?;
            window::open(app)?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .expect("the system can show a window");
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            tauri::async_runtime::block_on(app.state::<local::LocalPlatform>().stop());
        }
    });
}
