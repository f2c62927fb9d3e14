//! Every entry of the contract's table: served, authorised, refused where it must be, and readable.

use nineheads_contract::deploys::PollByKey;
use nineheads_contract::{
    ConversationId, ENDPOINTS, IdempotencyKey, InstanceId, Scope, admin, chat, config, consent,
    conversations, instances, logs, model_policy, platform_config, runtime, updates, usage,
};
use nineheads_platform::Server;
use nineheads_tests::case::{Case, assert_all};
use nineheads_tests::platform::{deploy, order, request, start_calm};
use reqwest::StatusCode;
use serde_json::{Map, Value, json};

/// All twenty, the delete last.
fn cases(id: &InstanceId, conversation: &ConversationId) -> Vec<Case> {
    let id = || id.clone();
    let object = |value: Value| value.as_object().cloned().expect("an object");
    let cases = vec![
        Case::of(instances::ListInstances),
        Case::of(order("every-operation")),
        Case::of(admin::RotateKey { id: id() }),
        Case::of(PollByKey { key: IdempotencyKey::from("every-operation") }),
        Case::of(admin::Cleanup),
        Case::of(instances::GetInstance { id: id() }),
        Case::of(instances::DeleteInstance { id: id() }),
        Case::of(chat::SendMessage { id: id(), message: chat::Message { message: "status".into() } }),
        Case::of(config::GetConfig { id: id() }),
        Case::of(config::UpdateConfig {
            id: id(),
            document: object(json!({"ui": {"seamColor": "#123456"}})),
        }),
        Case::of(consent::UpdateConsent {
            id: id(),
            consent: consent::Consent { consent_debug_access: true },
        }),
        Case::of(conversations::ListConversations { id: id(), limit: 5 }),
        Case::of(conversations::GetConversation { id: id(), conversation: conversation.clone() }),
        Case::of(logs::GetLogs { id: id() }),
        Case::of(model_policy::UpdateModelPolicy { id: id(), policy: object(json!({"primary": "a/b"})) }),
        Case::of(platform_config::GetPlatformConfig { id: id() }),
        Case::of(platform_config::PatchPlatformConfig {
            id: id(),
            fields: object(json!({"skills": ["notes"]})),
        }),
        Case::of(runtime::GetRuntime { id: id() }),
        Case::of(updates::ApplyUpdates { id: id(), options: Map::new() }),
        Case::of(usage::GetUsage { id: id(), days: 7 }),
    ];
    assert_all(&cases);
    let (delete, mut rest): (Vec<_>, Vec<_>) =
        cases.into_iter().partition(|case| case.facts.name == "delete_instance");
    rest.extend(delete);
    rest
}

/// A platform with one running instance of its admin that has consented and held one conversation.
async fn start_with_one() -> (Server, Vec<Case>) {
    let server = start_calm().await;
    let (url, key) = (server.url(), server.keys().admin.clone());
    let (id, progress) = deploy(&url, &key, "the-one").await;
    assert_eq!(progress.status, Some("running".into()));
    let grant =
        consent::UpdateConsent { id: id.clone(), consent: consent::Consent { consent_debug_access: true } };
    let send = chat::SendMessage { id: id.clone(), message: chat::Message { message: "hello".into() } };
    for request in [request(&url, &grant), request(&url, &send)] {
        let answer = request.header("X-Api-Key", &key).send().await.expect("an answer");
        assert!(answer.status().is_success());
        answer.bytes().await.expect("the whole of it");
    }
    let list = conversations::ListConversations { id: id.clone(), limit: 1 };
    let held = nineheads_tests::platform::get(&url, &key, &list).await;
    let conversation = held["conversations"][0]["conversation_id"].as_str().expect("the one that was held");
    let cases = cases(&id, &ConversationId::from(conversation));
    (server, cases)
}

#[tokio::test]
async fn every_operation_is_served_and_its_reply_is_readable() {
    let (server, cases) = start_with_one().await;
    for case in cases {
        let answer = case.request(&server).header("X-Api-Key", &server.keys().admin).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{}", case.facts.name);
        let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
        let bytes = answer.bytes().await.expect("a body");
        if case.facts.name == "chat" {
            assert!(kind.starts_with("text/event-stream"), "{kind}");
            continue;
        }
        assert_eq!(kind, "application/json", "{}", case.facts.name);
        case.assert_readable(&bytes);
    }
    let counts = server.counts();
    assert!(ENDPOINTS.iter().all(|facts| counts.of(facts.name) > 0), "{counts:?}");
}

#[tokio::test]
async fn every_operation_is_refused_without_a_key_and_with_a_wrong_one() {
    let (server, cases) = start_with_one().await;
    for case in cases {
        case.assert_refused_without_a_key(&server).await;
    }
}

#[tokio::test]
async fn every_operation_takes_a_bearer_token_as_well() {
    let (server, cases) = start_with_one().await;
    for case in cases {
        let request = case.request(&server).bearer_auth(&server.keys().admin);
        assert!(request.send().await.expect("an answer").status().is_success(), "{}", case.facts.name);
    }
}

#[tokio::test]
async fn an_instance_of_another_tenant_or_customer_is_unknown() {
    let (server, cases) = start_with_one().await;
    for case in cases {
        case.assert_unknown_to_others(&server).await;
    }
}

#[tokio::test]
async fn a_key_without_a_scope_is_told_which_one_it_lacks() {
    let (server, cases) = start_with_one().await;
    for case in cases {
        if case.facts.scope != Scope::Read {
            case.assert_names_the_missing_scope(&server).await;
            continue;
        }
        let read = case.request(&server).header("X-Api-Key", &server.keys().read_only).send().await;
        assert!(read.expect("an answer").status().is_success(), "{}", case.facts.name);
    }
}

#[tokio::test]
async fn a_customer_may_not_do_what_is_an_admins() {
    let (server, cases) = start_with_one().await;
    let admins: Vec<_> = cases.iter().filter(|case| case.facts.admin).collect();
    assert_eq!(admins.len(), 2);
    for case in admins {
        let answer = case.request(&server).header("X-Api-Key", &server.keys().customer).send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::FORBIDDEN, "{}", case.facts.name);
    }
}

#[tokio::test]
async fn what_is_no_operation_is_not_found_and_a_wrong_method_is_named() {
    let server = start_calm().await;
    let client = reqwest::Client::new();
    let unknown = client.get(format!("{}/v1/regions", server.url())).send().await.expect("an answer");
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    assert_eq!(unknown.json::<Value>().await.expect("JSON"), json!({ "detail": "Not Found" }));

    let wrong = client.put(format!("{}/v1/instances", server.url())).send().await.expect("an answer");
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    let allow = wrong.headers()["allow"].to_str().expect("text").to_owned();
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
    assert_eq!(wrong.json::<Value>().await.expect("JSON"), json!({ "detail": "Method Not Allowed" }));
}
