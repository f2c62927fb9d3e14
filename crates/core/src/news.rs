//! News of what changed by itself: told to a person as they wish, and kept in an inbox of the open profile, encrypted with
//! the rest of its cache. What is news is decided by the desk, what is wished by the rules; here they meet what is seen.
//! Does not belong here: words, and how the system shows a notification.

mod desk;
mod keeping;
mod kind;
mod rules;

use crate::Console;
use crate::bulk::{BulkJob, BulkPause, BulkState};
use crate::deploys::{Deploy, DeployState};
use crate::error::Failure;
use crate::events::Event;
use crate::fleet::{Changes, phase};
use crate::polling::PollerState;
use crate::session::{Session, lock};
use chrono::{DateTime, Local, Utc};
pub(crate) use desk::Desk;
use desk::{Matter, Ready};
use keeping::unread;
pub use keeping::{Inbox, KEPT};
pub use kind::{News, NewsKind, NewsSubject, SUBJECTS, Telling};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceSummary, Phase};
pub use rules::{NewsRules, QuietSpan, ViewRule};
use rules::{ViewRules, as_setting, read_setting};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// How the notebook calls the rules; those of views follow with the profile.
const RULES: &str = "news";
/// Most things that an announcement names: it must stay small.
const ANNOUNCED: usize = 3;

/// What a person wants to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NewsWishes {
    /// For everything.
    pub rules: NewsRules,
    /// For what a saved view shows, by the view; of the open profile.
    pub views: BTreeMap<String, ViewRule>,
}

/// How the notebook calls the rules of a profile's views.
pub(crate) fn views_setting(profile: &str) -> String {
    format!("{RULES}:{profile}")
}

impl Session {
    fn news_rules(&self) -> NewsRules {
        read_setting(self.notebook.setting(RULES))
    }

    fn view_rules(&self) -> ViewRules {
        read_setting(self.notebook.setting(&views_setting(self.profile_id())))
    }

    /// What a list of an earlier run says is nothing new.
    pub(crate) fn begin_news(&self) {
        let fleet = self.fleet();
        let failed = fleet.rows().filter(|row| phase(row) == Phase::Failed);
        lock(&self.desk).begin(failed.map(|row| row.id.to_string()));
    }

    /// What a new list changed. The first list of all changes nothing: it is how things are.
    pub(crate) fn note_changes(&self, changes: &Changes, is_first: bool) {
        let now = self.now();
        if is_first {
            let failed = changes.changed.iter().filter(|row| phase(row) == Phase::Failed);
            lock(&self.desk).begin(failed.map(|row| row.id.to_string()));
            return;
        }
        for id in &changes.gone {
            lock(&self.desk).forget(id.as_str());
        }
        let of_interest = |row: &&InstanceSummary| matches!(phase(row), Phase::Failed | Phase::Running);
        let rows: Vec<_> = changes.changed.iter().filter(of_interest).collect();
        if rows.is_empty() {
            return;
        }
        let (rules, views) = (self.news_rules(), self.views_with_rules());
        for row in rows {
            let shown = views.iter().filter(|(_, _, ids)| ids.contains(&row.id));
            let shown = shown.map(|(view, rule, _)| (view.as_str(), *rule));
            let subject = NewsSubject::new(row.id.as_str(), &self.name_of(&row.id));
            let trouble = phase(row) == Phase::Failed;
            let wish = |kind| rules.wish(kind, shown.clone());
            lock(&self.desk).see(Matter::Instance, subject, trouble, wish, now);
        }
    }

    /// The views that a rule stands for, and what they show.
    fn views_with_rules(&self) -> Vec<(String, ViewRule, HashSet<InstanceId>)> {
        let rules = self.view_rules();
        if rules.is_empty() {
            return Vec::new();
        }
        let views = self.views().unwrap_or_default().into_iter();
        let ruled = views.filter_map(|view| rules.get(&view.id).map(|&rule| (view, rule)));
        ruled
            .map(|(view, rule)| (view.id, rule, self.matched_ids(&view.query).into_iter().collect()))
            .collect()
    }

    /// Whatever else was announced.
    fn hear(&self, event: &Event) {
        match event {
            Event::DeployChanged { deploy } => self.hear_deploy(deploy),
            Event::BulkChanged { job, item: None } => self.hear_bulk(job),
            Event::PollerChanged { poller } => {
                let see = |matter, trouble| {
                    let name = self.shown_name();
                    let wish = |kind| self.news_rules().wish(kind, std::iter::empty());
                    lock(&self.desk).see(matter, NewsSubject::new("", &name), trouble, wish, self.now());
                };
                match poller.state {
                    PollerState::Offline { .. } => see(Matter::Platform, true),
                    PollerState::Refused => see(Matter::Key, true),
                    PollerState::Live => {
                        see(Matter::Platform, false);
                        see(Matter::Key, false);
                    }
                    PollerState::Idle | PollerState::Waiting { .. } | PollerState::NoKey => {}
                }
            }
            _ => {}
        }
    }

    fn hear_deploy(&self, deploy: &Deploy) {
        let kind = match deploy.state {
            DeployState::Ready => NewsKind::DeployDone,
            DeployState::Failed | DeployState::Rejected | DeployState::Absent => NewsKind::DeployFailed,
            _ => return,
        };
        if kind == NewsKind::DeployFailed
            && let Some(instance) = &deploy.instance_id
        {
            lock(&self.desk).leave_out(instance.as_str());
        }
        let name = deploy.request.agent_name.as_deref().or(deploy.hostname.as_deref()).unwrap_or_default();
        self.hear_end(kind, deploy.key.to_string(), name, deploy.settled_at);
    }

    fn hear_bulk(&self, job: &BulkJob) {
        let kind = match &job.state {
            BulkState::Finished if job.counts.failed == 0 => NewsKind::BulkDone,
            // What a person stopped is no news to them.
            BulkState::Paused { why: BulkPause::Person | BulkPause::AppEnded }
            | BulkState::Running
            | BulkState::Cancelled => return,
            BulkState::Finished | BulkState::Paused { .. } => NewsKind::BulkStopped,
        };
        self.hear_end(kind, job.id.clone(), "", job.ended_at);
    }

    /// Something ended, in this run and not in an earlier one. It may go on and end again.
    fn hear_end(&self, kind: NewsKind, id: String, name: &str, at: Option<DateTime<Utc>>) {
        let now = self.now();
        if at.is_some_and(|at| at < self.opened_at()) {
            return;
        }
        let wish = self.news_rules().wish(kind, std::iter::empty());
        let which = format!("{id} {}", at.unwrap_or(now));
        lock(&self.desk).end(kind, which, NewsSubject::new(id, name), wish, now);
    }

    /// How long until the next news is to be told.
    fn news_due_in(&self) -> Option<Duration> {
        let due = lock(&self.desk).due_at()?;
        Some((due - self.now()).min(desk::LATEST).to_std().unwrap_or_default())
    }

    fn tell_ready_news(&self) {
        let ready = lock(&self.desk).take_ready(self.now());
        if ready.is_empty() {
            return;
        }
        let rules = self.news_rules();
        let attention = self.attention();
        for Ready { mut news, told } in ready {
            let telling = rules.telling(news.kind, told, Local::now().naive_local(), attention);
            let unread = match self.keep_news(&mut news) {
                Ok(unread) => unread,
                Err(failure) => {
                    log::warn!("news was not kept: {failure}");
                    0
                }
            };
            news.subjects.truncate(ANNOUNCED);
            self.announce(Event::NewsCame { news: Some(news), telling, unread });
        }
    }
}

impl Console {
    /// Watches what is announced, and tells what is news. Runs for as long as the app does.
    pub async fn follow_news(&self) {
        let mut events = self.events();
        loop {
            let due = self.session().ok().and_then(|session| session.news_due_in());
            let heard = tokio::select! {
                event = events.recv() => Some(event),
                () = tokio::time::sleep(due.unwrap_or_default()), if due.is_some() => None,
            };
            let Ok(session) = self.session() else { continue };
            match heard {
                Some(Ok(event)) => session.hear(&event),
                Some(Err(RecvError::Closed)) => return,
                // The next state of each thing says the same.
                Some(Err(RecvError::Lagged(_))) | None => {}
            }
            session.tell_ready_news();
        }
    }

    /// What came, the newest first.
    ///
    /// # Errors
    /// [`Code::NoSession`](crate::Code::NoSession), [`Code::Storage`](crate::Code::Storage); so for all here.
    pub fn inbox(&self) -> Result<Inbox, Failure> {
        let items = self.session()?.read_inbox()?;
        Ok(Inbox { unread: unread(&items), items })
    }

    /// Marks some as read or not; none named: all.
    ///
    /// # Errors
    /// See [`Console::inbox`].
    pub fn mark_news(&self, ids: Option<&[String]>, read: bool) -> Result<Inbox, Failure> {
        self.session()?.mark_news(ids, read)
    }

    /// Forgets what came.
    ///
    /// # Errors
    /// See [`Console::inbox`].
    pub fn clear_news(&self) -> Result<Inbox, Failure> {
        self.session()?.clear_news()
    }

    /// A person chose a notification: whichever window there is shows what it is about.
    ///
    /// # Errors
    /// See [`Console::inbox`].
    pub fn choose_news(&self, id: &str) -> Result<(), Failure> {
        let session = self.session()?;
        if let Some(mut news) = session.read_inbox()?.into_iter().find(|news| news.id == id) {
            news.subjects.truncate(ANNOUNCED);
            session.announce(Event::NewsChosen { news });
        }
        Ok(())
    }

    /// What a person wants to be told.
    ///
    /// # Errors
    /// [`Code::Locked`](crate::Code::Locked)
    pub fn news_wishes(&self) -> Result<NewsWishes, Failure> {
        self.refuse_while_locked()?;
        let views = self.session().map(|session| session.view_rules()).unwrap_or_default();
        Ok(NewsWishes { rules: read_setting(self.0.notebook.setting(RULES)), views })
    }

    /// Sets what is told of everything.
    ///
    /// # Errors
    /// [`Code::Invalid`](crate::Code::Invalid) for more than one span a day of the week; see [`Console::news_wishes`].
    pub fn set_news_rules(&self, rules: NewsRules) -> Result<NewsWishes, Failure> {
        self.refuse_while_locked()?;
        self.0.notebook.set_setting(RULES, &as_setting(&rules.checked()?)?)?;
        self.news_wishes()
    }

    /// Sets what is told of what a saved view shows; none: as of everything.
    ///
    /// # Errors
    /// See [`Console::inbox`].
    pub fn set_view_rule(&self, view: &str, rule: Option<ViewRule>) -> Result<NewsWishes, Failure> {
        let session = self.session()?;
        let mut rules = session.view_rules();
        match rule {
            Some(rule) => drop(rules.insert(view.to_owned(), rule)),
            None => drop(rules.remove(view)),
        }
        // Views that are no more have no rules.
        let views = session.views()?;
        rules.retain(|id, _| views.iter().any(|view| view.id == *id));
        session.notebook.set_setting(&views_setting(session.profile_id()), &as_setting(&rules)?)?;
        self.news_wishes()
    }
}

#[cfg(test)]
mod tests;
