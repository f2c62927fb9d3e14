//! Operation 8: one turn with an agent as server-sent events, word by word.

mod real;

use super::{config, logs, usage};
use crate::call::{Call, Platform, now};
use crate::masks::masked;
use crate::provider::Situation;
use crate::refusal::{Answer, Refusal};
use crate::store::{messages, time};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use futures_util::Stream;
use nineheads_contract::chat::MESSAGE_LIMIT;
use serde_json::{Value, json};
use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Instances that are in the middle of a turn. A conversation has one stream at a time.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashSet<Uuid>>);

impl Turns {
    fn lock(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Operation 8.
pub(crate) fn send(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    check.model();
    let question = check.text_between("message", (1, MESSAGE_LIMIT));
    check.finish()?;
    let instance = call.find(id)?;
    config::require_running(&instance)?;
    if let Some(agent) = call.agent(&instance)? {
        return real::send(call, agent, &instance, &question);
    }
    let situation = Situation {
        vitals: call.platform.provider.vitals(&instance, now()),
        week: usage::days(call, &instance, 7)?,
        config: masked(&call.store().read(|db| config::current(call, db, &instance))?),
        lines: logs::lines(call, &instance)?,
        now: now(),
        instance,
    };
    let answer = call.platform.provider.reply(&question, &situation);
    if !call.platform.turns.lock().insert(id) {
        return Err(Refusal::conflict("A turn is already running"));
    }
    let turn = Turn {
        words: words(&answer),
        said: String::new(),
        platform: call.platform.clone(),
        instance: id,
        conversation: format!(
            "console:{}:{}",
            call.caller.person.user.simple(),
            time(now()).format("%Y%m%d")
        ),
        participant: call.caller.person.email,
        asked_at: now(),
        question,
        ended: false,
    };
    stream_of(futures_util::stream::unfold(turn, Turn::next))
}

/// An answer of events.
fn stream_of(events: impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static) -> Answer {
    let kind = HeaderValue::from_static("text/event-stream; charset=utf-8");
    let uncached = HeaderValue::from_static("no-store");
    let body = Body::from_stream(events);
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, uncached)], body).into_response())
}

/// A turn that is being streamed. It ends when its last event is out, or when it is dropped because nobody listens.
struct Turn {
    words: VecDeque<String>,
    said: String,
    platform: Arc<Platform>,
    instance: Uuid,
    conversation: String,
    participant: &'static str,
    question: String,
    asked_at: i64,
    ended: bool,
}

impl Turn {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if self.ended {
            return None;
        }
        let Some(word) = self.words.pop_front() else {
            let last = json!({ "usage": { "total_tokens": self.tokens() } });
            self.end();
            return Some((Ok(format!("data: {last}\n\ndata: [DONE]\n\n").into()), self));
        };
        let pause = self.platform.provider.pause();
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        self.said.push_str(&word);
        Some((Ok(event(&json!({ "delta": word }))), self))
    }

    /// Roughly what a model would have counted: four characters a token.
    fn tokens(&self) -> i64 {
        let characters = self.question.chars().count() + self.said.chars().count();
        i64::try_from(characters / 4 + 1).unwrap_or(i64::MAX)
    }

    /// Keeps what was said, and makes room for the next turn.
    fn end(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let turn = messages::Turn {
            instance: self.instance,
            conversation: &self.conversation,
            participant: self.participant,
            question: &self.question,
            answer: &self.said,
            tokens: self.tokens(),
            asked_at: self.asked_at,
            answered_at: now(),
        };
        if let Err(error) = self.platform.store.write(|db| messages::add_turn(db, &turn)) {
            log::error!("a turn could not be kept: {error}");
        }
        self.platform.turns.lock().remove(&self.instance);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.end();
    }
}

fn event(value: &Value) -> Bytes {
    format!("data: {value}\n\n").into()
}

/// A text in words, each with the space before it, so that together they are the text again.
fn words(text: &str) -> VecDeque<String> {
    let mut words = VecDeque::new();
    let mut word = String::new();
    for character in text.chars() {
        let starts = character.is_whitespace() && word.chars().any(|c| !c.is_whitespace());
        if starts {
            words.push_back(std::mem::take(&mut word));
        }
        word.push(character);
    }
    words.push_back(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_together_are_the_text_again() {
        let text = "One  two\n\n- three\n  four ";
        let pieces = words(text);
        assert!(pieces.len() >= 4);
        assert_eq!(pieces.into_iter().collect::<String>(), text);
    }
}
