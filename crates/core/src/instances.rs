//! The fleet: what a look at the list does, and deleting an instance. One closer look is `member`; what a screen sees of
//! the list is `fleet`.

mod known;
mod member;

use crate::cache::Cache;
use crate::client::{Answer, Look, Mark};
use crate::error::{Code, Failure};
use crate::events::{EVENT_LIMIT, Event};
use crate::fleet::{Changes, Reading, phase};
use crate::polling::{Looked, look_again_and_again};
use crate::seen::{Seen, Source};
use crate::session::{Resource, Session};
pub(crate) use member::{Held, Looks};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{
    DeleteInstance, Deleted, InstanceDetail, InstanceSummary, ListInstances, ListNews, Phase, Status,
};
use nineheads_contract::runtime::RuntimeStatus;
use serde::{Deserialize, Serialize};
use serde_json::json;
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
    /// A list that shrank at once is believed when a second fetch says the same.
    doubted: Option<Mark>,
    /// When the cache was last told that the list still holds.
    remembered_at: Option<Instant>,
}

/// From this size on, a list that halves at once is fetched again before it is believed; one that is empty at once always.
const DOUBT_FROM: u32 = 4;
/// How often what did not change is written down as confirmed.
const REMEMBER_EVERY: Duration = Duration::from_secs(60);

impl Session {
    /// Fills the list from the cache and starts looking at the platform's.
    pub(crate) fn start_list(self: &Arc<Self>) {
        self.show_labels();
        match self.cache.read_list() {
            Ok(Some((list, seen_at))) => {
                self.fleet().replace(list, seen_at, Source::Cached);
                self.begin_news();
                self.announce_list();
            }
            Ok(None) => {}
            Err(failure) => log::warn!("the cached list was not read: {failure}"),
        }
        self.start_known();
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
        let known = self.fleet().mark().cloned();
        let Look { value, mark, bytes, took } =
            self.polls.look_unread(&ListInstances, known.as_ref()).await?;
        let looked = |changing| Looked { changing, bytes, took, ..Looked::default() };
        let Some(answer) = value else {
            last.doubted = None;
            return Ok(looked(!self.confirm_list(known.as_ref(), mark, last) || self.fleet_is_changing()));
        };
        // Reading is most of a look: nobody waits for the rows meanwhile.
        let reading = self.fleet().reading();
        let news = reading.read(&answer.body)?;
        let (before, after) =
            (self.fleet().facts().total, u32::try_from(news.rows.len()).unwrap_or(u32::MAX));
        let shrank = (before >= DOUBT_FROM && after <= before / 2) || (before > 0 && after == 0);
        if shrank && !last.doubted.as_ref().is_some_and(|doubted| doubted.is_same_body(&mark)) {
            last.doubted = Some(mark);
            let list = answer.read::<ListInstances>()?;
            self.fleet().doubt(&list);
            self.announce_list();
            return Ok(looked(true));
        }
        *last = LastList { doubted: None, remembered_at: Some(Instant::now()) };
        log::debug!("the list has {after} rows in {bytes} bytes");
        self.take_list(&answer, &reading, news, mark)?;
        Ok(looked(self.fleet_is_changing()))
    }

    /// The list was seen as it is held. False where it was changed on the way: then that is not what was confirmed.
    fn confirm_list(&self, known: Option<&Mark>, mark: Mark, last: &mut LastList) -> bool {
        let was_doubtful = {
            let mut fleet = self.fleet();
            if fleet.mark() != known {
                return false;
            }
            fleet.hold_mark(mark);
            let was_doubtful = fleet.confirm(self.now(), Source::Live);
            fleet.note_time() || was_doubtful
        };
        self.remember_look(last);
        if was_doubtful {
            self.announce_list();
        }
        true
    }

    fn take_list(
        &self,
        answer: &Answer,
        reading: &Reading,
        news: ListNews,
        mark: Mark,
    ) -> Result<(), Failure> {
        let now = self.now();
        let (changes, is_first) = {
            let mut fleet = self.fleet();
            let is_first = fleet.facts().seen_at.is_none();
            let changes = match fleet.take_news(reading, news, now) {
                Some(changes) => changes,
                // A row was changed on the way.
                None => fleet.replace(answer.read::<ListInstances>()?, now, Source::Live),
            };
            fleet.hold_mark(mark);
            (changes, is_first)
        };
        self.note_changes(&changes, is_first);
        write_changes(&self.cache, &changes.changed, &changes.gone, now);
        self.note_statuses(changes.statuses);
        self.announce_list();
        // The row is part of what a screen of it shows.
        for resource in self.watched() {
            if let Resource::Instance(id) = resource
                && changes.changed.iter().any(|row| row.id == id)
            {
                self.announce(Event::InstanceChanged { id });
            }
        }
        Ok(())
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
        self.note_changes(&Changes { changed: row.into_iter().collect(), ..Changes::default() }, false);
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
                self.nudge_list_after_act();
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
        self.nudge_list_after_act();
        Ok(deleted)
    }

    /// Whether an instance is on its way in or out, as far as is known.
    pub(crate) fn is_changing(&self, id: &InstanceId) -> bool {
        self.fleet().get(id).is_some_and(|row| matches!(phase(row), Phase::OnItsWay | Phase::Deleting))
    }
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
