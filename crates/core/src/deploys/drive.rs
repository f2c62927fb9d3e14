//! One step of a deploy: send what was written down, or ask the platform about its key. Every step is written to the
//! journal before its consequence, so that a process that dies at any point is understood by the next one. A write
//! names the state it comes from: of two that drive one deploy, one moves it and the other looks again.

use super::decide::{Sent, after_look, after_send, is_not_found};
use super::{Deploy, DeployState};
use crate::client::{Condition, failure_of};
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::polling::Looked;
use crate::profiles::ProfileKind;
use crate::session::{Resource, Session, lock};
use nineheads_contract::deploys::{CreateInstance, DeployProgress, PollByKey};
use nineheads_contract::{Endpoint, IdempotencyKey};
use std::time::{Instant, SystemTime};

impl Session {
    /// Takes the next step of a deploy.
    pub(super) async fn step_deploy(&self, key: &IdempotencyKey) -> Result<Looked, Failure> {
        let before = self.journal.get(key)?;
        let mut deploy = before.clone();
        let started = Instant::now();
        let (bytes, result) = match before.state {
            // Confirmed before the profile became read-only: it waits, and is not forgotten.
            DeployState::Intent if self.guard_write().is_err() => return Ok(Looked::default()),
            DeployState::Intent => match self.claim_deploy(&mut deploy)? {
                true => (0, self.send_deploy(&mut deploy).await),
                // Somebody else has just sent it: look again.
                false => return Ok(Looked { changing: true, ..Looked::default() }),
            },
            DeployState::Sent | DeployState::Unknown | DeployState::Accepted => {
                self.ask_by_key(&mut deploy).await?
            }
            _ => return Ok(Looked { finished: true, ..Looked::default() }),
        };
        if deploy.state.is_settled() && deploy.settled_at.is_none() {
            deploy.settled_at = Some(self.now());
        }
        if deploy != before && self.write_step(before.state, &deploy)? {
            self.announce(Event::DeployChanged { deploy: deploy.clone() });
            if deploy.status != before.status || deploy.instance_id != before.instance_id {
                self.nudge(&Resource::List);
            }
        }
        result?;
        Ok(Looked { changing: true, finished: deploy.state.is_settled(), bytes, took: started.elapsed() })
    }

    /// Marks a deploy as sent, on disk, before the first byte leaves. False when another driver was faster.
    fn claim_deploy(&self, deploy: &mut Deploy) -> Result<bool, Failure> {
        deploy.state = DeployState::Sent;
        deploy.sent_at = Some(self.now());
        let claimed = self.journal.update(DeployState::Intent, deploy)?;
        if claimed {
            self.journal.mark_sender(&deploy.key, &self.sender())?;
            self.announce(Event::DeployChanged { deploy: deploy.clone() });
        }
        Ok(claimed)
    }

    /// Writes what a step found. What our own request was answered wins over what another driver guessed meanwhile.
    fn write_step(&self, before: DeployState, deploy: &Deploy) -> Result<bool, Failure> {
        if before != DeployState::Intent {
            return self.journal.update(before, deploy);
        }
        Ok(self.journal.update(DeployState::Sent, deploy)?
            || self.journal.update(DeployState::Unknown, deploy)?)
    }

    /// Sends the bytes that were written down.
    async fn send_deploy(&self, deploy: &mut Deploy) -> Result<(), Failure> {
        let body = self.journal.body(&deploy.key)?;
        let sent = match self
            .client
            .attempt::<CreateInstance>(CreateInstance::ROUTE, &[], Some(body), Condition::None)
            .await
        {
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
        };
        after_send(deploy, sent)
    }

    /// Asks what the platform knows of the key. The outer failure is this computer's own.
    async fn ask_by_key(&self, deploy: &mut Deploy) -> Result<(usize, Result<(), Failure>), Failure> {
        let (bytes, progress) = match self.polls.fetch(&PollByKey { key: deploy.key.clone() }).await {
            Ok(fetched) => (fetched.bytes, fetched.value),
            Err(failure) if is_not_found(&failure) => {
                (0, DeployProgress { found: Some(false), ..DeployProgress::default() })
            }
            Err(failure) => {
                deploy.failure = Some(failure.clone());
                return Ok((0, Err(failure)));
            }
        };
        if !progress.logs.is_empty() {
            lock(&self.deploy_logs).insert(deploy.key.clone(), progress.logs.clone());
        }
        after_look(deploy, progress, self.now());
        // Another credential may be another tenant's: there, "never seen" proves nothing, and sending makes a second one.
        if deploy.state == DeployState::Intent && self.journal.sender(&deploy.key)? != Some(self.sender()) {
            deploy.state = DeployState::Absent;
        }
        Ok((bytes, Ok(())))
    }

    /// Who sends. The platform on this computer is always the same, whatever its key of the day.
    fn sender(&self) -> String {
        match self.profile.kind {
            ProfileKind::ThisComputer => self.profile.id.clone(),
            ProfileKind::Platform => {
                format!("{} {}", self.client.base().as_str(), self.client.credential_mark())
            }
        }
    }
}
