//! What was done and looked at, as the ledger has it.

use crate::files;
use nineheads_core::ledger::{LedgerFormat, LedgerPage, LedgerQuery, LedgerVerdict};

ask_console! {
    show_ledger(query: LedgerQuery, offset: u32, limit: u32) -> LedgerPage => |console| console.show_ledger(&query, offset, limit).await;
    get_ledger_verdict() -> Option<LedgerVerdict> => |console| Ok(console.ledger_verdict());
    verify_ledger() -> LedgerVerdict => |console| console.verify_ledger().await;
}

ask_app! {
    /// Asks where to save. False: nowhere.
    export_ledger(query: LedgerQuery, format: LedgerFormat) -> bool => |app, console| {
        let ending = if format == LedgerFormat::Csv { "csv" } else { "ndjson" };
        let export = |out: &mut dyn std::io::Write| console.export_ledger(&query, format, out);
        files::save(&app, &format!("nineheads-activity.{ending}"), export).await
    };
}
