//! A test in a process of its own: with a system that trusts a test's authority, with memory that is its own, with a
//! disk that is full. The inner test is marked as ignored, so that nobody else runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Where the inner test finds what the outer one prepared.
const FOLDER: &str = "NINEHEADS_TEST_FOLDER";

/// Runs an ignored test of this binary; `prepare` changes its surroundings.
#[track_caller]
pub(crate) fn run_alone(name: &str, prepare: impl FnOnce(&mut Command)) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]);
    prepare(&mut command);
    passed(name, &command.output().expect("it starts"));
}

/// Fails with what the inner test said.
#[track_caller]
pub(crate) fn passed(name: &str, output: &Output) {
    let said =
        format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{name}:\n{said}");
}

/// Gives the inner test a folder.
pub(crate) fn in_folder(command: &mut Command, folder: &Path) {
    command.env(FOLDER, folder);
}

/// The folder that the outer test gave.
pub(crate) fn given_folder() -> PathBuf {
    std::env::var_os(FOLDER).expect("started by its outer test").into()
}
