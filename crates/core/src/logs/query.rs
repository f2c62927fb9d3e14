//! Whether a line is one that a screen asked for. Pure.

use super::LogQuery;
use super::lines::Known;
use regex::{Regex, RegexBuilder};

/// Largest compiled pattern in bytes.
const PATTERN_LIMIT: usize = 1 << 20;
/// A query that can be asked.
pub(super) enum Wanted {
    All,
    Text(String),
    Pattern(Regex),
    Nothing,
}

impl Wanted {
    pub(super) fn matches(&self, query: &LogQuery, line: &Known<'_>) -> bool {
        let one_of = |wanted: &[String], word: Option<&str>| {
            wanted.is_empty() || word.is_some_and(|word| wanted.iter().any(|wanted| wanted == word))
        };
        if !one_of(&query.levels, line.level) || !one_of(&query.stages, line.stage) {
            return false;
        }
        let message = line.message.unwrap_or_default();
        match self {
            Self::All => true,
            Self::Nothing => false,
            // Most logs are ASCII, where lower case takes no new text.
            Self::Text(text) if text.is_ascii() && message.is_ascii() => {
                let (text, message) = (text.as_bytes(), message.as_bytes());
                message.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text))
            }
            Self::Text(text) => message.to_lowercase().contains(text),
            Self::Pattern(pattern) => pattern.is_match(message),
        }
    }
}

/// The query, and why its pattern can not be used.
pub(super) fn read_query(query: &LogQuery) -> (Wanted, Option<String>) {
    if query.text.is_empty() {
        return (Wanted::All, None);
    }
    if !query.regex {
        return (Wanted::Text(query.text.to_lowercase()), None);
    }
    match RegexBuilder::new(&query.text).case_insensitive(true).size_limit(PATTERN_LIMIT).build() {
        Ok(pattern) => (Wanted::Pattern(pattern), None),
        Err(error) => (Wanted::Nothing, Some(error.to_string())),
    }
}
