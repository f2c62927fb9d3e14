//! A turn with a real agent as server-sent events: what its gateway tells, as it comes. It ends when the agent says so,
//! when nothing gets on any more, or when nobody listens; then the agent is told to stop.

use super::{event, stream_of};
use crate::call::{Call, Platform};
use crate::provider::openclaw::agent::Agent;
use crate::provider::openclaw::gateway::Event;
use crate::provider::openclaw::operations::chat::{self, Piece, Run};
use crate::refusal::{Answer, Refusal};
use crate::routes::agent::refused;
use crate::store::Instance;
use axum::body::Bytes;
use serde_json::json;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::Instant;
use uuid::Uuid;

/// How long an agent may get on with nothing. Its own limit is far beyond what a person waits.
const SILENCE: Duration = Duration::from_secs(60);
/// A line that says nothing, so often, shows whether anybody still listens.
const BREATH: Duration = Duration::from_secs(10);
/// How long the tokens of a finished turn may take.
const COUNTING: Duration = Duration::from_secs(3);

/// Sends the message and streams what comes of it.
pub(super) fn send(call: &Call, agent: Agent, instance: &Instance, question: &str) -> Answer {
    let place = Place::take(&call.platform, instance.id)?;
    let events = agent.listen();
    let session = chat::session_key(&agent.default_agent(), &call.caller.person.user.simple().to_string());
    let run = chat::send(&agent, session, question, &Uuid::new_v4().to_string()).map_err(refused)?;
    let turn = Turn::new(run, agent, events, SILENCE, Some(place));
    stream_of(futures_util::stream::unfold(turn, Turn::next))
}

/// An instance's one turn.
struct Place {
    platform: Arc<Platform>,
    instance: Uuid,
}

impl Place {
    fn take(platform: &Arc<Platform>, instance: Uuid) -> Result<Self, Refusal> {
        match platform.turns.lock().insert(instance) {
            true => Ok(Self { platform: platform.clone(), instance }),
            false => Err(Refusal::conflict("A turn is already running")),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.platform.turns.lock().remove(&self.instance);
    }
}

struct Turn {
    run: Run,
    agent: Agent,
    events: broadcast::Receiver<Arc<Event>>,
    /// Written, not sent yet.
    ready: VecDeque<Bytes>,
    silence: Duration,
    stuck_at: Instant,
    is_over: bool,
    // Held, not read: the place goes with the turn.
    _place: Option<Place>,
}

impl Turn {
    fn new(
        run: Run,
        agent: Agent,
        events: broadcast::Receiver<Arc<Event>>,
        silence: Duration,
        place: Option<Place>,
    ) -> Self {
        let stuck_at = Instant::now() + silence;
        Self { run, agent, events, ready: VecDeque::new(), silence, stuck_at, is_over: false, _place: place }
    }

    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            if let Some(bytes) = self.ready.pop_front() {
                return Some((Ok(bytes), self));
            }
            if self.is_over {
                return None;
            }
            self.wait().await;
        }
    }

    async fn wait(&mut self) {
        let until = self.stuck_at.min(Instant::now() + BREATH);
        match tokio::time::timeout_at(until, self.events.recv()).await {
            Ok(Ok(event)) => {
                let heard = self.run.hear(&event);
                if heard.is_progress {
                    self.stuck_at = Instant::now() + self.silence;
                }
                for piece in heard.pieces {
                    self.write(piece).await;
                }
            }
            // The next piece carries the whole text: what was missed is made up for.
            Ok(Err(RecvError::Lagged(_))) => {}
            Ok(Err(RecvError::Closed)) => self.fail("The agent was stopped in the middle of the reply."),
            Err(_) if Instant::now() >= self.stuck_at => {
                self.agent.tell("chat.abort", self.run.abort());
                let sentence = self.run.silence(self.silence.as_secs());
                self.fail(&sentence);
            }
            Err(_) => self.ready.push_back(Bytes::from_static(b": waiting\n\n")),
        }
    }

    async fn write(&mut self, piece: Piece) {
        if self.is_over {
            return;
        }
        let value = match piece {
            Piece::More(text) => json!({ "delta": text }),
            Piece::Whole(text) => json!({ "choices": [{ "message": { "content": text } }] }),
            Piece::Phase(phase) => json!({ "state": "status", "phase": phase }),
            Piece::Failed(sentence) => return self.fail(&sentence),
            Piece::Done => {
                if let Some(tokens) = self.count().await {
                    self.ready.push_back(event(&json!({ "usage": { "total_tokens": tokens } })));
                }
                self.ready.push_back(Bytes::from_static(b"data: [DONE]\n\n"));
                self.is_over = true;
                return;
            }
        };
        self.ready.push_back(event(&value));
    }

    /// What the turn took, as the agent counted.
    async fn count(&self) -> Option<u64> {
        let history = self.agent.gateway().request("chat.history", self.run.history(), COUNTING).await;
        self.run.tokens(&history.ok()?)
    }

    fn fail(&mut self, sentence: &str) {
        let data = json!({ "message": sentence });
        self.ready.push_back(format!("event: error\ndata: {data}\n\n").into());
        self.is_over = true;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_over {
            self.agent.tell("chat.abort", self.run.abort());
        }
    }
}

#[cfg(test)]
mod tests;
