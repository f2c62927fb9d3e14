//! Neighbours of the twenty that a console may use.

use super::reply;
use crate::call::Call;
use crate::demo::{MODELS, RECIPES, TEMPLATES, TIERS, WORKFLOWS};
use crate::refusal::{Answer, Refusal};
use crate::store::model_providers;
use axum::http::StatusCode;
use nineheads_contract::neighbours::{TEMPLATE_LIMIT, TierPrice, TierPricing};
use serde_json::{Value, json};

/// What an hour allows where a minute is limited.
const MINUTES_AN_HOUR: u32 = 60;

/// Whether the key works, and what it may do. For keys alone: a bearer token has no such context.
pub(crate) fn key_context(call: &Call) -> Answer {
    let caller = call.caller;
    if caller.by_bearer {
        return Err(Refusal::Detail(StatusCode::UNAUTHORIZED, "API key required".to_owned()));
    }
    let per_minute = call.platform.rate.per_minute();
    let scopes: Vec<&str> = caller.scopes.iter().map(|scope| scope.name()).collect();
    reply(&json!({
        "api_key_id": caller.key,
        "customer_id": caller.person.customer,
        "hash_version": 2,
        "needs_reissue": false,
        "rate_limit_per_hour": per_minute.map(|limit| limit.saturating_mul(MINUTES_AN_HOUR)),
        "rate_limit_per_minute": per_minute,
        "scopes": scopes,
        "tenant_id": caller.person.tenant,
        "user_id": caller.person.user,
    }))
}

/// The names and prices behind `tier_id`.
pub(crate) fn tier_pricing(_: &Call) -> Answer {
    let pricing: Vec<TierPrice> = TIERS
        .iter()
        .map(|tier| TierPrice {
            product_tier_id: Some(tier.id.to_string()),
            tier_name: Some(tier.name.to_owned()),
            product_name: Some(tier.product.to_owned()),
            customer_price_cents: Some(tier.cents),
            currency: Some("EUR".to_owned()),
            billing_interval: Some("month".to_owned()),
            is_active: true,
        })
        .collect();
    reply(&TierPricing { total: i64::try_from(pricing.len()).ok(), pricing })
}

/// The recipes.
pub(crate) fn recipes(_: &Call) -> Answer {
    let rows: Vec<Value> = RECIPES
        .iter()
        .map(|recipe| {
            json!({
                "id": recipe.id,
                "name": recipe.name,
                "description": recipe.description,
                "manifest_id": recipe.manifest,
                "hosting_mode": "dedicated",
                "is_active": true,
                "channel_types": recipe.channels,
                "skills": recipe.skills,
                "workflow_slugs": recipe.workflows,
            })
        })
        .collect();
    reply(&rows)
}

/// A page of website templates.
pub(crate) fn templates(call: &Call) -> Answer {
    let mut check = call.check();
    let limit = check.query_int_between("limit", TEMPLATE_LIMIT.into(), (1, 100));
    let offset = check.query_int_between("offset", 0, (0, i64::MAX));
    check.finish()?;
    let [limit, offset] = [limit, offset].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
    let page = TEMPLATES.iter().skip(offset).take(limit);
    let rows: Vec<Value> = page
        .map(|template| {
            json!({
                "slug": template.slug,
                "name": template.name,
                "description": template.description,
                "preview_image_url": null,
                "vertical": template.vertical,
            })
        })
        .collect();
    reply(&json!({ "templates": rows, "total": TEMPLATES.len() }))
}

/// The workflow files.
pub(crate) fn workflow_files(_: &Call) -> Answer {
    let rows: Vec<Value> = WORKFLOWS
        .iter()
        .map(|workflow| {
            json!({
                "slug": workflow.slug,
                "name": workflow.name,
                "description": workflow.description,
                "status": "published",
                "version": workflow.version,
            })
        })
        .collect();
    reply(&json!({ "workflow_files": rows, "total": WORKFLOWS.len() }))
}

/// What models cost; then those of the kept model servers, whose price nobody knows. The hosted platform wants a bearer token
/// here; this one takes its keys as well.
pub(crate) fn model_tiers(call: &Call) -> Answer {
    let kept = call.store().read(model_providers::all)?;
    let kept = kept.iter().flat_map(|provider| {
        let name = &provider.name;
        provider.models.iter().map(
            move |model| json!({ "id": format!("{name}/{}", model.id), "name": model.id, "provider": name }),
        )
    });
    let rows: Vec<Value> = MODELS
        .iter()
        .map(|model| {
            json!({
                "id": model.id,
                "name": model.name,
                "provider": "platform",
                "tier": model.tier,
                "input_cost_per_million": model.input,
                "output_cost_per_million": model.output,
            })
        })
        .chain(kept)
        .collect();
    reply(&json!({ "models": rows }))
}

/// Which of them can be used now.
pub(crate) fn model_availability(_: &Call) -> Answer {
    let rows: Vec<Value> =
        MODELS.iter().map(|model| json!({ "id": model.id, "available": model.available })).collect();
    reply(&json!({ "models": rows }))
}
