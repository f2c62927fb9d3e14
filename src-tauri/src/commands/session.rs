//! Profiles and the open session.

use crate::local::LocalPlatform;
use crate::start::Started;
use nineheads_core::profiles::{CredentialKind, Profile, ProfileEdit};
use nineheads_core::session::SessionView;
use nineheads_core::{Console, Failure};
use tauri::State;

/// What the window starts from; waits a moment for the last profile to open.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get_session(
    console: State<'_, Console>,
    started: State<'_, Started>,
) -> Result<SessionView, Failure> {
    started.wait().await;
    Ok(console.session_view())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn list_profiles(console: State<'_, Console>) -> Result<Vec<Profile>, Failure> {
    Ok(console.profiles())
}

/// Starts the platform on this computer if need be and opens its profile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_demo(
    console: State<'_, Console>,
    local: State<'_, LocalPlatform>,
) -> Result<SessionView, Failure> {
    local.open_in(&console).await
}

/// Checks address and credential, then keeps and opens the profile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connect_platform(
    console: State<'_, Console>,
    base_url: String,
    name: String,
    kind: CredentialKind,
    secret: String,
    edit: Option<ProfileEdit>,
) -> Result<SessionView, Failure> {
    let edit = ProfileEdit { name, ..edit.unwrap_or_default() };
    console.connect_with(&base_url, &edit, kind, &secret).await
}

/// Gives a profile a new credential.
#[tauri::command]
#[specta::specta]
pub(crate) async fn renew_credential(
    console: State<'_, Console>,
    id: String,
    kind: CredentialKind,
    secret: String,
) -> Result<SessionView, Failure> {
    console.renew_credential(&id, kind, &secret).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn open_profile(
    console: State<'_, Console>,
    local: State<'_, LocalPlatform>,
    id: String,
) -> Result<SessionView, Failure> {
    local.open_profile(&console, &id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn close_session(console: State<'_, Console>) -> Result<(), Failure> {
    console.close_session().await;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_profile(console: State<'_, Console>, id: String) -> Result<(), Failure> {
    console.forget_profile(&id).await
}
