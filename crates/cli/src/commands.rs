//! One file for each command: what it takes, the call or two it makes, what it shows.

pub(crate) mod chat;
pub(crate) mod cleanup;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod consent;
pub(crate) mod conversations;
pub(crate) mod deploy;
pub(crate) mod instances;
pub(crate) mod logs;
pub(crate) mod model_policy;
pub(crate) mod platform_config;
mod profiles;
pub(crate) mod rotate_key;
pub(crate) mod updates;
pub(crate) mod usage;

use crate::arguments::{Arguments, Command};
use crate::confirm::Confirmed;
use crate::desk::Desk;
use crate::failure::Stop;
use crate::open::{app_console, open};
use crate::output::Output;

/// Runs what was typed.
pub(crate) async fn run(arguments: Arguments, output: Output) -> Result<(), Stop> {
    let Arguments { shared, command } = arguments;
    match command {
        Command::Completions(completions) => return completions::run(&completions, output),
        Command::Profiles => return profiles::run(&app_console(&shared)?, output),
        _ => {}
    }
    let console = open(&shared).await?;
    let desk = Desk { console, output, confirmed: Confirmed { yes: shared.yes, names: shared.confirm } };
    match command {
        Command::Instances(command) => instances::run(&desk, command).await,
        Command::Deploy(command) => deploy::run(&desk, *command).await,
        Command::Logs(command) => logs::run(&desk, command).await,
        Command::Chat(command) => chat::run(&desk, command).await,
        Command::Config(command) => config::run(&desk, command).await,
        Command::PlatformConfig(command) => platform_config::run(&desk, command).await,
        Command::ModelPolicy(command) => model_policy::run(&desk, command).await,
        Command::Usage(command) => usage::run(&desk, command).await,
        Command::Conversations(command) => conversations::run(&desk, command).await,
        Command::Consent(command) => consent::run(&desk, command).await,
        Command::Updates(command) => updates::run(&desk, command).await,
        Command::Cleanup(command) => cleanup::run(&desk, command).await,
        Command::RotateKey(command) => rotate_key::run(&desk, command).await,
        Command::Profiles | Command::Completions(_) => Ok(()),
    }
}
