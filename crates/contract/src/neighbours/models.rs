//! Models for the policy editor, with what they cost. On the hosted platform these two take a bearer token alone.

mod costs;
mod gather;

use super::fields::Fields;
use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;

/// One model. What the platform sends is not documented: this is what is found in any usual spelling of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(from = "Value")]
#[specta(skip_attr = "serde")]
pub struct Model {
    /// What a policy names it by, such as `provider/model`. Always there.
    pub id: String,
    /// For people.
    pub name: Option<String>,
    /// Who offers it.
    pub provider: Option<String>,
    /// The tier it is listed in; no value is documented.
    pub tier: Option<String>,
    /// Whether it can be used now; none where nothing is said.
    pub available: Option<bool>,
    /// US dollars for a million tokens that are sent, as decimal text.
    pub input_cost_per_million: Option<String>,
    /// US dollars for a million tokens that come back, as decimal text.
    pub output_cost_per_million: Option<String>,
    /// What this program does not know.
    #[serde(flatten)]
    #[specta(skip)]
    pub unknown: Map<String, Value>,
}

impl From<Value> for Model {
    fn from(value: Value) -> Self {
        let mut fields = Fields::of(value);
        let name = fields.text(&["name", "display_name", "label", "model_name"]);
        let id = fields.text(&["id", "model_id", "model", "slug", "key"]).or_else(|| name.clone());
        let [input, output] = [&costs::INPUT, &costs::OUTPUT].map(|side| costs::take(&mut fields.0, side));
        let mut model = Self {
            id: id.unwrap_or_default(),
            name,
            provider: fields.text(&["provider", "provider_name", "vendor"]),
            tier: fields.text(&["tier", "tier_name"]),
            available: fields.flag(&["available", "is_available", "enabled", "is_enabled"]),
            input_cost_per_million: input,
            output_cost_per_million: output,
            unknown: Map::new(),
        };
        // What could not be read must not stand beside what could under the same name.
        for name in [costs::INPUT_NAME, costs::OUTPUT_NAME] {
            fields.0.shift_remove(name);
        }
        model.unknown = fields.0;
        model
    }
}

/// Models in the order they came. One that is in two tiers comes twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(from = "Value")]
#[specta(skip_attr = "serde")]
pub struct Models {
    /// Every model that could be found.
    pub models: Vec<Model>,
}

impl From<Value> for Models {
    fn from(value: Value) -> Self {
        Self { models: gather::models(value) }
    }
}

/// `GET /v1/models/tiers`.
#[derive(Debug, Clone, Copy)]
pub struct GetModelTiers;

impl Endpoint for GetModelTiers {
    const NAME: &'static str = "get_model_tiers";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/models/tiers";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = Models;
}

/// `GET /v1/models/availability`.
#[derive(Debug, Clone, Copy)]
pub struct GetModelAvailability;

impl Endpoint for GetModelAvailability {
    const NAME: &'static str = "get_model_availability";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/models/availability";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = Models;
}
