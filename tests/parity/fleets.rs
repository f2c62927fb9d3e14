//! The fleet a fresh store begins with, how it is polled, and the folder that processes share.

use nineheads_contract::instances::ListInstances;
use nineheads_platform::{LocalOptions, Options, ServeError, open_local, serve};
use nineheads_tests::platform::{calm, deploy, get, request, start};
use reqwest::StatusCode;
use std::collections::HashSet;

#[tokio::test]
async fn a_fleet_of_ten_thousand_has_exactly_ten_thousand() {
    let server = start(Options { fleet: Some(10_000), ..calm() }).await;
    let (url, keys) = (server.url(), server.keys().clone());
    let mine = get(&url, &keys.admin, &ListInstances).await;
    assert_eq!((mine.instances.len(), mine.skipped), (10_000, 0));
    let hosts: HashSet<_> = mine.instances.iter().filter_map(|row| row.hostname.as_deref()).collect();
    assert_eq!(hosts.len(), 10_000);
    assert_eq!(get(&url, &keys.other_tenant, &ListInstances).await.instances.len(), 2);
    let one = get(&url, &keys.customer, &ListInstances).await.instances.len();
    let other = get(&url, &keys.other_customer, &ListInstances).await.instances.len();
    assert!(one > other && one + other == 10_000);
    assert_eq!(server.counts().created, 0);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_fleet_and_another_seed_another() {
    let ids = async |seed| {
        let server = start(Options { fleet: Some(20), seed, ..calm() }).await;
        let list = get(&server.url(), &server.keys().admin, &ListInstances).await;
        list.instances.into_iter().map(|row| row.id).collect::<HashSet<_>>()
    };
    assert_eq!(ids(7).await, ids(7).await);
    assert!(ids(7).await.is_disjoint(&ids(8).await));
}

#[tokio::test]
async fn an_unchanged_list_is_not_sent_again() {
    let server = start(Options { fleet: Some(5), ..calm() }).await;
    let (url, key) = (server.url(), server.keys().admin.clone());
    let ask = async |etag: Option<&reqwest::header::HeaderValue>| {
        let request = request(&url, &ListInstances).header("X-Api-Key", &key);
        let request = match etag {
            Some(etag) => request.header("If-None-Match", etag),
            None => request,
        };
        request.send().await.expect("an answer")
    };
    let etag = ask(None).await.headers()["etag"].clone();
    let again = ask(Some(&etag)).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(again.headers()["etag"], etag);
    deploy(&url, &key, "something new").await;
    let changed = ask(Some(&etag)).await;
    assert_eq!(changed.status(), StatusCode::OK);
    assert_ne!(changed.headers()["etag"], etag);
}

#[tokio::test]
async fn a_store_that_is_not_fresh_keeps_what_it_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = |fleet| Options { data: Some(folder.path().to_owned()), fleet, ..calm() };
    let first = start(options(Some(3))).await;
    deploy(&first.url(), &first.keys().admin, "mine").await;
    first.stop().await;
    let second = start(options(Some(50))).await;
    let list = get(&second.url(), &second.keys().admin, &ListInstances).await;
    assert_eq!(list.instances.len(), 4);
}

#[tokio::test]
async fn only_this_computer_is_listened_to() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        let listen = address.parse().expect("an address");
        let refused = serve(Options { listen, ..calm() }).await;
        assert!(matches!(refused, Err(ServeError::NotLoopback(_))), "{address}");
    }
}

#[tokio::test]
async fn a_dropped_platform_is_gone() {
    let server = start(calm()).await;
    let url = server.url();
    // A connection that is kept alive must not outlive the server either.
    let client = reqwest::Client::new();
    assert_eq!(client.get(format!("{url}/v1/instances")).send().await.expect("an answer").status(), 401);
    drop(server);
    nineheads_tests::platform::wait_until("nobody answers", async || {
        client.get(format!("{url}/v1/instances")).send().await.is_err().then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_second_opener_of_a_folder_uses_the_platform_of_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = || LocalOptions { speed: 0.0, ..LocalOptions::default() };
    let first = open_local(folder.path(), options()).await.expect("a platform");
    assert!(first.server.is_some());
    assert!(!format!("{first:?}").contains(&first.key));
    let second = open_local(folder.path(), options()).await.expect("the same platform");
    assert!(second.server.is_none());
    assert_eq!((&second.url, &second.key), (&first.url, &first.key));
    assert_eq!(get(&second.url, &second.key, &ListInstances).await.instances.len(), 12);

    let endpoint = folder.path().join("endpoint.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&endpoint).expect("written").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // The guest leaves, and nothing changes for the host.
    second.stop().await;
    assert_eq!(get(&first.url, &first.key, &ListInstances).await.instances.len(), 12);
    let old_key = first.key.clone();
    first.stop().await;
    assert!(!endpoint.exists());

    let third = open_local(folder.path(), options()).await.expect("a platform of its own");
    assert!(third.server.is_some());
    assert_ne!(third.key, old_key);
    assert_eq!(get(&third.url, &third.key, &ListInstances).await.instances.len(), 12);
}
