//! Operations 12 and 13: what was said, readable only while consent holds.

use super::agent::refused;
use super::reply;
use crate::auth::PEOPLE;
use crate::call::{Call, now};
use crate::provider::openclaw::operations::chat::console_user;
use crate::provider::openclaw::operations::conversations as real;
use crate::refusal::{Answer, Refusal};
use crate::store::Instance;
use crate::store::messages::{self, Conversation};
use nineheads_contract::conversations::DEFAULT_LIMIT;
use serde_json::{Value, json};

/// Longest summary in characters.
const SUMMARY: usize = 120;

/// Operation 12.
pub(crate) fn list(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    let limit = check.query_int_between("limit", i64::from(DEFAULT_LIMIT), (1, 100));
    check.finish()?;
    let instance = call.find(id)?;
    require_consent(&instance)?;
    if let Some(agent) = call.agent(&instance)? {
        let sessions = real::list(&agent, limit).map_err(refused)?;
        let rows: Vec<Value> = sessions.rows.into_iter().map(|talk| belonging(&instance, talk)).collect();
        return reply(&json!({ "conversations": rows, "instance_id": instance.id, "total": sessions.total }));
    }
    let all = readable(call, &instance)?;
    let limit = usize::try_from(limit).unwrap_or_default();
    let rows: Vec<Value> = all.iter().take(limit).map(|talk| overview(&instance, talk)).collect();
    reply(&json!({ "conversations": rows, "instance_id": instance.id, "total": all.len() }))
}

/// Operation 13.
pub(crate) fn get(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    let conversation = check.conversation_id();
    check.finish()?;
    let instance = call.find(id)?;
    require_consent(&instance)?;
    if let Some(agent) = call.agent(&instance)? {
        let talk = real::get(&agent, &conversation).map_err(refused)?;
        let talk = talk.ok_or_else(|| Refusal::not_found("Conversation"))?;
        return reply(&belonging(&instance, talk));
    }
    let found = readable(call, &instance)?.into_iter().find(|talk| talk.id == conversation);
    let talk = found.ok_or_else(|| Refusal::not_found("Conversation"))?;
    let mut whole = overview(&instance, &talk);
    whole["messages"] = json!(talk.messages);
    reply(&whole)
}

fn require_consent(instance: &Instance) -> Result<(), Refusal> {
    match instance.consent {
        true => Ok(()),
        false => Err(Refusal::forbidden("Conversation access requires consent")),
    }
}

/// A real agent's conversation with what it does not know: whose it is, and who spoke from the console.
fn belonging(instance: &Instance, mut talk: Value) -> Value {
    talk["hostname"] = json!(instance.hostname);
    talk["instance_id"] = json!(instance.id);
    let user = talk["session_key"].as_str().and_then(console_user);
    let person =
        user.and_then(|user| PEOPLE.into_iter().find(|person| person.user.simple().to_string() == user));
    if let Some(person) = person {
        talk["participant"] = json!(person.email);
    }
    talk
}

/// All conversations, the newest first: those that were really held here and those from before.
fn readable(call: &Call, instance: &Instance) -> Result<Vec<Conversation>, Refusal> {
    let mut all = call.store().read(|db| messages::list(db, instance.id))?;
    all.extend(call.platform.provider.past_conversations(instance, now()));
    all.retain(|talk| !talk.messages.is_empty());
    all.sort_by_key(|talk| std::cmp::Reverse(talk.messages.last().map(|message| message.created_at)));
    Ok(all)
}

fn overview(instance: &Instance, talk: &Conversation) -> Value {
    let summary =
        talk.messages.first().map(|message| message.content.chars().take(SUMMARY).collect::<String>());
    json!({
        "conversation_id": talk.id,
        "hostname": instance.hostname,
        "instance_id": instance.id,
        "last_message_at": talk.messages.last().map(|message| message.created_at),
        "message_count": talk.messages.len(),
        "participant": talk.participant,
        "started_at": talk.messages.first().map(|message| message.created_at),
        "summary": summary,
    })
}
