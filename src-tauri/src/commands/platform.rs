//! What the platform keeps about an instance, and which models it uses.

use nineheads_core::Fields;
use nineheads_core::contract::InstanceId;
use nineheads_core::model_policy::{ModelPolicySaved, ModelPolicyView};
use nineheads_core::models::ModelOffer;
use nineheads_core::platform_config::{PlatformConfigSaved, PlatformConfigView, SkillUse};

ask_console! {
    get_platform_config(id: InstanceId) -> PlatformConfigView => |console| console.platform_config(&id).await;
    patch_platform_config(id: InstanceId, fields: Fields) -> PlatformConfigSaved => |console| console.patch_platform_config(&id, fields.0).await;
    get_skill_use() -> SkillUse => |console| console.skill_use();
    get_model_policy(id: InstanceId) -> ModelPolicyView => |console| console.model_policy(&id).await;
    update_model_policy(id: InstanceId, policy: Fields) -> ModelPolicySaved => |console| console.update_model_policy(&id, policy.0).await;
    list_models() -> Option<Vec<ModelOffer>> => |console| console.models().await;
}
