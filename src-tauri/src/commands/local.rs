//! Real agents on this computer: their program, where they think, what they may do. A model's key comes in and never
//! goes out.

use nineheads_core::contract::InstanceId;
use nineheads_core::contract::local::{
    DemoRemoved, LocalPermission, LocalRuntime, ModelProvider, ModelProviders, ModelTest, NewModelProvider,
    SetPermission,
};

ask_console! {
    get_local_runtime() -> Option<LocalRuntime> => |console| console.local_runtime().await;
    install_local_runtime() -> LocalRuntime => |console| console.install_local_runtime().await;
    remove_local_runtime() -> LocalRuntime => |console| console.remove_local_runtime().await;
    set_keep_running(keep_running: bool) -> LocalRuntime => |console| console.set_keep_running(keep_running).await;
    list_model_providers() -> Option<ModelProviders> => |console| console.model_providers().await;
    get_model_provider(name: String) -> ModelProvider => |console| console.model_provider(&name).await;
    put_model_provider(name: String, provider: NewModelProvider) -> ModelProvider => |console| console.put_model_provider(&name, provider).await;
    delete_model_provider(name: String) -> ModelProviders => |console| console.delete_model_provider(&name).await;
    test_model_provider(name: String, provider: NewModelProvider) -> ModelTest => |console| console.test_model_provider(&name, provider).await;
    get_local_permission(id: InstanceId) -> Option<LocalPermission> => |console| console.local_permission(&id).await;
    set_local_permission(id: InstanceId, set: SetPermission) -> LocalPermission => |console| console.set_local_permission(&id, set).await;
    remove_demo() -> DemoRemoved => |console| console.remove_demo().await;
}
