//! What is a secret, or looks like one or like a person, is taken out of text that leaves the app: log lines, bundles,
//! exports, the ledger. The one place for it. By shape, since it knows no document; and by heart, the credentials of this
//! run. Log lines come from everywhere, so what is known by heart is known to the whole process.

use regex::{Captures, Regex};
use secrecy::{ExposeSecret, SecretString};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{OnceLock, PoisonError, RwLock};

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

/// Most secrets known by heart, and the shortest: one of a few characters would be found in every word.
const MOST_KNOWN: usize = 64;
const SHORTEST: usize = 8;

static KNOWN: RwLock<VecDeque<SecretString>> = RwLock::new(VecDeque::new());

/// Learns a secret by heart, until the process ends.
pub(crate) fn know(secret: &str) {
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if secret.len() < SHORTEST || known.iter().any(|one| one.expose_secret() == secret) {
        return;
    }
    known.push_back(secret.to_owned().into());
    if known.len() > MOST_KNOWN {
        known.pop_front();
    }
}

/// The text without what is known by heart; in JSON a quote in a secret has a backslash before it, in a URL a percent.
pub(crate) fn forget_known(text: &str) -> Cow<'_, str> {
    let mut result = Cow::Borrowed(text);
    for secret in KNOWN.read().unwrap_or_else(PoisonError::into_inner).iter() {
        let secret = secret.expose_secret();
        let written: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let quoted = serde_json::to_string(secret).unwrap_or_default();
        for spelling in [secret, written.as_str(), quoted.trim_matches('"')] {
            if spelling.len() >= SHORTEST && result.contains(spelling) {
                result = Cow::Owned(result.replace(spelling, MARK));
            }
        }
    }
    result
}

/// The text without what must not leave.
pub fn redact(text: &str) -> String {
    static PATTERNS: OnceLock<Vec<Regex>> = OnceLock::new();
    let patterns =
        PATTERNS.get_or_init(|| SHAPES.iter().filter_map(|shape| Regex::new(shape).ok()).collect());
    let mut result = forget_known(text);
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

/// A log line: without what must not leave, without escape sequences, and one line, so that no text can pretend to be
/// another one.
pub fn log_line(text: &str) -> String {
    redact(&text.lines().map(plain).collect::<Vec<_>>().join(" ⏎ "))
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
    fn a_log_line_is_one_line_whatever_is_in_it() {
        let line = log_line("an agent says\r\n[2026-11-25][ERROR] all is lost\n\x1b[2Jtoken=abcdef123456");
        assert_eq!(line, "an agent says ⏎ [2026-11-25][ERROR] all is lost ⏎ token=[redacted]");
    }

    proptest::proptest! {
        /// What is known by heart and what has a known shape is never in what comes out, whatever stands around it.
        #[test]
        fn no_secret_survives(
            known in "[!-~]{8,80}",
            tail in "[A-Za-z0-9]{20,40}",
            before in "([ -~]{0,40} )?",
            after in "( [ -~]{0,40})?",
        ) {
            know(&known);
            let mut secrets = vec![known.clone()];
            let shapes = ["hc_live_", "hc_test_", "sk-", "xoxb-", "ghp_", "AKIA", "AIza"];
            secrets.extend(shapes.iter().map(|shape| format!("{shape}{tail}")));
            secrets.push(format!("1234567:{tail}abcdefghij"));
            secrets.push(format!("eyJ{tail}.{tail}.{tail}"));
            for secret in secrets {
                for text in [format!("{before}{secret}{after}"), format!("x={secret}&y"), json_of(&secret)] {
                    let clean = log_line(&text);
                    proptest::prop_assert!(!clean.contains(&secret), "{secret} in {clean}");
                }
            }
            let bearer = format!("Authorization: Bearer {tail}");
            proptest::prop_assert!(!redact(&bearer).contains(&tail));
            let once = redact(&before);
            proptest::prop_assert_eq!(redact(&once), once);
        }
    }

    fn json_of(secret: &str) -> String {
        serde_json::json!({ "detail": format!("Invalid key {secret}") }).to_string()
    }

    #[test]
    fn escape_sequences_and_control_characters_do_not_leave() {
        assert_eq!(
            plain("\x1b[31mred\x1b[0m \x1b]8;;https://x\x07link\x1b]8;;\x07 \x1b]52;c;aGk=\x07\u{8}end"),
            "red link end"
        );
    }
}
