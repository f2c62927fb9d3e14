//! The typed border between page and core: every command and event. The bindings are exported by a test.

use crate::commands::{
    acts, baselines, bulk, chat, config, conversations, deploys, fleet, instances, labels, ledger, local,
    logs, news, platform, profiles, security, session, storage, support, usage, views, window,
};
use crate::events::Announcement;
use tauri::generate_handler;
use tauri::ipc::Invoke;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

/// All commands, given to one of the macros that take them.
#[rustfmt::skip]
macro_rules! all_commands {
    ($macro:ident) => {
        $macro![
            session::get_session, session::list_profiles, session::open_this_computer, session::connect_platform, session::renew_credential,
            session::open_profile, session::close_session, session::forget_profile, profiles::update_profile, profiles::order_profiles,
            profiles::test_connection, profiles::pick_certificate, profiles::export_profiles, profiles::import_profiles, security::get_security,
            security::lock_now, security::unlock, security::note_activity, security::set_idle_minutes, security::set_app_passphrase,
            security::create_vault, security::change_vault_passphrase, security::close_vault, security::erase_vault, security::keep_for_this_run,
            fleet::show_fleet, fleet::read_filter, fleet::complete_filter, fleet::find_instances, fleet::show_needs, fleet::show_sides,
            fleet::look_at_side, fleet::refresh_fleet, fleet::get_poller, fleet::get_traffic, fleet::set_network, fleet::set_attention,
            instances::watch_instance, instances::unwatch_instance, instances::get_instance, instances::refresh_instance, instances::delete_instance,
            instances::get_history, instances::diagnose_instance, acts::apply_updates, acts::rotate_key, acts::plan_cleanup, acts::run_cleanup,
            acts::get_alerts, acts::speak_act, bulk::list_matched_ids, bulk::count_matched, bulk::plan_bulk, bulk::start_bulk, bulk::list_bulk,
            bulk::get_bulk, bulk::list_bulk_items, bulk::continue_bulk, bulk::retry_bulk, bulk::pause_bulk, bulk::cancel_bulk, bulk::dismiss_bulk,
            bulk::export_bulk, bulk::export_instances, storage::get_storage, storage::set_cache_limit, storage::clear_cache, logs::watch_logs,
            logs::unwatch_logs, logs::show_logs, logs::find_log_time, logs::export_logs, config::open_config, config::render_config,
            config::plan_config, config::save_config, config::list_config_versions, config::get_config_version, config::compare_config_versions,
            config::get_config_schema, config::import_config_schema, platform::get_platform_config, platform::patch_platform_config,
            platform::get_skill_use, platform::get_model_policy, platform::update_model_policy, platform::list_models, conversations::get_consent,
            conversations::set_consent, conversations::list_conversations, conversations::get_conversation, usage::get_usage, usage::get_fleet_usage,
            usage::fetch_fleet_usage, usage::stop_fleet_usage, usage::list_budgets, usage::set_budget, deploys::get_choices, deploys::import_catalog,
            deploys::preview_deploy, deploys::start_deploy, deploys::list_deploys, deploys::get_deploy, deploys::get_deploy_logs, deploys::check_deploy,
            deploys::resend_deploy, deploys::dismiss_deploy, chat::get_transcript, chat::send_message, chat::stop_waiting, chat::clear_transcript,
            chat::get_draft, chat::set_draft, chat::list_prompts, chat::save_prompt, chat::delete_prompt, labels::get_label, labels::set_star,
            labels::set_note, labels::list_tags_of, labels::tag_instances, labels::export_labels, views::list_views, views::save_view,
            views::order_views, views::delete_view, views::count_pinned_views, baselines::list_baselines, baselines::save_baseline,
            baselines::delete_baseline, baselines::follow_baseline, baselines::get_drift, baselines::draft_drift, news::get_inbox, news::mark_news,
            news::clear_news, news::get_news_wishes, news::set_news_rules, news::set_view_rule, news::show_notification, ledger::show_ledger,
            ledger::get_ledger_verdict, ledger::verify_ledger, ledger::export_ledger, local::get_local_runtime, local::install_local_runtime,
            local::remove_local_runtime, local::set_keep_running, local::list_model_providers, local::get_model_provider, local::put_model_provider,
            local::delete_model_provider, local::test_model_provider, local::get_local_permission, local::set_local_permission, local::remove_demo,
            support::get_unexpected_end, support::note_mishap, support::get_support_bundle, window::get_preferences, window::set_preferences,
            window::copy_text, window::save_text, window::save_picture, window::open_link, window::get_version, window::show_window, window::take_link,
        ]
    };
}

/// Answers what the page calls. The types are left out: they are a megabyte of a program that never asks for them.
pub(crate) fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
    all_commands!(generate_handler)
}

/// All commands and events with their types, for the bindings.
pub fn specta_builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        .commands(all_commands!(collect_commands))
        .events(collect_events![Announcement])
        .error_handling(ErrorHandlingMode::Result)
        .disable_serde_phases()
}
