//! The neighbours of the twenty.

use nineheads_contract::neighbours::{GetKeyContext, GetTierPricing, ListRecipes};
use nineheads_tests::platform::{TIER, get, request, start_calm};

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
