//! What was used and what it cost.

use nineheads_core::contract::InstanceId;
use nineheads_core::usage::{Budget, FleetUsageView, UsageView};

ask_console! {
    get_usage(id: InstanceId, from: String, to: String) -> UsageView => |console| console.usage(&id, &from, &to).await;
    get_fleet_usage() -> FleetUsageView => |console| console.fleet_usage();
    fetch_fleet_usage() -> () => |console| console.fetch_fleet_usage();
    stop_fleet_usage() -> () => |console| console.stop_fleet_usage();
    list_budgets() -> Vec<Budget> => |console| console.budgets();
    set_budget(scope: String, monthly_usd: Option<String>) -> Vec<Budget> => |console| console.set_budget(&scope, monthly_usd.as_deref());
}
