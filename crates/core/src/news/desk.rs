//! Decides what is news: a state before, a state after, wishes, and a time. Pure. What belongs together is one piece of news,
//! what went back to where it was within moments is none, and what keeps changing is said once.

use super::kind::{News, NewsKind, NewsSubject, SUBJECTS};
use super::rules::Wish;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// What is in trouble, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Matter {
    Instance,
    Platform,
    Key,
}

impl Matter {
    /// What it is called that it got into trouble, that it is out of it, and that it does both all the time.
    fn kinds(self) -> (NewsKind, Option<NewsKind>, Option<NewsKind>) {
        match self {
            Self::Instance => (
                NewsKind::InstanceFailed,
                Some(NewsKind::InstanceRecovered),
                Some(NewsKind::InstanceUnsteady),
            ),
            Self::Platform => {
                (NewsKind::PlatformLost, Some(NewsKind::PlatformFound), Some(NewsKind::PlatformUnsteady))
            }
            Self::Key => (NewsKind::KeyRefused, None, None),
        }
    }
}

/// How long after its last change a group is told.
const SETTLE: TimeDelta = TimeDelta::seconds(4);
/// A network that is changed is away for a moment.
const SETTLE_PLATFORM: TimeDelta = TimeDelta::seconds(12);
/// How long after its first change at the latest.
pub(crate) const LATEST: TimeDelta = TimeDelta::seconds(20);
/// So many changes within [`CALM`] are unsteady, and so long without one is calm again.
const TURNS: usize = 3;
pub(crate) const CALM: TimeDelta = TimeDelta::minutes(10);
/// Most things of which an end was told that are remembered.
const ENDS: usize = 1000;

/// Changes of one kind that wait for others.
#[derive(Debug)]
struct Group {
    subjects: Vec<NewsSubject>,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
}

/// What is remembered of something that changed lately.
#[derive(Debug, Default)]
struct Lately {
    turns: VecDeque<DateTime<Utc>>,
    unsteady: bool,
}

type Subject = (Matter, String);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    in_trouble: HashSet<Subject>,
    lately: HashMap<Subject, Lately>,
    groups: BTreeMap<(NewsKind, Wish), Group>,
    ended: VecDeque<String>,
}

/// What is ready to be told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ready {
    pub news: News,
    pub told: bool,
}

impl Desk {
    /// What is in trouble from the beginning is no change.
    pub(crate) fn begin(&mut self, instances: impl IntoIterator<Item = String>) {
        self.in_trouble.extend(instances.into_iter().map(|id| (Matter::Instance, id)));
    }

    /// Something was seen to be in trouble, or to be well.
    pub(crate) fn see(
        &mut self,
        matter: Matter,
        subject: NewsSubject,
        trouble: bool,
        wish: impl Fn(NewsKind) -> Wish,
        now: DateTime<Utc>,
    ) {
        let key = (matter, subject.id.clone());
        let changed = match trouble {
            true => self.in_trouble.insert(key.clone()),
            false => self.in_trouble.remove(&key),
        };
        if !changed {
            return;
        }
        let (bad, good, unsteady) = matter.kinds();
        let lately = self.lately.entry(key).or_default();
        if lately.turns.back().is_some_and(|&last| now < last || now - last >= CALM) {
            *lately = Lately::default();
        }
        lately.turns.retain(|&turn| now - turn < CALM);
        lately.turns.push_back(now);
        if lately.unsteady {
            lately.turns.drain(..lately.turns.len() - 1);
            return;
        }
        if let Some(unsteady) = unsteady.filter(|_| lately.turns.len() >= TURNS) {
            lately.unsteady = true;
            self.take_back(bad, &subject.id);
            if let Some(good) = good {
                self.take_back(good, &subject.id);
            }
            self.add(unsteady, subject, wish(unsteady), now);
            return;
        }
        let (kind, other) = if trouble { (Some(bad), good) } else { (good, Some(bad)) };
        // It is again as it was when something was last said of it.
        if other.is_some_and(|other| self.take_back(other, &subject.id)) {
            return;
        }
        if let Some(kind) = kind {
            self.add(kind, subject, wish(kind), now);
        }
    }

    /// Something ended; that is told once.
    pub(crate) fn end(
        &mut self,
        kind: NewsKind,
        which: String,
        subject: NewsSubject,
        wish: Wish,
        now: DateTime<Utc>,
    ) {
        if self.ended.contains(&which) {
            return;
        }
        self.ended.push_back(which);
        if self.ended.len() > ENDS {
            self.ended.pop_front();
        }
        self.add(kind, subject, wish, now);
    }

    /// Its trouble is told by other news.
    pub(crate) fn leave_out(&mut self, instance: &str) {
        self.in_trouble.insert((Matter::Instance, instance.to_owned()));
        self.take_back(NewsKind::InstanceFailed, instance);
    }

    /// It is no more.
    pub(crate) fn forget(&mut self, instance: &str) {
        let key = (Matter::Instance, instance.to_owned());
        self.in_trouble.remove(&key);
        self.lately.remove(&key);
    }

    /// When the next group is to be told.
    pub(crate) fn due_at(&self) -> Option<DateTime<Utc>> {
        self.groups.iter().map(|((kind, _), group)| group.due_at(*kind)).min()
    }

    /// The groups that nothing more is waited for.
    pub(crate) fn take_ready(&mut self, now: DateTime<Utc>) -> Vec<Ready> {
        // The clock may have been set back.
        let is_due = |kind: NewsKind, group: &Group| now >= group.due_at(kind) || now < group.first_at;
        let groups = std::mem::take(&mut self.groups);
        let (due, waiting) = groups.into_iter().partition(|((kind, _), group)| is_due(*kind, group));
        self.groups = waiting;
        let due: BTreeMap<(NewsKind, Wish), Group> = due;
        let ready = due.into_iter().map(|((kind, wish), group)| Ready {
            told: wish.told,
            news: News {
                id: String::new(),
                kind,
                count: crate::logs::count(group.subjects.len()),
                subjects: group.subjects.into_iter().take(SUBJECTS).collect(),
                view: wish.view,
                at: group.last_at,
                read: !wish.told,
            },
        });
        let ready = ready.collect();
        self.lately.retain(|_, lately| lately.turns.back().is_some_and(|&last| now - last < CALM));
        ready
    }

    fn add(&mut self, kind: NewsKind, subject: NewsSubject, wish: Wish, now: DateTime<Utc>) {
        let group = self.groups.entry((kind, wish)).or_insert(Group {
            subjects: Vec::new(),
            first_at: now,
            last_at: now,
        });
        group.subjects.push(subject);
        group.last_at = now;
    }

    /// Takes back what was not told yet. False when there is no such thing.
    fn take_back(&mut self, kind: NewsKind, id: &str) -> bool {
        let mut taken = false;
        self.groups.retain(|(of, _), group| {
            if *of == kind {
                let before = group.subjects.len();
                group.subjects.retain(|subject| subject.id != id);
                taken |= group.subjects.len() < before;
            }
            !group.subjects.is_empty()
        });
        taken
    }
}

impl Group {
    fn due_at(&self, kind: NewsKind) -> DateTime<Utc> {
        let settle = match kind {
            NewsKind::PlatformLost | NewsKind::PlatformFound | NewsKind::PlatformUnsteady => SETTLE_PLATFORM,
            _ => SETTLE,
        };
        (self.last_at + settle).min(self.first_at + LATEST)
    }
}
