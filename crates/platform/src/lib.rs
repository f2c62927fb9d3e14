//! A real server of the Instances API: for tests, for the demo and for agents on this computer.
//!
//! Belongs here: the twenty operations with every behaviour the API documents, their store, the provider that makes
//! agents real, and faults on request. Does not belong here: anything of the console. The client must not be able
//! to tell this server from the hosted one, so whatever is only ours is marked so in `docs/api.md`.

mod admission;
mod auth;
mod call;
mod counts;
mod demo;
mod dice;
mod faults;
mod hosting;
mod listen;
mod local;
mod masks;
mod money;
mod options;
mod private_file;
mod provider;
mod rate;
mod refusal;
mod routes;
mod secrets;
mod server;
mod store;
mod validation;
mod worker;

pub use auth::Keys;
pub use counts::Counts;
pub use faults::{Fault, FaultRule, Faults, Often};
pub use local::{Local, LocalError, LocalOptions, open_local};
pub use options::{AgentOptions, ConfigWrites, Options};
pub use secrets::{MemorySecrets, SecretStore, SecretStoreError};
pub use server::{ServeError, Server, serve};
