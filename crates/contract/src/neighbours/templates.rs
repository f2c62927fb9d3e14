//! Website templates: what `website_template_slug` of a new instance may be.

use super::fields::read_list;
use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::tolerant;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// How many templates come when no number is asked for.
pub const TEMPLATE_LIMIT: u16 = 50;

/// One template. Only what the wizard needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct Template {
    /// What to send as `website_template_slug`.
    #[serde(deserialize_with = "tolerant::id")]
    pub slug: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub name: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub description: Option<String>,
    /// An address on the internet: never loaded by itself.
    #[serde(deserialize_with = "tolerant::text")]
    pub preview_image_url: Option<String>,
    /// The line of business; no value is documented.
    #[serde(deserialize_with = "tolerant::text")]
    pub vertical: Option<String>,
}

/// A page of templates. Which object it comes in is not documented: a bare list and every usual name are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(from = "Value")]
#[specta(skip_attr = "serde")]
pub struct Templates {
    /// The rows that could be read and have a slug.
    pub templates: Vec<Template>,
    /// How many there are on all pages.
    #[specta(type = Option<specta_typescript::Number>)]
    pub total: Option<i64>,
}

impl From<Value> for Templates {
    fn from(value: Value) -> Self {
        let mut listed = read_list::<Template>(value, &["templates", "website_templates"]);
        listed.rows.retain(|row| row.slug.is_some());
        Self { templates: listed.rows, total: listed.total }
    }
}

/// `GET /v1/templates`.
#[derive(Debug, Clone, Copy)]
pub struct ListTemplates {
    /// At most so many; see [`TEMPLATE_LIMIT`].
    pub limit: u16,
    /// So many are left out first.
    pub offset: u32,
}

impl Default for ListTemplates {
    fn default() -> Self {
        Self { limit: TEMPLATE_LIMIT, offset: 0 }
    }
}

impl Endpoint for ListTemplates {
    const NAME: &'static str = "list_templates";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/templates";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = Templates;

    fn query(&self) -> Vec<(&'static str, String)> {
        vec![("limit", self.limit.to_string()), ("offset", self.offset.to_string())]
    }
}
