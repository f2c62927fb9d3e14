//! Profiles and the open session.

use crate::local::LocalPlatform;
use crate::start::Started;
use nineheads_core::profiles::{CredentialKind, Profile, ProfileEdit};
use nineheads_core::session::SessionView;
use tauri::Manager;

ask_console! {
    list_profiles() -> Vec<Profile> => |console| Ok(console.profiles());
    /// Checks address and credential, then keeps and opens the profile.
    connect_platform(base_url: String, name: String, kind: CredentialKind, secret: String, edit: Option<ProfileEdit>) -> SessionView => |console| console.connect_with(&base_url, &ProfileEdit { name, ..edit.unwrap_or_default() }, kind, &secret).await;
    /// Gives a profile a new credential.
    renew_credential(id: String, kind: CredentialKind, secret: String) -> SessionView => |console| console.renew_credential(&id, kind, &secret).await;
    close_session() -> () => |console| { console.close_session().await; Ok(()) };
    forget_profile(id: String) -> () => |console| console.forget_profile(&id).await;
}

ask_app! {
    /// What the window starts from; waits a moment for the last profile to open.
    get_session() -> SessionView => |app, console| {
        app.state::<Started>().wait().await;
        Ok(console.session_view())
    };
    /// Starts the platform on this computer if need be, with simulated agents or without, and opens its profile.
    open_this_computer(demo: bool) -> SessionView => |app, console| app.state::<LocalPlatform>().open_in(&console, demo).await;
    open_profile(id: String) -> SessionView => |app, console| app.state::<LocalPlatform>().open_profile(&console, &id).await;
}
