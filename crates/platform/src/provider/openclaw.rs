//! Real agents: an OpenClaw gateway as a child process for each instance, on this computer alone.
//!
//! Belongs here: getting the runtime, folders, child processes and their supervision, the talk with a gateway, what an
//! agent may do, and where its thoughts come from. Does not belong here: HTTP, and the rows of the store.

pub(crate) mod agent;
pub(crate) mod ask;
pub(crate) mod child;
mod first_config;
pub(crate) mod gateway;
pub(crate) mod host;
pub(crate) mod model_providers;
pub(crate) mod operations;
pub(crate) mod permission;
pub(crate) mod runtime;
pub(crate) mod supervise;
mod system;
