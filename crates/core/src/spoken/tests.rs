//! What a line of the terminal may hold.

use super::command::{CommandLine, config, deploy, fields};
use super::curl::Curl;
use super::*;
use crate::address::BaseUrl;
use crate::config::{ConfigSends, StoredPlan};
use crate::profiles::CredentialKind;
use proptest::prelude::*;
use serde_json::json;

fn line() -> CommandLine {
    CommandLine::new("Work", &["act"])
}

fn plan(current: Value, wanted: Value) -> StoredPlan {
    let body = wanted.as_object().cloned().unwrap_or_default();
    let sends = ConfigSends::Document;
    StoredPlan { id: "p".into(), body, wanted, current, sends, etag: None, changes: 1 }
}

#[test]
fn a_configurations_command_names_what_changes_and_nothing_else() {
    let before = json!({ "a": { "b": 1, "c.d": "x" }, "gone": true, "same": [1, 2] });
    let after = json!({ "a": { "b": 2, "c.d": "y z" }, "same": [1, 2] });
    let text = config(line(), &plan(before, after)).and_then(|line| line.text()).expect("it can be said");
    let words = shlex::split(&text).expect("words");
    assert_eq!(
        words,
        ["nineheads", "act", "--profile=Work", "--set=a.b=2", "--set=/a/c.d=\"y z\"", "--unset=gone"]
    );
}

#[test]
fn a_secret_is_a_mask_in_both_and_is_said_to_be_left_out() {
    let secret = "Zq7-do-not-show-this-91";
    let before = json!({ "channels": { "telegram": { "botToken": "old" } } });
    let after = json!({ "channels": { "telegram": { "botToken": secret } } });
    let command = config(line(), &plan(before, after.clone())).expect("it can be said");
    assert!(command.masked);
    let update = UpdateConfig { id: "1".into(), document: after.as_object().cloned().expect("an object") };
    let base = BaseUrl::parse("https://host.test").expect("an address");
    let said =
        said(Some(command), &Curl { base: &base, kind: CredentialKind::ApiKey }, &update, Some("\"7\""));
    let shown = format!("{said:?}");
    assert!(said.masked && !shown.contains(secret), "{shown}");
    assert!(said.curl.contains("If-Match: \"7\""), "{shown}");
}

#[test]
fn a_key_that_can_not_be_written_as_a_place_leaves_curl_alone() {
    assert!(fields(line(), json!({ "a=b": 1 }).as_object().expect("an object")).is_none());
}

#[test]
fn a_word_that_a_terminal_would_obey_makes_no_command() {
    for hostile in ["\u{1b}[201~rm -rf ~\n", "a\u{3}b", "\u{9b}2J", "\0"] {
        assert_eq!(line().word(hostile).text(), None);
        let update = SendMessage { id: "1".into(), message: Message { message: hostile.into() } };
        let base = BaseUrl::parse("https://host.test").expect("an address");
        let said = said(None, &Curl { base: &base, kind: CredentialKind::BearerToken }, &update, None);
        assert!(!said.curl.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
        assert!(said.curl.contains("Authorization: Bearer $NINEHEADS_API_KEY"));
    }
}

proptest! {
    #[test]
    fn every_word_comes_out_of_a_shell_as_it_went_in(words in prop::collection::vec("[^\\p{Cc}]{0,12}", 0..5), name in "[^\\p{Cc}]{1,12}") {
        let request = NewInstance { agent_name: Some(name.clone()), workflow_slugs: Some(words.clone()), ..NewInstance::default() };
        let made = words.iter().fold(deploy(line(), &request), |line, word| line.word(word));
        let read = shlex::split(&made.text().expect("text")).expect("words");
        let name = format!("--name={name}");
        prop_assert!(read.contains(&name));
        let tail: Vec<_> = read[read.len() - words.len()..].to_vec();
        prop_assert_eq!(tail, words.clone());
        // Whatever looks like a flag is behind the sign that ends them.
        if words.iter().any(|word| word.starts_with('-')) {
            prop_assert_eq!(&read[read.len() - words.len() - 1], "--");
        }
    }
}
