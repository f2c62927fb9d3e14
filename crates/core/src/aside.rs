//! Files that another hand writes in place and may leave half written: a broken one is set aside, and everything begins
//! anew. What is set aside is kept for a person to look at, at most three times.

use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};

/// Most files kept of one name.
const KEPT: usize = 3;

/// Sets a JSON file aside that is no object; returns where it went. A missing one is fine.
pub fn set_aside_broken_json(file: &Path, now: DateTime<Utc>) -> Option<PathBuf> {
    let bytes = std::fs::read(file).ok()?;
    if serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes).is_ok() {
        return None;
    }
    let name = file.file_name()?.to_string_lossy().into_owned();
    let away = file.with_file_name(format!("{name}.bad-{}", now.format("%Y%m%dT%H%M%S%3fZ")));
    if let Err(error) = std::fs::rename(file, &away) {
        log::error!("{name} is broken and can not be set aside: {error}");
        return None;
    }
    log::warn!("{name} was broken and is set aside");
    let mut older: Vec<PathBuf> = std::fs::read_dir(file.parent()?)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name().is_some_and(|other| other.to_string_lossy().starts_with(&format!("{name}.bad-")))
        })
        .collect();
    older.sort();
    let surplus = older.len().saturating_sub(KEPT);
    for path in older.drain(..surplus) {
        let _ = std::fs::remove_file(path);
    }
    Some(away)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_goes_aside_and_a_whole_one_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("preferences.json");
        assert_eq!(set_aside_broken_json(&file, Utc::now()), None);
        std::fs::write(&file, r#"{"preferences": {}}"#).expect("writes");
        assert_eq!(set_aside_broken_json(&file, Utc::now()), None);
        assert!(file.exists());
        for broken in ["", "{\"preferences\": {", "null", "[1]", "\u{0}\u{0}\u{0}"] {
            std::fs::write(&file, broken).expect("writes");
            let away = set_aside_broken_json(&file, Utc::now()).expect("it is broken");
            assert!(!file.exists());
            assert_eq!(std::fs::read_to_string(away).expect("kept"), broken);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let kept = std::fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(kept, KEPT, "no more than that");
    }
}
