//! What became of a job, as a file: for a spreadsheet, for a program, for people. And rows of the fleet in the same way,
//! which changes nothing and asks nobody.

use super::{BulkItem, BulkItemState, BulkJob, BulkPause, BulkState, BulkTargets, BulkVerb};
use crate::Console;
use crate::error::{Code, Failure};
use crate::ledger::cell;
use crate::redact::{plain, redact};
use chrono::{DateTime, SecondsFormat, Utc};
use nineheads_contract::instances::InstanceSummary;
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;
use std::io::Write;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BulkFormat {
    /// For a spreadsheet.
    Csv,
    /// The job and its items as one object.
    Json,
    /// For people.
    Markdown,
}

/// How rows of the fleet are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RowsFormat {
    /// For a spreadsheet.
    Csv,
    /// An array, each row as the platform sent it.
    Json,
}

const PAGE: u32 = 200;
const REPORT_HEAD: &str = "place,stage,instance,name,state,reason,attempts,at";
const ROWS_HEAD: &str = "id,agent_name,status,hostname,ip_address,region_id,product_tier_name,runtime_type,customer_email,provider,created_at";

impl Console {
    /// Writes what became of every item, the failed first.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Storage`]
    pub fn export_bulk(&self, id: &str, format: BulkFormat, out: &mut dyn Write) -> Result<(), Failure> {
        let job = self.bulk_job(id)?;
        let mut items = Vec::new();
        loop {
            let page = self.bulk_items(id, None, crate::logs::count(items.len()), PAGE)?;
            let last = page.items.is_empty();
            items.extend(page.items);
            if last {
                break;
            }
        }
        match format {
            BulkFormat::Csv => write_csv(&items, out),
            BulkFormat::Json => write_json(&json!({ "job": job, "items": items }), out),
            BulkFormat::Markdown => {
                let profile = self.session_view().profile.map(|profile| profile.name).unwrap_or_default();
                write_markdown(&job, &items, &profile, out)
            }
        }
    }

    /// Writes rows of the fleet as the list has them.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn export_instances(
        &self,
        targets: &BulkTargets,
        format: RowsFormat,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let session = self.session()?;
        let ids = session.targets_of(targets);
        let rows: Vec<InstanceSummary> =
            ids.iter().filter_map(|id| session.fleet().get(id).cloned()).collect();
        match format {
            RowsFormat::Json => write_json(&json!(rows), out),
            RowsFormat::Csv => {
                writeln!(out, "{ROWS_HEAD}\r")?;
                for row in &rows {
                    writeln!(out, "{}\r", row_cells(row).map(|text| cell(&text)).join(","))?;
                }
                Ok(())
            }
        }
    }
}

fn write_json(value: &serde_json::Value, out: &mut dyn Write) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| Failure::new(Code::Storage, error.to_string()))?;
    Ok(writeln!(out, "{text}")?)
}

fn row_cells(row: &InstanceSummary) -> [String; 11] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        row.id.to_string(),
        text(&row.agent_name),
        row.status.as_ref().map(ToString::to_string).unwrap_or_default(),
        text(&row.hostname),
        text(&row.ip_address),
        text(&row.region_id),
        text(&row.product_tier_name),
        text(&row.runtime_type),
        text(&row.customer_email),
        text(&row.provider),
        row.created_at.map(time_text).unwrap_or_default(),
    ]
}

fn write_csv(items: &[BulkItem], out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "{REPORT_HEAD}\r")?;
    for item in items {
        let cells = [
            (item.place + 1).to_string(),
            item.stage.map(|stage| (stage + 1).to_string()).unwrap_or_default(),
            item.id.to_string(),
            item.name.clone(),
            super::journal::word(item.state).to_owned(),
            reason_of(item),
            item.attempts.to_string(),
            item.at.map(time_text).unwrap_or_default(),
        ];
        writeln!(out, "{}\r", cells.map(|text| cell(&text)).join(","))?;
    }
    Ok(())
}

fn write_markdown(
    job: &BulkJob,
    items: &[BulkItem],
    profile: &str,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let counts = job.counts;
    writeln!(out, "# Bulk work: {}\n", title_of(job))?;
    writeln!(out, "| | |\n| --- | --- |")?;
    writeln!(out, "| Profile | {} |", in_table(profile))?;
    writeln!(out, "| Job | `{}` |", job.id)?;
    writeln!(out, "| State | {} |", state_text(&job.state))?;
    writeln!(out, "| Confirmed | {} |", time_text(job.created_at))?;
    let ended = job.ended_at.map_or_else(|| "not yet".to_owned(), time_text);
    writeln!(out, "| Came to rest | {ended} |")?;
    writeln!(
        out,
        "| Result | {} done, {} failed, {} not done, {} with unknown end, {} left out |\n",
        counts.done, counts.failed, counts.waiting, counts.begun, counts.excluded
    )?;
    let parts = [
        (BulkItemState::Failed, "Failed"),
        (BulkItemState::Begun, "Begun, end unknown"),
        (BulkItemState::Waiting, "Not done"),
        (BulkItemState::Excluded, "Left out"),
        (BulkItemState::Done, "Done"),
    ];
    for (state, title) in parts {
        let some: Vec<_> = items.iter().filter(|item| item.state == state).collect();
        if some.is_empty() {
            continue;
        }
        writeln!(
            out,
            "## {title} ({})\n\n| Name | Instance | Reason | At |\n| --- | --- | --- | --- |",
            some.len()
        )?;
        for item in some {
            let at = item.at.map(time_text).unwrap_or_default();
            writeln!(
                out,
                "| {} | `{}` | {} | {at} |",
                in_table(&item.name),
                item.id,
                in_table(&reason_of(item))
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What can end a cell, or a line, does not.
fn in_table(text: &str) -> String {
    plain(&text.replace(['\n', '\r'], " ")).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")
}

fn title_of(job: &BulkJob) -> String {
    let what = match job.verb {
        BulkVerb::ApplyUpdates => "apply updates",
        BulkVerb::PatchPlatformConfig => "change the platform's configuration",
        BulkVerb::UpdateModelPolicy => "change the model policy",
        BulkVerb::RevokeConsent => "turn conversation access off",
        BulkVerb::Delete => "delete",
    };
    match job.words.is_empty() {
        true => what.to_owned(),
        false => format!("{what} ({})", in_table(&job.words.join(", "))),
    }
}

fn state_text(state: &BulkState) -> &'static str {
    match state {
        BulkState::Running => "going on",
        BulkState::Paused { why: BulkPause::Person } => "paused by a person",
        BulkState::Paused { why: BulkPause::AppEnded } => {
            "paused, since the app ended or another profile was opened"
        }
        BulkState::Paused { why: BulkPause::Stopped } => "stopped, since something failed",
        BulkState::Paused { why: BulkPause::Trouble { .. } } => "paused, since nothing could be sent",
        BulkState::Cancelled => "cancelled",
        BulkState::Finished => "finished",
    }
}

/// The technical part: the sentence for people is the screen's.
fn reason_of(item: &BulkItem) -> String {
    let word = |value: serde_json::Value| value.as_str().map(str::to_owned).unwrap_or_default();
    match (&item.failure, item.excluded) {
        (Some(failure), _) => {
            let code = serde_json::to_value(&failure.code).unwrap_or_default();
            redact(&format!("{}: {}", word(code["type"].clone()), failure.detail))
        }
        (None, Some(why)) => word(serde_json::to_value(why).unwrap_or_default()),
        (None, None) if item.found => "found done".into(),
        (None, None) => String::new(),
    }
}

fn time_text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
