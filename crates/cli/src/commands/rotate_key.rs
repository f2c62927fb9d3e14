//! `rotate-key`: has an agent fetch a fresh key (operation 3). The platform never tells the key, so neither does this.

use crate::confirm::Change;
use crate::desk::Desk;
use crate::failure::Stop;
use crate::table::or_none;
use clap::Args;
use serde_json::json;

#[derive(Args)]
pub(crate) struct RotateKey {
    /// Its id, its agent's name or its host's.
    instance: String,
}

pub(crate) async fn run(desk: &Desk, RotateKey { instance }: RotateKey) -> Result<(), Stop> {
    let target = desk.instance(&instance).await?;
    desk.ask(&Change {
        act: format!("Rotate the key of {} ({})", target.name, target.id),
        lost: "Its present key is worth nothing from then on, and it is cut off until it has fetched a fresh one",
        name: Some(&target.name),
    })?;
    let rotated = desk.console.rotate_key(&target.id).await?;
    let shown = [("id", target.id.to_string()), ("status", or_none(rotated.status.as_ref()))];
    desk.output.fields(json!({ "instance_id": target.id, "status": rotated.status }), &shown)
}
