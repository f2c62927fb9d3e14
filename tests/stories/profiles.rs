//! Several platforms side by side: how careful each is, how they travel, and that one that is forgotten leaves nothing.

use super::{code, platform, request};
use nineheads_contract::ENDPOINTS;
use nineheads_contract::chat::ReplyPart;
use nineheads_core::config::{ConfigDraft, ConfigEdit};
use nineheads_core::contract::InstanceId;
use nineheads_core::deploys::DeployState;
use nineheads_core::profiles::{
    CertificateChange, CredentialKind, Profile, ProfileEdit, Proxy, ProxyLogin, Purpose, Safety,
    THIS_COMPUTER,
};
use nineheads_core::session::LockReason;
use nineheads_core::{AddressProblem, Code, Console};
use nineheads_platform::{Counts, Fault, FaultRule, Server};
use nineheads_tests::console::Desk;
use serde_json::json;

fn open(console: &Console) -> Profile {
    console.session_view().profile.expect("open")
}

/// The same profile, changed in what a test cares about.
fn edit(profile: &Profile) -> ProfileEdit {
    let Profile { name, hue, purpose, safety, proxy, .. } = profile.clone();
    ProfileEdit { name, hue: Some(hue), purpose, safety, proxy, ..ProfileEdit::default() }
}

async fn set_safety(console: &Console, safety: Safety) {
    let profile = open(console);
    console.update_profile(&profile.id, &ProfileEdit { safety, ..edit(&profile) }).await.expect("saved");
}

fn writes(counts: &Counts) -> u64 {
    ENDPOINTS
        .into_iter()
        .filter(|endpoint| !endpoint.method.is_safe())
        .map(|endpoint| counts.of(endpoint.name))
        .sum()
}

async fn first(desk: &Desk, total: u32) -> InstanceId {
    desk.rows_when(|rows| rows.facts.total == total).await.rows[0].id.clone()
}

/// Tries every write there is, and returns what each was refused with.
async fn try_every_write(console: &Console, id: &InstanceId) -> Vec<(&'static str, Code)> {
    let fields = |value: serde_json::Value| value.as_object().cloned().expect("an object");
    let order = request(console, "Never made").await;
    let pass = |_: ReplyPart| {};
    let plan = console.open_config(id).await.expect("reading is allowed");
    let edits = vec![ConfigEdit { path: vec!["never".into()], value: Some("true".into()) }];
    let draft = ConfigDraft { base: plan.version.id, text: None, edits };
    let plan = console.plan_config(id, &draft, &[]).await.expect("comparing is allowed");
    vec![
        ("update_config", code(console.save_config(id, &plan.id).await)),
        ("create_instance", code(console.start_deploy(order).await)),
        ("create_instance", code(console.resend_deploy(&"never".into()).await)),
        ("delete_instance", code(console.delete_instance(id).await)),
        ("apply_updates", code(console.apply_updates(id).await)),
        ("rotate_agent_key", code(console.rotate_key(id).await)),
        ("cleanup_instances", code(console.run_cleanup(&[]).await)),
        (
            "patch_platform_config",
            code(console.patch_platform_config(id, fields(json!({"name": "x"}))).await),
        ),
        ("update_model_policy", code(console.update_model_policy(id, fields(json!({"default": "x"}))).await)),
        ("update_consent", code(console.set_consent(id, true, "to read along").await)),
        ("chat", code(console.send_message(id, "one".into(), "hello".into(), pass).await)),
    ]
}

#[tokio::test]
async fn a_read_only_profile_changes_nothing_over_there_by_any_way() {
    let (desk, server) = (Desk::new(), platform(3).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = first(&desk, 3).await;
    set_safety(&desk.console, Safety::ReadOnly).await;
    let tried = try_every_write(&desk.console, &id).await;
    for (operation, code) in &tried {
        assert_eq!(*code, Code::ReadOnly, "{operation}");
    }
    assert_eq!(writes(&server.counts()), 0, "not one request that changes anything has left");
    let names = tried.iter().map(|(operation, _)| *operation);
    let missing: Vec<_> = ENDPOINTS
        .iter()
        .filter(|endpoint| !endpoint.method.is_safe())
        .map(|endpoint| endpoint.name)
        .filter(|name| !names.clone().any(|tried| tried == *name))
        .collect();
    assert!(missing.is_empty(), "a new write is tried here, too: {missing:?}");
    assert!(desk.console.deploys().expect("open").is_empty(), "nothing waits to be sent later");
}

#[tokio::test]
async fn how_careful_a_profile_is_changes_at_once_and_without_asking_anything_anew() {
    let (desk, server) = (Desk::new(), platform(2).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = first(&desk, 2).await;
    set_safety(&desk.console, Safety::ReadOnly).await;
    assert_eq!(code(desk.console.delete_instance(&id).await), Code::ReadOnly);
    // Questions are the screens' business: here they let through.
    for safety in [Safety::Confirm, Safety::ConfirmByName, Safety::Full] {
        set_safety(&desk.console, safety).await;
        assert_eq!(open(&desk.console).safety, safety);
    }
    desk.console.delete_instance(&id).await.expect("allowed again");
    let desk = desk.restart().await;
    assert_eq!(desk.console.last_profile().expect("kept").safety, Safety::Full);
}

#[tokio::test]
async fn a_profile_for_support_starts_read_only_whatever_was_asked_for() {
    let (desk, server) = (Desk::new(), platform(1).await);
    let wish = ProfileEdit { purpose: Purpose::Support, safety: Safety::Full, ..ProfileEdit::default() };
    let view = desk
        .console
        .connect_with(&server.url(), &wish, CredentialKind::ApiKey, &server.keys().admin)
        .await
        .expect("connects");
    let profile = view.profile.expect("open");
    assert_eq!((profile.purpose, profile.safety), (Purpose::Support, Safety::ReadOnly));
    let id = first(&desk, 1).await;
    assert_eq!(code(desk.console.delete_instance(&id).await), Code::ReadOnly);
}

#[tokio::test]
async fn a_deploy_that_was_confirmed_before_waits_while_the_profile_is_read_only() {
    let (desk, server) = (Desk::new(), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let order = request(&desk.console, "Waits").await;
    server.faults().set(vec![FaultRule::new("create_instance", Fault::retry_after(429, "1"))]);
    let deploy = desk.console.start_deploy(order).await.expect("taken down");
    desk.when(|console| {
        console.deploy(&deploy.key).ok().filter(|deploy| deploy.state == DeployState::Intent)
    })
    .await;
    set_safety(&desk.console, Safety::ReadOnly).await;
    server.faults().set(Vec::new());
    let before = server.counts().of("create_instance");
    let looks = server.counts().of("list_instances");
    desk.when(|_| (server.counts().of("list_instances") > looks + 10).then_some(())).await;
    assert!(server.counts().of("create_instance") <= before + 1, "at most what was on its way");
    assert_eq!(server.counts().created, 0);
    set_safety(&desk.console, Safety::Full).await;
    desk.console.check_deploy(&deploy.key).expect("known");
    desk.when(|_| (server.counts().created == 1).then_some(())).await;
}

#[tokio::test]
async fn names_colours_and_order_are_kept_and_a_name_is_tidied() {
    let (desk, server) = (Desk::new(), platform(1).await);
    for name in ["One", "Two"] {
        let (url, key) = (server.url(), server.keys().admin.clone());
        let connected = desk.console.connect_platform(&url, name, CredentialKind::ApiKey, &key);
        connected.await.expect("connects");
    }
    desk.console
        .open_this_computer(&server.url(), &server.keys().admin, "This computer")
        .await
        .expect("opens");
    let profile = open(&desk.console);
    let renamed = ProfileEdit {
        name: " My\u{202e} desk\n".into(),
        hue: Some(725),
        safety: Safety::Confirm,
        ..edit(&profile)
    };
    desk.console.update_profile(THIS_COMPUTER, &renamed).await.expect("saved");
    let mut ids: Vec<_> = desk.console.profiles().into_iter().map(|profile| profile.id).collect();
    ids.reverse();
    desk.console.order_profiles(&ids).expect("ordered");

    let desk = desk.restart().await;
    assert_eq!(desk.console.profiles().iter().map(|profile| profile.id.clone()).collect::<Vec<_>>(), ids);
    desk.console
        .open_this_computer(&server.url(), &server.keys().admin, "This computer")
        .await
        .expect("opens");
    let profile = open(&desk.console);
    assert_eq!((profile.name.as_str(), profile.hue, profile.safety), ("My desk", 5, Safety::Confirm));
    let long = ProfileEdit { name: "x".repeat(81), ..edit(&profile) };
    assert!(matches!(code(desk.console.update_profile(THIS_COMPUTER, &long).await), Code::Invalid { .. }));
}

async fn connected(desk: &Desk, server: &Server) -> Profile {
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    open(&desk.console)
}

#[tokio::test]
async fn what_travels_holds_no_secret_and_arrives_without_one() {
    let (desk, server) = (Desk::new(), platform(1).await);
    let profile = connected(&desk, &server).await;
    let login = ProxyLogin::Set { user: "canary-user".into(), password: "canary-password".into() };
    let proxy = Proxy::Manual { url: "http://proxy.example:3128".into(), has_login: false };
    let change =
        ProfileEdit { proxy, login, safety: Safety::ConfirmByName, name: "North".into(), ..edit(&profile) };
    desk.console.update_profile(&profile.id, &change).await.expect("saved");
    let text = desk.console.export_profiles().expect("exported");
    for canary in [
        &server.keys().admin,
        "canary-user",
        "canary-password",
        &server.keys().admin[server.keys().admin.len() - 4..],
    ] {
        assert!(!text.contains(canary), "{canary}");
    }

    let other = Desk::new();
    let report = other.console.import_profiles(&text).expect("imported");
    assert_eq!((report.added, report.known.len(), report.refused.len()), (vec!["North".to_owned()], 0, 0));
    let arrived = other.console.profiles().remove(0);
    assert_eq!((arrived.safety, arrived.credential.clone()), (Safety::ConfirmByName, None));
    assert_eq!(
        other.console.open_profile(&arrived.id).await.expect("known").lock,
        Some(LockReason::NoCredential)
    );
    let again = other.console.import_profiles(&text).expect("imported");
    assert_eq!((again.added.len(), again.known.len()), (0, 1), "what comes twice is there once");
}

#[tokio::test]
async fn a_hostile_file_gains_nothing_from_a_profile_that_is_here() {
    let (desk, server) = (Desk::new(), platform(1).await);
    let profile = connected(&desk, &server).await;
    set_safety(&desk.console, Safety::ReadOnly).await;
    let hostile = json!({"nineheads": "profiles", "version": 1, "profiles": [
        {"id": profile.id, "name": profile.name, "baseUrl": "https://evil.example"},
        {"id": profile.id, "name": "Mine now", "baseUrl": profile.base_url, "safety": "full",
         "proxy": {"type": "manual", "url": "http://evil.example:1", "hasLogin": false}},
        {"id": THIS_COMPUTER, "name": "This computer", "baseUrl": "https://evil.example", "purpose": "own"},
        {"id": "../../x", "name": "Plain", "baseUrl": "http://evil.example"},
        "nothing",
    ]});
    let report = desk.console.import_profiles(&hostile.to_string()).expect("read");
    assert_eq!((report.added.len(), report.known.len(), report.refused.len()), (2, 1, 2));
    assert_eq!(report.refused[0].failure.code, Code::BadAddress { problem: AddressProblem::NotSecure });
    let kept = desk.console.profiles();
    let before = kept.iter().find(|known| known.id == profile.id).expect("still here");
    assert_eq!(
        (before.base_url.as_str(), before.safety, &before.proxy),
        (profile.base_url.as_str(), Safety::ReadOnly, &Proxy::System)
    );
    for stranger in kept.iter().filter(|known| known.base_url.contains("evil")) {
        assert!(uuid::Uuid::parse_str(&stranger.id).is_ok(), "an id of our own: {}", stranger.id);
        assert_eq!(
            desk.console.open_profile(&stranger.id).await.expect("known").lock,
            Some(LockReason::NoCredential)
        );
    }
}

#[tokio::test]
async fn a_forgotten_profile_leaves_nothing_in_the_folder_nor_in_the_keystore() {
    let (desk, server) = (Desk::new(), platform(4).await);
    let profile = connected(&desk, &server).await;
    let id = first(&desk, 4).await;
    let picked =
        desk.console.pick_certificate(include_str!("../support/tls/company.pem")).expect("a certificate");
    let change = ProfileEdit {
        name: "Canary tenant".into(),
        proxy: Proxy::Manual { url: "http://proxy.example:3128".into(), has_login: false },
        login: ProxyLogin::Set { user: "canary-user".into(), password: "canary-password".into() },
        certificate: CertificateChange::Set { sha256: picked.sha256 },
        ..edit(&profile)
    };
    desk.console.update_profile(&profile.id, &change).await.expect("saved");
    desk.console.set_budget("fleet", Some("12.50")).expect("kept");
    desk.console.import_catalog(r#"{"tiers": []}"#).ok();
    let order = request(&desk.console, "Canary agent").await;
    let deploy = desk.console.start_deploy(order).await.expect("sent");
    desk.when(|console| console.deploy(&deploy.key).ok().filter(|deploy| deploy.state == DeployState::Ready))
        .await;
    desk.console.set_draft(&format!("chat:{}", id.as_str()), Some("canary draft")).expect("kept");
    // What was set aside of its cache belongs to it, too.
    std::fs::write(desk.folder().join(format!("cache-{}.db.bad-20260101", profile.id)), "x")
        .expect("written");

    desk.console.forget_profile(&profile.id).await.expect("forgotten");
    for entry in ["key", "cache", "proxy"] {
        let name = format!("{entry}:{}", profile.id);
        assert!(desk.secrets.get(&name).expect("memory").is_none(), "{name}");
    }
    let canaries = [
        profile.id.as_str(),
        "Canary tenant",
        "Canary agent",
        "canary-password",
        "proxy.example",
        &profile.base_url,
    ];
    for path in desk.folder().read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(!name.contains(&profile.id), "{name} stays behind");
        // The ledger says for ever what was done from this computer.
        if name.starts_with("ledger") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("reads");
        for canary in canaries {
            assert!(
                !bytes.windows(canary.len()).any(|window| window == canary.as_bytes()),
                "{canary} in {name}"
            );
        }
    }
    assert!(desk.restart().await.console.profiles().is_empty());
}
