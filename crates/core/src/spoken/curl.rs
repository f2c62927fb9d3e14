//! A request as curl would send it.

use crate::address::BaseUrl;
use crate::profiles::CredentialKind;
use nineheads_contract::Endpoint;
use serde_json::Value;
use std::borrow::Cow;

/// Where the requests go, and how they are signed.
#[derive(Debug)]
pub(super) struct Curl<'a> {
    pub base: &'a BaseUrl,
    pub kind: CredentialKind,
}

impl Curl<'_> {
    pub(super) fn text<E: Endpoint>(
        &self,
        endpoint: &E,
        body: Option<&Value>,
        if_match: Option<&str>,
    ) -> String {
        let url = self.base.join(&endpoint.path(), &endpoint.query());
        // The shell puts the key in; between double quotes nothing else of these lines is the shell's.
        let signature = match self.kind {
            CredentialKind::ApiKey => r#""X-Api-Key: $NINEHEADS_API_KEY""#,
            CredentialKind::BearerToken => r#""Authorization: Bearer $NINEHEADS_API_KEY""#,
        };
        let mut lines = vec![
            format!("curl --request {} {}", E::METHOD, quote(url.as_str())),
            format!("--header {signature}"),
            format!("--header {}", quote("Accept: application/json, text/event-stream;q=0.9")),
        ];
        if let Some(tag) = if_match {
            lines.push(format!("--header {}", quote(&format!("If-Match: {tag}"))));
        }
        if let Some(body) = body {
            lines.push(format!("--header {}", quote("Content-Type: application/json")));
            lines.push(format!("--data-raw {}", quote(&plain_json(body))));
        }
        lines.join(" \\\n  ")
    }
}

/// Without a character that a terminal would take for more than text: JSON may write each of them as a number.
fn plain_json(body: &Value) -> String {
    let mut text = String::new();
    for c in body.to_string().chars() {
        match c.is_control() {
            true => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => text.push(c),
        }
    }
    text
}

/// One word of a POSIX shell. A zero byte can not be said there: callers have none.
pub(super) fn quote(word: &str) -> String {
    shlex::try_quote(word).map(Cow::into_owned).unwrap_or_default()
}
