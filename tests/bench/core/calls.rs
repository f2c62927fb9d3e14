//! P9: what asking for a list of 200 costs through the app's client, against plain hyper that keeps its connection and reads the
//! same bytes into the same type.

use crate::clock::cost;
use crate::lists;
use crate::row::{Goal, Sheet};
use crate::server::Server;
use hyper::Request;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use nineheads_contract::instances::InstanceList;
use nineheads_core::measured::MeasuredClient;
use nineheads_tests::numbers::{CPU, Turns, WALL, quantile};
use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;

const ROUNDS: usize = 12;
/// Requests of one turn.
const BLOCK: usize = 400;
const KEY: &str = "a-key-of-a-benchmark";

/// R: one connection, one request after the other.
struct Plain {
    sender: SendRequest<String>,
    host: String,
}

impl Plain {
    async fn connect(url: &str) -> Self {
        let host = url.trim_start_matches("http://").to_owned();
        let stream = tokio::net::TcpStream::connect(&host).await.expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP");
        tokio::spawn(connection);
        Self { sender, host }
    }

    async fn list(&mut self) -> InstanceList {
        let request = Request::get("/v1/instances")
            .header("host", &self.host)
            .header("x-api-key", KEY)
            .body(String::new())
            .expect("a request");
        self.sender.ready().await.expect("it stays");
        let answer = self.sender.send_request(request).await.expect("an answer");
        let body = read_whole(answer.into_body()).await;
        serde_json::from_slice(&body).expect("a list")
    }
}

async fn read_whole(mut body: Incoming) -> Vec<u8> {
    let mut whole = Vec::with_capacity(usize::try_from(body.size_hint().lower()).unwrap_or_default());
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        if let Ok(piece) = frame.expect("it comes whole").into_data() {
            whole.extend_from_slice(&piece);
        }
    }
    whole
}

/// Each request of one turn: work, and time by the clock.
type Block = Vec<(f64, f64)>;

pub(crate) fn measure(sheet: &mut Sheet) {
    let folder = tempfile::tempdir().expect("a folder");
    let version = lists::make(folder.path(), 200, 1).remove(0);
    let mut server = Server::start();
    server.show(&version.file);
    // One thread does everything on this side: what it works is what a request costs.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = MeasuredClient::new(&server.url, KEY).expect("a client");
    let plain = RefCell::new(runtime.block_on(Plain::connect(&server.url)));
    let block = |ask: &dyn Fn() -> usize| -> Block {
        let one = |_| {
            let (cpu, wall, rows) = cost(ask);
            assert_eq!(rows, 200);
            (cpu, wall)
        };
        (0..BLOCK).map(one).collect()
    };
    let a = || block(&|| runtime.block_on(plain.borrow_mut().list()).instances.len());
    let b = || block(&|| runtime.block_on(client.list()).expect("a list").instances.len());
    // What is made once is made.
    a();
    b();
    let once = || {
        let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            of_a.push(a());
            of_b.push(b());
            of_b.push(b());
            of_a.push(a());
        }
        (of_a, of_b)
    };
    // All rows are of the same requests; where a control is out of bounds, of the second time.
    let taken = RefCell::new(vec![once()]);
    for (by_clock, kind, band) in [(false, "work", CPU), (true, "by the clock", WALL)] {
        for (part, name, most) in [(0.5, "p50", 1.10), (0.99, "p99", 1.25)] {
            let what = format!("a list of 200 through the client, {name}, {kind}");
            let goal = Goal { id: "P9", what, of: "R", most: Some(most), band };
            let mut times = 0;
            sheet.ratio(&goal, || {
                let mut taken = taken.borrow_mut();
                if taken.len() == times {
                    taken.push(once());
                }
                let (of_a, of_b) = &taken[times];
                times += 1;
                let pick = |(cpu, wall): &(f64, f64)| if by_clock { *wall } else { *cpu };
                let of = |block: &Block| quantile(&block.iter().map(pick).collect::<Vec<_>>(), part);
                Turns { a: of_a.iter().map(of).collect(), b: of_b.iter().map(of).collect() }
            });
        }
    }
}
