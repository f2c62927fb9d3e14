//! Tries a model provider: asks which models it has, then one model for one word. What went wrong is told apart, each
//! with a way on. A server's own words are never passed on: they may repeat the key.

use super::talk::{Limits, Said, Server};
use nineheads_contract::local::ModelTest;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const LIMITS: Limits = Limits { connect: Duration::from_secs(5), answer: Duration::from_secs(30) };
/// Most models that are told.
const MOST_MODELS: usize = 1_000;

/// Why a provider is of no use as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    NotReached,
    Certificate,
    RefusedKey { had_one: bool },
    NoSuchModel(String),
    NotAModelServer,
    Elsewhere(Option<String>),
    Limit,
    TooSlow,
    Failed(u16),
}

/// Tries a provider. The address is a checked one.
pub(crate) async fn try_out(base: &str, key: Option<&str>, model: Option<&str>) -> ModelTest {
    try_within(LIMITS, base, key, model).await
}

async fn try_within(limits: Limits, base: &str, key: Option<&str>, model: Option<&str>) -> ModelTest {
    let Some(server) = Server::new(base, key, limits) else {
        let message = "The key can not be sent as it is: it holds characters that no key has. Copy it again.";
        return ModelTest {
            problem: Some("refused_key".into()),
            message: message.into(),
            ..ModelTest::default()
        };
    };
    let begun = Instant::now();
    let listed = match list(&server, key.is_some()).await {
        Ok(listed) => listed,
        Err(problem) => return failed(&problem, Vec::new()),
    };
    let Some(model) = model else {
        return match listed {
            Some(models) => went_well(models, "The server answered. Choose one of its models.".into(), begun),
            None => failed(&Problem::NotAModelServer, Vec::new()),
        };
    };
    let models = listed.unwrap_or_default();
    let begun = Instant::now();
    match complete(&server, model, key.is_some()).await {
        Ok(()) => went_well(models, format!("{model} answered."), begun),
        Err(problem) => failed(&problem, models),
    }
}

/// The models that a server says it has; none where it does not say.
async fn list(server: &Server<'_>, had_key: bool) -> Result<Option<Vec<String>>, Problem> {
    match server.ask(Method::GET, "/models", None).await {
        Said::Answer(200..=299, Some(body)) => models_of(&body).map(Some).ok_or(Problem::NotAModelServer),
        // Not every server has the list; the model itself is asked then.
        Said::Answer(404 | 405 | 501, _) => Ok(None),
        said => Err(problem(said, had_key)),
    }
}

/// Asks a model for one word.
async fn complete(server: &Server<'_>, model: &str, had_key: bool) -> Result<(), Problem> {
    let mut said = Said::TooSlow;
    // Some models take the one name for the limit, some the other.
    for limit in ["max_tokens", "max_completion_tokens"] {
        let question = json!({
            "model": model, "stream": false, limit: 16,
            "messages": [{ "role": "user", "content": "Answer with the word yes." }],
        });
        said = server.ask(Method::POST, "/chat/completions", Some(&question)).await;
        match &said {
            Said::Answer(400, Some(body)) if body.to_string().contains("max_completion_tokens") => {}
            _ => break,
        }
    }
    match said {
        Said::Answer(200..=299, Some(body))
            if body["choices"].as_array().is_some_and(|all| !all.is_empty()) =>
        {
            Ok(())
        }
        Said::Answer(404, Some(_)) => Err(Problem::NoSuchModel(model.to_owned())),
        Said::Answer(400 | 422, Some(body)) if speaks_of_a_missing_model(&body) => {
            Err(Problem::NoSuchModel(model.to_owned()))
        }
        said => Err(problem(said, had_key)),
    }
}

/// The ids of a list of models, as OpenAI writes it.
pub(super) fn models_of(body: &Value) -> Option<Vec<String>> {
    let list = match body.get("data")? {
        Value::Array(list) => list.as_slice(),
        // Ollama without a model.
        Value::Null if body["object"] == "list" => &[],
        _ => return None,
    };
    list.iter().take(MOST_MODELS).map(|model| model["id"].as_str().map(str::to_owned)).collect()
}

fn speaks_of_a_missing_model(body: &Value) -> bool {
    let said = body.to_string().to_lowercase();
    said.contains("model")
        && ["not found", "not exist", "not_found", "invalid model", "unknown model"]
            .iter()
            .any(|word| said.contains(word))
}

fn problem(said: Said, had_key: bool) -> Problem {
    match said {
        Said::NotReached => Problem::NotReached,
        Said::Certificate => Problem::Certificate,
        Said::TooSlow => Problem::TooSlow,
        Said::TooLarge => Problem::NotAModelServer,
        Said::Elsewhere(to) => Problem::Elsewhere(to),
        Said::Answer(401 | 403 | 407, _) => Problem::RefusedKey { had_one: had_key },
        Said::Answer(402 | 429, _) => Problem::Limit,
        Said::Answer(408 | 504, _) => Problem::TooSlow,
        Said::Answer(200..=299 | 404 | 405, _) => Problem::NotAModelServer,
        Said::Answer(status, _) => Problem::Failed(status),
    }
}

fn went_well(models: Vec<String>, message: String, begun: Instant) -> ModelTest {
    let millis = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    ModelTest { ok: true, problem: None, message, models, millis: Some(millis) }
}

fn failed(problem: &Problem, models: Vec<String>) -> ModelTest {
    let (code, message) = words(problem);
    ModelTest { ok: false, problem: Some(code.to_owned()), message, models, millis: None }
}

/// The contract's word for a problem, and a sentence with a way on.
fn words(problem: &Problem) -> (&'static str, String) {
    let (code, said) = match problem {
        Problem::NotReached => (
            "not_reached",
            "Nobody answers at this address. See whether the server runs and the address is right, then try again.",
        ),
        Problem::Certificate => (
            "certificate",
            "The server's certificate can not be trusted, so nothing was sent. Check the address; a company's own certificate has to be known to this system.",
        ),
        Problem::RefusedKey { had_one: true } => (
            "refused_key",
            "The server refused the key. Copy it again from the provider's page, or make a new one there.",
        ),
        Problem::RefusedKey { had_one: false } => {
            ("refused_key", "The server wants a key, and none is given. Copy one from the provider's page.")
        }
        Problem::NoSuchModel(model) => {
            return (
                "no_such_model",
                format!("The server has no model called {model}. Choose one that it lists."),
            );
        }
        Problem::NotAModelServer => (
            "not_a_model_server",
            "Something answers at this address, but not as a model server does. The address often ends in /v1; a hotel's or company's sign-in page can be in between, too.",
        ),
        Problem::Elsewhere(Some(host)) => {
            return (
                "not_a_model_server",
                format!(
                    "The server sends on to {host}, and a key is not sent after it. Give the final address if you trust it."
                ),
            );
        }
        Problem::Elsewhere(None) => (
            "not_a_model_server",
            "The server sends on to another place, and a key is not sent after it. Give the final address.",
        ),
        Problem::Limit => (
            "limit",
            "The server answers, but the account is at its limit or has no credit. Wait a little, or look at the provider's page.",
        ),
        Problem::TooSlow => (
            "too_slow",
            "The server took longer than half a minute. A large model may still be loading: wait a little and try again.",
        ),
        Problem::Failed(status) => {
            return (
                "failed",
                format!(
                    "The server could not do it (status {status}). Try again later, or choose another model."
                ),
            );
        }
    };
    (code, said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_server_that_takes_a_question_and_says_nothing_is_too_slow() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let limits = Limits { connect: Duration::from_secs(5), answer: Duration::from_millis(200) };
        let held = tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                held.push(stream);
            }
        });
        let test = try_within(limits, &base, Some("k"), Some("m")).await;
        assert_eq!((test.ok, test.problem.as_deref()), (false, Some("too_slow")));
        held.abort();
    }

    #[test]
    fn every_problem_has_a_word_of_the_contract_and_a_way_on() {
        let known = [
            "bad_address",
            "not_reached",
            "certificate",
            "refused_key",
            "no_such_model",
            "not_a_model_server",
            "limit",
            "too_slow",
            "failed",
        ];
        for problem in [
            Problem::NotReached,
            Problem::Certificate,
            Problem::RefusedKey { had_one: true },
            Problem::RefusedKey { had_one: false },
            Problem::NoSuchModel("m".into()),
            Problem::NotAModelServer,
            Problem::Elsewhere(None),
            Problem::Elsewhere(Some("a.example".into())),
            Problem::Limit,
            Problem::TooSlow,
            Problem::Failed(500),
        ] {
            let (code, message) = words(&problem);
            assert!(known.contains(&code) && message.ends_with('.') && message.len() > 40, "{message}");
        }
    }

    #[test]
    fn lists_are_read_as_openai_writes_them_and_nothing_else_is_one() {
        assert_eq!(models_of(&json!({ "data": [{ "id": "a" }] })), Some(vec!["a".to_owned()]));
        assert_eq!(models_of(&json!({ "object": "list", "data": null })), Some(Vec::new()));
        for none in
            [json!({}), json!([]), json!({ "data": null }), json!({ "data": {} }), json!({ "data": [{}] })]
        {
            assert_eq!(models_of(&none), None, "{none}");
        }
    }
}
