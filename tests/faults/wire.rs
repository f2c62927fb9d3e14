//! Rows 1 to 4 and 8 to 14: what goes wrong before or between the bytes.

use crate::bench::{Bench, KEY, Looks, desk, offline_since, short};
use crate::certificates::in_a_world_that_trusts;
use nineheads_core::deploys::DeployState;
use nineheads_core::polling::PollerState;
use nineheads_core::{Code, Timeouts};
use nineheads_tests::console::Desk;
use nineheads_tests::misbehaving::{ANYTHING, BlackHole, CREATE, Door, Fault, LIST, Misbehaving};
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

/// Slower than any timeout of these tests.
const SLOW: Duration = Duration::from_millis(100);

/// The same person later: the address of the platform leads somewhere else now, as a network does that changed.
pub(crate) async fn at_another_address(bench: Bench, url: &str) -> Desk {
    let Bench { server, desk, .. } = bench;
    let profile = desk.console.session_view().profile.expect("open");
    let desk = desk
        .restart_after(|folder: &Path| {
            let file = folder.join("profiles.json");
            let text = std::fs::read_to_string(&file).expect("kept");
            std::fs::write(&file, text.replace(&server.url(), url)).expect("it can be written");
        })
        .await;
    desk.secrets.set(&format!("key:{}", profile.id), &format!("{url}\n{KEY}").into()).expect("kept");
    let view = desk.console.open_profile(&profile.id).await.expect("known");
    assert!(!view.needs_credential);
    desk
}

async fn keeps_rows_from_the_cache(desk: &Desk, within: Duration) {
    let started = Instant::now();
    let rows = desk.rows_when(|rows| rows.facts.failure.is_some()).await;
    assert!(started.elapsed() < within, "found after {:?}", started.elapsed());
    assert_eq!(rows.facts.failure.expect("it failed").code, Code::Offline);
    assert_eq!(rows.rows.len(), 8, "browsing goes on");
    assert!(rows.facts.seen_at.is_some() && offline_since(desk).is_some());
}

#[tokio::test]
async fn row_01_a_refused_connection_shows_what_is_known_and_tries_again() {
    let bench = Bench::new().await;
    bench.server.shut().await;
    assert_eq!(bench.endure(async || bench.server.reopen().await).await, Code::Offline);
    bench.finish().await;
}

#[tokio::test]
async fn row_01_a_create_that_was_refused_a_connection_goes_out_later_with_the_same_key() {
    let bench = Bench::for_creates().await;
    bench.server.shut().await;
    bench.resends(async || bench.server.reopen().await).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_02_a_name_that_nobody_knows_shows_what_is_known_and_is_probed_less_and_less_often() {
    let desk = at_another_address(Bench::new().await, "https://nineheads-nowhere.invalid").await;
    keeps_rows_from_the_cache(&desk, Duration::from_secs(6)).await;
    let mut waits: Vec<chrono::TimeDelta> = Vec::new();
    let mut last = None;
    desk.when(|console| {
        let next = console.poller().next_look_at;
        if next != last {
            waits.extend(next.map(|next| next - chrono::Utc::now()));
            last = next;
        }
        (waits.len() >= 5).then_some(())
    })
    .await;
    assert!(waits.last() > waits.first(), "the looks get rarer: {waits:?}");
}

#[tokio::test]
async fn row_02_a_create_whose_name_nobody_knows_is_kept_or_refused_and_never_lost() {
    let desk = at_another_address(Bench::for_creates().await, "https://nineheads-nowhere.invalid").await;
    keeps_rows_from_the_cache(&desk, Duration::from_secs(6)).await;
    refused_or_unsent(&desk).await;
}

/// Nothing gets out: a deploy is refused with that reason, or written down as not sent.
async fn refused_or_unsent(desk: &Desk) {
    match desk.console.start_deploy(crate::bench::order("Nowhere")).await {
        Ok(deploy) => assert_eq!(deploy.state, DeployState::Intent),
        Err(failure) => {
            assert_eq!(failure.code, Code::Offline);
            assert!(desk.console.deploys().expect("readable").is_empty());
        }
    }
}

#[tokio::test]
async fn row_03_no_route_is_offline_within_two_seconds_and_only_probes_go_out() {
    let desk = at_another_address(Bench::new().await, "https://255.255.255.255").await;
    keeps_rows_from_the_cache(&desk, Duration::from_secs(2)).await;
    desk.when(|console| console.poller().next_look_at).await;
}

#[tokio::test]
async fn row_03_a_create_without_a_route_says_that_it_was_not_sent() {
    let desk = at_another_address(Bench::for_creates().await, "https://255.255.255.255").await;
    keeps_rows_from_the_cache(&desk, Duration::from_secs(2)).await;
    refused_or_unsent(&desk).await;
}

#[tokio::test]
async fn row_04_a_connection_that_never_comes_about_ends_with_the_connect_timeout() {
    assert_eq!(Timeouts::default().connect, Duration::from_secs(5));
    let hole = BlackHole::open().await;
    let desk = at_another_address(Bench::new().await, &format!("http://{}", hole.address)).await;
    keeps_rows_from_the_cache(&desk, short().connect + Duration::from_secs(3)).await;
}

#[tokio::test]
async fn row_04_a_create_into_a_black_hole_was_not_sent_and_goes_out_later_with_the_same_key() {
    let bench = Bench::for_creates().await;
    let (host, port) =
        bench.server.url().rsplit_once(':').map(|(_, port)| ("127.0.0.1", port.to_owned())).expect("a port");
    bench.server.shut().await;
    // The same address, where nobody takes a connection.
    let hole = BlackHole::at(format!("{host}:{port}").parse().expect("an address")).await;
    bench
        .resends(async || {
            drop(hole);
            bench.server.reopen().await;
        })
        .await;
    bench.finish().await;
}

#[tokio::test]
async fn row_08_a_handshake_that_stalls_is_given_up_within_ten_seconds() {
    assert!(
        Timeouts::default().connect <= Duration::from_secs(10),
        "name, connection and handshake together"
    );
    let stalling = Misbehaving::start(0).await;
    stalling.set_door(Door::Silent);
    let address = stalling.url().replace("http:", "https:");
    let desk = at_another_address(Bench::new().await, &address).await;
    keeps_rows_from_the_cache(&desk, short().connect + Duration::from_secs(3)).await;
    assert_eq!(stalling.bytes(), 0);
}

#[test]
fn row_08_a_create_whose_handshake_stalled_goes_out_later_with_the_same_key() {
    in_a_world_that_trusts("wire::inner_08_create");
}

#[tokio::test]
#[ignore = "run by row_08"]
async fn inner_08_create() {
    let bench = crate::certificates::trusted_bench().await;
    bench.server.set_door(Door::Silent);
    bench.resends(async || bench.server.mend()).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_09_headers_that_trickle_end_with_the_first_byte_timeout() {
    assert_eq!(Timeouts::default().first_byte, Duration::from_secs(15));
    let bench = Bench::new().await;
    assert_eq!(bench.spoil_list(Fault::trickled_head(SLOW)).await, Code::Offline);
    bench.finish().await;
}

#[tokio::test]
async fn row_09_whoever_wants_a_new_look_does_not_wait_for_the_end_of_one_that_hangs() {
    let server = Misbehaving::start(8).await;
    let (desk, _) = crate::bench::desk_with(Looks::Often, |options| {
        options.timeouts.first_byte = Duration::from_secs(15)
    });
    desk.connect(&server.url(), KEY).await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == 8).await;
    server.set(LIST, Fault::silence());
    desk.when(|console| matches!(console.poller().state, PollerState::Offline { .. }).then_some(())).await;
    server.mend();
    let started = Instant::now();
    desk.console.refresh_fleet().expect("open");
    desk.when(|console| (console.poller().state == PollerState::Live).then_some(())).await;
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[tokio::test]
async fn row_09_a_create_whose_headers_trickle_is_unknown() {
    let bench = Bench::for_creates().await;
    bench.is_unknown(Fault::trickled_head(SLOW)).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_10_a_body_that_stalls_is_given_up() {
    assert_eq!(Timeouts::default().stall, Duration::from_secs(20));
    let bench = Bench::new().await;
    assert_eq!(bench.spoil_list(Fault::stalled_body()).await, Code::Offline);
    bench.finish().await;
}

#[tokio::test]
async fn row_10_a_create_whose_answer_stalls_is_unknown() {
    let bench = Bench::for_creates().await;
    bench.is_unknown(Fault::stalled_body()).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_11_a_reset_before_the_request_was_read_is_tried_again() {
    let bench = Bench::new().await;
    bench.server.set_door(Door::Reset);
    assert_eq!(bench.endure(async || bench.server.mend()).await, Code::Offline);
    bench.finish().await;
}

#[test]
fn row_11_a_create_whose_connection_was_reset_before_it_was_written_goes_out_with_the_same_key() {
    in_a_world_that_trusts("wire::inner_11_create");
}

#[tokio::test]
#[ignore = "run by row_11"]
async fn inner_11_create() {
    let bench = crate::certificates::trusted_bench().await;
    bench.server.set_door(Door::Reset);
    bench.resends(async || bench.server.mend()).await;
    bench.finish().await;
}

#[tokio::test]
async fn row_12_a_reset_after_the_request_is_tried_again() {
    let bench = Bench::new().await;
    // A person's own question asks three times in all.
    let config = "GET /v1/instances/row-1/config";
    bench.server.set_times(config, Fault::reset(), 2);
    let id = "row-1".into();
    bench.desk.console.open_config(&id).await.expect("the third attempt is answered");
    assert_eq!(bench.server.count(config), 3);
    assert_eq!(bench.spoil_list(Fault::reset()).await, Code::Offline);
    bench.finish().await;
}

#[tokio::test]
async fn row_12_a_create_whose_answer_was_reset_is_unknown_and_never_sent_blindly() {
    let bench = Bench::for_creates().await;
    bench.is_unknown(Fault::reset()).await;
    bench.finish().await;
}

/// Two rows only: were it believed, six would vanish.
const TWO: &str = r#"{"instances":[{"id":"row-0"},{"id":"row-1"}]}"#;
/// A create's good answer.
const TAKEN: &str = r#"{"task_id":"task-1","instance_id":null}"#;

fn broken_bodies(body: &str) -> [Fault; 3] {
    [Fault::reset_in_body(), Fault::too_short(body), Fault::truncated_gzip(body)]
}

#[tokio::test]
async fn row_13_half_a_body_is_discarded_whole_and_the_old_list_stays() {
    let bench = Bench::new().await;
    for fault in broken_bodies(TWO) {
        assert_eq!(bench.spoil_list(fault).await, Code::Offline);
    }
    bench.finish().await;
}

#[tokio::test]
async fn row_13_a_create_with_half_an_answer_is_unknown() {
    for fault in broken_bodies(TAKEN) {
        let bench = Bench::for_creates().await;
        bench.is_unknown(fault).await;
        bench.finish().await;
    }
}

#[tokio::test]
async fn row_14_pieces_without_an_end_are_discarded_whole() {
    let bench = Bench::new().await;
    for fault in [Fault::chunked_without_end(TWO), Fault::chunked_for_ever(TWO)] {
        assert_eq!(bench.spoil_list(fault).await, Code::Offline);
    }
    bench.finish().await;
}

#[tokio::test]
async fn row_14_a_create_whose_pieces_have_no_end_is_unknown() {
    for fault in [Fault::chunked_without_end(TAKEN), Fault::chunked_for_ever(TAKEN)] {
        let bench = Bench::for_creates().await;
        bench.is_unknown(fault).await;
        bench.finish().await;
    }
}

#[tokio::test]
async fn a_server_that_never_answers_anything_is_waited_for_no_longer_than_the_timeouts() {
    let (desk, _) = desk(Looks::Often, std::sync::Arc::new(nineheads_core::secrets::MemoryStore::default()));
    let server = Misbehaving::start(1).await;
    server.set(ANYTHING, Fault::silence());
    let started = Instant::now();
    assert_eq!(crate::bench::code(desk.connect(&server.url(), KEY).await), Code::Offline);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert!(server.count(LIST) <= 3 && server.count(CREATE) == 0);
    assert_eq!(desk.console.poller().state, PollerState::Idle);
}
