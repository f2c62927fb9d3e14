//! Making instances.

use crate::files;
use nineheads_core::choices::Choices;
use nineheads_core::contract::IdempotencyKey;
use nineheads_core::contract::deploys::NewInstance;
use nineheads_core::deploys::{Deploy, DeployPreview};
use nineheads_core::logs::LogsView;

ask_console! {
    get_choices() -> Choices => |console| console.choices().await;
    preview_deploy(request: NewInstance) -> DeployPreview => |console| console.preview_deploy(request);
    start_deploy(request: NewInstance) -> Deploy => |console| console.start_deploy(request).await;
    list_deploys() -> Vec<Deploy> => |console| console.deploys();
    get_deploy(key: IdempotencyKey) -> Deploy => |console| console.deploy(&key);
    get_deploy_logs(key: IdempotencyKey, from: u32) -> LogsView => |console| console.deploy_logs(&key, from).await;
    check_deploy(key: IdempotencyKey) -> Deploy => |console| console.check_deploy(&key);
    resend_deploy(key: IdempotencyKey) -> Deploy => |console| console.resend_deploy(&key).await;
    dismiss_deploy(key: IdempotencyKey) -> () => |console| console.dismiss_deploy(&key);
}

ask_app! {
    /// Asks for a file and takes it as the profile's catalog. False when none was chosen.
    import_catalog() -> bool => |app, console| match files::pick_json(&app).await? {
        Some(text) => console.import_catalog(&text).map(|()| true),
        None => Ok(false),
    };
}
