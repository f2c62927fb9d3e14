//! Files that a person picks. The page never sees a path.

use nineheads_core::Failure;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;

/// The text of a JSON file; none when the person picks nothing.
pub(crate) async fn pick_json(app: &AppHandle) -> Result<Option<String>, Failure> {
    let (tell, told) = tokio::sync::oneshot::channel();
    app.dialog().file().add_filter("JSON", &["json"]).pick_file(move |file| {
        let _ = tell.send(file);
    });
    let path = told.await.ok().flatten().and_then(|file| file.into_path().ok());
    Ok(path.map(std::fs::read_to_string).transpose()?)
}
