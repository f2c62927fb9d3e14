//! Calls that a person waits for: which may go out, what their outcome says of platform and credential, and how long a
//! silence is listened to.

use super::{Session, lock};
use crate::client::{Answer, Condition};
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::polling::Attention;
use crate::profiles::Safety;
use chrono::{DateTime, Utc};
use nineheads_contract::{ENDPOINTS, Endpoint};
use std::time::Duration;

impl Session {
    /// What people call the profile now.
    pub(crate) fn shown_name(&self) -> String {
        lock(&self.settings).name.clone()
    }

    /// From when on what is seen is of this run.
    pub(crate) fn opened_at(&self) -> DateTime<Utc> {
        *lock(&self.opened_at)
    }

    /// How much the window is looked at.
    pub(crate) fn attention(&self) -> Attention {
        self.surroundings.borrow().attention
    }

    /// The one place where a change is let through or not: everything that writes over there asks here first.
    ///
    /// # Errors
    /// [`Code::ReadOnly`], [`Code::NoKey`]
    pub(crate) fn guard_write(&self) -> Result<(), Failure> {
        match lock(&self.settings).safety {
            Safety::ReadOnly => Err(Failure::new(Code::ReadOnly, "the profile is read-only")),
            Safety::Full | Safety::Confirm | Safety::ConfirmByName => self.need_key(),
        }
    }

    /// # Errors
    /// [`Code::NoKey`]: nothing can be asked or changed over there.
    pub(crate) fn need_key(&self) -> Result<(), Failure> {
        self.client.keyless().map_or(Ok(()), |_| Err(Failure::no_key()))
    }

    fn guard<E: Endpoint>(&self) -> Result<(), Failure> {
        if E::METHOD.is_safe() { Ok(()) } else { self.guard_write() }
    }

    /// Calls an operation for a person, and notes what its outcome says about platform and credential.
    pub(crate) async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Reply, Failure> {
        self.call_with(endpoint, Condition::None).await?.read::<E>()
    }

    /// As [`Session::call`], under a condition, unread.
    pub(crate) async fn call_with<E: Endpoint>(
        &self,
        endpoint: &E,
        condition: Condition<'_>,
    ) -> Result<Answer, Failure> {
        self.guard::<E>()?;
        self.before_call().await?;
        let call = self.client.answer(endpoint, condition);
        let result = match self.notice_silence(call, E::METHOD.is_safe()).await {
            Some(result) => result,
            None => Err(Failure::new(Code::Offline, "the platform is silent")),
        };
        self.note_outcome(result.as_ref().map(drop));
        self.note_denied(result.as_ref().err());
        result
    }

    /// Whether a call may go out. A change that has no chance is refused before it is tried: nobody has to wonder whether
    /// it arrived. A question that has none need not be waited for: what is known shows at once.
    ///
    /// # Errors
    /// Why nothing gets through to the platform.
    pub(crate) async fn before_call(&self) -> Result<(), Failure> {
        self.need_key()?;
        let Some(failure) = self.poller.unreachable() else { return Ok(()) };
        if self.is_there(self.poller.silence()).await {
            return Ok(());
        }
        Err(failure)
    }

    /// Asks for a small thing; any answer of the API will do.
    async fn is_there(&self, limit: Duration) -> bool {
        let there = tokio::time::timeout(limit, self.polls.is_there()).await.unwrap_or(false);
        if there {
            self.note_outcome(Ok(()));
        }
        there
    }

    /// A person's call that nobody answers: finds out meanwhile whether nobody is there at all. Then a question is given
    /// up, none being its answer; of a change the outcome is waited for.
    pub(crate) async fn notice_silence<T>(
        &self,
        call: impl Future<Output = T>,
        may_give_up: bool,
    ) -> Option<T> {
        let patience = self.poller.silence() / 2;
        tokio::pin!(call);
        if let Ok(result) = tokio::time::timeout(patience, &mut call).await {
            return Some(result);
        }
        tokio::select! {
            result = &mut call => return Some(result),
            there = self.is_there(patience) => if !there {
                self.note_silence(patience * 2);
                if may_give_up {
                    return None;
                }
            },
        }
        Some(call.await)
    }

    /// Whether an operation answered 403 since signing in.
    pub(crate) fn is_denied(&self, operation: &str) -> bool {
        lock(&self.denied).contains_key(operation)
    }

    pub(crate) fn note_denied(&self, failure: Option<&Failure>) {
        let Some(Failure { code: Code::NotAllowed { operation, scope, .. }, .. }) = failure else { return };
        // What is no operation of the API has no control that could be marked by it.
        if !ENDPOINTS.iter().any(|endpoint| endpoint.name == operation) {
            return;
        }
        if lock(&self.denied).insert(operation.clone(), scope.clone()).is_none() {
            self.announce(Event::SessionChanged);
        }
    }
}
