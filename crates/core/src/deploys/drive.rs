//! One step of a deploy: send what was written down, or ask the platform about its key. Every step is written to the
//! journal before its consequence, so that a process that dies at any point is understood by the next one.

use super::decide::{Sent, after_look, after_send, is_not_found};
use super::{Deploy, DeployState};
use crate::client::failure_of;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::polling::Looked;
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
            DeployState::Intent => (0, self.send_deploy(&mut deploy).await),
            DeployState::Sent | DeployState::Unknown | DeployState::Accepted => {
                self.ask_by_key(&mut deploy).await
            }
            _ => return Ok(Looked { finished: true, ..Looked::default() }),
        };
        if deploy.state.is_settled() && deploy.settled_at.is_none() {
            deploy.settled_at = Some(self.now());
        }
        if deploy != before {
            self.journal.update(&deploy)?;
            self.announce(Event::DeployChanged { deploy: deploy.clone() });
            if deploy.status != before.status || deploy.instance_id != before.instance_id {
                self.nudge(&Resource::List);
            }
        }
        result?;
        Ok(Looked { changing: true, finished: deploy.state.is_settled(), bytes, took: started.elapsed() })
    }

    /// Sends the bytes that were written down. `Sent` is on disk before the first of them leaves.
    async fn send_deploy(&self, deploy: &mut Deploy) -> Result<(), Failure> {
        let body = self.journal.body(&deploy.key)?;
        deploy.state = DeployState::Sent;
        deploy.sent_at = Some(self.now());
        self.journal.update(deploy)?;
        self.announce(Event::DeployChanged { deploy: deploy.clone() });
        let sent =
            match self.client.attempt::<CreateInstance>(CreateInstance::ROUTE, &[], Some(body), None).await {
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

    async fn ask_by_key(&self, deploy: &mut Deploy) -> (usize, Result<(), Failure>) {
        match self.client.fetch(&PollByKey { key: deploy.key.clone() }).await {
            Ok(fetched) => {
                if fetched.value.found {
                    lock(&self.deploy_logs).insert(deploy.key.clone(), fetched.value.logs.clone());
                }
                after_look(deploy, fetched.value, self.now());
                (fetched.bytes, Ok(()))
            }
            Err(failure) if is_not_found(&failure) => {
                after_look(deploy, DeployProgress::default(), self.now());
                (0, Ok(()))
            }
            Err(failure) => {
                deploy.failure = Some(failure.clone());
                (0, Err(failure))
            }
        }
    }
}
