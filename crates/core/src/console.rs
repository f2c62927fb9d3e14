//! What a shell may ask about one instance besides looking at it: configuration, policy, conversations, usage, acts.
//! Each is the session's method of the same name, and fails with [`Code::NoSession`](crate::Code::NoSession) when no
//! profile is open.

mod talks;

use crate::Console;
use crate::admin::{CleanupDone, CleanupPlan};
use crate::config::{
    ConfigChange, ConfigChoice, ConfigDraft, ConfigPlan, ConfigSaved, ConfigVersion, ConfigView,
};
use crate::consent::ConsentView;
use crate::conversations::{ConversationsView, TranscriptView};
use crate::diagnosis::DiagnosisStep;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::history::InstanceHistory;
use crate::logs::LogQuery;
use crate::model_policy::{ModelPolicySaved, ModelPolicyView};
use crate::platform_config::{PlatformConfigSaved, PlatformConfigView, SkillUse};
use crate::session::Session;
use crate::usage::{Budget, FleetUsageView, UsageView};
use chrono::{DateTime, Utc};
use nineheads_contract::admin::KeyRotated;
use nineheads_contract::updates::UpdatesApplied;
use nineheads_contract::{ConversationId, InstanceId};
use serde_json::{Map, Value};
use std::sync::Arc;

#[allow(
    clippy::missing_errors_doc,
    reason = "the module says it for all: no session, or the session's own reasons"
)]
impl Console {
    /// What this app itself has seen of an instance.
    pub fn history(&self, id: &InstanceId) -> Result<InstanceHistory, Failure> {
        self.session()?.history(id)
    }

    /// Walks from the platform's name to the agent's channels; `on_step` gets each step as it is known.
    pub async fn diagnose_instance(
        &self,
        id: &InstanceId,
        mut on_step: impl FnMut(DiagnosisStep) + Send,
    ) -> Result<Vec<DiagnosisStep>, Failure> {
        let session = self.session()?;
        // It would begin with the platform's name, and ask strangers for it.
        session.need_key()?;
        Ok(session.diagnose_instance(id, &mut on_step).await)
    }

    /// Applies what is pending.
    pub async fn apply_updates(&self, id: &InstanceId) -> Result<UpdatesApplied, Failure> {
        let id = id.clone();
        self.to_the_end(|session| async move { session.apply_updates(&id).await }).await
    }

    /// Has the agent fetch a fresh key.
    pub async fn rotate_key(&self, id: &InstanceId) -> Result<KeyRotated, Failure> {
        let id = id.clone();
        self.to_the_end(|session| async move { session.rotate_key(&id).await }).await
    }

    /// What a clean-up would delete.
    pub async fn plan_cleanup(&self) -> Result<CleanupPlan, Failure> {
        self.session()?.plan_cleanup().await
    }

    /// Has the platform delete everything dead.
    pub async fn run_cleanup(&self, expected: &[InstanceId]) -> Result<CleanupDone, Failure> {
        let expected = expected.to_vec();
        self.to_the_end(|session| async move { session.run_cleanup(&expected).await }).await
    }

    /// The place of the first matching log row at or after a time.
    pub async fn find_log_time(
        &self,
        id: &InstanceId,
        query: &LogQuery,
        at: DateTime<Utc>,
    ) -> Result<u32, Failure> {
        let (id, query) = (id.clone(), query.clone());
        self.aside(move |session| session.find_log_time(&id, &query, at)).await
    }

    /// The agent's configuration.
    pub async fn open_config(&self, id: &InstanceId) -> Result<ConfigView, Failure> {
        self.session()?.open_config(id).await
    }

    /// The text of a draft.
    pub fn render_config(&self, id: &InstanceId, draft: &ConfigDraft) -> Result<String, Failure> {
        self.session()?.render_config(id, draft)
    }

    /// What saving a draft would do.
    pub async fn plan_config(
        &self,
        id: &InstanceId,
        draft: &ConfigDraft,
        choices: &[ConfigChoice],
    ) -> Result<ConfigPlan, Failure> {
        self.session()?.plan_config(id, draft, choices).await
    }

    /// Sends exactly what a plan showed.
    pub async fn save_config(&self, id: &InstanceId, plan: &str) -> Result<ConfigSaved, Failure> {
        let (id, plan) = (id.clone(), plan.to_owned());
        self.to_the_end(|session| async move { session.save_config(&id, &plan).await }).await
    }

    /// Kept versions, newest first.
    pub fn list_config_versions(&self, id: &InstanceId) -> Result<Vec<ConfigVersion>, Failure> {
        self.session()?.list_config_versions(id)
    }

    /// The text of a kept version.
    pub fn config_version(&self, id: &InstanceId, version: i64) -> Result<String, Failure> {
        self.session()?.config_version_text(id, version)
    }

    /// What lies between two kept versions.
    pub fn compare_config_versions(
        &self,
        id: &InstanceId,
        from: i64,
        to: i64,
    ) -> Result<Vec<ConfigChange>, Failure> {
        self.session()?.compare_config_versions(id, from, to)
    }

    /// What the platform keeps about an instance.
    pub async fn platform_config(&self, id: &InstanceId) -> Result<PlatformConfigView, Failure> {
        self.session()?.platform_config(id).await
    }

    /// Sends the touched fields, each whole.
    pub async fn patch_platform_config(
        &self,
        id: &InstanceId,
        fields: Map<String, Value>,
    ) -> Result<PlatformConfigSaved, Failure> {
        let id = id.clone();
        self.to_the_end(|session| async move { session.patch_platform_config(&id, fields).await }).await
    }

    /// Where skills are used, as far as was read.
    pub fn skill_use(&self) -> Result<SkillUse, Failure> {
        self.session()?.skill_use()
    }

    /// What is known of the model policy.
    pub async fn model_policy(&self, id: &InstanceId) -> Result<ModelPolicyView, Failure> {
        self.session()?.model_policy(id).await
    }

    /// Sends the whole policy.
    pub async fn update_model_policy(
        &self,
        id: &InstanceId,
        policy: Map<String, Value>,
    ) -> Result<ModelPolicySaved, Failure> {
        let id = id.clone();
        self.to_the_end(|session| async move { session.update_model_policy(&id, policy).await }).await
    }

    /// What is known of consent.
    pub fn consent(&self, id: &InstanceId) -> Result<ConsentView, Failure> {
        Ok(self.session()?.consent(id))
    }

    /// Grants or revokes; a grant has a purpose.
    pub async fn set_consent(
        &self,
        id: &InstanceId,
        granted: bool,
        purpose: &str,
    ) -> Result<ConsentView, Failure> {
        let (id, purpose) = (id.clone(), purpose.to_owned());
        self.to_the_end(|session| async move { session.set_consent(&id, granted, &purpose).await }).await
    }

    /// The conversations an agent had.
    pub async fn list_conversations(&self, id: &InstanceId, limit: u8) -> Result<ConversationsView, Failure> {
        self.session()?.list_conversations(id, limit).await
    }

    /// One conversation.
    pub async fn conversation(
        &self,
        id: &InstanceId,
        conversation: &ConversationId,
    ) -> Result<TranscriptView, Failure> {
        self.session()?.conversation(id, conversation).await
    }

    /// The usage of a range of days, `2026-11-01` to `2026-11-24`.
    pub async fn usage(&self, id: &InstanceId, from: &str, to: &str) -> Result<UsageView, Failure> {
        self.session()?.usage(id, from, to).await
    }

    /// The usage of the instances that were asked so far.
    pub fn fleet_usage(&self) -> Result<FleetUsageView, Failure> {
        self.session()?.fleet_usage()
    }

    /// Asks the rest, in the background.
    pub fn fetch_fleet_usage(&self) -> Result<(), Failure> {
        self.session()?.fetch_fleet_usage()
    }

    /// Stops asking.
    pub fn stop_fleet_usage(&self) -> Result<(), Failure> {
        self.session()?.stop_fleet_usage();
        Ok(())
    }

    /// All budgets.
    pub fn budgets(&self) -> Result<Vec<Budget>, Failure> {
        self.session()?.budgets()
    }

    /// Sets a budget, or removes it.
    pub fn set_budget(&self, scope: &str, monthly_usd: Option<&str>) -> Result<Vec<Budget>, Failure> {
        self.session()?.set_budget(scope, monthly_usd)
    }

    /// A link was handed over and waits to be asked for.
    pub fn announce_link(&self) {
        self.0.events.announce(Event::LinkCame);
    }

    /// Does what may take seconds where it keeps nobody else waiting: reading through a million lines.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Session) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let session = self.session()?;
        let task = tokio::task::spawn_blocking(move || act(&session));
        task.await.unwrap_or_else(|error| Err(Failure::new(Code::Storage, error.to_string())))
    }

    /// Does something that must not be cut in half when the window that asked goes away.
    pub(crate) async fn to_the_end<T, F>(&self, act: impl FnOnce(Arc<Session>) -> F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failure>> + Send + 'static,
    {
        let task = tokio::spawn(act(self.session()?));
        task.await.unwrap_or_else(|error| Err(Failure::new(Code::MayHaveArrived, error.to_string())))
    }
}
