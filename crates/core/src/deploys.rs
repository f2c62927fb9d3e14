//! Making instances: one confirmation, at most one server. The journal writes down what was confirmed before a byte
//! leaves; `decide` says what an outcome means; `drive` takes the steps until the deploy is settled.

mod asking;
mod decide;
mod drive;
pub(crate) mod journal;
#[cfg(test)]
mod model;

use crate::client::{Condition, failure_of};
use crate::deploys::journal::Confirmed;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::ledger::LedgerOutcome;
use crate::logs::{LogsView, page};
use crate::polling::{Looked, look_again_and_again};
use crate::profiles::ProfileKind;
use crate::session::{Resource, Session, lock};
pub(crate) use asking::DeployAnswers;
use chrono::{DateTime, Utc};
use decide::Sent;
use drive::{Driver, Now, Step, World, fingerprint_of};
use nineheads_contract::deploys::{CreateInstance, DeployProgress, NewInstance};
use nineheads_contract::instances::Status;
use nineheads_contract::logs::GetLogs;
use nineheads_contract::{Endpoint, IdempotencyKey, InstanceId};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

/// How a deploy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DeployState {
    /// Confirmed and written down; nothing has left this computer.
    Intent,
    /// On its way, no answer yet.
    Sent,
    /// Nobody knows whether it arrived: the platform is being asked by key.
    Unknown,
    /// The platform never got it, and it is too late to send it again unasked.
    Absent,
    /// The platform has it.
    Accepted,
    /// The instance runs.
    Ready,
    /// The platform tried and failed.
    Failed,
    /// The platform did not want it.
    Rejected,
}

impl Deploy {
    fn confirmed(key: IdempotencyKey, request: NewInstance, at: DateTime<Utc>) -> Self {
        Self {
            key,
            state: DeployState::Intent,
            request,
            confirmed_at: at,
            sent_at: None,
            settled_at: None,
            task_id: None,
            instance_id: None,
            hostname: None,
            status: None,
            provisioning_stage: None,
            bootstrap_stage: None,
            bootstrap_seq: None,
            stages: Vec::new(),
            log_count: 0,
            error_message: None,
            failure: None,
            typical_seconds: None,
        }
    }
}

impl DeployState {
    /// Nothing more will happen by itself.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Absent | Self::Ready | Self::Failed | Self::Rejected)
    }

    /// Nobody knows yet whether there is an instance.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Intent | Self::Sent | Self::Unknown)
    }
}

/// When a stage was first seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct StageMark {
    /// `created`, then the platform's own words.
    pub stage: String,
    /// When this app saw it first.
    pub at: DateTime<Utc>,
}

/// One confirmed deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Deploy {
    /// Minted when the person confirmed.
    pub key: IdempotencyKey,
    /// See [`DeployState`].
    pub state: DeployState,
    /// What was confirmed.
    pub request: NewInstance,
    /// When.
    pub confirmed_at: DateTime<Utc>,
    /// When it was first sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was settled.
    pub settled_at: Option<DateTime<Utc>>,
    /// The platform's task.
    pub task_id: Option<String>,
    /// Once the worker has made the row.
    pub instance_id: Option<InstanceId>,
    /// The server's name.
    pub hostname: Option<String>,
    /// The instance's status.
    pub status: Option<Status>,
    /// The platform's word for what it is doing.
    pub provisioning_stage: Option<String>,
    /// `installing`, `configuring`, `securing`, `ready` are documented.
    pub bootstrap_stage: Option<String>,
    /// 1 to 4.
    pub bootstrap_seq: Option<u32>,
    /// Stages in the order they were first seen.
    pub stages: Vec<StageMark>,
    /// Log lines so far.
    pub log_count: u32,
    /// Why the platform failed.
    pub error_message: Option<String>,
    /// Why the newest step failed; none when it did not.
    pub failure: Option<Failure>,
    /// How long deploys of this profile usually take, in seconds.
    pub typical_seconds: Option<u32>,
}

/// The exact request for a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DeployPreview {
    /// The method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// The body; its key is minted when the deploy is confirmed.
    pub json: String,
}

impl Session {
    /// The request as it would be sent.
    pub(crate) fn preview_deploy(&self, request: NewInstance) -> Result<DeployPreview, Failure> {
        let new = tidy(request);
        let pretty = serde_json::to_string_pretty(&new).map_err(unwritable)?;
        let url = self.client.base().join(CreateInstance::ROUTE, &[]).to_string();
        Ok(DeployPreview { method: CreateInstance::METHOD.to_string(), url, json: pretty })
    }

    /// Writes the deploy down, sends it, and returns when the first answer, or its absence, is known.
    ///
    /// # Errors
    /// [`Code::Storage`] when it can not be written down: then nothing is sent. [`Code::DeployOpen`] while the same
    /// request is still being clarified. What the platform refuses is refused here too, and the form keeps its fields.
    pub(crate) async fn start_deploy(self: &Arc<Self>, request: NewInstance) -> Result<Deploy, Failure> {
        self.guard_write()?;
        self.before_call().await?;
        let mut request = tidy(request);
        let fingerprint = fingerprint_of(&mut request)?;
        let mut confirmed = match self.journal.confirming.try_lock() {
            Ok(confirmed) => confirmed,
            // A click that waited behind the same click is that click.
            Err(_) => {
                let confirmed = self.journal.confirming.lock().await;
                match &confirmed.key {
                    Some(key) if confirmed.fingerprint == fingerprint => return self.journal.get(key),
                    _ => confirmed,
                }
            }
        };
        let key = self.driver().confirm(request)?.key;
        *confirmed = Confirmed { fingerprint, key: Some(key.clone()) };
        let entry = self.enter_deploy("create_instance", &self.journal.get(&key)?);
        // The first step is taken here, so that a refusal lands on the form; the rest goes on by itself.
        let first = self.step_deploy(&key).await;
        self.note_outcome(first.as_ref().map(|_| ()));
        let deploy = self.journal.get(&key)?;
        entry.end_deploy(&deploy);
        if deploy.state == DeployState::Rejected {
            let failure =
                deploy.failure.unwrap_or_else(|| Failure::new(Code::Unreadable, "refused without a reason"));
            *confirmed = Confirmed::default();
            self.journal.dismiss(&key)?;
            self.announce(Event::DeployForgotten { key });
            return Err(failure);
        }
        self.drive_deploy(key);
        Ok(deploy)
    }

    /// Goes on with everything that an earlier run, or an earlier session, left unsettled.
    pub(crate) fn resume_deploys(self: &Arc<Self>) -> Result<(), Failure> {
        for deploy in self.journal.all(self.profile_id())? {
            if !deploy.state.is_settled() {
                self.drive_deploy(deploy.key);
            }
        }
        Ok(())
    }

    fn drive_deploy(self: &Arc<Self>, key: IdempotencyKey) {
        let session = self.clone();
        self.want(Resource::Deploy(key.clone()), move |nudge| {
            look_again_and_again(session, nudge, false, move |session| {
                let key = key.clone();
                async move { session.step_deploy(&key).await }
            })
        });
    }

    /// All deploys that were not put away, newest first.
    pub(crate) fn list_deploys(&self) -> Result<Vec<Deploy>, Failure> {
        self.journal.all(self.profile_id())
    }

    /// A deploy of this profile. Another's is unknown here: its platform is another one.
    pub(crate) fn deploy(&self, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        self.journal.get_of(self.profile_id(), key)
    }

    /// Asks the platform now instead of at the next turn.
    pub(crate) fn check_deploy(self: &Arc<Self>, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        let deploy = self.deploy(key)?;
        if !deploy.state.is_settled() {
            self.drive_deploy(key.clone());
        }
        Ok(deploy)
    }

    /// Sends a deploy that never arrived once more: the same key, the same bytes.
    pub(crate) async fn resend_deploy(self: &Arc<Self>, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        self.guard_write()?;
        self.before_call().await?;
        self.deploy(key)?;
        let deploy = self.driver().want_again(key)?;
        if !deploy.state.is_settled() {
            self.enter_deploy("resend_deploy", &deploy).close(LedgerOutcome::Done, None);
            self.drive_deploy(key.clone());
        }
        Ok(deploy)
    }

    /// Puts a settled deploy away. One that nobody knows the end of stays.
    pub(crate) fn dismiss_deploy(&self, key: &IdempotencyKey) -> Result<(), Failure> {
        let deploy = self.deploy(key)?;
        if deploy.state.is_open() {
            return Err(Failure::new(Code::DeployOpen { key: key.clone() }, "nobody knows its outcome yet"));
        }
        self.journal.dismiss(key)?;
        self.unwant(&Resource::Deploy(key.clone()));
        self.deploy_answers.forget(key);
        lock(&self.deploy_logs).remove(key);
        self.announce(Event::DeployForgotten { key: key.clone() });
        Ok(())
    }

    /// Log lines of a deploy: those that came with its progress, or the instance's own once it is settled.
    pub(crate) async fn read_deploy_logs(
        &self,
        key: &IdempotencyKey,
        from: u32,
    ) -> Result<LogsView, Failure> {
        if !lock(&self.deploy_logs).contains_key(key) {
            let deploy = self.deploy(key)?;
            if let Some(id) = deploy.instance_id.filter(|_| deploy.state.is_settled()) {
                let lines = self.call(&GetLogs { id }).await?.logs;
                lock(&self.deploy_logs).insert(key.clone(), lines);
            }
        }
        Ok(lock(&self.deploy_logs).get(key).map(|lines| page(lines, from)).unwrap_or_default())
    }

    /// Takes the next step of a deploy.
    async fn step_deploy(&self, key: &IdempotencyKey) -> Result<Looked, Failure> {
        let before = self.journal.get(key)?;
        let started = Instant::now();
        let Step { deploy, taken, bytes, result } = self.driver().step(key).await?;
        if let (None, Some(id)) = (&before.instance_id, &deploy.instance_id) {
            self.note_act(id, "create_instance", None);
        }
        if !taken && (deploy.status != before.status || deploy.instance_id != before.instance_id) {
            self.nudge(&Resource::List);
        }
        result?;
        let finished = deploy.state.is_settled() && !taken;
        if finished {
            self.deploy_answers.forget(key);
        }
        Ok(Looked { changing: true, finished, bytes, took: started.elapsed(), ..Looked::default() })
    }

    fn driver(&self) -> Driver<'_, Self> {
        // The platform on this computer is always the same, whatever its key of the day.
        let sender = match self.profile.kind {
            ProfileKind::ThisComputer => self.profile.id.clone(),
            ProfileKind::Platform => {
                format!("{} {}", self.client.base().as_str(), self.client.credential_mark())
            }
        };
        let (profile, base) = (self.profile_id().as_str(), self.journal_base());
        Driver { journal: &self.journal, world: self, profile, base, sender }
    }

    /// The address that the journal keeps: this computer's port changes with every start.
    fn journal_base(&self) -> String {
        match self.profile.kind {
            ProfileKind::ThisComputer => format!("local:{}", self.profile.id),
            ProfileKind::Platform => self.client.base().as_str().to_owned(),
        }
    }
}

impl World for Session {
    async fn send(&self, body: Vec<u8>) -> Sent {
        let route = CreateInstance::ROUTE;
        let sent = self.client.attempt::<CreateInstance>(route, &[], Some(body), Condition::None).await;
        match sent {
            Err(lost) if lost.never_sent => Sent::Never(lost.failure),
            Err(lost) => Sent::Lost(Failure::new(Code::MayHaveArrived, lost.failure.detail)),
            Ok(answer) if answer.is_success() => match answer.read::<CreateInstance>() {
                Ok(accepted) => Sent::Answered(accepted),
                Err(failure) => Sent::Lost(failure),
            },
            Ok(answer) => Sent::Refused {
                status: answer.status,
                asked_to_wait: answer.retry_after(SystemTime::now()).is_some(),
                failure: failure_of::<CreateInstance>(&answer, self.client.base()),
            },
        }
    }

    async fn ask(&self, key: &IdempotencyKey) -> Result<(usize, DeployProgress), Failure> {
        self.ask_by_key(key).await
    }

    fn now(&self) -> Now {
        Now { wall: Self::now(self), boot: self.boot_time() }
    }

    fn may_send(&self) -> bool {
        self.guard_write().is_ok()
    }

    fn changed(&self, deploy: &Deploy) {
        self.announce(Event::DeployChanged { deploy: deploy.clone() });
    }
}

/// Trims what was typed; a field left empty is a field not sent.
pub(crate) fn tidy(request: NewInstance) -> NewInstance {
    let text =
        |value: Option<String>| value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let slugs =
        request.workflow_slugs.map(|slugs| slugs.into_iter().filter_map(|slug| text(Some(slug))).collect());
    NewInstance {
        region_id: request.region_id.trim().to_owned(),
        tier_id: request.tier_id.trim().to_owned(),
        agent_name: text(request.agent_name),
        customer_id: text(request.customer_id),
        idempotency_key: request.idempotency_key,
        manifest_id: text(request.manifest_id),
        preset_id: text(request.preset_id),
        recipe_id: text(request.recipe_id),
        user_display_name: text(request.user_display_name),
        website_template_slug: text(request.website_template_slug),
        workflow_slugs: slugs.filter(|slugs: &Vec<String>| !slugs.is_empty()),
    }
}

fn unwritable(error: serde_json::Error) -> Failure {
    Failure::new(Code::Unreadable, error.to_string())
}
