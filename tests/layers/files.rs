//! What a file may say, how it may be called, and how large it may grow.

use crate::tree::{File, files};

/// Written by the bindings test, not by hand.
const GENERATED: &str = "ui/src/lib/ipc/bindings.ts";

/// Names that say nothing.
const EMPTY_WORDS: &[&str] = &[
    "manager", "managers", "service", "services", "helper", "helpers", "util", "utils", "common", "data",
    "info",
];

/// Fails with every file that `wrong` has a complaint about.
#[track_caller]
fn no_file(wrong: impl Fn(&File) -> Option<String>) {
    let complaints: Vec<_> = files()
        .iter()
        .filter_map(|file| wrong(file).map(|complaint| format!("{}: {complaint}", file.path)))
        .collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn is_here(file: &File) -> bool {
    file.path.starts_with("tests/layers/")
}

#[test]
fn only_the_ipc_folder_knows_the_shell() {
    no_file(|file| {
        let screen = file.path.starts_with("ui/") || file.path.starts_with("tests/window/");
        let allowed = file.path.starts_with("ui/src/lib/ipc/");
        let imports = file.text.contains("'@tauri-apps/") || file.text.contains("\"@tauri-apps/");
        (screen && !allowed && imports).then(|| "imports @tauri-apps".into())
    });
}

#[test]
fn no_screen_writes_raw_html() {
    no_file(|file| (file.is(&[".svelte"]) && file.text.contains("{@html")).then(|| "uses {@html}".into()));
}

#[test]
fn no_rust_file_is_longer_than_400_lines() {
    no_file(|file| (file.is(&[".rs"]) && file.lines() > 400).then(|| format!("has {} lines", file.lines())));
}

#[test]
fn no_component_is_longer_than_250_lines() {
    no_file(|file| {
        (file.is(&[".svelte"]) && file.lines() > 250).then(|| format!("has {} lines", file.lines()))
    });
}

#[test]
fn the_shell_stays_under_1000_lines_of_code() {
    let shell: Vec<_> = files()
        .into_iter()
        .filter(|file| file.path.starts_with("src-tauri/") && file.is(&[".rs"]))
        .filter(|file| !file.path.starts_with("src-tauri/tests/"))
        .collect();
    // Comments and blank lines make a shell easier to read, not thicker.
    let code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    let lines: usize = shell.iter().map(|file| file.text.lines().filter(code).count()).sum();
    assert!(!shell.is_empty() && lines < 1000, "src-tauri has {lines} lines of code");
}

#[test]
fn every_rust_file_opens_with_what_belongs_in_it() {
    no_file(|file| {
        let first = file.text.lines().next().unwrap_or_default();
        // What is pulled in by `include!` is no module and can not say it as one.
        let said = first.len() > 12 && (first.starts_with("//! ") || first.starts_with("/// "));
        (file.is(&[".rs"]) && !said).then(|| "does not open with what belongs in it".into())
    });
}

#[test]
fn names_of_files_say_something() {
    no_file(|file| {
        let words = words(file.name());
        let empty = words.iter().find(|word| EMPTY_WORDS.contains(&word.as_str()));
        empty.map(|word| format!("\"{word}\" says nothing"))
    });
}

#[test]
fn there_are_no_mod_files_and_no_barrels() {
    no_file(|file| {
        let barrel = ["mod.rs", "index.ts", "index.js"].contains(&file.name());
        barrel.then(|| "a module has its own name, and is imported by it".into())
    });
}

#[test]
fn functions_say_what_they_do() {
    let empty = ["do_", "process_"].map(|word| format!("fn {word}"));
    no_file(|file| {
        let found = empty.iter().find(|word| file.text.contains(word.as_str()));
        found.filter(|_| file.is(&[".rs"]) && !is_here(file)).map(|word| format!("has a `{word}…`"))
    });
}

#[test]
fn nothing_outside_the_project_is_referred_to() {
    let outside = ["../shared", "/work/", "/root/", "/home/"];
    no_file(|file| {
        let found = outside.iter().find(|path| file.text.contains(**path));
        found.filter(|_| !is_here(file)).map(|path| format!("speaks of {path}"))
    });
}

#[test]
fn no_package_registry_is_named() {
    // In two pieces, so that this file passes too.
    let hosts: Vec<_> =
        [("crates", "io"), ("npmjs", "org"), ("npmjs", "com"), ("pypi", "org"), ("pythonhosted", "org")]
            .map(|(name, end)| format!("{name}.{end}"))
            .into();
    no_file(|file| {
        // Cargo writes the registry's name into its lock files by itself.
        let found = hosts.iter().find(|host| file.text.contains(host.as_str()));
        found.filter(|_| file.name() != "Cargo.lock").map(|host| format!("names {host}"))
    });
}

#[test]
fn the_bindings_say_that_they_are_generated() {
    let bindings =
        files().into_iter().find(|file| file.path == GENERATED).expect("the bindings are committed");
    let said = bindings.text.lines().take(5).any(|line| line.contains("generated"));
    assert!(said, "{GENERATED} must say so in its first lines");
}

/// `InstanceInfo.test.ts` → instance, info, test, ts.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words.last_mut().expect("never empty").extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
