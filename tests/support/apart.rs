//! A platform in a process of its own: its memory is not the console's. What it does is `apart/program.rs`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// What it shall do next.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Order {
    /// Rows that change.
    pub rows: u32,
    /// What happens to them.
    pub seed: u64,
    /// What goes wrong from now on, as a file of faults spells it.
    pub faults: Value,
}

/// What it says once that is done.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Where it listens.
    pub url: String,
    /// Its admin's key.
    pub key: String,
    /// How often it was asked for the list.
    pub asked: u64,
}

/// See the module. It goes with its owner.
pub struct Apart {
    /// Where it listens.
    pub url: String,
    /// Its admin's key.
    pub key: String,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    child: Child,
}

impl Apart {
    /// Starts the program at `path` with so many instances.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(path: &str, fleet: u32) -> Self {
        let mut command = Command::new(path);
        command.arg(fleet.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the platform's program starts");
        let input = child.stdin.take().expect("piped");
        let mut output = BufReader::new(child.stdout.take().expect("piped")).lines();
        let Answer { url, key, .. } = heard(&mut output).await;
        Self { url, key, input, output, child }
    }

    /// Changes rows and faults; returns how often the list was asked for.
    ///
    /// # Panics
    /// When it does not obey.
    pub async fn order(&mut self, rows: u32, seed: u64, faults: &[Value]) -> u64 {
        let order = Order { rows, seed, faults: json!(faults) };
        let line = format!("{}\n", serde_json::to_string(&order).expect("JSON"));
        self.input.write_all(line.as_bytes()).await.expect("it listens");
        heard(&mut self.output).await.asked
    }

    /// Ends it.
    ///
    /// # Panics
    /// When it can not be ended.
    pub async fn stop(mut self) {
        self.child.kill().await.expect("it ends");
    }
}

async fn heard(output: &mut Lines<BufReader<ChildStdout>>) -> Answer {
    let line = output.next_line().await.expect("it says something").expect("it goes on");
    serde_json::from_str(&line).expect("JSON")
}
