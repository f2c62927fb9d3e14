//! One installation, from an empty folder beside to a whole runtime in its place. Nothing is in its place before it is
//! whole, and what was fetched stays for another try.

use super::source::{self, Site, Source};
use super::{Runtime, npm, pinned, reasons, remove_folder};
use crate::private_file;
use nineheads_contract::local::{InstallStep, LocalRuntimeError};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// npm's last words that are looked at where it failed.
const LAST_WORDS: usize = 60;
/// How long the program may take to say its version. Seen: 1 s.
const VERSION_LIMIT: Duration = Duration::from_secs(60);

/// Most bytes that are unpacked without npm. Seen: 0.9 GB.
const MOST_BYTES: u64 = 3_000_000_000;

/// Why an installation is not done.
pub(super) enum Stopped {
    Cancelled,
    Failed(LocalRuntimeError),
}

/// How packages get here.
#[derive(Debug, PartialEq)]
enum Way {
    /// By the npm of this computer, from where it is told to fetch.
    Npm(PathBuf),
    /// From where the packager keeps them.
    Source(Source),
}

/// Installs.
pub(super) async fn install(runtime: &Runtime, mut cancelled: watch::Receiver<bool>) -> Result<(), Stopped> {
    let beside = runtime.folder.join(format!(".{}-unfinished", pinned::VERSION));
    let site = Site::new(MOST_BYTES);
    let ended = tokio::select! {
        ended = work(runtime, &beside, &site) => ended.map_err(Stopped::Failed),
        _ = cancelled.wait_for(|cancelled| *cancelled) => Err(Stopped::Cancelled),
    };
    // Nobody writes into a folder that is removed.
    site.close().await;
    if ended.is_err()
        && let Err(error) = remove_folder(&beside)
    {
        log::warn!("{} could not be removed: {error}", beside.display());
    }
    ended
}

async fn work(runtime: &Runtime, beside: &Path, site: &Site) -> Result<(), LocalRuntimeError> {
    let Some(node) = pinned::node_folder(beside) else {
        return Err(reasons::no_source(
            "There is no runtime for this kind of computer. Use a computer with Linux, macOS or Windows on x64 or ARM.",
        ));
    };
    let way = choose(npm::find(), source::BAKED_IN)?;
    let cache = runtime.folder.join("cache");
    prepare(beside, &cache).map_err(|error| reasons::disk(&error))?;
    match way {
        Way::Npm(npm) => fetch(runtime, npm::install(&npm, beside, &cache)).await?,
        Way::Source(source) => {
            let tell = |news: source::News<'_>| runtime.take(&news.line(), news.is_here());
            source.install(&pinned::packages(), beside, &cache.join("packages"), site, &tell).await?;
        }
    }
    // Headers to build native parts with: nothing is built here.
    remove_folder(&node.join("include")).map_err(|error| reasons::disk(&error))?;
    runtime.step(InstallStep::Checking);
    check(beside).await?;
    put_in_place(beside, &runtime.home()).map_err(|error| reasons::disk(&error))?;
    if let Err(error) = remove_folder(&cache) {
        log::warn!("{} could not be removed: {error}", cache.display());
    }
    Ok(())
}

fn choose(npm: Option<PathBuf>, baked_in: Option<&str>) -> Result<Way, LocalRuntimeError> {
    if let Some(npm) = npm {
        return Ok(Way::Npm(npm));
    }
    Source::at(baked_in)?.map(Way::Source).ok_or_else(|| {
        reasons::no_source(
            "npm was not found on this computer, and it is what fetches the runtime. Install Node.js with npm and try \
             again.",
        )
    })
}

fn prepare(beside: &Path, cache: &Path) -> io::Result<()> {
    remove_folder(beside)?;
    private_file::create_folder(beside)?;
    private_file::create_folder(cache)?;
    std::fs::write(beside.join("package.json"), pinned::PACKAGE)?;
    std::fs::write(beside.join("package-lock.json"), pinned::LOCK)
}

/// The stamp is the last thing that is written, and the name the last that is changed.
fn put_in_place(beside: &Path, home: &Path) -> io::Result<()> {
    let said = serde_json::json!({ "version": pinned::VERSION, "node": pinned::node_version() });
    private_file::write(&beside.join(super::STAMP), said.to_string().as_bytes())?;
    remove_folder(home)?;
    std::fs::rename(beside, home)
}

async fn fetch(runtime: &Runtime, mut command: Command) -> Result<(), LocalRuntimeError> {
    let mut npm = command.kill_on_drop(true).spawn().map_err(|error| reasons::disk(&error))?;
    let (out, err) = (npm.stdout.take(), npm.stderr.take());
    let (_, last_words) = tokio::join!(listen(runtime, out), listen(runtime, err));
    let status = npm.wait().await.map_err(|error| reasons::disk(&error))?;
    match status.success() {
        true => Ok(()),
        false => Err(npm::failure(&last_words)),
    }
}

/// Passes every line on; gives back the last ones.
async fn listen(runtime: &Runtime, from: Option<impl AsyncRead + Unpin>) -> Vec<String> {
    let Some(from) = from else { return Vec::new() };
    let mut lines = BufReader::new(from).split(b'\n');
    let mut last = std::collections::VecDeque::new();
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line).into_owned();
        runtime.hear(&line);
        last.extend(npm::shown(&line));
        if last.len() > LAST_WORDS {
            last.pop_front();
        }
    }
    last.into()
}

/// Asks the program for its version, in a home of its own so that it leaves nothing in the person's.
async fn check(folder: &Path) -> Result<(), LocalRuntimeError> {
    let broken = |why: &str| {
        reasons::broken(&format!("What was installed does not run on this computer: {why}. Try again."))
    };
    let program = pinned::program(folder).ok_or_else(|| broken("it has no Node"))?;
    let mut command = Command::new(&program.node);
    command.arg(&program.script).arg("--version").env_clear().env("HOME", folder).env("USERPROFILE", folder);
    command.env("OPENCLAW_STATE_DIR", folder.join(".state")).current_dir(folder).kill_on_drop(true);
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    let child: Child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| broken(&error.to_string()))?;
    let said = tokio::time::timeout(VERSION_LIMIT, child.wait_with_output()).await;
    let said = said.map_err(|_| broken("it did not answer within a minute"))?;
    let said = said.map_err(|error| broken(&error.to_string()))?;
    let text = String::from_utf8_lossy(&said.stdout);
    match said.status.success() && text.contains(pinned::VERSION) {
        true => Ok(()),
        false => Err(broken(&format!("asked for its version it said \"{}\"", text.trim()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://packages.example/npm";

    #[test]
    fn npm_is_preferred_where_it_is_there() {
        let npm = PathBuf::from("/usr/bin/npm");
        for baked_in in [None, Some(ADDRESS), Some("no address")] {
            assert_eq!(choose(Some(npm.clone()), baked_in), Ok(Way::Npm(npm.clone())));
        }
    }

    #[test]
    fn without_npm_packages_come_from_where_the_packager_says() {
        let source = Source::at(Some(ADDRESS)).expect("an address").expect("a source");
        assert_eq!(choose(None, Some(ADDRESS)), Ok(Way::Source(source)));
    }

    #[test]
    fn without_npm_and_without_an_address_it_is_said_what_to_install() {
        for baked_in in [None, Some(""), Some(" "), Some("http://packages.example"), Some("packages.example")]
        {
            let error = choose(None, baked_in).expect_err("no way");
            assert_eq!(error.code, "no_source");
            assert!(error.message.contains("Install Node.js with npm"), "{}", error.message);
        }
    }
}
