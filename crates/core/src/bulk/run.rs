//! Doing a job: a few items at once, each at its turn, each written down before it is sent and after it was answered. The
//! order of work is `stages`, the meaning of an answer `outcome`; what is sent is the single act.

use super::exclusion::left_out_now;
use super::journal::End;
use super::outcome::{Sight, Verdict, read_failure};
use super::plan::requests_of;
use super::stages::{Board, Step};
use super::{BulkAct, BulkItemState, BulkJob, BulkPause, BulkState, Exclusion};
use crate::consent::ConsentState;
use crate::error::{Code, Failure, Otherwise};
use crate::events::Event;
use crate::model_policy::PolicyPushed;
use crate::session::{Resource, Session, lock};
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{GetInstance, InstanceSummary, Phase, Status};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// Most items on their way at once.
const AT_ONCE: usize = 4;

/// What a person wants of a job that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    GoOn,
    Pause,
    Cancel,
}

/// The one job of a session that goes on.
#[derive(Debug)]
pub(crate) struct BulkRun {
    id: String,
    wish: watch::Sender<Wish>,
    task: Option<AbortHandle>,
}

impl BulkRun {
    /// The session ends: what is on its way is looked at by whoever goes on.
    pub(crate) fn abort(self) {
        if let Some(task) = self.task {
            task.abort();
        }
    }
}

/// How an item came back.
enum Back {
    Done {
        found: bool,
    },
    Failed(Failure),
    /// Not done: it is no longer what the preview showed.
    LeftOut(Exclusion),
    /// It waits again: the platform asked for it.
    Later(Failure),
    /// The job rests; where nothing was sent, the item waits, otherwise it stays begun.
    Rest {
        failure: Failure,
        unsent: bool,
    },
}

impl Session {
    /// Starts the work of a job that was written down.
    pub(super) fn run_bulk(self: &Arc<Self>, id: &str) -> Result<BulkJob, Failure> {
        let (act, stop_in_rest, tolerated) = self.bulk.work(id)?;
        let mut running = lock(&self.bulk_run);
        if running.is_some() || self.is_closed() {
            return Err(super::conflict("another bulk job is going on"));
        }
        self.bulk.set_state(id, &BulkState::Running, self.now())?;
        let board = Board::new(self.bulk.board(id)?, stop_in_rest, tolerated);
        let (wish, wishes) = watch::channel(Wish::GoOn);
        let (session, job) = (self.clone(), id.to_owned());
        let run = async move {
            let rest = session.work_on(&job, &act, board, wishes).await.unwrap_or_else(|failure| {
                log::error!("a bulk job rests, since it can not be written down: {failure}");
                BulkState::Paused { why: BulkPause::Trouble { failure } }
            });
            *lock(&session.bulk_run) = None;
            session.nudge(&Resource::List);
            let noted =
                session.bulk_home().1.map(|tenant| session.bulk.note_tenant(&job, &tenant)).transpose();
            if let Err(failure) = noted.and_then(|_| session.rest_bulk(&job, &rest)) {
                log::error!("the end of a bulk job was not written down: {failure}");
            }
        };
        *running = Some(BulkRun { id: id.to_owned(), wish, task: None });
        let task = tokio::spawn(run).abort_handle();
        if let Some(run) = running.as_mut() {
            run.task = Some(task);
        }
        drop(running);
        self.tell_bulk(id, None)
    }

    pub(super) fn wish_bulk(&self, id: &str, wish: Wish) {
        if let Some(run) = lock(&self.bulk_run).as_ref().filter(|run| run.id == id) {
            run.wish.send_replace(wish);
        }
    }

    /// A job comes to rest.
    pub(super) fn rest_bulk(&self, id: &str, state: &BulkState) -> Result<BulkJob, Failure> {
        self.bulk.set_state(id, state, self.now())?;
        self.tell_bulk(id, None)
    }

    /// Tells the screens how a job stands, and which item moved.
    fn tell_bulk(&self, id: &str, place: Option<usize>) -> Result<BulkJob, Failure> {
        let job = self.bulk.job(self.profile_id(), id)?;
        let item = place.map(|place| self.bulk.item(id, place)).transpose()?;
        self.announce(Event::BulkChanged { job: job.clone(), item });
        Ok(job)
    }

    /// Works until everything has its end, or there is a reason to rest.
    async fn work_on(
        &self,
        id: &str,
        act: &BulkAct,
        mut board: Board,
        mut wishes: watch::Receiver<Wish>,
    ) -> Result<BulkState, Failure> {
        let job = self.bulk.job(self.profile_id(), id)?;
        let gap = Duration::from_secs(60) * requests_of(act.verb()) / job.per_minute.max(1);
        let mut flying = FuturesUnordered::new();
        let mut due = Instant::now();
        // Kept over the turns of the loop: a turn that is given up half-way would be missed by all others.
        let mut turn: Option<BoxFuture<'_, ()>> = None;
        let mut rest = None;
        loop {
            rest = match *wishes.borrow_and_update() {
                Wish::GoOn => rest,
                Wish::Pause => rest.or(Some(BulkState::Paused { why: BulkPause::Person })),
                // Whatever else it rests for: a person has ended it.
                Wish::Cancel => Some(BulkState::Cancelled),
            };
            if self.is_closed() {
                rest.get_or_insert(BulkState::Paused { why: BulkPause::AppEnded });
            }
            let step = if rest.is_some() { Step::Stop } else { board.next() };
            let next = match step {
                Step::Take { place, look_first } if flying.len() < AT_ONCE => Some((place, look_first)),
                Step::Stop if flying.is_empty() => {
                    return Ok(rest.unwrap_or(BulkState::Paused { why: BulkPause::Stopped }));
                }
                Step::Finish if flying.is_empty() => return Ok(BulkState::Finished),
                _ => None,
            };
            if next.is_some() && turn.is_none() {
                turn = Some(self.wait_for_bulk_turn(due).boxed());
            }
            tokio::select! {
                () = async { match turn.as_mut() { Some(turn) => turn.await, None => std::future::pending().await } }, if next.is_some() => {
                    turn = None;
                    due = Instant::now() + gap;
                    if let Some((place, look_first)) = next {
                        let Some(instance) = self.bulk.begin(id, place, self.now())? else {
                            return Err(super::conflict("an item has its end already"));
                        };
                        board.begin(place);
                        let shown = self.bulk.shown(id, place)?;
                        let item = self.carry_out(act, instance, look_first, shown);
                        flying.push(async move { (place, item.await) });
                        self.tell_bulk(id, Some(place))?;
                    }
                }
                Some((place, back)) = flying.next() => {
                    rest = rest.or(self.settle_item(id, &mut board, place, back)?);
                }
                changed = wishes.changed() => if changed.is_err() {
                    rest.get_or_insert(BulkState::Paused { why: BulkPause::AppEnded });
                },
            }
        }
    }

    /// Not before it is due, nor before the profile's budget and the platform's wishes allow it.
    async fn wait_for_bulk_turn(&self, due: Instant) {
        tokio::time::sleep_until(due).await;
        self.poller.wait_for_turn().await;
    }

    /// Writes down how an item came back. A reason to rest, where there is one.
    fn settle_item(
        &self,
        id: &str,
        board: &mut Board,
        place: usize,
        back: Back,
    ) -> Result<Option<BulkState>, Failure> {
        let end = |state, failure: Option<&Failure>, found| {
            self.bulk.end(id, place, &End { state, failure, excluded: None, found }, self.now())
        };
        let rest = match back {
            Back::Done { found } => {
                end(BulkItemState::Done, None, found)?;
                board.note_done(place);
                None
            }
            Back::Later(failure) if !board.put_back(place) => {
                end(BulkItemState::Failed, Some(&failure), false)?;
                board.note_failed(place);
                None
            }
            Back::Later(_) => {
                end(BulkItemState::Waiting, None, false)?;
                None
            }
            Back::LeftOut(why) => {
                let state = BulkItemState::Excluded;
                self.bulk.end(
                    id,
                    place,
                    &End { state, failure: None, excluded: Some(why), found: false },
                    self.now(),
                )?;
                board.note_left_out(place);
                None
            }
            Back::Failed(failure) => {
                end(BulkItemState::Failed, Some(&failure), false)?;
                board.note_failed(place);
                None
            }
            Back::Rest { failure, unsent } => {
                if unsent {
                    end(BulkItemState::Waiting, None, false)?;
                }
                Some(BulkState::Paused { why: BulkPause::Trouble { failure } })
            }
        };
        self.tell_bulk(id, Some(place))?;
        Ok(rest)
    }

    /// One item: looked at first where an earlier run may have done it, then done, then looked at where the answer was lost.
    async fn carry_out(&self, act: &BulkAct, id: InstanceId, look_first: bool, shown: Option<Phase>) -> Back {
        if look_first {
            match self.look_at_item(act, &id).await {
                Ok(Sight::Done) => return Back::Done { found: true },
                Ok(Sight::NotDone) => {}
                Ok(Sight::Unseen) => {
                    return Back::Failed(Failure::new(
                        Code::MayHaveArrived,
                        "the app ended before the answer came",
                    ));
                }
                // What refuses every look says nothing about this one: it is looked at when the job goes on.
                Err(failure) => {
                    return match read_failure(act, &failure) {
                        Verdict::Later | Verdict::RestUnsent | Verdict::RestUnknown => {
                            Back::Rest { failure, unsent: false }
                        }
                        Verdict::Look if failure.is_outage() => Back::Rest { failure, unsent: false },
                        Verdict::Look | Verdict::Failed => Back::Failed(failure),
                    };
                }
            }
        }
        match self.left_out_now(act, &id, shown).await {
            Ok(None) => {}
            Ok(Some(why)) => return Back::LeftOut(why),
            Err(failure) => {
                return match read_failure(act, &failure) {
                    Verdict::Later => Back::Later(failure),
                    Verdict::RestUnsent | Verdict::RestUnknown => Back::Rest { failure, unsent: !look_first },
                    Verdict::Look | Verdict::Failed => Back::Failed(failure),
                };
            }
        }
        let Err(failure) = self.act_on(act, &id).await else { return Back::Done { found: false } };
        match read_failure(act, &failure) {
            Verdict::Failed => Back::Failed(failure),
            Verdict::Later => Back::Later(failure),
            Verdict::RestUnsent => Back::Rest { failure, unsent: true },
            Verdict::RestUnknown => Back::Rest { failure, unsent: false },
            Verdict::Look => match self.look_at_item(act, &id).await {
                Ok(Sight::Done) => Back::Done { found: true },
                Ok(_) | Err(_) => Back::Failed(failure),
            },
        }
    }

    /// Whether it is still what the preview showed. The list says so while it is live; else a delete asks for the one.
    async fn left_out_now(
        &self,
        act: &BulkAct,
        id: &InstanceId,
        shown: Option<Phase>,
    ) -> Result<Option<Exclusion>, Failure> {
        if self.is_list_live() {
            let row = self.fleet().get(id).cloned();
            return Ok(left_out_now(act, row.as_ref(), shown));
        }
        if *act != BulkAct::Delete {
            return Ok(None);
        }
        let row = match self.call(&GetInstance { id: id.clone() }).await {
            Ok(detail) => Some(InstanceSummary { status: detail.status, ..InstanceSummary::default() }),
            Err(Failure { code: Code::NotFound { .. }, .. }) => None,
            Err(failure) => return Err(failure),
        };
        Ok(left_out_now(act, row.as_ref(), shown))
    }

    /// The single act, with its ledger line, its rights and its repeats.
    async fn act_on(&self, act: &BulkAct, id: &InstanceId) -> Result<(), Failure> {
        match act {
            BulkAct::ApplyUpdates => self.apply_updates(id).await.map(drop),
            BulkAct::PatchPlatformConfig { fields } => {
                let saved = self.patch_platform_config(id, fields.0.clone()).await?;
                otherwise(!saved.differs.is_empty(), Otherwise::Fields)
            }
            BulkAct::UpdateModelPolicy { policy } => {
                let saved = self.update_model_policy(id, policy.0.clone()).await?;
                otherwise(saved.pushed == PolicyPushed::StoredOnly, Otherwise::PolicyOnlyStored)
            }
            BulkAct::RevokeConsent => {
                let view = self.set_consent(id, false, "").await?;
                otherwise(view.state == ConsentState::Granted, Otherwise::ConsentGranted)
            }
            BulkAct::Delete => self.delete_instance(id).await.map(drop),
        }
    }

    /// Whether an act was done already. Changes nothing.
    async fn look_at_item(&self, act: &BulkAct, id: &InstanceId) -> Result<Sight, Failure> {
        let seen = |done| if done { Sight::Done } else { Sight::NotDone };
        match act {
            BulkAct::Delete => match self.call(&GetInstance { id: id.clone() }).await {
                Err(Failure { code: Code::NotFound { .. }, .. }) => {
                    self.nudge_list_after_act();
                    Ok(Sight::Done)
                }
                Err(failure) => Err(failure),
                Ok(detail) => {
                    let phase = detail.status.as_ref().map(Status::phase).unwrap_or_default();
                    Ok(seen(matches!(phase, Phase::Deleting | Phase::Gone)))
                }
            },
            BulkAct::PatchPlatformConfig { fields } => {
                let config = self.read_platform_config(id).await?;
                Ok(seen(crate::platform_config::differing(&fields.0, &config.value).is_empty()))
            }
            BulkAct::UpdateModelPolicy { policy } => {
                Ok(self.agent_uses(id, &policy.0).await?.map_or(Sight::Unseen, seen))
            }
            // Nobody can ask; to revoke once more is harmless, and the contract says so.
            BulkAct::RevokeConsent => Ok(Sight::NotDone),
            BulkAct::ApplyUpdates => Ok(Sight::Unseen),
        }
    }
}

/// An answer that was good, and says that what was asked is not so.
fn otherwise(is_so: bool, what: Otherwise) -> Result<(), Failure> {
    match is_so {
        true => Err(Failure::new(Code::ReadsOtherwise { what }, "")),
        false => Ok(()),
    }
}
