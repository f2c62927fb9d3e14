//! What a gateway and its client say to each other: JSON in text frames, protocol 4. Pure: text in, values out. What is
//! not known is read as nothing, never as an error. Does not belong here: the connection, and what an answer means.

use serde_json::{Value, json};
use std::time::Duration;

/// The only version that is spoken here.
pub(super) const PROTOCOL: u64 = 4;
/// Between two ticks, where the gateway does not say.
const TICK: Duration = Duration::from_secs(30);
/// A gateway that announces less would have its connection given up for nothing.
const LEAST_TICK: Duration = Duration::from_secs(1);

/// Something that came in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Frame {
    /// Something happened over there.
    Event(Event),
    /// The answer to a request.
    Answer(Answer),
    /// Nothing that is known.
    Unknown,
}

/// Something that happened at the gateway.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// Such as `chat`.
    pub(crate) name: String,
    /// What it carries.
    pub(crate) payload: Value,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    /// The request's.
    pub(super) id: String,
    /// The payload, or a no.
    pub(super) outcome: Result<Value, No>,
}

/// A request that the gateway did not do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct No {
    /// Such as `INVALID_REQUEST`.
    pub(super) code: String,
    /// Its own words.
    pub(super) message: String,
    /// What it adds; null when nothing.
    pub(super) details: Value,
    /// The same request may be sent again, after this long.
    pub(super) again_after: Option<Duration>,
}

/// What a gateway says of itself once it has accepted a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hello {
    /// The agent's version.
    pub(crate) version: Option<String>,
    /// The agent that is asked where none is named.
    pub(crate) default_agent: String,
    /// Between two signs of life.
    pub(crate) tick: Duration,
}

/// Reads a frame.
pub(super) fn read(text: &str) -> Frame {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return Frame::Unknown };
    let word = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    match value.get("type").and_then(Value::as_str) {
        Some("event") => match word(&value, "event") {
            Some(name) => Frame::Event(Event { name, payload: value["payload"].take() }),
            None => Frame::Unknown,
        },
        Some("res") => {
            let Some(id) = word(&value, "id") else { return Frame::Unknown };
            let outcome = match value.get("ok") {
                Some(Value::Bool(true)) => Ok(value["payload"].take()),
                _ => Err(read_no(&value["error"])),
            };
            Frame::Answer(Answer { id, outcome })
        }
        _ => Frame::Unknown,
    }
}

fn read_no(error: &Value) -> No {
    let text = |key: &str, default: &str| error[key].as_str().unwrap_or(default).to_owned();
    let retryable = error["retryable"].as_bool().unwrap_or_default();
    let pause = Duration::from_millis(error["retryAfterMs"].as_u64().unwrap_or(500));
    No {
        code: text("code", "UNKNOWN"),
        message: text("message", "it gave no reason"),
        details: error.get("details").cloned().unwrap_or_default(),
        again_after: retryable.then_some(pause),
    }
}

/// Writes a request.
pub(super) fn request(id: &str, method: &str, params: &Value) -> String {
    json!({ "type": "req", "id": id, "method": method, "params": params }).to_string()
}

/// What the first request carries. It holds the token: never to be logged.
pub(super) fn introduction(token: &str) -> Value {
    json!({
        "minProtocol": PROTOCOL,
        "maxProtocol": PROTOCOL,
        "client": {
            "id": "gateway-client",
            "mode": "backend",
            "version": env!("CARGO_PKG_VERSION"),
            "platform": std::env::consts::OS,
        },
        "role": "operator",
        "scopes": ["operator.admin", "operator.read", "operator.write", "operator.approvals"],
        "caps": ["tool-events"],
        "auth": { "token": token },
    })
}

/// Reads the answer to the first request.
///
/// # Errors
/// The version that is spoken over there, where it is another one.
pub(super) fn read_hello(payload: &Value) -> Result<Hello, String> {
    if payload["protocol"].as_u64() != Some(PROTOCOL) {
        return Err(payload["protocol"].to_string());
    }
    let tick = payload.pointer("/policy/tickIntervalMs").and_then(Value::as_u64);
    let agent = payload.pointer("/snapshot/sessionDefaults/defaultAgentId").and_then(Value::as_str);
    Ok(Hello {
        version: payload.pointer("/server/version").and_then(Value::as_str).map(str::to_owned),
        default_agent: agent.unwrap_or("main").to_owned(),
        tick: tick.map_or(TICK, Duration::from_millis).max(LEAST_TICK),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn events_and_answers_are_read_and_everything_else_is_unknown() {
        let event = read(r#"{"type":"event","event":"chat","payload":{"runId":"r"},"seq":4,"new":1}"#);
        assert_eq!(event, Frame::Event(Event { name: "chat".into(), payload: json!({"runId": "r"}) }));
        let answer = read(r#"{"type":"res","id":"7","ok":true,"payload":null}"#);
        assert_eq!(answer, Frame::Answer(Answer { id: "7".into(), outcome: Ok(Value::Null) }));
        for strange in ["", "[]", "7", "{}", r#"{"type":"res"}"#, r#"{"type":"event"}"#, r#"{"type":"x"}"#] {
            assert_eq!(read(strange), Frame::Unknown, "{strange}");
        }
    }

    #[test]
    fn a_no_says_whether_it_may_be_asked_again() {
        let no = |text: &str| match read(text) {
            Frame::Answer(Answer { outcome: Err(no), .. }) => no,
            other => panic!("{other:?}"),
        };
        let starting =
            no(r#"{"type":"res","id":"1","ok":false,"error":{"code":"UNAVAILABLE","message":"starting",
            "details":{"reason":"startup-sidecars"},"retryable":true,"retryAfterMs":250}}"#);
        assert_eq!(starting.again_after, Some(Duration::from_millis(250)));
        assert_eq!(starting.details["reason"], "startup-sidecars");
        let bare = no(r#"{"type":"res","id":"1"}"#);
        assert_eq!((bare.code.as_str(), bare.again_after), ("UNKNOWN", None));
    }

    #[test]
    fn a_hello_of_another_protocol_is_none() {
        let hello = json!({"protocol": 4, "server": {"version": "2026.9.6"}, "policy": {"tickIntervalMs": 15_000},
            "snapshot": {"sessionDefaults": {"defaultAgentId": "mara"}}});
        let read = read_hello(&hello).expect("protocol 4");
        assert_eq!((read.tick, read.default_agent.as_str()), (Duration::from_secs(15), "mara"));
        let bare = read_hello(&json!({"protocol": 4})).expect("protocol 4");
        assert_eq!((bare.tick, bare.default_agent.as_str(), bare.version), (TICK, "main", None));
        assert_eq!(read_hello(&json!({"protocol": 5})), Err("5".to_owned()));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,80}") {
            let _ = read(&text);
        }
    }
}
