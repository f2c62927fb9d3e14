//! The local platform against the contract: every operation, every documented behaviour, every refusal to the letter.
//! Asked with plain requests, never through the console, so that a mistake of one can not hide in the other.

mod agents;
mod creating;
mod deleting;
mod every_operation;
mod faults;
mod fleets;
mod local_model_providers;
mod local_permission;
mod neighbours;
mod refusals;
mod settings;
