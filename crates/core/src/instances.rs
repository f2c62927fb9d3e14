//! The fleet and its members: what a look at them does, and deleting one. What a screen sees of the list is `fleet`.

mod looks;

use crate::cache::Cache;
use crate::client::Condition;
use crate::error::{Code, Failure};
use crate::events::{EVENT_LIMIT, Event};
use crate::fleet::{FleetQuery, FleetWindow, phase};
use crate::polling::{Looked, look_again_and_again};
use crate::seen::{Seen, Source};
use crate::session::{Resource, Session, lock};
pub(crate) use looks::Looks;
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{
    DeleteInstance, Deleted, GetInstance, InstanceDetail, InstanceList, InstanceSummary, ListInstances,
    Phase, Status,
};
use nineheads_contract::runtime::{GetRuntime, RuntimeStatus};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use specta::Type;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Everything known of one instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct InstanceView {
    /// Its row of the list.
    pub summary: Option<InstanceSummary>,
    /// What the platform keeps.
    pub detail: Option<Seen<InstanceDetail>>,
    /// What the agent reports.
    pub runtime: Option<Seen<RuntimeStatus>>,
    /// Why the newest look failed.
    pub failure: Option<Failure>,
    /// It is no more.
    pub gone: bool,
}

/// What the list loop remembers from look to look.
#[derive(Default)]
struct LastList {
    etag: Option<String>,
    hash: Option<[u8; 32]>,
    bytes: usize,
    /// A list that shrank at once is believed when a second fetch says the same.
    doubted: Option<[u8; 32]>,
    /// When the cache was last told that the list still holds.
    remembered_at: Option<Instant>,
}

/// From this size on, a list that halves at once is fetched again before it is believed; one that is empty at once always.
const DOUBT_FROM: u32 = 4;
/// How often an unchanged list is written down as confirmed.
const REMEMBER_EVERY: Duration = Duration::from_secs(60);

impl Session {
    /// Fills the list from the cache and starts looking at the platform's.
    pub(crate) fn start_list(self: &Arc<Self>) {
        match self.cache.read_list() {
            Ok(Some((list, seen_at))) => {
                self.fleet().replace(list, seen_at, Source::Cached);
                self.announce_list();
            }
            Ok(None) => {}
            Err(failure) => log::warn!("the cached list was not read: {failure}"),
        }
        if let Err(failure) = self.need_key() {
            self.fleet().note_failure(failure);
            self.announce_list();
            return;
        }
        let session = self.clone();
        self.want(Resource::List, move |nudge| {
            let last = Arc::new(tokio::sync::Mutex::new(LastList::default()));
            look_again_and_again(session, nudge, true, move |session| {
                let last = last.clone();
                async move {
                    let looked = session.look_at_list(&mut *last.lock().await).await;
                    if let Err(failure) = &looked {
                        session.note_denied(Some(failure));
                        session.fleet().note_failure(failure.clone());
                        session.announce_list();
                    }
                    looked
                }
            })
        });
    }

    async fn look_at_list(&self, last: &mut LastList) -> Result<Looked, Failure> {
        let started = Instant::now();
        // Rows that were changed ahead of the list must meet the platform's word, also where that did not change.
        let ahead = self.fleet().is_ahead();
        let etag = last.etag.as_deref().filter(|_| !ahead);
        let condition = etag.map_or(Condition::None, Condition::IfNoneMatch);
        let answer = self.polls.answer(&ListInstances, condition).await?;
        let unchanged = answer.status == 304;
        let hash = if unchanged { last.hash } else { Some(Sha256::digest(&answer.body).into()) };
        let looked = |changing| Looked {
            changing,
            finished: false,
            bytes: answer.body.len(),
            took: started.elapsed(),
        };
        if unchanged || (!ahead && hash == last.hash) {
            last.doubted = None;
            self.remember_look(last);
            if self.fleet().confirm(self.now(), Source::Live) {
                self.announce_list();
            }
            return Ok(looked(self.fleet_is_changing()));
        }
        let list = answer.read::<ListInstances>()?;
        let (before, after) =
            (self.fleet().facts().total, u32::try_from(list.instances.len()).unwrap_or(u32::MAX));
        let shrank = (before >= DOUBT_FROM && after <= before / 2) || (before > 0 && after == 0);
        if shrank && last.doubted != hash {
            last.doubted = hash;
            self.fleet().doubt(&list);
            self.announce_list();
            return Ok(looked(true));
        }
        let remembered_at = Some(Instant::now());
        *last = LastList {
            etag: answer.etag.clone(),
            hash,
            bytes: answer.body.len(),
            doubted: None,
            remembered_at,
        };
        log::debug!("the list has {after} rows in {} bytes", last.bytes);
        self.take_list(list);
        Ok(looked(self.fleet_is_changing()))
    }

    fn take_list(&self, list: InstanceList) {
        let now = self.now();
        let changes = self.fleet().replace(list, now, Source::Live);
        write_changes(&self.cache, &changes.changed, &changes.gone, now);
        self.note_statuses(changes.statuses);
        self.announce_list();
    }

    /// Tells the cache now and then that the list still holds, so that its age is right after a restart.
    fn remember_look(&self, last: &mut LastList) {
        if last.remembered_at.is_none_or(|at| at.elapsed() >= REMEMBER_EVERY) {
            last.remembered_at = Some(Instant::now());
            write_changes(&self.cache, &[], &[], self.now());
        }
    }

    /// Whether some instance is on its way in or out.
    fn fleet_is_changing(&self) -> bool {
        let counts = self.fleet().facts().counts;
        counts.on_its_way + counts.deleting > 0
    }

    /// Tells the screen what changed in what it shows; above the limit only that something did.
    pub(crate) fn announce_list(&self) {
        let (facts, rows) = {
            let mut fleet = self.fleet();
            let rows = fleet.take_changes();
            (fleet.facts().clone(), rows)
        };
        let event = Event::FleetChanged { facts: facts.clone(), rows: Some(rows) };
        let fits = serde_json::to_vec(&event).is_ok_and(|text| text.len() < EVENT_LIMIT);
        self.announce(if fits { event } else { Event::FleetChanged { facts, rows: None } });
    }

    pub(crate) fn show_fleet(&self, query: FleetQuery, offset: u32, limit: u32) -> FleetWindow {
        self.fleet().show(query, offset, limit)
    }

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
        let known = instances.entry(id.clone()).or_insert_with(|| InstanceView {
            detail: cached(&self.cache, "detail", id),
            runtime: cached(&self.cache, "runtime", id),
            ..InstanceView::default()
        });
        let mut view = known.clone();
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
        let detail = self.polls.fetch(&GetInstance { id: id.clone() }).await;
        let detail = match detail {
            Err(Failure { code: Code::NotFound { .. }, .. }) => {
                self.polls.fetch(&GetInstance { id: id.clone() }).await
            }
            once => once,
        };
        let detail = match detail {
            Ok(detail) => detail,
            Err(failure) if matches!(failure.code, Code::NotFound { .. }) => {
                if !self.looks.is_newest(id, turn) {
                    return Ok(Looked { changing: true, ..Looked::default() });
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
        let runtime = self.polls.fetch(&GetRuntime { id: id.clone() }).await;
        if !self.looks.is_newest(id, turn) {
            // Somebody asked later and was answered earlier.
            return Ok(Looked { changing: true, ..Looked::default() });
        }
        let now = self.now();
        let phase = detail.value.status.as_ref().map(Status::phase).unwrap_or_default();
        if phase == Phase::Gone {
            self.forget_instance(id);
            return Ok(Looked { finished: true, ..Looked::default() });
        }
        let before = self.instance(id);
        self.cache.write_seen("detail", id.as_str(), &detail.value, now);
        let looked = Looked {
            changing: matches!(phase, Phase::OnItsWay | Phase::Deleting),
            finished: false,
            bytes: detail.bytes + runtime.as_ref().map_or(0, |runtime| runtime.bytes),
            took: detail.took,
        };
        self.follow_in_list(id, &detail.value);
        let known = lock(&self.instances).get(id).cloned().unwrap_or_default();
        let mut view =
            InstanceView { detail: Some(Seen::live(detail.value, now)), failure: None, gone: false, ..known };
        let failed = match runtime {
            Ok(runtime) => {
                self.cache.write_seen("runtime", id.as_str(), &runtime.value, now);
                view.runtime = Some(Seen::live(runtime.value, now));
                None
            }
            Err(failure) => Some(failure),
        };
        view.failure.clone_from(&failed);
        self.note_sighting(id, &before, &view);
        lock(&self.instances).insert(id.clone(), view);
        self.announce(Event::InstanceChanged { id: id.clone() });
        match failed {
            // One agent that does not answer is no outage of the platform.
            Some(failure) if is_everywhere(&failure) => Err(failure),
            _ => Ok(looked),
        }
    }

    fn note_instance_failure(&self, id: &InstanceId, failure: Failure) -> Failure {
        self.note_denied(Some(&failure));
        let mut view = self.instance(id);
        view.failure = Some(failure.clone());
        lock(&self.instances).insert(id.clone(), view);
        self.announce(Event::InstanceChanged { id: id.clone() });
        failure
    }

    /// The list learns at once what a closer look saw.
    fn follow_in_list(&self, id: &InstanceId, detail: &InstanceDetail) {
        let differs = self.fleet().get(id).is_some_and(|row| row.status != detail.status);
        if differs {
            self.update_in_list(id, detail.status.clone());
        }
    }

    /// Changes a row ahead of the platform's next list.
    fn update_in_list(&self, id: &InstanceId, status: Option<Status>) {
        let row = {
            let mut fleet = self.fleet();
            fleet.update(id, |row| row.status = status);
            fleet.get(id).cloned()
        };
        write_changes(&self.cache, row.as_slice(), &[], self.now());
        self.announce_list();
    }

    /// Deletes; already gone counts as done.
    pub(crate) async fn delete_instance(&self, id: &InstanceId) -> Result<Deleted, Failure> {
        let entry = self.enter("delete_instance", id, json!({}));
        let answered = self.call(&DeleteInstance { id: id.clone() }).await;
        let deleted = match answered {
            Err(Failure { code: Code::NotFound { message }, .. }) => Ok(Deleted {
                already_deleted: true,
                instance_id: id.clone(),
                message,
                status: Some("deleted".into()),
            }),
            Err(failure) if matches!(failure.code, Code::Conflict { .. }) => {
                // What is known of it is not how it is: look anew.
                self.nudge(&Resource::Instance(id.clone()));
                self.nudge(&Resource::List);
                Err(failure)
            }
            other => other,
        };
        entry.end(&deleted);
        let deleted = deleted?;
        if deleted.status.as_ref().map(Status::phase) == Some(Phase::Gone) {
            self.forget_instance(id);
        } else {
            self.update_in_list(id, Some("deleting".into()));
            self.nudge(&Resource::Instance(id.clone()));
        }
        self.nudge(&Resource::List);
        Ok(deleted)
    }

    fn forget_instance(&self, id: &InstanceId) {
        self.cache.forget_instance(id);
        lock(&self.logs).remove(id);
        let gone = InstanceView { gone: true, ..lock(&self.instances).get(id).cloned().unwrap_or_default() };
        lock(&self.instances).insert(id.clone(), gone);
        self.announce(Event::InstanceGone { id: id.clone() });
        self.nudge(&Resource::List);
    }

    /// Whether an instance is on its way in or out, as far as is known.
    pub(crate) fn is_changing(&self, id: &InstanceId) -> bool {
        self.fleet().get(id).is_some_and(|row| matches!(phase(row), Phase::OnItsWay | Phase::Deleting))
    }
}

/// Whether a failure of one thing says something about the whole platform.
fn is_everywhere(failure: &Failure) -> bool {
    matches!(
        failure.code,
        Code::Offline | Code::BadCertificate { .. } | Code::CredentialRefused | Code::TooManyRequests { .. }
    )
}

fn cached<T: serde::de::DeserializeOwned>(cache: &Cache, kind: &str, id: &InstanceId) -> Option<Seen<T>> {
    let (value, seen_at) = cache.read_seen(kind, id.as_str())?;
    Some(Seen { value, seen_at, source: Source::Cached })
}

fn write_changes(
    cache: &Cache,
    changed: &[InstanceSummary],
    gone: &[InstanceId],
    now: chrono::DateTime<chrono::Utc>,
) {
    if let Err(failure) = cache.write_list(changed, gone, now) {
        log::warn!("the list was not cached: {failure}");
    }
}
