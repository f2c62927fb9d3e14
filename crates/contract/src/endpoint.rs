//! What an operation says about itself, once: method, route, body, reply, and whether it may be repeated.

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Everything but RFC 3986's unreserved characters is encoded, so that no id can leave its segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One operation of the API with the values of one call.
pub trait Endpoint {
    /// The operation's id in `docs/openapi.yaml`.
    const NAME: &'static str;
    /// The HTTP method.
    const METHOD: Method;
    /// The route as documented, with `{placeholders}`.
    const ROUTE: &'static str;
    /// Whether sending it twice is harmless.
    const REPEAT: Repeat;
    /// The scope a key needs. Ours: GET reads, DELETE deletes, the rest writes.
    const SCOPE: Scope;
    /// Whether only a tenant's admin may call it.
    const ADMIN: bool = false;
    /// What is sent as JSON; [`NoBody`] for operations without one.
    type Body: Serialize;
    /// What comes back.
    type Reply: DeserializeOwned;

    /// Values for the route's placeholders, in order, not yet encoded.
    fn segments(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Query parameters, not yet encoded.
    fn query(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The request's body.
    fn body(&self) -> Option<&Self::Body> {
        None
    }

    /// Reads a successful reply.
    ///
    /// # Errors
    /// [`Unreadable`] when the bytes are not this operation's reply.
    fn read(bytes: &[u8]) -> Result<Self::Reply, Unreadable> {
        read_json(bytes)
    }

    /// The path with every placeholder filled in and percent-encoded.
    fn path(&self) -> String {
        let mut values = self.segments().into_iter();
        let filled: Vec<String> = Self::ROUTE
            .split('/')
            .map(|part| match part.starts_with('{') {
                true => encode_segment(values.next().unwrap_or_default()),
                false => part.to_owned(),
            })
            .collect();
        filled.join("/")
    }
}

/// Percent-encodes one path segment. `.` and `..` are encoded twice: URL parsers resolve them even as `%2E`, and a
/// server that gets `%2E` for a name knows no such thing.
pub fn encode_segment(value: &str) -> String {
    match value {
        "." => "%252E".into(),
        ".." => "%252E%252E".into(),
        _ => utf8_percent_encode(value, SEGMENT).to_string(),
    }
}

/// Parses JSON, with or without a byte order mark.
///
/// # Errors
/// [`Unreadable`] when the bytes are not JSON of this type.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Looked through once as a whole, no text in it is looked through again.
    let read = match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    };
    read.map_err(|error| Unreadable { reason: error.to_string() })
}

/// A successful status with a body that is not this operation's reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// For a log line; never shown alone.
    pub reason: String,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the reply could not be read: {}", self.reason)
    }
}

impl std::error::Error for Unreadable {}

/// Stands for "this operation sends nothing".
#[derive(Debug, Clone, Copy, Serialize)]
pub enum NoBody {}

/// May a request be sent again when nobody knows whether it arrived?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Yes: the second one changes nothing.
    Safe,
    /// Only with the same idempotency key and the same bytes.
    WithKey,
    /// Never silently.
    Never,
}

/// The verb of the scope `instances:<verb>` that a key needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// `instances:read`
    Read,
    /// `instances:write`
    Write,
    /// `instances:delete`
    Delete,
}

impl Scope {
    /// As it is written in a key's list of scopes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "instances:read",
            Self::Write => "instances:write",
            Self::Delete => "instances:delete",
        }
    }
}

/// An endpoint's constants as a value, for tables.
#[derive(Debug, Clone)]
pub struct Facts {
    /// See [`Endpoint::NAME`].
    pub name: &'static str,
    /// See [`Endpoint::METHOD`].
    pub method: Method,
    /// See [`Endpoint::ROUTE`].
    pub route: &'static str,
    /// See [`Endpoint::REPEAT`].
    pub repeat: Repeat,
    /// See [`Endpoint::SCOPE`].
    pub scope: Scope,
    /// See [`Endpoint::ADMIN`].
    pub admin: bool,
}

impl Facts {
    /// The facts of one endpoint.
    pub const fn of<E: Endpoint>() -> Self {
        Self {
            name: E::NAME,
            method: E::METHOD,
            route: E::ROUTE,
            repeat: E::REPEAT,
            scope: E::SCOPE,
            admin: E::ADMIN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{InstanceId, instances::GetInstance};

    #[test]
    fn a_hostile_id_stays_inside_its_path_segment() {
        for (id, path) in [
            ("../../admin?x=", "/v1/instances/..%2F..%2Fadmin%3Fx%3D"),
            ("..", "/v1/instances/%252E%252E"),
            ("a b#c", "/v1/instances/a%20b%23c"),
            ("é\u{202e}", "/v1/instances/%C3%A9%E2%80%AE"),
        ] {
            assert_eq!(GetInstance { id: InstanceId::from(id) }.path(), path);
        }
    }

    #[test]
    fn the_table_names_twenty_different_operations_under_v1() {
        let names: std::collections::BTreeSet<_> = crate::ENDPOINTS.iter().map(|e| e.name).collect();
        assert_eq!(names.len(), 20);
        assert!(crate::ENDPOINTS.iter().all(|e| e.route.starts_with("/v1/instances")));
    }
}
