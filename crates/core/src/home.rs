//! Where this computer keeps what Nineheads keeps: one folder and one name in the keystore, for the window and for the
//! command line alike. Does not belong here: what lies in the folder.

use std::path::PathBuf;

/// The app's identifier: the folder's name, and whose the keystore's entries are. `tauri.conf.json` says the same.
pub const IDENTIFIER: &str = "dev.nineheads.app";

/// The data folder of this computer's person; none where the system tells no place for such things.
pub fn data_folder() -> Option<PathBuf> {
    dirs::data_dir().map(|folder| folder.join(IDENTIFIER))
}
