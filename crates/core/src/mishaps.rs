//! What must not happen and does: a panic, an error of the page, a process that ended without a word. Each becomes a
//! sentence in the window and a line in the log under one reference; what was typed is on disk already.

use crate::Console;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::private_file::keep_private;
use crate::redact::redact;
use crate::session::lock;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Mutex;
use tokio::sync::oneshot;
use uuid::Uuid;

/// There while the app runs: found at a start, the run before ended without a word.
const MARKER: &str = "running.json";
/// Longest report that is kept of one mishap, in bytes.
const LONGEST: usize = 4096;

/// The run before did not end as it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct UnexpectedEnd {
    /// When, as far as its files tell.
    pub at: DateTime<Utc>,
    /// What its log calls it, where it had the time to write.
    pub reference: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Marker {
    started_at: DateTime<Utc>,
    version: String,
    /// Of a panic, and when.
    reference: Option<String>,
    at: Option<DateTime<Utc>>,
}

/// This run, and how the one before it ended.
#[derive(Debug)]
pub(crate) struct Run {
    /// None where another process may answer for the folder.
    marker: Option<PathBuf>,
    before: Mutex<Option<UnexpectedEnd>>,
}

impl Run {
    pub(crate) fn begin(folder: &Path, now: DateTime<Utc>, beside: bool) -> Self {
        if beside {
            return Self { marker: None, before: Mutex::default() };
        }
        let marker = folder.join(MARKER);
        let before = std::fs::read(&marker).ok().map(|bytes| {
            let found: Marker = serde_json::from_slice(&bytes).unwrap_or_default();
            UnexpectedEnd {
                at: found.at.or_else(|| newest_file(folder)).unwrap_or(now),
                reference: found.reference,
            }
        });
        let run = Self { marker: Some(marker), before: Mutex::new(before) };
        run.write(&Marker {
            started_at: now,
            version: env!("CARGO_PKG_VERSION").into(),
            ..Marker::default()
        });
        run
    }

    fn write(&self, marker: &Marker) {
        let Some(file) = &self.marker else { return };
        let written = serde_json::to_vec(marker).map_err(std::io::Error::from).and_then(|text| {
            std::fs::write(file, text)?;
            keep_private(file)
        });
        if let Err(error) = written {
            log::warn!("that the app runs could not be written down: {error}");
        }
    }

    fn note(&self, reference: &str, at: DateTime<Utc>) {
        let Some(file) = &self.marker else { return };
        let known = std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let marker: Marker = known.unwrap_or_default();
        self.write(&Marker { reference: Some(reference.into()), at: Some(at), ..marker });
    }
}

/// When anything in a folder was written last.
fn newest_file(folder: &Path) -> Option<DateTime<Utc>> {
    let files = std::fs::read_dir(folder).ok()?.flatten();
    let newest = files.filter_map(|file| file.metadata().ok()?.modified().ok()).max()?;
    Some(newest.into())
}

impl Console {
    /// How the run before ended, where it did so without a word. Told once.
    pub fn unexpected_end(&self) -> Option<UnexpectedEnd> {
        lock(&self.0.run.before).take()
    }

    /// The app ends as it should.
    pub fn end_run(&self) {
        self.0.run.marker.as_ref().map(std::fs::remove_file);
    }

    /// A panic, from wherever it came: into the log, onto the disk for the next start, and into the window.
    pub fn note_panic(&self, what: &str) {
        let reference = self.note_mishap("a part of the app failed", what);
        self.0.run.note(&reference, (self.0.options.clock)());
        self.0.events.announce(Event::Broke { reference });
    }

    /// Writes a mishap to the log, without secrets; returns what it is called there.
    pub fn note_mishap(&self, kind: &str, what: &str) -> String {
        let mut reference = Uuid::new_v4().simple().to_string();
        reference.truncate(8);
        let end = what.char_indices().map(|(at, _)| at).take_while(|at| *at <= LONGEST).last().unwrap_or(0);
        let short = if what.len() > LONGEST { &what[..end] } else { what };
        log::error!("{reference}: {}: {}", redact(kind), redact(short));
        reference
    }
}

/// Does a command's work so that a panic in it is an answer, and not a question without one.
///
/// # Errors
/// [`Code::Broken`] when it panicked; the work's own.
pub async fn contain<T: Send + 'static>(
    name: &'static str,
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    let (tell, told) = oneshot::channel();
    // Boxed, so that there is one kind of task and not one for each command: they were a tenth of the program.
    let task: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(async move {
        panic_on_request(name);
        let _ = tell.send(work.await);
    });
    tokio::spawn(task);
    told.await.unwrap_or_else(|_| Err(Failure::new(Code::Broken, format!("{name} did not come to its end"))))
}

/// A panic can not be had otherwise from outside: builds for development take a wish.
#[cfg(debug_assertions)]
fn panic_on_request(name: &str) {
    let wished = std::env::var("NINEHEADS_PANIC_IN").is_ok_and(|wished| wished == name);
    assert!(!wished, "as was wished");
}

#[cfg(not(debug_assertions))]
fn panic_on_request(_name: &str) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_ended_without_a_word_is_known_to_the_next_one_and_told_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let now = Utc::now();
        assert_eq!(Run::begin(folder.path(), now, false).before.into_inner().expect("whole"), None);
        let second = Run::begin(folder.path(), now, false);
        let before = lock(&second.before).clone().expect("the first never ended");
        assert!((before.at - now).num_seconds().abs() < 60);
        second.note("abcd1234", now);
        let third = Run::begin(folder.path(), now, false);
        let before = lock(&third.before).clone().expect("nor did the second");
        assert_eq!(before, UnexpectedEnd { at: now, reference: Some("abcd1234".into()) });
    }

    #[test]
    fn a_marker_that_makes_no_sense_is_a_run_that_did_not_end() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(MARKER), "\u{0}").expect("writes");
        assert!(lock(&Run::begin(folder.path(), Utc::now(), false).before).is_some());
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let panics = contain::<u8>("a_test", async { panic!("as was wished") });
        assert_eq!(panics.await.expect_err("it panicked").code, Code::Broken);
        assert_eq!(contain("a_test", async { Ok(1) }).await, Ok(1));
    }
}
