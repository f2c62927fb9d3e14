//! Links `nineheads://…` that the system hands over, to this process or to a second one that gives it on. What a link
//! means, and whether it is followed at all, is the page's: here it waits until the page asks for it.

use crate::window;
use nineheads_core::Console;
use std::sync::{Mutex, PoisonError};
use tauri::{App, AppHandle, Manager, Url};
use tauri_plugin_deep_link::DeepLinkExt;

/// The newest one that nobody has asked for.
#[derive(Default)]
struct Waiting(Mutex<Option<String>>);

pub(crate) fn follow(app: &App) -> tauri_plugin_deep_link::Result<()> {
    app.manage(Waiting::default());
    let handle = app.handle().clone();
    app.deep_link().on_open_url(move |event| take_in(&handle, event.urls()));
    if let Some(urls) = app.deep_link().get_current()? {
        take_in(app.handle(), urls);
    }
    Ok(())
}

fn take_in(app: &AppHandle, urls: Vec<Url>) {
    let Some(url) = urls.into_iter().next() else { return };
    *app.state::<Waiting>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(url.into());
    window::bring_to_front(app);
    app.state::<Console>().announce_link();
}

pub(crate) fn take(app: &AppHandle) -> Option<String> {
    app.state::<Waiting>().0.lock().unwrap_or_else(PoisonError::into_inner).take()
}
