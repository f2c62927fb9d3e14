//! The program that real agents run in: whether it is here, how it gets here, how it goes. One folder for each version;
//! one that has a stamp is whole. Does not belong here: how it gets here with npm (`npm`) and without (`source`), what is
//! installed (`pinned`).

mod install;
mod npm;
pub(crate) mod pinned;
mod reasons;
mod source;

pub(crate) use pinned::Program;

use chrono::{DateTime, Utc};
use nineheads_contract::local::{
    InstallProgress, InstallStep, LocalRuntime, LocalRuntimeError, LocalRuntimeState as State,
};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Says that a folder holds a whole runtime, and which.
const STAMP: &str = "nineheads-runtime.json";
/// Lines of an installation that are kept.
const MOST_LINES: usize = 2_000;

/// The runtime of a folder. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Runtime {
    folder: Arc<Path>,
    tokio: tokio::runtime::Handle,
    now: Arc<Mutex<Now>>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct Now {
    state: State,
    since: Option<DateTime<Utc>>,
    progress: Option<InstallProgress>,
    error: Option<LocalRuntimeError>,
    lines: Vec<String>,
    /// Ends the installation that runs.
    cancel: Option<watch::Sender<bool>>,
}

impl Runtime {
    /// The runtime in a folder, which need not be there yet.
    pub(crate) fn open(folder: PathBuf, tokio: tokio::runtime::Handle) -> Self {
        let runtime =
            Self { folder: folder.into(), tokio, now: Arc::default(), changed: watch::channel(0).0 };
        if runtime.is_stamped(&runtime.home()) {
            runtime.now().state = State::Ready;
        }
        runtime
    }

    /// Where it stands. How many agents there are and whether they go on is not known here.
    pub(crate) fn tell(&self) -> LocalRuntime {
        let now = self.now();
        LocalRuntime {
            state: now.state,
            version: pinned::VERSION.to_owned(),
            node_version: pinned::node_version().to_owned(),
            size_bytes: pinned::SIZE_BYTES,
            download_bytes: pinned::DOWNLOAD_BYTES,
            expected_seconds: pinned::EXPECTED_SECONDS,
            since: now.since,
            progress: now.progress.clone(),
            error: now.error.clone(),
            agents: 0,
            keep_running: false,
        }
    }

    /// What is run, once it is ready.
    pub(crate) fn program(&self) -> Option<Program> {
        if self.now().state != State::Ready {
            return None;
        }
        pinned::program(&self.home())
    }

    /// Lines of the newest installation from a number on.
    pub(crate) fn lines_from(&self, first: usize) -> Vec<String> {
        self.now().lines.get(first..).unwrap_or_default().to_vec()
    }

    /// Hears of every change.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Begins to install, unless that is under way or done.
    pub(crate) fn install(&self) {
        let (cancel, cancelled) = watch::channel(false);
        {
            let mut now = self.now();
            if matches!(now.state, State::Ready | State::Installing | State::Removing) {
                return;
            }
            *now = Now {
                state: State::Installing,
                since: Some(Utc::now()),
                progress: Some(InstallProgress {
                    step: InstallStep::Fetching,
                    done: 0,
                    total: pinned::package_count(),
                }),
                cancel: Some(cancel),
                ..Now::default()
            };
        }
        self.tell_all();
        let runtime = self.clone();
        self.tokio.spawn(async move {
            let ended = install::install(&runtime, cancelled).await;
            runtime.settle(ended);
        });
    }

    fn settle(&self, ended: Result<(), install::Stopped>) {
        {
            let mut now = self.now();
            let lines = std::mem::take(&mut now.lines);
            let (state, error) = match ended {
                Ok(()) => (State::Ready, None),
                Err(install::Stopped::Cancelled) => (State::Absent, None),
                Err(install::Stopped::Failed(error)) => (State::Failed, Some(error)),
            };
            *now = Now { state, error, lines, ..Now::default() };
        }
        self.tell_all();
    }

    /// Ends an installation, or removes what is installed and what was fetched for it.
    pub(crate) fn remove(&self) {
        {
            let mut now = self.now();
            match now.state {
                State::Removing => return,
                State::Installing => {
                    if let Some(cancel) = &now.cancel {
                        cancel.send_replace(true);
                    }
                    return;
                }
                State::Absent | State::Ready | State::Failed => {}
            }
            *now = Now { state: State::Removing, since: Some(Utc::now()), ..Now::default() };
        }
        self.tell_all();
        let runtime = self.clone();
        self.tokio.spawn_blocking(move || {
            let folder = runtime.folder.clone();
            // Without its stamp it is no runtime any more, whatever happens next.
            let gone = remove_file(&runtime.home().join(STAMP)).and_then(|()| remove_folder(&folder));
            let error = gone.err().map(|error| {
                let folder = folder.display();
                reasons::broken(&format!("{folder} could not be removed: {error}. Remove it by hand."))
            });
            let state = if error.is_some() { State::Failed } else { State::Absent };
            *runtime.now() = Now { state, error, ..Now::default() };
            runtime.tell_all();
        });
    }

    fn home(&self) -> PathBuf {
        self.folder.join(pinned::VERSION)
    }

    fn is_stamped(&self, home: &Path) -> bool {
        home.join(STAMP).is_file() && pinned::program(home).is_some_and(|program| program.node.is_file())
    }

    fn step(&self, step: InstallStep) {
        if let Some(progress) = &mut self.now().progress {
            progress.step = step;
        }
        self.tell_all();
    }

    /// Takes a line of npm's.
    fn hear(&self, line: &str) {
        self.take(line, npm::is_fetched(line));
    }

    /// Takes a line, and whether it says that one more package is here.
    fn take(&self, line: &str, is_package: bool) {
        {
            let mut now = self.now();
            if let Some(progress) = now.progress.as_mut().filter(|_| is_package) {
                progress.done = (progress.done + 1).min(progress.total);
                if progress.done == progress.total {
                    progress.step = InstallStep::Placing;
                }
            }
            match npm::shown(line) {
                Some(line) if now.lines.len() < MOST_LINES => now.lines.push(line),
                _ => return,
            }
        }
        self.tell_all();
    }

    fn tell_all(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes a folder; one that is not there is gone already.
pub(super) fn remove_folder(folder: &Path) -> std::io::Result<()> {
    gone_is_fine(std::fs::remove_dir_all(folder))
}

fn remove_file(file: &Path) -> std::io::Result<()> {
    gone_is_fine(std::fs::remove_file(file))
}

fn gone_is_fine(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_a_folder_with_its_stamp_and_its_program_is_ready() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || Runtime::open(folder.path().to_owned(), tokio::runtime::Handle::current());
        assert_eq!(open().tell().state, State::Absent);
        assert_eq!(open().program(), None);
        let home = folder.path().join(pinned::VERSION);
        let program = pinned::program(&home).expect("a program");
        std::fs::create_dir_all(program.node.parent().expect("a folder")).expect("makes");
        std::fs::write(home.join(STAMP), "{}").expect("writes");
        assert_eq!(open().tell().state, State::Absent);
        std::fs::write(&program.node, "").expect("writes");
        assert_eq!(open().tell().state, State::Ready);
        assert_eq!(open().program(), Some(program));
    }

    #[tokio::test]
    async fn removing_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("runtime");
        std::fs::create_dir_all(folder.join(pinned::VERSION)).expect("makes");
        let runtime = Runtime::open(folder.clone(), tokio::runtime::Handle::current());
        let mut changes = runtime.watch();
        runtime.remove();
        while runtime.tell().state == State::Removing {
            changes.changed().await.expect("it is still there");
        }
        assert_eq!(runtime.tell().state, State::Absent);
        assert!(!folder.exists());
    }
}
