//! What an agent on this computer may do, as the platform is asked for it.

use nineheads_contract::InstanceId;
use nineheads_contract::local::{GetPermission, Permission, PutPermission, SetPermission};
use nineheads_platform::{AgentOptions, MemorySecrets, Options, Server};
use nineheads_tests::platform::{ask, calm, deploy, get, start};
use std::path::Path;
use std::sync::Arc;

async fn with_agents(folder: &Path) -> Server {
    let agents = AgentOptions { folder: folder.join("agents"), secrets: Arc::new(MemorySecrets::default()) };
    start(Options { data: Some(folder.to_owned()), agents: Some(agents), ..calm() }).await
}

/// An instance, and the row that makes it a real one whose process does not run.
async fn real(server: &Server, folder: &Path) -> InstanceId {
    let (id, _) = deploy(&server.url(), &server.keys().admin, "one").await;
    let db = rusqlite::Connection::open(folder.join("platform.db")).expect("the database");
    let row =
        "INSERT INTO local_agents (instance_id, permission, provider, model) VALUES (?1, 'talk', 'p', 'm')";
    db.execute(row, [&id.0]).expect("a row");
    id
}

fn set(id: &InstanceId, permission: Permission, confirmation: Option<&str>) -> PutPermission {
    let confirmation = confirmation.map(str::to_owned);
    PutPermission { id: id.clone(), set: SetPermission { permission, confirmation } }
}

#[tokio::test]
async fn the_widest_permission_takes_its_very_sentence_and_less_takes_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = with_agents(folder.path()).await;
    let id = real(&server, folder.path()).await;
    let (url, admin) = (server.url(), server.keys().admin.clone());
    let now = get(&url, &admin, &GetPermission { id: id.clone() }).await;
    assert_eq!(now.permission, Permission::Talk);
    assert_eq!(now.confirmation, "Orchard may use my whole computer");
    assert!(now.folder.is_some_and(|own| own.contains(&id.0)));

    let whole = Permission::WholeComputer;
    for wrong in [
        None,
        Some(""),
        Some("yes"),
        Some("Orchard"),
        Some("orchard may use my whole computer"),
        Some("Orchard may use my whole computer."),
        Some("Orchard  may use my whole computer"),
        Some("Someone may use my whole computer"),
    ] {
        let answer = ask(&url, &admin, &set(&id, whole, wrong)).await;
        assert_eq!(answer.status(), 403, "{wrong:?}");
        assert_eq!(get(&url, &admin, &GetPermission { id: id.clone() }).await.permission, Permission::Talk);
    }
    let typed = "  Orchard may use my whole computer\n";
    assert_eq!(get(&url, &admin, &set(&id, whole, Some(typed))).await.permission, whole);
    for less in [Permission::OwnFolder, Permission::Talk, Permission::OwnFolder] {
        assert_eq!(get(&url, &admin, &set(&id, less, None)).await.permission, less);
        assert_eq!(get(&url, &admin, &GetPermission { id: id.clone() }).await.permission, less);
    }
}

#[tokio::test]
async fn a_simulated_instance_has_none_and_only_an_admin_may_ask() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = with_agents(folder.path()).await;
    let (url, keys) = (server.url(), server.keys());
    let (simulated, _) = deploy(&url, &keys.admin, "two").await;
    assert_eq!(ask(&url, &keys.admin, &GetPermission { id: simulated.clone() }).await.status(), 404);
    assert_eq!(ask(&url, &keys.admin, &set(&simulated, Permission::Talk, None)).await.status(), 404);

    let id = real(&server, folder.path()).await;
    assert_eq!(ask(&url, &keys.customer, &GetPermission { id: id.clone() }).await.status(), 403);
    assert_eq!(ask(&url, &keys.other_tenant, &GetPermission { id: id.clone() }).await.status(), 404);

    let plain = start(calm()).await;
    let (other, _) = deploy(&plain.url(), &plain.keys().admin, "one").await;
    assert_eq!(ask(&plain.url(), &plain.keys().admin, &GetPermission { id: other }).await.status(), 404);
}

#[tokio::test]
async fn what_is_no_permission_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = with_agents(folder.path()).await;
    let id = real(&server, folder.path()).await;
    let to = format!("{}/v1/local/instances/{}/permission", server.url(), id.0);
    for body in ["{}", r#"{"permission":"all"}"#, r#"{"permission":["talk"]}"#, r#"{"permission":null}"#] {
        let request = reqwest::Client::new().put(&to).header("X-Api-Key", &server.keys().admin);
        let answer = request.header("content-type", "application/json").body(body).send().await;
        assert_eq!(answer.expect("an answer").status(), 422, "{body}");
    }
}
