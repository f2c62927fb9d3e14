//! A platform that costs nothing: a process of its own that answers the list with the bytes of a file, over connections that
//! stay. It is this program under another name; each line of its input names the next file. It ends with its input.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, RwLock};

/// What this program is asked to be it by.
pub(crate) const NAME: &str = "serve";

/// The owner's end.
pub(crate) struct Server {
    pub url: String,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    child: Child,
}

impl Server {
    pub(crate) fn start() -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut child = Command::new(program)
            .arg(NAME)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let input = child.stdin.take().expect("piped");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let url = heard(&mut output);
        Self { url, input, output, child }
    }

    /// From now on it answers with this file.
    pub(crate) fn show(&mut self, file: &Path) {
        writeln!(self.input, "{}", file.display()).expect("it listens");
        heard(&mut self.output);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn heard(output: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    output.read_line(&mut line).expect("it says something");
    line.trim().to_owned()
}

type Answer = Arc<RwLock<Arc<[u8]>>>;

/// The other end.
#[allow(clippy::print_stdout, reason = "its owner reads it")]
pub(crate) fn run() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("http://{}", listener.local_addr().expect("an address"));
    let answer = Answer::new(RwLock::new(Arc::from(*b"")));
    let shared = answer.clone();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let answer = shared.clone();
            std::thread::spawn(move || serve(&connection, &answer));
        }
    });
    for file in std::io::stdin().lines().map_while(Result::ok) {
        let body = std::fs::read(&file).expect("its file");
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        *answer.write().expect("nobody broke") = [head.as_bytes(), &body].concat().into();
        println!("{file}");
    }
}

/// Requests without a body, one after the other.
fn serve(mut connection: &TcpStream, answer: &Answer) {
    let _ = connection.set_nodelay(true);
    let mut asked = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match connection.read(&mut piece) {
            Ok(read) if read > 0 => asked.extend_from_slice(&piece[..read]),
            _ => return,
        }
        if !asked.ends_with(b"\r\n\r\n") {
            continue;
        }
        let sent = match asked.starts_with(b"GET /v1/instances HTTP/1.1\r\n") {
            true => {
                let whole = answer.read().expect("nobody broke").clone();
                connection.write_all(&whole)
            }
            false => connection.write_all(NOTHING),
        };
        if sent.is_err() {
            return;
        }
        asked.clear();
    }
}

const NOTHING: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 22\r\n\r\n{\"detail\":\"Not Found\"}";
