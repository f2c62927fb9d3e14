//! Operations 16 and 17: what the platform itself keeps about an instance.

use super::{logs, reply};
use crate::call::{Call, now};
use crate::demo::RECIPES;
use crate::refusal::{Answer, Refusal};
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
