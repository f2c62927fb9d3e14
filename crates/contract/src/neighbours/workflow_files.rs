//! Workflow files: what `workflow_slugs` of an instance may hold.

use super::fields::read_list;
use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::tolerant;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// One workflow. Only what the wizard needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct WorkflowFile {
    /// `^[a-z0-9][a-z0-9_-]*$`, at most 100 characters.
    #[serde(deserialize_with = "tolerant::id")]
    pub slug: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub name: Option<String>,
    /// For people.
    #[serde(deserialize_with = "tolerant::text")]
    pub description: Option<String>,
    /// No value is documented; `published`, `draft`, `archived` are ours.
    #[serde(deserialize_with = "tolerant::text")]
    pub status: Option<String>,
    /// A number or a text.
    #[serde(deserialize_with = "tolerant::text")]
    pub version: Option<String>,
}

/// All workflow files. Which object they come in is not documented: a bare list and every usual name are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(from = "Value")]
#[specta(skip_attr = "serde")]
pub struct WorkflowFiles {
    /// The rows that could be read and have a slug.
    pub workflow_files: Vec<WorkflowFile>,
    /// How many there are.
    #[specta(type = Option<specta_typescript::Number>)]
    pub total: Option<i64>,
}

impl From<Value> for WorkflowFiles {
    fn from(value: Value) -> Self {
        let mut listed = read_list::<WorkflowFile>(value, &["workflow_files", "workflows", "files"]);
        listed.rows.retain(|row| row.slug.is_some());
        Self { workflow_files: listed.rows, total: listed.total }
    }
}

/// `GET /v1/workflow-files`.
#[derive(Debug, Clone, Copy)]
pub struct ListWorkflowFiles;

impl Endpoint for ListWorkflowFiles {
    const NAME: &'static str = "list_workflow_files";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/workflow-files";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = WorkflowFiles;
}
