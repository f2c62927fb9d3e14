//! Everything a request can be refused with, as FastAPI writes it.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

/// What a handler gives back.
pub(crate) type Answer = Result<Response, Refusal>;

/// Why a request was not done.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A status with one sentence.
    Detail(StatusCode, String),
    /// A 422 that names its fields.
    Invalid(Vec<Invalid>),
    /// A 429 with the seconds to wait.
    TooMany(u64),
    /// Something broke here; the caller learns no more than that.
    Broken(String),
}

/// One entry of a 422.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Invalid {
    pub(crate) loc: Vec<Value>,
    pub(crate) msg: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
}

impl Refusal {
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::Detail(StatusCode::FORBIDDEN, detail.into())
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::Detail(StatusCode::CONFLICT, detail.into())
    }

    /// A 422 about the meaning of one field of the body.
    pub(crate) fn field(name: &str, msg: impl Into<String>) -> Self {
        let loc = vec!["body".into(), name.into()];
        Self::Invalid(vec![Invalid { loc, msg: msg.into(), kind: "value_error" }])
    }

    /// It may well be there in a moment.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self::Detail(StatusCode::SERVICE_UNAVAILABLE, detail.into())
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::Detail(StatusCode::NOT_FOUND, format!("{what} not found"))
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Detail(status, detail) => {
                let mut response = detail_response(status, &detail);
                if status == StatusCode::UNAUTHORIZED {
                    let scheme = HeaderValue::from_static("Bearer");
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
                }
                response
            }
            Self::Invalid(rows) => {
                (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(json!({ "detail": rows }))).into_response()
            }
            Self::TooMany(seconds) => {
                let mut response = detail_response(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded");
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                response
            }
            Self::Broken(reason) => {
                log::error!("a request broke: {reason}");
                detail_response(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
            }
        }
    }
}

/// FastAPI's `{"detail": "text"}`.
pub(crate) fn detail_response(status: StatusCode, detail: &str) -> Response {
    (status, axum::Json(json!({ "detail": detail }))).into_response()
}
