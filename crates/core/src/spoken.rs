//! An act of the window in words for a terminal: as a command of `nineheads`, and as a request of curl. Secrets are left out:
//! the key is a variable, and a value that its name calls a secret is a mask. Nothing is sent here.

mod command;
mod curl;

use crate::config::mask_secrets;
use crate::error::{Code, Failure};
use crate::session::Session;
use crate::{Console, Fields};
use command::CommandLine;
use curl::Curl;
use nineheads_contract::admin::{Cleanup, RotateKey};
use nineheads_contract::chat::{Message, SendMessage};
use nineheads_contract::config::UpdateConfig;
use nineheads_contract::consent::{Consent, UpdateConsent};
use nineheads_contract::deploys::{CreateInstance, NewInstance};
use nineheads_contract::instances::DeleteInstance;
use nineheads_contract::model_policy::UpdateModelPolicy;
use nineheads_contract::platform_config::PatchPlatformConfig;
use nineheads_contract::updates::ApplyUpdates;
use nineheads_contract::{Endpoint, InstanceId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;
use std::borrow::Cow;

/// What somebody is about to do, with its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum SpokenAct {
    /// Makes an instance.
    Deploy {
        /// As the wizard has it.
        request: NewInstance,
    },
    /// Deletes one.
    Delete {
        /// Which one.
        id: InstanceId,
    },
    /// Says something to the agent.
    Chat {
        /// To whom.
        id: InstanceId,
        /// What.
        message: String,
    },
    /// Sends what a plan of [`Console::plan_config`] showed.
    Config {
        /// Whose.
        id: InstanceId,
        /// The plan's id.
        plan: String,
    },
    /// Sends some fields, each as a whole.
    PlatformConfig {
        /// Whose.
        id: InstanceId,
        /// The touched ones alone.
        fields: Fields,
    },
    /// Sends the whole policy.
    ModelPolicy {
        /// Whose.
        id: InstanceId,
        /// All of it.
        policy: Fields,
    },
    /// Lets conversations be read, or locks them.
    Consent {
        /// Whose.
        id: InstanceId,
        /// True lets.
        granted: bool,
        /// Why; stays on this computer.
        purpose: String,
    },
    /// Applies what is pending.
    Updates {
        /// Whose.
        id: InstanceId,
    },
    /// Has the agent fetch a fresh key.
    RotateKey {
        /// Whose.
        id: InstanceId,
    },
    /// Deletes every dead instance.
    Cleanup,
}

/// The same act, twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Spoken {
    /// For a POSIX shell, one line. None where the command line can not say it.
    pub command: Option<String>,
    /// For a POSIX shell, with the key in `NINEHEADS_API_KEY`.
    pub curl: String,
    /// A secret was left out of either: a mask stands in its place.
    pub masked: bool,
}

impl Console {
    /// Says an act in words for a terminal.
    ///
    /// # Errors
    /// [`Code::NoSession`]; [`Code::Conflict`] where a configuration's plan is not the newest one.
    pub fn speak(&self, act: &SpokenAct) -> Result<Spoken, Failure> {
        let session = self.session()?;
        let profile = lone_name(&self.profiles(), &session);
        session.speak(act, &profile)
    }
}

/// A profile's name where only one has it, else its id.
fn lone_name(profiles: &[crate::profiles::Profile], session: &Session) -> String {
    let settings = session.view().profile;
    let name = settings.as_ref().map_or("", |profile| profile.name.trim());
    let is_lone = profiles.iter().filter(|profile| profile.name.trim() == name).count() == 1;
    match is_lone && !name.is_empty() {
        true => name.to_owned(),
        false => session.profile.id.to_string(),
    }
}

impl Session {
    fn speak(&self, act: &SpokenAct, profile: &str) -> Result<Spoken, Failure> {
        let line = |words: &[&str]| CommandLine::new(profile, words);
        let curl = Curl { base: self.client.base(), kind: self.client.credential_kind() };
        Ok(match act {
            SpokenAct::Deploy { request } => {
                let request = NewInstance { idempotency_key: None, ..crate::deploys::tidy(request.clone()) };
                let command = command::deploy(line(&["deploy"]), &request);
                said(Some(command), &curl, &CreateInstance { new: request }, None)
            }
            SpokenAct::Delete { id } => {
                let command = line(&["instances", "delete"]).word(id.as_str());
                said(Some(command), &curl, &DeleteInstance { id: id.clone() }, None)
            }
            SpokenAct::Chat { id, message } => {
                let command = line(&["chat"]).word(id.as_str()).word(message);
                let message = Message { message: message.clone() };
                said(Some(command), &curl, &SendMessage { id: id.clone(), message }, None)
            }
            SpokenAct::Config { id, plan } => {
                let stored = self.planned_config(id, plan)?;
                let command = command::config(line(&["config", "set"]).word(id.as_str()), &stored);
                let update = UpdateConfig { id: id.clone(), document: stored.body };
                said(command, &curl, &update, stored.etag.as_deref())
            }
            SpokenAct::PlatformConfig { id, fields } => {
                let command = line(&["platform-config", "set"]).word(id.as_str());
                let patch = PatchPlatformConfig { id: id.clone(), fields: fields.0.clone() };
                said(command::fields(command, &fields.0), &curl, &patch, None)
            }
            SpokenAct::ModelPolicy { id, policy } => {
                let command = line(&["model-policy", "set"]).word(id.as_str());
                let update = UpdateModelPolicy { id: id.clone(), policy: policy.0.clone() };
                said(command::fields(command, &policy.0), &curl, &update, None)
            }
            SpokenAct::Consent { id, granted, purpose } => {
                let command = match granted {
                    true => line(&["consent", "grant"]).flag("purpose", purpose.trim()),
                    false => line(&["consent", "revoke"]),
                };
                let consent = Consent { consent_debug_access: *granted };
                said(Some(command.word(id.as_str())), &curl, &UpdateConsent { id: id.clone(), consent }, None)
            }
            SpokenAct::Updates { id } => {
                let command = line(&["updates", "apply"]).word(id.as_str());
                said(Some(command), &curl, &ApplyUpdates { id: id.clone(), options: Map::new() }, None)
            }
            SpokenAct::RotateKey { id } => {
                let command = line(&["rotate-key"]).word(id.as_str());
                said(Some(command), &curl, &RotateKey { id: id.clone() }, None)
            }
            SpokenAct::Cleanup => said(Some(line(&["cleanup"])), &curl, &Cleanup, None),
        })
    }

    /// A plan that can still be sent; it stays where it is.
    fn planned_config(&self, id: &InstanceId, plan: &str) -> Result<crate::config::StoredPlan, Failure> {
        let plans = crate::session::lock(&self.config_plans);
        let stored = plans.get(id).filter(|stored| stored.id == plan).cloned();
        stored.ok_or_else(|| Failure::new(Code::Conflict { message: None }, "the plan is old"))
    }
}

fn said<E: Endpoint>(
    command: Option<CommandLine>,
    curl: &Curl<'_>,
    endpoint: &E,
    if_match: Option<&str>,
) -> Spoken {
    let mut body = endpoint.body().and_then(|body| serde_json::to_value(body).ok());
    let body_is_masked = body.as_mut().is_some_and(mask);
    let mut masked = body_is_masked || command.as_ref().is_some_and(|command| command.masked);
    // By heart alone: what only looks like a secret may be what was meant.
    let mut hide = |text: String| match crate::redact::forget_known(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(hidden) => {
            masked = true;
            hidden
        }
    };
    let command = command.and_then(|command| command.text()).map(&mut hide);
    let curl = hide(curl.text(endpoint, body.as_ref(), if_match));
    Spoken { command, curl, masked }
}

/// Puts masks in; true where one is there now.
fn mask(value: &mut Value) -> bool {
    let before = value.clone();
    mask_secrets(value);
    *value != before
}

#[cfg(test)]
mod tests;
