//! Operations 16 and 17: what the platform itself keeps about an instance.

use super::agent::{guard, refused, unwritten};
use super::{logs, reply};
use crate::call::{Call, now};
use crate::demo::RECIPES;
use crate::provider::openclaw::agent::Agent;
use crate::provider::openclaw::operations::platform_config as real;
use crate::refusal::{Answer, Invalid, Refusal};
use crate::store::settings::{self, Document};
use crate::store::{Instance, instances};
use crate::validation::FieldKind;
use nineheads_contract::platform_config::PlatformConfig;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

/// The documented fields with their kinds.
const FIELDS: [(&str, FieldKind); 6] = [
    ("advanced", FieldKind::Object),
    ("channels", FieldKind::Object),
    ("integrations", FieldKind::List),
    ("recipe_id", FieldKind::Text),
    ("skills", FieldKind::List),
    ("workflow_slugs", FieldKind::List),
];

/// Operation 16.
pub(crate) fn get(call: &Call) -> Answer {
    let instance = call.instance()?;
    if let Some(agent) = call.agent(&instance)? {
        let mut fields = call.store().read(|db| kept_here(db, &instance))?;
        fields.extend(real::read(&agent).map_err(refused)?);
        return answer(&instance, fields);
    }
    let fields = call.store().read(|db| current(db, &instance))?;
    answer(&instance, fields)
}

/// Operation 17. Only the fields present are updated, each whole; null empties one.
pub(crate) fn patch(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    check.model();
    let changes: Map<String, Value> = FIELDS
        .into_iter()
        .filter_map(|(name, kind)| Some((name.to_owned(), check.kept_field(name, kind)?)))
        .collect();
    check.finish()?;
    let instance = call.find(id)?;
    let names: Vec<&str> = changes.keys().map(String::as_str).collect();
    let message = format!("platform config updated: {}", names.join(", "));
    let changed = !changes.is_empty();
    if let Some(agent) = call.agent(&instance)? {
        let fields = write_real(call, &instance, &agent, changes)?;
        if changed {
            logs::note(call, &instance, "platform_config", &message)?;
        }
        return answer(&instance, fields);
    }
    let fields = call.store().write(|db| {
        let mut fields = current(db, &instance)?;
        fields.extend(changes);
        settings::write(db, id, Document::PlatformConfig, &fields)?;
        instances::touch(db, id, now())?;
        Ok::<_, Refusal>(fields)
    })?;
    if changed {
        logs::note(call, &instance, "platform_config", &message)?;
    }
    answer(&instance, fields)
}

/// The agent first: what it refuses is not kept here either.
fn write_real(
    call: &Call,
    instance: &Instance,
    agent: &Agent,
    mut changes: Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let kept_there: Map<String, Value> = real::KEPT_BY_AGENT
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), changes.shift_remove(name)?)))
        .collect();
    let told = match kept_there.is_empty() {
        true => real::read(agent).map_err(refused)?,
        false => real::write(agent, &kept_there, guard(call, instance, agent)?).map_err(unchanged)?,
    };
    let mut fields = call.store().write(|db| {
        let mut fields = kept_here(db, instance)?;
        fields.extend(changes);
        settings::write(db, instance.id, Document::PlatformConfig, &fields)?;
        instances::touch(db, instance.id, now())?;
        Ok::<_, Refusal>(fields)
    })?;
    fields.extend(told);
    Ok(fields)
}

fn unchanged(error: real::Unchanged) -> Refusal {
    match error {
        real::Unchanged::Config(error) => unwritten(error),
        real::Unchanged::Field(place, msg) => {
            let loc = std::iter::once(json!("body")).chain(place).collect();
            Refusal::Invalid(vec![Invalid { loc, msg, kind: "value_error" }])
        }
    }
}

/// What the platform keeps about a real agent. It has no effect on the agent, and nothing is made up for it.
fn kept_here(db: &Connection, instance: &Instance) -> Result<Map<String, Value>, Refusal> {
    let written = settings::read(db, instance.id, Document::PlatformConfig)?;
    Ok(written.unwrap_or_else(|| {
        Map::from_iter([
            ("advanced".to_owned(), json!({})),
            ("recipe_id".to_owned(), json!(instance.recipe_id)),
            ("workflow_slugs".to_owned(), json!(instance.workflow_slugs)),
        ])
    }))
}

fn answer(instance: &Instance, fields: Map<String, Value>) -> Answer {
    let config: PlatformConfig = serde_json::from_value(Value::Object(fields))?;
    reply(&PlatformConfig { instance_id: instance.wire_id(), ..config })
}

/// What was written, or what an instance begins with: its recipe's channels and skills.
fn current(db: &Connection, instance: &Instance) -> Result<Map<String, Value>, Refusal> {
    if let Some(written) = settings::read(db, instance.id, Document::PlatformConfig)? {
        return Ok(written);
    }
    let recipe = RECIPES.iter().find(|recipe| Some(recipe.id) == instance.recipe_id.as_deref());
    let channels: Map<String, Value> = recipe
        .map_or(&["web_chat"][..], |recipe| recipe.channels)
        .iter()
        .map(|channel| ((*channel).to_owned(), json!({ "enabled": true })))
        .collect();
    let skills = recipe.map_or(&["calendar", "notes", "reminders"][..], |recipe| recipe.skills);
    let first = json!({
        "advanced": { "auto_restart": true, "debug_logging": false, "daily_summary": false },
        "channels": channels,
        "integrations": [],
        "recipe_id": instance.recipe_id,
        "skills": skills,
        "workflow_slugs": instance.workflow_slugs,
    });
    match first {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}
