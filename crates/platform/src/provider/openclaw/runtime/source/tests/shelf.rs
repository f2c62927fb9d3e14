//! A source of packages on this computer that answers as it is told.

use super::{Source, source_at};
use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode, Uri};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What a shelf gives out for a path, one after another; the last one for ever.
#[derive(Clone)]
pub(super) enum Answer {
    Bytes(Vec<u8>),
    Status(u16),
    /// Begins, and breaks off.
    Half(Vec<u8>),
    Elsewhere(String),
    Never,
}

/// A source of packages on this computer, and what it was asked for.
#[derive(Clone, Default)]
pub(super) struct Shelf {
    answers: Arc<Mutex<BTreeMap<String, Vec<Answer>>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Shelf {
    pub(super) fn put(&self, path: &str, answers: impl IntoIterator<Item = Answer>) {
        let answers = answers.into_iter().collect();
        self.answers.lock().expect("not poisoned").insert(path.to_owned(), answers);
    }

    pub(super) fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().expect("not poisoned"));
        asked.sort();
        asked
    }

    async fn answer(self, uri: Uri) -> Response<Body> {
        let path = uri.path().to_owned();
        self.asked.lock().expect("not poisoned").push(path.clone());
        let answer = {
            let mut shelf = self.answers.lock().expect("not poisoned");
            match shelf.get_mut(&path) {
                Some(answers) if answers.len() > 1 => answers.remove(0),
                Some(answers) => answers[0].clone(),
                None => Answer::Status(404),
            }
        };
        let reply = Response::builder();
        match answer {
            Answer::Bytes(bytes) => reply.body(Body::from(bytes)),
            Answer::Status(status) => reply.status(status).body(Body::empty()),
            Answer::Half(bytes) => {
                let half = bytes[..bytes.len() / 2].to_vec();
                let pieces = [Ok(half), Err(std::io::Error::other("broken off"))];
                reply.body(Body::from_stream(futures_util::stream::iter(pieces)))
            }
            Answer::Elsewhere(to) => {
                reply.status(StatusCode::FOUND).header("location", to).body(Body::empty())
            }
            Answer::Never => std::future::pending().await,
        }
        .expect("an answer")
    }

    /// Serves, and tells where.
    pub(super) async fn open(&self) -> Source {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/npm/", listener.local_addr().expect("an address"));
        let shelf = self.clone();
        let app = Router::new().fallback(move |uri| shelf.clone().answer(uri));
        tokio::spawn(async move { axum::serve(listener, app).await });
        source_at(&address)
    }
}
