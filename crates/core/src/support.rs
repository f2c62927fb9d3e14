//! What somebody needs to help, as parts that a person reads before anything leaves: no key, no body, no conversation.
//! Everything passes through `redact`; nothing is sent from here.

use crate::Console;
use crate::profiles::ProfileKind;
use crate::redact::{plain, redact};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use specta::Type;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Most lines of the log, and of failures in it; and how much of its end is read, in bytes.
const LOG_LINES: usize = 300;
const FAILURES: usize = 40;
const LOG_BYTES: u64 = 256 * 1024;
/// Most deploys.
const DEPLOYS: usize = 50;

/// One part of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BundlePart {
    /// Which.
    pub name: BundleName,
    /// Exactly what would be saved.
    pub text: String,
}

/// What a part is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BundleName {
    /// Versions and the system.
    Versions,
    /// Names and hosts of the profiles.
    Profiles,
    /// How the looking goes.
    Poller,
    /// Warnings and errors of the log.
    Failures,
    /// States of deploys, without what was asked for.
    Deploys,
    /// What is kept on this computer, and how large it is.
    Storage,
    /// How the window looks.
    Preferences,
    /// The end of the log.
    Log,
}

/// What the core can not know.
pub struct BundleParts {
    /// Names and versions.
    pub versions: Vec<(String, String)>,
    /// As they are kept.
    pub preferences: Value,
    /// Where log files are.
    pub log_folder: Option<PathBuf>,
    /// A person's own folder, which would tell their name.
    pub home: Option<PathBuf>,
}

impl Console {
    /// Everything that a bundle can have, ready to be read.
    pub fn support_bundle(&self, given: &BundleParts) -> Vec<BundlePart> {
        let log = given.log_folder.as_deref().map(newest_log).unwrap_or_default();
        let parts = [
            (BundleName::Versions, pairs(&given.versions)),
            (BundleName::Profiles, self.profile_lines()),
            (BundleName::Poller, pretty(&json!(self.poller()))),
            (BundleName::Failures, failures(&log)),
            (BundleName::Deploys, self.deploy_lines()),
            (BundleName::Storage, self.storage_lines()),
            (BundleName::Preferences, pretty(&given.preferences)),
            (BundleName::Log, last(&log, LOG_LINES).join("\n")),
        ];
        let home = given.home.as_deref().and_then(Path::to_str).filter(|home| home.len() > 1);
        parts.map(|(name, text)| BundlePart { name, text: clean(&text, home) }).into()
    }

    fn profile_lines(&self) -> String {
        let mut text = String::new();
        for profile in self.profiles() {
            let place = match profile.kind {
                ProfileKind::ThisComputer => "this computer".to_owned(),
                ProfileKind::Platform => host(&profile.base_url),
            };
            let key = profile.credential.map_or_else(
                || "no credential".to_owned(),
                |label| format!("{:?}, kept in {:?}", label.kind, label.kept),
            );
            let _ = writeln!(text, "{} · {place} · {key}", profile.name);
        }
        let cache = format!("{:?}", self.session_view().cache);
        let _ = write!(text, "cache of the open profile: {cache}");
        text
    }

    fn deploy_lines(&self) -> String {
        let deploys = self.deploys().unwrap_or_default();
        let line = |deploy: &crate::deploys::Deploy| {
            let time =
                |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or("-".to_owned(), |at| at.to_rfc3339());
            let failure =
                deploy.failure.as_ref().map_or("-".to_owned(), |failure| format!("{:?}", failure.code));
            format!(
                "{} {:?} confirmed {} sent {} settled {} failure {failure}",
                deploy.key.as_str(),
                deploy.state,
                time(Some(deploy.confirmed_at)),
                time(deploy.sent_at),
                time(deploy.settled_at)
            )
        };
        deploys.iter().take(DEPLOYS).map(line).collect::<Vec<_>>().join("\n")
    }

    fn storage_lines(&self) -> String {
        let mut lines: Vec<String> = std::fs::read_dir(&self.0.options.data_folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let found = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
                Some(format!("{} {} bytes", entry.file_name().to_string_lossy(), found.len()))
            })
            .collect();
        lines.sort();
        if let Some(verdict) = self.ledger_verdict() {
            lines.push(format!("activity: {} lines, problem {:?}", verdict.lines, verdict.problem));
        }
        lines.join("\n")
    }
}

fn clean(text: &str, home: Option<&str>) -> String {
    let lines: Vec<String> = text.lines().map(plain).collect();
    let text = redact(&lines.join("\n"));
    home.map_or_else(|| text.clone(), |home| text.replace(home, "~"))
}

fn host(url: &str) -> String {
    let parsed = url::Url::parse(url).ok();
    parsed.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "-".into())
}

fn pairs(versions: &[(String, String)]) -> String {
    versions.iter().map(|(name, version)| format!("{name}: {version}")).collect::<Vec<_>>().join("\n")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn last(text: &str, most: usize) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(most)..].to_vec()
}

fn failures(log: &str) -> String {
    let bad: Vec<&str> =
        log.lines().filter(|line| line.contains("[WARN]") || line.contains("[ERROR]")).collect();
    bad[bad.len().saturating_sub(FAILURES)..].join("\n")
}

/// The end of the log file that was written last.
fn newest_log(folder: &Path) -> String {
    use std::io::{Read, Seek, SeekFrom};
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| {
        let about = entry.metadata().ok()?;
        let is_log = entry.path().extension().is_some_and(|ending| ending == "log");
        (is_log && about.is_file()).then_some((about.modified().ok()?, about.len(), entry.path()))
    });
    let Some((_, length, path)) = files.max_by_key(|(modified, ..)| *modified) else { return String::new() };
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(length.saturating_sub(LOG_BYTES)))?;
        file.read_to_end(&mut bytes)
    });
    match read {
        Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => format!("the log could not be read: {error}"),
    }
}
