//! Where the way to a platform is broken: six layers, each with what was found. The first that fails says why; what
//! lies behind it was not reached. The key leaves only when everything before it holds. Nothing is changed on the way.

use super::Network;
use super::fault::{TlsFault, chain, tls_fault};
use crate::address::BaseUrl;
use crate::client::{Client, Credential, Timeouts};
use crate::diagnosis::{DiagnosisResult, read_key};
use crate::error::{Code, Failure};
use chrono::{DateTime, Utc};
use nineheads_contract::instances::ListInstances;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::time::{Duration, Instant};
use url::Url;

/// How long a name, a connection, an answer may take.
const LOOKUP: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(15);

/// The layers, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NetworkLayer {
    /// The name of the host, or of the proxy, leads to an address.
    Name,
    /// Somebody answers there.
    Connect,
    /// The proxy lets the request through.
    Proxy,
    /// The certificate is trusted.
    Tls,
    /// What answers is the API.
    Api,
    /// The key is accepted.
    Key,
}

use NetworkLayer as Layer;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the words say it; their sentences are the screen's")]
pub enum NetworkFinding {
    Loopback,
    Resolved,
    NoSuchName,
    Connected,
    NoConnection,
    NoProxy,
    ThroughProxy,
    ProxyRefuses,
    ProxyWantsLogin,
    Secure,
    Expired,
    NotYetValid,
    WrongHost,
    UnknownIssuer,
    BadCertificate,
    HandshakeFailed,
    NoAnswer,
    Answers,
    NotOurApi,
    ServerFailed,
    Accepted,
    KeyRefused,
    NotAllowed,
    NoKey,
    NotReached,
}

use NetworkFinding as Finding;

/// One layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NetworkStep {
    /// Which.
    pub layer: NetworkLayer,
    /// How it went.
    pub result: DiagnosisResult,
    /// What was found.
    pub finding: NetworkFinding,
    /// Whom it is about: the platform's host, or the proxy's.
    pub host: String,
    /// Until when, or from when on, the certificate is valid, where that is what is wrong.
    pub date: Option<DateTime<Utc>>,
    /// The technical part.
    pub detail: String,
    /// Milliseconds.
    pub took_ms: Option<u32>,
}

/// What a layer says.
type Said = (DiagnosisResult, Finding, Option<DateTime<Utc>>, String);

fn good(finding: Finding, detail: impl Into<String>) -> Said {
    (DiagnosisResult::Ok, finding, None, detail.into())
}

fn failed(finding: Finding, detail: impl Into<String>) -> Said {
    (DiagnosisResult::Failed, finding, None, detail.into())
}

fn skipped(finding: Finding) -> Said {
    (DiagnosisResult::Skipped, finding, None, String::new())
}

/// A walk through the layers.
pub(crate) struct Probe<'a> {
    pub base: BaseUrl,
    pub network: Network,
    pub credential: Option<Credential>,
    pub on_step: &'a mut (dyn FnMut(NetworkStep) + Send),
}

const ALL: [Layer; 6] = [Layer::Name, Layer::Connect, Layer::Proxy, Layer::Tls, Layer::Api, Layer::Key];

impl Probe<'_> {
    /// Walks until something fails.
    pub(crate) async fn walk(mut self) -> Vec<NetworkStep> {
        let there = self.base.join("/", &[]);
        let proxy = self.network.proxy_for(&self.base);
        let first = proxy.clone().unwrap_or_else(|| there.clone());
        let mut steps = Vec::new();
        let started = Instant::now();
        let said = match self.base.is_loopback() {
            true => skipped(Finding::Loopback),
            false => read_name(look_up(&first).await),
        };
        if self.note(&mut steps, Layer::Name, &first, started, said) {
            let started = Instant::now();
            let said = try_connect(&first).await;
            if self.note(&mut steps, Layer::Connect, &first, started, said)
                && self.go_through(&mut steps, proxy).await
            {
                let started = Instant::now();
                let (api_says, key_says) =
                    Self::try_api(&self.base, &self.network, self.credential.clone()).await;
                self.note(&mut steps, Layer::Api, &there, started, api_says);
                self.note(&mut steps, Layer::Key, &there, started, key_says);
            }
        }
        for layer in ALL.into_iter().skip(steps.len()) {
            self.note(&mut steps, layer, &there, Instant::now(), skipped(Finding::NotReached));
        }
        steps
    }

    /// By the proxy, and through TLS. False where it ends there.
    async fn go_through(&mut self, steps: &mut Vec<NetworkStep>, proxy: Option<Url>) -> bool {
        let there = self.base.join("/", &[]);
        let started = Instant::now();
        let (proxy_says, tls_says) = match self.base.is_loopback() {
            true => (skipped(Finding::NoProxy), skipped(Finding::Loopback)),
            false => Self::try_secure(&self.base, &self.network, proxy.as_ref()).await,
        };
        let passed = self.note(steps, Layer::Proxy, proxy.as_ref().unwrap_or(&there), started, proxy_says);
        self.note(steps, Layer::Tls, &there, started, tls_says) && passed
    }

    /// False where nothing behind it can be reached.
    fn note(
        &mut self,
        steps: &mut Vec<NetworkStep>,
        layer: Layer,
        host: &Url,
        started: Instant,
        said: Said,
    ) -> bool {
        let (result, finding, date, detail) = said;
        let took_ms = u32::try_from(started.elapsed().as_millis()).ok();
        let took_ms = took_ms.filter(|_| result != DiagnosisResult::Skipped);
        let host = host.host_str().unwrap_or_default().to_owned();
        let step = NetworkStep { layer, result, finding, host, date, detail, took_ms };
        (self.on_step)(step.clone());
        steps.push(step);
        result != DiagnosisResult::Failed
    }

    /// One request without a key: what the proxy and the certificate say.
    async fn try_secure(base: &BaseUrl, network: &Network, proxy: Option<&Url>) -> (Said, Said) {
        let through = || match proxy {
            Some(url) => good(Finding::ThroughProxy, url.host_str().unwrap_or_default()),
            None => skipped(Finding::NoProxy),
        };
        let builder =
            reqwest::Client::builder().connect_timeout(CONNECT).redirect(reqwest::redirect::Policy::none());
        let client = network
            .apply(builder, base)
            .and_then(|builder| builder.build().map_err(|error| Failure::new(Code::Offline, chain(&error))));
        let client = match client {
            Ok(client) => client,
            Err(failure) => return (through(), failed(Finding::BadCertificate, failure.detail)),
        };
        let answer = tokio::time::timeout(ANSWER, client.get(base.join("/", &[])).send()).await;
        match answer {
            Ok(Ok(_)) => (through(), good(Finding::Secure, base.as_str())),
            Ok(Err(error)) => match (tls_fault(&error), proxy) {
                (Some(fault), _) => (through(), read_tls(fault, chain(&error))),
                (None, Some(_)) => (read_proxy(chain(&error)), skipped(Finding::NotReached)),
                (None, None) => (through(), failed(Finding::HandshakeFailed, chain(&error))),
            },
            Err(_) => {
                (through(), failed(Finding::NoAnswer, format!("no answer within {} s", ANSWER.as_secs())))
            }
        }
    }

    /// One request with the key, where there is one.
    async fn try_api(base: &BaseUrl, network: &Network, credential: Option<Credential>) -> (Said, Said) {
        let nobody = Credential::nobody();
        let known = credential.is_some();
        let client =
            Client::new(base.clone(), Ok(credential.unwrap_or(nobody)), Timeouts::default(), network);
        let answer = match client {
            Ok(client) => client.for_polling().send(&ListInstances).await.map(drop),
            Err(failure) => Err(failure),
        };
        let key = |said: Said| if known { said } else { skipped(Finding::NoKey) };
        let Err(failure) = answer else {
            return (good(Finding::Answers, base.as_str()), key(good(Finding::Accepted, "")));
        };
        let detail = failure.detail.clone();
        let answers = good(Finding::Answers, base.as_str());
        match &failure.code {
            Code::Offline => (failed(Finding::NoAnswer, detail), skipped(Finding::NotReached)),
            Code::NotOurApi { .. } | Code::Unreadable | Code::NotFound { .. } => {
                (failed(Finding::NotOurApi, detail), skipped(Finding::NotReached))
            }
            Code::ServerFailed { .. } | Code::TooManyRequests { .. } => {
                let said = (DiagnosisResult::Warning, Finding::ServerFailed, None, detail);
                (said, key((DiagnosisResult::Unknown, Finding::NotReached, None, String::new())))
            }
            Code::NotAllowed { .. } => (answers, key(failed(Finding::NotAllowed, detail))),
            _ => match read_key(Some(&failure)) {
                says if says.result == DiagnosisResult::Failed => {
                    (answers, key(failed(Finding::KeyRefused, detail)))
                }
                _ => (answers, key(good(Finding::Accepted, detail))),
            },
        }
    }
}

/// Looks a host's name up.
///
/// # Errors
/// Why it leads nowhere.
pub(crate) async fn look_up(url: &Url) -> Result<String, String> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    match tokio::time::timeout(LOOKUP, tokio::net::lookup_host((host.as_str(), port))).await {
        Ok(Ok(addresses)) => {
            let addresses: Vec<String> = addresses.map(|address| address.ip().to_string()).collect();
            Ok(format!("{host} → {}", addresses.join(", ")))
        }
        Ok(Err(error)) => Err(format!("{host}: {error}")),
        Err(_) => Err(format!("{host}: no answer in {} s", LOOKUP.as_secs())),
    }
}

fn read_name(found: Result<String, String>) -> Said {
    match found {
        Ok(addresses) => good(Finding::Resolved, addresses),
        Err(why) => failed(Finding::NoSuchName, why),
    }
}

async fn try_connect(url: &Url) -> Said {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    match tokio::time::timeout(CONNECT, tokio::net::TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(_)) => good(Finding::Connected, format!("{host}:{port}")),
        Ok(Err(error)) => failed(Finding::NoConnection, format!("{host}:{port}: {error}")),
        Err(_) => failed(
            Finding::NoConnection,
            format!("{host}:{port}: nobody answered in {} s", CONNECT.as_secs()),
        ),
    }
}

fn read_tls(fault: TlsFault, detail: String) -> Said {
    let (finding, date) = match fault {
        TlsFault::Expired(date) => (Finding::Expired, date),
        TlsFault::NotYetValid(date) => (Finding::NotYetValid, date),
        TlsFault::WrongHost => (Finding::WrongHost, None),
        TlsFault::UnknownIssuer => (Finding::UnknownIssuer, None),
        TlsFault::BadCertificate => (Finding::BadCertificate, None),
        TlsFault::Handshake => (Finding::HandshakeFailed, None),
    };
    (DiagnosisResult::Failed, finding, date, detail)
}

/// The library's own type for this is private, and its one sentence about a missing login is all there is.
fn read_proxy(detail: String) -> Said {
    let finding = match detail.contains("proxy authorization required") {
        true => Finding::ProxyWantsLogin,
        false => Finding::ProxyRefuses,
    };
    failed(finding, detail)
}
