//! Creating: nothing is there at first, then exactly one instance, whatever is repeated and whoever is killed.

use nineheads_contract::deploys::PollByKey;
use nineheads_contract::instances::ListInstances;
use nineheads_contract::{IdempotencyKey, logs};
use nineheads_platform::Options;
use nineheads_tests::platform::{
    TIER, ask, calm, deploy, get, order, settled, start, start_calm, wait_until,
};
use serde_json::{Value, json};

fn poll(key: &str) -> PollByKey {
    PollByKey { key: IdempotencyKey::from(key) }
}

#[tokio::test]
async fn a_create_answers_before_anything_exists() {
    // So slow that the worker takes nothing up while this test runs.
    let server = start(Options { speed: 0.001, ..calm() }).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let accepted = get(&url, key, &order("patience")).await;
    assert_eq!(accepted.idempotency_key, Some(IdempotencyKey::from("patience")));
    assert!(accepted.instance_id.is_none() && accepted.task_id.is_some());
    assert!(get(&url, key, &poll("patience")).await.found == Some(false));
    assert!(get(&url, key, &poll("nobody's")).await.found == Some(false));
    assert!(get(&url, key, &ListInstances).await.instances.is_empty());
    assert_eq!(server.counts().created, 0);
}

#[tokio::test]
async fn the_stages_come_in_their_order_with_believable_lines() {
    let server = start(Options { speed: 100.0, ..calm() }).await;
    let (url, key) = (server.url(), server.keys().admin.clone());
    get(&url, &key, &order("stages")).await;
    let by_key = poll("stages");
    let mut seen: Vec<i64> = Vec::new();
    let end = wait_until("it runs", async || {
        let progress = get(&url, &key, &by_key).await;
        seen.extend(progress.bootstrap_seq);
        (progress.status == Some("running".into())).then_some(progress)
    })
    .await;
    assert_eq!(end.bootstrap_stage.as_deref(), Some("ready"));
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!(seen.last(), Some(&4));

    let id = end.instance_id.expect("an instance");
    let logs = get(&url, &key, &logs::GetLogs { id }).await;
    assert_eq!(logs.total, Some(logs.logs.len() as i64));
    let seqs: Vec<_> = logs.logs.iter().filter_map(|line| line.seq).collect();
    assert!(seqs.len() > 10 && seqs.is_sorted_by(|a, b| a < b), "{seqs:?}");
    assert!(logs.logs.is_sorted_by_key(|line| line.created_at));
}

#[tokio::test]
async fn fifty_creates_with_one_key_make_one_instance() {
    let server = start_calm().await;
    let (url, key) = (server.url(), server.keys().admin.clone());
    let creates = (0..50).map(|number| {
        let mut create = order("one-and-the-same");
        // The first answer holds, also for another body.
        create.new.agent_name = Some(format!("Orchard {number}"));
        let (url, key) = (url.clone(), key.clone());
        tokio::spawn(async move { get(&url, &key, &create).await })
    });
    let mut tasks = std::collections::HashSet::new();
    for create in creates.collect::<Vec<_>>() {
        tasks.insert(create.await.expect("no panic").task_id);
    }
    assert_eq!(tasks.len(), 1, "every answer is the first one's");
    settled(&url, &key, "one-and-the-same").await;
    get(&url, &key, &order("one-and-the-same")).await;
    assert_eq!(get(&url, &key, &ListInstances).await.instances.len(), 1);
    assert_eq!(server.counts().created, 1);
}

#[tokio::test]
async fn a_key_belongs_to_its_tenant() {
    let server = start_calm().await;
    let (url, keys) = (server.url(), server.keys().clone());
    let (mine, _) = deploy(&url, &keys.admin, "shared").await;
    let (theirs, _) = deploy(&url, &keys.other_tenant, "shared").await;
    assert_ne!(mine, theirs);
    deploy(&url, &keys.customer, "a customer's").await;
    assert!(get(&url, &keys.other_customer, &poll("a customer's")).await.found == Some(false));
    assert!(get(&url, &keys.admin, &poll("a customer's")).await.found == Some(true));
}

#[tokio::test]
async fn a_key_is_minted_where_none_was_sent() {
    let server = start_calm().await;
    let mut create = order("");
    create.new.idempotency_key = None;
    let accepted = get(&server.url(), &server.keys().admin, &create).await;
    let minted = accepted.idempotency_key.expect("a key");
    let progress = settled(&server.url(), &server.keys().admin, minted.as_str()).await;
    assert_eq!(progress.status, Some("running".into()));
}

#[tokio::test]
async fn a_key_of_any_text_can_be_asked_for() {
    let server = start_calm().await;
    let (url, key) = (server.url(), &server.keys().admin);
    for odd in ["a/b?c#d", "é\u{202e}\u{1f600}", "%00 %2F", " spaces "] {
        let (_, progress) = deploy(&url, key, odd).await;
        assert!(progress.found == Some(true), "{odd}");
    }
}

#[tokio::test]
async fn a_customer_deploys_for_themselves_and_an_admin_for_a_customer() {
    let server = start_calm().await;
    let (url, keys) = (server.url(), server.keys().clone());
    let context = nineheads_contract::neighbours::GetKeyContext;
    let customer = get(&url, &keys.customer, &context).await.customer_id.expect("a customer");

    let mut create = order("for-them");
    create.new.customer_id = Some(customer.clone());
    get(&url, &keys.admin, &create).await;
    settled(&url, &keys.admin, "for-them").await;
    assert_eq!(get(&url, &keys.customer, &ListInstances).await.instances.len(), 1);
    assert!(get(&url, &keys.other_customer, &ListInstances).await.instances.is_empty());

    assert_eq!(ask(&url, &keys.other_customer, &create).await.status(), 403);
}

#[tokio::test]
async fn some_provisionings_fail_at_the_second_or_third_step_with_a_reason() {
    let server = start(Options { no_failures: false, ..calm() }).await;
    let (url, key) = (server.url(), &server.keys().admin);
    let mut failed = Vec::new();
    for number in 0..60 {
        let (_, progress) = deploy(&url, key, &format!("fate-{number}")).await;
        failed.extend((progress.status == Some("failed".into())).then_some(progress));
    }
    assert!((1..=20).contains(&failed.len()), "{} of 60", failed.len());
    for progress in failed {
        assert!(matches!(progress.bootstrap_seq, Some(2 | 3)), "{progress:?}");
        assert!(progress.error_message.is_some());
        assert_eq!(progress.logs.last().and_then(|line| line.level.as_deref()), Some("error"));
    }
}

#[tokio::test]
async fn what_was_begun_before_a_restart_is_finished_after_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = |speed| Options { data: Some(folder.path().to_owned()), speed, ..calm() };
    let first = start(options(20.0)).await;
    get(&first.url(), &first.keys().admin, &order("interrupted")).await;
    let begun = wait_until("it is on its way", async || {
        let progress = get(&first.url(), &first.keys().admin, &poll("interrupted")).await;
        progress.bootstrap_seq.is_some_and(|seq| seq >= 1).then_some(progress)
    })
    .await;
    first.stop().await;

    let second = start(options(1.0)).await;
    let resumed = get(&second.url(), &second.keys().admin, &poll("interrupted")).await;
    assert_eq!(resumed.instance_id, begun.instance_id);
    assert!(resumed.bootstrap_seq >= begun.bootstrap_seq);
    second.stop().await;

    let third = start(options(0.0)).await;
    let end = settled(&third.url(), &third.keys().admin, "interrupted").await;
    assert_eq!((end.instance_id, end.status), (begun.instance_id, Some("running".into())));
    // The key is remembered, too.
    get(&third.url(), &third.keys().admin, &order("interrupted")).await;
    assert_eq!(get(&third.url(), &third.keys().admin, &ListInstances).await.instances.len(), 1);
    assert_eq!(third.counts().created, 0);
}

#[tokio::test]
async fn all_problems_of_a_body_come_in_one_list() {
    let server = start_calm().await;
    let body =
        json!({"tier_id": "starter", "agent_name": 7, "preset_id": null, "workflow_slugs": ["a", 1, {}]});
    let answer = reqwest::Client::new()
        .post(format!("{}/v1/instances", server.url()))
        .header("X-Api-Key", &server.keys().admin)
        .json(&body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 422);
    let problems: Value = answer.json().await.expect("JSON");
    let text =
        |loc: Value| json!({"loc": loc, "msg": "Input should be a valid string", "type": "string_type"});
    assert_eq!(
        problems,
        json!({"detail": [
            {"loc": ["body", "region_id"], "msg": "Field required", "type": "missing"},
            {
                "loc": ["body", "tier_id"],
                "msg": "Input should be a valid UUID, invalid character: found `s` at 0",
                "type": "uuid_parsing"
            },
            text(json!(["body", "agent_name"])),
            text(json!(["body", "preset_id"])),
            text(json!(["body", "workflow_slugs", 1])),
            text(json!(["body", "workflow_slugs", 2])),
        ]})
    );
    assert!(TIER.parse::<uuid::Uuid>().is_ok());
}
