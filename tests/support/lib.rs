//! What the proofs share: a platform to talk to, and a console that looks often.

pub mod console;
pub mod misbehaving;
pub mod platform;
pub mod proxy;
