//! Model providers of this computer: kept, tried, forgotten. A key goes into the store of secrets and comes out again
//! only towards the address that it was given for; no reply holds one.

use super::reply;
use crate::call::Call;
use crate::options::AgentOptions;
use crate::provider::openclaw::model_providers::{
    checked_address, found, is_name, kept_key, secret_name, try_out,
};
use crate::refusal::{Answer, Invalid, Refusal};
use crate::secrets::SecretStoreError;
use crate::store::model_providers::{self, ModelProviderRow};
use crate::store::{local_agents, model_providers as providers};
use axum::http::StatusCode;
use nineheads_contract::local::{LocalModel, ModelProvider, ModelProviders, ModelTest};
use rusqlite::Connection;
use serde_json::{Map, Value, json};
use std::sync::{Mutex, PoisonError};
use tokio::runtime::Handle;

const MOST_MODELS: usize = 1_000;
const LONGEST_MODEL: usize = 200;
const LONGEST_KEY: usize = 4_096;

/// Row and key are written together, one provider after the other.
static WRITES: Mutex<()> = Mutex::new(());

/// Every provider, the found ones last.
pub(crate) fn list(call: &Call) -> Answer {
    reply(&everyone(call)?)
}

/// One of the kept ones.
pub(crate) fn get(call: &Call) -> Answer {
    let row = kept(call, call.segment(0))?;
    reply(&told(agents(call)?, row)?)
}

/// Keeps one. What a key was given for decides where it may go: at another address the kept one is erased first.
pub(crate) fn put(call: &Call) -> Answer {
    let asked = Asked::read(call)?;
    let options = agents(call)?;
    let _alone = WRITES.lock().unwrap_or_else(PoisonError::into_inner);
    let Asked { name, base_url, models, key } = asked;
    let earlier = call.store().read(|db| providers::find(db, &name))?;
    let moved = earlier.as_ref().is_none_or(|earlier| earlier.base_url != base_url);
    if moved && earlier.is_some() {
        // A running agent would show the new key to the old address.
        let doing = "keep the new address under another name";
        call.store().read(|db| require_unused(db, &name, doing))?;
    }
    let secret = secret_name(&name);
    if moved || key.is_some() {
        options.secrets.erase(&secret).map_err(no_keystore)?;
    }
    let has_new_key = key.is_some();
    let row = ModelProviderRow { name, base_url, models };
    call.store().write(|db| providers::put(db, &row))?;
    if let Some(key) = key.filter(|key| !key.is_empty()) {
        options.secrets.write(&secret, &key).map_err(no_keystore)?;
    }
    if has_new_key {
        start_again(call, &row.name)?;
    }
    reply(&told(options, row)?)
}

/// Agents get the key of their provider in their environment: a new one takes a start.
fn start_again(call: &Call, provider: &str) -> Result<(), Refusal> {
    let users = call.store().read(local_agents::all)?;
    for agent in users.iter().filter(|agent| agent.provider == provider) {
        if let Err(reason) = call.platform.agents.restart(agent.instance) {
            log::info!("{} takes up its key later: {reason}", agent.instance);
        }
    }
    Ok(())
}

/// Forgets one and its key.
pub(crate) fn delete(call: &Call) -> Answer {
    let options = agents(call)?;
    let name = call.segment(0);
    {
        let _alone = WRITES.lock().unwrap_or_else(PoisonError::into_inner);
        call.store().read(|db| require_unused(db, name, "remove the agent first"))?;
        if is_name(name) {
            options.secrets.erase(&secret_name(name)).map_err(no_keystore)?;
        }
        call.store().write(|db| providers::delete(db, name))?;
    }
    reply(&everyone(call)?)
}

/// Tries what would be kept, without keeping it.
pub(crate) fn test(call: &Call) -> Answer {
    let options = agents(call)?;
    let asked = match Asked::read(call) {
        Ok(asked) => asked,
        Err(Refusal::Invalid(rows)) if rows.iter().all(|row| row.kind == BAD_ADDRESS) => {
            let message = rows.into_iter().next().map(|row| row.msg).unwrap_or_default();
            let problem = Some("bad_address".to_owned());
            return reply(&ModelTest { problem, message, ..ModelTest::default() });
        }
        Err(other) => return Err(other),
    };
    let key = match asked.key {
        Some(key) => Some(key).filter(|key| !key.is_empty()),
        None => {
            let row = call.store().read(|db| providers::find(db, &asked.name))?;
            match row.is_some_and(|row| row.base_url == asked.base_url) {
                true => kept_key(options.secrets.as_ref(), &asked.name).map_err(no_keystore)?,
                false => None,
            }
        }
    };
    let model = asked.models.first().map(|model| model.id.as_str());
    // The handler is on a thread that may block.
    reply(&Handle::current().block_on(try_out(&asked.base_url, key.as_deref(), model)))
}

fn agents(call: &Call) -> Result<&AgentOptions, Refusal> {
    call.platform.options.agents.as_ref().ok_or_else(|| Refusal::not_found("Platform"))
}

fn kept(call: &Call, name: &str) -> Result<ModelProviderRow, Refusal> {
    call.store().read(|db| providers::find(db, name))?.ok_or_else(|| Refusal::not_found("Model provider"))
}

fn everyone(call: &Call) -> Result<ModelProviders, Refusal> {
    let options = agents(call)?;
    let rows = call.store().read(model_providers::all)?;
    let mut all = rows.into_iter().map(|row| told(options, row)).collect::<Result<Vec<_>, _>>()?;
    all.extend(Handle::current().block_on(found(&all)));
    Ok(ModelProviders { providers: all })
}

fn told(options: &AgentOptions, row: ModelProviderRow) -> Result<ModelProvider, Refusal> {
    let has_key = kept_key(options.secrets.as_ref(), &row.name).map_err(no_keystore)?.is_some();
    let ModelProviderRow { name, base_url, models } = row;
    Ok(ModelProvider { name, base_url, models, has_key, found: false })
}

fn require_unused(db: &Connection, name: &str, instead: &str) -> Result<(), Refusal> {
    let users = local_agents::all(db)?.into_iter().filter(|agent| agent.provider == name).count();
    match users {
        0 => Ok(()),
        1 => Err(Refusal::conflict(format!("An agent uses this model provider: {instead}"))),
        n => Err(Refusal::conflict(format!("{n} agents use this model provider: {instead}"))),
    }
}

fn no_keystore(error: SecretStoreError) -> Refusal {
    let detail = format!("The place where keys are kept does not answer: {error}. Unlock it and try again.");
    Refusal::Detail(StatusCode::SERVICE_UNAVAILABLE, detail)
}

const BAD_ADDRESS: &str = "url_parsing";

/// What a body asks to keep. It has no `Debug`: it holds a key.
struct Asked {
    name: String,
    base_url: String,
    models: Vec<LocalModel>,
    key: Option<String>,
}

impl Asked {
    fn read(call: &Call) -> Result<Self, Refusal> {
        let mut check = call.check();
        let body = check.dictionary();
        check.finish()?;
        let name = call.segment(0).to_owned();
        let mut wrong = Vec::new();
        if !is_name(&name) {
            let msg =
                "A name has small letters, digits and hyphens, begins with a letter and is at most 40 long";
            wrong.push(invalid(json!(["path", "name"]), msg, "string_pattern_mismatch"));
        }
        let base_url = match body.get("base_url").and_then(Value::as_str).map(checked_address) {
            Some(Ok(address)) => address,
            Some(Err(said)) => {
                wrong.push(invalid(json!(["body", "base_url"]), said, BAD_ADDRESS));
                String::new()
            }
            None => {
                wrong.push(invalid(
                    json!(["body", "base_url"]),
                    "Input should be a valid string",
                    "string_type",
                ));
                String::new()
            }
        };
        let models = models(&body, &mut wrong);
        let key = key(&body, &mut wrong);
        match wrong.is_empty() {
            true => Ok(Self { name, base_url, models, key }),
            false => Err(Refusal::Invalid(wrong)),
        }
    }
}

fn models(body: &Map<String, Value>, wrong: &mut Vec<Invalid>) -> Vec<LocalModel> {
    let list = match body.get("models") {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(list)) if list.len() <= MOST_MODELS => list,
        Some(_) => {
            wrong.push(invalid(
                json!(["body", "models"]),
                "Input should be a list of at most 1000 models",
                "list_type",
            ));
            return Vec::new();
        }
    };
    let mut models: Vec<LocalModel> = Vec::new();
    for (at, given) in list.iter().enumerate() {
        let id = given.get("id").and_then(Value::as_str).map(str::trim).unwrap_or_default();
        // It becomes part of a configuration that puts the environment in for such a name.
        let fits = !id.is_empty()
            && id.len() <= LONGEST_MODEL
            && !id.chars().any(char::is_control)
            && !id.contains("${");
        if !fits {
            let msg = "A model has a name of at most 200 characters";
            wrong.push(invalid(json!(["body", "models", at, "id"]), msg, "string_pattern_mismatch"));
        } else if !models.iter().any(|known| known.id == id) {
            let tokens = |key: &str| given.get(key).and_then(Value::as_u64).filter(|n| *n > 0);
            let tokens = |key: &str| tokens(key).and_then(|n| u32::try_from(n).ok());
            let (context_window, max_tokens) = (tokens("context_window"), tokens("max_tokens"));
            models.push(LocalModel { id: id.to_owned(), context_window, max_tokens });
        }
    }
    models
}

fn key(body: &Map<String, Value>, wrong: &mut Vec<Invalid>) -> Option<String> {
    let msg = match body.get("api_key") {
        None | Some(Value::Null) => return None,
        Some(Value::String(key)) => {
            let key = key.trim();
            if key.len() <= LONGEST_KEY && key.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Some(key.to_owned());
            }
            "The key holds characters that no key has; copy it again"
        }
        Some(_) => "Input should be a valid string",
    };
    wrong.push(invalid(json!(["body", "api_key"]), msg, "string_type"));
    None
}

fn invalid(loc: Value, msg: &str, kind: &'static str) -> Invalid {
    Invalid { loc: loc.as_array().cloned().unwrap_or_default(), msg: msg.to_owned(), kind }
}
