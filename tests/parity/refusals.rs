//! Refusals to the letter, as FastAPI with Pydantic 2 writes them.

use nineheads_platform::Server;
use nineheads_tests::platform::{deploy, start_calm};
use reqwest::Method;
use serde_json::{Value, json};

struct Asked {
    status: u16,
    body: Value,
}

async fn ask(server: &Server, method: Method, path: &str, body: Option<&str>) -> Asked {
    let request = reqwest::Client::new()
        .request(method, format!("{}{path}", server.url()))
        .header("X-Api-Key", &server.keys().admin);
    let request = match body {
        Some(body) => request.header("Content-Type", "application/json").body(body.to_owned()),
        None => request,
    };
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    Asked { status, body: answer.json().await.expect("JSON") }
}

fn one(loc: Value, msg: &str, kind: &str) -> Value {
    json!({ "detail": [{ "loc": loc, "msg": msg, "type": kind }] })
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused_by_what_it_is() {
    let server = start_calm().await;
    let object = "Input should be a valid dictionary or object to extract fields from";
    for (body, expected) in [
        (None, one(json!(["body"]), "Field required", "missing")),
        (Some("null"), one(json!(["body"]), "Field required", "missing")),
        (Some("[]"), one(json!(["body"]), object, "model_attributes_type")),
        (Some("7"), one(json!(["body"]), object, "model_attributes_type")),
        (Some("{\"a\": nope}"), one(json!(["body", 7]), "JSON decode error", "json_invalid")),
    ] {
        let asked = ask(&server, Method::POST, "/v1/instances", body).await;
        assert_eq!((asked.status, asked.body), (422, expected), "{body:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_called_json_is_not_read_as_json() {
    let server = start_calm().await;
    let answer = reqwest::Client::new()
        .post(format!("{}/v1/instances", server.url()))
        .header("X-Api-Key", &server.keys().admin)
        .header("Content-Type", "text/plain")
        .body("{}")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 422);
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(body["detail"][0]["type"], "model_attributes_type");
}

#[tokio::test]
async fn each_field_is_refused_in_pydantics_words() {
    let server = start_calm().await;
    let (id, _) = deploy(&server.url(), &server.keys().admin, "fields").await;
    let here = |rest: &str| format!("/v1/instances/{id}{rest}");
    let long = format!(r#"{{"message":"{}"}}"#, "é".repeat(8001));
    let dictionary = "Input should be a valid dictionary";
    let cases = [
        (
            Method::POST,
            here("/chat"),
            Some("{}"),
            one(json!(["body", "message"]), "Field required", "missing"),
        ),
        (
            Method::POST,
            here("/chat"),
            Some(r#"{"message":""}"#),
            one(json!(["body", "message"]), "String should have at least 1 character", "string_too_short"),
        ),
        (
            Method::POST,
            here("/chat"),
            Some(long.as_str()),
            one(json!(["body", "message"]), "String should have at most 8000 characters", "string_too_long"),
        ),
        (
            Method::PATCH,
            here("/consent"),
            Some(r#"{"consent_debug_access":"perhaps"}"#),
            one(
                json!(["body", "consent_debug_access"]),
                "Input should be a valid boolean, unable to interpret input",
                "bool_parsing",
            ),
        ),
        (
            Method::PATCH,
            here("/consent"),
            Some(r#"{"consent_debug_access":null}"#),
            one(json!(["body", "consent_debug_access"]), "Input should be a valid boolean", "bool_type"),
        ),
        (Method::POST, here("/config"), Some("[1]"), one(json!(["body"]), dictionary, "dict_type")),
        (Method::PATCH, here("/model-policy"), Some("\"x\""), one(json!(["body"]), dictionary, "dict_type")),
        (
            Method::PATCH,
            here("/platform-config"),
            Some(r#"{"skills":{}}"#),
            one(json!(["body", "skills"]), "Input should be a valid list", "list_type"),
        ),
        (
            Method::GET,
            here("/conversations?limit=0"),
            None,
            one(
                json!(["query", "limit"]),
                "Input should be greater than or equal to 1",
                "greater_than_equal",
            ),
        ),
        (
            Method::GET,
            here("/conversations?limit=101"),
            None,
            one(json!(["query", "limit"]), "Input should be less than or equal to 100", "less_than_equal"),
        ),
        (
            Method::GET,
            here("/usage?days=many"),
            None,
            one(
                json!(["query", "days"]),
                "Input should be a valid integer, unable to parse string as an integer",
                "int_parsing",
            ),
        ),
        (
            Method::GET,
            here("/conversations/a.b"),
            None,
            one(
                json!(["path", "conversation_id"]),
                "String should match pattern '^[A-Za-z0-9:_-]{1,128}$'",
                "string_pattern_mismatch",
            ),
        ),
        (
            Method::GET,
            "/v1/instances/nonsense".to_owned(),
            None,
            one(
                json!(["path", "instance_id"]),
                "Input should be a valid UUID, invalid character: found `n` at 0",
                "uuid_parsing",
            ),
        ),
    ];
    for (method, path, body, expected) in cases {
        let asked = ask(&server, method, &path, body).await;
        assert_eq!((asked.status, asked.body), (422, expected), "{path} {body:?}");
    }
}

#[tokio::test]
async fn a_path_and_a_body_that_are_both_wrong_are_named_together() {
    let server = start_calm().await;
    let asked = ask(&server, Method::PATCH, "/v1/instances/x/consent", Some("{}")).await;
    let rows = asked.body["detail"].as_array().expect("a list");
    let places: Vec<_> = rows.iter().map(|row| row["loc"].clone()).collect();
    assert_eq!(places, [json!(["path", "instance_id"]), json!(["body", "consent_debug_access"])]);
}

#[tokio::test]
async fn who_you_are_comes_before_what_you_sent() {
    let server = start_calm().await;
    let answer = reqwest::Client::new()
        .post(format!("{}/v1/instances", server.url()))
        .body("not json")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.json::<Value>().await.expect("JSON"), json!({ "detail": "Not authenticated" }));
}

#[tokio::test]
async fn an_unknown_instance_is_not_found() {
    let server = start_calm().await;
    let path = "/v1/instances/497f6eca-6276-4993-bfeb-53cbbbba6f08/usage?days=99999999999999999999";
    let asked = ask(&server, Method::GET, path, None).await;
    assert_eq!((asked.status, asked.body), (404, json!({ "detail": "Instance not found" })));
}

#[tokio::test]
async fn hostile_text_is_kept_and_breaks_nothing() {
    let server = start_calm().await;
    let (url, key) = (server.url(), server.keys().admin.clone());
    for (number, name) in
        ["\u{0}", "<img src=x onerror=1>", "\u{202e}\u{300}", "'; DROP TABLE instances; --", ""]
            .iter()
            .enumerate()
    {
        let mut create = nineheads_tests::platform::order(&format!("hostile-{number}"));
        create.new.agent_name = Some((*name).to_owned());
        nineheads_tests::platform::get(&url, &key, &create).await;
        let end = nineheads_tests::platform::settled(&url, &key, &format!("hostile-{number}")).await;
        let get = nineheads_contract::instances::GetInstance { id: end.instance_id.expect("an instance") };
        let detail = nineheads_tests::platform::get(&url, &key, &get).await;
        assert_eq!(detail.agent_name.as_deref(), Some(*name));
    }
}
