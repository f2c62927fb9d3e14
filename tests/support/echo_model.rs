//! A server that speaks OpenAI's completions and costs nothing: it says back what it was told last, streamed or whole, and
//! keeps what it was asked. For agents that are real in everything but their thoughts.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

/// The key that it wants.
pub const KEY: &str = "canary-model-server-key-20d4";
/// The models that it has.
pub const MODELS: [&str; 2] = ["echo-1", "echo-2"];

/// A model server that runs until it is dropped.
pub struct EchoModel {
    url: String,
    asked: Arc<Mutex<Vec<Value>>>,
    task: tokio::task::JoinHandle<()>,
}

impl EchoModel {
    /// Starts one on a free port of this computer.
    ///
    /// # Panics
    /// When it can not listen.
    pub async fn start() -> Self {
        let asked: Arc<Mutex<Vec<Value>>> = Arc::default();
        let router = Router::new()
            .route("/v1/models", get(list))
            .route("/v1/chat/completions", post(complete))
            .with_state(asked.clone());
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { url, asked, task }
    }

    /// Its base address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that it was asked.
    pub fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for EchoModel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn list(headers: HeaderMap) -> Response {
    match is_known(&headers) {
        true => {
            let rows = MODELS.map(|model| json!({ "id": model, "object": "model" }));
            axum::Json(json!({ "object": "list", "data": rows })).into_response()
        }
        false => refused(),
    }
}

async fn complete(
    State(asked): State<Arc<Mutex<Vec<Value>>>>,
    headers: HeaderMap,
    axum::Json(question): axum::Json<Value>,
) -> Response {
    if !is_known(&headers) {
        return refused();
    }
    let said = format!("You said: {}", last_words(&question));
    let streamed = question["stream"] == Value::Bool(true);
    asked.lock().unwrap_or_else(PoisonError::into_inner).push(question);
    match streamed {
        true => ([(header::CONTENT_TYPE, "text/event-stream")], stream(&said)).into_response(),
        false => {
            let message = json!({ "role": "assistant", "content": said });
            axum::Json(body("chat.completion", json!({ "message": message, "finish_reason": "stop" })))
                .into_response()
        }
    }
}

/// One event for each word, then the end with its counts.
fn stream(said: &str) -> String {
    let event = |value: &Value| format!("data: {value}\n\n");
    let part = |delta: Value, end: Value| {
        body("chat.completion.chunk", json!({ "delta": delta, "finish_reason": end }))
    };
    let mut events = event(&part(json!({ "role": "assistant", "content": "" }), Value::Null));
    for word in said.split_inclusive(' ') {
        events += &event(&part(json!({ "content": word }), Value::Null));
    }
    events += &event(&part(json!({}), json!("stop")));
    events + "data: [DONE]\n\n"
}

fn body(object: &str, mut choice: Value) -> Value {
    choice["index"] = json!(0);
    json!({
        "id": "chatcmpl-1", "object": object, "created": 1_700_000_000, "model": MODELS[0], "choices": [choice],
        "usage": { "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18 },
    })
}

/// The text of the newest message, which is a text or a list of parts.
fn last_words(question: &Value) -> String {
    let newest = question["messages"].as_array().and_then(|messages| messages.last());
    match newest.map(|message| &message["content"]) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    }
}

fn is_known(headers: &HeaderMap) -> bool {
    headers.get(header::AUTHORIZATION).is_some_and(|value| value == &format!("Bearer {KEY}"))
}

fn refused() -> Response {
    let error = json!({ "error": { "message": "Incorrect API key", "type": "invalid_request_error" } });
    (StatusCode::UNAUTHORIZED, axum::Json(error)).into_response()
}
