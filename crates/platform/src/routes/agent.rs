//! What a real agent's no looks like to a client, and the one gate that every write of its configuration passes.

use crate::call::Call;
use crate::provider::openclaw::agent::Agent;
use crate::provider::openclaw::ask::AskError;
use crate::provider::openclaw::operations::config::Unwritten;
use crate::provider::openclaw::permission::widened;
use crate::refusal::{Invalid, Refusal};
use crate::store::{Instance, local_agents};
use axum::http::StatusCode;
use nineheads_contract::local::Permission;
use serde_json::{Value, json};

/// Most of an agent's own words that are passed on.
const WORDS: usize = 400;

/// A question that was not answered.
pub(crate) fn refused(error: AskError) -> Refusal {
    match error {
        AskError::Away(reason) => {
            log::info!("an agent was asked that is away: {reason}");
            Refusal::unavailable("The agent is starting, or does not answer right now.".to_owned())
        }
        AskError::Late => Refusal::Detail(
            StatusCode::GATEWAY_TIMEOUT,
            "The agent did not answer in time. It may be busy: try again in a minute.".to_owned(),
        ),
        AskError::Refused { message, .. } => {
            let words: String = message.chars().take(WORDS).collect();
            Refusal::Detail(StatusCode::BAD_GATEWAY, format!("The agent refused: {words}"))
        }
    }
}

/// A configuration that was not written.
pub(super) fn unwritten(error: Unwritten) -> Refusal {
    match error {
        Unwritten::Ask(error) => refused(error),
        Unwritten::Stale => Refusal::conflict("The configuration has changed since it was read"),
        Unwritten::Mask(place) => super::config::no_secret(place),
        Unwritten::Widens(paths) => Refusal::forbidden(format!(
            "This would let the agent do more on this computer than it may: {}. Change what it may do first, \
             then save again.",
            paths.join(", ")
        )),
        Unwritten::Invalid(complaints) => {
            let row = |(place, msg): (Vec<String>, String)| {
                let loc = std::iter::once(json!("body")).chain(place.into_iter().map(Value::from)).collect();
                Invalid { loc, msg, kind: "value_error" }
            };
            Refusal::Invalid(complaints.into_iter().map(row).collect())
        }
    }
}

/// The gate: names every path of a write that would let the agent do more than its permission says.
pub(super) fn guard(
    call: &Call,
    instance: &Instance,
    agent: &Agent,
) -> Result<impl FnOnce(&Value, &Value) -> Vec<String>, Refusal> {
    let row = call.store().read(|db| local_agents::find(db, instance.id))?;
    let permission = row.map_or(Permission::Talk, |row| row.permission);
    let workspace = agent.workspace().to_owned();
    Ok(move |current: &Value, next: &Value| widened(permission, &workspace, current, next))
}
