//! What a profile is called, how it looks, how careful it is, and which way it goes out.

use super::{Answer, Core};
use crate::files;
use nineheads_core::network::NetworkStep;
use nineheads_core::profiles::{CertificateLabel, CredentialKind, ImportReport, Profile, ProfileEdit};
use tauri::AppHandle;
use tauri::ipc::Channel;

ask_console! {
    update_profile(id: String, edit: ProfileEdit) -> Profile => |console| console.update_profile(&id, &edit).await;
    order_profiles(ids: Vec<String>) -> Vec<Profile> => |console| console.order_profiles(&ids);
}

/// Tries the way to a platform; each layer comes by the channel as it is known.
#[tauri::command]
#[specta::specta]
pub(crate) async fn test_connection(
    console: Core<'_>,
    id: Option<String>,
    base_url: String,
    edit: ProfileEdit,
    secret: Option<(CredentialKind, String)>,
    on_step: Channel<NetworkStep>,
) -> Answer<Vec<NetworkStep>> {
    let secret = secret.as_ref().map(|(kind, secret)| (*kind, secret.as_str()));
    let pass_on = move |step| drop(on_step.send(step));
    console.test_connection(id.as_deref(), &base_url, &edit, secret, pass_on).await
}

/// Asks for a file of certificates and checks it. None when none was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_certificate(app: AppHandle, console: Core<'_>) -> Answer<Option<CertificateLabel>> {
    let picked = files::pick_text(&app, "PEM", &["pem", "crt", "cer"]).await?;
    picked.map(|pem| console.pick_certificate(&pem)).transpose()
}

/// Asks where to save. False: nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_profiles(app: AppHandle, console: Core<'_>) -> Answer<bool> {
    let text = console.export_profiles()?;
    files::save(&app, "nineheads-profiles.json", |out| Ok(out.write_all(text.as_bytes())?)).await
}

/// Asks for a file of profiles. None when none was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_profiles(app: AppHandle, console: Core<'_>) -> Answer<Option<ImportReport>> {
    files::pick_json(&app).await?.map(|text| console.import_profiles(&text)).transpose()
}
