//! A bundle for those who help: it has what they need, and nothing that they must not have.

use super::{platform, request};
use nineheads_core::support::{BundleName, BundleParts};
use nineheads_platform::{Fault, FaultRule};
use nineheads_tests::console::Desk;
use serde_json::json;

#[tokio::test]
async fn a_bundle_has_states_and_names_but_no_key_no_body_and_no_person() {
    let (desk, server) = (Desk::new(), platform(3).await);
    let key = server.keys().admin.clone();
    desk.connect(&server.url(), &key).await.expect("connects");
    desk.rows_when(|rows| rows.facts.total == 3).await;
    let deploy =
        desk.console.start_deploy(request(&desk.console, "Secret project").await).await.expect("goes");
    server.faults().set(vec![FaultRule::new("rotate_agent_key", Fault::status(500))]);
    let logs = desk.folder().join("logs");
    std::fs::create_dir_all(&logs).expect("made");
    let log = format!(
        "2026-11-25 [INFO] core: looked\n2026-11-25 [WARN] core: the key {key} of mara@example.org was refused, \
         sk-0123456789abcdefghij\n2026-11-25 [INFO] {}/x\n",
        desk.folder().display()
    );
    std::fs::write(logs.join("Nineheads.log"), log).expect("written");
    let given = BundleParts {
        versions: vec![("Nineheads".into(), "0.1.0".into())],
        preferences: json!({ "lastView": format!("/welcome?key={key}") }),
        log_folder: Some(logs),
        home: Some(desk.folder().to_owned()),
    };
    let parts = desk.console.support_bundle(&given);
    let text = |name: BundleName| &parts.iter().find(|part| part.name == name).expect("it is there").text;
    assert!(text(BundleName::Versions).contains("Nineheads: 0.1.0"));
    assert!(text(BundleName::Profiles).contains("Test · 127.0.0.1 · ApiKey"));
    assert!(text(BundleName::Poller).contains("live"));
    assert!(
        text(BundleName::Failures).contains("was refused") && !text(BundleName::Failures).contains("looked")
    );
    assert!(text(BundleName::Deploys).contains(deploy.key.as_str()));
    assert!(text(BundleName::Storage).contains("journal.db"));
    assert!(text(BundleName::Log).contains("looked") && text(BundleName::Log).contains("~/x"));
    for part in &parts {
        for secret in [key.as_str(), &key[key.len() - 12..], "sk-0123", "mara@", "Secret project"] {
            assert!(!part.text.contains(secret), "{secret} in {:?}: {}", part.name, part.text);
        }
    }
}

#[tokio::test]
async fn without_a_session_and_without_a_log_there_is_still_a_bundle() {
    let desk = Desk::new();
    let given = BundleParts { versions: Vec::new(), preferences: json!(null), log_folder: None, home: None };
    assert_eq!(desk.console.support_bundle(&given).len(), 8);
}
