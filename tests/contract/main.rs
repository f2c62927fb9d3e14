//! The types of `contract` against the API's own words: `fixtures/` holds one reply for each operation, copied by hand
//! from the API's page, and `docs/openapi.yaml` says the same for machines. Types, document and examples must agree.
//!
//! Does not belong here: what a server answers in fact (`scripts/contract.js`), and what the client does with it.

mod document;
mod replies;

use document::{Document, Operation};
use nineheads_contract::platform_config::{GetPlatformConfig, PatchPlatformConfig};
use nineheads_contract::{ENDPOINTS, Endpoint, InstanceId, Problem, ProblemShape};
use replies::{REPLIES, fixture, without_nulls};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

#[test]
fn the_table_of_endpoints_is_the_documents() {
    let ours: BTreeSet<_> = ENDPOINTS
        .iter()
        .map(|facts| Operation {
            name: facts.name.into(),
            method: facts.method.to_string(),
            route: facts.route.into(),
        })
        .collect();
    let documented: BTreeSet<_> = Document::open().operations().into_iter().collect();
    assert_eq!(ours, documented);
    assert_eq!(documented.len(), 20);
}

#[test]
fn every_operation_has_an_example_and_a_reply() {
    let names: BTreeSet<_> = ENDPOINTS.iter().map(|facts| facts.name.to_owned()).collect();
    let read: BTreeSet<_> = REPLIES.iter().map(|reply| reply.name.to_owned()).collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/contract/fixtures");
    let mut examples: BTreeSet<_> = std::fs::read_dir(folder)
        .expect("the fixtures are there")
        .map(|file| file.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert!(examples.remove("validation_error"));
    assert_eq!(names, examples);
    assert_eq!(names, read);
}

#[test]
fn the_api_page_names_every_operation() {
    let page = include_str!("../../docs/api.md");
    for facts in &ENDPOINTS {
        let call = format!("`{} {}`", facts.method, facts.route);
        assert!(page.contains(&format!("`{}`", facts.name)), "{} is not in docs/api.md", facts.name);
        assert!(page.contains(&call), "{call} is not in docs/api.md");
    }
}

#[test]
fn every_example_has_the_documents_fields_and_no_others() {
    let document = Document::open();
    for operation in document.operations() {
        let schema = document.reply(&operation);
        let example = fixture(&operation.name);
        let untyped = schema.as_object().is_some_and(Map::is_empty);
        assert_eq!(untyped, example.is_null(), "{}: untyped on one side alone", operation.name);
        assert_eq!(document.differences(schema, &example, &operation.name), Vec::<String>::new());
    }
    let example = fixture("validation_error");
    assert_eq!(document.differences(document.validation_error(), &example, "422"), Vec::<String>::new());
}

#[test]
fn every_example_is_read_and_written_back_without_a_loss() {
    for reply in REPLIES {
        let example = fixture(reply.name);
        let written = reply.round_trip(&example).expect("readable");
        // A field that is missing and one that is null say the same, so a row without keys gains nulls.
        assert_eq!(without_nulls(written), without_nulls(example), "{}", reply.name);
    }
}

#[test]
fn every_reply_is_read_when_every_field_but_its_id_is_null() {
    for reply in REPLIES {
        let nulled = nulls_but_id(&fixture(reply.name));
        let written = reply.round_trip(&nulled).unwrap_or_else(|error| panic!("{}: {error}", reply.name));
        for pointer in ["/id", "/instance_id", "/instances/0/id"] {
            assert_eq!(written.pointer(pointer), nulled.pointer(pointer), "{}{pointer}", reply.name);
        }
    }
}

#[test]
fn fields_nobody_has_heard_of_change_nothing() {
    for reply in REPLIES.iter().filter(|reply| !reply.keeps_unknown) {
        let example = fixture(reply.name);
        let plain = reply.round_trip(&example).expect("readable");
        let extended = reply.round_trip(&with_unknown_fields(&example)).expect("still readable");
        assert_eq!(extended, plain, "{}", reply.name);
    }
}

#[test]
fn a_platform_config_keeps_what_nobody_has_heard_of() {
    let mut sent = fixture("patch_platform_config");
    sent["advanced"] = json!({ "verbose": true, "limits": { "deep": [1, 2.5, null] } });
    sent["skills"] = json!(["mail", { "name": "notes", "version": 3 }]);
    sent["voice"] = json!({ "language": "de", "pitch": null });
    for read in [PatchPlatformConfig::read, GetPlatformConfig::read] {
        let config = read(sent.to_string().as_bytes()).expect("readable");
        assert_eq!(serde_json::to_value(&config).expect("writable"), sent);
    }

    let fields = sent.as_object().expect("an object").clone();
    let patch = PatchPlatformConfig { id: InstanceId::from("a"), fields };
    assert_eq!(serde_json::to_value(patch.body().expect("a body")).expect("writable"), sent);
}

#[test]
fn a_422_names_its_fields() {
    let example = fixture("validation_error");
    let problem = Problem::read(422, example.to_string().as_bytes());
    assert_eq!(problem.shape, ProblemShape::Fields);
    assert_eq!(json!({ "detail": problem.fields }), example);
}

fn nulls_but_id(example: &Value) -> Value {
    match example {
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(key, value)| match key.as_str() {
                    "id" | "instance_id" => (key.clone(), value.clone()),
                    // The list itself must be one: an empty fleet and a broken answer are not the same.
                    "instances" => (key.clone(), nulls_but_id(value)),
                    _ => (key.clone(), Value::Null),
                })
                .collect(),
        ),
        Value::Array(rows) => rows.iter().map(nulls_but_id).collect(),
        _ => Value::Null,
    }
}

fn with_unknown_fields(example: &Value) -> Value {
    match example {
        // These maps are open: what is added to them is meant to arrive.
        Value::Object(fields) => {
            let open = ["capabilities", "model_policy"];
            let mut extended: Map<_, _> = fields
                .iter()
                .map(|(key, value)| match open.contains(&key.as_str()) || key == "daily" {
                    true => (key.clone(), value.clone()),
                    false => (key.clone(), with_unknown_fields(value)),
                })
                .collect();
            extended.insert("not_documented".into(), json!({ "deep": [1, null, { "x": "y" }] }));
            Value::Object(extended)
        }
        Value::Array(rows) => rows.iter().map(with_unknown_fields).collect(),
        other => other.clone(),
    }
}
