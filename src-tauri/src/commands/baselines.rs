//! Baselines, and who drifts from them.

use nineheads_core::baselines::{Baseline, DriftDraft, DriftView};
use nineheads_core::bulk::BulkTargets;
use nineheads_core::contract::InstanceId;

ask_console! {
    list_baselines() -> Vec<Baseline> => |console| console.baselines();
    save_baseline(id: String, name: String, from: InstanceId) -> Vec<Baseline> => |console| console.save_baseline(&id, &name, &from).await;
    delete_baseline(id: String) -> Vec<Baseline> => |console| console.delete_baseline(&id);
    /// None: they follow nothing any more.
    follow_baseline(id: Option<String>, targets: BulkTargets) -> Vec<Baseline> => |console| console.follow_baseline(id, targets).await;
    get_drift(id: InstanceId) -> Option<DriftView> => |console| console.drift(&id);
    /// The way back, for the editor. Sends nothing.
    draft_drift(id: InstanceId) -> DriftDraft => |console| console.draft_drift(&id);
}
