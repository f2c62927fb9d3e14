//! The platform as a program of its own: what it says, what it refuses, how it ends, what survives its death.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A running program that does not outlive its test.
struct Program {
    child: Child,
    url: String,
    keys: Value,
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nineheads-platform"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("it runs")
}

fn start(arguments: &[&str]) -> Program {
    let mut child = command(arguments).spawn().expect("it starts");
    let mut line = String::new();
    let out = child.stdout.as_mut().expect("piped");
    BufReader::new(out).read_line(&mut line).expect("a first line");
    let said: Value = serde_json::from_str(&line).expect("the first line is JSON");
    let url = said["url"].as_str().expect("an address").to_owned();
    Program { child, url, keys: said["keys"].clone() }
}

impl Program {
    async fn get(&self, path: &str) -> Value {
        let key = self.keys["admin"].as_str().expect("a key");
        let request = reqwest::Client::new().get(format!("{}{path}", self.url)).header("X-Api-Key", key);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    async fn create(&self, idempotency_key: &str) {
        let key = self.keys["admin"].as_str().expect("a key");
        let body = serde_json::json!({
            "region_id": "eu-central", "tier_id": "7e1a5b90-3c2d-4e6f-8a10-000000000001",
            "idempotency_key": idempotency_key,
        });
        let request = reqwest::Client::new().post(format!("{}/v1/instances", self.url));
        let answer = request.header("X-Api-Key", key).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
    }

    /// Polls a deploy until it is as wanted.
    async fn until(&self, key: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        loop {
            looks.tick().await;
            let progress = self.get(&format!("/v1/instances/by-key/{key}")).await;
            if wanted(&progress) {
                return progress;
            }
            assert!(Instant::now() < deadline, "gave up at {progress}");
        }
    }
}

#[tokio::test]
async fn the_first_line_says_where_it_is_and_gives_five_keys() {
    let program = start(&["--fleet", "3", "--seed", "9", "--no-failures"]);
    assert!(program.url.starts_with("http://127.0.0.1:"));
    for name in ["admin", "customer", "other_customer", "other_tenant", "read_only"] {
        let key = program.keys[name].as_str().expect("a key");
        assert!(key.starts_with("hc_live_") && key.len() == 40, "{name}");
    }
    assert_eq!(program.get("/v1/instances").await["instances"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_it_can_not_do_it_says_and_names() {
    for (arguments, named) in [
        (&["--flet", "3"][..], "flet"),
        (&["--listen", "0.0.0.0:0"], "not a loopback address"),
        (&["--speed", "-1"], "speed"),
        (&["--config-writes", "append"], "append"),
        (&["--faults", "/nonexistent/faults.json"], "/nonexistent/faults.json"),
    ] {
        let output = run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(named), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn help_names_every_option() {
    let output = run(&["--help"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    for option in
        ["listen", "data", "fleet", "speed", "seed", "no-failures", "config-writes", "rate-limit", "faults"]
    {
        assert!(text.contains(&format!("--{option}")), "{option}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_polite_end_is_a_clean_one() {
    let mut program = start(&[]);
    let pid = program.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
    assert!(program.child.wait().expect("it ends").success());
    let mut rest = String::new();
    program.child.stdout.take().expect("piped").read_to_string(&mut rest).expect("text");
    assert_eq!(rest, "", "nothing but the first line goes to standard output");
}

#[tokio::test]
async fn a_provisioning_survives_a_sudden_death() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |path: &Path, speed| {
        let folder = path.to_str().expect("text").to_owned();
        start(&["--data", &folder, "--speed", speed, "--no-failures"])
    };
    let mut first = at(folder.path(), "10");
    first.create("survivor").await;
    let begun = first.until("survivor", |progress| progress["bootstrap_seq"].as_i64() >= Some(1)).await;
    first.child.kill().expect("it is killed");
    first.child.wait().expect("it is dead");

    let second = at(folder.path(), "0");
    let end = second.until("survivor", |progress| progress["status"] == "running").await;
    assert_eq!(end["instance_id"], begun["instance_id"]);
    let seqs: Vec<_> =
        end["logs"].as_array().expect("lines").iter().map(|line| line["seq"].as_i64()).collect();
    assert!(seqs.is_sorted_by(|a, b| a < b), "no line is told twice");
}

#[tokio::test]
async fn ten_thousand_instances_are_there_within_seconds() {
    let begun = Instant::now();
    let program = start(&["--fleet", "10000"]);
    assert_eq!(program.get("/v1/instances").await["instances"].as_array().map(Vec::len), Some(10_000));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}
