//! What answers in place of a network, in tests whose time is not the real one: a socket knows no other. Everything up to
//! the request, and from its answer on, is the client's own.

use super::{Client, NoAnswer};
use reqwest::{Request, RequestBuilder, Response};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// An answer on its way.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Response, NoAnswer>> + Send>>;

/// See the module.
#[derive(Clone)]
pub(crate) struct Stage(Arc<dyn Fn(Request) -> Answering + Send + Sync>);

impl Stage {
    pub(crate) fn new(play: impl Fn(Request) -> Answering + Send + Sync + 'static) -> Self {
        Self(Arc::new(play))
    }

    pub(super) async fn answer(&self, request: RequestBuilder) -> Result<Response, NoAnswer> {
        (self.0)(request.build().expect("a request")).await
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stage")
    }
}

impl Client {
    /// A further client that is answered from a stage, with a budget and counts of its own.
    pub(crate) fn on_stage(&self, stage: Stage) -> Self {
        Self {
            wire: self.wire.to_stage(stage),
            budget: Arc::default(),
            traffic: Arc::default(),
            ..self.clone()
        }
    }
}
