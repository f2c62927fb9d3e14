//! The agent's own configuration.

use crate::files;
use nineheads_core::config::{
    ConfigChange, ConfigChoice, ConfigDraft, ConfigPlan, ConfigSaved, ConfigVersion, ConfigView,
};
use nineheads_core::contract::InstanceId;

ask_console! {
    open_config(id: InstanceId) -> ConfigView => |console| console.open_config(&id).await;
    render_config(id: InstanceId, draft: ConfigDraft) -> String => |console| console.render_config(&id, &draft);
    plan_config(id: InstanceId, draft: ConfigDraft, choices: Vec<ConfigChoice>) -> ConfigPlan => |console| console.plan_config(&id, &draft, &choices).await;
    save_config(id: InstanceId, plan: String) -> ConfigSaved => |console| console.save_config(&id, &plan).await;
    list_config_versions(id: InstanceId) -> Vec<ConfigVersion> => |console| console.list_config_versions(&id);
    get_config_version(id: InstanceId, version: i32) -> String => |console| console.config_version(&id, version.into());
    compare_config_versions(id: InstanceId, from: i32, to: i32) -> Vec<ConfigChange> => |console| console.compare_config_versions(&id, from.into(), to.into());
    get_config_schema(runtime_type: String) -> Option<String> => |console| Ok(console.config_schema(&runtime_type));
}

ask_app! {
    /// Asks for a JSON Schema. False when none was chosen.
    import_config_schema(runtime_type: String) -> bool => |app, console| match files::pick_json(&app).await? {
        Some(text) => console.import_config_schema(&runtime_type, &text).map(|()| true),
        None => Ok(false),
    };
}
