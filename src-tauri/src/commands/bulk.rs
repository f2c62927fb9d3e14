//! One act on many instances, in stages.

use crate::files;
use nineheads_core::bulk::{
    BulkFormat, BulkItemState, BulkItems, BulkJob, BulkOrder, BulkPlan, BulkTargets, RowsFormat,
};
use nineheads_core::contract::InstanceId;
use nineheads_core::fleet::FleetQuery;

ask_console! {
    list_matched_ids(query: FleetQuery, offset: u32, limit: u32) -> Vec<InstanceId> => |console| console.matched_ids(&query, offset, limit);
    count_matched(query: FleetQuery, ids: Vec<InstanceId>) -> u32 => |console| console.count_matched(&query, &ids).await;
    plan_bulk(order: BulkOrder, offset: u32, limit: u32) -> BulkPlan => |console| console.plan_bulk(&order, offset, limit);
    start_bulk(order: BulkOrder, confirmed: u32, typed: Option<String>) -> BulkJob => |console| console.start_bulk(&order, confirmed, typed.as_deref()).await;
    list_bulk() -> Vec<BulkJob> => |console| console.bulk_jobs();
    get_bulk(id: String) -> BulkJob => |console| console.bulk_job(&id);
    list_bulk_items(id: String, state: Option<BulkItemState>, offset: u32, limit: u32) -> BulkItems => |console| console.bulk_items(&id, state, offset, limit);
    continue_bulk(id: String) -> BulkJob => |console| console.continue_bulk(&id).await;
    retry_bulk(id: String) -> BulkJob => |console| console.retry_bulk(&id).await;
    pause_bulk(id: String) -> BulkJob => |console| console.pause_bulk(&id);
    cancel_bulk(id: String) -> BulkJob => |console| console.cancel_bulk(&id);
    dismiss_bulk(id: String) -> () => |console| console.dismiss_bulk(&id);
}

ask_app! {
    /// Asks where to save. False: nowhere.
    export_bulk(id: String, format: BulkFormat) -> bool => |app, console| {
        let ending = match format { BulkFormat::Csv => "csv", BulkFormat::Json => "json", BulkFormat::Markdown => "md" };
        files::save(&app, &format!("nineheads-bulk.{ending}"), |out| console.export_bulk(&id, format, out)).await
    };
    /// Asks where to save. False: nowhere.
    export_instances(targets: BulkTargets, format: RowsFormat) -> bool => |app, console| {
        let ending = if format == RowsFormat::Csv { "csv" } else { "json" };
        files::save(&app, &format!("nineheads-instances.{ending}"), |out| console.export_instances(&targets, format, out)).await
    };
}
