//! One request to a model server: limits, the key's header, and what came of it. Follows nothing, logs nothing.

use super::address::is_this_computer;
use reqwest::header::{AUTHORIZATION, HeaderValue, LOCATION};
use reqwest::{Client, Method, redirect};
use serde_json::Value;
use std::error::Error;
use std::time::Duration;
use url::Url;

/// Most bytes of an answer; a list of a thousand models is a tenth of it.
const LARGEST: usize = 4 << 20;

/// How long a server may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) connect: Duration,
    pub(super) answer: Duration,
}

/// What came of a request.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// A status, and the body where it is JSON.
    Answer(u16, Option<Value>),
    /// It sends to another place, at this host where it says so.
    Elsewhere(Option<String>),
    /// The answer was larger than any that makes sense.
    TooLarge,
    /// Nobody is there, or the connection broke.
    NotReached,
    /// Its certificate can not be trusted.
    Certificate,
    /// It took too long.
    TooSlow,
}

/// A model server, and the key that it is shown.
pub(super) struct Server<'a> {
    client: Client,
    base: &'a str,
    key: Option<HeaderValue>,
}

impl<'a> Server<'a> {
    /// None where the address or the key can not be used in a request at all.
    pub(super) fn new(base: &'a str, key: Option<&str>, limits: Limits) -> Option<Self> {
        let url = Url::parse(base).ok()?;
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(limits.connect)
            .timeout(limits.answer);
        // What goes to this computer goes past no proxy: it would read the key.
        let client = if is_this_computer(&url) { client.no_proxy() } else { client };
        let key = match key {
            Some(key) => {
                let mut header = HeaderValue::from_str(&format!("Bearer {key}")).ok()?;
                header.set_sensitive(true);
                Some(header)
            }
            None => None,
        };
        Some(Self { client: client.build().ok()?, base, key })
    }

    /// Asks, and reads the answer.
    pub(super) async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Said {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, key.clone());
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        match request.send().await {
            Ok(response) => read(response).await,
            Err(error) => broken(&error),
        }
    }
}

async fn read(mut response: reqwest::Response) -> Said {
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
        let to = to.and_then(|to| response.url().join(to).ok());
        return Said::Elsewhere(to.and_then(|to| to.host_str().map(str::to_owned)));
    }
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > LARGEST => return Said::TooLarge,
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Said::Answer(status.as_u16(), serde_json::from_slice(&bytes).ok()),
            Err(error) => return broken(&error),
        }
    }
}

fn broken(error: &reqwest::Error) -> Said {
    if error.is_timeout() {
        return if error.is_connect() { Said::NotReached } else { Said::TooSlow };
    }
    // The type behind it is rustls's own, which the platform does not link by name.
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.to_string().contains("certificate") {
            return Said::Certificate;
        }
        source = cause.source();
    }
    Said::NotReached
}
