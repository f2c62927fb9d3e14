//! Provisioning logs.

use crate::files;
use nineheads_core::contract::InstanceId;
use nineheads_core::logs::{LogFormat, LogQuery, LogWindow};

ask_console! {
    watch_logs(id: InstanceId) -> () => |console| console.watch_logs(&id).await;
    unwatch_logs(id: InstanceId) -> () => |console| { console.unwatch_logs(&id); Ok(()) };
    show_logs(id: InstanceId, query: LogQuery, offset: u32, limit: u32) -> LogWindow => |console| console.show_logs(&id, &query, offset, limit).await;
    find_log_time(id: InstanceId, query: LogQuery, at: chrono::DateTime<chrono::Utc>) -> u32 => |console| console.find_log_time(&id, &query, at).await;
}

ask_app! {
    /// Asks where to save. False: nowhere.
    export_logs(id: InstanceId, query: LogQuery, format: LogFormat, redact: bool) -> bool => |app, console| {
        let ending = if format == LogFormat::Text { "log" } else { "ndjson" };
        let export = |out: &mut dyn std::io::Write| console.export_logs(&id, &query, format, redact, out);
        let write = |out: &mut dyn std::io::Write| tokio::task::block_in_place(|| export(out));
        files::save(&app, &format!("{id}.{ending}"), write).await
    };
}
