//! What came back: status, the few headers that matter, the body; and what a refusal means.

use super::Condition;
use super::mark::{Mark, Validators};
use super::retry::read_retry_after;
use crate::address::BaseUrl;
use crate::error::{Code, Failure};
use nineheads_contract::{Endpoint, FieldProblem, Problem, ProblemShape};
use reqwest::header::{
    CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, SystemTime};

/// A complete answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    validators: Validators,
    retry_after: Option<String>,
    location: Option<String>,
    is_html: bool,
    /// What a refusal must not tell.
    secret: SecretString,
}

/// What stands in place of a secret.
pub(super) const HIDDEN: &str = "•••";
/// As much of a secret's beginning must not be told either, in letters.
const TELLING: usize = 8;

impl Answer {
    pub(super) fn new(status: u16, headers: &HeaderMap, body: Vec<u8>, secret: SecretString) -> Self {
        let text =
            |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let is_html =
            text(&CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"));
        Self {
            status,
            body,
            validators: Validators {
                etag: text(&ETAG),
                last_modified: text(&LAST_MODIFIED),
                date: text(&DATE),
            },
            retry_after: text(&RETRY_AFTER),
            location: text(&LOCATION),
            is_html,
            secret,
        }
    }

    /// The server's words without the secret that they may echo, also where a limit cut it.
    fn hide(&self, text: &str) -> String {
        let secret = self.secret.expose_secret();
        let text = text.replace(secret, HIDDEN);
        let cut = (TELLING..secret.len()).rev().find(|&end| text.ends_with(&secret[..end]));
        match cut {
            Some(end) => format!("{}{HIDDEN}", &text[..text.len() - end]),
            None => text,
        }
    }

    /// 200 and not a web page; every other success is a surprise, and a surprise is an error.
    pub(crate) fn is_success(&self) -> bool {
        (self.status == 200 || self.status == 201 || self.status == 202) && !self.is_html
    }

    /// No web page, no redirect: a gateway in between, and not the API, answers with those.
    pub(crate) fn is_of_the_api(&self) -> bool {
        !self.is_html && !(300..=399).contains(&self.status) && !(502..=504).contains(&self.status)
    }

    /// Nothing new, as was asked for.
    pub(crate) fn is_unmodified(&self, condition: Condition<'_>) -> bool {
        self.status == 304 && matches!(condition, Condition::IfChanged(mark) if mark.has_validator())
    }

    /// What it is known again by.
    pub(super) fn mark(&self) -> Mark {
        Mark::new(&self.validators, &self.body)
    }

    /// Its entity tag as it came, for a write that must not undo another.
    pub(crate) fn etag(&self) -> Option<&str> {
        self.validators.etag.as_deref()
    }

    pub(crate) fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        read_retry_after(self.retry_after.as_deref()?, now)
    }

    /// Reads the reply of a success.
    pub(crate) fn read<E: Endpoint>(&self) -> Result<E::Reply, Failure> {
        E::read(&self.body).map_err(|unreadable| Failure::new(Code::Unreadable, unreadable.to_string()))
    }
}

/// What an answer that is no success means for this operation.
pub(crate) fn failure_of<E: Endpoint>(answer: &Answer, base: &BaseUrl) -> Failure {
    let problem = Problem::read(answer.status, &answer.body);
    let opaque = problem.shape == ProblemShape::Opaque;
    let message = problem.message.map(|message| answer.hide(&message));
    let hide = |field: FieldProblem| FieldProblem {
        loc: field.loc.iter().map(|part| answer.hide(part)).collect(),
        msg: answer.hide(&field.msg),
        kind: answer.hide(&field.kind),
    };
    let detail = format!("{} {} answered {}", E::METHOD, E::ROUTE, answer.status);
    let code = match answer.status {
        200..=299 if answer.is_html => Code::NotOurApi { redirect: None },
        200..=299 => Code::Unreadable,
        300..=399 => {
            Code::NotOurApi { redirect: answer.location.as_deref().map(|to| answer.hide(&target(to, base))) }
        }
        400 | 422 => Code::Invalid { message, fields: problem.fields.into_iter().map(hide).collect() },
        401 => Code::CredentialRefused,
        403 if opaque && answer.is_html => Code::NotOurApi { redirect: None },
        403 => Code::NotAllowed { operation: E::NAME.into(), scope: Some(E::SCOPE.name().into()), message },
        // A 404 that FastAPI did not write, or one for the list itself, means that the base URL is wrong.
        404 if opaque || E::NAME == "list_instances" => Code::NotOurApi { redirect: None },
        404 => Code::NotFound { message },
        409 | 412 => Code::Conflict { message },
        // A 503 that names a time is the same wish.
        429 | 503 if answer.status == 429 || answer.retry_after.is_some() => {
            let wait = answer.retry_after(SystemTime::now());
            Code::TooManyRequests {
                retry_after_seconds: wait.and_then(|wait| u32::try_from(wait.as_secs()).ok()),
            }
        }
        400..=499 if opaque => Code::NotOurApi { redirect: None },
        400..=499 => Code::Invalid { message, fields: Vec::new() },
        status => Code::ServerFailed { status, message },
    };
    Failure::new(code, detail)
}

/// Where a redirect points, without query and fragment: only the path when it stays on the host.
fn target(location: &str, base: &BaseUrl) -> String {
    let here = base.join("/", &[]);
    match here.join(location) {
        Ok(url) if url.host() == here.host() => url.path().to_owned(),
        Ok(url) => format!("{}{}", url.host_str().unwrap_or_default(), url.path()),
        Err(_) => String::new(),
    }
}
