//! The neighbours of the twenty.

use nineheads_contract::instances::ListInstances;
use nineheads_contract::neighbours::{
    GetAlertSummary, GetKeyContext, GetModelAvailability, GetModelTiers, GetTierPricing, ListAlerts,
    ListRecipes, ListTemplates, ListWorkflowFiles,
};
use nineheads_platform::{Options, serve};
use nineheads_tests::platform::{TIER, get, request, start_calm};
use std::collections::BTreeSet;

#[tokio::test]
async fn a_key_says_what_it_may_do_and_a_bearer_token_has_no_such_answer() {
    let server = start_calm().await;
    let (url, keys) = (server.url(), server.keys().clone());
    let admin = get(&url, &keys.admin, &GetKeyContext).await;
    assert_eq!(admin.scopes, ["instances:read", "instances:write", "instances:delete"]);
    assert_eq!(get(&url, &keys.read_only, &GetKeyContext).await.scopes, ["instances:read"]);
    assert_ne!(get(&url, &keys.other_tenant, &GetKeyContext).await.tenant_id, admin.tenant_id);
    let bearer = request(&url, &GetKeyContext).bearer_auth(&keys.admin).send().await.expect("an answer");
    assert_eq!(bearer.status(), 401);
}

#[tokio::test]
async fn tiers_and_recipes_are_there_for_a_wizard() {
    let server = start_calm().await;
    let (url, key) = (server.url(), &server.keys().customer);
    let tiers = get(&url, key, &GetTierPricing).await;
    assert_eq!(tiers.total, Some(tiers.pricing.len() as i64));
    assert_eq!(tiers.pricing[0].product_tier_id.as_deref(), Some(TIER));
    assert!(tiers.pricing.iter().all(|tier| tier.is_active && tier.customer_price_cents > Some(0)));
    let recipes = get(&url, key, &ListRecipes).await.0;
    assert!((5..=6).contains(&recipes.len()));
    assert!(recipes.iter().all(|recipe| recipe.id.is_some() && recipe.manifest_id.is_some()));
}

#[tokio::test]
async fn templates_come_in_pages_and_every_workflow_of_a_recipe_is_listed() {
    let server = start_calm().await;
    let (url, key) = (server.url(), &server.keys().customer);
    let all = get(&url, key, &ListTemplates::default()).await;
    assert_eq!(all.total, Some(all.templates.len() as i64));
    let page = get(&url, key, &ListTemplates { limit: 2, offset: 1 }).await;
    assert_eq!(page.templates, all.templates[1..3]);
    let listed: BTreeSet<_> = get(&url, key, &ListWorkflowFiles)
        .await
        .workflow_files
        .into_iter()
        .filter_map(|file| file.slug)
        .collect();
    let recipes = get(&url, key, &ListRecipes).await.0;
    let slugs = recipes.iter().flat_map(|recipe| &recipe.workflow_slugs).filter_map(|slug| slug.as_str());
    assert!(slugs.into_iter().all(|slug| listed.contains(slug)));
}

#[tokio::test]
async fn models_say_what_they_cost_and_whether_they_can_be_used() {
    let server = start_calm().await;
    let (url, key) = (server.url(), &server.keys().customer);
    let costs = get(&url, key, &GetModelTiers).await.models;
    assert!(costs.iter().all(|model| model.input_cost_per_million.is_some() && model.tier.is_some()));
    let use_now = get(&url, key, &GetModelAvailability).await.models;
    assert_eq!(
        costs.iter().map(|model| &model.id).collect::<Vec<_>>(),
        use_now.iter().map(|model| &model.id).collect::<Vec<_>>()
    );
    assert!(
        use_now.iter().any(|model| model.available == Some(true))
            && use_now.iter().any(|model| model.available == Some(false))
    );
}

#[tokio::test]
async fn alerts_are_about_ones_own_instances_that_are_dead_or_unwell() {
    let options = Options { fleet: Some(60), ..Options::default() };
    let server = serve(options).await.expect("it starts");
    let (url, keys) = (server.url(), server.keys().clone());
    let page = get(&url, &keys.admin, &ListAlerts::active()).await;
    assert_eq!(page.total, Some(page.items.len() as i64));
    let fleet = get(&url, &keys.admin, &ListInstances).await.instances;
    let status = |wanted: &Option<nineheads_contract::InstanceId>| {
        fleet
            .iter()
            .find(|row| Some(&row.id) == wanted.as_ref())
            .and_then(|row| row.status.clone())
            .expect("listed")
            .0
    };
    let dead = |row: &str| matches!(row, "failed" | "error");
    let alarmed = page.items.iter().filter(|alert| dead(&status(&alert.instance_id))).count();
    let all_dead =
        fleet.iter().filter(|row| row.status.as_ref().is_some_and(|status| dead(&status.0))).count();
    assert!(all_dead > 0 && alarmed == all_dead, "{alarmed} of {all_dead}");
    assert!(page.items.len() > alarmed, "some run and are not well");
    assert!(page.items.iter().all(|alert| alert.title.is_some() && alert.created_at.is_some()));
    let second =
        get(&url, &keys.admin, &ListAlerts { page: Some(2), page_size: Some(1), ..ListAlerts::active() })
            .await;
    assert_eq!(second.items, page.items[1..2]);
    let own: BTreeSet<_> =
        get(&url, &keys.customer, &ListInstances).await.instances.into_iter().map(|row| row.id).collect();
    let theirs = get(&url, &keys.customer, &ListAlerts::active()).await.items;
    assert!(theirs.len() < page.items.len());
    assert!(theirs.iter().all(|alert| alert.instance_id.as_ref().is_some_and(|id| own.contains(id))));
    let summary = get(&url, &keys.admin, &GetAlertSummary).await;
    assert_eq!(summary.total, page.total);
    let over = ListAlerts { status: Some("resolved".into()), ..ListAlerts::default() };
    assert!(get(&url, &keys.admin, &over).await.items.is_empty());
}

#[tokio::test]
async fn a_platform_without_neighbours_has_the_twenty_alone() {
    let options = Options { fleet: Some(2), neighbours: false, ..Options::default() };
    let server = serve(options).await.expect("it starts");
    let (url, key) = (server.url(), server.keys().admin.clone());
    for answer in
        [request(&url, &ListAlerts::active()), request(&url, &GetKeyContext), request(&url, &GetModelTiers)]
    {
        assert_eq!(answer.header("X-Api-Key", &key).send().await.expect("an answer").status(), 404);
    }
    assert_eq!(get(&url, &key, &ListInstances).await.instances.len(), 2);
}
