//! The one window: where it may go, and when it is shown.

use nineheads_core::Console;
use std::time::Duration;
use tauri::plugin::TauriPlugin;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{App, AppHandle, Manager, Url, WebviewUrl, WebviewWindowBuilder, Wry};
use tauri_plugin_window_state::StateFlags;

const LABEL: &str = "main";
/// A page that never says that it has painted is shown all the same.
const PATIENCE: Duration = Duration::from_secs(5);

/// WebKit reports the language `C` on minimal systems, and `Intl` throws at it: give the page one that it can use.
const LANGUAGE: &str = r"(() => {
  let language;
  try { [language] = Intl.getCanonicalLocales(navigator.language); } catch { /* not a language */ }
  if (language && language !== 'c') return;
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
  Object.defineProperty(navigator, 'languages', { value: Object.freeze(['en-US']), configurable: true });
})();";

/// Remembers size and place, but not that the window was hidden while it loaded.
pub(crate) fn state_plugin() -> TauriPlugin<Wry> {
    let flags = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED;
    tauri_plugin_window_state::Builder::default().with_state_flags(flags).build()
}

pub(crate) fn open(app: &App) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Nineheads")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .visible(false)
        .initialization_script(LANGUAGE)
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Started {
                window.state::<Console>().forget_watches();
            }
        })
        .build()?;
    let app = app.handle().clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        show(&app);
    });
    Ok(())
}

pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let _ = window.show();
    }
}

pub(crate) fn bring_to_front(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// The app's own pages, and in development the server that builds them.
fn is_own(url: &Url) -> bool {
    let own =
        url.scheme() == "tauri" || (url.scheme() == "http" && url.host_str() == Some("tauri.localhost"));
    own || (cfg!(dev) && url.host_str() == Some("127.0.0.1") && url.port() == Some(5179))
}
