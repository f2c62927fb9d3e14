//! What the page may call, one file a noun. A command translates and is at most a few lines long.

pub(crate) mod chat;
pub(crate) mod deploys;
pub(crate) mod fleet;
pub(crate) mod instances;
pub(crate) mod logs;
pub(crate) mod names;
pub(crate) mod session;
pub(crate) mod window;
