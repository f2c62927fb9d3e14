//! One instance: looking at it, what was seen of it, what is wrong with it.

use nineheads_core::contract::InstanceId;
use nineheads_core::contract::instances::Deleted;
use nineheads_core::diagnosis::DiagnosisStep;
use nineheads_core::history::InstanceHistory;
use nineheads_core::instances::InstanceView;
use tauri::ipc::Channel;

ask_console! {
    watch_instance(id: InstanceId) -> InstanceView => |console| console.watch_instance(&id);
    unwatch_instance(id: InstanceId) -> () => |console| { console.unwatch_instance(&id); Ok(()) };
    get_instance(id: InstanceId) -> InstanceView => |console| console.instance(&id);
    refresh_instance(id: InstanceId) -> InstanceView => |console| console.refresh_instance(&id).await;
    delete_instance(id: InstanceId) -> Deleted => |console| console.delete_instance(&id).await;
    get_history(id: InstanceId) -> InstanceHistory => |console| console.history(&id);
    /// Each step comes by the channel as it is known.
    diagnose_instance(id: InstanceId, on_step: Channel<DiagnosisStep>) -> Vec<DiagnosisStep> => |console| console.diagnose_instance(&id, move |step| drop(on_step.send(step))).await;
}
