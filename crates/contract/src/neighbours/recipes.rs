//! Recipes for the wizard.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::tolerant;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

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
