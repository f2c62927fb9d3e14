//! A proxy for a test: lets a request for any host through to a platform on this computer, over TLS with a certificate
//! of the test's choice, or does not.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Whom the proxy lets through.
#[derive(Debug, Clone, Copy)]
pub enum Gate {
    /// Everybody.
    Open,
    /// Nobody.
    Refuses,
    /// Whoever knows these.
    Login {
        /// The user.
        user: &'static str,
        /// The password.
        password: &'static str,
    },
}

/// See the module. Ends when it is dropped.
pub struct Tunnel {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
    task: AbortHandle,
}

impl Tunnel {
    /// Listens. `certificate` is the name of a file in `support/tls`.
    ///
    /// # Panics
    /// When it can not.
    pub async fn to(platform: &str, gate: Gate, certificate: &str) -> Self {
        let target = platform.trim_start_matches("http://").to_owned();
        let acceptor = acceptor(certificate);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let port = listener.local_addr().expect("bound").port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = heads.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(stream, gate, acceptor.clone(), target.clone(), seen.clone()));
            }
        });
        Self { port, heads, task: task.abort_handle() }
    }

    /// The proxy's address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The head of every request that reached the proxy.
    ///
    /// # Panics
    /// Never.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("held").clone()
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn acceptor(certificate: &str) -> TlsAcceptor {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/support/tls");
    let chain = CertificateDer::from_pem_file(format!("{folder}/{certificate}.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(format!("{folder}/server.key")).expect("a key");
    let config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![chain], key).expect("they fit");
    TlsAcceptor::from(Arc::new(config))
}

async fn pass(
    mut stream: TcpStream,
    gate: Gate,
    acceptor: TlsAcceptor,
    target: String,
    seen: Arc<Mutex<Vec<String>>>,
) {
    let Some(head) = read_head(&mut stream).await else { return };
    seen.lock().expect("held").push(head.clone());
    let refusal = match gate {
        Gate::Open => None,
        Gate::Refuses => Some("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
        Gate::Login { user, password } => {
            let wanted = format!("basic {}", base64(&format!("{user}:{password}"))).to_lowercase();
            (!head.to_lowercase().contains(&wanted)).then_some(
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
            )
        }
    };
    if let Some(refusal) = refusal {
        let _ = stream.write_all(refusal.as_bytes()).await;
        return;
    }
    let _ = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await;
    let Ok(mut inner) = acceptor.accept(stream).await else { return };
    let Ok(mut platform) = TcpStream::connect(&target).await else { return };
    let _ = copy_bidirectional(&mut inner, &mut platform).await;
}

async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
        if head.len() > 8192 {
            return None;
        }
    }
    String::from_utf8(head).ok()
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for piece in text.as_bytes().chunks(3) {
        let bits =
            piece.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - piece.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place > piece.len() { '=' } else { char::from(letter) });
        }
    }
    out
}
