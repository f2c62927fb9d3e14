//! Each way a command can end has its number, and a failure says in a sentence what happened.

use crate::terminal::{Terminal, admin, admin_of_one_dead, platform, running};
use nineheads_core::deploys::DeployState;
use nineheads_platform::{Fault, FaultRule};

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

#[track_caller]
fn ends(said: &crate::terminal::Said, code: i32, word: &str) {
    assert_eq!((said.code, said.failure().as_str()), (code, word), "{said:?}");
    assert_eq!(said.out, "", "what failed is not on standard output");
}

#[tokio::test]
async fn what_is_not_there_is_3() {
    let (_server, terminal) = admin(3).await;
    for name in [NOBODY, "nobody"] {
        ends(&terminal.run(&["instances", "show", name, "--json"]).await, 3, "notFound");
    }
    ends(&terminal.run(&["deploy", "--key", "no-such-key", "--json"]).await, 3, "notFound");
    let nothing = terminal.run(&["instances", "delete", NOBODY, "--confirm", NOBODY, "--json"]).await;
    ends(&nothing, 3, "notFound");
}

#[tokio::test]
async fn a_deploy_of_another_platform_is_3_and_is_not_sent_to_this_one() {
    let (one, terminal) = admin(1).await;
    let words = ["deploy", "--region", "eu-central", "--tier", "Starter", "--name", "Lost", "--json"];
    one.faults().set(vec![FaultRule::new("create_instance", Fault::CutAfterCommit).times(1)]);
    let lost = terminal.run(&words).await.json();
    let key = lost["deploy"]["key"].as_str().expect("its key is told");
    let other = platform(1).await;
    let file = terminal.folder().join("other");
    std::fs::write(&file, &other.keys().admin).expect("writes");
    let there = ["--url", &other.url(), "--api-key-file", &file.to_string_lossy()];
    for more in [&["--wait"][..], &["--resend"]] {
        let asked = [&["deploy", "--key", key, "--json"][..], more, &there].concat();
        ends(&terminal.run(&asked).await, 3, "notFound");
    }
    assert_eq!(other.counts().of("create_instance") + other.counts().of("poll_by_key"), 0);
}

#[tokio::test]
async fn a_platform_that_is_named_by_halves_or_twice_is_2_and_nothing_is_asked() {
    let server = platform(1).await;
    let (url, key) = (server.url(), server.keys().admin.clone());
    let list = ["instances", "list", "--json"];
    let bare = Terminal::bare;
    for terminal in [
        bare().with("NINEHEADS_API_KEY", &key),
        bare().with("NINEHEADS_URL", "").with("NINEHEADS_API_KEY", &key),
        bare().with("NINEHEADS_URL", &url).with("NINEHEADS_API_KEY", " "),
        bare().with("NINEHEADS_URL", &url).with("NINEHEADS_API_KEY", &key).with("NINEHEADS_PROFILE", "Work"),
    ] {
        ends(&terminal.run(&list).await, 2, "usage");
    }
    let elsewhere = bare().with("NINEHEADS_URL", "https://other.example").with("NINEHEADS_API_KEY", &key);
    ends(&elsewhere.run(&[&list[..], &["--url", &url]].concat()).await, 2, "usage");
    assert_eq!(server.counts().of("list_instances"), 0, "the key of one address goes to no other");
}

#[tokio::test]
async fn no_key_a_wrong_one_and_no_profile_are_8() {
    let server = platform(1).await;
    let keyless = Terminal::bare().with("NINEHEADS_URL", &server.url());
    ends(&keyless.run(&["instances", "list", "--json"]).await, 8, "noKey");
    let wrong = Terminal::at(&server.url(), "hc_live_00000000000000000000000000000000");
    ends(&wrong.run(&["instances", "list", "--json"]).await, 8, "credentialRefused");
    ends(&Terminal::bare().run(&["instances", "list", "--json"]).await, 8, "noProfile");
    ends(&Terminal::bare().run(&["instances", "list", "--profile", "x", "--json"]).await, 8, "noProfile");
}

#[tokio::test]
async fn a_key_comes_from_a_file_or_standard_input_and_never_as_an_argument() {
    let server = platform(1).await;
    let terminal = Terminal::bare();
    let words = ["instances", "list", "--url", &server.url(), "--api-key-file"];
    let said = terminal.say(&[&words[..], &["-"]].concat(), &format!("{}\n", server.keys().admin)).await;
    assert_eq!(said.code, 0, "{said:?}");
    let file = terminal.folder().join("key");
    std::fs::write(&file, &server.keys().admin).expect("writes");
    terminal.done(&[&words[..], &[&file.to_string_lossy()]].concat()).await;
    assert_eq!(terminal.run(&["instances", "list", "--api-key", "x"]).await.code, 2);
}

#[tokio::test]
async fn a_missing_scope_is_4_and_named() {
    let (server, admin) = admin(3).await;
    let (id, name) = running(&admin).await;
    let reader = Terminal::at(&server.url(), &server.keys().read_only);
    let said = reader.run(&["instances", "delete", &id, "--confirm", &name, "--json"]).await;
    ends(&said, 4, "notAllowed");
    assert!(said.err.contains("instances:delete"));
    ends(&admin.run(&["conversations", "list", &id, "--json"]).await, 4, "notAllowed");
}

#[tokio::test]
async fn what_is_not_confirmed_or_read_only_is_4_and_nothing_is_sent() {
    let (server, terminal) = admin_of_one_dead().await;
    let (id, name) = running(&terminal).await;
    let delete = ["instances", "delete", id.as_str(), "--json"];
    for more in [&[][..], &["--yes"], &["--confirm", "another"]] {
        let said = terminal.run(&[&delete[..], more].concat()).await;
        ends(&said, 4, "notConfirmed");
        assert!(said.err.contains("everything on it is lost"));
    }
    ends(&terminal.run(&[&delete[..], &["--confirm", &name, "--read-only"]].concat()).await, 4, "readOnly");
    ends(&terminal.run(&["cleanup", "--confirm", "99", "--json"]).await, 4, "notConfirmed");
    let sent = ["delete_instance", "cleanup_instances"].map(|operation| server.counts().of(operation));
    assert_eq!(sent, [0, 0]);
}

#[tokio::test]
async fn a_state_that_forbids_it_and_a_name_that_two_have_are_5() {
    let (_server, terminal) = admin_of_one_dead().await;
    let failed = terminal.done(&["instances", "list", "--phase", "failed", "--json"]).await.json();
    let failed = failed["instances"][0]["id"].as_str().expect("one is dead").to_owned();
    ends(&terminal.run(&["config", "get", &failed, "--json"]).await, 5, "conflict");
    for _ in 0..2 {
        terminal
            .done(&["deploy", "--region", "eu-central", "--tier", "Starter", "--name", "Twin", "--wait"])
            .await;
    }
    ends(&terminal.run(&["instances", "show", "Twin", "--json"]).await, 5, "ambiguous");
}

#[tokio::test]
async fn where_nobody_listens_is_6() {
    let server = platform(1).await;
    let url = server.url();
    server.stop().await;
    let terminal = Terminal::at(&url, "hc_live_00000000000000000000000000000000");
    ends(&terminal.run(&["instances", "list", "--json"]).await, 6, "offline");
}

#[tokio::test]
async fn what_nobody_knows_is_7() {
    let (server, terminal) = admin(3).await;
    let (id, _) = running(&terminal).await;
    server.faults().set(vec![FaultRule::new("apply_updates", Fault::Cut)]);
    ends(&terminal.run(&["updates", "apply", &id, "--json"]).await, 7, "mayHaveArrived");
    assert_eq!(server.counts().of("apply_updates"), 1, "it is not sent again");
}

#[tokio::test]
async fn a_deploy_whose_answer_was_lost_is_taken_up_by_its_key_and_makes_one_server() {
    let (server, terminal) = admin(1).await;
    let words = ["deploy", "--region", "eu-central", "--tier", "Starter", "--name", "Lost", "--json"];
    server.faults().set(vec![FaultRule::new("create_instance", Fault::CutAfterCommit).times(1)]);
    let lost = terminal.run(&words).await;
    assert_eq!((lost.code, lost.failure().as_str()), (7, "mayHaveArrived"));
    let key = lost.json()["deploy"]["key"].as_str().expect("its key is told").to_owned();
    assert_eq!(lost.json()["deploy"]["state"], serde_json::json!(DeployState::Unknown));
    ends(&terminal.run(&words).await, 5, "deployOpen");
    let found = terminal.done(&["deploy", "--key", &key, "--wait", "--json"]).await;
    let last: serde_json::Value =
        serde_json::from_str(found.out.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last["deploy"]["state"], "ready");
    assert_eq!((server.counts().created, server.counts().of("create_instance")), (1, 1));
}

#[tokio::test]
async fn what_can_not_be_understood_is_2_and_what_the_platform_does_not_want_is_1() {
    let (server, terminal) = admin(3).await;
    assert_eq!(terminal.run(&["instances", "fly"]).await.code, 2);
    ends(&terminal.run(&["deploy", "--region", "x", "--tier", "none such", "--json"]).await, 2, "usage");
    let (id, _) = running(&terminal).await;
    server.faults().set(vec![FaultRule::new("apply_updates", Fault::status(400))]);
    ends(&terminal.run(&["updates", "apply", &id, "--json"]).await, 1, "invalid");
    let people = terminal.run(&["instances", "show", "nobody"]).await;
    assert_eq!(people.err, "nineheads: No instance is called \"nobody\".\n");
}

#[tokio::test]
async fn help_tells_the_numbers() {
    let said = Terminal::bare().done(&["--help"]).await;
    let page = include_str!("../../../../docs/cli.md");
    for number in 0..=8 {
        assert!(said.out.contains(&format!("\n  {number}  ")), "{number} is not in --help");
        assert!(page.contains(&format!("| {number} |")), "{number} is not in docs/cli.md");
    }
}
