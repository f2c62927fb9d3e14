//! Bulk work: one act on many instances, in stages, written down item by item (`bulk.db`). Belongs here: what a job is, and
//! what a person may ask of one. What would happen is `plan`, what comes next is `stages`, what an answer means is
//! `outcome`, doing it is `run`. Each item is the single act's own code path: its ledger line, its rights, its repeats.

mod exclusion;
mod job;
mod journal;
mod outcome;
mod plan;
mod report;
mod run;
mod shown;
mod stages;

use crate::Console;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::fleet::FleetQuery;
use crate::profiles::ProfileKind;
use crate::seen::Source;
use crate::session::{Session, lock};
pub use exclusion::Exclusion;
pub use job::{
    BulkAct, BulkCounts, BulkItem, BulkItemState, BulkItems, BulkJob, BulkOrder, BulkPause, BulkState,
    BulkTargets, BulkVerb,
};
pub(crate) use journal::BulkJournal;
use nineheads_contract::InstanceId;
pub use plan::{BulkPlan, PlannedExclusion, PlannedRow};
pub use report::{BulkFormat, RowsFormat};
pub(crate) use run::BulkRun;
use run::Wish;
pub(crate) use shown::Shown;
use std::sync::Arc;

impl Session {
    /// What would happen, and a window of the rows it would happen to. Nothing is sent.
    pub(crate) fn plan_bulk(&self, order: &BulkOrder, offset: u32, limit: u32) -> Result<BulkPlan, Failure> {
        plan::refuse_unfit(&order.act)?;
        let planned = self.planned(order);
        // The first page is the preview; later ones only show more of it.
        if offset == 0 {
            *lock(&self.bulk_shown) = Some(Shown::of(order, &planned));
        }
        Ok(planned.shown(offset, limit))
    }

    /// Writes the job down and begins. `confirmed` is the count that was shown, `typed` what was typed beneath it.
    ///
    /// # Errors
    /// [`Code::Conflict`] where the fleet is another one by now, or a job is going on; [`Code::Declined`] without the
    /// words that deleting takes; [`Code::Storage`] where it can not be written down. Nothing is sent then.
    pub(crate) async fn start_bulk(
        self: &Arc<Self>,
        order: &BulkOrder,
        confirmed: u32,
        typed: Option<&str>,
    ) -> Result<BulkJob, Failure> {
        self.may_run_bulk().await?;
        plan::refuse_unfit(&order.act)?;
        let planned = self.planned(order);
        // As many as were shown is not enough: it has to be the same ones, of a list that was answered just now.
        let is_another =
            lock(&self.bulk_shown).as_ref().is_some_and(|shown| shown.is_another(order, &planned));
        if planned.included() != confirmed || confirmed == 0 || is_another || !self.is_list_live() {
            return Err(conflict("the fleet has changed since the preview"));
        }
        let wanted = planned.words_to_type();
        if wanted.is_some_and(|wanted| typed.map(|typed| typed.trim().to_lowercase()) != Some(wanted)) {
            return Err(Failure::new(Code::Declined, "what was typed is not what deleting takes"));
        }
        let id = uuid::Uuid::new_v4().to_string();
        let (profile, now) = (self.profile_id(), self.now());
        let (base, tenant) = self.bulk_home();
        self.bulk.insert(profile, (&base, tenant.as_deref()), &id, order, &planned, now)?;
        // Another one that began in between keeps its place; this one never was.
        self.run_bulk(&id).inspect_err(|_| {
            if let Err(failure) = self.bulk.forget(&id) {
                log::error!("a bulk job that did not begin is still written down: {failure}");
            }
        })
    }

    /// Goes on with a job that rests. What failed so far is accepted; what was begun is looked at first.
    pub(crate) async fn continue_bulk(self: &Arc<Self>, id: &str) -> Result<BulkJob, Failure> {
        self.may_run_bulk().await?;
        let job = self.bulk.job(self.profile_id(), id)?;
        if !matches!(job.state, BulkState::Paused { .. }) {
            return Ok(job);
        }
        self.refuse_another_platform(id).await?;
        // Whoever goes on for another reason has accepted nothing.
        if matches!(job.state, BulkState::Paused { why: BulkPause::Stopped, .. }) {
            self.bulk.tolerate(id, job.counts.failed)?;
        }
        self.run_bulk(id)
    }

    /// Does the failed ones again, from the first stage on.
    pub(crate) async fn retry_bulk(self: &Arc<Self>, id: &str) -> Result<BulkJob, Failure> {
        self.may_run_bulk().await?;
        let job = self.bulk.job(self.profile_id(), id)?;
        // Only a job that failures stopped, or that has nothing else to do: else the rest would go along unasked.
        let may = match &job.state {
            BulkState::Finished => true,
            BulkState::Paused { why } => {
                *why == BulkPause::Stopped || job.counts.waiting + job.counts.begun == 0
            }
            _ => false,
        };
        if !may || job.counts.failed == 0 {
            return Ok(job);
        }
        self.refuse_another_platform(id).await?;
        self.bulk.want_failed_again(id)?;
        self.run_bulk(id)
    }

    /// Sends nothing more; what is on its way ends.
    pub(crate) fn pause_bulk(&self, id: &str) -> Result<BulkJob, Failure> {
        self.wish_bulk(id, Wish::Pause);
        self.bulk.job(self.profile_id(), id)
    }

    /// Ends a job, whether it goes on or rests.
    pub(crate) fn cancel_bulk(&self, id: &str) -> Result<BulkJob, Failure> {
        let job = self.bulk.job(self.profile_id(), id)?;
        match job.state {
            BulkState::Running => {
                self.wish_bulk(id, Wish::Cancel);
                Ok(job)
            }
            BulkState::Paused { .. } => self.rest_bulk(id, &BulkState::Cancelled),
            _ => Ok(job),
        }
    }

    /// Puts a job away that has ended.
    pub(crate) fn dismiss_bulk(&self, id: &str) -> Result<(), Failure> {
        let job = self.bulk.job(self.profile_id(), id)?;
        if !matches!(job.state, BulkState::Cancelled | BulkState::Finished) {
            return Err(conflict("the job has not ended"));
        }
        self.bulk.forget(id)?;
        self.announce(Event::BulkForgotten { id: id.to_owned() });
        Ok(())
    }

    /// A job that an earlier run, or an earlier session, left running waits for a person.
    pub(crate) fn rest_left_bulk(&self) -> Result<(), Failure> {
        self.bulk.rest_left(self.profile_id(), self.now())
    }

    async fn may_run_bulk(&self) -> Result<(), Failure> {
        self.guard_write()?;
        self.before_call().await?;
        match lock(&self.bulk_run).is_some() {
            true => Err(conflict("another bulk job is going on")),
            false => Ok(()),
        }
    }

    /// The ids of a job are one platform's and one tenant's: anywhere else "not found" would read as "deleted".
    async fn refuse_another_platform(&self, id: &str) -> Result<(), Failure> {
        let (base, tenant) = self.bulk.home(id)?;
        if tenant.is_some() && lock(&self.key_context).is_none() {
            self.learn_rights().await;
        }
        let (here, tenant_here) = self.bulk_home();
        // Where the platform has not said yet whose key this is, it may be anybody's.
        match base == here && (tenant.is_none() || tenant == tenant_here) {
            true => Ok(()),
            false => Err(conflict("the job belongs to another address, or another tenant")),
        }
    }

    /// The list was answered in this run, and nothing of it is doubted.
    fn is_list_live(&self) -> bool {
        let fleet = self.fleet();
        let facts = fleet.facts();
        facts.source == Source::Live && facts.failure.is_none() && facts.doubted == 0
    }

    /// Where the profile's instances are, and whose, where that is known; this computer's port changes with every start.
    fn bulk_home(&self) -> (String, Option<String>) {
        let tenant = lock(&self.key_context).as_ref().and_then(|context| context.tenant_id.clone());
        match self.profile.kind {
            ProfileKind::ThisComputer => (format!("local:{}", self.profile.id), None),
            ProfileKind::Platform => (self.client.base().as_str().to_owned(), tenant),
        }
    }
}

fn conflict(detail: &str) -> Failure {
    Failure::new(Code::Conflict { message: None }, detail)
}

#[allow(clippy::missing_errors_doc, reason = "no session, or the session's own reasons")]
impl Console {
    /// Some of the instances that match, in the query's order.
    pub fn matched_ids(
        &self,
        query: &FleetQuery,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<InstanceId>, Failure> {
        let matched = self.session()?.matched_ids(query);
        Ok(matched.into_iter().skip(offset as usize).take(limit as usize).collect())
    }

    /// How many of some instances match.
    pub async fn count_matched(&self, query: &FleetQuery, ids: &[InstanceId]) -> Result<u32, Failure> {
        let (query, ids) = (query.clone(), ids.to_vec());
        self.aside(move |session| Ok(session.count_matched_of(&query, &ids))).await
    }

    /// What would happen. Nothing is sent.
    pub fn plan_bulk(&self, order: &BulkOrder, offset: u32, limit: u32) -> Result<BulkPlan, Failure> {
        self.session()?.plan_bulk(order, offset, limit)
    }

    /// Writes a job down and begins.
    pub async fn start_bulk(
        &self,
        order: &BulkOrder,
        confirmed: u32,
        typed: Option<&str>,
    ) -> Result<BulkJob, Failure> {
        self.session()?.start_bulk(order, confirmed, typed).await
    }

    /// The profile's jobs, newest first.
    pub fn bulk_jobs(&self) -> Result<Vec<BulkJob>, Failure> {
        let session = self.session()?;
        session.bulk.jobs(session.profile_id())
    }

    /// One of them.
    pub fn bulk_job(&self, id: &str) -> Result<BulkJob, Failure> {
        let session = self.session()?;
        session.bulk.job(session.profile_id(), id)
    }

    /// Some of its items; of one state, or of all with the failed first.
    pub fn bulk_items(
        &self,
        id: &str,
        state: Option<BulkItemState>,
        offset: u32,
        limit: u32,
    ) -> Result<BulkItems, Failure> {
        self.bulk_job(id)?;
        self.session()?.bulk.items(id, state, offset, limit)
    }

    /// Goes on with one that rests.
    pub async fn continue_bulk(&self, id: &str) -> Result<BulkJob, Failure> {
        self.session()?.continue_bulk(id).await
    }

    /// Does the failed ones again.
    pub async fn retry_bulk(&self, id: &str) -> Result<BulkJob, Failure> {
        self.session()?.retry_bulk(id).await
    }

    /// Sends nothing more for now.
    pub fn pause_bulk(&self, id: &str) -> Result<BulkJob, Failure> {
        self.session()?.pause_bulk(id)
    }

    /// Ends one.
    pub fn cancel_bulk(&self, id: &str) -> Result<BulkJob, Failure> {
        self.session()?.cancel_bulk(id)
    }

    /// Puts one away that has ended.
    pub fn dismiss_bulk(&self, id: &str) -> Result<(), Failure> {
        self.session()?.dismiss_bulk(id)
    }
}
