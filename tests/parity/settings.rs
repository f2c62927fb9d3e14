//! What people change on an instance: its configuration, its policy, its platform's part, its consent.

use nineheads_contract::config::{GetConfig, UpdateConfig};
use nineheads_contract::consent::{Consent, UpdateConsent};
use nineheads_contract::conversations::ListConversations;
use nineheads_contract::instances::ListInstances;
use nineheads_contract::model_policy::UpdateModelPolicy;
use nineheads_contract::platform_config::{GetPlatformConfig, PatchPlatformConfig};
use nineheads_contract::updates::ApplyUpdates;
use nineheads_contract::{InstanceId, admin::RotateKey, logs::GetLogs};
use nineheads_platform::{ConfigWrites, Options, Server};
use nineheads_tests::platform::{ask, calm, deploy, get, request, start, start_calm};
use serde_json::{Map, Value, json};

const MASK: &str = "__OPENCLAW_REDACTED__";

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

async fn one(options: Options) -> (Server, InstanceId) {
    let server = start(options).await;
    let (id, _) = deploy(&server.url(), &server.keys().admin, "one").await;
    (server, id)
}

/// A failed instance of a fleet.
async fn failed(server: &Server) -> InstanceId {
    let list = get(&server.url(), &server.keys().admin, &ListInstances).await;
    let dead = list.instances.into_iter().find(|row| row.status == Some("failed".into()));
    dead.expect("the fleet has a failed one").id
}

#[tokio::test]
async fn secrets_are_masked_and_a_mask_written_back_changes_nothing() {
    for writes in [ConfigWrites::Merge, ConfigWrites::Replace] {
        let (server, id) = one(Options { config_writes: writes, ..calm() }).await;
        let (url, key) = (server.url(), &server.keys().admin);
        let read = ask(&url, key, &GetConfig { id: id.clone() }).await;
        let etag = read.headers()["etag"].clone();
        let document = object(read.json().await.expect("JSON"));
        assert!(document.len() >= 40);
        assert_eq!(document["gateway"]["auth"]["token"], MASK);

        let write = UpdateConfig { id: id.clone(), document: document.clone() };
        let written = ask(&url, key, &write).await;
        assert_eq!(written.headers()["etag"], etag, "the same secrets are behind the masks ({writes:?})");
        assert_eq!(object(written.json().await.expect("JSON")), document);

        let mut other = document;
        other["gateway"]["auth"]["token"] = json!("a new secret");
        let written = ask(&url, key, &UpdateConfig { id, document: other }).await;
        assert_ne!(written.headers()["etag"], etag);
        assert_eq!(written.json::<Value>().await.expect("JSON")["gateway"]["auth"]["token"], MASK);
    }
}

#[tokio::test]
async fn a_write_merges_or_replaces_as_the_platform_was_started() {
    for (writes, sections) in [(ConfigWrites::Merge, 40..100), (ConfigWrites::Replace, 1..2)] {
        let (server, id) = one(Options { config_writes: writes, ..calm() }).await;
        let body = object(json!({ "ui": { "seamColor": "#000000" } }));
        let write = UpdateConfig { id: id.clone(), document: body };
        let answered = get(&server.url(), &server.keys().admin, &write).await;
        let read = get(&server.url(), &server.keys().admin, &GetConfig { id }).await;
        assert_eq!(answered, read);
        assert_eq!(read["ui"]["seamColor"], "#000000");
        assert!(sections.contains(&object(read).len()), "{writes:?}");
    }
}

#[tokio::test]
async fn of_two_writers_who_read_the_same_one_is_told_so() {
    let (server, id) = one(calm()).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let etag = ask(&url, key, &GetConfig { id: id.clone() }).await.headers()["etag"].clone();
    let write = |color: &str| {
        let document = object(json!({ "ui": { "seamColor": color } }));
        let write = UpdateConfig { id: id.clone(), document };
        request(&url, &write).header("X-Api-Key", key).header("If-Match", etag.clone()).send()
    };
    assert_eq!(write("#111111").await.expect("an answer").status(), 200);
    assert_eq!(write("#222222").await.expect("an answer").status(), 409);
    let read = get(&url, key, &GetConfig { id: id.clone() }).await;
    assert_eq!(read["ui"]["seamColor"], "#111111");
}

#[tokio::test]
async fn what_is_proxied_needs_a_running_instance() {
    let server =
        start(Options { no_failures: false, fleet: Some(12), speed: 0.0, ..Options::default() }).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let id = failed(&server).await;
    let say = nineheads_contract::chat::Message { message: "hi".into() };
    let chat = nineheads_contract::chat::SendMessage { id: id.clone(), message: say };
    assert_eq!(ask(&url, key, &chat).await.status(), 409);
    assert_eq!(ask(&url, key, &GetConfig { id: id.clone() }).await.status(), 409);
    assert_eq!(ask(&url, key, &UpdateConfig { id: id.clone(), document: Map::new() }).await.status(), 409);
    assert_eq!(ask(&url, key, &ApplyUpdates { id, options: Map::new() }).await.status(), 409);
}

#[tokio::test]
async fn a_policy_is_kept_and_shows_in_the_configuration() {
    let (server, id) = one(calm()).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let update = |policy: Value| UpdateModelPolicy { id: id.clone(), policy: object(policy) };
    get(&url, key, &update(json!({"primary": "platform/opus-large", "budget": 5}))).await;
    let changed = get(&url, key, &update(json!({"fallbacks": ["local/gemma-small"], "budget": null}))).await;
    let expected = json!({"primary": "platform/opus-large", "fallbacks": ["local/gemma-small"]});
    assert_eq!(Value::Object(changed.model_policy), expected);
    let config = get(&url, key, &GetConfig { id }).await;
    assert_eq!(config.pointer("/agents/defaults/model"), Some(&expected));
}

#[tokio::test]
async fn only_the_fields_present_are_updated() {
    let (server, id) = one(calm()).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let before = get(&url, key, &GetPlatformConfig { id: id.clone() }).await;
    assert!(!before.skills.is_empty() && !before.channels.is_empty());
    let fields = object(json!({"integrations": [{"slug": "crm"}], "recipe_id": "front-desk", "unknown": 1}));
    get(&url, key, &PatchPlatformConfig { id: id.clone(), fields }).await;
    let fields = object(json!({ "skills": null }));
    let after = get(&url, key, &PatchPlatformConfig { id: id.clone(), fields }).await;
    assert_eq!(after, get(&url, key, &GetPlatformConfig { id }).await);
    assert_eq!(after.channels, before.channels);
    assert_eq!(after.integrations, [json!({"slug": "crm"})]);
    assert_eq!((after.recipe_id.as_deref(), after.skills.len()), (Some("front-desk"), 0));
}

#[tokio::test]
async fn conversations_are_locked_until_consent_and_again_after() {
    let (server, id) = one(calm()).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let list = ListConversations { id: id.clone(), limit: 20 };
    let consent = |flag| UpdateConsent { id: id.clone(), consent: Consent { consent_debug_access: flag } };
    assert_eq!(ask(&url, key, &list).await.status(), 403);
    assert!(get(&url, key, &consent(true)).await.consent_debug_access);
    assert_eq!(get(&url, key, &list).await["total"], 0);
    assert!(!get(&url, key, &consent(false)).await.consent_debug_access);
    assert_eq!(ask(&url, key, &list).await.status(), 403);
}

#[tokio::test]
async fn what_was_done_leaves_lines_behind_the_provisioning() {
    let server = start_calm().await;
    let (url, key) = (server.url(), &server.keys().admin);
    let (id, _) = deploy(&url, key, "lines").await;
    assert_eq!(get(&url, key, &RotateKey { id: id.clone() }).await.status.as_deref(), Some("rotated"));
    get(&url, key, &ApplyUpdates { id: id.clone(), options: Map::new() }).await;
    let logs = get(&url, key, &GetLogs { id }).await;
    let stages: Vec<_> = logs.logs.iter().filter_map(|line| line.stage.as_deref()).collect();
    assert!(stages.ends_with(&["live", "rotate_key", "updates"]), "{stages:?}");
    assert!(logs.logs.is_sorted_by_key(|line| line.seq));
}
