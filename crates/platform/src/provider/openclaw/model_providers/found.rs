//! Model servers that run on this computer already, where their makers put them.

use super::talk::{Limits, Said, Server};
use super::trial::models_of;
use futures_util::future::join_all;
use nineheads_contract::local::{LocalModel, ModelProvider};
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;

/// Short, since every list waits for it; they are on this computer.
const LIMITS: Limits = Limits { connect: Duration::from_millis(300), answer: Duration::from_millis(800) };
const PLACES: [(&str, &str); 3] = [
    ("ollama", "http://127.0.0.1:11434/v1"),
    ("lm-studio", "http://127.0.0.1:1234/v1"),
    ("llama-cpp", "http://127.0.0.1:8080/v1"),
];

/// The ones that answer, and are not among the kept ones.
pub(crate) async fn found(kept: &[ModelProvider]) -> Vec<ModelProvider> {
    found_at(&PLACES, kept).await
}

async fn found_at(places: &[(&str, &str)], kept: &[ModelProvider]) -> Vec<ModelProvider> {
    let unknown = places.iter().filter(|(_, base)| !kept.iter().any(|kept| kept.base_url == *base));
    let looks = unknown.map(async |(name, base)| {
        let server = Server::new(base, None, LIMITS)?;
        let Said::Answer(200, Some(body)) = server.ask(Method::GET, "/models", None).await else {
            return None;
        };
        let models = models_of(&body).filter(|_| body["object"] == "list")?;
        let windows = |id: &str| window(&body, id);
        let models =
            models.into_iter().map(|id| LocalModel { context_window: windows(&id), id, max_tokens: None });
        Some(ModelProvider {
            name: free_name(name, kept),
            base_url: (*base).to_owned(),
            models: models.collect(),
            has_key: false,
            found: true,
        })
    });
    join_all(looks).await.into_iter().flatten().collect()
}

/// Where a server says how much a model can look at, as llama.cpp does.
fn window(body: &Value, id: &str) -> Option<u32> {
    let model = body["data"].as_array()?.iter().find(|model| model["id"] == id)?;
    let tokens = [&model["meta"]["n_ctx"], &model["max_context_length"], &model["meta"]["n_ctx_train"]];
    tokens.into_iter().find_map(Value::as_u64).and_then(|tokens| u32::try_from(tokens).ok())
}

/// A kept one of the same name is another one, at another address.
fn free_name(name: &str, kept: &[ModelProvider]) -> String {
    let taken = |name: &str| kept.iter().any(|kept| kept.name == name);
    let others = (2..).map(|n| format!("{name}-{n}"));
    std::iter::once(name.to_owned()).chain(others).find(|name| !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Json, Router, routing::get};
    use serde_json::json;

    /// Answers every question for models with this, at an address.
    async fn serve(body: Value) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let router = Router::new().route("/v1/models", get(move || async move { Json(body) }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        base
    }

    #[tokio::test]
    async fn only_what_answers_as_a_model_server_is_found() {
        let model =
            json!({ "object": "list", "data": [{ "id": "a", "meta": { "n_ctx": 4096 } }, { "id": "b" }] });
        let (real, bare) = (serve(model).await, serve(json!({ "object": "list", "data": null })).await);
        let (other, silent) = (serve(json!({ "hello": 1 })).await, "http://127.0.0.1:1/v1");
        let places = [("real", real.as_str()), ("bare", &bare), ("other", &other), ("silent", silent)];
        let all = found_at(&places, &[]).await;
        let names: Vec<_> =
            all.iter().map(|found| (found.name.as_str(), found.models.len(), found.found)).collect();
        assert_eq!(names, [("real", 2, true), ("bare", 0, true)]);
        assert_eq!((all[0].models[0].context_window, all[0].models[1].context_window), (Some(4096), None));
    }

    #[tokio::test]
    async fn a_kept_one_is_not_found_again_and_its_name_is_not_taken() {
        let list = json!({ "object": "list", "data": [] });
        let (here, there) = (serve(list.clone()).await, serve(list).await);
        let kept =
            ModelProvider { name: "ollama".into(), base_url: here.clone(), ..ModelProvider::default() };
        let all = found_at(&[("ollama", &here), ("ollama", &there)], std::slice::from_ref(&kept)).await;
        assert_eq!(all.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), ["ollama-2"]);
    }
}
