//! One connection from its beginning to its end: the challenge, the introduction, is it the right process, and then frames
//! both ways until one side goes or nothing is heard any more.

use super::frames::{self, Answer, Frame, Hello, No};
use super::{Address, Shared, lock};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How long a gateway may take for its challenge, its hello and its first report, each.
const PATIENCE: Duration = Duration::from_secs(15);
/// Largest message. The schema of a configuration has 2 MB, a long history more.
const MESSAGE_LIMIT: usize = 64 << 20;
/// Requests that wait to be written.
const OUTBOX: usize = 64;
/// Ticks that may be missed.
const MISSED_TICKS: u32 = 2;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How a connection ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// For people: "the agent is not there: …".
    pub(super) reason: String,
    /// Whether it was ever of use.
    pub(super) was_ready: bool,
    /// Whether the gateway said that it goes, as it does before it starts itself anew.
    pub(super) was_announced: bool,
    /// When the gateway wants to be asked again.
    pub(super) again_after: Option<Duration>,
}

impl Ended {
    pub(super) fn now(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), was_ready: false, was_announced: false, again_after: None }
    }
}

/// Connects, and talks until the end.
pub(super) async fn talk(shared: &Arc<Shared>, address: &Address) -> Ended {
    let (mut socket, hello) = match introduce(address).await {
        Ok(met) => met,
        Err(ended) => return ended,
    };
    let (outbox, mut outgoing) = mpsc::channel(OUTBOX);
    let silence = hello.tick * MISSED_TICKS;
    shared.note_sign_of_life();
    shared.meet(hello, outbox);
    let mut parting = None;
    let mut given_up_at = Instant::now() + silence;
    let reason = loop {
        tokio::select! {
            frame = outgoing.recv() => {
                // The sender is held by `shared` for as long as this goes on.
                let Some(frame) = frame else { break "it is closed".to_owned() };
                if let Err(error) = socket.send(Message::text(frame)).await {
                    break error.to_string();
                }
            }
            text = tokio::time::timeout_at(given_up_at, next_text(&mut socket)) => match text {
                Err(_) => break format!("nothing was heard from it for {} seconds", silence.as_secs()),
                Ok(Err(reason)) => break reason,
                Ok(Ok(text)) => {
                    shared.note_sign_of_life();
                    given_up_at = Instant::now() + silence;
                    take(shared, &text, &mut parting);
                }
            },
        }
    };
    // What it said before it went says more than how the connection broke.
    let was_announced = parting.is_some();
    Ended { reason: parting.unwrap_or(reason), was_ready: true, was_announced, again_after: None }
}

/// Hands a frame to whoever it is for.
fn take(shared: &Shared, text: &str, parting: &mut Option<String>) {
    match frames::read(text) {
        Frame::Answer(Answer { id, outcome }) => {
            if let Some(waiting) = lock(&shared.waiting).remove(&id) {
                // Whoever asked may have gone.
                let _ = waiting.send(outcome);
            }
        }
        Frame::Event(event) if event.name == "tick" => {}
        Frame::Event(event) => {
            if event.name == "shutdown" {
                *parting = Some("it is being stopped or started again".to_owned());
            }
            let _ = shared.events.send(Arc::new(event));
        }
        Frame::Unknown => log::debug!("an agent sent a frame that is not known"),
    }
}

/// From nothing to a gateway that is the right one.
async fn introduce(address: &Address) -> Result<(Socket, Hello), Ended> {
    let url = format!("ws://127.0.0.1:{}/", address.port);
    let config =
        WebSocketConfig::default().max_message_size(Some(MESSAGE_LIMIT)).max_frame_size(Some(MESSAGE_LIMIT));
    let connecting = tokio_tungstenite::connect_async_with_config(url, Some(config), true);
    let (mut socket, _) = tokio::time::timeout(PATIENCE, connecting)
        .await
        .map_err(|_| Ended::now("it does not take the connection"))?
        .map_err(|error| Ended::now(format!("it can not be reached ({error})")))?;
    wait(&mut socket, "its challenge", |frame| match frame {
        Frame::Event(event) if event.name == "connect.challenge" => Some(()),
        _ => None,
    })
    .await?;
    let introduction = frames::introduction(address.token.expose());
    let hello = ask(&mut socket, "connect", introduction).await?.map_err(|no| Ended {
        again_after: no.again_after,
        ..Ended::now(match no.again_after {
            Some(_) => "it is still starting".to_owned(),
            None => format!("it refuses the connection ({})", no.message),
        })
    })?;
    let hello = frames::read_hello(&hello)
        .map_err(|other| Ended::now(format!("it speaks version {other} of the protocol")))?;
    let status = ask(&mut socket, "status", json!({})).await?.map_err(|no| Ended {
        again_after: no.again_after,
        ..Ended::now(format!("it does not say who it is ({})", no.message))
    })?;
    match status["pid"].as_u64() == Some(u64::from(address.pid)) {
        true => Ok((socket, hello)),
        false => Err(Ended::now("another program answers at its port")),
    }
}

/// One request before the connection is anybody's.
async fn ask(socket: &mut Socket, method: &str, params: Value) -> Result<Result<Value, No>, Ended> {
    let frame = frames::request(method, method, &params);
    let sent = socket.send(Message::text(frame)).await;
    sent.map_err(|error| Ended::now(error.to_string()))?;
    wait(socket, "its answer", |frame| match frame {
        Frame::Answer(answer) if answer.id == method => Some(answer.outcome),
        _ => None,
    })
    .await
}

async fn wait<T>(
    socket: &mut Socket,
    what: &str,
    mut wanted: impl FnMut(Frame) -> Option<T>,
) -> Result<T, Ended> {
    let looking = async {
        loop {
            let text = next_text(socket).await.map_err(Ended::now)?;
            if let Some(found) = wanted(frames::read(&text)) {
                return Ok(found);
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.map_err(|_| Ended::now(format!("it accepted the connection, and {what} did not come")))?
}

/// The next text; else why there will be none.
async fn next_text(socket: &mut Socket) -> Result<String, String> {
    loop {
        match socket.next().await {
            None => return Err("it closed the connection".to_owned()),
            Some(Err(error)) => return Err(format!("the connection broke ({error})")),
            Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
            Some(Ok(Message::Close(Some(close)))) if !close.reason.is_empty() => {
                return Err(format!("it closed the connection ({})", close.reason));
            }
            Some(Ok(Message::Close(_))) => return Err("it closed the connection".to_owned()),
            Some(Ok(_)) => {}
        }
    }
}
