//! The way out of the process: over the network, or in a test of time to a stage. Does not belong here: what is sent, and
//! how often (`client.rs`).

use super::NoAnswer;
use crate::address::BaseUrl;
use reqwest::{Method, RequestBuilder, Response};
use url::Url;

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    http: reqwest::Client,
    #[cfg(test)]
    stage: Option<super::stage::Stage>,
}

impl Wire {
    pub(super) fn new(http: reqwest::Client) -> Self {
        Self {
            http,
            #[cfg(test)]
            stage: None,
        }
    }

    /// The same, and a stage answers.
    #[cfg(test)]
    pub(super) fn to_stage(&self, stage: super::stage::Stage) -> Self {
        Self { stage: Some(stage), ..self.clone() }
    }

    pub(super) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.http.request(method, url)
    }

    pub(super) async fn send(&self, request: RequestBuilder, base: &BaseUrl) -> Result<Response, NoAnswer> {
        #[cfg(test)]
        if let Some(stage) = &self.stage {
            return stage.answer(request).await;
        }
        request.send().await.map_err(|error| NoAnswer::read(&error, base))
    }
}
