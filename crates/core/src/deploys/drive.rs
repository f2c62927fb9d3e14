//! One step of a deploy: send what was written down, or ask the platform about its key. Every step is written to the
//! journal before its consequence, so that a process that dies at any point is understood by the next one. A write
//! names the state it comes from: of two that drive one deploy, one moves it and the other looks again.

use super::decide::{Age, Sent, after_look, after_send, is_not_found, may_go_unasked};
use super::journal::{Journal, Moment};
use super::{Deploy, DeployState, unwritable};
use crate::boot::BootTime;
use crate::error::{Code, Failure};
use chrono::{DateTime, Utc};
use nineheads_contract::IdempotencyKey;
use nineheads_contract::deploys::{DeployProgress, NewInstance};
use uuid::Uuid;

/// What a deploy's steps need of the world. The real one is the session; the model test has its own, which loses and
/// delays.
pub(super) trait World: Sync {
    /// Sends the bytes, and says how that ended.
    fn send(&self, body: Vec<u8>) -> impl Future<Output = Sent> + Send;
    /// What the platform knows of a key, and in how many bytes it said so.
    fn ask(
        &self,
        key: &IdempotencyKey,
    ) -> impl Future<Output = Result<(usize, DeployProgress), Failure>> + Send;
    fn now(&self) -> Now;
    /// Whether anything may be sent at present. A profile may have become read-only since the person confirmed.
    fn may_send(&self) -> bool;
    /// Told of each state that was written down.
    fn changed(&self, deploy: &Deploy);
}

/// Both clocks at one moment.
#[derive(Debug, Clone)]
pub(super) struct Now {
    pub wall: DateTime<Utc>,
    pub boot: Option<BootTime>,
}

/// Takes the steps.
pub(super) struct Driver<'a, W> {
    pub journal: &'a Journal,
    pub world: &'a W,
    pub profile: &'a str,
    /// The address that the journal keeps.
    pub base: String,
    /// Who sends: another credential may be another tenant's.
    pub sender: String,
}

/// How a step went.
#[derive(Debug)]
pub(super) struct Step {
    pub deploy: Deploy,
    /// Somebody else has just taken it: look again.
    pub taken: bool,
    pub bytes: usize,
    /// Why the call failed, where it did.
    pub result: Result<(), Failure>,
}

impl<W: World> Driver<'_, W> {
    /// Writes a confirmed request down, under a key that nobody has used. Nothing is sent.
    ///
    /// # Errors
    /// [`Code::Storage`] when it can not be written down; [`Code::DeployOpen`] while the same request has no known end.
    pub(super) fn confirm(&self, mut request: NewInstance) -> Result<Deploy, Failure> {
        let fingerprint = fingerprint_of(&mut request)?;
        if let Some(key) = self.journal.find_open(self.profile, &fingerprint)? {
            return Err(Failure::new(Code::DeployOpen { key }, "the same request is still being clarified"));
        }
        let key = IdempotencyKey(Uuid::new_v4().to_string());
        request.idempotency_key = Some(key.clone());
        let body = serde_json::to_vec(&request).map_err(unwritable)?;
        let now = self.world.now();
        let mut deploy = Deploy::confirmed(key, request, now.wall);
        deploy.typical_seconds = self.journal.typical_seconds(self.profile)?;
        self.journal.insert(self.profile, &self.base, &deploy, &body, &fingerprint, now.boot.as_ref())?;
        self.world.changed(&deploy);
        Ok(deploy)
    }

    /// Takes the next step.
    ///
    /// # Errors
    /// This computer's own: [`Code::NotFound`], [`Code::Storage`]. What the platform says is in the step.
    pub(super) async fn step(&self, key: &IdempotencyKey) -> Result<Step, Failure> {
        let before = self.journal.get(key)?;
        let mut deploy = before.clone();
        let (bytes, result) = match before.state {
            DeployState::Intent if !may_go_unasked(self.age(key, Moment::Confirmed, &before)?) => {
                deploy.state = DeployState::Absent;
                (0, Ok(()))
            }
            // It waits, and is not forgotten.
            DeployState::Intent if !self.world.may_send() => (0, Ok(())),
            DeployState::Intent => match self.claim(&mut deploy)? {
                true => (0, self.send(&mut deploy).await),
                false => return Ok(Step { deploy: before, taken: true, bytes: 0, result: Ok(()) }),
            },
            DeployState::Sent | DeployState::Unknown | DeployState::Accepted => self.ask(&mut deploy).await?,
            _ => return Ok(Step { deploy: before, taken: false, bytes: 0, result: Ok(()) }),
        };
        if deploy.state.is_settled() && deploy.settled_at.is_none() {
            deploy.settled_at = Some(self.world.now().wall);
        }
        if deploy != before && self.write(before.state, &deploy)? {
            self.world.changed(&deploy);
        }
        Ok(Step { deploy, taken: false, bytes, result })
    }

    /// A person wants an absent deploy after all: the same key, the same bytes. Whoever sent it before asks first.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Storage`]; [`Code::DeployOpen`] while the same request, confirmed anew, has no known end.
    pub(super) fn want_again(&self, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        let mut deploy = self.journal.get(key)?;
        if deploy.state != DeployState::Absent {
            return Ok(deploy);
        }
        let fingerprint = fingerprint_of(&mut deploy.request.clone())?;
        if let Some(key) = self.journal.find_open(self.profile, &fingerprint)? {
            return Err(Failure::new(Code::DeployOpen { key }, "the same request is still being clarified"));
        }
        let now = self.world.now();
        let sent_by_us = self.journal.sender(key)?.as_deref() == Some(&self.sender);
        deploy.state = if sent_by_us { DeployState::Unknown } else { DeployState::Intent };
        (deploy.confirmed_at, deploy.settled_at, deploy.failure) = (now.wall, None, None);
        if !self.journal.want_again(&deploy, now.boot.as_ref())? {
            return self.journal.get(key);
        }
        self.world.changed(&deploy);
        Ok(deploy)
    }

    /// Marks a deploy as sent, on disk, before the first byte leaves. False when another driver was faster.
    fn claim(&self, deploy: &mut Deploy) -> Result<bool, Failure> {
        let now = self.world.now();
        deploy.state = DeployState::Sent;
        deploy.sent_at = Some(now.wall);
        let claimed = self.journal.claim(deploy, &self.sender, now.boot.as_ref())?;
        if claimed {
            self.world.changed(deploy);
        }
        Ok(claimed)
    }

    /// Writes what a step found. What our own request was answered wins over what another driver guessed meanwhile.
    fn write(&self, before: DeployState, deploy: &Deploy) -> Result<bool, Failure> {
        if before != DeployState::Intent || deploy.state == DeployState::Absent {
            return self.journal.update(before, deploy);
        }
        Ok(self.journal.update(DeployState::Sent, deploy)?
            || self.journal.update(DeployState::Unknown, deploy)?)
    }

    /// Sends the bytes that were written down.
    async fn send(&self, deploy: &mut Deploy) -> Result<(), Failure> {
        let body = self.journal.body(&deploy.key)?;
        let sent = self.world.send(body).await;
        after_send(deploy, sent)
    }

    /// Asks what the platform knows of the key. The outer failure is this computer's own.
    async fn ask(&self, deploy: &mut Deploy) -> Result<(usize, Result<(), Failure>), Failure> {
        let (bytes, progress) = match self.world.ask(&deploy.key).await {
            Ok(answer) => answer,
            Err(failure) if is_not_found(&failure) => {
                (0, DeployProgress { found: Some(false), ..DeployProgress::default() })
            }
            Err(failure) => {
                deploy.failure = Some(failure.clone());
                return Ok((0, Err(failure)));
            }
        };
        let ages =
            (self.age(&deploy.key, Moment::Sent, deploy)?, self.age(&deploy.key, Moment::Confirmed, deploy)?);
        after_look(deploy, progress, self.world.now().wall, ages);
        // Another tenant's "never seen" proves nothing, and sending there makes a second one.
        if deploy.state == DeployState::Intent
            && self.journal.sender(&deploy.key)?.as_deref() != Some(&self.sender)
        {
            deploy.state = DeployState::Absent;
        }
        Ok((bytes, Ok(())))
    }

    fn age(&self, key: &IdempotencyKey, what: Moment, deploy: &Deploy) -> Result<Age, Failure> {
        let now = self.world.now();
        let wall = match what {
            Moment::Confirmed => deploy.confirmed_at,
            Moment::Sent => deploy.sent_at.unwrap_or(deploy.confirmed_at),
        };
        let boot = self.journal.moment(key, what)?;
        Ok(Age::of((wall, boot.as_ref()), (now.wall, now.boot.as_ref())))
    }
}

/// What two requests have in common that are the same wish: everything but the key.
pub(super) fn fingerprint_of(request: &mut NewInstance) -> Result<Vec<u8>, Failure> {
    request.idempotency_key = None;
    serde_json::to_vec(request).map_err(unwritable)
}
