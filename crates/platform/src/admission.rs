//! A request's way through the server, the same for every operation: counted, spoiled where a fault is due, recognised,
//! held against the rate limit, the scope and the role, answered, and spoiled again. Order as in FastAPI: who you are
//! comes before what you sent.

use crate::call::{Call, Platform};
use crate::faults::Fault;
use crate::refusal::{Answer, Refusal, detail_response};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use nineheads_contract::Facts;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Most bytes of a body. A configuration of 5 MB must pass.
const BODY_LIMIT: usize = 16 << 20;

/// What answers an operation. It runs on a thread that may block.
pub(crate) type Handler = fn(&Call) -> Answer;

/// Tells the listener to close the connection instead of sending the response it is on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CloseConnection;

/// Travels with a request whose push to the agent is to fail.
#[derive(Debug, Clone, Copy)]
struct PushFails;

/// Answers one request of an operation.
pub(crate) async fn answer(
    platform: Arc<Platform>,
    facts: &Facts,
    handler: Handler,
    mut request: Request,
) -> Response {
    platform.counter.request(facts.name);
    match platform.faults.next(facts.name) {
        None => admit(platform, facts, handler, request).await,
        Some(Fault::Slow { slow_ms }) => {
            tokio::time::sleep(Duration::from_millis(slow_ms)).await;
            admit(platform, facts, handler, request).await
        }
        Some(Fault::Cut) => cut(admit(platform, facts, handler, request).await).await,
        Some(Fault::CutAfterCommit) => {
            admit(platform, facts, handler, request).await;
            close()
        }
        Some(Fault::PushFails) => {
            request.extensions_mut().insert(PushFails);
            admit(platform, facts, handler, request).await
        }
        Some(instead) => spoil(instead),
    }
}

async fn admit(platform: Arc<Platform>, facts: &Facts, handler: Handler, request: Request) -> Response {
    match enter(platform, facts, handler, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn enter(platform: Arc<Platform>, facts: &Facts, handler: Handler, request: Request) -> Answer {
    let (head, body) = request.into_parts();
    let caller = platform.doorkeeper.recognise(&head.headers)?;
    platform.rate.take(caller.key, Instant::now()).map_err(Refusal::TooMany)?;
    caller.require_scope(facts.scope)?;
    if facts.admin {
        caller.require_admin()?;
    }
    let body = to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|_| Refusal::Detail(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large".into()))?;
    let push_fails = head.extensions.get::<PushFails>().is_some();
    let mut call = Call::new(platform, caller, (facts.route, &head.uri), head.headers, body);
    call.push_fails = push_fails;
    // A panic of a handler ends here, as the error of its thread, and never reaches the server.
    match tokio::task::spawn_blocking(move || handler(&call)).await {
        Ok(answer) => answer,
        Err(error) => Err(Refusal::Broken(error.to_string())),
    }
}

fn spoil(fault: Fault) -> Response {
    match fault {
        Fault::Status { status, retry_after, body, content_type } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = match body {
                Some(body) => {
                    let kind = content_type.unwrap_or_else(|| "application/json".to_owned());
                    typed(status, &kind, body)
                }
                None => detail_response(status, status.canonical_reason().unwrap_or("Error")),
            };
            if let Some(value) = retry_after.and_then(|text| HeaderValue::from_str(&text).ok()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
            response
        }
        Fault::CaptivePortal => typed(
            StatusCode::OK,
            "text/html; charset=utf-8",
            include_str!("faults/captive_portal.html").into(),
        ),
        Fault::Empty => typed(StatusCode::OK, "application/json", String::new()),
        Fault::Json(value) => typed(StatusCode::OK, "application/json", value.to_string()),
        Fault::Slow { .. } | Fault::Cut | Fault::CutAfterCommit | Fault::CutBefore | Fault::PushFails => {
            close()
        }
    }
}

fn typed(status: StatusCode, kind: &str, body: String) -> Response {
    let mut response = (status, body).into_response();
    if let Ok(kind) = HeaderValue::from_str(kind) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

fn close() -> Response {
    let mut response = StatusCode::BAD_GATEWAY.into_response();
    response.extensions_mut().insert(CloseConnection);
    response
}

/// Sends the first half of an answer and then breaks the connection.
async fn cut(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half: Bytes = whole.slice(..whole.len() / 2);
    head.headers.remove(header::CONTENT_LENGTH);
    let broken = async {
        // Long enough for the first half to be on its way; an error at once would take it back.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(std::io::Error::other("cut on request"))
    };
    let pieces = stream::once(async { Ok(half) }).chain(stream::once(broken));
    Response::from_parts(head, Body::from_stream(pieces))
}
