//! A server of the Instances API that misbehaves byte by byte, on demand: at its door, and in each of its answers.
//! It counts what it was asked, and how many instances each key made.

mod api;
mod certificates;
mod fault;

pub use api::Api;
pub use certificates::{Authority, Served};
pub use fault::{Fault, Step};

use serde_json::Value;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// The list of all instances.
pub const LIST: &str = "GET /v1/instances";
/// A create.
pub const CREATE: &str = "POST /v1/instances";
/// A question by key; of any key.
pub const BY_KEY: &str = "GET /v1/instances/by-key/*";
/// Anything at all.
pub const ANYTHING: &str = "*";

/// What happens to a connection before anything is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Door {
    /// It is served.
    #[default]
    Open,
    /// It is reset.
    Reset,
    /// It is held, and nothing is ever said: no handshake, no answer.
    Silent,
}

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `GET /v1/instances`, without the query.
    pub what: String,
    /// The request line and the headers, byte for byte.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    fn fits(&self, pattern: &str) -> bool {
        match pattern.strip_suffix('*') {
            Some(start) => self.what.starts_with(start),
            None => self.what == pattern,
        }
    }
}

struct Rule {
    what: String,
    fault: Fault,
    times: Option<u32>,
}

#[derive(Default)]
struct State {
    door: Door,
    rules: Vec<Rule>,
    asked: Vec<Asked>,
    connections: usize,
    bytes: usize,
    open: Vec<JoinHandle<()>>,
    api: Api,
}

/// See the module. Ends with the value.
pub struct Misbehaving {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    acceptor: Option<TlsAcceptor>,
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl Misbehaving {
    /// A server on a port of its own whose list has so many rows.
    ///
    /// # Panics
    /// When it can not listen; so for all below.
    pub async fn start(rows: usize) -> Self {
        Self::start_with(rows, None).await
    }

    /// The same over TLS.
    pub async fn start_tls(rows: usize, served: &Served) -> Self {
        Self::start_with(rows, Some(served.acceptor())).await
    }

    async fn start_with(rows: usize, acceptor: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("it can listen");
        let address = listener.local_addr().expect("it has an address");
        let state = Arc::new(Mutex::new(State { api: Api::new(rows), ..State::default() }));
        let server = Self { address, state, acceptor, listening: Mutex::default() };
        server.listen(listener);
        server
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        self.url_of("127.0.0.1")
    }

    /// Its base URL under another name.
    pub fn url_of(&self, host: &str) -> String {
        let scheme = if self.acceptor.is_some() { "https" } else { "http" };
        format!("{scheme}://{host}:{}", self.address.port())
    }

    fn listen(&self, listener: TcpListener) {
        let (state, acceptor) = (self.state.clone(), self.acceptor.clone());
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let serving = tokio::spawn(welcome(socket, acceptor.clone(), state.clone()));
                let mut state = lock(&state);
                state.connections += 1;
                state.open.retain(|task| !task.is_finished());
                state.open.push(serving);
            }
        });
        *lock(&self.listening) = Some(task);
    }

    /// Nobody listens any more: connections are refused, and those that were open are cut.
    pub async fn shut(&self) {
        let task = lock(&self.listening).take();
        if let Some(task) = task {
            task.abort();
            let _ = task.await;
        }
        for open in lock(&self.state).open.drain(..) {
            open.abort();
        }
    }

    /// Listens again, at the same address.
    pub async fn reopen(&self) {
        self.listen(TcpListener::bind(self.address).await.expect("the port is still free"));
    }

    /// See [`Door`].
    pub fn set_door(&self, door: Door) {
        lock(&self.state).door = door;
    }

    /// Answers what fits with a fault from now on. The newest that fits decides; `*` at the end stands for anything.
    pub fn set(&self, what: &str, fault: Fault) {
        lock(&self.state).rules.insert(0, Rule { what: what.into(), fault, times: None });
    }

    /// The same, so many times.
    pub fn set_times(&self, what: &str, fault: Fault, times: u32) {
        lock(&self.state).rules.insert(0, Rule { what: what.into(), fault, times: Some(times) });
    }

    /// Everything is answered well again; what hangs, hangs on.
    pub fn mend(&self) {
        let mut state = lock(&self.state);
        state.rules.clear();
        state.door = Door::Open;
    }

    /// Changes what it knows.
    pub fn change<T>(&self, change: impl FnOnce(&mut Api) -> T) -> T {
        change(&mut lock(&self.state).api)
    }

    /// The requests that fit, oldest first.
    pub fn asked(&self, what: &str) -> Vec<Asked> {
        lock(&self.state).asked.iter().filter(|asked| asked.fits(what)).cloned().collect()
    }

    /// How many they are.
    pub fn count(&self, what: &str) -> usize {
        lock(&self.state).asked.iter().filter(|asked| asked.fits(what)).count()
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        lock(&self.state).connections
    }

    /// How many bytes were read, unpacked of TLS.
    pub fn bytes(&self) -> usize {
        lock(&self.state).bytes
    }

    /// How many instances were made, of all keys.
    pub fn created(&self) -> usize {
        lock(&self.state).api.made.len()
    }

    /// The keys of all creates that came, in order; a repeated one as often as it came.
    pub fn keys(&self) -> Vec<String> {
        self.asked(CREATE).iter().filter_map(|asked| api::key_of(&asked.body)).collect()
    }
}

impl Drop for Misbehaving {
    fn drop(&mut self) {
        if let Some(task) = lock(&self.listening).take() {
            task.abort();
        }
        lock(&self.state).open.drain(..).for_each(|open| open.abort());
    }
}

/// A port of this computer where connections are neither taken nor refused: its queue is full.
pub struct BlackHole {
    /// Its address.
    pub address: SocketAddr,
    _listener: TcpListener,
    waiting: Vec<JoinHandle<()>>,
}

impl BlackHole {
    /// At a port of its own.
    ///
    /// # Panics
    /// When it can not listen.
    pub async fn open() -> Self {
        Self::at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// At this address.
    ///
    /// # Panics
    /// When it can not listen.
    pub async fn at(address: SocketAddr) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("a socket takes it");
        socket.bind(address).expect("a port");
        let listener = socket.listen(1).expect("it can listen");
        let address = listener.local_addr().expect("it has an address");
        let waiting = (0..8).map(|_| tokio::spawn(knock(address))).collect();
        // Once a connection does not come about, the queue is full.
        let patience = Duration::from_millis(100);
        while tokio::time::timeout(patience, TcpStream::connect(address)).await.is_ok() {}
        Self { address, _listener: listener, waiting }
    }
}

impl Drop for BlackHole {
    fn drop(&mut self) {
        self.waiting.drain(..).for_each(|waiting| waiting.abort());
    }
}

/// Stays in the queue.
async fn knock(address: SocketAddr) {
    let held = TcpStream::connect(address).await;
    std::future::pending::<()>().await;
    drop(held);
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {
    fn socket(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Wire for tokio_rustls::server::TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

async fn welcome(socket: TcpStream, acceptor: Option<TlsAcceptor>, state: Arc<Mutex<State>>) {
    let door = lock(&state).door;
    match door {
        Door::Open => {}
        Door::Reset => {
            let _ = socket.set_zero_linger();
            return;
        }
        Door::Silent => {
            std::future::pending::<()>().await;
            drop(socket);
            return;
        }
    }
    let mut wire: Box<dyn Wire> = match acceptor {
        None => Box::new(socket),
        Some(acceptor) => match acceptor.accept(socket).await {
            Ok(stream) => Box::new(stream),
            Err(_) => return,
        },
    };
    let Some(asked) = read_request(&mut *wire, &state).await else { return };
    let (fault, answer) = {
        let mut state = lock(&state);
        state.asked.push(asked.clone());
        let fault = state.take_fault(&asked);
        let taken = fault.as_ref().is_none_or(|fault| fault.commits);
        let answer = taken.then(|| state.api.answer(&asked));
        (fault, answer)
    };
    let steps = fault.map_or_else(|| good(answer.unwrap_or((500, Value::Null))), |fault| fault.steps);
    for step in steps {
        if !step.act(&mut *wire).await {
            return;
        }
    }
    let _ = wire.shutdown().await;
}

fn good((status, body): (u16, Value)) -> Vec<Step> {
    Fault::json(status, &body).steps
}

impl State {
    fn take_fault(&mut self, asked: &Asked) -> Option<Fault> {
        let rule = self.rules.iter_mut().find(|rule| rule.times != Some(0) && asked.fits(&rule.what))?;
        if let Some(times) = &mut rule.times {
            *times -= 1;
        }
        Some(rule.fault.clone())
    }
}

async fn read_request(wire: &mut dyn Wire, state: &Mutex<State>) -> Option<Asked> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = wire.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        lock(state).bytes += read;
        bytes.extend_from_slice(&buffer[..read]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let line = head.lines().next().unwrap_or_default().to_owned();
        let (method, rest) = line.split_once(' ')?;
        let path = rest.split([' ', '?']).next().unwrap_or_default();
        let asked = Asked { what: format!("{method} {path}"), head, body: bytes[end + 4..].to_vec() };
        let length: usize = asked.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        if asked.body.len() >= length {
            return Some(asked);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
