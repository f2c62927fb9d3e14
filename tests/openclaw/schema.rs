//! Reads a configuration by the schema that the app carries, the way its form does: which places have one.

use serde_json::Value;

const SCHEMA: &str = include_str!("../../ui/src/lib/schema/openclaw.json");

/// Places of a document for which the schema has no words.
pub(crate) fn places_without_schema(document: &Value) -> Vec<String> {
    let root: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let mut lost = Vec::new();
    look(&root, vec![&root], document, "", &mut lost);
    lost
}

/// Looks at a value with every schema that may be its own.
fn look(root: &Value, schemas: Vec<&Value>, value: &Value, place: &str, lost: &mut Vec<String>) {
    let schemas: Vec<&Value> = schemas.into_iter().flat_map(|schema| unfolded(root, schema)).collect();
    if schemas.is_empty() {
        lost.push(place.to_owned());
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let inner = schemas.iter().filter_map(|schema| child(schema, key)).collect();
                look(root, inner, value, &format!("{place}/{key}"), lost);
            }
        }
        Value::Array(list) => {
            for value in list {
                let inner = schemas.iter().filter_map(|schema| schema.get("items")).collect();
                look(root, inner, value, &format!("{place}/*"), lost);
            }
        }
        _ => {}
    }
}

/// A schema and everything that it refers to or offers as an alternative. `false` is none.
fn unfolded<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    if *schema == Value::Bool(false) {
        return Vec::new();
    }
    let mut all = vec![schema];
    if let Some(reference) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        let target = root.pointer(reference).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        all.extend(unfolded(root, target));
    }
    for word in ["anyOf", "oneOf", "allOf"] {
        all.extend(schema[word].as_array().into_iter().flatten().flat_map(|schema| unfolded(root, schema)));
    }
    all
}

fn child<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    if *schema == Value::Bool(true) {
        return Some(schema);
    }
    schema["properties"].get(key).or_else(|| schema.get("additionalProperties"))
}

#[cfg(test)]
mod tests {
    use super::places_without_schema;
    use serde_json::json;

    #[test]
    fn a_place_that_the_schema_does_not_know_is_named() {
        let known = json!({ "ui": { "seamColor": "#123456" } });
        assert_eq!(places_without_schema(&known), Vec::<String>::new());
        let unknown = json!({ "ui": { "noSuchThing": 1 }, "nowhere": {} });
        assert_eq!(places_without_schema(&unknown), ["/ui/noSuchThing", "/nowhere"]);
    }
}
