//! The machine's npm: where it is, what it is told, and what its words mean. What is decided from words is pure.

use super::reasons;
use nineheads_contract::local::LocalRuntimeError;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

/// Where npm often lies and a program that was started by a desktop does not look.
const ELSEWHERE: [&str; 3] = ["/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin"];

/// npm on this machine; none where there is none.
pub(super) fn find() -> Option<PathBuf> {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(ELSEWHERE.map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Installs exactly what the lock of a folder says, from npm's own source, without running anything of it.
pub(super) fn install(npm: &Path, folder: &Path, cache: &Path) -> Command {
    let mut command = Command::new(npm);
    command.args([
        "ci",
        "--ignore-scripts",
        "--include=optional",
        "--no-audit",
        "--no-fund",
        "--no-progress",
    ]);
    command.args(["--color=false", "--prefer-offline", "--loglevel=http", "--cache"]).arg(cache);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // npm is a script of the Node that lies beside it.
    if let Some(path) = with_folder_of(npm) {
        command.env("PATH", path);
    }
    command
}

fn with_folder_of(npm: &Path) -> Option<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let beside = npm.parent()?.to_owned();
    std::env::join_paths(std::env::split_paths(&path).chain([beside])).ok()
}

/// Whether a line says that a package was fetched.
pub(super) fn is_fetched(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let said = words.by_ref().take(3).eq(["npm", "http", "fetch"]);
    let mut rest = words.skip_while(|word| *word != "200");
    said && rest.nth(1).is_some_and(|address| address.split('?').next().unwrap_or_default().ends_with(".tgz"))
}

/// A line as people may read it, without what is not theirs to see: an address may hold the name and password of a
/// private source. None for an empty one.
pub(super) fn shown(line: &str) -> Option<String> {
    let line = line.trim_end();
    (!line.is_empty()).then(|| line.split(' ').map(without_host).collect::<Vec<_>>().join(" "))
}

fn without_host(word: &str) -> String {
    let Some((before, after)) = ["https://", "http://"].iter().find_map(|scheme| word.split_once(scheme))
    else {
        return word.to_owned();
    };
    let path = after.find('/').map_or("", |at| &after[at..]);
    let path = path.split('?').next().unwrap_or_default();
    format!("{before}…{path}")
}

/// Why npm failed, from its last words.
pub(super) fn failure(lines: &[String]) -> LocalRuntimeError {
    let says = |words: &[&str]| lines.iter().any(|line| words.iter().any(|word| line.contains(word)));
    if says(&["ENOSPC", "EDQUOT"]) {
        return reasons::disk_full();
    }
    if says(&["EINTEGRITY"]) {
        return reasons::wrong_checksum("npm");
    }
    if says(&[
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ECONNRESET",
        "ETIMEDOUT",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "ERR_SOCKET_TIMEOUT",
        "EIDLETIMEOUT",
        "FETCH_ERROR",
    ]) {
        return reasons::no_network();
    }
    let last =
        lines.iter().rev().find(|line| line.starts_with("npm error") && !line.contains("A complete log"));
    let last = last.or(lines.last()).map_or("it said nothing", String::as_str);
    reasons::broken(&format!("npm could not install the runtime. Its words: {last}. Try again."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetched_package_counts_and_a_question_about_one_does_not() {
        for (line, counts) in [
            ("npm http fetch GET 200 https://a.example/zod/-/zod-4.6.5.tgz 48ms (cache miss)", true),
            ("npm http fetch GET 200 https://a.example/@x%2fy/-/y-1.0.0.tgz?t=1 4ms (cache stale)", true),
            ("npm http fetch GET 200 https://a.example/zod 48ms (cache miss)", false),
            ("npm http fetch GET 404 https://a.example/zod/-/zod-4.6.5.tgz 48ms", false),
            ("npm warn old.tgz", false),
            ("", false),
        ] {
            assert_eq!(is_fetched(line), counts, "{line}");
        }
    }

    #[test]
    fn a_line_is_shown_without_where_a_package_came_from() {
        let line = "npm http fetch GET 200 https://me:secret@a.example/zod/-/zod-4.6.5.tgz?token=secret 48ms";
        assert_eq!(shown(line).expect("shown"), "npm http fetch GET 200 …/zod/-/zod-4.6.5.tgz 48ms");
        assert_eq!(shown("added 331 packages in 52s\n").expect("shown"), "added 331 packages in 52s");
        assert_eq!(shown(""), None);
    }

    #[test]
    fn the_last_words_of_npm_say_why_it_failed() {
        for (line, code) in [
            ("npm error code ENOSPC", "disk_full"),
            ("npm error code EINTEGRITY", "wrong_checksum"),
            ("npm error code ENOTFOUND", "no_network"),
            ("npm error network request to … failed, reason: connect ECONNREFUSED 127.0.0.1:9", "no_network"),
            ("npm error code EUSAGE", "broken"),
            ("Segmentation fault", "broken"),
        ] {
            let failure = failure(&["npm http fetch GET 200 x".to_owned(), line.to_owned()]);
            assert_eq!(failure.code, code, "{line}");
            assert!(failure.message.contains("ry again"), "{}", failure.message);
        }
        assert_eq!(failure(&[]).code, "broken");
    }
}
