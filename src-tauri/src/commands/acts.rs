//! Updates and administration, and what the platform warns of.

use nineheads_core::admin::{CleanupDone, CleanupPlan};
use nineheads_core::alerts::AlertsView;
use nineheads_core::contract::InstanceId;
use nineheads_core::contract::admin::KeyRotated;
use nineheads_core::contract::updates::UpdatesApplied;
use nineheads_core::spoken::{Spoken, SpokenAct};

ask_console! {
    apply_updates(id: InstanceId) -> UpdatesApplied => |console| console.apply_updates(&id).await;
    rotate_key(id: InstanceId) -> KeyRotated => |console| console.rotate_key(&id).await;
    plan_cleanup() -> CleanupPlan => |console| console.plan_cleanup().await;
    run_cleanup(expected: Vec<InstanceId>) -> CleanupDone => |console| console.run_cleanup(&expected).await;
    /// The same for a terminal. Sends nothing.
    speak_act(act: SpokenAct) -> Spoken => |console| console.speak(&act);
    get_alerts() -> Option<AlertsView> => |console| console.alerts().await;
}
