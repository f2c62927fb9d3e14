//! Rows 5 to 7: certificates that do not hold, and those that hold only where their authority is trusted.

use crate::bench::{Bench, KEY, Looks, ROWS, code, desk, order};
use crate::process::{given_folder, in_folder, run_alone};
use crate::wire::at_another_address;
use nineheads_core::secrets::MemoryStore;
use nineheads_core::{CertificateProblem, Code};
use nineheads_tests::console::Desk;
use nineheads_tests::misbehaving::{ANYTHING, Authority, CREATE, Misbehaving, Served};
use std::sync::Arc;
use std::time::Duration;

/// Runs an ignored test in a process whose system trusts the authority that the inner test makes.
#[track_caller]
pub(crate) fn in_a_world_that_trusts(name: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    run_alone(name, |command| {
        in_folder(command, folder.path());
        command.env("SSL_CERT_FILE", folder.path().join("authority.pem"));
        command.env_remove("SSL_CERT_DIR");
    });
}

/// An authority that this process trusts: its file is in place before the first connection is made.
fn trusted() -> Authority {
    let authority = Authority::new();
    authority.write(&given_folder().join("authority.pem"));
    authority
}

/// A console before a server over TLS, in a process that trusts it.
pub(crate) async fn trusted_bench() -> Bench {
    let served = trusted().vouch(&["127.0.0.1"]);
    Bench::of(Misbehaving::start_tls(ROWS as usize, &served).await, Looks::Once).await
}

/// A first connection, then a known profile whose server's certificate went bad, then a create: refused each time, with the
/// reason, without a byte of a request, and without an endless loop of attempts.
async fn is_a_hard_stop(server: Misbehaving, problem: CertificateProblem, at: Option<&str>) {
    let is_it = |code: &Code| {
        let Code::BadCertificate { problem: found, host, at: date } = code else { return false };
        let date = date.map(|date| date.to_rfc3339()).unwrap_or_default();
        *found == problem && host == "127.0.0.1" && at.is_none_or(|at| date.starts_with(at))
    };
    let (fresh, _) = desk(Looks::Often, Arc::new(MemoryStore::default()));
    let refused = fresh.connect(&server.url(), KEY).await.expect_err("it is refused");
    assert!(is_it(&refused.code), "{refused:?}");
    assert_eq!(server.connections(), 1, "a person's call is not repeated either");

    let desk = at_another_address(Bench::new().await, &server.url()).await;
    let rows = desk.rows_when(|rows| rows.facts.failure.is_some()).await;
    let refused = rows.facts.failure.expect("it failed");
    assert!(is_it(&refused.code), "{refused:?}");
    assert_eq!(rows.rows.len(), ROWS as usize, "what is known can still be read");
    let tried = settled(&desk, &server).await;
    assert!(tried <= 4, "a hard stop, no loop: {tried} connections");
    let create = code(desk.console.start_deploy(order("Never")).await);
    assert!(is_it(&create), "{create:?}");
    assert!(desk.console.deploys().expect("readable").is_empty());
    assert_eq!((server.count(ANYTHING), server.count(CREATE)), (0, 0), "no request was ever sent");
}

/// How many connections there are once nobody looks any more for a while.
async fn settled(desk: &Desk, server: &Misbehaving) -> usize {
    let before = server.connections();
    let _ = tokio::time::timeout(Duration::from_millis(1500), desk.when(|_| None::<()>)).await;
    server.connections() - before
}

#[tokio::test]
async fn row_05_an_expired_certificate_is_a_hard_stop_that_names_host_and_date() {
    let expired = Authority::new().vouch_between(&["127.0.0.1"], 2019, 2021);
    is_a_hard_stop(
        Misbehaving::start_tls(1, &expired).await,
        CertificateProblem::Expired,
        Some("2021-01-01"),
    )
    .await;
}

#[tokio::test]
async fn row_06_a_certificate_that_vouches_for_itself_is_a_hard_stop() {
    let served = Served::self_signed("127.0.0.1");
    is_a_hard_stop(Misbehaving::start_tls(1, &served).await, CertificateProblem::NotTrusted, None).await;
}

#[test]
fn row_06_a_certificate_of_another_host_is_a_hard_stop() {
    in_a_world_that_trusts("certificates::inner_06_wrong_host");
}

#[tokio::test]
#[ignore = "run by row_06"]
async fn inner_06_wrong_host() {
    let served = trusted().vouch(&["other.example"]);
    is_a_hard_stop(Misbehaving::start_tls(1, &served).await, CertificateProblem::WrongHost, None).await;
}

#[tokio::test]
async fn row_07_a_proxy_with_an_authority_of_its_own_is_refused_where_nobody_trusts_it() {
    let served = Authority::new().vouch(&["127.0.0.1"]);
    is_a_hard_stop(Misbehaving::start_tls(1, &served).await, CertificateProblem::NotTrusted, None).await;
}

#[test]
fn row_07_a_proxy_whose_authority_the_system_trusts_works_for_reads_and_creates() {
    in_a_world_that_trusts("certificates::inner_07_trusted");
}

#[tokio::test]
#[ignore = "run by row_07"]
async fn inner_07_trusted() {
    let bench = trusted_bench().await;
    let deploy = bench.deploy("Through the proxy").await.expect("accepted");
    bench.deploy_when(&deploy, nineheads_core::deploys::DeployState::Ready).await;
    assert_eq!(bench.server.created(), 1);
    bench.finish().await;
}
