//! What is given by files, standard input and the environment, and how places and values are written in arguments.

use crate::failure::Stop;
use serde_json::{Map, Value};
use std::io::Read;
use std::path::Path;

/// Most bytes of anything that is given: what a configuration may have, and more than any key.
const LIMIT: u64 = 16 << 20;

/// A variable that says something. One that is set and says nothing, or is no text, was meant to say something: going on
/// without it could mean another platform.
pub(crate) fn text_of_environment(name: &str) -> Result<Option<String>, Stop> {
    match std::env::var(name) {
        Ok(text) if !text.trim().is_empty() => Ok(Some(text)),
        Ok(_) => Err(Stop::usage(format!("{name} is set and empty. Give it a value, or unset it."))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Stop::usage(format!("{name} is no text."))),
    }
}

/// The text of a file, or with `-` of standard input.
pub(crate) fn read_given(path: &Path) -> Result<String, Stop> {
    let mut text = String::new();
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin().lock().take(LIMIT).read_to_string(&mut text),
        false => std::fs::File::open(path).and_then(|file| file.take(LIMIT).read_to_string(&mut text)),
    };
    read.map_err(|error| Stop::usage(format!("{} can not be read: {error}.", path.display())))?;
    Ok(text)
}

/// A JSON object from a file.
pub(crate) fn read_object(path: &Path) -> Result<Map<String, Value>, Stop> {
    serde_json::from_str(&read_given(path)?)
        .map_err(|error| Stop::usage(format!("{} is no JSON object: {error}.", path.display())))
}

/// `place=value`, cut at the first equals sign.
pub(crate) fn cut(text: &str) -> Result<(&str, Value), Stop> {
    let (place, value) =
        text.split_once('=').ok_or_else(|| Stop::usage(format!("{text:?} is not PLACE=VALUE.")))?;
    Ok((place, read_value(value)))
}

/// JSON; what is none is text.
fn read_value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// `agents.defaults.model`, or as a JSON pointer `/agents/defaults/model` where a key has a dot in it.
pub(crate) fn read_place(text: &str) -> Vec<String> {
    match text.strip_prefix('/') {
        Some(pointer) => pointer.split('/').map(|key| key.replace("~1", "/").replace("~0", "~")).collect(),
        None => text.split('.').map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_json_or_text() {
        for (text, value) in
            [("a=1", json!(1)), ("a=\"1\"", json!("1")), ("a=true=x", json!("true=x")), ("a=", json!(""))]
        {
            assert_eq!(cut(text).expect("is cut"), ("a", value));
        }
        assert_eq!(cut("a").expect_err("no value").exit.number(), 2);
    }

    #[test]
    fn a_place_has_two_spellings() {
        assert_eq!(read_place("a.b.0"), ["a", "b", "0"]);
        assert_eq!(read_place("/a.b/c~1d"), ["a.b", "c/d"]);
    }
}
