//! `platform-config`: what the platform keeps about an instance (operations 16 and 17). Each field is sent as a whole.

use crate::confirm::Change;
use crate::desk::Desk;
use crate::failure::{Exit, Stop};
use crate::given::{cut, read_object};
use clap::{Args, Subcommand};
use nineheads_core::config::mask_secrets;
use nineheads_core::contract::platform_config::PlatformConfig as Kept;
use nineheads_core::{Code, Failure};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum PlatformConfig {
    /// Writes all fields as JSON.
    Get(Get),
    /// Sends fields, each as a whole; the others stay.
    Set(Set),
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
pub(crate) struct Set {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// An object with the fields to send, from a file or with - from standard input.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// A field and its new value as JSON. Others can read arguments: give secrets with --file.
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
}

pub(crate) async fn run(desk: &Desk, command: PlatformConfig) -> Result<(), Stop> {
    match command {
        PlatformConfig::Get(Get { instance, with_secrets }) => {
            let target = desk.instance(&instance).await?;
            let view = desk.console.platform_config(&target.id).await?;
            let config = match (view.config, view.failure) {
                (Some(config), None) => config.value,
                (_, failure) => {
                    return Err(failure
                        .unwrap_or_else(|| Failure::new(Code::Unreadable, "nothing came"))
                        .into());
                }
            };
            show(desk, &config, with_secrets, json!({ "instance_id": target.id }))
        }
        PlatformConfig::Set(Set { instance, file, set }) => {
            let mut fields: Map<String, Value> =
                file.as_deref().map(read_object).transpose()?.unwrap_or_default();
            for text in &set {
                let (field, value) = cut(text)?;
                fields.insert(field.to_owned(), value);
            }
            if fields.is_empty() {
                return Err(Stop::usage("Nothing to change: give --file or --set."));
            }
            let target = desk.instance(&instance).await?;
            let names: Vec<&str> = fields.keys().map(String::as_str).collect();
            desk.ask(&Change {
                act: format!("Change {} of {}", names.join(", "), target.name),
                lost: "",
                name: None,
            })?;
            let saved = desk.console.patch_platform_config(&target.id, fields).await?;
            show(
                desk,
                &saved.config.value,
                false,
                json!({ "instance_id": target.id, "differs": saved.differs }),
            )?;
            match saved.differs.is_empty() {
                true => Ok(()),
                false => Err(Stop::new(
                    Exit::Failed,
                    "differs",
                    format!("It was sent, and reads back otherwise: {}.", saved.differs.join(", ")),
                )),
            }
        }
    }
}

fn show(desk: &Desk, config: &Kept, with_secrets: bool, mut document: Value) -> Result<(), Stop> {
    let mut config = serde_json::to_value(config).unwrap_or_default();
    if !with_secrets {
        mask_secrets(&mut config);
    }
    if !desk.output.is_json() {
        return desk.output.text(&format!("{}\n", serde_json::to_string_pretty(&config).unwrap_or_default()));
    }
    document["platform_config"] = config;
    desk.output.document(document)
}
