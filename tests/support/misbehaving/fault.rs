//! Faults as steps on the wire: bytes, pauses, floods, resets. Everything that can be said wrongly is put together here.

use super::Wire;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// One thing that is done to a connection.
#[derive(Debug, Clone)]
pub enum Step {
    /// These bytes, at once.
    Bytes(Arc<[u8]>),
    /// These bytes, one at a time with a pause after each, for ever.
    Trickle(Arc<[u8]>, Duration),
    /// These bytes, so many times.
    Flood(Arc<[u8]>, usize),
    /// Nothing for so long.
    Pause(Duration),
    /// Nothing, for ever.
    Hang,
    /// The connection is reset.
    Reset,
}

impl Step {
    /// Does it. False when the connection is at its end.
    pub(super) async fn act(self, wire: &mut dyn Wire) -> bool {
        match self {
            Self::Bytes(bytes) => wire.write_all(&bytes).await.is_ok() && wire.flush().await.is_ok(),
            Self::Trickle(bytes, gap) => {
                for byte in bytes.iter().cycle() {
                    if wire.write_all(&[*byte]).await.is_err() || wire.flush().await.is_err() {
                        return false;
                    }
                    tokio::time::sleep(gap).await;
                }
                false
            }
            Self::Flood(bytes, times) => {
                for _ in 0..times {
                    if wire.write_all(&bytes).await.is_err() {
                        return false;
                    }
                }
                wire.flush().await.is_ok()
            }
            Self::Pause(time) => {
                tokio::time::sleep(time).await;
                true
            }
            Self::Hang => std::future::pending().await,
            Self::Reset => {
                let _ = wire.socket().set_zero_linger();
                false
            }
        }
    }
}

/// A wrong answer.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Whether the request is taken all the same: a create makes its instance.
    pub commits: bool,
    /// What is done.
    pub steps: Vec<Step>,
}

impl From<Vec<Step>> for Fault {
    fn from(steps: Vec<Step>) -> Self {
        Self { commits: false, steps }
    }
}

fn bytes(text: impl AsRef<[u8]>) -> Step {
    Step::Bytes(text.as_ref().into())
}

impl Fault {
    /// The same, and the request was taken.
    pub fn commits(self) -> Self {
        Self { commits: true, ..self }
    }

    /// The same, so much later.
    pub fn after(mut self, pause: Duration) -> Self {
        self.steps.insert(0, Step::Pause(pause));
        self
    }

    /// Any bytes, and the end of the connection.
    pub fn raw(text: impl AsRef<[u8]>) -> Self {
        vec![bytes(text)].into()
    }

    /// An answer with these headers (each with its line end) and this body.
    pub fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!(
            "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        vec![bytes(head), bytes(body)].into()
    }

    /// JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, &body.to_string())
    }

    /// What says that it is JSON.
    pub fn text(status: u16, body: &str) -> Self {
        Self::answer(status, "Content-Type: application/json\r\n", body)
    }

    /// A status with nothing more than a header or two.
    pub fn status(status: u16, headers: &str) -> Self {
        Self::answer(status, &format!("Content-Type: application/json\r\n{headers}"), r#"{"detail":"no"}"#)
    }

    /// A web page.
    pub fn html(status: u16) -> Self {
        let page =
            "<!doctype html><html><script>alert(1)</script><h1>Sign in to the train's network</h1></html>";
        Self::answer(status, "Content-Type: text/html; charset=utf-8\r\n", page)
    }

    /// No answer, ever.
    pub fn silence() -> Self {
        vec![Step::Hang].into()
    }

    /// Reset after the request was read.
    pub fn reset() -> Self {
        vec![Step::Reset].into()
    }

    /// Headers that come byte by byte and do not end.
    pub fn trickled_head(gap: Duration) -> Self {
        vec![bytes("HTTP/1.1 200 OK\r\nX-Slow: "), Step::Trickle((*b"x").into(), gap)].into()
    }

    /// A body of which a piece comes, and then nothing.
    pub fn stalled_body() -> Self {
        vec![bytes(head_of(4096)), bytes("{\"instances\":["), Step::Hang].into()
    }

    /// A reset in the middle of the body.
    pub fn reset_in_body() -> Self {
        let start = [bytes(head_of(4096)), bytes("{\"instances\":["), Step::Pause(Duration::from_millis(20))];
        start.into_iter().chain([Step::Reset]).collect::<Vec<_>>().into()
    }

    /// A body that is shorter than its head says, though what is there is good JSON.
    pub fn too_short(body: &str) -> Self {
        vec![bytes(head_of(body.len() + 100)), bytes(body)].into()
    }

    /// Packed, and cut.
    pub fn truncated_gzip(body: &str) -> Self {
        let packed = gzip(body.as_bytes(), 1);
        let cut = &packed[..packed.len() - 12];
        Self::answer(200, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", cut)
    }

    /// In pieces, and the connection ends without the last one.
    pub fn chunked_without_end(body: &str) -> Self {
        vec![bytes(CHUNKED), bytes(format!("{:x}\r\n{body}\r\n", body.len()))].into()
    }

    /// In pieces, and the last one never comes.
    pub fn chunked_for_ever(body: &str) -> Self {
        vec![bytes(CHUNKED), bytes(format!("{:x}\r\n{body}\r\n", body.len())), Step::Hang].into()
    }

    /// A body of so many megabytes that says nothing and does not say how long it is.
    pub fn megabytes(count: usize) -> Self {
        let piece: Arc<[u8]> = vec![b' '; 1 << 20].into();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
        vec![bytes(head), Step::Flood(piece, count)].into()
    }

    /// So many megabytes of nothing, packed into a thousandth.
    pub fn gzip_bomb(megabytes: usize) -> Self {
        let packed = gzip(&vec![b' '; 1 << 20], megabytes);
        Self::answer(200, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", packed)
    }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

fn head_of(length: usize) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
}

fn gzip(piece: &[u8], times: usize) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..times {
        packer.write_all(piece).expect("memory takes it");
    }
    packer.finish().expect("memory takes it")
}
