//! The way of a draft to the server and back.

use super::plan::{Plan, Situation, StoredPlan, differing, learn, plan};
use super::show::{changes, conflict};
use super::{ConfigChoice, ConfigDraft, ConfigOrigin, ConfigPlan, ConfigSaved, draft};
use crate::client::Condition;
use crate::error::{Code, Failure};
use crate::session::{Session, lock};
use nineheads_contract::InstanceId;
use nineheads_contract::config::{GetConfig, UpdateConfig};
use serde_json::json;
use uuid::Uuid;

impl Session {
    /// Reads the server's document anew and says what saving would do. The plan is kept: what was shown is what is sent.
    pub(crate) async fn plan_config(
        &self,
        id: &InstanceId,
        draft: &ConfigDraft,
        choices: &[ConfigChoice],
    ) -> Result<ConfigPlan, Failure> {
        let base = self.cache.config_version(id, draft.base)?;
        let mine = draft::apply(&base, draft)?;
        let (current, theirs, etag) = self.fetch_config(id).await?;
        let Plan { merged, sends, body, obstacle, shrinks } = plan(&Situation {
            base: &base,
            mine: &mine,
            theirs: &theirs,
            choices,
            writes: self.config_writes(),
            restores_marks: self.restores_marks(id),
        });
        let plan_id = Uuid::new_v4().to_string();
        let shown = changes(&theirs, &merged.document);
        let bytes = body.as_ref().map_or(0, |body| serde_json::to_vec(body).map_or(0, |bytes| bytes.len()));
        let their_changes = changes(&base, &theirs);
        if let Some(body) = body {
            let stored = StoredPlan {
                id: plan_id.clone(),
                body,
                wanted: merged.document,
                current: theirs,
                sends,
                etag,
                changes: u32::try_from(shown.len()).unwrap_or(u32::MAX),
            };
            lock(&self.config_plans).insert(id.clone(), stored);
        }
        Ok(ConfigPlan {
            id: plan_id,
            current,
            changed_meanwhile: !their_changes.is_empty(),
            their_changes,
            conflicts: merged.conflicts.iter().map(conflict).collect(),
            changes: shown,
            sends,
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
            obstacle,
            shrinks,
        })
    }

    /// Sends exactly what a plan showed, reads back and compares.
    ///
    /// # Errors
    /// [`Code::Conflict`] when somebody wrote after the plan was made; [`Code::MayHaveArrived`] when nobody knows.
    pub(crate) async fn save_config(&self, id: &InstanceId, plan: &str) -> Result<ConfigSaved, Failure> {
        let stored = lock(&self.config_plans).remove(id).filter(|stored| stored.id == plan);
        let stored =
            stored.ok_or_else(|| Failure::new(Code::Conflict { message: None }, "the plan is old"))?;
        self.check_unchanged(id, &stored).await?;
        let update = UpdateConfig { id: id.clone(), document: stored.body.clone() };
        let condition = stored.etag.as_deref().map_or(Condition::None, Condition::IfMatch);
        let detail = json!({ "changes": stored.changes, "sends": stored.sends });
        let entry = self.enter("update_config", id, detail);
        let sent = self.call_with(&update, condition).await;
        entry.end(&sent);
        sent?;
        self.note_act(id, "update_config", Some(stored.changes.to_string()));
        let Ok(read_back) = self.call(&GetConfig { id: id.clone() }).await else {
            let version = self.keep_config(id, &stored.wanted, ConfigOrigin::Saved)?;
            return Ok(ConfigSaved {
                version,
                verified: false,
                differs: Vec::new(),
                writes: self.config_writes(),
            });
        };
        let known = self.config_writes();
        let learned = learn(&stored, &read_back, known);
        if learned != known {
            self.learn_config_writes(learned);
        }
        let version = self.keep_config(id, &read_back, ConfigOrigin::Saved)?;
        let differs = differing(&stored.wanted, &read_back);
        Ok(ConfigSaved { version, verified: true, differs, writes: learned })
    }

    /// A platform without validators can not refuse a stale write: look once more right before.
    async fn check_unchanged(&self, id: &InstanceId, stored: &StoredPlan) -> Result<(), Failure> {
        if stored.etag.is_some() {
            return Ok(());
        }
        let (_, now, _) = self.fetch_config(id).await?;
        match now == stored.current {
            true => Ok(()),
            false => {
                Err(Failure::new(Code::Conflict { message: None }, "it was written after the plan was made"))
            }
        }
    }

    /// OpenClaw is known to put the real value back where its mark returns.
    fn restores_marks(&self, id: &InstanceId) -> bool {
        let view = self.instance(id);
        let runtime = view.detail.map(|detail| detail.value.runtime_type);
        let runtime = runtime.or_else(|| view.summary.map(|row| row.runtime_type)).flatten();
        runtime.as_deref() == Some("expressclaw")
    }
}
