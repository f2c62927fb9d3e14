//! `config`: the agent's own configuration (operations 9 and 10). A change is planned against what the agent has now, and
//! exactly what was shown is sent.

use crate::confirm::Change;
use crate::desk::{Desk, Target};
use crate::failure::{Exit, Stop};
use crate::given::{cut, read_given, read_place};
use crate::table::or_none;
use clap::{Args, Subcommand};
use nineheads_core::config::{
    ConfigChange, ConfigDraft, ConfigEdit, ConfigObstacle, ConfigPlan, ConfigView, mask_secrets,
};
use nineheads_core::{Code, Failure};
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum Config {
    /// Writes the configuration as JSON.
    Get(Get),
    /// Shows what a change would do. Sends nothing.
    Diff(Edit),
    /// Changes it, reads it back and compares.
    Set(Edit),
}

#[derive(Args)]
pub(crate) struct Get {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// Shows what the platform shows, also where a key says that it is a secret.
    #[arg(long)]
    with_secrets: bool,
}

#[derive(Args)]
pub(crate) struct Edit {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// The whole document, from a file or with - from standard input.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// A place and its new value, as JSON or text. Others can read arguments: give secrets with --file.
    #[arg(long, value_name = "PLACE=VALUE")]
    set: Vec<String>,
    /// A place to take out.
    #[arg(long, value_name = "PLACE")]
    unset: Vec<String>,
}

pub(crate) async fn run(desk: &Desk, command: Config) -> Result<(), Stop> {
    match command {
        Config::Get(Get { instance, with_secrets }) => get(desk, &instance, with_secrets).await,
        Config::Diff(edit) => {
            let target = desk.instance(&edit.instance).await?;
            let plan = plan(desk, &target, &edit).await?;
            show(
                desk,
                json!({ "instance_id": target.id, "changes": plan.changes, "sends": plan.sends, "shrinks": plan.shrinks }),
                &plan.changes,
            )?;
            stop_at(plan.obstacle)
        }
        Config::Set(edit) => set(desk, &edit).await,
    }
}

/// The document as it is now; what is kept of it would be no answer.
async fn open(desk: &Desk, target: &Target) -> Result<ConfigView, Failure> {
    let view = desk.console.open_config(&target.id).await?;
    view.failure.clone().map_or(Ok(view), Err)
}

async fn get(desk: &Desk, text: &str, with_secrets: bool) -> Result<(), Stop> {
    let target = desk.instance(text).await?;
    let view = open(desk, &target).await?;
    let mut document: Value = serde_json::from_str(&view.document).unwrap_or_default();
    if !with_secrets {
        mask_secrets(&mut document);
    }
    match desk.output.is_json() {
        true => desk
            .output
            .document(json!({ "instance_id": target.id, "config": document, "masked": view.masked })),
        false => {
            desk.output.text(&format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default()))
        }
    }
}

async fn plan(desk: &Desk, target: &Target, edit: &Edit) -> Result<ConfigPlan, Stop> {
    if edit.file.is_none() && edit.set.is_empty() && edit.unset.is_empty() {
        return Err(Stop::usage("Nothing to change: give --file, --set or --unset."));
    }
    let mut edits = Vec::new();
    for text in &edit.set {
        let (place, value) = cut(text)?;
        edits.push(ConfigEdit { path: read_place(place), value: Some(value.to_string()) });
    }
    edits.extend(edit.unset.iter().map(|place| ConfigEdit { path: read_place(place), value: None }));
    let text = edit.file.as_deref().map(read_given).transpose()?;
    let base = open(desk, target).await?.version.id;
    Ok(desk.console.plan_config(&target.id, &ConfigDraft { base, text, edits }, &[]).await?)
}

async fn set(desk: &Desk, edit: &Edit) -> Result<(), Stop> {
    let target = desk.instance(&edit.instance).await?;
    let plan = plan(desk, &target, edit).await?;
    let saved = |saved: bool, verified: bool, differs: &[Vec<String>]| json!({ "instance_id": target.id, "saved": saved, "verified": verified, "differs": differs, "changes": plan.changes });
    if plan.obstacle == Some(ConfigObstacle::NothingChanged) {
        desk.output.note("The agent has it already; nothing was sent.");
        return show(desk, saved(false, true, &[]), &[]);
    }
    stop_at(plan.obstacle.clone())?;
    if plan.shrinks {
        desk.ask_once_more(
            format!("The configuration of {} shrinks by more than half", target.name),
            "What is left out is lost",
        )?;
    }
    desk.ask(&Change {
        act: format!("Change {} places of the configuration of {}", plan.changes.len(), target.name),
        lost: "",
        name: None,
    })?;
    let done = desk.console.save_config(&target.id, &plan.id).await?;
    show(desk, saved(true, done.verified, &done.differs), &plan.changes)?;
    match (done.verified, done.differs.is_empty()) {
        (true, true) => Ok(()),
        (true, false) => {
            let places: Vec<String> = done.differs.iter().map(|place| place.join(".")).collect();
            Err(Stop::new(
                Exit::Failed,
                "differs",
                format!("It was sent, and reads back otherwise at {}.", places.join(", ")),
            ))
        }
        (false, _) => Err(Stop::new(
            Exit::Unknown,
            "notVerified",
            "It was sent, and could not be read back. Look at it with nineheads config get.",
        )),
    }
}

fn show(desk: &Desk, document: Value, changes: &[ConfigChange]) -> Result<(), Stop> {
    let row = |change: &ConfigChange| {
        vec![change.path.join("."), or_none(change.before.as_ref()), or_none(change.after.as_ref())]
    };
    let rows: Vec<Vec<String>> = changes.iter().map(row).collect();
    desk.output.rows(document, &["place", "before", "after"], &rows)
}

fn stop_at(obstacle: Option<ConfigObstacle>) -> Result<(), Stop> {
    let at = |paths: &[Vec<String>]| paths.iter().map(|path| path.join(".")).collect::<Vec<_>>().join(", ");
    let message = match obstacle {
        None | Some(ConfigObstacle::NothingChanged) => return Ok(()),
        Some(ConfigObstacle::Conflicts) => {
            return Err(Failure::new(Code::Conflict { message: None }, "both sides changed it").into());
        }
        Some(ConfigObstacle::MaskAsValue { paths }) => format!(
            "A mask would be stored as a value at {}. Give the real value, or change single places with --set.",
            at(&paths)
        ),
        Some(ConfigObstacle::MasksCanNotBeKept { paths }) => format!(
            "What has to be sent holds masks at {}, and this platform is not known to put the real values back.",
            at(&paths)
        ),
        Some(ConfigObstacle::NotAnObject) => "A configuration is a JSON object.".to_owned(),
    };
    Err(Stop::new(Exit::Failed, "invalid", message))
}
