//! Files that only their owner may read, and how one is put in another's place: the one place where systems differ.

use std::io::{self, Write};
use std::path::Path;

/// Takes all rights from everybody but the owner.
#[cfg(unix)]
pub(crate) fn keep_private(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}

/// A user's own data folder is private on the other systems.
#[cfg(not(unix))]
pub(crate) fn keep_private(_file: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a folder that only its owner may enter.
#[cfg(unix)]
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(folder)?;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// A user's own data folder is private on the other systems.
#[cfg(not(unix))]
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Puts new bytes in a file's place so that a crash at any moment leaves the old file or the new one, never half a file.
///
/// # Errors
/// When the disk refuses; the old file is still there then.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut fresh = file.to_owned().into_os_string();
    fresh.push(".new");
    let fresh = std::path::PathBuf::from(fresh);
    let written = write_whole(&fresh, bytes).and_then(|()| std::fs::rename(&fresh, file));
    if written.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    written?;
    match file.parent() {
        Some(folder) => sync_folder(folder),
        None => Ok(()),
    }
}

fn write_whole(fresh: &Path, bytes: &[u8]) -> io::Result<()> {
    // What an earlier crash left behind may have other rights, or be a link.
    match std::fs::remove_file(fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut out = private_options().write(true).create_new(true).open(fresh)?;
    out.write_all(bytes)?;
    out.sync_all()
}

#[cfg(unix)]
fn private_options() -> std::fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn private_options() -> std::fs::OpenOptions {
    std::fs::OpenOptions::new()
}

/// The new name is on disk, too.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// Other systems write names through by themselves.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads a file of which only its absence is harmless: none when it is missing.
///
/// # Errors
/// When it is there, or may be, and can not be read: whoever asks must not write another in its place.
pub(crate) fn read_if_there(file: &Path) -> io::Result<Option<Vec<u8>>> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_replaced_file_is_whole_private_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.json");
        std::fs::write(folder.path().join("x.json.new"), b"half of an earlier").expect("writes");
        replace(&file, b"one").expect("replaces");
        replace(&file, b"two").expect("replaces");
        assert_eq!(std::fs::read(&file).expect("reads"), b"two");
        assert_eq!(std::fs::metadata(&file).expect("is there").permissions().mode() & 0o777, 0o600);
        assert_eq!(folder.path().read_dir().expect("a folder").count(), 1);
    }

    #[test]
    fn a_disk_that_refuses_leaves_the_old_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.json");
        replace(&file, b"old").expect("replaces");
        // A folder in the temporary file's place can neither be removed nor written.
        std::fs::create_dir_all(folder.path().join("x.json.new/inside")).expect("makes");
        assert!(replace(&file, b"new").is_err());
        assert_eq!(std::fs::read(&file).expect("reads"), b"old");
    }
}
