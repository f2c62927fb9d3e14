//! One turn with an agent: operation 8. The reply's schema is not documented; [`ReplyDecoder`] accepts what a platform
//! may send: server-sent events in any legal spelling with JSON of the usual shapes or plain text, or one JSON body.

mod payload;
mod sse;

use crate::InstanceId;
use crate::endpoint::{Endpoint, Repeat, Scope};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// Longest message in characters. Source: "Proxy Chat", `1 <= length <= 8000`.
pub const MESSAGE_LIMIT: usize = 8000;

/// Most bytes that one event or one JSON reply may have before the reply is given up.
const EVENT_LIMIT: usize = 4 << 20;

/// The body of a turn.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// 1 to [`MESSAGE_LIMIT`] characters.
    pub message: String,
}

/// Operation 8: `POST /v1/instances/{id}/chat`.
#[derive(Debug, Clone)]
pub struct SendMessage {
    /// To whom.
    pub id: InstanceId,
    /// What.
    pub message: Message,
}

impl Endpoint for SendMessage {
    const NAME: &'static str = "chat";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/chat";
    const REPEAT: Repeat = Repeat::Never;
    const SCOPE: Scope = Scope::Write;
    type Body = Message;
    type Reply = Value;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn body(&self) -> Option<&Message> {
        Some(&self.message)
    }
}

/// A piece of an agent's reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", content = "value", rename_all = "camelCase")]
pub enum ReplyPart {
    /// Comes after what is already there.
    Text(String),
    /// Takes the place of what is already there.
    Whole(String),
    /// How many tokens the turn took.
    Tokens(#[specta(type = specta_typescript::Number)] u64),
    /// The agent, or the platform on its way to it, gave up.
    Failed(String),
    /// The reply is complete.
    Done,
}

/// Turns the bytes of a reply into parts as they come.
#[derive(Debug)]
pub struct ReplyDecoder {
    mode: Mode,
    finished: bool,
}

#[derive(Debug)]
enum Mode {
    Events(sse::Lines),
    Json(Vec<u8>),
}

impl ReplyDecoder {
    /// Chooses by the answer's `Content-Type`; without one it is read as events.
    pub fn new(content_type: Option<&str>) -> Self {
        let json = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
        let mode = if json { Mode::Json(Vec::new()) } else { Mode::Events(sse::Lines::default()) };
        Self { mode, finished: false }
    }

    /// Takes the next bytes, cut anywhere. Returns what they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<ReplyPart> {
        if self.finished {
            return Vec::new();
        }
        let parts = match &mut self.mode {
            Mode::Json(all) if all.len() + bytes.len() > EVENT_LIMIT => vec![too_long()],
            Mode::Json(all) => {
                all.extend_from_slice(bytes);
                Vec::new()
            }
            Mode::Events(lines) => match lines.push(bytes, EVENT_LIMIT) {
                Ok(events) => events.iter().flat_map(payload::read_event).collect(),
                Err(sse::TooLong) => vec![too_long()],
            },
        };
        self.note_end(parts)
    }

    /// The connection has ended. Returns what was still held back.
    pub fn finish(mut self) -> Vec<ReplyPart> {
        if self.finished {
            return Vec::new();
        }
        let parts = match std::mem::replace(&mut self.mode, Mode::Json(Vec::new())) {
            Mode::Json(all) => payload::read_body(&all),
            Mode::Events(lines) => lines.finish().iter().flat_map(payload::read_event).collect(),
        };
        self.note_end(parts)
    }

    /// Whether the reply said itself that it is complete.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    fn note_end(&mut self, mut parts: Vec<ReplyPart>) -> Vec<ReplyPart> {
        let end = parts.iter().position(|part| matches!(part, ReplyPart::Done | ReplyPart::Failed(_)));
        if let Some(end) = end {
            parts.truncate(end + 1);
            self.finished = true;
        }
        parts
    }
}

fn too_long() -> ReplyPart {
    ReplyPart::Failed("the reply is longer than 4 MB".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Decodes the same bytes cut into pieces of `size`.
    fn decode(kind: Option<&str>, bytes: &[u8], size: usize) -> (String, Vec<ReplyPart>) {
        let mut decoder = ReplyDecoder::new(kind);
        let mut parts: Vec<_> = bytes.chunks(size.max(1)).flat_map(|piece| decoder.push(piece)).collect();
        parts.extend(decoder.finish());
        let mut text = String::new();
        for part in &parts {
            match part {
                ReplyPart::Text(more) => text.push_str(more),
                ReplyPart::Whole(all) => text.clone_from(all),
                _ => {}
            }
        }
        (text, parts)
    }

    const EVENTS: Option<&str> = Some("text/event-stream; charset=utf-8");

    #[test]
    fn every_usual_shape_gives_the_same_text() {
        for stream in [
            "data: {\"delta\":\"Gr\u{fc}\u{df} \"}\n\ndata: {\"delta\":\"dich\"}\n\ndata: [DONE]\n\n",
            "data:Gr\u{fc}\u{df}\n\ndata:  dich\n\ndata:[DONE]\n\n",
            ": ping\r\n\r\nevent: message\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"Gr\u{fc}\u{df} \"}}]}\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"dich\"},\"finish_reason\":null}]}\r\n\r\ndata: [DONE]\r\n\r\n",
            "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Gr\u{fc}\u{df} dich\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n",
            "data: {\"state\":\"final\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"Gr\u{fc}\u{df} dich\"}]}}\n\n",
            "data: {\"text\":\ndata: \"Gr\u{fc}\u{df} dich\"}\n\n",
            "id: 7\rretry: 10\rdata: \"Gr\u{fc}\u{df} dich\"\r\r",
            "data: Gr\u{fc}\u{df} dich",
        ] {
            for size in 1..stream.len() {
                assert_eq!(
                    decode(EVENTS, stream.as_bytes(), size).0,
                    "Grüß dich",
                    "{stream:?} in pieces of {size}"
                );
            }
        }
    }

    #[test]
    fn several_data_lines_are_one_text_with_line_breaks() {
        assert_eq!(decode(EVENTS, b"data: one\ndata:\ndata: three\n\n", 3).0, "one\n\nthree");
    }

    #[test]
    fn plain_text_that_happens_to_be_json_is_still_text() {
        assert_eq!(decode(EVENTS, b"data: 42\n\ndata:  null\n\ndata:  true\n\n", 9).0, "42 null true");
    }

    #[test]
    fn a_plain_json_reply_is_the_whole_turn() {
        for body in [
            r#"{"reply":"hello"}"#,
            r#"{"message":{"role":"assistant","content":"hello"}}"#,
            r#"{"choices":[{"message":{"content":"hello"}}],"usage":{"total_tokens":9}}"#,
            r#""hello""#,
            r#"{"response":[{"type":"text","text":"hello"}]}"#,
        ] {
            let (text, parts) = decode(Some("application/json"), body.as_bytes(), 4);
            assert_eq!(text, "hello", "{body}");
            assert_eq!(parts.last(), Some(&ReplyPart::Done));
        }
    }

    #[test]
    fn an_error_event_ends_the_turn_with_its_sentence() {
        for stream in [
            "data: par\n\nevent: error\ndata: {\"message\":\"model gone\"}\n\ndata: more\n\n",
            "data: par\n\ndata: {\"error\":{\"message\":\"model gone\"}}\n\ndata: more\n\n",
            "data: par\n\nevent: error\ndata: model gone\n\n",
        ] {
            let (text, parts) = decode(EVENTS, stream.as_bytes(), 5);
            assert_eq!(text, "par");
            assert_eq!(parts.last(), Some(&ReplyPart::Failed("model gone".into())));
        }
    }

    #[test]
    fn what_comes_after_the_end_is_not_read() {
        let (text, parts) = decode(EVENTS, b"data: a\n\ndata: [DONE]\n\ndata: b\n\n", 100);
        assert_eq!((text.as_str(), parts.len()), ("a", 2));
    }

    #[test]
    fn an_endless_line_is_given_up() {
        let mut decoder = ReplyDecoder::new(EVENTS);
        let piece = vec![b'x'; 1 << 20];
        let parts: Vec<_> = (0..6).flat_map(|_| decoder.push(&piece)).collect();
        assert!(matches!(parts[..], [ReplyPart::Failed(_)]));
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), size in 1usize..64) {
            decode(EVENTS, &bytes, size);
            decode(Some("application/json"), &bytes, size);
        }

        #[test]
        fn where_the_bytes_are_cut_makes_no_difference(words in prop::collection::vec("[a-zé\u{1f600}: ]{0,12}", 0..12), size in 1usize..40) {
            let stream: String = words.iter().map(|word| format!("data: {}\r\n\r\n", serde_json::json!({ "delta": word }))).collect();
            prop_assert_eq!(decode(EVENTS, stream.as_bytes(), size).0, words.concat());
        }
    }
}
