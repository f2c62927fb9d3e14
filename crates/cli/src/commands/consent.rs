//! `consent`: whether the platform may read conversations (operation 11). A grant says why; both are lines in the ledger.

use crate::confirm::Change;
use crate::desk::{Desk, Target};
use crate::failure::Stop;
use crate::table::{moment, or_none};
use clap::{Args, Subcommand};
use nineheads_core::consent::{ConsentState, ConsentView};
use serde_json::json;

#[derive(Subcommand)]
pub(crate) enum Consent {
    /// What this computer knows of it. The platform has no way to ask.
    Show(One),
    /// Lets conversations be read.
    Grant(Grant),
    /// Locks them, and forgets what was read on this computer.
    Revoke(One),
}

#[derive(Args)]
pub(crate) struct One {
    /// Its id, its agent's name or its host's.
    instance: String,
}

#[derive(Args)]
pub(crate) struct Grant {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// Why; 3 to 200 characters.
    #[arg(long)]
    purpose: String,
}

pub(crate) async fn run(desk: &Desk, command: Consent) -> Result<(), Stop> {
    match command {
        Consent::Show(One { instance }) => {
            let target = desk.instance(&instance).await?;
            let view = desk.console.consent(&target.id)?;
            show(desk, &target, &view)
        }
        Consent::Grant(Grant { instance, purpose }) => set(desk, &instance, true, &purpose).await,
        Consent::Revoke(One { instance }) => set(desk, &instance, false, "").await,
    }
}

async fn set(desk: &Desk, text: &str, granted: bool, purpose: &str) -> Result<(), Stop> {
    let target = desk.instance(text).await?;
    let act = if granted { "Let conversations be read of" } else { "Lock the conversations of" };
    desk.ask(&Change { act: format!("{act} {}", target.name), lost: "", name: None })?;
    let view = desk.console.set_consent(&target.id, granted, purpose).await?;
    show(desk, &target, &view)
}

fn show(desk: &Desk, target: &Target, view: &ConsentView) -> Result<(), Stop> {
    let word = match view.state {
        ConsentState::Unknown => "unknown",
        ConsentState::Granted => "granted",
        ConsentState::Locked => "locked",
    };
    let shown = [
        ("instance", target.id.to_string()),
        ("consent", word.to_owned()),
        ("known at", moment(view.known_at)),
        ("purpose", or_none(view.purpose.as_ref())),
    ];
    desk.output.fields(json!({ "instance_id": target.id, "consent": word, "known_at": view.known_at, "purpose": view.purpose }), &shown)
}
