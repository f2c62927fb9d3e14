//! `cleanup`: has the platform delete every dead instance of the tenant (operation 5), or shows which those are.

use crate::confirm::Change;
use crate::desk::Desk;
use crate::failure::{Exit, Stop};
use crate::table::{or_none, table};
use clap::Args;
use nineheads_core::admin::{CleanupCandidate, CleanupOutcome};
use nineheads_core::contract::InstanceId;
use serde_json::{Value, json};

#[derive(Args)]
pub(crate) struct Cleanup {
    /// Shows what would be deleted, and sends nothing.
    #[arg(long)]
    dry_run: bool,
}

const HEADS: [&str; 5] = ["name", "status", "host", "created", "id"];

fn row(dead: &CleanupCandidate) -> Vec<String> {
    let created = dead.created_at.map(|at| at.format("%Y-%m-%d").to_string());
    vec![
        dead.name.clone(),
        or_none(dead.status.as_ref()),
        or_none(dead.hostname.as_ref()),
        or_none(created),
        dead.id.to_string(),
    ]
}

pub(crate) async fn run(desk: &Desk, Cleanup { dry_run }: Cleanup) -> Result<(), Stop> {
    desk.wait_for_fleet().await?;
    let dead = desk.console.plan_cleanup().await?.candidates;
    let rows: Vec<Vec<String>> = dead.iter().map(row).collect();
    let documents: Vec<Value> = dead
        .iter()
        .map(|dead| json!({ "instance_id": dead.id, "name": dead.name, "status": dead.status, "hostname": dead.hostname, "created_at": dead.created_at }))
        .collect();
    if dry_run || dead.is_empty() {
        desk.output.note(&format!("Dead instances: {}. Nothing was sent.", dead.len()));
        return desk.output.rows(json!({ "sent": false, "dead": documents }), &HEADS, &rows);
    }
    desk.output.note(&table(&HEADS, &rows));
    let count = dead.len().to_string();
    desk.ask(&Change {
        act: format!(
            "Delete every dead instance of the tenant, {count} at present; the number is what to type"
        ),
        lost: "Their servers are torn down for good, and everything on them is lost",
        name: Some(&count),
    })?;
    let expected: Vec<InstanceId> = dead.iter().map(|dead| dead.id.clone()).collect();
    let done = desk.console.run_cleanup(&expected).await?;
    let word = |outcome: CleanupOutcome| match outcome {
        CleanupOutcome::Gone => "gone",
        CleanupOutcome::Deleting => "deleting",
        CleanupOutcome::StillThere => "still there",
    };
    let rows: Vec<Vec<String>> = done
        .results
        .iter()
        .map(|result| vec![result.name.clone(), word(result.outcome).to_owned(), result.id.to_string()])
        .collect();
    let results: Vec<Value> = done.results.iter().map(|result| json!({ "instance_id": result.id, "name": result.name, "outcome": word(result.outcome) })).collect();
    desk.output.rows(json!({ "sent": true, "cleaned": done.cleaned, "errors": done.errors, "message": done.message, "results": results }), &["name", "outcome", "id"], &rows)?;
    match done.errors {
        Some(errors) if errors > 0 => {
            Err(Stop::new(Exit::Failed, "partly", format!("{errors} could not be deleted.")))
        }
        _ => Ok(()),
    }
}
