//! A profile's catalog: what can be chosen in a deploy where the platform lists nothing. A small JSON file that a
//! person imports or edits (`catalog-<profile>.json` in the data folder); keys this program does not know are kept.

use crate::Console;
use crate::choices::{Choice, ChoiceSource};
use crate::error::{Code, Failure};
use crate::private_file::keep_private;
use nineheads_contract::FieldProblem;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// Largest catalog in bytes.
const LIMIT: usize = 1 << 20;
/// The lists of a catalog.
const LISTS: [&str; 8] =
    ["regions", "tiers", "presets", "manifests", "recipes", "workflows", "templates", "customers"];

/// One entry. A bare text is an id.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Id(String),
    Named { id: String, name: Option<String> },
}

/// A catalog as it was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalog(Value);

impl Catalog {
    /// Reads a profile's catalog; one that is missing or unreadable is empty.
    pub(crate) fn read(file: &Path) -> Self {
        let bytes = std::fs::read(file).unwrap_or_default();
        Self(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// The entries of one list that can be read.
    pub(crate) fn list(&self, name: &str) -> Vec<Choice> {
        let entries = self.0.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let entries = entries.iter().filter_map(|entry| Entry::deserialize(entry).ok());
        let choice = |entry| match entry {
            Entry::Id(id) => Choice { id, name: None, note: None, source: ChoiceSource::Catalog },
            Entry::Named { id, name } => Choice { id, name, note: None, source: ChoiceSource::Catalog },
        };
        entries.map(choice).collect()
    }
}

/// Whether a text is a catalog: an object in which every known list is a list of entries, at least one of them there.
fn check(text: &str) -> Result<(), Failure> {
    let refused = |msg: &str| {
        let field = FieldProblem { loc: vec!["catalog".into()], msg: msg.to_owned(), kind: "catalog".into() };
        Failure::new(Code::Invalid { message: Some(msg.to_owned()), fields: vec![field] }, msg)
    };
    if text.len() > LIMIT {
        return Err(refused("A catalog has at most 1 MB."));
    }
    let Ok(Value::Object(catalog)) = serde_json::from_str::<Value>(text) else {
        return Err(refused("A catalog is a JSON object."));
    };
    let lists: Vec<_> =
        LISTS.iter().filter_map(|name| catalog.get(*name).map(|list| (*name, list))).collect();
    if lists.is_empty() {
        return Err(refused(
            "None of the lists is there: regions, tiers, presets, manifests, recipes, workflows, templates, customers.",
        ));
    }
    for (name, list) in lists {
        if Vec::<Entry>::deserialize(list).is_err() {
            return Err(refused(&format!("“{name}” is not a list of {{\"id\", \"name\"}}.")));
        }
    }
    Ok(())
}

impl Console {
    /// Takes a catalog for the open profile in place of the one it had.
    ///
    /// # Errors
    /// [`Code::Invalid`] when it is no catalog, [`Code::NoSession`], [`Code::Storage`].
    pub fn import_catalog(&self, text: &str) -> Result<(), Failure> {
        check(text)?;
        let file = self.session()?.catalog_file.clone();
        let fresh = file.with_extension("json.new");
        std::fs::write(&fresh, text)?;
        keep_private(&fresh)?;
        Ok(std::fs::rename(&fresh, &file)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_ids_or_ids_with_names_and_unknown_keys_are_no_trouble() {
        let text = r#"{"regions": ["eu-1", {"id": "eu-2", "name": "Frankfurt", "more": 1}], "ours": {}}"#;
        check(text).expect("a catalog");
        let catalog = Catalog(serde_json::from_str(text).expect("JSON"));
        let regions = catalog.list("regions");
        assert_eq!(regions.iter().map(|choice| choice.id.as_str()).collect::<Vec<_>>(), ["eu-1", "eu-2"]);
        assert_eq!(regions[1].name.as_deref(), Some("Frankfurt"));
        assert!(catalog.list("tiers").is_empty());
    }

    #[test]
    fn what_is_no_catalog_is_refused_with_a_sentence() {
        for bad in ["", "[]", "{}", r#"{"regions": 7}"#, r#"{"regions": [{"name": "no id"}]}"#] {
            assert!(matches!(check(bad).expect_err(bad).code, Code::Invalid { message: Some(_), .. }));
        }
    }
}
