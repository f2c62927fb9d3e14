//! Tells Tauri what the page may call.

fn main() {
    tauri_build::build();
}
