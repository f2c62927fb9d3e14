//! Somebody at a terminal: the program, its surroundings, and what came of it.

use nineheads_platform::{Options, Server, serve};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// The one document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The word for programs in the failure on standard error.
    pub(crate) fn failure(&self) -> String {
        let failure: Value =
            serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        failure["error"]["code"].as_str().expect("a code").to_owned()
    }
}

/// A folder and an environment of its own.
pub(crate) struct Terminal {
    folder: TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Terminal {
    /// Nothing is known and nothing is set.
    pub(crate) fn bare() -> Self {
        Self { folder: TempDir::new().expect("a folder"), environment: Vec::new() }
    }

    /// With a platform and its key in the environment.
    pub(crate) fn at(url: &str, key: &str) -> Self {
        Self::bare().with("NINEHEADS_URL", url).with("NINEHEADS_API_KEY", key)
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn run(&self, words: &[&str]) -> Said {
        self.say(words, "").await
    }

    /// The program with these words, not yet started.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nineheads"));
        // No session bus: no keystore of whoever runs the tests is asked.
        command.env_clear().env("NINEHEADS_DATA", self.folder.path());
        // Without it no program of Windows starts.
        command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        command
    }

    /// Runs it with something on standard input.
    pub(crate) async fn say(&self, words: &[&str], input: &str) -> Said {
        let mut command = self.command(words);
        let mut child = command.spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("it listens");
        // Whoever reads nothing has gone before.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let output = child.wait_with_output().await.expect("it ends");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
        Said {
            code: output.status.code().unwrap_or_else(|| panic!("{words:?}: {}", output.status)),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// One that must succeed.
    pub(crate) async fn done(&self, words: &[&str]) -> Said {
        let said = self.run(words).await;
        assert_eq!(said.code, 0, "{words:?}: {said:?}");
        said
    }
}

/// A platform where everything happens at once and nothing fails.
pub(crate) async fn platform(fleet: u32) -> Server {
    serve(Options { fleet: Some(fleet), speed: 0.0, no_failures: true, ..Options::default() })
        .await
        .expect("it starts")
}

/// The same with twelve instances, of which one was dead before, and its admin.
pub(crate) async fn admin_of_one_dead() -> (Server, Terminal) {
    let terminal = Terminal::bare();
    let data = Some(terminal.folder().join("platform"));
    let before = Options { data, fleet: Some(12), speed: 0.0, ..Options::default() };
    serve(before.clone()).await.expect("it starts").stop().await;
    let server = serve(Options { no_failures: true, ..before }).await.expect("it starts again");
    let url = server.url();
    let terminal = terminal.with("NINEHEADS_URL", &url).with("NINEHEADS_API_KEY", &server.keys().admin);
    (server, terminal)
}

/// A platform with its admin at a terminal.
pub(crate) async fn admin(fleet: u32) -> (Server, Terminal) {
    let server = platform(fleet).await;
    let terminal = Terminal::at(&server.url(), &server.keys().admin);
    (server, terminal)
}

/// An instance that runs: its id and its name.
pub(crate) async fn running(terminal: &Terminal) -> (String, String) {
    let list = terminal.done(&["instances", "list", "--phase", "running", "--json"]).await.json();
    let text = |field: &str| list["instances"][0][field].as_str().expect("one runs").to_owned();
    (text("id"), text("agent_name"))
}

/// Waits for what must come.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let wait = async {
        let mut looks = tokio::time::interval(Duration::from_millis(10));
        while !is_so() {
            looks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("it comes");
}
