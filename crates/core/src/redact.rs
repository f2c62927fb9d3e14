//! What looks like a secret or like a person is taken out of text that leaves the app. By shape: it knows no document.

use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::OnceLock;

/// What stands in place of it.
const MARK: &str = "[redacted]";

/// Keys with their value, tokens of known makers, long opaque words, e-mail addresses, numbers of cards and telephones.
const SHAPES: [&str; 6] = [
    r#"(?i)(?P<keep>\b(?:api[_-]?key|token|secret|password|passwd|authorization|bearer)\b["']?\s*[:=]?\s*["']?(?:bearer\s+)?)[^\s"',;]{6,}"#,
    r"(?:hc_(?:live|test)_|\b(?:sk-|xox[a-z]-|gh[pousr]_|AKIA|AIza))[A-Za-z0-9_\-]{8,}",
    r"\b\d{6,10}:[A-Za-z0-9_\-]{30,}",
    r"\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*",
    r"\b[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}\b",
    r"(?:\+|\b)\d(?:[ \-]?\d){10,18}\b",
];

/// The text without what must not leave.
pub fn redact(text: &str) -> String {
    static PATTERNS: OnceLock<Vec<Regex>> = OnceLock::new();
    let patterns =
        PATTERNS.get_or_init(|| SHAPES.iter().filter_map(|shape| Regex::new(shape).ok()).collect());
    let mut result = Cow::Borrowed(text);
    for pattern in patterns {
        let replaced = pattern.replace_all(&result, |found: &Captures<'_>| {
            format!("{}{MARK}", found.name("keep").map_or("", |kept| kept.as_str()))
        });
        if let Cow::Owned(replaced) = replaced {
            result = Cow::Owned(replaced);
        }
    }
    result.into_owned()
}

/// The text without escape sequences and control characters.
pub fn plain(text: &str) -> String {
    static ESCAPES: OnceLock<Option<Regex>> = OnceLock::new();
    let escapes = ESCAPES.get_or_init(|| {
        Regex::new(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])").ok()
    });
    let stripped = escapes.as_ref().map_or(Cow::Borrowed(text), |escapes| escapes.replace_all(text, ""));
    stripped.chars().filter(|letter| !letter.is_control() || *letter == '\t').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_people_are_taken_out_and_the_rest_stays() {
        assert_eq!(SHAPES.iter().filter(|shape| Regex::new(shape).is_ok()).count(), SHAPES.len());
        let text = "key hc_live_0123456789abcdef, Authorization: Bearer abcdef123456, mail mara@example.org, card 4111 1111 1111 1111, bot 1234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        let clean = redact(text);
        for secret in ["0123456789abcdef", "abcdef123456", "mara@", "4111", "AAHdq"] {
            assert!(!clean.contains(secret), "{secret} in {clean}");
        }
        let harmless = "bootstrap 3 of 4 took 120 ms, seq 123456, 2026-11-24T08:00:00Z, 10.0.0.7";
        assert_eq!(redact(harmless), harmless);
    }

    #[test]
    fn escape_sequences_and_control_characters_do_not_leave() {
        assert_eq!(
            plain("\x1b[31mred\x1b[0m \x1b]8;;https://x\x07link\x1b]8;;\x07 \x1b]52;c;aGk=\x07\u{8}end"),
            "red link end"
        );
    }
}
