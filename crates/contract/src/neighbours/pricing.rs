//! The names and prices behind `tier_id`.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::tolerant;
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

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
