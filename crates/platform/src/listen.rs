//! Connections: accepts them, serves them, ends them. Each is a task of a set that dies with its owner, so that a dropped
//! server leaves nothing behind.

use crate::admission::CloseConnection;
use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long requests in flight may still take once the server stops.
const LAST_CALLS: Duration = Duration::from_millis(500);

/// Serves until `stop` says so.
pub(crate) async fn listen(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve_connection(stream, router.clone(), stop.clone()));
                }
                // Out of file handles, most likely: a pause lets some connection end first.
                Err(error) => {
                    log::warn!("a connection was not accepted: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = told_to_stop(&mut stop) => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve_connection(stream: TcpStream, router: Router, mut stop: watch::Receiver<bool>) {
    if let Err(error) = stream.set_nodelay(true) {
        log::debug!("no delay is not to be had: {error}");
    }
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        let answer = router.call(request);
        async move {
            let response = answer.await.unwrap_or_else(|never: Infallible| match never {});
            match response.extensions().get::<CloseConnection>() {
                Some(_) => Err(std::io::Error::other("closed on request")),
                None => Ok(response),
            }
        }
    });
    let connection =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => {
            if let Err(error) = ended {
                log::debug!("a connection ended early: {error}");
            }
        }
        () = told_to_stop(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            if tokio::time::timeout(LAST_CALLS, connection).await.is_err() {
                log::debug!("a connection was closed in mid-answer");
            }
        }
    }
}

/// Returns once the server stops, or is gone.
pub(crate) async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        log::debug!("the server was dropped");
    }
}
