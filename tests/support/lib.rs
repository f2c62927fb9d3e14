//! What the proofs share: a platform to talk to, and a console that looks often.

pub mod apart;
pub mod case;
pub mod console;
pub mod echo_model;
pub mod home;
pub mod misbehaving;
pub mod model_server;
pub mod numbers;
pub mod platform;
pub mod proxy;
