//! The line format of server-sent events (WHATWG HTML, "Interpreting an event stream"): bytes in, events out.

/// One dispatched event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// The `event:` field; empty when there is none.
    pub name: String,
    /// The `data:` lines, joined with line feeds.
    pub data: String,
}

/// A line or an event grew beyond the limit.
#[derive(Debug)]
pub(super) struct TooLong;

/// Holds back what is not yet a complete line or event.
#[derive(Debug, Default)]
pub(super) struct Lines {
    line: Vec<u8>,
    after_cr: bool,
    started: bool,
    name: String,
    data: Option<String>,
}

impl Lines {
    /// Takes bytes cut anywhere, also inside a character; returns the events they complete.
    pub(super) fn push(&mut self, bytes: &[u8], limit: usize) -> Result<Vec<Event>, TooLong> {
        let mut events = Vec::new();
        for &byte in bytes {
            let follows_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
            match byte {
                b'\n' if follows_cr => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ => self.line.push(byte),
            }
            if self.line.len() + self.data.as_ref().map_or(0, String::len) > limit {
                return Err(TooLong);
            }
        }
        Ok(events)
    }

    /// The stream has ended. A last event without its empty line is given out too: the text in it was said.
    pub(super) fn finish(mut self) -> Vec<Event> {
        let mut events = Vec::new();
        if !self.line.is_empty() {
            events.extend(self.end_line());
        }
        events.extend(self.dispatch());
        events
    }

    fn end_line(&mut self) -> Option<Event> {
        let bytes = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&bytes);
        let text = if self.started { &text } else { text.strip_prefix('\u{feff}').unwrap_or(&text) };
        self.started = true;
        if text.is_empty() {
            return self.dispatch();
        }
        let (field, value) = text.split_once(':').unwrap_or((text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => value.clone_into(&mut self.name),
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<Event> {
        let name = std::mem::take(&mut self.name);
        self.data.take().map(|data| Event { name, data })
    }
}
