//! Neighbours of the twenty that a console may use where they answer. A 401, 403 or 404 on one of them hides the
//! feature that needs it, and nothing else.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::tolerant;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// What a key may do. Source: the platform's MCP page. API key only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct KeyContext {
    /// The key's own id.
    #[serde(deserialize_with = "tolerant::text")]
    pub api_key_id: Option<String>,
    /// Whose key it is.
    #[serde(deserialize_with = "tolerant::text")]
    pub customer_id: Option<String>,
    /// Requests an hour.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub rate_limit_per_hour: Option<i64>,
    /// Requests a minute.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub rate_limit_per_minute: Option<i64>,
    /// The key is of an old kind.
    #[serde(deserialize_with = "tolerant::flag")]
    pub needs_reissue: bool,
    /// Such as `instances:read`.
    #[serde(deserialize_with = "tolerant::rows")]
    pub scopes: Vec<String>,
    /// Which tenant.
    #[serde(deserialize_with = "tolerant::text")]
    pub tenant_id: Option<String>,
    /// Which user.
    #[serde(deserialize_with = "tolerant::text")]
    pub user_id: Option<String>,
}

/// Whether the key works, its scopes and limits.
#[derive(Debug, Clone, Copy)]
pub struct GetKeyContext;

impl Endpoint for GetKeyContext {
    const NAME: &'static str = "get_api_key_context";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/mcp/api-key-context";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = KeyContext;
}

/// One price. Only what the wizard needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct TierPrice {
    /// The UUID to send as `tier_id`.
    #[serde(deserialize_with = "tolerant::id")]
    pub product_tier_id: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub tier_name: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub product_name: Option<String>,
    /// In hundredths of `currency`.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub customer_price_cents: Option<i64>,
    /// ISO 4217.
    #[serde(deserialize_with = "tolerant::text")]
    pub currency: Option<String>,
    /// Such as `month`.
    #[serde(deserialize_with = "tolerant::text")]
    pub billing_interval: Option<String>,
    /// Whether it can be bought.
    #[serde(deserialize_with = "tolerant::flag")]
    pub is_active: bool,
}

/// All prices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct TierPricing {
    /// The rows that could be read.
    #[serde(deserialize_with = "tolerant::rows")]
    pub pricing: Vec<TierPrice>,
    /// How many there are.
    #[serde(deserialize_with = "tolerant::int")]
    #[specta(type = Option<specta_typescript::Number>)]
    pub total: Option<i64>,
}

/// The names and prices behind `tier_id`.
#[derive(Debug, Clone, Copy)]
pub struct GetTierPricing;

impl Endpoint for GetTierPricing {
    const NAME: &'static str = "get_tier_pricing";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/billing/tier-pricing";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = TierPricing;
}

/// One recipe. Only what the wizard needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct Recipe {
    /// What to send as `recipe_id`.
    #[serde(deserialize_with = "tolerant::id")]
    pub id: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub name: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub description: Option<String>,
    /// The manifest it uses.
    #[serde(deserialize_with = "tolerant::id")]
    pub manifest_id: Option<String>,
    /// No value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub hosting_mode: Option<String>,
    /// Whether it can be used.
    #[serde(deserialize_with = "tolerant::flag")]
    pub is_active: bool,
    /// Channels it sets up.
    #[serde(deserialize_with = "tolerant::rows")]
    #[specta(type = Vec<specta_typescript::Unknown>)]
    pub channel_types: Vec<Value>,
    /// Skills it installs.
    #[serde(deserialize_with = "tolerant::rows")]
    #[specta(type = Vec<specta_typescript::Unknown>)]
    pub skills: Vec<Value>,
    /// Workflows it installs.
    #[serde(deserialize_with = "tolerant::rows")]
    #[specta(type = Vec<specta_typescript::Unknown>)]
    pub workflow_slugs: Vec<Value>,
}

/// A list of recipes; the platform sends a bare array.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recipes(#[serde(deserialize_with = "tolerant::rows")] pub Vec<Recipe>);

/// The recipes of the platform.
#[derive(Debug, Clone, Copy)]
pub struct ListRecipes;

impl Endpoint for ListRecipes {
    const NAME: &'static str = "list_recipes";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/recipes";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = Recipes;
}
