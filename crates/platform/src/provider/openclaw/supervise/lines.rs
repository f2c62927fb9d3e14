//! What is told of a life: stages and lines while it is made, notes later. Secrets are taken out before a line leaves.

use super::failing::plain;
use super::{Failure, Record, Stage, on_thread};
use crate::call::now;
use crate::store::logs::Line;
use std::sync::Arc;
use uuid::Uuid;

/// Lines of an installation or a start that are told while an agent is made.
const MOST_LINES: usize = 800;
/// Lines of one start of a gateway.
const MOST_OF_A_START: usize = 40;
const LONGEST_LINE: usize = 500;
const HIDDEN: &str = "•••";

/// Who tells of one life.
pub(super) struct Speaker {
    record: Arc<dyn Record>,
    agent: Uuid,
    made: bool,
    stage: Stage,
    told: usize,
    secrets: Vec<String>,
    troubled: bool,
}

impl Speaker {
    pub(super) fn new(record: Arc<dyn Record>, agent: Uuid, made: bool) -> Self {
        // An earlier run may have left word of a trouble.
        Self { record, agent, made, stage: Stage::Installing, told: 0, secrets: Vec::new(), troubled: made }
    }

    /// Whether the agent was ready before.
    pub(super) fn is_made(&self) -> bool {
        self.made
    }

    /// Takes a secret out of every line from now on.
    pub(super) fn hide(&mut self, secret: Option<&str>) {
        self.secrets.extend(secret.filter(|secret| secret.len() > 3).map(str::to_owned));
    }

    pub(super) async fn reach(&mut self, stage: Stage, message: &str) {
        self.tell(stage, "info", vec![message.to_owned()]).await;
    }

    pub(super) async fn warn(&mut self, stage: Stage, message: &str) {
        self.tell(stage, "warning", vec![message.to_owned()]).await;
    }

    /// Passes on what a program said in single lines.
    pub(super) async fn pass_on(&mut self, stage: Stage, lines: Vec<String>) {
        if !self.made {
            let room = MOST_LINES.saturating_sub(self.told);
            self.told += lines.len().min(room);
            self.tell(stage, "info", lines.into_iter().take(room).collect()).await;
        }
    }

    /// Passes on the newest lines of what a gateway said before it was ready.
    pub(super) async fn hear(&mut self, stage: Stage, said: &str) {
        let lines: Vec<String> = said.lines().map(plain).filter(|line| !line.is_empty()).collect();
        let newest = lines.len().saturating_sub(MOST_OF_A_START);
        self.pass_on(stage, lines[newest..].to_vec()).await;
    }

    pub(super) async fn ready(&mut self) {
        let was_made = std::mem::replace(&mut self.made, true);
        if was_made {
            self.take_back().await;
            self.tell(Stage::Ready, "info", vec!["the agent answers".to_owned()]).await;
            return;
        }
        let lines = vec![self.line(Stage::Ready, "info", "the agent answers")];
        let (record, agent) = (self.record.clone(), self.agent);
        on_thread(move || record.reach(agent, Stage::Ready, &lines)).await;
    }

    /// The failure that was told holds no more: it runs, or a person has it tried again.
    pub(super) async fn take_back(&mut self) {
        if std::mem::take(&mut self.troubled) {
            let (record, agent) = (self.record.clone(), self.agent);
            on_thread(move || record.trouble(agent, None)).await;
        }
    }

    /// Tells a failure. True where that is the end of a deploy.
    pub(super) async fn fail(&mut self, failure: &Failure) -> bool {
        let failure = Failure { message: self.hidden(&failure.message), ..failure.clone() };
        let line = self.line(self.stage, "error", &format!("{}: {}", failure.code, failure.message));
        let (record, agent, made) = (self.record.clone(), self.agent, self.made);
        self.troubled = true;
        on_thread(move || match made {
            true => {
                record.trouble(agent, Some(&failure));
                record.note(agent, &line);
            }
            false => record.fail(agent, &failure, &[line]),
        })
        .await;
        !made
    }

    async fn tell(&mut self, stage: Stage, level: &'static str, messages: Vec<String>) {
        self.stage = stage;
        let lines: Vec<Line> = messages.iter().map(|message| self.line(stage, level, message)).collect();
        if lines.is_empty() {
            return;
        }
        let (record, agent, made) = (self.record.clone(), self.agent, self.made);
        on_thread(move || match made {
            true => lines.iter().for_each(|line| record.note(agent, line)),
            false => record.reach(agent, stage, &lines),
        })
        .await;
    }

    fn line(&self, stage: Stage, level: &'static str, message: &str) -> Line {
        let message = self.hidden(message).chars().take(LONGEST_LINE).collect();
        Line { at: now(), level, stage: stage.name(), message }
    }

    fn hidden(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN))
    }
}
