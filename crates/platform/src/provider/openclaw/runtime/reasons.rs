//! Why an installation fails: the closed list of codes, each with its sentence. Who finds out that it failed does not
//! belong here.

use nineheads_contract::local::LocalRuntimeError;
use std::io;

pub(super) fn disk_full() -> LocalRuntimeError {
    error(
        "disk_full",
        "There is no room left on the disk. Free about 1.5 GB and try again; what was fetched is kept.",
    )
}

/// Takes whose source of packages it is.
pub(super) fn wrong_checksum(whose: &str) -> LocalRuntimeError {
    let message = format!(
        "A package is not the one that was expected: its checksum differs, so nothing was installed. Try again; if it \
         stays so, the source of packages that {whose} uses is at fault."
    );
    error("wrong_checksum", &message)
}

pub(super) fn no_network() -> LocalRuntimeError {
    error(
        "no_network",
        "The source of packages could not be reached. Check the connection and try again; what was fetched is kept.",
    )
}

/// It is there, and does not serve now. Takes what it answered.
pub(super) fn not_serving(status: u16) -> LocalRuntimeError {
    let message = format!(
        "The source of packages does not serve at the moment: it answered {status}. Try again later; what was fetched is \
         kept."
    );
    error("no_network", &message)
}

pub(super) fn no_source(message: &str) -> LocalRuntimeError {
    error("no_source", message)
}

pub(super) fn broken(message: &str) -> LocalRuntimeError {
    error("broken", message)
}

/// A file or folder could not be written.
pub(super) fn disk(failure: &io::Error) -> LocalRuntimeError {
    if is_full(failure) {
        return disk_full();
    }
    broken(&format!("The runtime could not be put in place: {failure}. See to that and try again."))
}

pub(super) fn is_full(failure: &io::Error) -> bool {
    matches!(failure.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn error(code: &str, message: &str) -> LocalRuntimeError {
    LocalRuntimeError { code: code.to_owned(), message: message.to_owned() }
}
