//! From a deploy to an agent, and to nothing again.

use nineheads_contract::Endpoint;
use nineheads_contract::deploys::CreateInstance;
use nineheads_contract::instances::{DeleteInstance, GetInstance, ListInstances};
use nineheads_contract::local::{
    GetLocalRuntime, LOCAL_PROVIDER, LocalRuntimeState, Permission, RemoveDemo, RemoveLocalRuntime,
};
use nineheads_contract::logs::GetLogs;
use nineheads_tests::home::{Home, MODEL_KEY, deploy_here, gone, is_alive, local_order};
use nineheads_tests::platform::{ask, calm, deploy, get, start_calm};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[tokio::test]
async fn a_deploy_becomes_an_agent_of_this_computer_and_a_delete_leaves_nothing_of_it() {
    let home = Home::new();
    let server = home.start().await;
    let (url, admin) = (server.url(), server.keys().admin.clone());
    let (id, progress) = deploy_here(&server, "a").await;
    assert_eq!(progress.status.expect("a status").0, "running", "{:?}", progress.error_message);
    assert_eq!((progress.bootstrap_seq, progress.bootstrap_stage.as_deref()), (Some(4), Some("ready")));
    let instance = get(&url, &admin, &GetInstance { id: id.clone() }).await;
    assert_eq!(instance.provider.as_deref(), Some(LOCAL_PROVIDER));
    assert_eq!(instance.region_id.as_deref(), Some(LOCAL_PROVIDER));
    assert_eq!((instance.vpn_ip, instance.preset_id), (None, None), "it has neither");
    let row = get(&url, &admin, &ListInstances).await.instances.remove(0);
    assert_eq!((row.id, row.preset_id), (id.clone(), None));
    let runtime = get(&url, &admin, &GetLocalRuntime).await;
    assert_eq!((runtime.state, runtime.agents), (LocalRuntimeState::Ready, 1));

    let pid = home.pid(&id);
    assert!(is_alive(pid));
    let folder = home.agent(&id);
    for private in ["", "state", "workspace", "home", "tmp"] {
        assert_eq!(mode(&folder.join(private)), 0o700, "{private}");
    }
    for private in ["state/openclaw.json", "gateway.log"] {
        assert_eq!(mode(&folder.join(private)), 0o600, "{private}");
    }

    let deleted = get(&url, &admin, &DeleteInstance { id: id.clone() }).await;
    assert!(!deleted.already_deleted);
    gone(&server, &id).await;
    assert!(!is_alive(pid));
    assert!(!folder.exists());
    assert_eq!(get(&url, &admin, &GetLocalRuntime).await.agents, 0);
    server.stop().await;
}

#[tokio::test]
async fn a_gateway_gets_a_token_and_a_key_and_neither_stands_in_a_file_or_a_line() {
    let home = Home::new();
    let server = home.start().await;
    let (id, _) = deploy_here(&server, "a").await;
    let start = home.starts(&id).remove(0);
    let args = json!(["gateway", "run", "--port", start["port"].to_string(), "--bind", "loopback"]);
    assert_eq!(start["args"], args);
    let names: Vec<&str> =
        start["names"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
    assert!(names.contains(&"OPENCLAW_GATEWAY_TOKEN") && names.contains(&"NINEHEADS_MODEL_KEY"));
    assert!(!names.iter().any(|name| name.starts_with("CARGO")), "the person's own variables stay behind");
    let config = std::fs::read_to_string(home.agent(&id).join("state/openclaw.json")).expect("written");
    assert!(config.contains("${OPENCLAW_GATEWAY_TOKEN}") && !config.contains(MODEL_KEY));
    let rows = home.with_rows(|db| {
        let mut all = db.prepare("SELECT message FROM log_lines").expect("a table");
        let rows = all.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        rows.map(|row| row.expect("text")).collect::<Vec<_>>()
    });
    assert!(!rows.is_empty() && !rows.iter().any(|line| line.contains(MODEL_KEY)));
    server.stop().await;
}

#[tokio::test]
async fn a_refused_configuration_fails_the_deploy_with_the_gateways_words_and_without_its_token() {
    let home = Home::new();
    home.behave(&json!({ "exit": 78 }));
    let server = home.start().await;
    let (id, progress) = deploy_here(&server, "a").await;
    assert_eq!(progress.status.expect("a status").0, "failed");
    let message = progress.error_message.expect("a sentence");
    assert!(
        message.contains("refuses its configuration") && message.contains("this can not be: •••"),
        "{message}"
    );
    assert_eq!(home.starts(&id).len(), 1, "it is not tried twice");
    let logs = get(&server.url(), &server.keys().admin, &GetLogs { id: id.clone() }).await;
    let said = logs.logs.iter().filter_map(|line| line.message.as_deref()).collect::<Vec<_>>().join("\n");
    assert!(said.contains("config_rejected") && said.contains("•••") && !said.contains('\u{1b}'), "{said}");
    get(&server.url(), &server.keys().admin, &DeleteInstance { id: id.clone() }).await;
    gone(&server, &id).await;
    assert!(!home.agent(&id).exists());
    server.stop().await;
}

#[tokio::test]
async fn a_port_that_somebody_took_is_not_the_end() {
    let home = Home::new();
    home.behave(&json!({ "portTaken": 1 }));
    let server = home.start().await;
    let (id, progress) = deploy_here(&server, "a").await;
    assert_eq!(progress.status.expect("a status").0, "running", "{:?}", progress.error_message);
    let starts = home.starts(&id);
    assert_eq!(starts.len(), 2);
    assert_ne!(starts[0]["port"], starts[1]["port"]);
    server.stop().await;
}

#[tokio::test]
async fn a_create_that_can_not_become_an_agent_is_refused_before_anything_exists() {
    let home = Home::new();
    let server = home.start().await;
    let (url, admin) = (server.url(), server.keys().admin.clone());
    let refused = async |order: &CreateInstance| {
        let answer = ask(&url, &admin, order).await;
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    };
    let (status, said) = refused(&local_order("a", Permission::WholeComputer)).await;
    assert!(status == 403 && said.contains("whole computer"), "{said}");
    for (recipe, manifest, words) in [
        ("local:talk:elsewhere:m", "openclaw-basic", "No model provider called elsewhere"),
        ("local:talk:tests:other", "openclaw-basic", "has no model other"),
        ("local:talk:tests", "openclaw-basic", "local:<permission>"),
        ("local:talk:tests:echo:1", "goose-basic", "openclaw-basic"),
    ] {
        let mut order = local_order("a", Permission::Talk);
        order.new.recipe_id = Some(recipe.into());
        order.new.manifest_id = Some(manifest.into());
        let (status, said) = refused(&order).await;
        assert!(status == 422 && said.contains(words), "{recipe}: {status} {said}");
    }
    assert!(get(&url, &admin, &ListInstances).await.instances.is_empty());
    server.stop().await;

    let plain = start_calm().await;
    let answer = ask(&plain.url(), &plain.keys().admin, &local_order("a", Permission::Talk)).await;
    assert_eq!(answer.status(), 422, "a platform without agents makes no pretended one");
}

#[tokio::test]
async fn what_is_ours_is_served_to_admins_where_there_are_agents_and_nowhere_else() {
    let plain = start_calm().await;
    let answer = ask(&plain.url(), &plain.keys().admin, &GetLocalRuntime).await;
    assert_eq!(answer.status(), 404, "{}", GetLocalRuntime::NAME);
    assert!(calm().agents.is_none());

    let home = Home::new();
    let server = home.start().await;
    let answer = ask(&server.url(), &server.keys().customer, &GetLocalRuntime).await;
    assert_eq!(answer.status(), 403);
    server.stop().await;
}

#[tokio::test]
async fn the_demo_goes_in_one_act_and_real_agents_and_their_runtime_stay() {
    let home = Home::new();
    let server = home.start().await;
    let (url, admin) = (server.url(), server.keys().admin.clone());
    let (real, _) = deploy_here(&server, "real").await;
    let (pretended, _) = deploy(&url, &admin, "pretended").await;
    let refused = ask(&url, &admin, &RemoveLocalRuntime).await;
    assert_eq!(refused.status(), 409);
    assert_eq!(get(&url, &admin, &RemoveDemo).await.removed, 1);
    gone(&server, &pretended).await;
    let left = get(&url, &admin, &ListInstances).await.instances;
    assert_eq!(left.iter().map(|instance| &instance.id).collect::<Vec<_>>(), [&real]);
    server.stop().await;
}
