//! The lock, and where secrets are kept. A passphrase comes in and never goes out.

use crate::local::LocalPlatform;
use nineheads_core::security::SecurityView;
use nineheads_core::session::SessionView;
use tauri::Manager;

ask_console! {
    get_security() -> SecurityView => |console| Ok(console.security());
    lock_now() -> () => |console| { console.lock_now().await; Ok(()) };
    note_activity() -> () => |console| { console.note_activity(); Ok(()) };
    set_idle_minutes(minutes: Option<u16>) -> SecurityView => |console| console.set_idle_minutes(minutes);
    set_app_passphrase(old: Option<String>, next: Option<String>) -> SecurityView => |console| console.set_app_passphrase(old.as_deref(), next.as_deref()).await;
    create_vault(passphrase: String) -> SecurityView => |console| console.create_vault(&passphrase).await;
    change_vault_passphrase(old: String, next: String) -> SecurityView => |console| console.change_vault_passphrase(&old, &next).await;
    close_vault(passphrase: String) -> SecurityView => |console| console.close_vault(&passphrase).await;
    erase_vault() -> SecurityView => |console| console.erase_vault().await;
    keep_for_this_run(this_run: bool) -> SecurityView => |console| console.keep_for_this_run(this_run).await;
}

ask_app! {
    /// Unlocks, and opens again what was open.
    unlock(passphrase: Option<String>) -> SessionView => |app, console| match console.unlock(passphrase.as_deref()).await? {
        Some(profile) => app.state::<LocalPlatform>().open_profile(&console, &profile.id).await,
        None => Ok(console.session_view()),
    };
}
