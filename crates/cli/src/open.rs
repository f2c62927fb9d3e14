//! Which console a command works with: a profile of the app, or one that is given for this run. Both lie in folders that
//! another process may have open.

use crate::arguments::Shared;
use crate::failure::{Exit, Stop};
use crate::given::{read_given, text_of_environment};
use nineheads_core::home::{IDENTIFIER, data_folder};
use nineheads_core::polling::Intervals;
use nineheads_core::profiles::{CredentialKind, Profile, THIS_COMPUTER};
use nineheads_core::secrets::{Keystore, SecretStore, SecretString};
use nineheads_core::{Code, Console, ConsoleOptions, Failure};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Nobody looks at a screen meanwhile: a platform that is slow is waited for.
const SILENCE: Duration = Duration::from_secs(20);
/// How often a log is looked at that is followed.
const FOLLOWING: Duration = Duration::from_secs(5);
/// Where the journal of profiles lies that are given for a run.
const OWN_FOLDER: &str = "command-line";

/// A keystore for machines that have none: nothing is asked and nothing is kept.
struct Nowhere;

impl SecretStore for Nowhere {
    fn get(&self, _: &str) -> Result<Option<SecretString>, Failure> {
        Err(Failure::new(Code::Keystore, "nothing is kept for a profile that is given for a run"))
    }

    fn set(&self, _: &str, _: &SecretString) -> Result<(), Failure> {
        Err(Failure::new(Code::Keystore, "nothing is kept for a profile that is given for a run"))
    }

    fn remove(&self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
}

/// The app's console, with no profile open yet.
pub(crate) fn app_console(shared: &Shared) -> Result<Console, Stop> {
    console(folder(shared)?, Arc::new(Keystore::new(IDENTIFIER)))
}

/// Opens what the arguments and the environment name; an argument wins.
pub(crate) async fn open(shared: &Shared) -> Result<Console, Stop> {
    let console = match chosen(shared)? {
        Chosen::Address { url, is_environments } => open_given(shared, &url, is_environments).await?,
        Chosen::Profile(name) => open_of_app(shared, name.as_deref()).await?,
    };
    if shared.read_only {
        console.refuse_changes()?;
    }
    Ok(console)
}

/// What was named.
enum Chosen {
    Address {
        url: String,
        /// The environment's key is this address's.
        is_environments: bool,
    },
    Profile(Option<String>),
}

/// An argument wins over the environment. What is named by halves or twice is refused: a change might reach a platform that
/// nobody meant.
fn chosen(shared: &Shared) -> Result<Chosen, Stop> {
    let of_environment = text_of_environment("NINEHEADS_URL")?;
    let named = text_of_environment("NINEHEADS_PROFILE")?;
    let has_key = shared.api_key_file.is_some();
    match (&shared.url, &shared.profile) {
        (Some(url), _) => {
            let is_environments = of_environment.as_ref().is_none_or(|other| other.trim() == url.trim());
            Ok(Chosen::Address { url: url.clone(), is_environments })
        }
        (None, Some(_)) if has_key => {
            Err(Stop::usage("--api-key-file goes with --url. A profile has its own key."))
        }
        (None, Some(profile)) => Ok(Chosen::Profile(Some(profile.clone()))),
        (None, None) => match (of_environment, named) {
            (Some(_), Some(_)) => Err(Stop::usage(
                "NINEHEADS_URL and NINEHEADS_PROFILE are both set. Unset one, or say --url or --profile.",
            )),
            (Some(url), None) => Ok(Chosen::Address { url, is_environments: true }),
            (None, named)
                if has_key || (named.is_none() && text_of_environment("NINEHEADS_API_KEY")?.is_some()) =>
            {
                let message = "A key is given, but no address. Set NINEHEADS_URL or say --url; or say --profile to use one of the app's.";
                Err(Stop::usage(message))
            }
            (None, named) => Ok(Chosen::Profile(named)),
        },
    }
}

async fn open_given(shared: &Shared, url: &str, is_environments: bool) -> Result<Console, Stop> {
    let key = match &shared.api_key_file {
        Some(file) => Some(read_given(file)?),
        None => text_of_environment("NINEHEADS_API_KEY")?,
    };
    if shared.api_key_file.is_none() && key.is_some() && !is_environments {
        return Err(Stop::usage(
            "NINEHEADS_API_KEY goes with NINEHEADS_URL, which is another address than --url. Give --api-key-file.",
        ));
    }
    let key = key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).ok_or_else(|| {
        Stop::new(
            Exit::NoKey,
            "noKey",
            "There is no key for this address. Set NINEHEADS_API_KEY, or give --api-key-file.",
        )
    })?;
    let console = console(folder(shared)?.join(OWN_FOLDER), Arc::new(Nowhere))?;
    console.open_for_this_run(url, CredentialKind::ApiKey, &key).await?;
    Ok(console)
}

async fn open_of_app(shared: &Shared, wanted: Option<&str>) -> Result<Console, Stop> {
    let console = app_console(shared)?;
    console.begin();
    if console.security().locked {
        let passphrase = match &shared.passphrase_file {
            Some(file) => Some(read_given(file)?),
            None => text_of_environment("NINEHEADS_PASSPHRASE")?,
        };
        let passphrase = passphrase.ok_or_else(|| Failure::new(Code::Locked, "no passphrase was given"))?;
        console.unlock(Some(passphrase.trim_end_matches(['\r', '\n']))).await?;
    }
    let profile = choose(&console, wanted)?;
    match profile.id == THIS_COMPUTER {
        true => open_this_computer(&console, &folder(shared)?.join(THIS_COMPUTER), &profile).await?,
        false => drop(console.open_profile(&profile.id).await?),
    }
    Ok(console)
}

fn choose(console: &Console, wanted: Option<&str>) -> Result<Profile, Stop> {
    let none = |message: String| Stop::new(Exit::NoKey, "noProfile", message);
    let mut all = console.profiles();
    let Some(wanted) = wanted else {
        let only = if all.len() == 1 { all.pop() } else { None };
        return console.last_profile().or(only).ok_or_else(|| match all.is_empty() {
            true => none("There is no profile. Connect a platform in the app, or set NINEHEADS_URL and NINEHEADS_API_KEY.".into()),
            false => none("There is more than one profile. Name one with --profile; nineheads profiles lists them.".into()),
        });
    };
    let mut found: Vec<Profile> =
        all.iter().filter(|profile| profile.id == wanted || profile.name == wanted).cloned().collect();
    match (found.pop(), found.is_empty()) {
        (Some(profile), true) => Ok(profile),
        (Some(_), false) => Err(Stop::new(
            Exit::Conflict,
            "ambiguous",
            format!(
                "More than one profile is called {wanted:?}. Take one by its id; nineheads profiles lists them."
            ),
        )),
        (None, _) => Err(none(format!("There is no profile {wanted:?}. nineheads profiles lists them."))),
    }
}

/// The platform on this computer runs within the app, which says where, with a key of the day, in a file that only its
/// person can read. A file that a process left behind which was killed is not believed: nobody holds the lock.
async fn open_this_computer(console: &Console, folder: &Path, profile: &Profile) -> Result<(), Stop> {
    let silent = || {
        Stop::new(
            Exit::Offline,
            "offline",
            "The platform on this computer runs while the app does, and the app does not run. Start Nineheads.",
        )
    };
    let lock = File::options().write(true).open(folder.join("platform.lock")).map_err(|_| silent())?;
    if !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        return Err(silent());
    }
    let said = std::fs::read(folder.join("endpoint.json")).map_err(|_| silent())?;
    let said: serde_json::Value = serde_json::from_slice(&said).map_err(|_| silent())?;
    let (Some(url), Some(key)) = (said["url"].as_str(), said["key"].as_str()) else { return Err(silent()) };
    console.open_this_computer(url, key, &profile.name).await?;
    Ok(())
}

fn console(folder: PathBuf, secrets: Arc<dyn SecretStore>) -> Result<Console, Stop> {
    let intervals = Intervals { silence: SILENCE, front: FOLLOWING, ..Intervals::default() };
    let options = ConsoleOptions { intervals, beside: true, ..ConsoleOptions::new(folder, secrets) };
    Ok(Console::open(options)?)
}

fn folder(shared: &Shared) -> Result<PathBuf, Stop> {
    let named = match &shared.data {
        Some(folder) => Some(folder.clone()),
        None => text_of_environment("NINEHEADS_DATA")?.map(PathBuf::from),
    };
    named.or_else(data_folder).ok_or_else(|| {
        Stop::new(
            Exit::Failed,
            "storage",
            "This system names no folder for data. Name one with --data, or set NINEHEADS_DATA.",
        )
    })
}
