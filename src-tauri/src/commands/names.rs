/// The name of every command, for the build script and for the test that compares them with capabilities and bindings.
#[rustfmt::skip]
pub const COMMANDS: &[&str] = &[
    "get_session", "list_profiles", "try_demo", "connect_platform", "renew_credential", "open_profile",
    "close_session", "forget_profile",
    "show_fleet", "refresh_fleet", "get_poller", "set_attention",
    "watch_instance", "unwatch_instance", "get_instance", "refresh_instance", "delete_instance", "get_history",
    "diagnose_instance",
    "apply_updates", "rotate_key", "plan_cleanup", "run_cleanup", "get_alerts",
    "watch_logs", "unwatch_logs", "show_logs", "find_log_time", "export_logs",
    "open_config", "render_config", "plan_config", "save_config", "list_config_versions", "get_config_version",
    "compare_config_versions", "get_config_schema", "import_config_schema",
    "get_platform_config", "patch_platform_config", "get_skill_use", "get_model_policy", "update_model_policy",
    "list_models",
    "get_consent", "set_consent", "list_conversations", "get_conversation",
    "get_usage", "get_fleet_usage", "fetch_fleet_usage", "stop_fleet_usage", "list_budgets", "set_budget",
    "get_choices", "import_catalog", "preview_deploy", "start_deploy", "list_deploys", "get_deploy",
    "get_deploy_logs", "check_deploy", "resend_deploy", "dismiss_deploy",
    "get_transcript", "send_message", "stop_waiting", "clear_transcript", "get_draft", "set_draft", "list_prompts",
    "save_prompt", "delete_prompt",
    "show_ledger", "get_ledger_verdict", "verify_ledger", "export_ledger",
    "get_preferences", "set_preferences", "copy_text", "save_text", "save_picture", "open_link", "get_version",
    "show_window",
];
