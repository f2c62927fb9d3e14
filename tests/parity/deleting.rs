//! Deleting: once, gracefully, and with a trail.

use nineheads_contract::admin::Cleanup;
use nineheads_contract::instances::{DeleteInstance, GetInstance, ListInstances};
use nineheads_contract::{InstanceId, deploys::PollByKey};
use nineheads_platform::Options;
use nineheads_tests::platform::{ask, calm, deploy, get, order, start, start_calm, wait_until};
use reqwest::StatusCode;

async fn gone(url: &str, key: &str, id: &InstanceId) {
    wait_until("it is gone", async || {
        let status = ask(url, key, &GetInstance { id: id.clone() }).await.status();
        (status == StatusCode::NOT_FOUND).then_some(())
    })
    .await;
}

#[tokio::test]
async fn of_twenty_deletes_at_once_one_is_real() {
    let server = start_calm().await;
    let (url, key) = (server.url(), server.keys().admin.clone());
    let (id, _) = deploy(&url, &key, "twenty").await;
    let deletes = (0..20).map(|_| {
        let (url, key, delete) = (url.clone(), key.clone(), DeleteInstance { id: id.clone() });
        tokio::spawn(async move { get(&url, &key, &delete).await })
    });
    let mut real = 0;
    for delete in deletes.collect::<Vec<_>>() {
        let deleted = delete.await.expect("no panic");
        assert_eq!(deleted.instance_id, id);
        real += usize::from(!deleted.already_deleted);
    }
    assert_eq!((real, server.counts().deleted), (1, 1));
    gone(&url, &key, &id).await;
    assert!(get(&url, &key, &DeleteInstance { id }).await.already_deleted);
}

#[tokio::test]
async fn an_instance_is_seen_deleting_until_it_is_torn_down() {
    // Made at once, then served so slowly that the teardown does not end while this test looks.
    let folder = tempfile::tempdir().expect("a folder");
    let options = |speed| Options { data: Some(folder.path().to_owned()), speed, ..calm() };
    let server = start(options(0.0)).await;
    let (id, _) = deploy(&server.url(), &server.keys().admin, "slowly").await;
    server.stop().await;
    let server = start(options(0.001)).await;
    let (url, key) = (server.url(), &server.keys().admin);
    assert_eq!(get(&url, key, &DeleteInstance { id: id.clone() }).await.status, Some("deleting".into()));
    assert_eq!(get(&url, key, &GetInstance { id }).await.status, Some("deleting".into()));
    assert_eq!(get(&url, key, &ListInstances).await.instances.len(), 1);
}

#[tokio::test]
async fn a_delete_frees_the_unique_fields_and_keeps_the_trail() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(Options { data: Some(folder.path().to_owned()), ..calm() }).await;
    let (url, key) = (server.url(), server.keys().admin.clone());
    let (id, first) = deploy(&url, &key, "first").await;
    assert_eq!(first.hostname.as_deref(), Some("orchard"));
    let (_, second) = deploy(&url, &key, "second").await;
    assert_eq!(second.hostname.as_deref(), Some("orchard-2"));

    get(&url, &key, &DeleteInstance { id: id.clone() }).await;
    gone(&url, &key, &id).await;
    let (_, third) = deploy(&url, &key, "third").await;
    assert_eq!(third.hostname.as_deref(), Some("orchard"), "the name is free again");

    let trail = get(&url, &key, &PollByKey { key: "first".into() }).await;
    assert_eq!((trail.status, trail.hostname), (Some("deleted".into()), None));
    server.stop().await;

    let db = rusqlite::Connection::open(folder.path().join("platform.db")).expect("the database");
    let one = |sql: &str| db.query_row::<i64, _, _>(sql, [id.as_str()], |row| row.get(0)).expect("a count");
    let freed = "SELECT count(*) FROM instances WHERE id = ?1 AND deleted_at IS NOT NULL AND hostname IS NULL
                 AND vpn_ip IS NULL AND provider_instance_id IS NULL";
    assert_eq!(one(freed), 1);
    assert_eq!(one("SELECT count(*) FROM provision_snapshots WHERE instance_id = ?1"), 1);
    assert_eq!(one("SELECT count(*) FROM log_lines WHERE instance_id = ?1"), 0);
}

#[tokio::test]
async fn a_provisioning_that_is_deleted_never_runs() {
    let server = start(Options { speed: 5.0, ..calm() }).await;
    let (url, key) = (server.url(), server.keys().admin.clone());
    get(&url, &key, &order("stopped")).await;
    let poll = PollByKey { key: "stopped".into() };
    let id = wait_until("it exists", async || get(&url, &key, &poll).await.instance_id).await;
    assert!(!get(&url, &key, &DeleteInstance { id: id.clone() }).await.already_deleted);
    gone(&url, &key, &id).await;
    assert_eq!(get(&url, &key, &poll).await.status, Some("deleted".into()));
}

#[tokio::test]
async fn a_cleanup_deletes_what_failed_and_nothing_else() {
    let server = start(Options { no_failures: false, fleet: Some(14), ..calm() }).await;
    let (url, keys) = (server.url(), server.keys().clone());
    let dead = async |key: &str| {
        let list = get(&url, key, &ListInstances).await.instances;
        list.into_iter().filter(|row| row.status == Some("failed".into())).count() as i64
    };
    let before = dead(&keys.admin).await;
    assert!(before > 0);
    assert_eq!(get(&url, &keys.other_tenant, &Cleanup).await.cleaned, Some(0));
    let cleaned = get(&url, &keys.admin, &Cleanup).await;
    assert_eq!((cleaned.cleaned, cleaned.errors), (Some(before), Some(0)));
    assert_eq!(dead(&keys.admin).await, 0);
    assert_eq!(get(&url, &keys.admin, &Cleanup).await.cleaned, Some(0));
    assert!(get(&url, &keys.admin, &ListInstances).await.instances.len() >= 12);
}
