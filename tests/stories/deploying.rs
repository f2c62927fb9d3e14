//! Making instances: one confirmation, one server, whatever happens on the way.

use super::{code, platform, request};
use nineheads_core::choices::ChoiceSource;
use nineheads_core::contract::deploys::NewInstance;
use nineheads_core::deploys::{Deploy, DeployState};
use nineheads_core::polling::PollerState;
use nineheads_core::profiles::CredentialKind;
use nineheads_core::{Code, Console};
use nineheads_platform::{Fault, FaultRule, Options, Server, serve};
use nineheads_tests::console::Desk;

async fn desk_at(server: &Server) -> Desk {
    let desk = Desk::new();
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.rows_when(|rows| rows.facts.seen_at.is_some()).await;
    desk
}

async fn settled(desk: &Desk, deploy: &Deploy) -> Deploy {
    desk.when(|console| console.deploy(&deploy.key).ok().filter(|deploy| deploy.state.is_settled())).await
}

fn field_of(code: Code) -> Vec<String> {
    match code {
        Code::Invalid { fields, .. } => {
            fields.iter().filter_map(|field| field.field().map(str::to_owned)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_deploy_is_unknown_in_the_profile_of_another_platform() {
    let (one, other) = (platform(0).await, platform(0).await);
    let desk = desk_at(&one).await;
    let key = desk.console.start_deploy(request(&desk.console, "Orchard").await).await.expect("accepted").key;
    desk.connect(&other.url(), &other.keys().admin).await.expect("connects");
    let console = &desk.console;
    let answers = [
        console.deploy(&key).map(drop),
        console.check_deploy(&key).map(drop),
        console.resend_deploy(&key).await.map(drop),
        console.dismiss_deploy(&key),
        console.deploy_logs(&key, 0).await.map(drop),
    ];
    for answer in answers {
        assert!(matches!(answer.expect_err("not here").code, Code::NotFound { .. }));
    }
    assert_eq!(other.counts().of("create_instance") + other.counts().of("poll_by_key"), 0);
}

#[tokio::test]
async fn a_deploy_goes_through_its_stages_to_a_running_instance_on_the_fleet() {
    let server = serve(Options { fleet: Some(2), speed: 200.0, no_failures: true, ..Options::default() })
        .await
        .expect("starts");
    let desk = desk_at(&server).await;
    let deploy = desk.console.start_deploy(request(&desk.console, "Orchard").await).await.expect("accepted");
    assert_eq!(deploy.state, DeployState::Accepted);
    let ready = settled(&desk, &deploy).await;
    assert_eq!(ready.state, DeployState::Ready);
    assert!(ready.task_id.is_some() && ready.log_count > 0);
    assert_eq!(ready.stages.first().map(|mark| mark.stage.as_str()), Some("created"));
    assert_eq!(ready.stages.last().map(|mark| mark.stage.as_str()), Some("ready"));
    assert!(!desk.console.deploy_logs(&ready.key, 0).await.expect("a log").lines.is_empty());
    let rows = desk.rows_when(|rows| rows.facts.total == 3).await;
    assert!(rows.rows.iter().any(|row| row.agent_name.as_deref() == Some("Orchard")));
    assert_eq!(server.counts().created, 1);
}

#[tokio::test]
async fn a_lost_answer_is_found_again_by_its_key_and_makes_no_second_instance() {
    for fault in [Fault::CutAfterCommit, Fault::Cut] {
        let server = platform(1).await;
        let desk = desk_at(&server).await;
        server.faults().set(vec![FaultRule::new("create_instance", fault).times(1)]);
        let deploy =
            desk.console.start_deploy(request(&desk.console, "Lost").await).await.expect("written down");
        assert_eq!(deploy.state, DeployState::Unknown);
        assert_eq!(settled(&desk, &deploy).await.state, DeployState::Ready);
        assert_eq!((server.counts().created, server.counts().of("create_instance")), (1, 1));
    }
}

#[tokio::test]
async fn every_unclear_answer_is_asked_after_and_never_sent_again_blindly() {
    for fault in [
        Fault::status(500),
        Fault::body(502, "text/html", "<html>"),
        Fault::CaptivePortal,
        Fault::Empty,
        Fault::Json(serde_json::json!({})),
    ] {
        let server = platform(1).await;
        let desk = desk_at(&server).await;
        server.faults().set(vec![FaultRule::new("create_instance", fault.clone())]);
        let deploy =
            desk.console.start_deploy(request(&desk.console, "Unclear").await).await.expect("written down");
        assert_eq!(deploy.state, DeployState::Unknown, "{fault:?}");
        desk.when(|_| (server.counts().of("poll_by_key") >= 3).then_some(())).await;
        assert_eq!(server.counts().of("create_instance"), 1, "{fault:?}");
        assert_eq!(desk.console.deploy(&deploy.key).expect("kept").state, DeployState::Unknown);
    }
}

#[tokio::test]
async fn while_an_outcome_is_unknown_the_same_request_gets_no_second_key() {
    let server = platform(1).await;
    let desk = desk_at(&server).await;
    server.faults().set(vec![FaultRule::new("create_instance", Fault::status(500))]);
    let new = request(&desk.console, "Twice").await;
    let first = desk.console.start_deploy(new.clone()).await.expect("written down");
    assert_eq!(code(desk.console.start_deploy(new).await), Code::DeployOpen { key: first.key.clone() });
    assert!(matches!(code(desk.console.dismiss_deploy(&first.key)), Code::DeployOpen { .. }));
    let other = desk
        .console
        .start_deploy(request(&desk.console, "Another").await)
        .await
        .expect("another request is free");
    assert_ne!(other.key, first.key);
}

#[tokio::test]
async fn a_refusal_names_its_field_and_leaves_nothing_behind() {
    let server = platform(1).await;
    let desk = desk_at(&server).await;
    let new = NewInstance { tier_id: "Starter".into(), ..request(&desk.console, "No").await };
    assert_eq!(field_of(code(desk.console.start_deploy(new).await)), ["tier_id"]);
    assert!(desk.console.deploys().expect("readable").is_empty());
    assert_eq!(server.counts().created, 0);
}

#[tokio::test]
async fn what_is_asked_to_wait_waits_and_then_sends_the_same_key() {
    let server = platform(1).await;
    let desk = desk_at(&server).await;
    let new = request(&desk.console, "Patient").await;
    server.faults().set(vec![FaultRule::new("create_instance", Fault::retry_after(429, "1")).times(1)]);
    let deploy = desk.console.start_deploy(new).await.expect("written down");
    assert_eq!(deploy.state, DeployState::Intent);
    let ready = settled(&desk, &deploy).await;
    assert_eq!(
        (ready.state, server.counts().created, server.counts().of("create_instance")),
        (DeployState::Ready, 1, 2)
    );
}

#[tokio::test]
async fn an_app_that_ends_in_the_middle_goes_on_with_the_same_deploy() {
    let server = serve(Options { fleet: Some(1), speed: 60.0, no_failures: true, ..Options::default() })
        .await
        .expect("starts");
    let desk = desk_at(&server).await;
    let deploy = desk.console.start_deploy(request(&desk.console, "Survivor").await).await.expect("accepted");
    let profile = desk.console.session_view().profile.expect("open").id;
    let desk = desk.restart().await;
    desk.console.open_profile(&profile).await.expect("known");
    let found = desk.console.deploys().expect("readable");
    assert_eq!(found.iter().map(|deploy| &deploy.key).collect::<Vec<_>>(), [&deploy.key]);
    assert_eq!(settled(&desk, &deploy).await.state, DeployState::Ready);
    assert_eq!((server.counts().created, server.counts().of("create_instance")), (1, 1));
}

#[tokio::test]
async fn a_double_click_makes_one_instance_whether_the_answer_comes_or_not() {
    for fault in [None, Some(Fault::CutAfterCommit), Some(Fault::Slow { slow_ms: 300 })] {
        let server = platform(0).await;
        let desk = desk_at(&server).await;
        let new = request(&desk.console, "Click").await;
        let press = |console: Console| {
            let new = new.clone();
            async move { console.start_deploy(new).await }
        };
        let rules = fault.clone().map(|fault| FaultRule::new("create_instance", fault).times(1));
        server.faults().set(rules.into_iter().collect::<Vec<_>>());
        let (a, b) = tokio::join!(press(desk.console.clone()), press(desk.console.clone()));
        let (a, b) = (a.expect("confirmed"), b.expect("the same one"));
        assert_eq!(a.key, b.key, "{fault:?}");
        assert_eq!(settled(&desk, &a).await.state, DeployState::Ready);
        assert_eq!((server.counts().created, server.counts().of("create_instance")), (1, 1), "{fault:?}");
    }
}

#[tokio::test]
async fn a_new_key_in_the_middle_of_a_slow_create_makes_no_second_instance() {
    let server = platform(1).await;
    let desk = desk_at(&server).await;
    server.faults().set(vec![FaultRule::new("create_instance", Fault::Slow { slow_ms: 400 })]);
    let new = request(&desk.console, "Slow").await;
    let profile = desk.console.session_view().profile.expect("open").id;
    let (console, admin) = (desk.console.clone(), server.keys().admin.clone());
    let create = tokio::spawn(async move { console.start_deploy(new).await });
    desk.when(|_| (server.counts().of("create_instance") == 1).then_some(())).await;
    desk.console.renew_credential(&profile, CredentialKind::ApiKey, &admin).await.expect("renewed");
    let deploy = create.await.expect("no panic").expect("accepted");
    assert_eq!(settled(&desk, &deploy).await.state, DeployState::Ready);
    assert_eq!((server.counts().created, server.counts().of("create_instance")), (1, 1));
}

#[tokio::test]
async fn an_answer_about_the_key_that_says_nothing_proves_nothing() {
    let server = platform(1).await;
    let desk = desk_at(&server).await;
    server.faults().set(vec![
        FaultRule::new("create_instance", Fault::CutBefore),
        FaultRule::new("poll_by_key", Fault::Json(serde_json::json!({}))),
    ]);
    let deploy = desk.console.start_deploy(request(&desk.console, "Mute").await).await.expect("written down");
    desk.when(|_| (server.counts().of("poll_by_key") >= 3).then_some(())).await;
    assert_eq!(desk.console.deploy(&deploy.key).expect("kept").state, DeployState::Unknown);
    assert_eq!(server.counts().of("create_instance"), 1);
}

#[tokio::test]
async fn a_503_that_names_a_time_is_waited_for() {
    let server = platform(1).await;
    let desk = desk_at(&server).await;
    let new = request(&desk.console, "Later").await;
    server.faults().set(vec![FaultRule::new("create_instance", Fault::retry_after(503, "600"))]);
    let deploy = desk.console.start_deploy(new).await.expect("written down");
    assert_eq!(deploy.state, DeployState::Intent);
    assert!(matches!(desk.console.poller().state, PollerState::Waiting { .. }));
    let asked = server.counts().all();
    for _ in 0..20 {
        desk.console.refresh_fleet().expect("harmless");
        tokio::task::yield_now().await;
    }
    assert!(server.counts().all() <= asked + 1, "at most what was on its way");
    assert_eq!(server.counts().of("create_instance"), 1);
}

#[tokio::test]
async fn what_can_not_be_written_down_is_not_sent() {
    let server = platform(1).await;
    let desk = Desk::new();
    let journal = desk.folder().join("journal.db");
    let desk = {
        // The journal's place is taken by a folder: it can not be opened.
        let secrets = desk.secrets.clone();
        std::fs::remove_file(&journal).expect("there was one");
        std::fs::create_dir(&journal).expect("a folder in its place");
        drop(secrets);
        desk.restart().await
    };
    desk.connect(&server.url(), &server.keys().admin).await.expect("reading works");
    desk.rows_when(|rows| rows.facts.total == 1).await;
    let new = NewInstance { region_id: "eu-central".into(), tier_id: "x".into(), ..NewInstance::default() };
    assert_eq!(code(desk.console.start_deploy(new).await), Code::Storage);
    assert_eq!(server.counts().of("create_instance"), 0);
}

#[tokio::test]
async fn a_failed_provisioning_says_why_and_can_be_put_away() {
    let server = platform(1).await;
    let desk = desk_at(&server).await;
    let failed = serde_json::json!({"found": true, "status": "failed", "error_message": "no capacity", "bootstrap_stage": "configuring"});
    server.faults().set(vec![FaultRule::new("poll_by_key", Fault::Json(failed))]);
    let deploy = desk.console.start_deploy(request(&desk.console, "Sad").await).await.expect("accepted");
    let failed = settled(&desk, &deploy).await;
    assert_eq!((failed.state, failed.error_message.as_deref()), (DeployState::Failed, Some("no capacity")));
    desk.console.dismiss_deploy(&deploy.key).expect("settled");
    assert!(desk.console.deploys().expect("readable").is_empty());
}

#[tokio::test]
async fn the_preview_is_the_request_and_holds_no_key() {
    let server = platform(1).await;
    let desk = desk_at(&server).await;
    let new = NewInstance {
        agent_name: Some("  Marlow's  ".into()),
        recipe_id: Some(" ".into()),
        ..request(&desk.console, "").await
    };
    let preview = desk.console.preview_deploy(new).expect("a preview");
    let body: serde_json::Value = serde_json::from_str(&preview.json).expect("JSON");
    assert_eq!(body["agent_name"], "Marlow's");
    assert!(body.get("recipe_id").is_none() && body.get("idempotency_key").is_none());
    assert_eq!(preview.url, format!("{}/v1/instances", server.url()));
}

#[tokio::test]
async fn an_imported_catalog_is_offered_behind_what_the_platform_says() {
    let server = platform(1).await;
    let desk = desk_at(&server).await;
    let catalog =
        r#"{"regions": [{"id": "mars-north", "name": "Mars"}], "customers": ["c-1"], "notes": "kept"}"#;
    desk.console.import_catalog(catalog).expect("a catalog");
    let choices = desk.console.choices().await.expect("choices");
    let region = choices.regions.last().expect("at least the catalog's");
    assert_eq!(
        (region.id.as_str(), region.name.as_deref(), region.source),
        ("mars-north", Some("Mars"), ChoiceSource::Catalog)
    );
    assert!(choices.regions.len() > 1, "the fleet's come first");
    assert_eq!(choices.customers.last().map(|customer| customer.id.as_str()), Some("c-1"));
    assert!(matches!(code(desk.console.import_catalog("[]")), Code::Invalid { .. }));
}
