//! One way out: builds a request from an endpoint, signs it, sends it, repeats it where that is harmless, reads the
//! answer. Knows no screen, no cache and no poller.

mod answer;
mod mark;
pub(crate) mod retry;
#[cfg(test)]
pub(crate) mod stage;
pub(crate) mod traffic;
mod trouble;
mod wire;

use crate::address::BaseUrl;
use crate::error::{Code, Failure};
use crate::network::Network;
use crate::profiles::CredentialKind;
use crate::session::Keyless;
pub(crate) use answer::{Answer, failure_of};
use futures_util::StreamExt;
pub(crate) use mark::Mark;
use nineheads_contract::neighbours::GetKeyContext;
use nineheads_contract::{Endpoint, Repeat};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH};
use retry::{Outcome, RetryBudget};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use traffic::Traffic;
pub(crate) use trouble::NoAnswer;
use wire::Wire;

/// The header of an API key.
static API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Most bytes of an answer, unpacked. Source: the reliability rules, fault 36.
const READ_CAP: usize = 64 << 20;
const WRITE_CAP: usize = 1 << 20;

/// How long the parts of a request may take; tests give shorter ones. Source: the reliability rules, faults 4 to 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name, connection and handshake together.
    pub connect: Duration,
    /// From there to the first byte of the answer.
    pub first_byte: Duration,
    /// Between two pieces of an answer.
    pub stall: Duration,
    /// The first byte of a chat's reply: an agent thinks before it speaks.
    pub chat_first_byte: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(15),
            stall: Duration::from_secs(20),
            chat_first_byte: Duration::from_secs(120),
        }
    }
}

/// What a request is signed with.
#[derive(Clone)]
pub(crate) struct Credential {
    /// How it is sent.
    pub kind: CredentialKind,
    /// Never printed, never serialised.
    pub secret: SecretString,
}

impl Credential {
    /// Trims what pasting adds. One with a character that no header may carry is refused.
    ///
    /// # Errors
    /// [`Code::CredentialRefused`]: no server could accept it.
    pub(crate) fn new(kind: CredentialKind, secret: &str) -> Result<Self, Failure> {
        let secret = secret.trim();
        let fits =
            !secret.is_empty() && secret.len() <= 8192 && secret.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return Err(Failure::new(Code::CredentialRefused, "a credential is one line of printable ASCII"));
        }
        crate::redact::know(secret);
        Ok(Self { kind, secret: secret.to_owned().into() })
    }

    /// For a question that needs no key: what is sent opens nothing anywhere.
    pub(crate) fn nobody() -> Self {
        Self { kind: CredentialKind::ApiKey, secret: "none".into() }
    }

    /// For a label on screen.
    pub(crate) fn last_four(&self) -> String {
        let secret = self.secret.expose_secret();
        match secret.len() {
            0..=11 => String::new(),
            length => secret[length - 4..].to_owned(),
        }
    }

    fn header(&self) -> (HeaderName, HeaderValue) {
        let (name, text) = match self.kind {
            CredentialKind::ApiKey => (API_KEY.clone(), self.secret.expose_secret().to_owned()),
            CredentialKind::BearerToken => (AUTHORIZATION, format!("Bearer {}", self.secret.expose_secret())),
        };
        let mut value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
        value.set_sensitive(true);
        (name, value)
    }
}

/// Under which condition a request shall be answered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Condition<'a> {
    None,
    /// Only what is new since the answer of this mark; "not modified" is a success too.
    IfChanged(&'a Mark),
    /// Only when nobody wrote since.
    IfMatch(&'a str),
}

/// What a look brought.
#[derive(Debug)]
pub(crate) struct Look<T> {
    /// None where the answer is the known one: it was seen now, and is not read again.
    pub value: Option<T>,
    /// Of the answer, to be held beside what it said.
    pub mark: Mark,
    /// Bytes of the body.
    pub bytes: usize,
    /// From sending to the last byte.
    pub took: Duration,
}

/// A client of one platform with one credential. One that has none sends nothing, whoever asks it to.
#[derive(Clone)]
pub(crate) struct Client {
    wire: Wire,
    base: BaseUrl,
    credential: Result<Credential, Keyless>,
    timeouts: Timeouts,
    /// Repeats what may be repeated; a poller does not, since it looks again anyway.
    patient: bool,
    /// What all clients of a profile may repeat.
    budget: Arc<RetryBudget>,
    /// What all clients of a profile sent and got.
    pub traffic: Arc<Traffic>,
}

impl Client {
    pub(crate) fn new(
        base: BaseUrl,
        credential: Result<Credential, Keyless>,
        timeouts: Timeouts,
        network: &Network,
    ) -> Result<Self, Failure> {
        let builder = reqwest::Client::builder()
            .connect_timeout(timeouts.connect)
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(Duration::from_secs(50))
            .user_agent(concat!("Nineheads/", env!("CARGO_PKG_VERSION")));
        let http = network
            .apply(builder, &base)?
            .build()
            .map_err(|error| Failure::new(Code::Offline, error.to_string()))?;
        let (budget, traffic) = (Arc::default(), Arc::default());
        Ok(Self { wire: Wire::new(http), base, credential, timeouts, patient: true, budget, traffic })
    }

    /// The same client for a poller: one attempt a look.
    pub(crate) fn for_polling(&self) -> Self {
        Self { patient: false, ..self.clone() }
    }

    /// A mark of the credential, to know it again without knowing it.
    pub(crate) fn credential_mark(&self) -> String {
        let secret = self.credential.as_ref().map_or("", |credential| credential.secret.expose_secret());
        let digest = Sha256::digest(secret);
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Why it has no credential; none where it has one.
    pub(crate) fn keyless(&self) -> Option<Keyless> {
        self.credential.as_ref().err().copied()
    }

    /// What a request is signed with. Everything that is sent asks here: without it nothing leaves.
    fn signer(&self) -> Result<&Credential, NoAnswer> {
        self.credential.as_ref().map_err(|_| NoAnswer { never_sent: true, failure: Failure::no_key() })
    }

    /// How its credential is sent; as most are where it has none.
    pub(crate) fn credential_kind(&self) -> CredentialKind {
        self.credential.as_ref().map_or(CredentialKind::ApiKey, |credential| credential.kind)
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        &self.base
    }

    /// Whether the API is there at all: any answer that is no web page says so.
    pub(crate) async fn is_there(&self) -> bool {
        let endpoint = GetKeyContext;
        let asked = self.attempt::<GetKeyContext>(&endpoint.path(), &[], None, Condition::None).await;
        asked.is_ok_and(|answer| answer.is_of_the_api())
    }

    /// Calls an operation and reads its reply; repeats it as its [`Repeat`] allows.
    pub(crate) async fn send<E: Endpoint>(&self, endpoint: &E) -> Result<E::Reply, Failure> {
        self.answer(endpoint, Condition::None).await?.read::<E>()
    }

    /// Asks what is new since an answer that the caller still holds what it said of.
    pub(crate) async fn look<E: Endpoint>(
        &self,
        endpoint: &E,
        known: Option<&Mark>,
    ) -> Result<Look<E::Reply>, Failure> {
        let Look { value, mark, bytes, took } = self.look_unread(endpoint, known).await?;
        Ok(Look { value: value.map(|answer| answer.read::<E>()).transpose()?, mark, bytes, took })
    }

    /// As [`Client::look`], for one who knows better how to read it.
    pub(crate) async fn look_unread<E: Endpoint>(
        &self,
        endpoint: &E,
        known: Option<&Mark>,
    ) -> Result<Look<Answer>, Failure> {
        let started = tokio::time::Instant::now();
        let answer = self.answer(endpoint, known.map_or(Condition::None, Condition::IfChanged)).await?;
        let mark = match known {
            Some(known) if answer.status == 304 => known.clone(),
            _ => answer.mark(),
        };
        let is_new = known.is_none_or(|known| !known.is_same_body(&mark));
        let bytes = answer.body.len();
        Ok(Look { value: is_new.then_some(answer), mark, bytes, took: started.elapsed() })
    }

    /// Calls an operation and returns its successful answer unread. See [`Condition`].
    pub(crate) async fn answer<E: Endpoint>(
        &self,
        endpoint: &E,
        condition: Condition<'_>,
    ) -> Result<Answer, Failure> {
        let body = endpoint.body().map(serde_json::to_vec).transpose();
        let body = body.map_err(|error| Failure::new(Code::Unreadable, error.to_string()))?;
        for attempt in 1.. {
            let result =
                self.attempt::<E>(&endpoint.path(), &endpoint.query(), body.clone(), condition).await;
            let (outcome, retry_after) = match &result {
                Ok(answer) => (Outcome::Status(answer.status), answer.retry_after(SystemTime::now())),
                Err(lost) if lost.failure.code != Code::Offline => (Outcome::Hopeless, None),
                Err(_) => (Outcome::NoAnswer, None),
            };
            let is_get = E::METHOD == reqwest::Method::GET;
            let wait = retry::next_wait(E::REPEAT, is_get, outcome, attempt, retry_after, rand::random());
            let Some(wait) = wait.filter(|_| self.patient && self.budget.take()) else {
                return match result {
                    Ok(answer) if answer.is_success() || answer.is_unmodified(condition) => Ok(answer),
                    Ok(answer) => Err(failure_of::<E>(&answer, &self.base)),
                    Err(lost) if E::REPEAT == Repeat::Safe || lost.never_sent => Err(lost.failure),
                    Err(lost) => Err(Failure::new(Code::MayHaveArrived, lost.failure.detail)),
                };
            };
            tokio::time::sleep(wait).await;
        }
        Err(Failure::new(Code::Offline, "no attempt was made"))
    }

    /// Calls once what may take as long as an agent's first word.
    pub(crate) async fn ask_patiently<E: Endpoint>(&self, endpoint: &E) -> Result<E::Reply, Failure> {
        let timeouts = Timeouts { first_byte: self.timeouts.chat_first_byte, ..self.timeouts };
        Self { timeouts, patient: false, ..self.clone() }.send(endpoint).await
    }

    /// One attempt with a given body, whatever the status.
    pub(crate) async fn attempt<E: Endpoint>(
        &self,
        path: &str,
        query: &[(&'static str, String)],
        body: Option<Vec<u8>>,
        condition: Condition<'_>,
    ) -> Result<Answer, NoAnswer> {
        let response = self.open::<E>(path, query, body, condition, self.timeouts.first_byte).await?;
        let cap = if E::REPEAT == Repeat::WithKey { WRITE_CAP } else { READ_CAP };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = self.read_capped(response, cap).await?;
        Ok(Answer::new(status, &headers, self.redact(status, body), self.signer()?.secret.clone()))
    }

    /// Starts a turn of chat: the answer's head has come, its body is still on its way.
    pub(crate) async fn open_stream<E: Endpoint>(
        &self,
        endpoint: &E,
    ) -> Result<reqwest::Response, StreamRefused> {
        let body = endpoint.body().map(serde_json::to_vec).transpose();
        let body =
            body.map_err(|error| StreamRefused::Answered(Failure::new(Code::Unreadable, error.to_string())))?;
        let opened = self
            .open::<E>(
                &endpoint.path(),
                &endpoint.query(),
                body,
                Condition::None,
                self.timeouts.chat_first_byte,
            )
            .await;
        let response = opened.map_err(StreamRefused::NoAnswer)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let html = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if status == 200 && !html {
            return Ok(response);
        }
        let body = self.read_capped(response, WRITE_CAP).await.unwrap_or_default();
        let secret = self.signer().map_err(StreamRefused::NoAnswer)?.secret.clone();
        let answer = Answer::new(status, &headers, self.redact(status, body), secret);
        Err(StreamRefused::Answered(failure_of::<E>(&answer, &self.base)))
    }

    async fn open<E: Endpoint>(
        &self,
        path: &str,
        query: &[(&'static str, String)],
        body: Option<Vec<u8>>,
        condition: Condition<'_>,
        first_byte: Duration,
    ) -> Result<reqwest::Response, NoAnswer> {
        let (name, value) = self.signer()?.header();
        let mut headers = HeaderMap::new();
        headers.insert(name, value);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream;q=0.9"));
        match condition {
            Condition::None => {}
            Condition::IfChanged(mark) => headers.extend(mark.conditions()),
            Condition::IfMatch(tag) => headers.extend(HeaderValue::from_str(tag).map(|tag| (IF_MATCH, tag))),
        }
        let mut request = self.wire.request(E::METHOD, self.base.join(path, query)).headers(headers);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        self.budget.note_request();
        let sent = tokio::time::timeout(first_byte, self.wire.send(request, &self.base)).await;
        self.traffic.note_request(!matches!(&sent, Ok(Ok(response)) if response.status().as_u16() < 500));
        match sent {
            Ok(answered) => answered,
            Err(_) => Err(NoAnswer::lost(format!("no answer within {} s", first_byte.as_secs()))),
        }
    }

    /// The whole body, or none of it.
    async fn read_capped(&self, response: reqwest::Response, cap: usize) -> Result<Vec<u8>, NoAnswer> {
        let expected = response.content_length().map_or(0, |n| usize::try_from(n).unwrap_or(0));
        let mut body = Vec::with_capacity(expected.min(cap));
        let mut stream = response.bytes_stream();
        loop {
            match tokio::time::timeout(self.timeouts.stall, stream.next()).await {
                Ok(None) => return Ok(body),
                Ok(Some(Ok(piece))) if body.len() + piece.len() <= cap => {
                    self.traffic.note_bytes(piece.len());
                    body.extend_from_slice(&piece);
                }
                Ok(Some(Ok(_))) => {
                    return Err(NoAnswer::lost(format!("the answer is longer than {cap} bytes")));
                }
                Ok(Some(Err(error))) => {
                    return Err(NoAnswer { never_sent: false, ..NoAnswer::read(&error, &self.base) });
                }
                Err(_) => {
                    let stall = self.timeouts.stall.as_secs();
                    return Err(NoAnswer::lost(format!("the answer stalled for {stall} s")));
                }
            }
        }
    }

    /// A server that echoes the key must not make us show it.
    fn redact(&self, status: u16, body: Vec<u8>) -> Vec<u8> {
        let Ok(credential) = &self.credential else { return body };
        if body.len() >= WRITE_CAP && status < 300 {
            return body;
        }
        let secret = credential.secret.expose_secret();
        match std::str::from_utf8(&body) {
            Ok(text) if text.contains(secret) => text.replace(secret, answer::HIDDEN).into_bytes(),
            _ => body,
        }
    }
}

/// Why a stream did not start.
#[derive(Debug)]
pub(crate) enum StreamRefused {
    NoAnswer(NoAnswer),
    Answered(Failure),
}
