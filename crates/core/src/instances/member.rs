//! One instance: what is held of it, a look at it, and that it is no more.

use super::{InstanceView, REMEMBER_EVERY};
use crate::cache::Cache;
use crate::client::{Look, Mark};
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::polling::{Looked, look_again_and_again};
use crate::seen::{Seen, Source};
use crate::session::{Resource, Session, lock};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{GetInstance, InstanceDetail, Phase, Status};
use nineheads_contract::runtime::{GetRuntime, RuntimeStatus};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What is held of one instance: what a screen sees, and by what the answers behind it are known again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    pub view: InstanceView,
    detail: Option<Mark>,
    runtime: Option<Mark>,
    /// When the cache was last told of it.
    remembered_at: Option<Instant>,
}

impl Held {
    fn of(view: InstanceView) -> Self {
        Self { view, ..Self::default() }
    }

    fn is_due(&self) -> bool {
        self.remembered_at.is_none_or(|at| at.elapsed() >= REMEMBER_EVERY)
    }
}

/// Which look at an instance began last, of those that were answered: a late answer must not undo a newer one.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    begun: AtomicU64,
    newest: Mutex<HashMap<InstanceId, u64>>,
}

impl Looks {
    fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Whether no look that began later was answered already; from here on this one was.
    fn is_newest(&self, id: &InstanceId, turn: u64) -> bool {
        let mut newest = lock(&self.newest);
        let known = newest.entry(id.clone()).or_default();
        let is_newest = turn >= *known;
        *known = turn.max(*known);
        is_newest
    }
}

impl Session {
    /// Starts looking at an instance; answers at once with what is known.
    pub(crate) fn watch_instance(self: &Arc<Self>, id: &InstanceId) -> InstanceView {
        self.cache.touch(id, self.now());
        let (session, watched) = (self.clone(), id.clone());
        self.want(Resource::Instance(id.clone()), move |nudge| {
            look_again_and_again(session, nudge, false, move |session| {
                let id = watched.clone();
                async move { session.look_at_instance(&id).await }
            })
        });
        self.instance(id)
    }

    /// What is known, from this run or the cache.
    pub(crate) fn instance(&self, id: &InstanceId) -> InstanceView {
        let mut instances = lock(&self.instances);
        let known = instances.entry(id.clone()).or_insert_with(|| {
            Held::of(InstanceView {
                detail: cached(&self.cache, "detail", id),
                runtime: cached(&self.cache, "runtime", id),
                ..InstanceView::default()
            })
        });
        let mut view = known.view.clone();
        drop(instances);
        view.failure = view.failure.or_else(|| self.poller.unreachable());
        view.summary = self.fleet().get(id).cloned();
        view
    }

    /// One look now, for a person who asks.
    pub(crate) async fn refresh_instance(&self, id: &InstanceId) -> InstanceView {
        let looked = self.look_at_instance(id).await;
        self.note_outcome(looked.as_ref().map(|_| ()));
        self.instance(id)
    }

    async fn look_at_instance(&self, id: &InstanceId) -> Result<Looked, Failure> {
        let turn = self.looks.begin();
        let asked = lock(&self.instances).get(id).cloned().unwrap_or_default();
        let ask = GetInstance { id: id.clone() };
        let detail = match self.polls.look(&ask, asked.detail.as_ref()).await {
            Err(Failure { code: Code::NotFound { .. }, .. }) => {
                self.polls.look(&ask, asked.detail.as_ref()).await
            }
            once => once,
        };
        let detail = match detail {
            Ok(detail) => detail,
            Err(failure) if matches!(failure.code, Code::NotFound { .. }) => {
                if !self.looks.is_newest(id, turn) {
                    return Ok(TOO_LATE);
                }
                // Only what was once there can be gone.
                match self.instance(id).detail.is_some() || self.fleet().get(id).is_some() {
                    true => self.forget_instance(id),
                    false => drop(self.note_instance_failure(id, failure)),
                }
                return Ok(Looked { finished: true, ..Looked::default() });
            }
            Err(failure) => return Err(self.note_instance_failure(id, failure)),
        };
        let runtime = self.polls.look(&GetRuntime { id: id.clone() }, asked.runtime.as_ref()).await;
        if !self.looks.is_newest(id, turn) {
            // Somebody asked later and was answered earlier.
            return Ok(TOO_LATE);
        }
        self.take_look(id, &asked, detail, runtime)
    }

    /// Takes what a look brought. `asked` is what was held when it began.
    fn take_look(
        &self,
        id: &InstanceId,
        asked: &Held,
        detail: Look<InstanceDetail>,
        runtime: Result<Look<RuntimeStatus>, Failure>,
    ) -> Result<Looked, Failure> {
        let before = self.instance(id);
        let mut held = lock(&self.instances).get(id).cloned().unwrap_or_default();
        let runtime_is_known = runtime.as_ref().is_ok_and(|look| look.value.is_none());
        let is_other = (detail.value.is_none() && !is_same(held.detail.as_ref(), asked.detail.as_ref()))
            || (runtime_is_known && !is_same(held.runtime.as_ref(), asked.runtime.as_ref()));
        let known = held.view.detail.take().map(|seen| seen.value);
        let is_new = detail.value.is_some();
        // What was confirmed is not what is held any more.
        let Some(value) = detail.value.or(known).filter(|_| !is_other) else { return Ok(TOO_LATE) };
        let now = self.now();
        let phase = value.status.as_ref().map(Status::phase).unwrap_or_default();
        if phase == Phase::Gone {
            self.forget_instance(id);
            return Ok(Looked { finished: true, ..Looked::default() });
        }
        let looked = Looked {
            changing: matches!(phase, Phase::OnItsWay | Phase::Deleting),
            bytes: detail.bytes + runtime.as_ref().map_or(0, |runtime| runtime.bytes),
            took: detail.took,
            ..Looked::default()
        };
        self.follow_in_list(id, &value);
        let is_due = held.is_due();
        let mut news = is_new || held.view.gone;
        self.keep_seen("detail", id, is_new.then_some(&value), is_due);
        held.detail = Some(detail.mark);
        held.view.detail = Some(Seen::live(value, now));
        held.view.gone = false;
        let with_runtime = runtime.is_ok();
        let failed = match runtime {
            Ok(look) => {
                news |= look.value.is_some();
                self.keep_seen("runtime", id, look.value.as_ref(), is_due);
                held.runtime = Some(look.mark);
                let value = look.value.or(held.view.runtime.take().map(|seen| seen.value));
                held.view.runtime = value.map(|value| Seen::live(value, now));
                None
            }
            Err(failure) => Some(failure),
        };
        news |= held.view.failure != failed;
        held.view.failure.clone_from(&failed);
        if news || is_due {
            held.remembered_at = Some(Instant::now());
            self.note_sighting(id, &before, &held.view);
        }
        if with_runtime && let Some(runtime) = &held.view.runtime {
            self.note_runtime(id, runtime);
        }
        lock(&self.instances).insert(id.clone(), held);
        let id = id.clone();
        self.announce(match news {
            true => Event::InstanceChanged { id },
            false => Event::InstanceSeen { id, at: now, with_runtime },
        });
        match failed {
            // One agent that does not answer is no outage of the platform.
            Some(failure) if is_everywhere(&failure) => Err(failure),
            _ => Ok(looked),
        }
    }

    /// Writes a new answer down; of a known one now and then that it still holds, so that its age is right after a restart.
    fn keep_seen<T: Serialize>(&self, kind: &str, id: &InstanceId, new: Option<&T>, is_due: bool) {
        match new {
            Some(value) => self.cache.write_seen(kind, id.as_str(), value, self.now()),
            None if is_due => self.cache.confirm_seen(kind, id.as_str(), self.now()),
            None => {}
        }
    }

    fn note_instance_failure(&self, id: &InstanceId, failure: Failure) -> Failure {
        self.note_denied(Some(&failure));
        let view = self.instance(id);
        let mut instances = lock(&self.instances);
        let held = instances.entry(id.clone()).or_insert_with(|| Held::of(view));
        held.view.failure = Some(failure.clone());
        drop(instances);
        self.announce(Event::InstanceChanged { id: id.clone() });
        failure
    }

    pub(super) fn forget_instance(&self, id: &InstanceId) {
        self.cache.forget_instance(id);
        lock(&self.logs).remove(id);
        let mut instances = lock(&self.instances);
        let known = instances.remove(id).unwrap_or_default();
        instances.insert(id.clone(), Held::of(InstanceView { gone: true, ..known.view }));
        drop(instances);
        self.announce(Event::InstanceGone { id: id.clone() });
        self.nudge_list_after_act();
    }
}

/// A look that says nothing any more; the next one comes soon.
const TOO_LATE: Looked =
    Looked { changing: true, finished: false, steady: false, bytes: 0, took: Duration::ZERO };

/// Whether two marks are of one answer.
fn is_same(one: Option<&Mark>, other: Option<&Mark>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.is_same_body(other))
}

/// Whether a failure of one thing says something about the whole platform.
fn is_everywhere(failure: &Failure) -> bool {
    matches!(
        failure.code,
        Code::Offline | Code::BadCertificate { .. } | Code::CredentialRefused | Code::TooManyRequests { .. }
    )
}

fn cached<T: DeserializeOwned>(cache: &Cache, kind: &str, id: &InstanceId) -> Option<Seen<T>> {
    let (value, seen_at) = cache.read_seen(kind, id.as_str())?;
    Some(Seen { value, seen_at, source: Source::Cached })
}
