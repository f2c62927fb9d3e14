//! Turns with an agent. A message is never resent silently: a connection lost after sending is an outcome of its own.
//! The shell passes a function for the parts; nothing here has heard of channels or windows.

use crate::client::StreamRefused;
use crate::error::{Code, Failure};
use crate::ledger::LedgerOutcome;
use crate::session::{Session, lock};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use nineheads_contract::InstanceId;
use nineheads_contract::chat::{Message, ReplyDecoder, ReplyPart, SendMessage};
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How long an agent may be silent in the middle of a reply.
const SILENCE: Duration = Duration::from_secs(120);
/// Longest reply that is kept, in bytes.
const REPLY_LIMIT: usize = 4 << 20;
/// Pieces of text are passed on at most this often; a screen paints no faster.
const PASS_ON: Duration = Duration::from_millis(33);

/// One message and its reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// The screen's own id.
    pub id: String,
    /// When the person sent it.
    pub sent_at: DateTime<Utc>,
    /// What the person wrote.
    pub message: String,
    /// What came back so far.
    pub reply: String,
    /// How it stands.
    pub state: ExchangeState,
    /// From sending to the last word, in milliseconds.
    pub took_ms: Option<u32>,
    /// Tokens of the turn, where the platform tells.
    #[specta(type = Option<specta_typescript::Number>)]
    pub tokens: Option<u64>,
}

/// How an exchange stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum ExchangeState {
    /// On its way; nothing has come back.
    Sending,
    /// The reply is coming.
    Answering,
    /// The reply is complete.
    Complete,
    /// The person stopped waiting; the agent may have worked on.
    Stopped,
    /// It failed.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// The connection was lost after sending: nobody knows.
    MayHaveArrived,
}

/// The turns that are going on, one an instance.
#[derive(Default)]
pub(crate) struct LiveTurns(Mutex<HashMap<InstanceId, Arc<Notify>>>);

/// A turn that is going on; it ends with this value, also when nobody waits for it any more.
struct Turn<'a> {
    turns: &'a LiveTurns,
    id: &'a InstanceId,
    stop: Arc<Notify>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.turns.0).remove(self.id);
    }
}

impl LiveTurns {
    fn begin<'a>(&'a self, id: &'a InstanceId) -> Option<Turn<'a>> {
        let mut turns = lock(&self.0);
        if turns.contains_key(id) {
            return None;
        }
        let stop = Arc::new(Notify::new());
        turns.insert(id.clone(), stop.clone());
        Some(Turn { turns: self, id, stop })
    }

    pub(crate) fn stop(&self, id: &InstanceId) {
        if let Some(stop) = lock(&self.0).get(id) {
            stop.notify_one();
        }
    }

    pub(crate) fn stop_all(&self) {
        lock(&self.0).values().for_each(|stop| stop.notify_one());
    }
}

impl Session {
    /// Sends a message and passes the reply on as it comes. Returns the finished exchange, whatever its end.
    ///
    /// # Errors
    /// [`Code::Conflict`] when a turn with this instance is going on already.
    pub(crate) async fn send_message(
        &self,
        id: &InstanceId,
        exchange_id: String,
        text: String,
        mut on_part: impl FnMut(ReplyPart) + Send,
    ) -> Result<Exchange, Failure> {
        self.guard_write()?;
        let Some(going_on) = self.turns.begin(id) else {
            return Err(Failure::new(Code::Conflict { message: None }, "a turn is going on already"));
        };
        let mut exchange = Exchange {
            id: exchange_id,
            sent_at: self.now(),
            message: text.clone(),
            reply: String::new(),
            state: ExchangeState::Sending,
            took_ms: None,
            tokens: None,
        };
        self.keep(id, &exchange);
        let entry = self.enter("chat", id, json!({ "characters": exchange.message.chars().count() }));
        let started = Instant::now();
        let stopped = tokio::select! {
            () = self.take_turn(id, text, &mut exchange, &mut on_part) => false,
            () = going_on.stop.notified() => true,
        };
        if stopped {
            exchange.state = ExchangeState::Stopped;
        }
        exchange.took_ms = u32::try_from(started.elapsed().as_millis()).ok();
        match &exchange.state {
            ExchangeState::Failed { failure } => entry.fail(failure),
            ExchangeState::MayHaveArrived => entry.close(LedgerOutcome::Unknown, None),
            ExchangeState::Stopped => entry.close(LedgerOutcome::Done, Some("stoppedWaiting")),
            _ => entry.close(LedgerOutcome::Done, None),
        }
        if !matches!(exchange.state, ExchangeState::Failed { .. }) {
            self.note_chat(id);
        }
        self.keep(id, &exchange);
        Ok(exchange)
    }

    async fn take_turn(
        &self,
        id: &InstanceId,
        text: String,
        exchange: &mut Exchange,
        on_part: &mut (impl FnMut(ReplyPart) + Send),
    ) {
        let message = SendMessage { id: id.clone(), message: Message { message: text } };
        if let Err(failure) = self.before_call().await {
            exchange.state = ExchangeState::Failed { failure };
            return;
        }
        let response = match self.client.open_stream(&message).await {
            Ok(response) => response,
            Err(refused) => {
                exchange.state = self.read_refusal(refused);
                return;
            }
        };
        self.note_outcome(Ok(()));
        exchange.state = ExchangeState::Answering;
        let kind =
            response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).map(str::to_owned);
        let mut decoder = ReplyDecoder::new(kind.as_deref());
        let mut passing = Passing::new(on_part);
        let mut stream = response.bytes_stream();
        let mut heard_at = Instant::now();
        while !decoder.is_finished() {
            // Words that were held back are not held longer than a frame, also where the agent pauses.
            let patience = if passing.holds() { PASS_ON } else { SILENCE };
            let next = tokio::time::timeout(patience, stream.next()).await;
            if next.is_ok() {
                heard_at = Instant::now();
            }
            match next {
                Ok(Some(Ok(bytes))) => {
                    decoder.push(&bytes).into_iter().for_each(|part| passing.take(part, exchange))
                }
                Ok(None) => break,
                Ok(Some(Err(error))) => return passing.cut_off(exchange, &error.to_string()),
                Err(_) if heard_at.elapsed() < SILENCE => passing.pass_on(),
                Err(_) => return passing.cut_off(exchange, "the agent fell silent"),
            }
        }
        decoder.finish().into_iter().for_each(|part| passing.take(part, exchange));
        passing.end(exchange);
    }

    fn read_refusal(&self, refused: StreamRefused) -> ExchangeState {
        let failure = match refused {
            StreamRefused::NoAnswer(lost) if !lost.never_sent => {
                self.note_outcome(Err(&lost.failure));
                return ExchangeState::MayHaveArrived;
            }
            StreamRefused::NoAnswer(lost) => lost.failure,
            // What a proxy says while the agent works on is no answer of the agent.
            StreamRefused::Answered(Failure {
                code: Code::ServerFailed { status: 500 | 502 | 504, .. },
                ..
            }) => {
                return ExchangeState::MayHaveArrived;
            }
            StreamRefused::Answered(failure) => failure,
        };
        // One busy agent must not make the whole profile wait.
        if !matches!(failure.code, Code::ServerFailed { .. } | Code::TooManyRequests { .. }) {
            self.note_outcome(Err(&failure));
        }
        self.note_denied(Some(&failure));
        ExchangeState::Failed { failure }
    }

    fn keep(&self, id: &InstanceId, exchange: &Exchange) {
        self.cache.write_exchange(&exchange.id, id, exchange.sent_at, exchange);
    }

    /// The exchanges with an instance, oldest first. One that an earlier run left open has an unknown end.
    pub(crate) fn read_transcript(&self, id: &InstanceId) -> Result<Vec<Exchange>, Failure> {
        let mut exchanges: Vec<Exchange> = self.cache.read_exchanges(id)?;
        let going_on = lock(&self.turns.0).contains_key(id);
        let last = exchanges.len().saturating_sub(1);
        for (at, exchange) in exchanges.iter_mut().enumerate() {
            let open = matches!(exchange.state, ExchangeState::Sending | ExchangeState::Answering);
            if open && !(going_on && at == last) {
                exchange.state = ExchangeState::MayHaveArrived;
            }
        }
        Ok(exchanges)
    }
}

/// Collects pieces of text so that the screen gets no more than it can paint.
struct Passing<'a, F: FnMut(ReplyPart)> {
    on_part: &'a mut F,
    held: String,
    passed_at: Option<Instant>,
}

impl<'a, F: FnMut(ReplyPart)> Passing<'a, F> {
    fn new(on_part: &'a mut F) -> Self {
        Self { on_part, held: String::new(), passed_at: None }
    }

    fn take(&mut self, part: ReplyPart, exchange: &mut Exchange) {
        match part {
            ReplyPart::Text(_) if exchange.reply.len() > REPLY_LIMIT => {}
            ReplyPart::Text(text) => {
                exchange.reply.push_str(&text);
                self.held.push_str(&text);
                if self.passed_at.is_none_or(|at| at.elapsed() >= PASS_ON) {
                    self.pass_on();
                }
            }
            ReplyPart::Whole(text) => {
                self.held.clear();
                exchange.reply.clone_from(&text);
                (self.on_part)(ReplyPart::Whole(text));
            }
            ReplyPart::Tokens(tokens) => exchange.tokens = Some(tokens),
            ReplyPart::Failed(message) => {
                let code = Code::ServerFailed { status: 200, message: Some(message.clone()) };
                exchange.state = ExchangeState::Failed { failure: Failure::new(code, message) };
            }
            ReplyPart::Done => exchange.state = ExchangeState::Complete,
        }
    }

    fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    fn pass_on(&mut self) {
        if !self.held.is_empty() {
            (self.on_part)(ReplyPart::Text(std::mem::take(&mut self.held)));
            self.passed_at = Some(Instant::now());
        }
    }

    /// The connection ended in order. Platforms that do not mark the end mean this.
    fn end(mut self, exchange: &mut Exchange) {
        self.pass_on();
        if exchange.state == ExchangeState::Answering {
            exchange.state = match exchange.reply.is_empty() {
                true => ExchangeState::MayHaveArrived,
                false => ExchangeState::Complete,
            };
        }
    }

    /// The connection broke in mid-reply: what came is kept. Before the first word nobody knows what happened.
    fn cut_off(mut self, exchange: &mut Exchange, why: &str) {
        self.pass_on();
        exchange.state = match exchange.reply.is_empty() {
            true => ExchangeState::MayHaveArrived,
            false => ExchangeState::Failed {
                failure: Failure::new(Code::Offline, format!("the reply was cut off: {why}")),
            },
        };
    }
}
