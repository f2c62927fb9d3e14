//! A small server that speaks OpenAI's completions, well or badly, and remembers what it was asked.

use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How a server behaves.
#[derive(Debug, Clone)]
pub enum Manner {
    /// It has one model, `small`, for whoever shows this key; for everybody without one.
    Model(Option<String>),
    /// As a model server that has no list.
    NoList,
    /// Every question is answered with a page to sign in.
    Portal,
    /// Every question is sent on to this place.
    SendsOn(String),
    /// It never stops to answer.
    Endless,
    /// Every question is answered with this status, and with the key that was shown.
    Refuses(u16),
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct ModelServer {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ModelServer {
    /// Starts one on a free port of this computer.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let remembered = asked.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, manner.clone(), remembered.clone()));
            }
        });
        Self { port, asked, task }
    }

    /// The address that a provider is kept with.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// Every request: line, headers and body.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(mut stream: TcpStream, manner: Manner, asked: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read(&mut stream).await {
        asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        let shown = request.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
        let is_list = request.starts_with("GET /v1/models ");
        let sent = match &manner {
            Manner::Model(Some(key)) if shown != Some(key) => {
                write(&mut stream, 401, &json!({ "error": { "message": "Incorrect API key" } }).to_string())
                    .await
            }
            Manner::Model(_) if is_list => {
                let list = json!({ "object": "list", "data": [{ "id": "small", "object": "model" }] });
                write(&mut stream, 200, &list.to_string()).await
            }
            Manner::NoList if is_list => {
                write(&mut stream, 404, &json!({ "detail": "Not Found" }).to_string()).await
            }
            Manner::Model(_) | Manner::NoList if request.contains("\"model\":\"small\"") => {
                let answer = json!({ "choices": [{ "message": { "role": "assistant", "content": "yes" } }] });
                write(&mut stream, 200, &answer.to_string()).await
            }
            Manner::Model(_) | Manner::NoList => {
                let error = json!({ "error": { "message": "model not found" } });
                write(&mut stream, 404, &error.to_string()).await
            }
            Manner::Portal => write(&mut stream, 200, "<!doctype html><title>Sign in</title>").await,
            Manner::SendsOn(to) => {
                let head =
                    format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(head.as_bytes()).await
            }
            Manner::Endless => endless(&mut stream).await,
            Manner::Refuses(status) => {
                let error = json!({ "error": { "message": format!("no, {}", shown.unwrap_or_default()) } });
                write(&mut stream, *status, &error.to_string()).await
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn endless(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n").await?;
    loop {
        stream.write_all(&[b' '; 64 << 10]).await?;
    }
}

async fn write(stream: &mut TcpStream, status: u16, body: &str) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(head.as_bytes()).await
}

/// One request; none when the connection has ended.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                return Some(text.replace("\r\n", "\n"));
            }
        }
        match stream.read(&mut piece).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&piece[..n]),
            _ => return None,
        }
    }
}
