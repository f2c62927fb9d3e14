//! What belongs to the window and not to a platform.

use crate::preferences::{self, Preferences};
use crate::{deep_links, files, links, window};
use base64::Engine;
use nineheads_core::{Code, Failure};
use tauri_plugin_clipboard_manager::ClipboardExt;

ask_app! {
    get_preferences() -> Preferences => |app| Ok(preferences::read(&app));
    set_preferences(preferences: Preferences) -> () => |app| preferences::write(&app, &preferences);
    copy_text(text: String) -> () => |app| app.clipboard().write_text(text).map_err(|error| Failure::new(Code::Storage, error.to_string()));
    /// Asks where to save. False: nowhere.
    save_text(name: String, text: String) -> bool => |app| files::save(&app, &name, |out| Ok(out.write_all(text.as_bytes())?)).await;
    /// The same for a picture, as base64.
    save_picture(name: String, png: String) -> bool => |app| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(png);
        let bytes = bytes.map_err(|error| Failure::new(Code::Storage, error.to_string()))?;
        files::save(&app, &name, |out| Ok(out.write_all(&bytes)?)).await
    };
    /// The one way out of the app: see [`links`].
    open_link(url: String) -> bool => |app| Ok(links::open(&app, &url).await);
    /// The link that the system handed over last, once.
    take_link() -> Option<String> => |app| Ok(deep_links::take(&app));
    get_version() -> String => |app| Ok(app.package_info().version.to_string());
    /// The page has painted; until then the window stays hidden.
    show_window() -> () => |app| { window::show(&app); Ok(()) };
}
