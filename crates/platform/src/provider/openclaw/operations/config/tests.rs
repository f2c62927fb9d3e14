//! Reads and writes of a real configuration, and patches of any.

use super::super::recorded::{Recorded, payload, refused};
use super::*;
use crate::masks::{MASK, merge};
use proptest::prelude::*;

fn current() -> Reading {
    reading(payload!("config_get")).expect("a configuration")
}

fn body(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

fn nothing_widens(_: &Value, _: &Value) -> Vec<String> {
    Vec::new()
}

#[test]
fn a_real_configuration_is_read_with_its_hash_and_no_secret() {
    let reading = current();
    assert!(reading.hash.starts_with("hmac-sha256:v1:"));
    let shown = reading.masked();
    assert_eq!(shown["gateway"]["auth"]["token"], MASK);
    assert_eq!(shown["models"]["providers"]["mock"]["apiKey"], MASK);
    assert!(reading_of(json!({"config": {}})).is_err() && reading_of(json!(null)).is_err());
}

fn reading_of(payload: Value) -> Result<Reading, AskError> {
    reading(payload)
}

#[test]
fn only_what_changes_is_sent_on_the_hash_that_was_read() {
    let agent = Recorded::of([Ok(payload!("config_patched")), Ok(payload!("config_get"))]);
    let mut wanted = current().document;
    wanted["agents"]["defaults"]["model"]["primary"] = json!("mock/other");
    write(&agent, &current(), wanted, ConfigWrites::Merge, nothing_widens).expect("written");
    let asked = agent.asked();
    assert_eq!(asked[0].0, "config.patch");
    assert_eq!(asked[0].1["baseHash"], current().hash);
    let raw: Value = serde_json::from_str(asked[0].1["raw"].as_str().expect("a text")).expect("JSON");
    assert_eq!(raw, json!({"agents": {"defaults": {"model": {"primary": "mock/other"}}}}));
    assert_eq!(asked[0].1.get("replacePaths"), None);
}

#[test]
fn a_document_that_is_already_so_is_not_sent_at_all() {
    let agent = Recorded::default();
    let same = write(&agent, &current(), current().document, ConfigWrites::Replace, nothing_widens);
    assert_eq!(same, Ok(current()));
    assert!(agent.asked().is_empty());
}

#[test]
fn a_list_that_gets_shorter_is_named() {
    let agent = Recorded::of([Ok(payload!("config_patched")), Ok(payload!("config_get"))]);
    let models = current().document["models"]["providers"]["mock"]["models"][0].clone();
    let shorter = json!({"models": {"providers": {"mock": {"models": [models]}}}, "logging": null});
    write(&agent, &current(), body(shorter), ConfigWrites::Merge, nothing_widens).expect("written");
    assert_eq!(agent.asked()[0].1["replacePaths"], json!(["models.providers.mock.models"]));
}

#[test]
fn an_object_that_goes_names_the_lists_inside() {
    let before = json!({"mcp": {"servers": {"a": {"args": ["x"], "env": {}}}}, "keep": 1});
    let patch = patch(&before, &json!({"keep": 1})).expect("a change");
    assert_eq!(patch, Patch { merge: json!({"mcp": null}), lists: vec!["mcp.servers.a.args".to_owned()] });
}

#[test]
fn a_mask_that_comes_back_changes_nothing_and_one_for_nothing_is_refused() {
    let agent = Recorded::default();
    let again = json!({"gateway": {"auth": {"token": MASK}}});
    assert!(write(&agent, &current(), body(again), ConfigWrites::Merge, nothing_widens).is_ok());
    let nowhere = json!({"channels": {"telegram": {"botToken": MASK}}});
    let refused = write(&agent, &current(), body(nowhere), ConfigWrites::Merge, nothing_widens);
    let place = ["channels", "telegram", "botToken"].map(str::to_owned).to_vec();
    assert_eq!(refused, Err(Unwritten::Mask(place)));
}

#[test]
fn a_write_that_widens_never_leaves() {
    let agent = Recorded::default();
    let wide = json!({"tools": {"exec": {"mode": "full"}}});
    let guard = |before: &Value, after: &Value| {
        assert_eq!(before["tools"]["exec"]["mode"], "deny");
        assert_eq!(after["tools"]["exec"]["mode"], "full");
        vec!["tools.exec.mode".to_owned()]
    };
    let refused = write(&agent, &current(), body(wide), ConfigWrites::Merge, guard);
    assert_eq!(refused, Err(Unwritten::Widens(vec!["tools.exec.mode".to_owned()])));
    assert!(agent.asked().is_empty());
}

#[test]
fn the_agents_own_complaints_keep_their_places_and_an_old_hash_is_stale() {
    let answer = |fixture: Value| {
        let agent = Recorded::of([Err(refused(&fixture))]);
        let body = body(json!({"gateway": {"port": "abc"}}));
        write(&agent, &current(), body, ConfigWrites::Merge, nothing_widens).expect_err("refused")
    };
    let Unwritten::Invalid(complaints) = answer(payload!("config_invalid")) else { panic!("complaints") };
    assert_eq!(complaints[0].0, ["gateway", "port"]);
    assert!(complaints[0].1.contains("expected number"), "{complaints:?}");
    assert_eq!(answer(payload!("config_stale")), Unwritten::Stale);
}

#[test]
fn a_gateway_that_starts_again_on_a_change_is_believed_what_it_said_before() {
    let agent =
        Recorded::of([Ok(payload!("config_patched")), Err(AskError::Away("it is being stopped".into()))]);
    let change = body(json!({"ui": {"seamColor": "#112233"}}));
    let reading = write(&agent, &current(), change, ConfigWrites::Merge, nothing_widens).expect("written");
    assert_eq!(reading.document["ui"]["seamColor"], "#112233");
    assert_ne!(reading.hash, current().hash);
}

fn any_document() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![Just(json!(1)), Just(json!("a")), Just(json!(true)), Just(json!([1, {"id": "x"}]))];
    let tree = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::hash_map("[a-d]", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    prop::collection::hash_map("[a-d]", tree, 0..4).prop_map(|map| Value::Object(map.into_iter().collect()))
}

proptest! {
    #[test]
    fn a_patch_makes_the_wanted_document(before in any_document(), after in any_document()) {
        let mut made = before.clone();
        if let Some(patch) = patch(&before, &after) {
            merge(&mut made, patch.merge);
        }
        prop_assert_eq!(made, after);
    }
}
