//! A line for the command line. Its grammar is `docs/cli.md`; a test of the command line itself reads what is written here.

use super::curl::quote;
use super::mask;
use crate::config::{StoredPlan, diff};
use nineheads_contract::deploys::NewInstance;
use serde_json::{Map, Value};

/// A command with its flags and words, unquoted.
#[derive(Debug)]
pub(super) struct CommandLine {
    head: Vec<String>,
    /// With their values, where they have one.
    flags: Vec<(&'static str, Option<String>)>,
    words: Vec<String>,
    /// A mask stands where a secret was.
    pub masked: bool,
}

impl CommandLine {
    pub(super) fn new(profile: &str, command: &[&str]) -> Self {
        let head = std::iter::once("nineheads").chain(command.iter().copied()).map(str::to_owned).collect();
        Self { head, flags: vec![("profile", Some(profile.to_owned()))], words: Vec::new(), masked: false }
    }

    pub(super) fn word(mut self, word: &str) -> Self {
        self.words.push(word.to_owned());
        self
    }

    pub(super) fn flag(mut self, name: &'static str, value: &str) -> Self {
        self.flags.push((name, Some(value.to_owned())));
        self
    }

    fn switch(mut self, name: &'static str) -> Self {
        self.flags.push((name, None));
        self
    }

    /// `--set=place=value`, where the place can be written so.
    fn set(mut self, place: &str, value: &Value, is_masked: bool) -> Option<Self> {
        self.masked |= is_masked;
        (!place.contains('=')).then(|| self.flag("set", &format!("{place}={value}")))
    }

    /// The line. None where a word holds what a terminal would take for more than text.
    pub(super) fn text(&self) -> Option<String> {
        let is_text = |word: &str| !word.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t'));
        let values = self.flags.iter().filter_map(|(_, value)| value.as_ref());
        if !values.chain(&self.words).all(|word| is_text(word)) {
            return None;
        }
        let flags = self.flags.iter().map(|(name, value)| match value {
            Some(value) => format!("--{name}={}", quote(value)),
            None => format!("--{name}"),
        });
        // A word that looks like a flag is none behind `--`.
        let stop = self.words.iter().any(|word| word.starts_with('-')).then(|| "--".to_owned());
        let words = self.words.iter().map(|word| quote(word));
        let all = self.head.iter().cloned().chain(flags).chain(stop).chain(words);
        Some(all.collect::<Vec<_>>().join(" "))
    }
}

pub(super) fn deploy(line: CommandLine, request: &NewInstance) -> CommandLine {
    let given = [
        ("region", Some(&request.region_id)),
        ("tier", Some(&request.tier_id)),
        ("name", request.agent_name.as_ref()),
        ("preset", request.preset_id.as_ref()),
        ("manifest", request.manifest_id.as_ref()),
        ("recipe", request.recipe_id.as_ref()),
        ("customer", request.customer_id.as_ref()),
        ("user", request.user_display_name.as_ref()),
        ("website-template", request.website_template_slug.as_ref()),
    ];
    let workflows = request.workflow_slugs.iter().flatten().map(|slug| ("workflow", Some(slug)));
    let given = given.into_iter().chain(workflows);
    let line = given.fold(line, |line, (name, value)| match value {
        Some(value) => line.flag(name, value),
        None => line,
    });
    line.switch("wait")
}

/// Each field as a whole.
pub(super) fn fields(line: CommandLine, fields: &Map<String, Value>) -> Option<CommandLine> {
    fields.iter().try_fold(line, |line, (field, value)| {
        let mut document = Value::Object(Map::from_iter([(field.clone(), value.clone())]));
        let is_masked = mask(&mut document);
        line.set(field, &document[field], is_masked)
    })
}

/// The places that a plan changes.
pub(super) fn config(line: CommandLine, plan: &StoredPlan) -> Option<CommandLine> {
    let mut wanted = plan.wanted.clone();
    mask(&mut wanted);
    diff(&plan.current, &plan.wanted).iter().try_fold(line, |line, change| {
        let place = place(&change.path)?;
        match &change.after {
            None => Some(line.flag("unset", &place)),
            Some(after) => {
                let pointer: String = change.path.iter().map(|key| format!("/{}", escape(key))).collect();
                let shown = wanted.pointer(&pointer)?;
                line.set(&place, shown, shown != after)
            }
        }
    })
}

/// `agents.defaults.model`, or a JSON pointer where a key has a dot in it. None for the whole document.
fn place(path: &[String]) -> Option<String> {
    let is_plain = path.iter().all(|key| !key.is_empty() && !key.contains('.'));
    let starts_plain = path.first().is_some_and(|key| !key.starts_with('/'));
    match (path.is_empty(), is_plain && starts_plain) {
        (true, _) => None,
        (false, true) => Some(path.join(".")),
        (false, false) => Some(path.iter().map(|key| format!("/{}", escape(key))).collect()),
    }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
