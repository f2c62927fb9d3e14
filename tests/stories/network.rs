//! The way out: a proxy, a company's own authority, and a test that names the layer at fault. The platform stands behind
//! a proxy of ours here, since what is on this computer is never reached by one.

use super::{code, platform};
use nineheads_core::diagnosis::DiagnosisResult;
use nineheads_core::network::{NetworkFinding, NetworkLayer, NetworkStep};
use nineheads_core::profiles::{CertificateChange, CredentialKind, ProfileEdit, Proxy, ProxyLogin};
use nineheads_core::{CertificateProblem, Code};
use nineheads_tests::console::Desk;
use nineheads_tests::proxy::{Gate, Tunnel};

const COMPANY: &str = include_str!("../support/tls/company.pem");
const ADDRESS: &str = "https://platform.example";

fn by(tunnel: &Tunnel) -> ProfileEdit {
    ProfileEdit { proxy: Proxy::Manual { url: tunnel.url(), has_login: false }, ..ProfileEdit::default() }
}

fn trusting(desk: &Desk, edit: ProfileEdit) -> ProfileEdit {
    let label = desk.console.pick_certificate(COMPANY).expect("a certificate");
    ProfileEdit { certificate: CertificateChange::Set { sha256: label.sha256 }, ..edit }
}

async fn test(desk: &Desk, address: &str, edit: &ProfileEdit, key: Option<&str>) -> Vec<NetworkStep> {
    let secret = key.map(|key| (CredentialKind::ApiKey, key));
    let mut seen = Vec::new();
    let steps = desk
        .console
        .test_connection(None, address, edit, secret, |step| seen.push(step))
        .await
        .expect("walks");
    assert_eq!(seen, steps, "each layer is told as it is known");
    assert_eq!(steps.len(), 6);
    steps
}

/// The layer at fault with what was found; what lies behind it was not reached.
fn fault(steps: &[NetworkStep]) -> (NetworkLayer, NetworkFinding) {
    let at = steps.iter().position(|step| step.result == DiagnosisResult::Failed).expect("something fails");
    assert!(steps[at + 1..].iter().all(|step| step.finding == NetworkFinding::NotReached), "{steps:?}");
    (steps[at].layer, steps[at].finding)
}

#[tokio::test]
async fn a_companys_authority_is_trusted_where_the_profile_has_it_and_nowhere_else() {
    let (desk, server) = (Desk::new(), platform(3).await);
    let key = server.keys().admin.clone();
    let tunnel = Tunnel::to(&server.url(), Gate::Open, "platform").await;
    let connect = async |edit: ProfileEdit| {
        desk.console.connect_with(ADDRESS, &edit, CredentialKind::ApiKey, &key).await
    };
    let refused = code(connect(by(&tunnel)).await);
    assert!(
        matches!(refused, Code::BadCertificate { problem: CertificateProblem::NotTrusted, .. }),
        "nobody whom the system trusts has signed it: {refused:?}"
    );
    let sent = server.counts().all();
    assert_eq!(sent, 0, "and no key has left");
    let profile = connect(trusting(&desk, by(&tunnel))).await.expect("trusted").profile.expect("open");
    assert_eq!(profile.certificate.as_ref().map(|label| label.count), Some(1));
    desk.rows_when(|rows| rows.facts.total == 3).await;

    let desk = desk.restart().await;
    assert_eq!(desk.console.open_profile(&profile.id).await.expect("known").lock, None);
    desk.rows_when(|rows| rows.facts.failure.is_none() && rows.facts.total == 3).await;
    // Taken away again, it is trusted no more, and the open session goes by it at once.
    let without = ProfileEdit { certificate: CertificateChange::Remove, name: "x".into(), ..by(&tunnel) };
    desk.console.update_profile(&profile.id, &without).await.expect("saved");
    desk.rows_when(|rows| rows.facts.failure.is_some()).await;
}

#[tokio::test]
async fn each_fault_of_a_certificate_is_named_with_its_host_and_its_day() {
    let (desk, server) = (Desk::new(), platform(1).await);
    for (certificate, trusted, finding) in [
        ("platform", false, NetworkFinding::UnknownIssuer),
        ("expired", true, NetworkFinding::Expired),
        ("other", true, NetworkFinding::WrongHost),
    ] {
        let tunnel = Tunnel::to(&server.url(), Gate::Open, certificate).await;
        let edit = if trusted { trusting(&desk, by(&tunnel)) } else { by(&tunnel) };
        let steps = test(&desk, ADDRESS, &edit, Some("hc_live_never_sent_anywhere")).await;
        assert_eq!(fault(&steps), (NetworkLayer::Tls, finding));
        let step = &steps[3];
        assert_eq!(step.host, "platform.example");
        let day = step.date.map(|date| date.format("%Y-%m-%d").to_string());
        assert_eq!(day.as_deref(), (finding == NetworkFinding::Expired).then_some("2021-02-03"));
    }
    assert_eq!(server.counts().all(), 0, "the key leaves only when everything before it holds");
}

#[tokio::test]
async fn a_proxy_that_refuses_one_that_wants_a_login_and_one_that_is_not_there_are_three_things() {
    let (desk, server) = (Desk::new(), platform(1).await);
    let refusing = Tunnel::to(&server.url(), Gate::Refuses, "platform").await;
    let steps = test(&desk, ADDRESS, &trusting(&desk, by(&refusing)), None).await;
    assert_eq!(fault(&steps), (NetworkLayer::Proxy, NetworkFinding::ProxyRefuses));
    let asking =
        Tunnel::to(&server.url(), Gate::Login { user: "me", password: "canary-password" }, "platform").await;
    let steps = test(&desk, ADDRESS, &trusting(&desk, by(&asking)), None).await;
    assert_eq!(fault(&steps), (NetworkLayer::Proxy, NetworkFinding::ProxyWantsLogin));
    let login = ProxyLogin::Set { user: "me".into(), password: "canary-password".into() };
    let steps = test(&desk, ADDRESS, &ProfileEdit { login, ..trusting(&desk, by(&asking)) }, None).await;
    assert!(steps.iter().all(|step| step.result != DiagnosisResult::Failed), "{steps:?}");
    let gone = ProfileEdit {
        proxy: Proxy::Manual { url: "http://127.0.0.1:9".into(), has_login: false },
        ..ProfileEdit::default()
    };
    let steps = test(&desk, ADDRESS, &gone, None).await;
    assert_eq!(fault(&steps), (NetworkLayer::Connect, NetworkFinding::NoConnection));
    let nobody = ProfileEdit {
        proxy: Proxy::Manual { url: "http://nobody.invalid:3128".into(), has_login: false },
        ..ProfileEdit::default()
    };
    assert_eq!(
        fault(&test(&desk, ADDRESS, &nobody, None).await),
        (NetworkLayer::Name, NetworkFinding::NoSuchName)
    );
}

#[tokio::test]
async fn a_proxys_login_is_kept_like_a_key_and_goes_to_no_other_proxy() {
    let (desk, server) = (Desk::new(), platform(2).await);
    let key = server.keys().admin.clone();
    let gate = Gate::Login { user: "me", password: "canary-password" };
    let tunnel = Tunnel::to(&server.url(), gate, "platform").await;
    let login = ProxyLogin::Set { user: "me".into(), password: "canary-password".into() };
    let edit = ProfileEdit { login, ..trusting(&desk, by(&tunnel)) };
    let connected =
        desk.console.connect_with(ADDRESS, &edit, CredentialKind::ApiKey, &key).await.expect("connects");
    let profile = connected.profile.expect("open");
    assert!(matches!(profile.proxy, Proxy::Manual { has_login: true, .. }));

    let desk = desk.restart().await;
    assert_eq!(desk.console.open_profile(&profile.id).await.expect("known").lock, None);
    desk.rows_when(|rows| rows.facts.failure.is_none() && rows.facts.total == 2).await;
    let text = std::fs::read_to_string(desk.folder().join("profiles.json")).expect("reads");
    assert!(!text.contains("canary-password") && !text.contains("\"me\""), "not in the list of profiles");

    let other = Tunnel::to(&server.url(), Gate::Open, "platform").await;
    let moved = ProfileEdit { name: "x".into(), ..by(&other) };
    let moved = desk.console.update_profile(&profile.id, &moved).await.expect("saved");
    assert!(matches!(moved.proxy, Proxy::Manual { has_login: false, .. }));
    desk.when(|_| (other.heads().len() > 1).then_some(())).await;
    assert!(other.heads().iter().all(|head| !head.to_lowercase().contains("proxy-authorization")));
}

#[tokio::test]
async fn a_key_that_is_refused_and_something_that_is_not_the_api_are_named() {
    let (desk, server) = (Desk::new(), platform(1).await);
    let edit = ProfileEdit::default();
    let steps = test(&desk, &server.url(), &edit, Some(&server.keys().admin)).await;
    assert!(steps.iter().all(|step| step.result != DiagnosisResult::Failed), "{steps:?}");
    let steps = test(&desk, &server.url(), &edit, Some("hc_live_wrong")).await;
    assert_eq!(fault(&steps), (NetworkLayer::Key, NetworkFinding::KeyRefused));
    let steps = test(&desk, &format!("{}/nothing", server.url()), &edit, Some("hc_live_wrong")).await;
    assert_eq!(fault(&steps), (NetworkLayer::Api, NetworkFinding::NotOurApi));
    let steps = test(&desk, &server.url(), &edit, None).await;
    assert_eq!(steps[5].finding, NetworkFinding::NoKey);
    let url = server.url();
    server.stop().await;
    assert_eq!(fault(&test(&desk, &url, &edit, None).await).0, NetworkLayer::Connect);
}

#[tokio::test]
async fn a_kept_key_is_tested_against_its_own_address_alone() {
    let (desk, server, other) = (Desk::new(), platform(1).await, platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let profile = desk.console.session_view().profile.expect("open");
    let edit = ProfileEdit::default();
    let walk = async |url: &str| {
        desk.console.test_connection(Some(&profile.id), url, &edit, None, |_| {}).await.expect("walks")
    };
    assert_eq!(walk(&server.url()).await[5].finding, NetworkFinding::Accepted);
    assert_eq!(walk(&other.url()).await[5].finding, NetworkFinding::NoKey);
}

#[tokio::test]
async fn a_page_can_not_make_anybody_trust_what_no_person_picked() {
    let (desk, server) = (Desk::new(), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = desk.console.session_view().profile.expect("open").id;
    let elsewhere = Desk::new().console.pick_certificate(COMPANY).expect("a certificate");
    let edit = ProfileEdit {
        certificate: CertificateChange::Set { sha256: elsewhere.sha256 },
        ..ProfileEdit::default()
    };
    assert!(matches!(code(desk.console.update_profile(&id, &edit).await), Code::Invalid { .. }));
    let tested = desk.console.test_connection(Some(&id), &server.url(), &edit, None, |_| {}).await;
    assert!(matches!(code(tested), Code::Invalid { .. }));
    assert_eq!(desk.console.profiles()[0].certificate, None);
}
