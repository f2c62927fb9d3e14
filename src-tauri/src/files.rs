//! Files that a person picks. The page never sees a path.

use nineheads_core::{Code, Failure};
use std::io::Write;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;

/// Largest file that is read as text, in bytes.
const LARGEST: u64 = 16 << 20;

/// The text of a JSON file; none when the person picks nothing.
pub(crate) async fn pick_json(app: &AppHandle) -> Result<Option<String>, Failure> {
    pick_text(app, "JSON", &["json"]).await
}

/// The text of a file of one kind; none when the person picks nothing.
pub(crate) async fn pick_text(
    app: &AppHandle,
    kind: &str,
    endings: &[&str],
) -> Result<Option<String>, Failure> {
    let (tell, told) = tokio::sync::oneshot::channel();
    app.dialog().file().add_filter(kind, endings).pick_file(move |file| {
        let _ = tell.send(file);
    });
    let Some(path) = told.await.ok().flatten().and_then(|file| file.into_path().ok()) else {
        return Ok(None);
    };
    if std::fs::metadata(&path)?.len() > LARGEST {
        return Err(Failure::new(Code::Storage, "the file is too large"));
    }
    Ok(Some(std::fs::read_to_string(path)?))
}

/// Asks where to save, and has it written there: to a file beside it first, so that a full disk leaves no half file.
/// False when the person picks nothing.
pub(crate) async fn save(
    app: &AppHandle,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<bool, Failure> {
    let (tell, told) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |file| {
        let _ = tell.send(file);
    });
    let Some(path) = told.await.ok().flatten().and_then(|file| file.into_path().ok()) else {
        return Ok(false);
    };
    let mut beside = path.clone().into_os_string();
    beside.push(".part");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&beside)?);
    write(&mut out)?;
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    std::fs::rename(&beside, &path)?;
    Ok(true)
}
