//! A log as a file.

use super::{LogQuery, LogRow};
use crate::Console;
use crate::error::{Code, Failure};
use crate::redact::{plain, redact};
use chrono::{DateTime, SecondsFormat, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::logs::LogLine;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::io::Write;

/// How a log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LogFormat {
    /// A line each, for people.
    Text,
    /// A JSON object each, as the platform sent it.
    Ndjson,
}

impl Console {
    /// Writes every row that matches. Escape sequences never leave; what looks like a secret leaves only on request.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn export_logs(
        &self,
        id: &InstanceId,
        query: &LogQuery,
        format: LogFormat,
        redacted: bool,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        self.session()?.each_log_row(id, query, |row| {
            let text = match format {
                LogFormat::Text => as_text(&row, redacted),
                LogFormat::Ndjson => as_json(row, redacted)?,
            };
            Ok(writeln!(out, "{text}")?)
        })
    }
}

fn clean(text: Option<String>, redacted: bool) -> Option<String> {
    text.map(|text| if redacted { redact(&plain(&text)) } else { plain(&text) })
}

fn as_text(row: &LogRow, redacted: bool) -> String {
    let time = |at: Option<DateTime<Utc>>| {
        at.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Millis, true))
    };
    match (&row.line, &row.change) {
        (Some(line), _) => {
            let message = clean(line.message.clone(), redacted).unwrap_or_default();
            let word = |word: &Option<String>| word.as_deref().map_or("-".to_owned(), plain);
            format!("{} {} {} {}", time(line.created_at), word(&line.level), word(&line.stage), message)
        }
        (None, Some(change)) => {
            let value = |value: &Option<String>| clean(value.clone(), redacted).unwrap_or_default();
            format!(
                "{} -- {:?}: {} → {}",
                time(Some(change.at)),
                change.kind,
                value(&change.from),
                value(&change.to)
            )
        }
        (None, None) => String::new(),
    }
}

fn as_json(row: LogRow, redacted: bool) -> Result<String, Failure> {
    let written = match (row.line, row.change) {
        (Some(line), _) => {
            let message = clean(line.message, redacted);
            serde_json::to_string(&LogLine { message, ..line })
        }
        (None, change) => serde_json::to_string(&serde_json::json!({ "change": change })),
    };
    written.map_err(|error| Failure::new(Code::Storage, error.to_string()))
}
