//! Conversations under consent, usage and budgets, policies and platform configuration, acts and their traces.

use super::{code, platform};
use nineheads_core::Code;
use nineheads_core::Event;
use nineheads_core::admin::CleanupOutcome;
use nineheads_core::consent::ConsentState;
use nineheads_core::contract::{ConversationId, InstanceId};
use nineheads_core::diagnosis::{DiagnosisFinding, DiagnosisResult};
use nineheads_core::history::HistoryKind;
use nineheads_core::logs::{LogFormat, LogQuery};
use nineheads_core::model_policy::{PolicyPushed, PolicySource};
use nineheads_core::notebook::Prompt;
use nineheads_core::usage::BudgetLevel;
use nineheads_platform::{Fault, FaultRule, Options, Server, serve};
use nineheads_tests::console::Desk;
use serde_json::{Map, Value, json};

async fn opened() -> (Desk, Server, InstanceId) {
    let (desk, server) = (Desk::new(), platform(4).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let rows = desk.rows_when(|rows| rows.facts.counts.running > 0).await;
    let running =
        rows.rows.iter().find(|row| row.status.as_ref().is_some_and(|status| status.0 == "running"));
    let id = running.expect("one runs").id.clone();
    (desk, server, id)
}

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

#[tokio::test]
async fn conversations_are_locked_until_consent_and_purged_when_it_ends() {
    let (desk, _server, id) = opened().await;
    let console = &desk.console;
    assert_eq!(console.consent(&id).expect("known").state, ConsentState::Unknown);
    assert!(matches!(code(console.list_conversations(&id, 20).await), Code::NotAllowed { .. }));
    assert_eq!(console.consent(&id).expect("known").state, ConsentState::Locked);
    // A grant says what for.
    assert!(matches!(code(console.set_consent(&id, true, " ").await), Code::Invalid { .. }));
    let granted = console.set_consent(&id, true, "support request 17").await.expect("granted");
    assert_eq!(
        (granted.state, granted.purpose.as_deref()),
        (ConsentState::Granted, Some("support request 17"))
    );
    let list = console.list_conversations(&id, 100).await.expect("readable");
    let first = list.rows.first().expect("the demo talked before");
    assert!(first.readable && first.message_count.is_some());
    let talk = console.conversation(&id, &ConversationId(first.id.clone())).await.expect("readable");
    assert!(
        talk.messages.iter().any(|message| message.role.as_deref() == Some("user") && message.text.is_some())
    );
    let revoked = console.set_consent(&id, false, "").await.expect("revoked");
    assert_eq!(revoked.state, ConsentState::Locked);
    assert_eq!(revoked.purged, 2, "the list and the transcript");
    assert!(console.list_conversations(&id, 20).await.is_err());
}

#[tokio::test]
async fn a_refusal_purges_what_was_cached_also_when_somebody_else_revoked() {
    let (desk, server, id) = opened().await;
    desk.console.set_consent(&id, true, "support").await.expect("granted");
    desk.console.list_conversations(&id, 20).await.expect("readable");
    let away = || vec![FaultRule::new("list_conversations", Fault::status(503))];
    server.faults().set(away());
    assert!(desk.console.list_conversations(&id, 20).await.is_ok(), "from the cache while consent holds");
    server.faults().set(vec![FaultRule::new("list_conversations", Fault::status(403))]);
    assert!(desk.console.list_conversations(&id, 20).await.is_err());
    server.faults().set(away());
    assert!(desk.console.list_conversations(&id, 20).await.is_err(), "nothing is left");
}

#[tokio::test]
async fn an_id_that_leads_elsewhere_is_never_asked_for() {
    let (desk, server, id) = opened().await;
    let strange = ConversationId("../../admin?x=".into());
    assert!(matches!(code(desk.console.conversation(&id, &strange).await), Code::NotFound { .. }));
    assert_eq!(server.counts().of("get_conversation"), 0);
}

#[tokio::test]
async fn usage_comes_with_the_days_before_a_forecast_and_exact_sums() {
    let (desk, _server, id) = opened().await;
    let today = chrono::Utc::now().date_naive();
    let from = today - chrono::TimeDelta::days(6);
    let week = desk.console.usage(&id, &from.to_string(), &today.to_string()).await.expect("answered");
    assert_eq!(week.days.len(), 7);
    assert!(week.days[6].unfinished && !week.days[5].unfinished);
    let cents = |cost: &str| {
        let (whole, part) = cost.split_once('.').unwrap_or((cost, ""));
        format!("{whole}{part:0<6}").parse::<i64>().expect("a decimal")
    };
    let sum: i64 = week.days.iter().filter_map(|day| day.cost.as_deref()).map(cents).sum();
    assert_eq!(cents(week.totals.cost.as_deref().expect("known")), sum);
    assert!(week.unique_users.is_some());
    let refused = desk.console.usage(&id, "2026-13-01", "2026-01-01").await;
    assert!(matches!(code(refused), Code::Invalid { .. }));
}

#[tokio::test]
async fn the_fleets_usage_grows_with_what_was_fetched_and_the_walk_tells_how_far_it_is() {
    let (desk, server, _) = opened().await;
    assert_eq!(desk.console.fleet_usage().expect("known").fetched, 0);
    let mut events = desk.console.events();
    desk.console.fetch_fleet_usage().expect("begins");
    let view = desk
        .when(|console| {
            console.fleet_usage().ok().filter(|view| view.fetched == view.total && view.run.is_none())
        })
        .await;
    assert_eq!(view.total, 4);
    assert!(view.cost.is_some() && view.dearest.len() == 4);
    let mut told = 0;
    while let Ok(event) = events.try_recv() {
        told += usize::from(matches!(event, Event::FleetUsageChanged { run: Some(_), .. }));
    }
    assert!(told >= 3, "progress was told {told} times");
    let asked = server.counts().of("get_usage");
    desk.console.fetch_fleet_usage().expect("begins");
    assert_eq!(server.counts().of("get_usage"), asked, "what is fresh is not asked again");
}

#[tokio::test]
async fn a_budget_warns_and_is_there_after_a_restart() {
    let (desk, server, id) = opened().await;
    let today = chrono::Utc::now().date_naive().to_string();
    desk.console.usage(&id, &today, &today).await.expect("answered");
    assert!(matches!(code(desk.console.set_budget(id.as_str(), Some("-1"))), Code::Invalid { .. }));
    let budgets = desk.console.set_budget(id.as_str(), Some("0.000001")).expect("set");
    assert_eq!(budgets[0].level, BudgetLevel::Over);
    desk.console.set_budget("fleet", Some("1000000")).expect("set");
    let key = server.keys().admin.clone();
    let desk = desk.restart().await;
    desk.connect(&server.url(), &key).await.expect("connects");
    // Another connection is another profile: budgets belong to the one they were set in.
    assert!(desk.console.budgets().expect("known").is_empty());
    let first = desk.console.profiles()[0].id.clone();
    desk.console.open_profile(&first).await.expect("opens");
    let scopes: Vec<_> =
        desk.console.budgets().expect("known").into_iter().map(|budget| budget.scope).collect();
    assert_eq!(scopes.len(), 2);
    desk.console.set_budget("fleet", None).expect("removed");
    assert_eq!(desk.console.budgets().expect("known").len(), 1);
}

#[tokio::test]
async fn a_policy_is_known_from_the_configuration_sent_whole_and_seen_to_arrive() {
    let (desk, _server, id) = opened().await;
    let known = desk.console.model_policy(&id).await.expect("known");
    assert_eq!(known.source, PolicySource::Config);
    let mut policy = known.policy.expect("the agent has one");
    policy.insert("primary".into(), json!("openai/gpt-6-mini"));
    policy.insert("budget_usd".into(), json!(5));
    let saved = desk.console.update_model_policy(&id, policy).await.expect("stored");
    assert_eq!(saved.pushed, PolicyPushed::Pushed);
    let again = desk.console.model_policy(&id).await.expect("known").policy.expect("known");
    assert_eq!((&again["primary"], &again["budget_usd"]), (&json!("openai/gpt-6-mini"), &json!(5)));
}

#[tokio::test]
async fn only_the_touched_fields_of_the_platform_configuration_change() {
    let (desk, _server, id) = opened().await;
    let before = desk.console.platform_config(&id).await.expect("read").config.expect("there").value;
    let saved = desk
        .console
        .patch_platform_config(&id, fields(json!({"skills": ["notes", {"name": "maps", "pinned": true}]})))
        .await
        .expect("stored");
    assert!(saved.differs.is_empty());
    assert_eq!(saved.config.value.skills[1]["pinned"], true);
    assert_eq!(saved.config.value.channels, before.channels);
    let masked = fields(json!({"channels": {"telegram": {"token": "***"}}}));
    let refused = desk.console.patch_platform_config(&id, masked).await;
    assert!(
        matches!(code(refused), Code::Invalid { fields, .. } if fields[0].loc == ["channels", "telegram", "token"])
    );
    let now = desk.console.platform_config(&id).await.expect("read").config.expect("there").value;
    assert_eq!(now.channels, before.channels, "a mask is never stored");
    let uses = desk.console.skill_use().expect("known");
    assert_eq!((uses.read, uses.total), (1, 4));
    assert!(uses.skills.iter().any(|skill| skill.name == "maps" && skill.instances[0].id == id));
}

#[tokio::test]
async fn what_was_done_and_what_changed_stands_in_the_history_and_among_the_log() {
    let (desk, server, id) = opened().await;
    desk.console.watch_instance(&id).expect("open");
    desk.when(|console| console.history(&id).ok().filter(|history| !history.sightings.is_empty())).await;
    desk.console.apply_updates(&id).await.expect("applied");
    desk.console.rotate_key(&id).await.expect("rotated");
    let acts: Vec<_> = desk
        .console
        .history(&id)
        .expect("kept")
        .changes
        .into_iter()
        .filter(|entry| entry.kind == HistoryKind::Act)
        .filter_map(|entry| entry.to)
        .collect();
    assert_eq!(acts, ["rotate_agent_key", "apply_updates"]);
    desk.console.watch_logs(&id).await.expect("open");
    let query = LogQuery { with_changes: true, ..LogQuery::default() };
    let window = desk.console.show_logs(&id, &query, 0, 500).await.expect("shown");
    assert!(window.rows.iter().any(|row| row.change.is_some()) && window.total > 0);
    let mut out = Vec::new();
    desk.console.export_logs(&id, &query, LogFormat::Text, true, &mut out).expect("written");
    assert_eq!(String::from_utf8(out).expect("text").lines().count(), window.matched as usize);
    drop(server);
}

#[tokio::test]
async fn a_clean_up_is_planned_from_the_list_and_says_what_became_of_each() {
    let options = Options { fleet: Some(40), speed: 0.0, ..Options::default() };
    let (desk, server) = (Desk::new(), serve(options).await.expect("it starts"));
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == 40).await;
    let plan = desk.console.plan_cleanup().await.expect("planned");
    assert!(!plan.candidates.is_empty(), "a fleet of forty has some dead");
    assert_eq!(server.counts().of("cleanup_instances"), 0);
    let expected: Vec<_> = plan.candidates.iter().map(|candidate| candidate.id.clone()).collect();
    let done = desk.console.run_cleanup(&expected).await.expect("cleaned");
    assert_eq!(done.cleaned, u32::try_from(expected.len()).ok());
    assert!(done.results.iter().all(|result| result.outcome != CleanupOutcome::StillThere));
    assert_eq!(done.results.len(), expected.len());
}

#[tokio::test]
async fn a_diagnosis_walks_to_the_channels_and_stops_where_it_breaks() {
    let (desk, server, id) = opened().await;
    let mut told = 0;
    let steps = desk.console.diagnose_instance(&id, |_| told += 1).await.expect("walked");
    assert_eq!((steps.len(), told), (7, 7));
    assert!(steps.iter().all(|step| step.result != DiagnosisResult::Failed), "{steps:?}");
    server.faults().set(vec![FaultRule::new("get_api_key_context", Fault::CaptivePortal)]);
    let steps = desk.console.diagnose_instance(&id, |_| ()).await.expect("walked");
    assert_eq!(steps[2].finding, DiagnosisFinding::NotOurApi);
    assert_eq!(steps[6].finding, DiagnosisFinding::NotReached);
    server.faults().set(Vec::new());
    let never = InstanceId::from("00000000-0000-4000-8000-000000000000");
    let steps = desk.console.diagnose_instance(&never, |_| ()).await.expect("walked");
    assert_eq!(steps[4].finding, DiagnosisFinding::Gone);
    server.stop().await;
    let steps = desk.console.diagnose_instance(&id, |_| ()).await.expect("walked");
    assert_eq!(
        (steps[1].result, steps[1].finding),
        (DiagnosisResult::Failed, DiagnosisFinding::ConnectFailed)
    );
}

#[tokio::test]
async fn prompts_are_kept_on_this_computer() {
    let desk = Desk::new();
    let prompt = |title: &str| Prompt {
        id: "1".into(),
        title: title.into(),
        text: "Summarise the day".into(),
        updated_at: chrono::Utc::now(),
    };
    assert!(matches!(code(desk.console.save_prompt(&prompt(" "))), Code::Invalid { .. }));
    desk.console.save_prompt(&prompt("Day")).expect("kept");
    let desk = desk.restart().await;
    assert_eq!(desk.console.prompts().expect("kept")[0].title, "Day");
    assert!(desk.console.delete_prompt("1").expect("gone").is_empty());
}
