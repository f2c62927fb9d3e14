//! Which crate may use which. The lists are the table of `docs/architecture.md`; crates that are small and pure are
//! named one by one, so that a new dependency is a decision.

use crate::packages::PACKAGES;
use std::collections::BTreeSet;

const CONTRACT: &[&str] =
    &["serde", "serde_json", "http", "uuid", "chrono", "specta", "specta-typescript", "percent-encoding"];

const CORE: &[&str] = &[
    "nineheads-contract",
    "specta",
    "specta-typescript",
    "serde",
    "serde_json",
    "uuid",
    "chrono",
    "reqwest",
    "tokio",
    "rusqlite",
    "keyring",
    // Where a person's data lies on each system, the same as the window asks.
    "dirs",
    // The limit on core files, which the standard library can not set.
    "rustix",
    // What reqwest stands on, where a refused certificate is told apart.
    "rustls",
    // Small and pure.
    "argon2",
    "chacha20poly1305",
    "foldhash",
    "futures-util",
    "httpdate",
    "log",
    "percent-encoding",
    "rand",
    "regex",
    "rustix",
    "rust_decimal",
    "secrecy",
    "sha2",
    "shlex",
    "thiserror",
    "url",
];

const PLATFORM: &[&str] = &[
    "nineheads-contract",
    "serde",
    "serde_json",
    "uuid",
    "chrono",
    "axum",
    "tokio",
    "rusqlite",
    "reqwest",
    "tokio-tungstenite",
    // What axum stands on, where the server cuts a connection.
    "http",
    "hyper",
    "hyper-util",
    // Signals to a group of processes, which the standard library can not send.
    "rustix",
    // What a package on its way without npm is wrapped in.
    "base64",
    "flate2",
    "tar",
    // Small and pure.
    "futures-util",
    "lexopt",
    "log",
    "percent-encoding",
    "rand",
    "rand_chacha",
    "sha2",
    "thiserror",
    "url",
];

const CLI: &[&str] = &[
    "nineheads-core",
    "clap",
    "clap_complete",
    "tokio",
    "serde_json",
    "chrono",
    "uuid",
    // Small and pure.
    "unicode-width",
];

const APP: &[&str] = &[
    "nineheads-core",
    "nineheads-platform",
    "tauri",
    "tauri-build",
    "tauri-specta",
    "specta",
    "specta-typescript",
    "serde",
    "serde_json",
    "tokio",
    // What Tauri stands on where the system is Linux: whether there is a display.
    "gtk",
    // Small and pure.
    "base64",
    "chrono",
    "log",
];

#[track_caller]
fn uses_only(name: &str, allowed: &[&str]) {
    let allowed: BTreeSet<_> = allowed.iter().copied().collect();
    let direct = PACKAGES.direct(name);
    let more: Vec<_> = direct.difference(&allowed).filter(|other| !is_plugin(name, other)).collect();
    assert!(!direct.is_empty() && more.is_empty(), "{name} may not use {more:?}");
}

#[track_caller]
fn never_links(name: &str, forbidden: &[&str]) {
    let linked = PACKAGES.linked(name);
    let found: Vec<_> = forbidden.iter().filter(|other| linked.contains(*other)).collect();
    assert!(!linked.is_empty() && found.is_empty(), "{name} must never link {found:?}");
}

fn is_plugin(name: &str, other: &str) -> bool {
    name == "nineheads" && other.starts_with("tauri-plugin-")
}

#[test]
fn there_are_six_crates_and_each_is_in_the_table() {
    let names =
        ["", "-cli", "-contract", "-core", "-platform", "-tests"].map(|end| format!("nineheads{end}"));
    assert_eq!(PACKAGES.ours(), names.iter().map(String::as_str).collect());
    let page = include_str!("../../docs/architecture.md");
    for folder in
        ["crates/contract", "crates/core", "crates/platform", "crates/cli", "app (root package)", "tests"]
    {
        assert!(page.contains(folder), "{folder} is not in docs/architecture.md");
    }
}

#[test]
fn the_contract_uses_only_what_describes_data() {
    uses_only("nineheads-contract", CONTRACT);
}

#[test]
fn the_contract_knows_no_runtime_no_client_and_no_server() {
    let others = ["nineheads", "nineheads-cli", "nineheads-core", "nineheads-platform", "nineheads-tests"];
    never_links("nineheads-contract", &["tokio", "reqwest", "axum", "hyper", "tauri"]);
    never_links("nineheads-contract", &others);
}

#[test]
fn the_core_uses_only_what_is_in_the_table() {
    uses_only("nineheads-core", CORE);
}

#[test]
fn the_core_knows_no_window_and_no_server() {
    never_links("nineheads-core", &["tauri", "wry", "axum", "nineheads", "nineheads-platform"]);
}

#[test]
fn the_platform_uses_only_what_is_in_the_table() {
    uses_only("nineheads-platform", PLATFORM);
}

#[test]
fn the_platform_knows_no_client_of_ours_and_no_window() {
    never_links("nineheads-platform", &["tauri", "wry", "nineheads", "nineheads-core"]);
}

#[test]
fn the_command_line_uses_only_what_is_in_the_table() {
    uses_only("nineheads-cli", CLI);
}

#[test]
fn the_command_line_knows_no_window_and_no_server() {
    never_links("nineheads-cli", &["tauri", "wry", "axum", "nineheads", "nineheads-platform"]);
}

#[test]
fn the_window_and_the_command_line_keep_things_in_one_place() {
    let window = include_str!("../../tauri.conf.json");
    let window: serde_json::Value = serde_json::from_str(window).expect("tauri.conf.json is JSON");
    assert_eq!(window["identifier"], nineheads_core::home::IDENTIFIER);
}

#[test]
fn the_shell_uses_only_what_makes_a_window() {
    uses_only("nineheads", APP);
}

#[test]
fn the_shell_itself_neither_calls_nor_stores_nor_keeps_secrets() {
    let direct = PACKAGES.direct("nineheads");
    for other in ["reqwest", "rusqlite", "keyring"] {
        assert!(!direct.contains(other), "the shell may not use {other}");
    }
}

#[test]
fn the_tests_run_without_a_window() {
    never_links("nineheads-tests", &["tauri", "wry", "nineheads"]);
}
