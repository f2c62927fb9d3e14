//! Payloads of openclaw 2026.9.6 as they came, shortened, with folders and hosts replaced.

use super::super::ask::{Ask, AskError};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::Mutex;

macro_rules! payload {
    ($name:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/provider/openclaw/operations/fixtures/",
            $name,
            ".json"
        )))
        .expect("a fixture is JSON")
    };
}
pub(super) use payload;

/// Answers the next question with the next answer, and keeps what was asked.
#[derive(Default)]
pub(super) struct Recorded {
    answers: Mutex<VecDeque<Result<Value, AskError>>>,
    asked: Mutex<Vec<(&'static str, Value)>>,
}

impl Recorded {
    pub(super) fn of(answers: impl IntoIterator<Item = Result<Value, AskError>>) -> Self {
        Self { answers: Mutex::new(answers.into_iter().collect()), asked: Mutex::default() }
    }

    pub(super) fn asked(&self) -> Vec<(&'static str, Value)> {
        self.asked.lock().expect("nobody panicked").clone()
    }
}

impl Ask for Recorded {
    fn ask(&self, method: &'static str, params: Value) -> Result<Value, AskError> {
        self.asked.lock().expect("nobody panicked").push((method, params));
        let answer = self.answers.lock().expect("nobody panicked").pop_front();
        answer.unwrap_or_else(|| panic!("nobody expected `{method}`"))
    }
}

/// A no as it came, from its fixture.
pub(super) fn refused(error: &Value) -> AskError {
    AskError::Refused {
        code: error["code"].as_str().expect("a code").to_owned(),
        message: error["message"].as_str().expect("a message").to_owned(),
        details: error.get("details").cloned().unwrap_or_default(),
    }
}
