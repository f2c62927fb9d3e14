//! What a profile is called, how it looks, how careful it is, and which way it goes out.

use crate::files;
use nineheads_core::network::NetworkStep;
use nineheads_core::profiles::{CertificateLabel, CredentialKind, ImportReport, Profile, ProfileEdit};
use tauri::ipc::Channel;

ask_console! {
    update_profile(id: String, edit: ProfileEdit) -> Profile => |console| console.update_profile(&id, &edit).await;
    order_profiles(ids: Vec<String>) -> Vec<Profile> => |console| console.order_profiles(&ids);
    /// Tries the way to a platform; each layer comes by the channel as it is known.
    test_connection(id: Option<String>, base_url: String, edit: ProfileEdit, secret: Option<(CredentialKind, String)>, on_step: Channel<NetworkStep>) -> Vec<NetworkStep> => |console| {
        let secret = secret.as_ref().map(|(kind, secret)| (*kind, secret.as_str()));
        let pass_on = move |step| drop(on_step.send(step));
        console.test_connection(id.as_deref(), &base_url, &edit, secret, pass_on).await
    };
}

ask_app! {
    /// Asks for a file of certificates and checks it. None when none was chosen.
    pick_certificate() -> Option<CertificateLabel> => |app, console| {
        let picked = files::pick_text(&app, "PEM", &["pem", "crt", "cer"]).await?;
        picked.map(|pem| console.pick_certificate(&pem)).transpose()
    };
    /// Asks where to save. False: nowhere.
    export_profiles() -> bool => |app, console| {
        let text = console.export_profiles()?;
        files::save(&app, "nineheads-profiles.json", |out| Ok(out.write_all(text.as_bytes())?)).await
    };
    /// Asks for a file of profiles. None when none was chosen.
    import_profiles() -> Option<ImportReport> => |app, console| files::pick_json(&app).await?.map(|text| console.import_profiles(&text)).transpose();
}
