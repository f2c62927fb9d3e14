//! What helps when something went wrong: how the run before ended, errors of the page, and a bundle for those who help.

use crate::preferences;
use nineheads_core::mishaps::UnexpectedEnd;
use nineheads_core::support::{BundlePart, BundleParts};
use tauri::Manager;

ask_console! {
    /// Told once.
    get_unexpected_end() -> Option<UnexpectedEnd> => |console| Ok(console.unexpected_end());
    /// Returns what the log calls it.
    note_mishap(what: String) -> String => |console| Ok(console.note_mishap("the page failed", &what));
}

ask_app! {
    get_support_bundle() -> Vec<BundlePart> => |app, console| {
        let version = |name: &str, version: String| (name.to_owned(), version);
        let given = BundleParts {
            versions: vec![
                version("Nineheads", app.package_info().version.to_string()),
                version("Tauri", tauri::VERSION.to_owned()),
                version("WebView", tauri::webview_version().unwrap_or_else(|error| error.to_string())),
                version("System", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
            ],
            preferences: serde_json::to_value(preferences::read(&app)).unwrap_or_default(),
            log_folder: app.path().app_log_dir().ok(),
            home: app.path().home_dir().ok(),
        };
        Ok(console.support_bundle(&given))
    };
}
