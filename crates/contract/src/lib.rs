//! What is said on the wire: the twenty operations of the Instances API, each a value.
//!
//! Belongs here: routes, bodies, replies, error bodies and how to read them, and nothing that acts.
//! Does not belong here: sockets, clocks, retries, storage. Both ends (client and local server) use these types,
//! so every shape is also held against golden JSON copied by hand from the API's own page (`tests/contract`).
//!
//! Reading is tolerant as the API asks: unknown fields and values are accepted, every field but an id may be null,
//! missing or of a wrong type, and one bad row never loses the others.

pub mod admin;
pub mod chat;
pub mod config;
pub mod consent;
pub mod conversations;
pub mod deploys;
pub mod endpoint;
pub mod ids;
pub mod instances;
pub mod local;
pub mod logs;
pub mod model_policy;
pub mod neighbours;
pub mod platform_config;
pub mod problem;
pub mod runtime;
mod tolerant;
pub mod updates;
pub mod usage;

pub use endpoint::{Endpoint, Facts, NoBody, Repeat, Scope, Unreadable};
pub use ids::{ConversationId, IdempotencyKey, InstanceId, TierId};
pub use problem::{FieldProblem, Problem, ProblemShape};

/// All twenty operations in the order of the API's own page.
pub const ENDPOINTS: [Facts; 20] = [
    Facts::of::<instances::ListInstances>(),
    Facts::of::<deploys::CreateInstance>(),
    Facts::of::<admin::RotateKey>(),
    Facts::of::<deploys::PollByKey>(),
    Facts::of::<admin::Cleanup>(),
    Facts::of::<instances::GetInstance>(),
    Facts::of::<instances::DeleteInstance>(),
    Facts::of::<chat::SendMessage>(),
    Facts::of::<config::GetConfig>(),
    Facts::of::<config::UpdateConfig>(),
    Facts::of::<consent::UpdateConsent>(),
    Facts::of::<conversations::ListConversations>(),
    Facts::of::<conversations::GetConversation>(),
    Facts::of::<logs::GetLogs>(),
    Facts::of::<model_policy::UpdateModelPolicy>(),
    Facts::of::<platform_config::GetPlatformConfig>(),
    Facts::of::<platform_config::PatchPlatformConfig>(),
    Facts::of::<runtime::GetRuntime>(),
    Facts::of::<updates::ApplyUpdates>(),
    Facts::of::<usage::GetUsage>(),
];
