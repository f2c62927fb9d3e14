//! Where things are said: what was asked for on standard output, everything else on standard error.

use crate::failure::{Exit, Stop};
use crate::table::{fields, lines, table};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Grows when a field changes its meaning or goes; see `docs/cli.md`.
const SCHEMA: u32 = 1;

/// For people or for programs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// One document for programs, or rows for people.
    pub(crate) fn rows(self, value: Value, heads: &[&str], rows: &[Vec<String>]) -> Result<(), Stop> {
        if self.json { self.document(value) } else { self.text(&table(heads, rows)) }
    }

    /// One document for programs, or a line for each field for people.
    pub(crate) fn fields(self, value: Value, shown: &[(&str, String)]) -> Result<(), Stop> {
        if self.json { self.document(value) } else { self.text(&fields(shown)) }
    }

    /// The one document of a command.
    pub(crate) fn document(self, value: Value) -> Result<(), Stop> {
        let text = serde_json::to_string_pretty(&stamped(value)).unwrap_or_default();
        self.text(&format!("{text}\n"))
    }

    /// One of many documents, each a line.
    pub(crate) fn line(self, value: Value) -> Result<(), Stop> {
        self.text(&format!("{}\n", stamped(value)))
    }

    /// Text as it is.
    pub(crate) fn text(self, text: &str) -> Result<(), Stop> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }

    /// For people who wait or wonder; programs have the documents.
    pub(crate) fn note(self, text: &str) {
        if !self.json {
            let _ = writeln!(io::stderr().lock(), "{}", lines(text));
        }
    }

    /// Why a command did not come to its end.
    pub(crate) fn stop(self, stop: &Stop) {
        if stop.exit == Exit::Done {
            return;
        }
        let Stop { exit, code, message, detail } = stop;
        let mut err = io::stderr().lock();
        let _ = match self.json {
            true => {
                let error =
                    json!({ "code": code, "exit": exit.number(), "message": message, "detail": detail });
                writeln!(err, "{}", stamped(json!({ "error": error })))
            }
            false => writeln!(err, "nineheads: {}", lines(message)),
        };
    }
}

/// With the number of the schema before everything else.
fn stamped(value: Value) -> Value {
    let mut all = Map::from_iter([("schema".to_owned(), json!(SCHEMA))]);
    if let Value::Object(fields) = value {
        all.extend(fields);
    }
    Value::Object(all)
}
