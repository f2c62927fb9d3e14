//! What an outcome means for a deploy. Pure: the rules of "one confirmation, at most one server" on one screen.

use super::{Deploy, DeployState, StageMark};
use crate::boot::BootTime;
use crate::error::{Code, Failure};
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_contract::deploys::{CreateAccepted, DeployProgress};
use nineheads_contract::instances::{Phase, Status};
use nineheads_contract::problem::{MESSAGE_LIMIT, clip};

/// How long a request that nobody answered may still be on its way. Ours.
pub(super) const SETTLE_WINDOW: TimeDelta = TimeDelta::minutes(3);
/// How long an absent deploy is sent again unasked.
pub(super) const RESEND_WINDOW: TimeDelta = TimeDelta::hours(12);

/// Longest words that are kept of a platform's own, in bytes: a deploy is announced with each of its steps.
const STAGE_LIMIT: usize = 100;

/// How long ago something was, as far as that is certain: the wall clock can be set, and the time since the computer's
/// start ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Age {
    pub at_least: TimeDelta,
    /// None where nobody knows.
    pub at_most: Option<TimeDelta>,
}

impl Age {
    /// Of a moment known by both clocks, or by the wall clock alone.
    pub(super) fn of(
        then: (DateTime<Utc>, Option<&BootTime>),
        now: (DateTime<Utc>, Option<&BootTime>),
    ) -> Self {
        let wall = now.0 - then.0;
        let by_wall = (wall >= TimeDelta::zero()).then_some(wall);
        let delta = |duration| TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX);
        match (then.1, now.1) {
            (Some(then), Some(now)) if then.boot == now.boot => {
                let passed = delta(now.since.saturating_sub(then.since));
                Self { at_least: passed, at_most: Some(passed) }
            }
            // Started anew since then: at least so long ago as this start.
            (Some(_), Some(now)) => {
                let at_least = delta(now.since);
                Self { at_least, at_most: by_wall.filter(|wall| *wall >= at_least) }
            }
            _ => Self { at_least: by_wall.unwrap_or_default(), at_most: by_wall },
        }
    }
}

/// Whether a deploy that was confirmed so long ago may go out without asking the person again.
pub(super) fn may_go_unasked(confirmed: Age) -> bool {
    confirmed.at_most.is_some_and(|age| age <= RESEND_WINDOW)
}

/// How a send ended.
#[derive(Debug)]
pub(super) enum Sent {
    /// Not one byte left.
    Never(Failure),
    /// Bytes left and no readable answer came.
    Lost(Failure),
    /// The platform answered with a refusal.
    Refused { status: u16, failure: Failure, asked_to_wait: bool },
    /// The platform answered with success.
    Answered(CreateAccepted),
}

/// What a send means. The failure, if any, is returned for pace and status line.
pub(super) fn after_send(deploy: &mut Deploy, sent: Sent) -> Result<(), Failure> {
    let (state, failure) = match sent {
        Sent::Answered(accepted) if accepted.task_id.is_some() || accepted.instance_id.is_some() => {
            deploy.task_id = accepted.task_id;
            deploy.instance_id = accepted.instance_id.or(deploy.instance_id.take());
            (DeployState::Accepted, None)
        }
        // Neither task nor instance: nothing proves that it was taken.
        Sent::Answered(_) => (DeployState::Unknown, None),
        // A certificate that does not hold is a no: nothing is tried again by itself.
        Sent::Never(failure) if matches!(failure.code, Code::BadCertificate { .. }) => {
            (DeployState::Rejected, Some(failure))
        }
        Sent::Never(failure) => (DeployState::Intent, Some(failure)),
        Sent::Lost(failure) => (DeployState::Unknown, Some(failure)),
        Sent::Refused { status, failure, asked_to_wait } => match status {
            401 | 429 => (DeployState::Intent, Some(failure)),
            503 if asked_to_wait => (DeployState::Intent, Some(failure)),
            400 | 403 | 404 | 405 | 410 | 411 | 413 | 414 | 415 | 422 => {
                (DeployState::Rejected, Some(failure))
            }
            // 409: being worked on; 5xx, redirects and web pages: nobody knows what lies behind them.
            _ => (DeployState::Unknown, Some(failure)),
        },
    };
    deploy.state = state;
    deploy.failure.clone_from(&failure);
    match failure {
        Some(failure) if state != DeployState::Rejected => Err(failure),
        _ => Ok(()),
    }
}

/// What the platform knows about the key. `sent` and `confirmed` say how long ago that was.
pub(super) fn after_look(
    deploy: &mut Deploy,
    progress: DeployProgress,
    now: DateTime<Utc>,
    (sent, confirmed): (Age, Age),
) {
    deploy.failure = None;
    let found = progress.found.unwrap_or(progress.instance_id.is_some());
    if !found {
        // An answer that does not say is no answer.
        if progress.found.is_none() {
            return;
        }
        if deploy.state == DeployState::Accepted {
            // It was there and is no more: somebody took it away before it was ready.
            if deploy.instance_id.is_some() {
                deploy.state = DeployState::Failed;
            }
            return;
        }
        deploy.state = match sent.at_least >= SETTLE_WINDOW {
            false => DeployState::Unknown,
            true if may_go_unasked(confirmed) => DeployState::Intent,
            true => DeployState::Absent,
        };
        return;
    }
    mark(deploy, "created", now);
    if let Some(stage) = &progress.bootstrap_stage {
        mark(deploy, &clip(stage, STAGE_LIMIT), now);
    }
    deploy.instance_id = progress.instance_id.or(deploy.instance_id.take());
    deploy.hostname = progress.hostname.or(deploy.hostname.take());
    let short = |text: Option<String>, limit| text.map(|text: String| clip(&text, limit));
    deploy.provisioning_stage = short(progress.provisioning_stage, STAGE_LIMIT);
    deploy.bootstrap_stage = short(progress.bootstrap_stage, STAGE_LIMIT);
    deploy.bootstrap_seq = progress.bootstrap_seq.and_then(|seq| u32::try_from(seq).ok());
    deploy.log_count = u32::try_from(progress.logs.len()).unwrap_or(u32::MAX);
    deploy.error_message = short(progress.error_message, MESSAGE_LIMIT);
    deploy.state = match progress.status.as_ref().map(Status::phase).unwrap_or_default() {
        Phase::Running => DeployState::Ready,
        Phase::Failed | Phase::Deleting | Phase::Gone => DeployState::Failed,
        Phase::OnItsWay | Phase::Unknown => DeployState::Accepted,
    };
    deploy.status = progress.status;
}

/// Whether a failed look is an answer after all: some platforms say 404 for a key they never saw.
pub(super) fn is_not_found(failure: &Failure) -> bool {
    matches!(failure.code, Code::NotFound { .. })
}

fn mark(deploy: &mut Deploy, stage: &str, now: DateTime<Utc>) {
    if deploy.stages.iter().all(|mark| mark.stage != stage) && deploy.stages.len() < 40 {
        deploy.stages.push(StageMark { stage: stage.to_owned(), at: now });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::CertificateProblem;
    use nineheads_contract::deploys::NewInstance;

    fn deploy(state: DeployState, sent_ago: TimeDelta) -> Deploy {
        let at = Utc::now() - sent_ago;
        let deploy = Deploy::confirmed("k".into(), NewInstance::default(), at);
        Deploy { state, sent_at: Some(at), ..deploy }
    }

    const LONG_AGO: (Age, Age) = {
        let hour = Age { at_least: TimeDelta::hours(1), at_most: Some(TimeDelta::hours(1)) };
        (hour, hour)
    };

    fn absent() -> DeployProgress {
        DeployProgress { found: Some(false), ..DeployProgress::default() }
    }

    fn refused(status: u16, asked_to_wait: bool) -> DeployState {
        let mut deploy = deploy(DeployState::Sent, TimeDelta::zero());
        let failure = Failure::new(Code::Unreadable, "");
        let _ = after_send(&mut deploy, Sent::Refused { status, failure, asked_to_wait });
        deploy.state
    }

    #[test]
    fn every_answer_but_a_clear_no_or_a_clear_not_yet_leaves_the_outcome_unknown() {
        for status in [200, 204, 301, 409, 418, 500, 502, 503, 504] {
            assert_eq!(refused(status, false), DeployState::Unknown, "{status}");
        }
        for status in [400, 403, 404, 422] {
            assert_eq!(refused(status, false), DeployState::Rejected, "{status}");
        }
        for (status, wait) in [(401, false), (429, false), (429, true), (503, true)] {
            assert_eq!(refused(status, wait), DeployState::Intent, "{status}");
        }
    }

    #[test]
    fn a_success_that_names_neither_task_nor_instance_proves_nothing() {
        let mut deploy = deploy(DeployState::Sent, TimeDelta::zero());
        after_send(&mut deploy, Sent::Answered(CreateAccepted::default())).expect("no failure");
        assert_eq!(deploy.state, DeployState::Unknown);
    }

    #[test]
    fn a_key_the_platform_never_saw_is_absent_only_after_the_settle_window() {
        let look = |ago| {
            let mut deploy = deploy(DeployState::Unknown, ago);
            let age = Age::of((deploy.confirmed_at, None), (Utc::now(), None));
            after_look(&mut deploy, absent(), Utc::now(), (age, age));
            deploy.state
        };
        assert_eq!(look(TimeDelta::seconds(10)), DeployState::Unknown);
        assert_eq!(look(TimeDelta::minutes(4)), DeployState::Intent);
        assert_eq!(look(TimeDelta::hours(13)), DeployState::Absent);
        assert_eq!(look(TimeDelta::hours(-24)), DeployState::Unknown);
    }

    #[test]
    fn a_clock_that_was_set_makes_nothing_older_and_a_new_start_makes_it_unsure() {
        let now = Utc::now();
        let boot = |boot: &str, seconds| {
            Some(BootTime { boot: boot.into(), since: std::time::Duration::from_secs(seconds) })
        };
        let age = |wall: TimeDelta, then: Option<BootTime>, at: Option<BootTime>| {
            Age::of((now - wall, then.as_ref()), (now, at.as_ref()))
        };
        let minute = TimeDelta::minutes(1);
        for wall in [TimeDelta::days(1), TimeDelta::days(-1), minute] {
            let same = age(wall, boot("a", 100), boot("a", 160));
            assert_eq!(same, Age { at_least: minute, at_most: Some(minute) }, "{wall}");
        }
        let anew = age(TimeDelta::days(1), boot("a", 100), boot("b", 60));
        assert_eq!(anew, Age { at_least: minute, at_most: Some(TimeDelta::days(1)) });
        let set_back = age(TimeDelta::days(-1), boot("a", 100), boot("b", 60));
        assert_eq!(set_back, Age { at_least: minute, at_most: None });
        assert!(!may_go_unasked(set_back), "the person decides");
        assert_eq!(age(minute, None, boot("b", 5)), Age { at_least: minute, at_most: Some(minute) });
    }

    #[test]
    fn a_certificate_that_does_not_hold_ends_the_deploy_unsent() {
        let mut deploy = deploy(DeployState::Sent, TimeDelta::zero());
        let code =
            Code::BadCertificate { problem: CertificateProblem::Expired, host: String::new(), at: None };
        after_send(&mut deploy, Sent::Never(Failure::new(code, ""))).expect("settled");
        assert_eq!(deploy.state, DeployState::Rejected);
    }

    #[test]
    fn an_accepted_deploy_that_is_not_yet_visible_stays_accepted() {
        let mut deploy = deploy(DeployState::Accepted, TimeDelta::hours(1));
        after_look(&mut deploy, absent(), Utc::now(), LONG_AGO);
        assert_eq!(deploy.state, DeployState::Accepted);
        deploy.instance_id = Some("a".into());
        after_look(&mut deploy, absent(), Utc::now(), LONG_AGO);
        assert_eq!(deploy.state, DeployState::Failed, "it was there and is no more");
    }

    #[test]
    fn an_answer_that_does_not_say_whether_it_found_anything_proves_nothing() {
        let mut deploy = deploy(DeployState::Unknown, TimeDelta::hours(1));
        after_look(&mut deploy, DeployProgress::default(), Utc::now(), LONG_AGO);
        assert_eq!(deploy.state, DeployState::Unknown);
    }

    #[test]
    fn stages_are_marked_once_in_the_order_they_were_seen() {
        let mut deploy = deploy(DeployState::Accepted, TimeDelta::zero());
        for stage in ["installing", "installing", "configuring"] {
            let progress = DeployProgress {
                found: Some(true),
                status: Some("provisioning".into()),
                bootstrap_stage: Some(stage.into()),
                ..DeployProgress::default()
            };
            after_look(&mut deploy, progress, Utc::now(), LONG_AGO);
        }
        let stages: Vec<_> = deploy.stages.iter().map(|mark| mark.stage.as_str()).collect();
        assert_eq!(stages, ["created", "installing", "configuring"]);
    }
}
