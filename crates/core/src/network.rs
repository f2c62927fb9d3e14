//! How requests leave this computer: by which proxy, and which certificates are trusted beside the system's. Belongs
//! here: what a profile says about it, checked and put into a client. Does not belong here: sending (`client.rs`).

mod certificate;
pub(crate) mod fault;
mod probe;

pub(crate) use certificate::Certificates;
pub use probe::{NetworkFinding, NetworkLayer, NetworkStep};
pub(crate) use probe::{Probe, look_up};

use crate::address::BaseUrl;
use crate::error::{Code, Failure};
use crate::profiles::Proxy;
use reqwest::ClientBuilder;
use reqwest::tls::Version;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// User and password of a proxy.
#[derive(Clone)]
pub(crate) struct Login {
    pub user: String,
    pub password: SecretString,
}

/// See the module.
#[derive(Clone, Default)]
pub(crate) struct Network {
    pub proxy: Proxy,
    pub login: Option<Login>,
    pub certificates: Certificates,
}

impl Network {
    /// # Errors
    /// [`Code::Invalid`] for a proxy that can not be used.
    pub(crate) fn apply(&self, builder: ClientBuilder, base: &BaseUrl) -> Result<ClientBuilder, Failure> {
        let builder = builder.tls_version_min(Version::TLS_1_2);
        let builder = match &self.proxy {
            // What is on this computer needs no way out of it.
            _ if base.is_loopback() => builder.no_proxy(),
            Proxy::System => builder,
            Proxy::None => builder.no_proxy(),
            Proxy::Manual { url, .. } => {
                let unusable = |error: reqwest::Error| {
                    Failure::new(
                        Code::Invalid { message: Some("the proxy".into()), fields: Vec::new() },
                        error.to_string(),
                    )
                };
                let mut proxy = reqwest::Proxy::all(url).map_err(unusable)?;
                if let Some(login) = &self.login {
                    proxy = proxy.basic_auth(&login.user, login.password.expose_secret());
                }
                builder.proxy(proxy)
            }
        };
        Ok(match self.certificates.is_empty() {
            true => builder,
            false => builder.tls_certs_merge(self.certificates.for_client()),
        })
    }

    /// The proxy that a request to this address takes, as far as it can be known from here.
    pub(crate) fn proxy_for(&self, base: &BaseUrl) -> Option<Url> {
        match &self.proxy {
            _ if base.is_loopback() => None,
            Proxy::None => None,
            Proxy::Manual { url, .. } => Url::parse(url).ok(),
            Proxy::System => ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|text| !text.is_empty()))
                .and_then(|text| Url::parse(&text).or_else(|_| Url::parse(&format!("http://{text}"))).ok()),
        }
    }
}
