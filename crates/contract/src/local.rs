//! What only the platform on this computer serves, under `/v1/local`: real agents need a runtime, a model provider and a
//! permission, and the API knows none of them. A hosted platform answers 404, and a console hides what needs them.
//!
//! None of it is part of the Instances API; `docs/api.md` says so. One file per noun.

mod demo;
mod model_providers;
mod permission;
mod recipe;
mod runtime;

pub use demo::{DemoRemoved, RemoveDemo};
pub use model_providers::{
    DeleteModelProvider, GetModelProvider, ListModelProviders, LocalModel, ModelProvider, ModelProviders,
    ModelTest, NewModelProvider, PutModelProvider, TestModelProvider,
};
pub use permission::{
    GetPermission, LocalPermission, Permission, PutPermission, SetPermission, confirmation_for,
};
pub use recipe::{LOCAL_MANIFEST, LOCAL_PROVIDER, LocalRecipe};
pub use runtime::{
    GetLocalRuntime, InstallLocalRuntime, InstallProgress, InstallStep, KeepRunning, LocalRuntime,
    LocalRuntimeError, LocalRuntimeState, RemoveLocalRuntime, SetKeepRunning,
};

use crate::Facts;

/// Everything that is served for this computer alone.
pub const LOCAL: [Facts; 12] = [
    Facts::of::<GetLocalRuntime>(),
    Facts::of::<InstallLocalRuntime>(),
    Facts::of::<RemoveLocalRuntime>(),
    Facts::of::<SetKeepRunning>(),
    Facts::of::<ListModelProviders>(),
    Facts::of::<GetModelProvider>(),
    Facts::of::<PutModelProvider>(),
    Facts::of::<DeleteModelProvider>(),
    Facts::of::<TestModelProvider>(),
    Facts::of::<GetPermission>(),
    Facts::of::<PutPermission>(),
    Facts::of::<RemoveDemo>(),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_ours_is_named_once_lies_under_local_and_is_for_admins() {
        let names: BTreeSet<_> = LOCAL.iter().map(|facts| facts.name).collect();
        assert_eq!(names.len(), LOCAL.len());
        assert!(LOCAL.iter().all(|facts| facts.route.starts_with("/v1/local/") && facts.admin));
    }
}
