//! The typed border between page and core: every command and event. The bindings are exported by a test.

use crate::commands::{chat, deploys, fleet, instances, logs, session, window};
use crate::events::Announcement;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

/// All commands and events with their types.
pub fn specta_builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        .commands(collect_commands![
            session::get_session,
            session::list_profiles,
            session::try_demo,
            session::connect_platform,
            session::renew_credential,
            session::open_profile,
            session::close_session,
            session::forget_profile,
            fleet::show_fleet,
            fleet::refresh_fleet,
            fleet::get_poller,
            fleet::set_attention,
            instances::watch_instance,
            instances::unwatch_instance,
            instances::get_instance,
            instances::refresh_instance,
            instances::delete_instance,
            logs::watch_logs,
            logs::unwatch_logs,
            logs::get_logs,
            deploys::get_choices,
            deploys::import_catalog,
            deploys::preview_deploy,
            deploys::start_deploy,
            deploys::list_deploys,
            deploys::get_deploy,
            deploys::get_deploy_logs,
            deploys::check_deploy,
            deploys::resend_deploy,
            deploys::dismiss_deploy,
            chat::get_transcript,
            chat::send_message,
            chat::stop_waiting,
            chat::clear_transcript,
            chat::get_draft,
            chat::set_draft,
            window::get_preferences,
            window::set_preferences,
            window::copy_text,
            window::open_link,
            window::get_version,
            window::show_window,
        ])
        .events(collect_events![Announcement])
        .error_handling(ErrorHandlingMode::Result)
        .disable_serde_phases()
}
