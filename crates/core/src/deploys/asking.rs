//! What the platform knows of a key, asked again and again: an answer that is known already is not read once more.

use crate::client::Mark;
use crate::error::{Code, Failure};
use crate::session::{Session, lock};
use nineheads_contract::IdempotencyKey;
use nineheads_contract::deploys::{DeployProgress, PollByKey};
use std::collections::HashMap;
use std::sync::Mutex;

/// The newest answer of each key that is being asked about, with what it is known again by.
#[derive(Debug, Default)]
pub(crate) struct DeployAnswers(Mutex<HashMap<IdempotencyKey, (Mark, DeployProgress)>>);

impl DeployAnswers {
    /// Nobody asks about the key any more.
    pub(super) fn forget(&self, key: &IdempotencyKey) {
        lock(&self.0).remove(key);
    }

    /// That a key is not known must be said anew each time: because of it the same bytes may go out once more.
    fn keep(&self, key: &IdempotencyKey, mark: Mark, progress: &DeployProgress) {
        match progress.found {
            Some(true) => drop(lock(&self.0).insert(key.clone(), (mark, progress.clone()))),
            _ => self.forget(key),
        }
    }
}

impl Session {
    /// What the platform knows of a key, and in how many bytes it said so.
    pub(super) async fn ask_by_key(&self, key: &IdempotencyKey) -> Result<(usize, DeployProgress), Failure> {
        let known = lock(&self.deploy_answers.0).get(key).cloned();
        let ask = PollByKey { key: key.clone() };
        let look = self.polls.look(&ask, known.as_ref().map(|(mark, _)| mark)).await?;
        let is_new = look.value.is_some();
        let progress = look.value.or(known.map(|(_, progress)| progress));
        let progress = progress.ok_or_else(|| Failure::new(Code::Unreadable, "nothing new of nothing"))?;
        if is_new && !progress.logs.is_empty() {
            lock(&self.deploy_logs).insert(key.clone(), progress.logs.clone());
        }
        self.deploy_answers.keep(key, look.mark, &progress);
        Ok((look.bytes, progress))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_finds_nothing_is_not_held() {
        let (answers, key) = (DeployAnswers::default(), IdempotencyKey::from("k"));
        let said = |found| DeployProgress { found, ..DeployProgress::default() };
        let is_held = || lock(&answers.0).contains_key(&key);
        answers.keep(&key, Mark::of_body(b"{}"), &said(Some(true)));
        assert!(is_held());
        answers.keep(&key, Mark::of_body(b"[]"), &said(Some(false)));
        assert!(!is_held());
        answers.keep(&key, Mark::of_body(b"{}"), &said(None));
        assert!(!is_held());
        answers.keep(&key, Mark::of_body(b"{}"), &said(Some(true)));
        answers.forget(&key);
        assert!(!is_held());
    }
}
