//! A place in a configuration: how it is held against patterns, and how it is written for people and for OpenClaw.

use serde_json::Value;

/// Keys from the top down.
pub(super) type Path = Vec<String>;

/// As a person and OpenClaw write it: `tools.exec.mode`. A key that holds a dot is put in quotes, so that no place reads
/// like another.
pub(super) fn written(path: &[String]) -> String {
    let part = |key: &String| match key.is_empty() || key.contains(['.', '"', '[', ']']) {
        true => format!("{key:?}"),
        false => key.clone(),
    };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}

/// Whether a place is the pattern's; `*` stands for one key of any name.
pub(super) fn matches(path: &[String], pattern: &str) -> bool {
    let keys: Vec<_> = pattern.split('.').collect();
    keys.len() == path.len() && keys.iter().zip(path).all(|(key, part)| *key == "*" || key == part)
}

/// Whether a place is the pattern's, or lies below it.
pub(super) fn lies_in(path: &[String], pattern: &str) -> bool {
    let length = pattern.split('.').count();
    path.len() >= length && matches(&path[..length], pattern)
}

/// Whether the pattern's places lie below this one.
pub(super) fn leads_to(path: &[String], pattern: &str) -> bool {
    let keys: Vec<_> = pattern.split('.').collect();
    keys.len() > path.len() && keys.iter().zip(path).all(|(key, part)| *key == "*" || key == part)
}

/// What stands at a place.
pub(super) fn at<'a>(document: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(document, |value, key| value.as_object()?.get(key))
}

/// A place below another one.
pub(super) fn below(path: &[String], key: &str) -> Path {
    path.iter().cloned().chain([key.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(keys: &[&str]) -> Path {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn a_key_with_a_dot_is_not_two_keys() {
        assert!(matches(&path(&["ui", "seamColor"]), "ui.seamColor"));
        assert!(!matches(&path(&["ui.seamColor"]), "ui.seamColor"));
        assert_eq!(written(&path(&["a", "b.c"])), "a.\"b.c\"");
        assert!(lies_in(&path(&["gateway", "auth", "token"]), "gateway.auth"));
        assert!(!lies_in(&path(&["gateway"]), "gateway.auth"));
    }
}
