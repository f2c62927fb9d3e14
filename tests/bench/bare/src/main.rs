//! A window with one heading and one command: what any app of this kind costs.

/// What the page asks for.
#[tauri::command]
fn greet() -> String {
    "ready".into()
}

fn main() {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![greet])
        .run(tauri::generate_context!())
        .expect("the system can show a window");
}
