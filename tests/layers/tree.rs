//! The project's own files: everything under its root that `.gitignore` does not leave out.

use std::path::{Path, PathBuf};

/// One file that is text.
pub(crate) struct File {
    /// From the root, with forward slashes.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
}

impl File {
    /// The name without folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// How many lines it has.
    pub(crate) fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// Whether its name ends with one of `endings`.
    pub(crate) fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// Every text file of the project, in order.
pub(crate) fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root").to_owned();
    let ignored: Vec<PathBuf> = std::fs::read_to_string(root.join(".gitignore"))
        .expect(".gitignore is there")
        .lines()
        .chain(["/.git"])
        .map(|line| root.join(line.trim_matches('/')))
        .collect();
    let mut found = Vec::new();
    collect(&root, &root, &ignored, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.iter().any(|file| file.path == "Cargo.toml"), "this is not the project's root");
    found
}

fn collect(root: &Path, folder: &Path, ignored: &[PathBuf], found: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if ignored.contains(&path) || path.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, ignored, found);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let path = path.strip_prefix(root).expect("under the root").to_string_lossy().replace('\\', "/");
            found.push(File { path, text });
        }
    }
}
