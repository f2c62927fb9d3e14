//! A small gateway for tests: it takes the introduction, says which process it is, and answers by a script.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// The secret that it accepts.
pub(crate) const TOKEN: &str = "a-secret-of-a-test";
/// The process that it says it is.
pub(crate) const PID: u32 = 4_711;

/// What it answers: a payload, an error, or nothing at all.
type Script = dyn Fn(&str, &Value) -> Option<Result<Value, Value>> + Send + Sync;

/// A gateway that runs until it is dropped.
pub(crate) struct Fake {
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    script: Box<Script>,
    asked: Mutex<Vec<(String, Value)>>,
    connections: AtomicU32,
    /// Frames for every connection; none cuts them.
    push: broadcast::Sender<Option<String>>,
}

impl Fake {
    pub(crate) async fn start(
        script: impl Fn(&str, &Value) -> Option<Result<Value, Value>> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            script: Box::new(script),
            asked: Mutex::default(),
            connections: AtomicU32::new(0),
            push: broadcast::Sender::new(64),
        });
        let serving = Arc::downgrade(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Some(shared) = serving.upgrade() else { return };
                tokio::spawn(serve(shared, stream));
            }
        });
        Self { port, shared }
    }

    /// What it was asked by this name.
    pub(crate) fn asked(&self, method: &str) -> Vec<Value> {
        let asked = self.shared.asked.lock().expect("nobody panicked");
        asked.iter().filter(|(name, _)| name == method).map(|(_, params)| params.clone()).collect()
    }

    pub(crate) fn connections(&self) -> u32 {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Tells everybody who is connected.
    pub(crate) fn tell(&self, event: &str, payload: &Value) {
        let frame = json!({ "type": "event", "event": event, "payload": payload });
        let _ = self.shared.push.send(Some(frame.to_string()));
    }

    /// Ends every connection.
    pub(crate) fn cut(&self) {
        let _ = self.shared.push.send(None);
    }
}

async fn serve(shared: Arc<Shared>, stream: TcpStream) {
    let Ok(mut socket) = accept_async(stream).await else { return };
    shared.connections.fetch_add(1, Ordering::SeqCst);
    let mut pushed = shared.push.subscribe();
    let challenge = json!({ "type": "event", "event": "connect.challenge", "payload": { "nonce": "n" } });
    if socket.send(Message::text(challenge.to_string())).await.is_err() {
        return;
    }
    loop {
        let frame = tokio::select! {
            frame = pushed.recv() => match frame {
                Ok(Some(frame)) => frame,
                _ => return,
            },
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => match answer(&shared, text.as_str()) {
                    Some(frame) => frame,
                    None => continue,
                },
                Some(Ok(_)) => continue,
                _ => return,
            },
        };
        if socket.send(Message::text(frame)).await.is_err() {
            return;
        }
    }
}

fn answer(shared: &Shared, text: &str) -> Option<String> {
    let request: Value = serde_json::from_str(text).expect("a request is JSON");
    let method = request["method"].as_str().expect("a method").to_owned();
    let params = request["params"].clone();
    let own = match method.as_str() {
        "connect" if params["auth"]["token"] != TOKEN => {
            Some(Err(json!({ "code": "UNAUTHORIZED", "message": "wrong token" })))
        }
        "connect" => {
            Some(Ok(json!({ "type": "hello-ok", "protocol": 4, "policy": { "tickIntervalMs": 1_000 } })))
        }
        "status" => Some(Ok(json!({ "pid": PID }))),
        _ => None,
    };
    let outcome = (shared.script)(&method, &params).or(own);
    shared.asked.lock().expect("nobody panicked").push((method, params));
    let frame = match outcome? {
        Ok(payload) => json!({ "type": "res", "id": request["id"], "ok": true, "payload": payload }),
        Err(error) => json!({ "type": "res", "id": request["id"], "ok": false, "error": error }),
    };
    Some(frame.to_string())
}
