//! What the page may do is written in `tauri.conf.json`; here is what must be there.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
    connect-src ipc: http://ipc.localhost; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'";
/// The development server.
const DEV: [&str; 2] = ["http://127.0.0.1:5179", "ws://127.0.0.1:5179"];

fn app() -> Value {
    let text = include_str!("../../tauri.conf.json");
    serde_json::from_str::<Value>(text).expect("tauri.conf.json is JSON")["app"].take()
}

fn directives(policy: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let parts = policy.split(';').map(|part| part.split_whitespace());
    parts.filter_map(|mut words| Some((words.next()?, words.collect()))).collect()
}

#[test]
fn the_content_security_policy_is_the_agreed_one_and_prototypes_are_frozen() {
    let app = app();
    assert_eq!(app["security"]["csp"].as_str().map(directives), Some(directives(POLICY)));
    assert_eq!(app["security"]["freezePrototype"], true);
    assert_eq!(app["withGlobalTauri"], false);
    assert!(!include_str!("../../tauri.conf.json").contains("dangerous"));
}

#[test]
fn development_adds_its_own_server_and_the_styles_it_injects_and_nothing_else() {
    let app = app();
    let dev = directives(app["security"]["devCsp"].as_str().expect("a policy"));
    let base = directives(POLICY);
    assert_eq!(dev.keys().collect::<Vec<_>>(), base.keys().collect::<Vec<_>>());
    for (directive, sources) in &dev {
        let added: BTreeSet<_> = sources.difference(&base[directive]).copied().collect();
        let allowed = match *directive {
            "connect-src" => BTreeSet::from(DEV),
            "style-src" => BTreeSet::from(["'unsafe-inline'"]),
            _ => BTreeSet::new(),
        };
        assert!(added.is_subset(&allowed), "{directive} also allows {added:?}");
    }
}

#[test]
fn the_page_has_one_capability_and_no_plugin_that_reads_files_runs_programs_or_fetches() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/capabilities");
    let files: Vec<_> = std::fs::read_dir(folder).expect("it is there").flatten().collect();
    assert_eq!(files.len(), 1, "one file names each command");
    let capability = include_str!("../../src-tauri/capabilities/main.json");
    let capability: Value = serde_json::from_str(capability).expect("JSON");
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(capability.get("remote").is_none(), "no other origin may call");
    for name in capability["permissions"].as_array().expect("a list") {
        let name = name.as_str().expect("text");
        let plain = name.starts_with("allow-") || name.starts_with("core:event:allow-");
        assert!(plain && !name.contains('*'), "{name} is no command by its name");
    }
    let root = include_str!("../../Cargo.toml");
    for plugin in ["tauri-plugin-fs", "tauri-plugin-shell", "tauri-plugin-http", "tauri-plugin-process"] {
        assert!(!root.contains(plugin), "{plugin} is no plugin for this app");
    }
    let tauri = root.lines().find(|line| line.starts_with("tauri = ")).expect("the framework");
    assert!(!tauri.contains("devtools"), "developer tools are not in a release");
}

#[test]
fn nobody_asks_tls_for_its_keys_or_takes_any_certificate() {
    // In two pieces, so that this file passes too.
    let forbidden =
        [("tls_sslkey", "logfile"), ("KeyLog", "File"), ("danger_accept_", "invalid"), ("SSLKEY", "LOGFILE")];
    for file in crate::tree::files().iter().filter(|file| file.is(&[".rs"])) {
        for (name, end) in forbidden {
            let name = format!("{name}{end}");
            assert!(!file.text.contains(&name), "{} has {name}", file.path);
        }
    }
}

#[test]
fn the_window_is_held_to_its_own_pages_and_opens_no_other() {
    let window = include_str!("../../src-tauri/src/window.rs");
    for held in [".on_navigation(is_own)", "NewWindowResponse::Deny", "WebviewUrl::default()"] {
        assert!(window.contains(held), "{held} is gone");
    }
    let opener: Vec<_> = crate::tree::files()
        .into_iter()
        .filter(|file| file.path.starts_with("src-tauri/src/") && file.text.contains(".open_url("))
        .map(|file| file.path)
        .collect();
    assert_eq!(opener, ["src-tauri/src/links.rs"], "one opener, one call");
}
