//! Neighbours of the twenty that a console may use where they answer. A 401, 403 or 404 on one of them hides the
//! feature that needs it, and nothing else.
//!
//! Their replies are documented less well than the twenty's, or not at all: lists are found under any usual name, and
//! what can not be read is left out. One file per noun.

mod alerts;
mod debug_access;
mod decimal;
mod fields;
mod key_context;
mod models;
mod pricing;
mod recipes;
mod templates;
mod workflow_files;

pub use alerts::{ALERT_SEVERITIES, Alert, AlertPage, AlertSummary, GetAlertSummary, ListAlerts};
pub use debug_access::{
    DEBUG_AUDIT_LIMIT, DEBUG_HOURS, DebugAudit, DebugGrant, DebugGranted, DebugLook, GetDebugAudit,
    GrantDebugAccess,
};
pub use key_context::{GetKeyContext, KeyContext};
pub use models::{GetModelAvailability, GetModelTiers, Model, Models};
pub use pricing::{GetTierPricing, TierPrice, TierPricing};
pub use recipes::{ListRecipes, Recipe, Recipes};
pub use templates::{ListTemplates, TEMPLATE_LIMIT, Template, Templates};
pub use workflow_files::{ListWorkflowFiles, WorkflowFile, WorkflowFiles};

use crate::Facts;

/// All neighbours that this project knows.
pub const NEIGHBOURS: [Facts; 11] = [
    Facts::of::<GetKeyContext>(),
    Facts::of::<ListRecipes>(),
    Facts::of::<ListTemplates>(),
    Facts::of::<ListWorkflowFiles>(),
    Facts::of::<GetModelTiers>(),
    Facts::of::<GetModelAvailability>(),
    Facts::of::<GetTierPricing>(),
    Facts::of::<GrantDebugAccess>(),
    Facts::of::<GetDebugAudit>(),
    Facts::of::<ListAlerts>(),
    Facts::of::<GetAlertSummary>(),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_neighbour_is_named_once_and_none_is_one_of_the_twenty() {
        let names: BTreeSet<_> = NEIGHBOURS.iter().map(|facts| facts.name).collect();
        assert_eq!(names.len(), NEIGHBOURS.len());
        assert!(crate::ENDPOINTS.iter().all(|facts| !names.contains(facts.name)));
        assert!(NEIGHBOURS.iter().all(|facts| !facts.route.starts_with("/v1/instances")));
    }
}
