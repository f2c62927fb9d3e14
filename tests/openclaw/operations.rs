//! Every operation of the API, asked of a real agent: served, authorised, readable, and null only where it has no source.

use nineheads_contract::deploys::{CreateInstance, NewInstance, PollByKey};
use nineheads_contract::{
    ConversationId, IdempotencyKey, InstanceId, admin, chat, config, consent, conversations, instances, logs,
    model_policy, platform_config, runtime, updates, usage,
};
use nineheads_platform::Server;
use nineheads_tests::case::{Case, assert_all};
use reqwest::StatusCode;
use serde_json::{Map, Value, json};

/// What the operations are asked about.
pub(crate) struct Subject {
    pub(crate) id: InstanceId,
    pub(crate) key: IdempotencyKey,
    pub(crate) new: NewInstance,
    pub(crate) conversation: ConversationId,
}

/// All twenty. Those that start the agent again come last, before the delete.
fn cases(subject: &Subject) -> Vec<Case> {
    let id = || subject.id.clone();
    let object = |value: Value| value.as_object().cloned().expect("an object");
    let mut new = subject.new.clone();
    new.idempotency_key = Some(subject.key.clone());
    let cases = vec![
        Case::of(instances::ListInstances),
        // The same order once more makes nothing new.
        Case::of(CreateInstance { new }),
        Case::of(PollByKey { key: subject.key.clone() }),
        Case::of(admin::Cleanup),
        Case::of(instances::GetInstance { id: id() }),
        Case::of(chat::SendMessage { id: id(), message: chat::Message { message: "status".into() } }),
        Case::of(config::GetConfig { id: id() }),
        Case::of(config::UpdateConfig {
            id: id(),
            document: object(json!({"ui": {"seamColor": "#654321"}})),
        }),
        Case::of(consent::UpdateConsent {
            id: id(),
            consent: consent::Consent { consent_debug_access: true },
        }),
        Case::of(conversations::ListConversations { id: id(), limit: 5 }),
        Case::of(conversations::GetConversation { id: id(), conversation: subject.conversation.clone() }),
        Case::of(logs::GetLogs { id: id() }),
        Case::of(model_policy::UpdateModelPolicy { id: id(), policy: object(json!({"budget_usd": 5})) }),
        Case::of(platform_config::GetPlatformConfig { id: id() }),
        Case::of(platform_config::PatchPlatformConfig {
            id: id(),
            fields: object(json!({"advanced": {"a": 1}})),
        }),
        Case::of(runtime::GetRuntime { id: id() }),
        Case::of(usage::GetUsage { id: id(), days: 7 }),
        Case::of(updates::ApplyUpdates { id: id(), options: Map::new() }),
        Case::of(admin::RotateKey { id: id() }),
        Case::of(instances::DeleteInstance { id: id() }),
    ];
    assert_all(&cases);
    cases
}

/// Asks every operation as people who may not, and, but for the delete, as one who may. Returns with the agent being started
/// again.
pub(crate) async fn ask_all(server: &Server, subject: &Subject) {
    let cases = cases(subject);
    for case in &cases {
        case.assert_refused_without_a_key(server).await;
        case.assert_unknown_to_others(server).await;
        case.assert_names_the_missing_scope(server).await;
    }
    for case in cases.iter().filter(|case| case.facts.name != "delete_instance") {
        let name = case.facts.name;
        let answer = case.request(server).header("X-Api-Key", &server.keys().admin).send().await;
        let answer = answer.expect("an answer");
        let status = answer.status();
        let bytes = answer.bytes().await.expect("a body");
        assert_eq!(status, StatusCode::OK, "{name}: {}", String::from_utf8_lossy(&bytes));
        if name == "chat" {
            continue;
        }
        case.assert_readable(&bytes);
        let reply: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(nulls(name, &reply), unknown(name), "{name}: {reply:#}");
    }
}

/// What has no source, as docs/api.md lists it.
fn unknown(name: &str) -> &'static [&'static str] {
    match name {
        "get_runtime" => &["active_connections"],
        "get_usage" => &["unique_end_users"],
        "list_conversations" => &["message_count"],
        _ => &[],
    }
}

/// The fields that are null, of those that a real agent must answer for.
fn nulls(name: &str, reply: &Value) -> Vec<&'static str> {
    let (row, fields): (&Value, &[&'static str]) = match name {
        "get_runtime" => (
            reply,
            &[
                "active_connections",
                "health_failures",
                "health_status",
                "last_heartbeat",
                "node_version",
                "openclaw_version",
                "skills_loaded",
                "status",
                "uptime_seconds",
            ],
        ),
        "get_usage" => {
            (reply, &["daily", "total_cost_usd", "total_requests", "total_tokens", "unique_end_users"])
        }
        "list_conversations" => (
            &reply["conversations"][0],
            &["conversation_id", "last_message_at", "message_count", "participant", "started_at"],
        ),
        "get_conversation" => (reply, &["messages", "participant", "started_at"]),
        "get_platform_config" => {
            (reply, &["advanced", "channels", "integrations", "skills", "workflow_slugs"])
        }
        "get_instance" => (reply, &["agent_name", "id", "provider", "status"]),
        _ => return Vec::new(),
    };
    fields.iter().copied().filter(|field| row[*field].is_null()).collect()
}
