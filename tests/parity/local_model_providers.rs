//! Model providers of this computer: what is kept, where a key may go, and what a trial tells apart.

use nineheads_contract::local::{
    DeleteModelProvider, GetModelProvider, ListModelProviders, LocalModel, ModelTest, NewModelProvider,
    PutModelProvider, TestModelProvider,
};
use nineheads_contract::neighbours::GetModelTiers;
use nineheads_platform::{AgentOptions, MemorySecrets, Options, SecretStore, Server};
use nineheads_tests::model_server::{Manner, ModelServer};
use nineheads_tests::platform::{ask, calm, get, request, start};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

const KEY: &str = "sk-canary-3f9a7c";

/// A platform with real agents in a folder.
async fn with_agents(folder: &Path) -> (Server, Arc<MemorySecrets>) {
    let secrets = Arc::new(MemorySecrets::default());
    let agents = AgentOptions { folder: folder.join("agents"), secrets: secrets.clone() };
    let options = Options { data: Some(folder.to_owned()), agents: Some(agents), ..calm() };
    (start(options).await, secrets)
}

fn provider(base: &str, key: Option<&str>) -> NewModelProvider {
    let models = vec![LocalModel { id: "small".into(), context_window: Some(8192), max_tokens: None }];
    NewModelProvider { base_url: base.to_owned(), models, api_key: key.map(str::to_owned) }
}

fn put(name: &str, new: NewModelProvider) -> PutModelProvider {
    PutModelProvider { name: name.to_owned(), new }
}

async fn tried(server: &Server, new: NewModelProvider) -> ModelTest {
    let test = TestModelProvider { name: "ours".to_owned(), new };
    get(&server.url(), &server.keys().admin, &test).await
}

fn kept(secrets: &MemorySecrets) -> Option<String> {
    secrets.read("model-provider/ours").expect("answers")
}

#[tokio::test]
async fn a_provider_is_kept_read_changed_and_forgotten_and_its_key_is_nowhere_to_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, secrets) = with_agents(folder.path()).await;
    let (url, admin) = (server.url(), server.keys().admin.clone());
    let base = "https://api.example.com/v1";
    let mut replies = String::new();
    let first = ask(&url, &admin, &put("ours", provider(&format!("{base}/"), Some(KEY)))).await;
    assert_eq!(first.status(), 200);
    replies += &first.text().await.expect("text");
    replies +=
        &ask(&url, &admin, &GetModelProvider { name: "ours".into() }).await.text().await.expect("text");
    replies += &ask(&url, &admin, &ListModelProviders).await.text().await.expect("text");
    assert!(replies.contains(base) && !replies.contains(KEY), "{replies}");

    let one = get(&url, &admin, &GetModelProvider { name: "ours".into() }).await;
    assert_eq!((one.base_url.as_str(), one.has_key, one.found), (base, true, false));
    assert_eq!(one.models[0].context_window, Some(8192));
    assert_eq!(kept(&secrets).as_deref(), Some(KEY));
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let path = file.expect("an entry").path();
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("readable");
            assert!(!bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes()), "{}", path.display());
        }
    }

    get(&url, &admin, &put("ours", provider(base, None))).await;
    assert_eq!(kept(&secrets).as_deref(), Some(KEY), "no key in the body leaves the kept one");
    let emptied = get(&url, &admin, &put("ours", provider(base, Some("")))).await;
    assert_eq!((emptied.has_key, kept(&secrets)), (false, None));

    let offered = get(&url, &admin, &GetModelTiers).await.models;
    let ours = offered.iter().find(|model| model.id == "ours/small").expect("a policy can name it");
    assert_eq!((ours.provider.as_deref(), &ours.input_cost_per_million), (Some("ours"), &None));

    get(&url, &admin, &put("ours", provider(base, Some(KEY)))).await;
    let left = get(&url, &admin, &DeleteModelProvider { name: "ours".into() }).await;
    assert!(left.providers.iter().all(|provider| provider.found) && kept(&secrets).is_none());
    let gone = ask(&url, &admin, &GetModelProvider { name: "ours".into() }).await;
    assert_eq!(gone.status(), 404);
}

#[tokio::test]
async fn another_address_drops_the_kept_key_unless_a_new_one_comes_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, secrets) = with_agents(folder.path()).await;
    let (url, admin) = (server.url(), server.keys().admin.clone());
    get(&url, &admin, &put("ours", provider("https://a.example.com/v1", Some(KEY)))).await;
    let moved = get(&url, &admin, &put("ours", provider("https://b.example.com/v1", None))).await;
    assert_eq!((moved.has_key, kept(&secrets)), (false, None));
    get(&url, &admin, &put("ours", provider("https://c.example.com/v1", Some("sk-new")))).await;
    assert_eq!(kept(&secrets).as_deref(), Some("sk-new"));
}

#[tokio::test]
async fn one_that_an_agent_uses_is_neither_forgotten_nor_moved() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, secrets) = with_agents(folder.path()).await;
    let (url, admin) = (server.url(), server.keys().admin.clone());
    get(&url, &admin, &put("ours", provider("https://a.example.com/v1", Some(KEY)))).await;
    let db = rusqlite::Connection::open(folder.path().join("platform.db")).expect("the database");
    let agent = "INSERT INTO local_agents (instance_id, permission, provider, model)
                 VALUES ('00000000-0000-4000-8000-000000000001', 'talk', 'ours', 'small')";
    db.execute(agent, []).expect("an agent");
    let delete = DeleteModelProvider { name: "ours".into() };
    assert_eq!(ask(&url, &admin, &delete).await.status(), 409);
    let moved = ask(&url, &admin, &put("ours", provider("https://b.example.com/v1", Some("k")))).await;
    assert_eq!((moved.status().as_u16(), kept(&secrets).as_deref()), (409, Some(KEY)));
    get(&url, &admin, &put("ours", provider("https://a.example.com/v1", Some("sk-new")))).await;
    assert_eq!(kept(&secrets).as_deref(), Some("sk-new"), "a new key for the same address is taken");
}

#[tokio::test]
async fn a_trial_tells_what_went_wrong_and_never_repeats_the_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, _) = with_agents(folder.path()).await;
    let real = ModelServer::start(Manner::Model(Some(KEY.to_owned()))).await;
    let good = tried(&server, provider(&real.base(), Some(KEY))).await;
    assert!(good.ok && good.problem.is_none() && good.millis.is_some(), "{good:?}");
    assert_eq!(good.models, ["small"]);
    let listed = NewModelProvider { models: Vec::new(), ..provider(&real.base(), Some(KEY)) };
    assert!(tried(&server, listed).await.ok, "with no model the server is asked which it has");

    let mut other = provider(&real.base(), Some(KEY));
    other.models[0].id = "large".into();
    let missing = tried(&server, other).await;
    assert_eq!((missing.problem.as_deref(), missing.models.len()), (Some("no_such_model"), 1));

    let no_list = ModelServer::start(Manner::NoList).await;
    assert!(tried(&server, provider(&no_list.base(), None)).await.ok);
    for (manner, key, problem) in [
        (Manner::Model(Some(KEY.to_owned())), Some("sk-wrong"), "refused_key"),
        (Manner::Model(Some(KEY.to_owned())), None, "refused_key"),
        (Manner::Portal, Some(KEY), "not_a_model_server"),
        (Manner::Endless, Some(KEY), "not_a_model_server"),
        (Manner::Refuses(404), Some(KEY), "no_such_model"),
        (Manner::Refuses(429), Some(KEY), "limit"),
        (Manner::Refuses(402), Some(KEY), "limit"),
        (Manner::Refuses(504), Some(KEY), "too_slow"),
        (Manner::Refuses(500), Some(KEY), "failed"),
    ] {
        let bad = ModelServer::start(manner.clone()).await;
        let test = tried(&server, provider(&bad.base(), key)).await;
        assert_eq!((test.ok, test.problem.as_deref()), (false, Some(problem)), "{manner:?}");
        assert!(test.message.ends_with('.') && !test.message.contains(KEY), "{}", test.message);
    }
    let closed = tried(&server, provider("http://127.0.0.1:1/v1", Some(KEY))).await;
    assert_eq!(closed.problem.as_deref(), Some("not_reached"));
    let elsewhere = tried(&server, provider("http://example.com/v1", Some(KEY))).await;
    assert_eq!(elsewhere.problem.as_deref(), Some("bad_address"));
}

#[tokio::test]
async fn a_key_does_not_follow_a_server_that_sends_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, _) = with_agents(folder.path()).await;
    let target = ModelServer::start(Manner::Model(None)).await;
    let sender = ModelServer::start(Manner::SendsOn(format!("{}/models", target.base()))).await;
    let test = tried(&server, provider(&sender.base(), Some(KEY))).await;
    assert_eq!(test.problem.as_deref(), Some("not_a_model_server"));
    assert!(test.message.contains("127.0.0.1"), "{}", test.message);
    assert_eq!((sender.asked().len(), target.asked().len()), (1, 0));
}

#[tokio::test]
async fn the_kept_key_is_tried_only_at_the_address_it_was_kept_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, _) = with_agents(folder.path()).await;
    let (here, there) =
        (ModelServer::start(Manner::Model(None)).await, ModelServer::start(Manner::Model(None)).await);
    let admin = server.keys().admin.clone();
    get(&server.url(), &admin, &put("ours", provider(&here.base(), Some(KEY)))).await;
    assert!(tried(&server, provider(&here.base(), None)).await.ok);
    assert!(here.asked().iter().all(|request| request.contains(KEY)));
    assert!(tried(&server, provider(&there.base(), None)).await.ok);
    assert!(there.asked().len() == 2 && !there.asked().iter().any(|request| request.contains(KEY)));
}

#[tokio::test]
async fn what_can_not_be_kept_is_refused_field_by_field_without_repeating_a_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, secrets) = with_agents(folder.path()).await;
    let (url, admin) = (server.url(), server.keys().admin.clone());
    let good = json!({ "base_url": "https://a.example.com/v1", "models": [{ "id": "m" }] });
    for (name, change, place) in [
        ("Ours", json!({}), "name"),
        ("..%2Fours", json!({}), "name"),
        ("ours", json!({ "base_url": "http://a.example.com/v1" }), "base_url"),
        ("ours", json!({ "base_url": 5 }), "base_url"),
        ("ours", json!({ "models": {} }), "models"),
        ("ours", json!({ "models": [{ "id": "" }] }), "id"),
        ("ours", json!({ "models": [{ "id": "${HOME}" }] }), "id"),
        ("ours", json!({ "api_key": format!("{KEY}\nHost: evil") }), "api_key"),
        ("ours", json!({ "api_key": [KEY] }), "api_key"),
    ] {
        let mut body = good.clone();
        for (key, value) in change.as_object().expect("an object") {
            body[key] = value.clone();
        }
        let to = format!("{url}/v1/local/model-providers/{name}");
        let sent = reqwest::Client::new().put(to).header("X-Api-Key", &admin).json(&body).send().await;
        let answer = sent.expect("an answer");
        assert_eq!(answer.status(), 422, "{body}");
        let text = answer.text().await.expect("text");
        assert!(text.contains(&format!("\"{place}\"")) && !text.contains(KEY), "{text}");
    }
    assert_eq!(kept(&secrets), None);
}

#[tokio::test]
async fn without_real_agents_nothing_of_this_is_there_and_only_an_admin_may() {
    let plain = start(calm()).await;
    let answer = ask(&plain.url(), &plain.keys().admin, &ListModelProviders).await;
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.json::<Value>().await.expect("JSON"), json!({ "detail": "Not Found" }));

    let folder = tempfile::tempdir().expect("a folder");
    let (server, _) = with_agents(folder.path()).await;
    let customer = &server.keys().customer;
    let new = provider("https://a.example.com/v1", Some(KEY));
    assert_eq!(ask(&server.url(), customer, &ListModelProviders).await.status(), 403);
    assert_eq!(ask(&server.url(), customer, &put("ours", new)).await.status(), 403);
    assert_eq!(request(&server.url(), &ListModelProviders).send().await.expect("an answer").status(), 401);
}
