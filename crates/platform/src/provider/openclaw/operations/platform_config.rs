//! The parts of the platform's configuration that a real agent keeps itself: skills, channels, integrations. Read from
//! its configuration and its skills, written as one change of the configuration. The other fields are the platform's.

use super::super::ask::Ask;
use super::config::{self, Reading, Unwritten};
use super::vitals::skills_in_use;
use crate::masks::masked;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The fields that an agent keeps.
pub(crate) const KEPT_BY_AGENT: [&str; 3] = ["channels", "integrations", "skills"];
/// Where an agent keeps integrations, by the word that an entry calls its kind.
const KINDS: [(&str, [&str; 2]); 2] = [("mcp", ["mcp", "servers"]), ("plugin", ["plugins", "entries"])];
/// Keys of an entry that are no settings.
const NAME: &str = "name";
const KIND: &str = "kind";

/// Why the fields could not be written.
#[derive(Debug, PartialEq)]
pub(crate) enum Unchanged {
    /// The configuration was not written.
    Config(Unwritten),
    /// A field makes no sense: its place and why.
    Field(Vec<Value>, String),
}

impl From<Unwritten> for Unchanged {
    fn from(error: Unwritten) -> Self {
        Self::Config(error)
    }
}

/// What the agent keeps, in the API's words, secrets masked.
pub(crate) fn read(agent: &dyn Ask) -> Result<Map<String, Value>, super::super::ask::AskError> {
    let reading = config::read(agent)?;
    let skills = agent.ask("skills.status", json!({}))?;
    Ok(fields(&reading, &skills))
}

fn fields(reading: &Reading, skills: &Value) -> Map<String, Value> {
    let document = masked(&reading.document);
    let mut fields = Map::new();
    fields.insert("channels".to_owned(), document.get("channels").cloned().unwrap_or_else(|| json!({})));
    fields.insert("integrations".to_owned(), Value::Array(integrations(&document)));
    fields.insert("skills".to_owned(), skills_in_use(skills).map(Value::from).collect());
    fields
}

fn integrations(document: &Value) -> Vec<Value> {
    let mut entries = Vec::new();
    for (kind, [section, list]) in KINDS {
        let named = document.get(section).and_then(|section| section.get(list)).and_then(Value::as_object);
        for (name, settings) in named.into_iter().flatten() {
            let mut entry = Map::from_iter([(NAME.to_owned(), json!(name)), (KIND.to_owned(), json!(kind))]);
            if let Value::Object(settings) = settings {
                let own = settings.iter().filter(|(key, _)| !matches!(key.as_str(), NAME | KIND));
                entry.extend(own.map(|(key, value)| (key.clone(), value.clone())));
            }
            entries.push(Value::Object(entry));
        }
    }
    entries
}

/// Writes those fields that are there, each whole.
pub(crate) fn write(
    agent: &dyn Ask,
    changes: &Map<String, Value>,
    widened: impl FnOnce(&Value, &Value) -> Vec<String>,
) -> Result<Map<String, Value>, Unchanged> {
    let current = config::read(agent).map_err(Unwritten::from)?;
    let skills = agent.ask("skills.status", json!({})).map_err(Unwritten::from)?;
    let mut next = current.document.clone();
    if let Some(channels) = changes.get("channels") {
        put(&mut next, &["channels"], channels.clone());
    }
    if let Some(list) = changes.get("integrations") {
        for (kind, path) in KINDS {
            put(&mut next, &path, settings_of(kind, list)?);
        }
    }
    if let Some(wanted) = changes.get("skills") {
        switch_skills(&mut next, &skills, wanted)?;
    }
    config::restore_masks(&current, &mut next)?;
    let reading = config::write_whole(agent, &current, next, widened)?;
    let skills = match changes.contains_key("skills") {
        true => agent.ask("skills.status", json!({})).map_err(Unwritten::from)?,
        false => skills,
    };
    Ok(fields(&reading, &skills))
}

/// Puts a value where it belongs. An empty or null one where nothing was leaves nothing behind.
fn put(document: &mut Map<String, Value>, path: &[&str], value: Value) {
    let empty = value.is_null() || value.as_object().is_some_and(Map::is_empty);
    match path {
        [] => {}
        [key] if empty => {
            document.shift_remove(*key);
        }
        [key] => {
            document.insert((*key).to_owned(), value);
        }
        [key, rest @ ..] => {
            if empty && !document.contains_key(*key) {
                return;
            }
            let inner = document.entry(*key).or_insert_with(|| json!({}));
            if !inner.is_object() {
                *inner = json!({});
            }
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// The settings of the entries of one kind, by name.
fn settings_of(kind: &str, list: &Value) -> Result<Value, Unchanged> {
    let mut named = Map::new();
    for (at, entry) in list.as_array().into_iter().flatten().enumerate() {
        let wrong = |why: &str| Unchanged::Field(vec![json!("integrations"), json!(at)], why.to_owned());
        let name = entry[NAME].as_str().filter(|name| !name.is_empty());
        let (Some(entry), Some(name)) = (entry.as_object(), name) else {
            return Err(wrong(
                "an integration of this agent is an object with a name, a kind and its settings",
            ));
        };
        let called = entry.get(KIND).and_then(Value::as_str).unwrap_or(KINDS[0].0);
        if !KINDS.iter().any(|(known, _)| *known == called) {
            return Err(wrong("the kind of an integration is mcp or plugin"));
        }
        if called == kind {
            let settings = entry.iter().filter(|(key, _)| !matches!(key.as_str(), NAME | KIND));
            named.insert(
                name.to_owned(),
                Value::Object(settings.map(|(k, v)| (k.clone(), v.clone())).collect()),
            );
        }
    }
    Ok(Value::Object(named))
}

/// Switches on what is wanted, and everything else off that is on.
fn switch_skills(next: &mut Map<String, Value>, skills: &Value, wanted: &Value) -> Result<(), Unchanged> {
    let mut names = BTreeSet::new();
    for (at, entry) in wanted.as_array().into_iter().flatten().enumerate() {
        let wrong = |why: String| Unchanged::Field(vec![json!("skills"), json!(at)], why);
        let name = entry.as_str().or_else(|| entry[NAME].as_str());
        let name = name.ok_or_else(|| wrong("a skill is named by its text".to_owned()))?;
        let known = skills["skills"].as_array().into_iter().flatten().find(|row| row["skillKey"] == name);
        let known = known.ok_or_else(|| wrong(format!("the agent has no skill {name}")))?;
        if known["eligible"] != json!(true) && known["disabled"] != json!(true) {
            return Err(wrong(format!(
                "the skill {name} can not be used on this computer: {}",
                lacks(known)
            )));
        }
        names.insert(name.to_owned());
    }
    let on: BTreeSet<String> = skills_in_use(skills).map(str::to_owned).collect();
    let switched = on.difference(&names).map(|name| (name, false));
    for (name, enabled) in switched.chain(names.difference(&on).map(|name| (name, true))) {
        put(next, &["skills", "entries", name, "enabled"], json!(enabled));
    }
    Ok(())
}

fn lacks(skill: &Value) -> String {
    let missing = skill["missing"].as_object().into_iter().flatten();
    let words = missing.flat_map(|(_, list)| list.as_array().into_iter().flatten()).filter_map(Value::as_str);
    match words.collect::<Vec<_>>().join(", ") {
        words if words.is_empty() => "the agent says that it lacks something".to_owned(),
        words => format!("it needs {words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::recorded::{Recorded, payload};
    use super::*;
    use crate::masks::MASK;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    /// A real configuration with a channel, a server of tools and a plugin.
    fn configured() -> Value {
        let mut payload = payload!("config_get");
        payload["config"]["channels"] = json!({"telegram": {"enabled": true, "botToken": MASK}});
        payload["config"]["mcp"] = json!({"servers": {"files": {"command": "true", "args": ["x"]}}});
        payload["config"]["plugins"] = json!({"entries": {"browser": {"enabled": false}}});
        payload
    }

    fn raw(agent: &Recorded) -> Value {
        let asked = agent.asked();
        let patch = asked.iter().find(|(method, _)| *method == "config.patch").expect("a patch");
        serde_json::from_str(patch.1["raw"].as_str().expect("a text")).expect("JSON")
    }

    #[test]
    fn what_a_real_agent_keeps_is_told_in_the_apis_words() {
        let agent = Recorded::of([Ok(configured()), Ok(payload!("skills_status"))]);
        let fields = read(&agent).expect("answered");
        assert_eq!(fields["channels"]["telegram"]["botToken"], MASK);
        assert_eq!(
            fields["integrations"],
            json!([{"name": "files", "kind": "mcp", "command": "true", "args": ["x"]},
                {"name": "browser", "kind": "plugin", "enabled": false}])
        );
        assert!(fields["skills"].as_array().is_some_and(|skills| skills.contains(&json!("canvas"))));
    }

    #[test]
    fn fields_are_written_whole_in_one_change_and_the_others_stay() {
        let skills = payload!("skills_status");
        let agent = Recorded::of([
            Ok(configured()),
            Ok(skills.clone()),
            Ok(payload!("config_patched")),
            Ok(configured()),
            Ok(skills),
        ]);
        let changes = json!({
            "channels": {"telegram": {"enabled": false, "botToken": MASK}},
            "integrations": [{"name": "browser", "kind": "plugin", "enabled": true}],
            "skills": ["canvas"],
        });
        write(&agent, &map(changes), |_, _| Vec::new()).expect("written");
        let sent = raw(&agent);
        assert_eq!(sent["channels"], json!({"telegram": {"enabled": false}}));
        assert_eq!(sent["mcp"]["servers"], Value::Null);
        assert_eq!(sent["plugins"], json!({"entries": {"browser": {"enabled": true}}}));
        assert_eq!(sent["skills"]["entries"]["browser-automation"], json!({"enabled": false}));
        assert_eq!(sent["skills"]["entries"].get("canvas"), None, "it is on already");
        assert_eq!(agent.asked()[2].1["replacePaths"], json!(["mcp.servers.files.args"]));
    }

    #[test]
    fn a_skill_that_is_not_there_or_can_not_be_used_is_refused_with_its_place() {
        for (name, why) in [("nope", "has no skill"), ("1password", "it needs op")] {
            let agent = Recorded::of([Ok(configured()), Ok(payload!("skills_status"))]);
            let refused = write(&agent, &map(json!({"skills": [name]})), |_, _| Vec::new());
            let Err(Unchanged::Field(place, sentence)) = refused else { panic!("{refused:?}") };
            assert_eq!(place, [json!("skills"), json!(0)]);
            assert!(sentence.contains(why), "{sentence}");
        }
        let agent = Recorded::of([Ok(configured()), Ok(payload!("skills_status"))]);
        let refused = write(&agent, &map(json!({"integrations": ["bare"]})), |_, _| Vec::new());
        assert!(matches!(refused, Err(Unchanged::Field(..))));
    }

    #[test]
    fn what_widens_does_not_leave() {
        let agent = Recorded::of([Ok(configured()), Ok(payload!("skills_status"))]);
        let change = json!({"integrations": [{"name": "shell", "kind": "mcp", "command": "sh"}]});
        let refused = write(&agent, &map(change), |before, after| {
            assert_ne!(before["mcp"], after["mcp"]);
            vec!["mcp.servers.shell".to_owned()]
        });
        let widens = Unwritten::Widens(vec!["mcp.servers.shell".to_owned()]);
        assert_eq!(refused, Err(Unchanged::Config(widens)));
        assert_eq!(agent.asked().len(), 2);
    }
}
