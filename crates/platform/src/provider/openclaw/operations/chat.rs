//! One turn with a real agent: what its gateway tells of a run, as pieces of a reply. Pure but for the questions at its
//! beginning and end; how pieces are sent is not decided here.

use super::super::ask::{Ask, AskError};
use super::super::gateway::{Event, LOST};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Messages that are looked through for the tokens of a turn.
pub(crate) const TURN_MESSAGES: u32 = 40;

/// A piece of what happens in a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// More text.
    More(String),
    /// The text so far, in place of what was sent.
    Whole(String),
    /// What the agent is busy with.
    Phase(String),
    /// It is over, and went wrong: a sentence for people.
    Failed(String),
    /// It is over.
    Done,
}

/// A turn that is going on.
#[derive(Debug)]
pub(crate) struct Run {
    session: String,
    id: String,
    said: String,
    phases: HashSet<String>,
    /// The newest reason for which the model was asked again.
    trouble: Option<String>,
    model: Option<String>,
}

/// What an event means to a turn.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// Something got on: the agent is not stuck.
    pub(crate) is_progress: bool,
    /// To be sent.
    pub(crate) pieces: Vec<Piece>,
}

/// The key of the one conversation that a person has with an agent from the console.
pub(crate) fn session_key(agent: &str, user: &str) -> String {
    format!("agent:{agent}:console:{user}")
}

/// The user in such a key.
pub(crate) fn console_user(key: &str) -> Option<&str> {
    key.strip_prefix("agent:")?.split_once(":console:").map(|(_, user)| user)
}

/// Sends a message; the answer comes as events.
pub(crate) fn send(agent: &dyn Ask, session: String, message: &str, once: &str) -> Result<Run, AskError> {
    let params = json!({ "sessionKey": session, "message": message, "idempotencyKey": once });
    let accepted = agent.ask("chat.send", params)?;
    let id = accepted["runId"].as_str().unwrap_or(once).to_owned();
    Ok(Run { session, id, said: String::new(), phases: HashSet::new(), trouble: None, model: None })
}

impl Run {
    /// What ends it over there.
    pub(crate) fn abort(&self) -> Value {
        json!({ "sessionKey": self.session, "runId": self.id })
    }

    /// What its messages are asked for with.
    pub(crate) fn history(&self) -> Value {
        json!({ "sessionKey": self.session, "limit": TURN_MESSAGES })
    }

    /// Takes an event. One of another run says nothing.
    pub(crate) fn hear(&mut self, event: &Event) -> Heard {
        if event.name == LOST {
            let lost = "The connection to the agent was lost in the middle of the reply. It may have worked on: \
                        look at the conversation before you ask again.";
            return Heard::end(Piece::Failed(lost.to_owned()));
        }
        if event.payload["runId"].as_str() != Some(&self.id) {
            return Heard::default();
        }
        match event.name.as_str() {
            "chat" => self.hear_chat(&event.payload),
            "agent" => self.hear_agent(&event.payload),
            _ => Heard::default(),
        }
    }

    fn hear_chat(&mut self, payload: &Value) -> Heard {
        match payload["state"].as_str() {
            Some("status") => self.hear_phase(payload["phase"].as_str().unwrap_or_default()),
            Some("delta") => {
                let pieces: Vec<_> = self.read_text(payload).into_iter().collect();
                Heard { is_progress: !pieces.is_empty(), pieces }
            }
            Some("final") => {
                let mut pieces: Vec<_> = self.read_text(payload).into_iter().collect();
                pieces.push(Piece::Done);
                Heard { is_progress: true, pieces }
            }
            Some("aborted") => Heard::end(Piece::Failed("The reply was stopped at the agent.".to_owned())),
            Some("error") => {
                let said = payload["errorMessage"].as_str().unwrap_or("The agent gave no reason.");
                Heard::end(Piece::Failed(with_a_way_on(plain(said))))
            }
            _ => Heard::default(),
        }
    }

    /// A phase is progress once: a model that is asked again and again is none.
    fn hear_phase(&mut self, phase: &str) -> Heard {
        if phase.is_empty() {
            return Heard::default();
        }
        let is_progress = self.phases.insert(phase.to_owned());
        Heard { is_progress, pieces: vec![Piece::Phase(phase.to_owned())] }
    }

    /// The text so far comes with each piece of it: what was missed is made up for.
    fn read_text(&mut self, payload: &Value) -> Option<Piece> {
        let whole = match text_of(&payload["message"]) {
            Some(whole) => whole,
            None => format!("{}{}", self.said, payload["deltaText"].as_str()?),
        };
        if whole == self.said {
            return None;
        }
        let piece = match whole.strip_prefix(&self.said) {
            Some(more) => Piece::More(more.to_owned()),
            None => Piece::Whole(whole.clone()),
        };
        self.said = whole;
        Some(piece)
    }

    fn hear_agent(&mut self, payload: &Value) -> Heard {
        let data = &payload["data"];
        let text = |key: &str| data[key].as_str().filter(|text| !text.is_empty());
        let is_progress = match payload["stream"].as_str() {
            Some("run_status") => {
                let trouble = text("message").filter(|_| text("phase") == Some("retrying"));
                if self.trouble.is_none() {
                    self.trouble = trouble.map(plain);
                }
                false
            }
            Some("lifecycle") => {
                if let Some(error) = text("error") {
                    self.trouble = Some(plain(error));
                }
                if let (Some(provider), Some(model)) = (text("provider"), text("model")) {
                    self.model = Some(format!("{provider}/{model}"));
                }
                false
            }
            // The words come as `chat` events as well; an empty one only takes them back.
            Some("assistant") => text("delta").is_some(),
            // Thinking, tools, counting: it works.
            Some(_) => true,
            None => false,
        };
        Heard { is_progress, pieces: Vec::new() }
    }

    /// What is told when nothing got on for so many seconds.
    pub(crate) fn silence(&self, seconds: u64) -> String {
        let model =
            self.model.as_deref().map_or("The model".to_owned(), |model| format!("The model {model}"));
        let why = self.trouble.as_deref().map(|trouble| format!(" The agent says: {trouble}"));
        format!(
            "{model} has not answered for {seconds} seconds, and the turn was ended.{} Check that the model server \
             runs and answers, or choose another model.",
            why.unwrap_or_default()
        )
    }

    /// The tokens of this turn, from the session's newest messages.
    pub(crate) fn tokens(&self, history: &Value) -> Option<u64> {
        let messages = history["messages"].as_array()?.iter();
        let mine = messages.filter(|message| message.pointer("/__openclaw/runId") == Some(&json!(self.id)));
        let tokens: Vec<u64> =
            mine.filter_map(|message| message.pointer("/usage/totalTokens")?.as_u64()).collect();
        (!tokens.is_empty()).then(|| tokens.iter().sum())
    }
}

impl Heard {
    fn end(piece: Piece) -> Self {
        Self { is_progress: true, pieces: vec![piece] }
    }
}

/// The text of a message: its parts that are text.
fn text_of(message: &Value) -> Option<String> {
    match &message["content"] {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts = parts.iter().filter(|part| part["type"] == "text");
            Some(texts.filter_map(|part| part["text"].as_str()).collect())
        }
        _ => None,
    }
}

/// What the agent complains of, led by what to do where we know it: its own advice is for people with a terminal.
fn with_a_way_on(said: String) -> String {
    let refuses = ["HTTP 401", "HTTP 403", "Authentication failed", "invalid_api_key"];
    if !refuses.iter().any(|words| said.contains(words)) {
        return said;
    }
    let first = said.split(". ").next().unwrap_or_default().trim_end_matches('.');
    format!(
        "The model server refuses its key: {first}. Enter the right one under Settings, Agents on this computer."
    )
}

/// A complaint as one line, without its warning sign and without advice to use a terminal.
fn plain(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.contains("run `openclaw"));
    let line = lines.collect::<Vec<_>>().join(" ");
    line.replace("\u{26a0}\u{fe0f} ", "").trim().to_owned()
}

#[cfg(test)]
mod tests;
