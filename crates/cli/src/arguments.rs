//! What can be typed. Help is part of it; what a command does with it is `commands`.

use crate::commands::{
    chat, cleanup, completions, config, consent, conversations, deploy, instances, logs, model_policy,
    platform_config, rotate_key, updates, usage,
};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Below the help of every command.
const EXITS: &str = "Exit codes:
  0  done
  1  the platform or this computer failed, or the platform did not want it
  2  the command line can not be understood
  3  there is no such thing
  4  not allowed, read-only, or not confirmed; nothing was sent
  5  something else happened first, or the name means more than one
  6  the platform can not be reached
  7  nobody knows: it may have arrived
  8  no profile, no key, or the key is refused

Environment:
  NINEHEADS_URL         the platform, for this run alone; goes with
  NINEHEADS_API_KEY     its key. A key is never an argument: other processes can read those
  NINEHEADS_PROFILE     a profile of the app, as --profile
  NINEHEADS_PASSPHRASE  opens the app's lock or its vault
  NINEHEADS_DATA        the data folder, as --data";

/// Run AI agents from a terminal: the same profiles, keys, cache and journal as the Nineheads app.
#[derive(Parser)]
#[command(name = "nineheads", version, after_long_help = EXITS, after_help = "--help tells exit codes and environment.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Args)]
pub(crate) struct Shared {
    /// A profile of the app, by its name or id. Without it: the one used last, or the only one.
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "url", help_heading = "Everywhere")]
    pub(crate) profile: Option<String>,
    /// A platform for this run alone, without a keystore; its key comes from NINEHEADS_API_KEY or --api-key-file.
    #[arg(long, global = true, value_name = "URL", help_heading = "Everywhere")]
    pub(crate) url: Option<String>,
    /// Reads the key from a file, or with - from standard input.
    #[arg(long, global = true, value_name = "PATH", help_heading = "Everywhere")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// Reads the passphrase of the app's lock or vault from a file, or with - from standard input.
    #[arg(long, global = true, value_name = "PATH", help_heading = "Everywhere")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Another data folder than the app's.
    #[arg(long, global = true, value_name = "PATH", help_heading = "Everywhere")]
    pub(crate) data: Option<PathBuf>,
    /// Refuses every change, whatever the profile says.
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(crate) read_only: bool,
    /// JSON for programs; see docs/cli.md for the fields.
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(crate) json: bool,
    /// Answers a plain question with yes.
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub(crate) yes: bool,
    /// Types a name that is asked for; may be given more than once.
    #[arg(long, global = true, value_name = "NAME", help_heading = "Everywhere")]
    pub(crate) confirm: Vec<String>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Lists, shows and deletes instances.
    #[command(subcommand)]
    Instances(instances::Instances),
    /// Makes an instance, exactly once.
    Deploy(Box<deploy::Deploy>),
    /// Shows an instance's log.
    Logs(logs::Logs),
    /// Sends a message to an agent and shows the reply as it comes.
    Chat(chat::Chat),
    /// The agent's own configuration.
    #[command(subcommand)]
    Config(config::Config),
    /// What the platform keeps about an instance: skills, channels, workflows.
    #[command(subcommand)]
    PlatformConfig(platform_config::PlatformConfig),
    /// Which models an agent uses.
    #[command(subcommand)]
    ModelPolicy(model_policy::ModelPolicy),
    /// What an instance used and cost, day by day.
    Usage(usage::Usage),
    /// Conversations that an agent had, while consent holds.
    #[command(subcommand)]
    Conversations(conversations::Conversations),
    /// Whether conversations may be read.
    #[command(subcommand)]
    Consent(consent::Consent),
    /// Updates of an agent.
    #[command(subcommand)]
    Updates(updates::Updates),
    /// Deletes every dead instance of the tenant; for admins.
    Cleanup(cleanup::Cleanup),
    /// Has an agent fetch a fresh key; for admins. The key itself is never told.
    RotateKey(rotate_key::RotateKey),
    /// Lists the profiles of the app. Asks nobody.
    Profiles,
    /// Writes a completion script.
    Completions(completions::Completions),
}
