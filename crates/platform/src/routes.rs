//! The whole table: which operation is answered by what. Method, route, scope and role come from the contract.

pub(crate) mod admin;
pub(crate) mod agent;
pub(crate) mod alerts;
pub(crate) mod chat;
pub(crate) mod config;
pub(crate) mod consent;
pub(crate) mod conversations;
pub(crate) mod deploys;
pub(crate) mod instances;
pub(crate) mod local_demo;
pub(crate) mod local_model_providers;
pub(crate) mod local_permission;
pub(crate) mod local_runtime;
pub(crate) mod logs;
pub(crate) mod model_policy;
pub(crate) mod neighbours;
pub(crate) mod platform_config;
pub(crate) mod runtime;
pub(crate) mod updates;
pub(crate) mod usage;

use crate::admission::{self, Handler};
use crate::call::Platform;
use crate::refusal::detail_response;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use nineheads_contract as contract;
use nineheads_contract::{Endpoint, Facts};
use serde::Serialize;
use std::sync::Arc;

/// Every route of the platform.
pub(crate) fn table(platform: Arc<Platform>) -> Router {
    let (neighbours, has_agents) = (platform.options.neighbours, platform.host.is_some());
    let table = Table { router: Router::new(), platform }
        .add::<contract::instances::ListInstances>(instances::list)
        .add::<contract::deploys::CreateInstance>(deploys::create)
        .add::<contract::admin::RotateKey>(admin::rotate_key)
        .add::<contract::deploys::PollByKey>(deploys::poll_by_key)
        .add::<contract::admin::Cleanup>(admin::cleanup)
        .add::<contract::instances::GetInstance>(instances::get)
        .add::<contract::instances::DeleteInstance>(instances::delete)
        .add::<contract::chat::SendMessage>(chat::send)
        .add::<contract::config::GetConfig>(config::get)
        .add::<contract::config::UpdateConfig>(config::update)
        .add::<contract::consent::UpdateConsent>(consent::update)
        .add::<contract::conversations::ListConversations>(conversations::list)
        .add::<contract::conversations::GetConversation>(conversations::get)
        .add::<contract::logs::GetLogs>(logs::get)
        .add::<contract::model_policy::UpdateModelPolicy>(model_policy::update)
        .add::<contract::platform_config::GetPlatformConfig>(platform_config::get)
        .add::<contract::platform_config::PatchPlatformConfig>(platform_config::patch)
        .add::<contract::runtime::GetRuntime>(runtime::get)
        .add::<contract::updates::ApplyUpdates>(updates::apply)
        .add::<contract::usage::GetUsage>(usage::get);
    let table = if neighbours { table.add_neighbours() } else { table };
    let table = if has_agents { table.add_local() } else { table };
    table
        .router
        .fallback(async || detail_response(StatusCode::NOT_FOUND, "Not Found"))
        .layer(axum::middleware::map_response(name_the_methods))
}

struct Table {
    router: Router,
    platform: Arc<Platform>,
}

impl Table {
    /// What a platform may have beside the twenty.
    fn add_neighbours(self) -> Self {
        self.add::<contract::neighbours::GetKeyContext>(neighbours::key_context)
            .add::<contract::neighbours::GetTierPricing>(neighbours::tier_pricing)
            .add::<contract::neighbours::ListRecipes>(neighbours::recipes)
            .add::<contract::neighbours::ListTemplates>(neighbours::templates)
            .add::<contract::neighbours::ListWorkflowFiles>(neighbours::workflow_files)
            .add::<contract::neighbours::GetModelTiers>(neighbours::model_tiers)
            .add::<contract::neighbours::GetModelAvailability>(neighbours::model_availability)
            .add::<contract::neighbours::ListAlerts>(alerts::list)
            .add::<contract::neighbours::GetAlertSummary>(alerts::summary)
    }

    /// What a platform with real agents has of its own.
    fn add_local(self) -> Self {
        self.add::<contract::local::GetLocalRuntime>(local_runtime::get)
            .add::<contract::local::InstallLocalRuntime>(local_runtime::install)
            .add::<contract::local::RemoveLocalRuntime>(local_runtime::remove)
            .add::<contract::local::SetKeepRunning>(local_runtime::keep_running)
            .add::<contract::local::RemoveDemo>(local_demo::remove)
            .add::<contract::local::ListModelProviders>(local_model_providers::list)
            .add::<contract::local::GetModelProvider>(local_model_providers::get)
            .add::<contract::local::PutModelProvider>(local_model_providers::put)
            .add::<contract::local::DeleteModelProvider>(local_model_providers::delete)
            .add::<contract::local::TestModelProvider>(local_model_providers::test)
            .add::<contract::local::GetPermission>(local_permission::get)
            .add::<contract::local::PutPermission>(local_permission::put)
    }

    fn add<E: Endpoint>(self, handler: Handler) -> Self {
        let facts = Arc::new(Facts::of::<E>());
        let method = MethodFilter::try_from(E::METHOD).expect("the contract uses ordinary methods");
        let platform = self.platform.clone();
        let answer = move |request: Request| {
            let (platform, facts) = (platform.clone(), facts.clone());
            async move { admission::answer(platform, &facts, handler, request).await }
        };
        Self { router: self.router.route(E::ROUTE, on(method, answer)), ..self }
    }
}

/// Gives the bare 405 of the router FastAPI's body; the router has set its `Allow`.
async fn name_the_methods(response: Response) -> Response {
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    let mut named = detail_response(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    if let Some(allow) = response.headers().get(header::ALLOW) {
        named.headers_mut().insert(header::ALLOW, allow.clone());
    }
    named
}

/// A 200 with JSON.
pub(crate) fn reply<T: Serialize>(value: &T) -> crate::refusal::Answer {
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], serde_json::to_vec(value)?)
        .into_response())
}
