//! Operations 12 and 13: what was said, readable only while consent holds.

use super::reply;
use crate::call::{Call, now};
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
    let found = readable(call, &instance)?.into_iter().find(|talk| talk.id == conversation);
    let talk = found.ok_or_else(|| Refusal::not_found("Conversation"))?;
    let mut whole = overview(&instance, &talk);
    whole["messages"] = json!(talk.messages);
    reply(&whole)
}

/// All conversations, the newest first: those that were really held here and those from before.
fn readable(call: &Call, instance: &Instance) -> Result<Vec<Conversation>, Refusal> {
    if !instance.consent {
        return Err(Refusal::forbidden("Conversation access requires consent"));
    }
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
