//! `model-policy`: which models an agent uses (operation 15). The whole policy is sent: what is known, with the changes.

use crate::confirm::Change;
use crate::desk::Desk;
use crate::failure::Stop;
use crate::given::{cut, read_object};
use clap::{Args, Subcommand};
use nineheads_core::config::mask_secrets;
use nineheads_core::contract::InstanceId;
use nineheads_core::model_policy::PolicyPushed;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum ModelPolicy {
    /// Writes what is known of it as JSON. The platform has no way to ask: it is known from the agent's configuration.
    Get(Get),
    /// Sends it as a whole, and looks whether the agent has it.
    Set(Set),
}

#[derive(Args)]
pub(crate) struct Get {
    /// Its id, its agent's name or its host's.
    instance: String,
}

#[derive(Args)]
pub(crate) struct Set {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// The model that answers.
    #[arg(long, value_name = "MODEL")]
    primary: Option<String>,
    /// The whole policy, from a file or with - from standard input; what is known counts for nothing then.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// A key and its new value as JSON or text.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

pub(crate) async fn run(desk: &Desk, command: ModelPolicy) -> Result<(), Stop> {
    match command {
        ModelPolicy::Get(Get { instance }) => {
            let target = desk.instance(&instance).await?;
            let view = desk.console.model_policy(&target.id).await?;
            if let Some(failure) = view.failure {
                return Err(failure.into());
            }
            let document = json!({ "instance_id": target.id, "policy": view.policy, "known_from": view.source, "seen_at": view.seen_at });
            show(desk, document, view.policy.map(Value::Object).unwrap_or_default())
        }
        ModelPolicy::Set(set) => change(desk, set).await,
    }
}

async fn change(desk: &Desk, Set { instance, primary, file, set }: Set) -> Result<(), Stop> {
    if primary.is_none() && file.is_none() && set.is_empty() {
        return Err(Stop::usage("Nothing to change: give --primary, --set or --file."));
    }
    let given = file.as_deref().map(read_object).transpose()?;
    let target = desk.instance(&instance).await?;
    let mut policy: Map<String, Value> = match given {
        Some(given) => given,
        None => known(desk, &target.id).await?,
    };
    for text in &set {
        let (key, value) = cut(text)?;
        policy.insert(key.to_owned(), value);
    }
    if let Some(primary) = primary {
        policy.insert("primary".into(), primary.into());
    }
    desk.ask(&Change {
        act: format!("Change the models of {}", target.name),
        lost: "Other models have other prices",
        name: None,
    })?;
    let saved = desk.console.update_model_policy(&target.id, policy).await?;
    match saved.pushed {
        PolicyPushed::Pushed => {}
        PolicyPushed::StoredOnly => {
            desk.output.note("The platform keeps it; the agent's configuration says something else.")
        }
        PolicyPushed::Unknown => {
            desk.output.note("The platform keeps it; whether the agent has it is not known.")
        }
    }
    let document = json!({ "instance_id": target.id, "policy": saved.policy, "pushed": saved.pushed, "message": saved.message });
    show(desk, document, Value::Object(saved.policy))
}

/// What the agent has now. The whole policy is sent: without this, what was not named would be lost.
async fn known(desk: &Desk, id: &InstanceId) -> Result<Map<String, Value>, Stop> {
    let view = desk.console.model_policy(id).await?;
    match (view.policy, view.failure) {
        (_, Some(failure)) => Err(failure.into()),
        (Some(policy), None) => Ok(policy),
        (None, None) => Err(Stop::usage(
            "The agent's present policy is not known, and all of it is sent. Give the whole of it with --file.",
        )),
    }
}

fn show(desk: &Desk, mut document: Value, mut policy: Value) -> Result<(), Stop> {
    mask_secrets(&mut document);
    mask_secrets(&mut policy);
    match desk.output.is_json() {
        true => desk.output.document(document),
        false => {
            desk.output.text(&format!("{}\n", serde_json::to_string_pretty(&policy).unwrap_or_default()))
        }
    }
}
