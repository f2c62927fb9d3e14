//! Profiles and the open session.

use super::{Answer, Core, Local};
use crate::start::Started;
use nineheads_core::profiles::{CredentialKind, Profile, ProfileEdit};
use nineheads_core::session::SessionView;
use tauri::State;

ask_console! {
    list_profiles() -> Vec<Profile> => |console| Ok(console.profiles());
    /// Checks address and credential, then keeps and opens the profile.
    connect_platform(base_url: String, name: String, kind: CredentialKind, secret: String, edit: Option<ProfileEdit>) -> SessionView => |console| console.connect_with(&base_url, &ProfileEdit { name, ..edit.unwrap_or_default() }, kind, &secret).await;
    /// Gives a profile a new credential.
    renew_credential(id: String, kind: CredentialKind, secret: String) -> SessionView => |console| console.renew_credential(&id, kind, &secret).await;
    close_session() -> () => |console| { console.close_session().await; Ok(()) };
    forget_profile(id: String) -> () => |console| console.forget_profile(&id).await;
}

/// What the window starts from; waits a moment for the last profile to open.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get_session(console: Core<'_>, started: State<'_, Started>) -> Answer<SessionView> {
    started.wait().await;
    Ok(console.session_view())
}

/// Starts the platform on this computer if need be and opens its profile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_demo(console: Core<'_>, local: Local<'_>) -> Answer<SessionView> {
    local.open_in(&console).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn open_profile(console: Core<'_>, local: Local<'_>, id: String) -> Answer<SessionView> {
    local.open_profile(&console, &id).await
}
