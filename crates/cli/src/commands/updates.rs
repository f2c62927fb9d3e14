//! `updates`: applies what is pending (operation 19). What is pending the platform does not say.

use crate::confirm::Change;
use crate::desk::Desk;
use crate::failure::Stop;
use crate::table::or_none;
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Subcommand)]
pub(crate) enum Updates {
    /// Applies what is pending; the agent may start anew.
    Apply(Apply),
}

#[derive(Args)]
pub(crate) struct Apply {
    /// Its id, its agent's name or its host's.
    instance: String,
}

pub(crate) async fn run(desk: &Desk, Updates::Apply(Apply { instance }): Updates) -> Result<(), Stop> {
    let target = desk.instance(&instance).await?;
    desk.ask(&Change {
        act: format!("Apply updates to {}", target.name),
        lost: "The agent may start anew",
        name: None,
    })?;
    let applied = desk.console.apply_updates(&target.id).await?;
    let shown = [("id", target.id.to_string()), ("status", or_none(applied.status.as_ref()))];
    desk.output.fields(
        json!({ "instance_id": target.id, "status": applied.status, "message": applied.message }),
        &shown,
    )
}
