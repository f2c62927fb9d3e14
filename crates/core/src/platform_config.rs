//! What the platform keeps about an instance (operations 16 and 17). Only the touched fields are sent, each whole, and
//! read back: merging inside a field is not documented.

use crate::error::Failure;
use crate::seen::{Seen, Source};
use crate::session::Session;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::platform_config::{GetPlatformConfig, PatchPlatformConfig, PlatformConfig};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use specta::Type;
use std::collections::BTreeMap;

/// The name of its kind in the cache.
const KIND: &str = "platform_config";
/// Most instances named for one skill.
const NAMED: usize = 5;

/// What is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PlatformConfigView {
    /// Just answered, or from the cache.
    pub config: Option<Seen<PlatformConfig>>,
    /// Why the newest look failed.
    pub failure: Option<Failure>,
}

/// What a change came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PlatformConfigSaved {
    /// As it was read back.
    pub config: Seen<PlatformConfig>,
    /// Fields that read back otherwise than they were sent.
    pub differs: Vec<String>,
}

/// Where skills are used, as far as this app has read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SkillUse {
    /// Instances whose platform configuration was read.
    pub read: u32,
    /// Instances of the fleet.
    pub total: u32,
    /// The most used first.
    pub skills: Vec<SkillUsers>,
}

/// Who uses a skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SkillUsers {
    /// The skill.
    pub name: String,
    /// How many instances have it.
    pub count: u32,
    /// Some of them.
    pub instances: Vec<NamedInstance>,
}

/// An instance with the name that people know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NamedInstance {
    /// Which one.
    pub id: InstanceId,
    /// Its agent's name, else its host's, else its id.
    pub name: String,
}

impl Session {
    pub(crate) async fn platform_config(&self, id: &InstanceId) -> Result<PlatformConfigView, Failure> {
        match self.read_platform_config(id).await {
            Ok(config) => Ok(PlatformConfigView { config: Some(config), failure: None }),
            Err(failure) if failure.is_outage() => {
                let cached = self.cache.read_seen(KIND, id.as_str());
                let config = cached.map(|(value, seen_at)| Seen { value, seen_at, source: Source::Cached });
                match config {
                    None => Err(failure),
                    config => Ok(PlatformConfigView { config, failure: Some(failure) }),
                }
            }
            Err(failure) => Err(failure),
        }
    }

    pub(crate) async fn read_platform_config(
        &self,
        id: &InstanceId,
    ) -> Result<Seen<PlatformConfig>, Failure> {
        let config = self.call(&GetPlatformConfig { id: id.clone() }).await?;
        let now = self.now();
        self.cache.write_seen(KIND, id.as_str(), &config, now);
        self.note_settings(id);
        Ok(Seen::live(config, now))
    }

    /// What was last read of it, and when.
    pub(crate) fn known_platform_config(&self, id: &InstanceId) -> Option<(PlatformConfig, DateTime<Utc>)> {
        self.cache.read_seen(KIND, id.as_str())
    }

    /// Sends the touched fields and reads back.
    ///
    /// # Errors
    /// [`Code::Invalid`](crate::Code::Invalid) where a mask would be stored as a value; nothing was sent then.
    pub(crate) async fn patch_platform_config(
        &self,
        id: &InstanceId,
        fields: Map<String, Value>,
    ) -> Result<PlatformConfigSaved, Failure> {
        crate::config::refuse_masks(&fields)?;
        let names: Vec<&String> = fields.keys().collect();
        let detail = json!({ "fields": names });
        let words = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
        let entry = self.enter("patch_platform_config", id, detail);
        let sent = self.call(&PatchPlatformConfig { id: id.clone(), fields: fields.clone() }).await;
        entry.end(&sent);
        let answered = sent?;
        self.note_act(id, "patch_platform_config", Some(words));
        let config = match self.read_platform_config(id).await {
            Ok(config) => config,
            // Stored it is; the answer itself says what holds.
            Err(_) => Seen::live(answered, self.now()),
        };
        let differs = differing(&fields, &config.value);
        Ok(PlatformConfigSaved { config, differs })
    }

    /// Where skills are used, from what was read so far.
    pub(crate) fn skill_use(&self) -> Result<SkillUse, Failure> {
        let configs: Vec<(String, PlatformConfig)> = self.cache.read_all_seen(KIND)?;
        let mut users: BTreeMap<String, Vec<NamedInstance>> = BTreeMap::new();
        for (id, config) in &configs {
            let id = InstanceId::from(id.as_str());
            for name in config.skills.iter().filter_map(skill_name) {
                let instance = NamedInstance { name: self.name_of(&id), id: id.clone() };
                users.entry(name).or_default().push(instance);
            }
        }
        let mut skills: Vec<SkillUsers> = users
            .into_iter()
            .map(|(name, mut instances)| {
                let count = crate::logs::count(instances.len());
                instances.truncate(NAMED);
                SkillUsers { name, count, instances }
            })
            .collect();
        skills.sort_by_key(|skill| std::cmp::Reverse(skill.count));
        let total = self.fleet().facts().total;
        Ok(SkillUse { read: crate::logs::count(configs.len()), total, skills })
    }

    /// What people call an instance.
    pub(crate) fn name_of(&self, id: &InstanceId) -> String {
        let fleet = self.fleet();
        fleet.get(id).map_or_else(|| id.to_string(), crate::fleet::name_of_row)
    }
}

/// An entry is a name, or an object with one: the shape is not documented.
pub(crate) fn skill_name(entry: &Value) -> Option<String> {
    let named = |key| entry.get(key).and_then(Value::as_str);
    entry
        .as_str()
        .or_else(|| named("name"))
        .or_else(|| named("slug"))
        .or_else(|| named("id"))
        .map(str::to_owned)
}

/// The fields that are held otherwise than they were sent.
pub(crate) fn differing(sent: &Map<String, Value>, read: &PlatformConfig) -> Vec<String> {
    let read = serde_json::to_value(read).unwrap_or_default();
    let same = |name: &str, value: &Value| match (read.get(name), value) {
        (Some(known), value) if known == value => true,
        // Null empties a field.
        (Some(known), Value::Null) => {
            known.as_array().is_some_and(Vec::is_empty) || known.as_object().is_some_and(Map::is_empty)
        }
        (known, Value::Null) => known.is_none(),
        (Some(known), value) => crate::config::agrees(value, known),
        (None, _) => false,
    };
    sent.iter().filter(|(name, value)| !same(name, value)).map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_back_otherwise_is_named() {
        let sent = |value: Value| value.as_object().cloned().expect("an object");
        let read = PlatformConfig {
            skills: vec![json!("notes")],
            recipe_id: None,
            channels: sent(json!({"telegram": {"token": "***"}})),
            advanced: sent(json!({"debug": false, "token": "***"})),
            ..PlatformConfig::default()
        };
        let differs = differing(
            &sent(
                json!({"skills": ["notes"], "recipe_id": null, "integrations": ["x"], "channels": {"telegram": {"token": "new"}},
                       "advanced": {"debug": true, "token": "new"}}),
            ),
            &read,
        );
        assert_eq!(differs, ["integrations", "advanced"]);
    }

    #[test]
    fn a_skill_is_named_by_whatever_names_it() {
        for entry in [
            json!("notes"),
            json!({"name": "notes"}),
            json!({"slug": "notes", "x": 1}),
            json!({"id": "notes"}),
        ] {
            assert_eq!(skill_name(&entry).as_deref(), Some("notes"));
        }
        assert_eq!(skill_name(&json!(7)), None);
    }
}
