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
