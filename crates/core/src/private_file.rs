//! Files that only their owner may read: the one place where systems differ.

use std::io;
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
