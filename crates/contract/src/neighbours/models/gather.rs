//! Finding models in a reply of no documented shape: a bare list, lists by tier or provider, objects by name, a map of
//! names to "yes" and "no". What looks like none of these is passed over.

use super::super::fields::{Fields, read_text};
use super::Model;
use serde_json::{Map, Value};

/// Deepest nesting that is looked into.
const DEEPEST: u8 = 6;
/// Most models that are read.
const MOST: usize = 5_000;

/// What the entries at a place are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Entries {
    #[default]
    Anything,
    Models,
    Tiers,
    Providers,
}

/// What is known from the way to a place.
#[derive(Debug, Clone, Default)]
struct Place {
    entries: Entries,
    tier: Option<String>,
    provider: Option<String>,
    available: Option<bool>,
    depth: u8,
}

/// Lists by the name they come under.
const LISTS: [(&str, Entries, Option<bool>); 8] = [
    ("models", Entries::Models, None),
    ("tiers", Entries::Tiers, None),
    ("providers", Entries::Providers, None),
    ("availability", Entries::Models, None),
    ("available", Entries::Models, Some(true)),
    ("unavailable", Entries::Models, Some(false)),
    ("items", Entries::Anything, None),
    ("data", Entries::Anything, None),
];

/// Every model of a reply.
pub(super) fn models(value: Value) -> Vec<Model> {
    let mut found = Vec::new();
    gather(value, &Place::default(), &mut found);
    found.truncate(MOST);
    found
}

fn gather(value: Value, place: &Place, found: &mut Vec<Model>) {
    if place.depth > DEEPEST || found.len() >= MOST {
        return;
    }
    match value {
        Value::Array(rows) => {
            let inside = Place { depth: place.depth + 1, ..place.clone() };
            rows.into_iter().for_each(|row| gather(row, &inside, found));
        }
        Value::Object(map) if has_lists(&map) => gather_lists(map, place, found),
        Value::Object(map) if is_model(&map) => keep(Model::from(Value::Object(map)), place, found),
        Value::Object(map) => gather_map(map, place, found),
        Value::String(id) if place.depth > 0 => keep(Model { id, ..Model::default() }, place, found),
        _ => {}
    }
}

fn has_lists(map: &Map<String, Value>) -> bool {
    map.iter().any(|(name, value)| is_list(name, value))
}

fn is_list(name: &str, value: &Value) -> bool {
    (value.is_array() || value.is_object()) && LISTS.iter().any(|(list, ..)| *list == name)
}

fn is_model(map: &Map<String, Value>) -> bool {
    let names = ["id", "model_id", "model", "slug", "key", "name", "display_name", "model_name"];
    names.iter().any(|name| map.get(*name).and_then(read_text).is_some())
}

/// An object with lists in it; what it says of itself holds for them.
fn gather_lists(map: Map<String, Value>, place: &Place, found: &mut Vec<Model>) {
    let mut fields = Fields(map);
    let lists: Vec<_> = LISTS
        .iter()
        .filter_map(|(name, entries, available)| {
            let list = fields.0.get(*name).filter(|value| value.is_array() || value.is_object())?.clone();
            fields.0.shift_remove(*name);
            Some((list, *entries, *available))
        })
        .collect();
    let provider = fields.text(&["provider", "provider_name"]);
    let tier = fields.text(&["tier", "tier_name"]);
    let own = fields.text(&["name", "id", "slug"]);
    let mut inside = Place { depth: place.depth + 1, ..place.clone() };
    let named = tier.is_some() || provider.is_some();
    inside.tier = tier.or(inside.tier);
    inside.provider = provider.or(inside.provider);
    inside.available = fields.flag(&["available", "is_available", "enabled"]).or(inside.available);
    match place.entries {
        Entries::Providers => inside.provider = own.or(inside.provider),
        _ if !named => inside.tier = own.or(inside.tier),
        _ => {}
    }
    for (list, entries, available) in lists {
        gather(list, &Place { entries, available: available.or(inside.available), ..inside.clone() }, found);
    }
}

/// An object whose keys are names: of models, tiers or providers.
fn gather_map(map: Map<String, Value>, place: &Place, found: &mut Vec<Model>) {
    for (key, value) in map {
        let mut inside = Place { depth: place.depth + 1, ..place.clone() };
        match (place.entries, value) {
            (Entries::Models, Value::Object(fields)) => keep_named(key, fields, &inside, found),
            (Entries::Anything, Value::Object(fields)) if key.contains('/') => {
                keep_named(key, fields, &inside, found);
            }
            (Entries::Models, Value::Bool(available)) => {
                keep(Model { id: key, available: Some(available), ..Model::default() }, &inside, found);
            }
            (Entries::Anything, Value::Bool(available)) if key.contains('/') => {
                keep(Model { id: key, available: Some(available), ..Model::default() }, &inside, found);
            }
            (entries, value @ (Value::Array(_) | Value::Object(_))) => {
                match entries {
                    Entries::Providers => inside.provider = Some(key),
                    _ => inside.tier = Some(key),
                }
                inside.entries = Entries::Models;
                // A tier's own object is not a map of models unless it lists them.
                let lists = value.as_object().is_none_or(|map| has_lists(map) || is_model(map));
                if lists || entries == Entries::Providers {
                    gather(value, &inside, found);
                }
            }
            (Entries::Tiers, Value::String(id)) => {
                keep(Model { id, tier: Some(key), ..Model::default() }, &inside, found);
            }
            _ => {}
        }
    }
}

/// A model whose id is the key it comes under.
fn keep_named(key: String, fields: Map<String, Value>, place: &Place, found: &mut Vec<Model>) {
    let named = ["id", "model_id"].iter().any(|name| fields.get(*name).and_then(read_text).is_some());
    let model = Model::from(Value::Object(fields));
    keep(Model { id: if named { model.id } else { key }, ..model }, place, found);
}

fn keep(mut model: Model, place: &Place, found: &mut Vec<Model>) {
    model.tier = model.tier.or_else(|| place.tier.clone());
    model.provider = model.provider.or_else(|| place.provider.clone());
    model.available = model.available.or(place.available);
    // A list inside of a model would be read as a list of models the next time.
    model.unknown.retain(|name, value| !is_list(name, value));
    if !model.id.is_empty() && found.len() < MOST {
        found.push(model);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Endpoint;
    use crate::neighbours::{GetModelAvailability, GetModelTiers, Models};
    use proptest::prelude::*;
    use serde_json::json;

    /// Id, tier, provider and availability of every model.
    fn seen(value: Value) -> Vec<(String, String, String, Option<bool>)> {
        let told = |text: Option<String>| text.unwrap_or_default();
        models(value).into_iter().map(|m| (m.id, told(m.tier), told(m.provider), m.available)).collect()
    }

    fn row(
        id: &str,
        tier: &str,
        provider: &str,
        available: Option<bool>,
    ) -> (String, String, String, Option<bool>) {
        (id.into(), tier.into(), provider.into(), available)
    }

    #[test]
    fn models_are_found_by_tier_in_every_usual_shape() {
        let expected = [row("p/small", "fast", "", None), row("p/large", "smart", "", None)];
        for shape in [
            json!({"tiers": [{"name": "fast", "models": [{"id": "p/small"}]}, {"name": "smart", "models": ["p/large"]}]}),
            json!([{"tier": "fast", "models": ["p/small"]}, {"id": "smart", "models": [{"model": "p/large"}]}]),
            json!({"tiers": {"fast": ["p/small"], "smart": {"models": [{"model_id": "p/large"}]}}}),
            json!({"tiers": {"fast": "p/small", "smart": {"model": "p/large"}}, "total": 2}),
            json!({"fast": ["p/small"], "smart": [{"id": "p/large"}], "updated_at": "2026-11-24"}),
            json!({"models": [{"id": "p/small", "tier": "fast"}, {"slug": "p/large", "tier_name": "smart"}]}),
            json!([{"id": "p/small", "tier": "fast"}, null, 7, {}, {"name": "p/large", "tier": "smart"}]),
            json!({"data": [{"id": "p/small", "tier": "fast"}, {"id": "p/large", "tier": "smart"}]}),
        ] {
            assert_eq!(seen(shape.clone()), expected, "{shape}");
        }
    }

    #[test]
    fn availability_is_found_in_every_usual_shape() {
        let expected = [row("p/a", "", "", Some(true)), row("p/b", "", "", Some(false))];
        for shape in [
            json!({"models": [{"id": "p/a", "available": true}, {"id": "p/b", "is_available": false}]}),
            json!({"models": {"p/a": {"available": true}, "p/b": false}}),
            json!({"p/a": true, "p/b": {"available": false}}),
            json!({"available": ["p/a"], "unavailable": ["p/b"]}),
            json!({"availability": {"p/a": true, "p/b": false}, "ok": true}),
        ] {
            assert_eq!(seen(shape.clone()), expected, "{shape}");
        }
        let providers = json!({"providers": [{"name": "p", "available": false, "models": ["p/a"]}]});
        assert_eq!(seen(providers), [row("p/a", "", "p", Some(false))]);
        let providers = json!({"providers": {"p": {"models": [{"id": "p/a"}]}, "q": ["q/b"]}});
        assert_eq!(seen(providers), [row("p/a", "", "p", None), row("q/b", "", "q", None)]);
    }

    #[test]
    fn a_model_keeps_what_is_unknown_and_is_the_same_when_written_and_read_again() {
        let reply = json!({"tiers": [{"name": "fast", "models": [
            {"id": "p/a", "name": "A", "cost": {"input": 1, "output": 2}, "context_window": 200_000, "tier": null},
            {"model_id": "p/b", "id": {}, "name": 3, "available": "maybe", "input_cost": "0.50"}]}]});
        let read = GetModelTiers::read(reply.to_string().as_bytes()).expect("readable");
        assert_eq!(
            (read.models[0].name.as_deref(), read.models[0].tier.as_deref()),
            (Some("A"), Some("fast"))
        );
        assert_eq!(read.models[0].unknown["context_window"], 200_000);
        assert_eq!(read.models[1].input_cost_per_million.as_deref(), Some("0.5"));
        assert_eq!((read.models[1].id.as_str(), read.models[1].available), ("p/b", None));
        let written = serde_json::to_vec(&read).expect("writable");
        assert_eq!(GetModelTiers::read(&written), Ok(read));
    }

    #[test]
    fn what_holds_no_models_is_an_empty_list() {
        for garbage in [
            json!(null),
            json!("models"),
            json!(7),
            json!([]),
            json!({}),
            json!({"models": null}),
            json!({"models": {}}),
            json!({"detail": "Not Found", "ok": true}),
            json!({"tiers": [{"name": "fast", "models": [null, {"id": null}, {"id": ""}, [], 3]}]}),
        ] {
            assert_eq!(models(garbage.clone()), [], "{garbage}");
        }
        let deep = (0..100).fold(json!(["p/a"]), |inner, _| json!([inner]));
        assert_eq!(models(deep), []);
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let words = prop_oneof![
            Just("models"),
            Just("tiers"),
            Just("providers"),
            Just("available"),
            Just("id"),
            Just("name"),
            Just("cost"),
            Just("input"),
            Just("output_cost_per_1k"),
            Just("a/b"),
            Just("x"),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
            "-?[0-9.eE$]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 60, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::vec((words.clone(), inner), 0..5)
                    .prop_map(|rows| rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_reply_is_read_without_harm_and_the_same_once_written(value in any_value()) {
            let read = Models::from(value);
            prop_assert!(read.models.iter().all(|model| !model.id.is_empty()));
            let written = serde_json::to_vec(&read).expect("writable");
            prop_assert_eq!(GetModelAvailability::read(&written), Ok(read));
        }
    }
}
