//! A platform for a test: started in a line, asked with the contract's own endpoints, waited for without sleeping blindly.

use nineheads_contract::deploys::{CreateInstance, DeployProgress, NewInstance, PollByKey};
use nineheads_contract::{Endpoint, IdempotencyKey, InstanceId};
use nineheads_platform::{Options, Server, serve};
use reqwest::{RequestBuilder, Response};
use std::time::{Duration, Instant};

/// The first tier of the local platform.
pub const TIER: &str = "7e1a5b90-3c2d-4e6f-8a10-000000000001";

/// How long anything may take before a test gives up.
const DEADLINE: Duration = Duration::from_secs(30);

/// Starts a platform.
///
/// # Panics
/// When it does not start.
pub async fn start(options: Options) -> Server {
    serve(options).await.expect("the platform starts")
}

/// Starts a platform in memory where everything is done at once and nothing fails.
///
/// # Panics
/// When it does not start.
pub async fn start_calm() -> Server {
    start(calm()).await
}

/// Options for a platform in memory where everything is done at once and nothing fails.
pub fn calm() -> Options {
    Options { speed: 0.0, no_failures: true, ..Options::default() }
}

/// A request of an endpoint, ready to send, without a key.
pub fn request<E: Endpoint>(base: &str, endpoint: &E) -> RequestBuilder {
    let request = reqwest::Client::new().request(E::METHOD, format!("{base}{}", endpoint.path()));
    let request = request.query(&endpoint.query());
    match endpoint.body() {
        Some(body) => request.json(body),
        None => request,
    }
}

/// Sends an endpoint with a key.
///
/// # Panics
/// When no answer comes.
pub async fn ask<E: Endpoint>(base: &str, key: &str, endpoint: &E) -> Response {
    request(base, endpoint).header("X-Api-Key", key).send().await.expect("an answer")
}

/// Sends an endpoint with a key, and reads what must be a good reply.
///
/// # Panics
/// When the answer is no success, or can not be read.
pub async fn get<E: Endpoint>(base: &str, key: &str, endpoint: &E) -> E::Reply {
    let answer = ask(base, key, endpoint).await;
    let status = answer.status();
    let bytes = answer.bytes().await.expect("a body");
    assert!(status.is_success(), "{}: {status} {}", E::NAME, String::from_utf8_lossy(&bytes));
    E::read(&bytes).expect("a readable reply")
}

/// A smallest deploy with this key.
pub fn order(key: &str) -> CreateInstance {
    CreateInstance {
        new: NewInstance {
            region_id: "eu-central".into(),
            tier_id: TIER.into(),
            agent_name: Some("Orchard".into()),
            idempotency_key: Some(IdempotencyKey::from(key)),
            ..NewInstance::default()
        },
    }
}

/// Deploys and waits until it has settled: running or failed.
///
/// # Panics
/// When it does not settle in time.
pub async fn deploy(base: &str, api_key: &str, key: &str) -> (InstanceId, DeployProgress) {
    get(base, api_key, &order(key)).await;
    let settled = settled(base, api_key, key).await;
    (settled.instance_id.clone().expect("an instance"), settled)
}

/// Waits until a deploy has settled: running or failed.
///
/// # Panics
/// When it does not settle in time.
pub async fn settled(base: &str, api_key: &str, key: &str) -> DeployProgress {
    let poll = PollByKey { key: IdempotencyKey::from(key) };
    wait_until("a deploy settles", async || {
        let progress = get(base, api_key, &poll).await;
        let status = progress.status.clone().map(|status| status.0).unwrap_or_default();
        ["running", "failed"].contains(&status.as_str()).then_some(progress)
    })
    .await
}

/// Asks again and again until there is an answer.
///
/// # Panics
/// When there is none after half a minute.
pub async fn wait_until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    loop {
        looks.tick().await;
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "gave up waiting until {what}");
    }
}
