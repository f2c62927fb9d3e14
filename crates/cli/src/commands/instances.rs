//! `instances`: list, show, delete (operations 1, 6, 18 and 7).

use crate::confirm::Change;
use crate::desk::Desk;
use crate::failure::{Exit, Stop};
use crate::table::{moment, or_none};
use clap::{Args, Subcommand};
use nineheads_core::contract::instances::{InstanceSummary, Phase};
use nineheads_core::fleet::{FleetQuery, WINDOW_LIMIT, read_filter};
use nineheads_core::seen::Source;
use nineheads_core::{Code, Failure};
use serde_json::json;

#[derive(Subcommand)]
pub(crate) enum Instances {
    /// Lists the fleet by name.
    List(List),
    /// Shows one: what the platform keeps, and what the agent reports.
    Show(One),
    /// Deletes one for good.
    Delete(One),
}

#[derive(Args)]
pub(crate) struct List {
    /// Words, and terms such as `status:error region:eu-* age:>7d -preset:demo`; all must fit.
    #[arg(long, value_name = "FILTER", default_value = "", alias = "search", allow_hyphen_values = true)]
    filter: String,
    /// Only these; may be given more than once.
    #[arg(long, value_name = "PHASE", value_parser = read_phase)]
    phase: Vec<Phase>,
}

#[derive(Args)]
pub(crate) struct One {
    /// Its id, its agent's name or its host's.
    instance: String,
}

fn read_phase(text: &str) -> Result<Phase, String> {
    let phases = [
        ("running", Phase::Running),
        ("on-its-way", Phase::OnItsWay),
        ("failed", Phase::Failed),
        ("deleting", Phase::Deleting),
        ("unknown", Phase::Unknown),
    ];
    let found = phases.iter().find(|(word, _)| *word == text).map(|(_, phase)| *phase);
    found.ok_or_else(|| format!("one of {}", phases.map(|(word, _)| word).join(", ")))
}

pub(crate) async fn run(desk: &Desk, command: Instances) -> Result<(), Stop> {
    match command {
        Instances::List(List { filter, phase }) => {
            list(desk, FleetQuery { text: filter, phases: phase, ..FleetQuery::default() }).await
        }
        Instances::Show(One { instance }) => show(desk, &instance).await,
        Instances::Delete(One { instance }) => delete(desk, &instance).await,
    }
}

async fn list(desk: &Desk, query: FleetQuery) -> Result<(), Stop> {
    if let Some(problem) = read_filter(&query.text).problems.first() {
        let place: String =
            query.text.chars().skip(problem.from as usize).take(problem.length as usize).collect();
        return Err(Stop::usage(format!("At “{place}”: {}", problem.message)));
    }
    desk.wait_for_fleet().await?;
    let mut all: Vec<InstanceSummary> = Vec::new();
    let facts = loop {
        let offset = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let window = desk.console.show_fleet(query.clone(), offset, WINDOW_LIMIT)?;
        all.extend(window.rows.iter().map(|row| row.instance.clone()));
        if window.rows.is_empty() || all.len() >= window.facts.matched as usize {
            break window.facts;
        }
    };
    if facts.unknown.rows > 0 {
        let rows = facts.unknown.rows;
        desk.output.note(&format!("What the filter asks is not known of {rows} rows: they are left out."));
    }
    if facts.skipped > 0 {
        desk.output.note(&format!("{} rows could not be read.", facts.skipped));
    }
    let row = |row: &InstanceSummary| {
        let text = |text: &Option<String>| or_none(text.as_ref());
        let created = row.created_at.map(|at| at.format("%Y-%m-%d").to_string());
        vec![
            text(&row.agent_name),
            or_none(row.status.as_ref()),
            text(&row.hostname),
            text(&row.region_id),
            text(&row.product_tier_name),
            or_none(created),
            row.id.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let document = json!({ "total": facts.total, "matched": facts.matched, "unknown": facts.unknown.rows, "unreadable": facts.skipped, "instances": all });
    desk.output.rows(document, &["name", "status", "host", "region", "tier", "created", "id"], &rows)
}

async fn show(desk: &Desk, text: &str) -> Result<(), Stop> {
    let target = desk.instance(text).await?;
    let view = desk.console.refresh_instance(&target.id).await?;
    let live = view.detail.filter(|seen| seen.source == Source::Live && !view.gone);
    let Some(detail) = live.map(|seen| seen.value) else {
        let gone = || Failure::new(Code::NotFound { message: None }, "it is no more");
        return Err(view.failure.unwrap_or_else(gone).into());
    };
    let runtime = view.runtime.filter(|seen| seen.source == Source::Live).map(|seen| seen.value);
    let silent = view.failure.map(Stop::from);
    let text = |text: &Option<String>| or_none(text.as_ref());
    let mut shown = vec![
        ("name", text(&detail.agent_name)),
        ("id", detail.id.to_string()),
        ("status", or_none(detail.status.as_ref())),
        ("health", text(&detail.health_status)),
        ("host", text(&detail.hostname)),
        ("address", text(&detail.ip_address)),
        ("region", text(&detail.region_id)),
        ("runtime", text(&detail.runtime_type)),
        ("created", moment(detail.created_at)),
        ("updated", moment(detail.updated_at)),
    ];
    if let Some(error) = &detail.error_message {
        shown.push(("error", error.clone()));
    }
    match (&runtime, &silent) {
        (Some(runtime), _) => shown.extend([
            ("version", text(&runtime.openclaw_version)),
            ("heartbeat", moment(runtime.last_heartbeat)),
            ("up for", or_none(runtime.uptime_seconds.map(|seconds| format!("{seconds} s")))),
        ]),
        (None, Some(silent)) => shown.push(("agent", silent.message.clone())),
        (None, None) => {}
    }
    let failure = silent.map(|silent| json!({ "code": silent.code, "message": silent.message }));
    desk.output.fields(json!({ "instance": detail, "runtime": runtime, "runtime_failure": failure }), &shown)
}

async fn delete(desk: &Desk, text: &str) -> Result<(), Stop> {
    let target = desk.instance(text).await?;
    desk.ask(&Change {
        act: format!("Delete {} ({})", target.name, target.id),
        lost: "Its server is torn down for good, and everything on it is lost",
        name: Some(&target.name),
    })?;
    let deleted = desk.console.delete_instance(&target.id).await?;
    if deleted.already_deleted && !target.is_known {
        let message = format!("There is no instance {}, so nothing was deleted.", target.id);
        return Err(Stop::new(Exit::NotFound, "notFound", message));
    }
    let shown = [("id", target.id.to_string()), ("status", or_none(deleted.status.as_ref()))];
    let document = json!({
        "instance_id": target.id, "status": deleted.status, "already_deleted": deleted.already_deleted,
        "message": deleted.message,
    });
    desk.output.fields(document, &shown)
}
