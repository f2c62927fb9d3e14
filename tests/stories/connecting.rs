//! First start: what can be wrong is told apart.

use super::{code, platform};
use nineheads_core::polling::PollerState;
use nineheads_core::profiles::{CredentialKind, Kept};
use nineheads_core::{AddressProblem, Code};
use nineheads_platform::{Fault, FaultRule};
use nineheads_tests::console::Desk;

#[tokio::test]
async fn a_wrong_address_is_told_apart_before_anything_is_sent() {
    let desk = Desk::new();
    for (address, problem) in [
        ("not an address", AddressProblem::NotAUrl),
        ("http://example.com", AddressProblem::NotSecure),
        ("https://me:secret@example.com", AddressProblem::Userinfo),
    ] {
        assert_eq!(code(desk.connect(address, "key").await), Code::BadAddress { problem });
    }
}

#[tokio::test]
async fn no_server_is_offline() {
    let desk = Desk::new();
    let server = platform(0).await;
    let url = server.url();
    server.stop().await;
    assert_eq!(code(desk.connect(&url, "some-key").await), Code::Offline);
}

#[tokio::test]
async fn a_server_that_is_not_this_api_is_named_as_such() {
    let (desk, server) = (Desk::new(), platform(1).await);
    let key = server.keys().admin.clone();
    let wrong_prefix = format!("{}/nothing/here", server.url());
    assert_eq!(code(desk.connect(&wrong_prefix, &key).await), Code::NotOurApi { redirect: None });
    for fault in [Fault::CaptivePortal, Fault::body(404, "text/html", "<html>gone</html>")] {
        server.faults().set(vec![FaultRule::new("list_instances", fault)]);
        assert_eq!(code(desk.connect(&server.url(), &key).await), Code::NotOurApi { redirect: None });
    }
    for fault in [Fault::Empty, Fault::Json(serde_json::Value::Null), Fault::Json(serde_json::json!([]))] {
        server.faults().set(vec![FaultRule::new("list_instances", fault)]);
        assert_eq!(code(desk.connect(&server.url(), &key).await), Code::Unreadable);
    }
}

#[tokio::test]
async fn a_refused_key_and_a_key_without_the_right_are_two_things() {
    let (desk, server) = (Desk::new(), platform(1).await);
    assert_eq!(code(desk.connect(&server.url(), "hc_live_wrong").await), Code::CredentialRefused);
    server.faults().set(vec![FaultRule::new("list_instances", Fault::status(403))]);
    let refused = code(desk.connect(&server.url(), &server.keys().admin).await);
    assert!(matches!(refused, Code::NotAllowed { scope: Some(scope), .. } if scope == "instances:read"));
    assert!(desk.console.profiles().is_empty(), "what failed is not kept");
}

#[tokio::test]
async fn a_key_is_kept_in_the_keystore_for_exactly_its_address_and_a_token_is_not() {
    let server = platform(2).await;
    let key = server.keys().admin.clone();
    let desk = Desk::new();
    desk.connect(&server.url(), &format!("  {key}\n")).await.expect("a pasted key is trimmed");
    let profile = desk.console.session_view().profile.expect("open");
    let label = profile.credential.clone().expect("labelled");
    assert_eq!((label.kept, label.last_four.as_str()), (Kept::Keystore, &key[key.len() - 4..]));

    let desk = desk.restart().await;
    assert_eq!(desk.console.last_profile().as_ref(), Some(&profile));
    assert!(!desk.console.open_profile(&profile.id).await.expect("known").needs_credential);
    desk.rows_when(|rows| rows.facts.total == 2).await;

    let token = desk
        .console
        .connect_platform(&server.url(), "", CredentialKind::BearerToken, &key)
        .await
        .expect("a token works");
    let profile = token.profile.expect("open");
    assert_eq!(profile.credential.expect("labelled").kept, Kept::ThisRun);
    let desk = desk.restart().await;
    assert!(desk.console.open_profile(&profile.id).await.expect("known").needs_credential);
}

#[tokio::test]
async fn no_file_of_the_console_holds_the_key_or_a_name_of_the_fleet() {
    let (desk, server) = (Desk::new(), platform(12).await);
    let key = server.keys().admin.clone();
    desk.connect(&server.url(), &key).await.expect("connects");
    let rows = desk.rows_when(|rows| rows.facts.total == 12).await;
    let name = rows.rows[0].agent_name.clone().expect("the demo names its agents");
    desk.console.close_session().await;
    for entry in desk.folder().read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let bytes = std::fs::read(&entry).expect("reads");
        for canary in [key.as_bytes(), name.as_bytes()] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary), "{}", entry.display());
        }
    }
}

#[tokio::test]
async fn a_401_stops_all_polling_within_one_request_and_a_new_key_starts_it_again() {
    let (desk, server) = (Desk::new(), platform(3).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = desk.rows_when(|rows| rows.facts.total == 3).await.rows[0].id.clone();
    desk.console.watch_instance(&id).expect("open");
    server.faults().set(vec![FaultRule::new("*", Fault::status(401))]);
    desk.when(|console| console.session_view().needs_credential.then_some(())).await;
    assert_eq!(desk.console.poller().state, PollerState::Refused);
    // Whatever was on its way has ended; from here on nothing is asked.
    desk.when(|_| (server.counts().all() > 0).then_some(())).await;
    let settled = server.counts().all();
    for _ in 0..20 {
        desk.console.refresh_fleet().expect("harmless");
        tokio::task::yield_now().await;
    }
    assert!(server.counts().all() <= settled + 2, "at most what was already on its way");

    server.faults().set(Vec::new());
    let profile = desk.console.session_view().profile.expect("still there");
    desk.console
        .renew_credential(&profile.id, CredentialKind::ApiKey, &server.keys().admin)
        .await
        .expect("renewed");
    assert!(!desk.console.session_view().needs_credential);
    desk.rows_when(|rows| rows.facts.failure.is_none() && rows.facts.total == 3).await;
}

#[tokio::test]
async fn a_403_marks_that_one_operation_and_nothing_else() {
    let (desk, server) = (Desk::new(), platform(2).await);
    desk.connect(&server.url(), &server.keys().read_only).await.expect("reading is enough");
    let id = desk.rows_when(|rows| rows.facts.total == 2).await.rows[0].id.clone();
    let refused = code(desk.console.delete_instance(&id).await);
    assert!(matches!(refused, Code::NotAllowed { scope: Some(scope), .. } if scope == "instances:delete"));
    let denied = desk.console.session_view().denied;
    assert_eq!(
        denied.iter().map(|denied| denied.operation.as_str()).collect::<Vec<_>>(),
        ["delete_instance"]
    );
    assert_eq!(desk.console.poller().state, PollerState::Live);
}

#[tokio::test]
async fn an_open_instance_is_watched_on_after_its_key_was_renewed() {
    let (desk, server) = (Desk::new(), platform(3).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = desk.rows_when(|rows| rows.facts.total == 3).await.rows[0].id.clone();
    desk.console.watch_instance(&id).expect("open");
    let profile = desk.console.session_view().profile.expect("open");
    desk.console
        .renew_credential(&profile.id, CredentialKind::ApiKey, &server.keys().admin)
        .await
        .expect("renewed");
    let before = server.counts().of("get_instance");
    desk.when(|_| (server.counts().of("get_instance") > before + 2).then_some(())).await;
    desk.console.forget_watches();
    desk.when(|console| console.instance(&id).ok().filter(|view| view.detail.is_some())).await;
}

#[tokio::test]
async fn switching_away_and_back_asks_for_no_token_again() {
    let (desk, first, second) = (Desk::new(), platform(1).await, platform(2).await);
    let token = |server: &nineheads_platform::Server| (server.url(), server.keys().admin.clone());
    let mut ids = Vec::new();
    for (url, key) in [token(&first), token(&second)] {
        let view = desk
            .console
            .connect_platform(&url, "", CredentialKind::BearerToken, &key)
            .await
            .expect("connects");
        ids.push(view.profile.expect("open").id);
    }
    assert!(!desk.console.open_profile(&ids[0]).await.expect("known").needs_credential);
    desk.rows_when(|rows| rows.facts.total == 1).await;
}
