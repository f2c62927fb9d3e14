//! The newest lines of a real agent's own log. The gateway's talk with this program is left out: it would fill the log.

use super::super::ask::{Ask, AskError};
use crate::store::logs::Line;
use chrono::DateTime;
use serde_json::{Value, json};

/// Most lines a time.
const LINES: i64 = 500;
/// Longest line in characters.
const LINE_LIMIT: usize = 4_000;

/// What came since the last look.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct News {
    /// In order.
    pub(crate) lines: Vec<Line>,
    /// Where the next look begins.
    pub(crate) cursor: Option<i64>,
}

/// Reads on from where the last look ended.
pub(crate) fn read(agent: &dyn Ask, cursor: Option<i64>) -> Result<News, AskError> {
    let mut params = json!({ "limit": LINES });
    if let Some(cursor) = cursor {
        params["cursor"] = json!(cursor);
    }
    Ok(read_news(&agent.ask("logs.tail", params)?))
}

fn read_news(payload: &Value) -> News {
    let texts = payload["lines"].as_array().into_iter().flatten().filter_map(Value::as_str);
    News { lines: texts.filter_map(read_line).collect(), cursor: payload["cursor"].as_i64() }
}

fn read_line(text: &str) -> Option<Line> {
    let line: Value = serde_json::from_str(text).ok()?;
    let at = DateTime::parse_from_rfc3339(line["time"].as_str()?).ok()?.timestamp_millis();
    let part = part_of(&line);
    let message = line["message"].as_str()?;
    if message.is_empty() || (part.as_deref() == Some("gateway/ws") && message.starts_with("⇄ res ✓")) {
        return None;
    }
    let level = match line.pointer("/_meta/logLevelName").and_then(Value::as_str) {
        Some("WARN") => "warning",
        Some("ERROR" | "FATAL") => "error",
        Some("TRACE" | "DEBUG" | "SILLY") => "debug",
        _ => "info",
    };
    let message: String = message.chars().take(LINE_LIMIT).collect();
    let message = part.map_or(message.clone(), |part| format!("[{part}] {message}"));
    Some(Line { at, level, stage: "agent", message })
}

/// The part of the agent that wrote it, where it says so.
fn part_of(line: &Value) -> Option<String> {
    let first: Value = serde_json::from_str(line["0"].as_str()?).ok()?;
    first["subsystem"].as_str().or_else(|| first["module"].as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::recorded::{Recorded, payload};
    use super::*;

    #[test]
    fn real_lines_are_read_and_our_own_questions_are_left_out() {
        let agent = Recorded::of([Ok(payload!("logs_tail"))]);
        let news = read(&agent, Some(7)).expect("answered");
        assert_eq!(agent.asked()[0].1["cursor"], 7);
        assert_eq!(news.cursor, Some(12_289));
        let messages: Vec<_> = news.lines.iter().map(|line| line.message.as_str()).collect();
        assert_eq!(messages, ["[cron] cron: job added"; 2]);
        assert_eq!((news.lines[0].level, news.lines[0].at), ("info", 1_796_049_561_810));
    }

    #[test]
    fn what_is_no_line_is_left_out_and_levels_are_ours() {
        let lines = [
            "plain",
            "{}",
            r#"{"time":"x","message":"a"}"#,
            r#"{"time":"2026-11-30T14:39:21.810+00:00","message":"a","_meta":{"logLevelName":"WARN"}}"#,
        ];
        let news = read_news(&json!({ "lines": lines }));
        assert_eq!((news.lines.len(), news.lines[0].level, news.cursor), (1, "warning", None));
        assert_eq!(news.lines[0].message, "a");
    }
}
