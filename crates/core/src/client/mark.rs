//! What an answer is known again by: the validators that its server gave, and a hash of its bytes that no other run makes. Pure.
//! Whoever holds what an answer said holds its mark beside it; a mark without that says nothing to anybody.

use foldhash::quality::RandomState;
use reqwest::header::{HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use std::hash::{BuildHasher, Hasher};
use std::sync::LazyLock;
use std::time::Duration;

/// Longest validator that is kept, in bytes. With a longer one an answer is known by its bytes alone.
const LONGEST: usize = 512;
/// A date counts in seconds: what was changed in the second of its answer may change once more under the same date.
const GRAIN: Duration = Duration::from_secs(1);

/// Thrown anew in each run. Nothing is kept under them, and who could make two bodies of one hash would only deceive about
/// what is its own to say.
static DICE: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    etag: Option<String>,
    last_modified: Option<String>,
    /// Of the bytes, and how many they are.
    hash: (u64, usize),
}

/// The headers of an answer that a mark is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// When the server answered, by its own clock.
    pub date: Option<String>,
}

impl Mark {
    pub(super) fn new(validators: &Validators, body: &[u8]) -> Self {
        let short = |text: &String| (1..=LONGEST).contains(&text.len());
        let certain = |at: &String| is_certain(at, validators.date.as_deref());
        Self {
            etag: validators.etag.clone().filter(short),
            last_modified: validators.last_modified.clone().filter(certain),
            hash: (hash(body), body.len()),
        }
    }

    /// Of an answer without validators.
    #[cfg(test)]
    pub(crate) fn of_body(body: &[u8]) -> Self {
        Self::new(&Validators::default(), body)
    }

    /// Whether a server can be asked for what is new since: it gave something to say it by.
    pub(super) fn has_validator(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }

    /// The headers that ask for what is new since.
    pub(super) fn conditions(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let all = [(IF_NONE_MATCH, &self.etag), (IF_MODIFIED_SINCE, &self.last_modified)];
        all.into_iter().filter_map(|(name, text)| Some((name, HeaderValue::from_str(text.as_ref()?).ok()?)))
    }

    /// Whether both are of the same bytes, whatever the validators.
    pub(crate) fn is_same_body(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

fn hash(body: &[u8]) -> u64 {
    let mut hasher = DICE.build_hasher();
    hasher.write(body);
    hasher.finish()
}

/// Whether nothing can have changed after this date and still carry it.
fn is_certain(last_modified: &str, date: Option<&str>) -> bool {
    let Ok(changed) = httpdate::parse_http_date(last_modified) else { return false };
    let answered = date.and_then(|date| httpdate::parse_http_date(date).ok());
    answered.is_none_or(|answered| answered.duration_since(changed).is_ok_and(|age| age >= GRAIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "Tue, 24 Nov 2026 12:00:00 GMT";

    fn mark(etag: Option<&str>, last_modified: Option<&str>, date: Option<&str>) -> Mark {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let (etag, last_modified, date) = (text(etag), text(last_modified), text(date));
        Mark::new(&Validators { etag, last_modified, date }, b"{}")
    }

    fn asked(mark: &Mark) -> Vec<(String, String)> {
        let text = |value: HeaderValue| value.to_str().expect("ASCII").to_owned();
        mark.conditions().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
    }

    #[test]
    fn each_validator_that_was_given_is_sent_back_as_it_was() {
        let tag = ("if-none-match".to_owned(), "W/\"one\"".to_owned());
        let since = ("if-modified-since".to_owned(), NOON.to_owned());
        assert_eq!(asked(&mark(Some("W/\"one\""), None, None)), std::slice::from_ref(&tag));
        assert_eq!(asked(&mark(None, Some(NOON), None)), std::slice::from_ref(&since));
        assert_eq!(asked(&mark(Some("W/\"one\""), Some(NOON), None)), [tag, since]);
    }

    #[test]
    fn without_a_validator_nothing_is_asked_under_a_condition() {
        let bare = mark(None, None, None);
        assert!(!bare.has_validator());
        assert_eq!(asked(&bare), []);
        assert!(mark(Some("\"one\""), None, None).has_validator());
        assert!(mark(None, Some(NOON), None).has_validator());
    }

    #[test]
    fn a_validator_that_is_empty_too_long_or_no_date_is_none() {
        let long = "x".repeat(LONGEST + 1);
        for mark in [
            mark(Some(""), None, None),
            mark(Some(&long), None, None),
            mark(None, Some("yesterday"), None),
            mark(None, Some(&long), None),
        ] {
            assert!(!mark.has_validator(), "{mark:?}");
        }
        assert!(mark(Some(&long[1..]), None, None).has_validator());
    }

    #[test]
    fn a_date_of_the_very_second_of_its_answer_may_hide_a_change_and_is_not_used() {
        assert!(!mark(None, Some(NOON), Some(NOON)).has_validator());
        assert!(!mark(None, Some("Tue, 24 Nov 2026 12:00:09 GMT"), Some(NOON)).has_validator());
        assert!(mark(None, Some(NOON), Some("Tue, 24 Nov 2026 12:00:01 GMT")).has_validator());
        assert!(mark(None, Some(NOON), Some("soon")).has_validator());
    }

    #[test]
    fn the_same_bytes_are_the_same_body_whatever_the_validators() {
        let (one, other) = (mark(Some("\"one\""), None, None), mark(Some("\"other\""), None, None));
        assert!(one.is_same_body(&other));
        assert_ne!(one, other);
        let changed =
            Mark::new(&Validators { etag: Some("\"one\"".into()), ..Validators::default() }, b"{ }");
        assert!(!one.is_same_body(&changed), "a validator alone makes no two bodies the same");
    }
}
