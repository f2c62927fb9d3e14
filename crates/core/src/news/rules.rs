//! What a person wants to be told, and when not. Pure: the clock is asked elsewhere. A time of the day is the wall clock's,
//! so that a night is quiet from ten to seven whether or not it has an hour more.

use super::kind::{NewsKind, Telling};
use crate::error::{Code, Failure};
use crate::labels::refused;
use crate::polling::Attention;
use chrono::{Datelike, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::BTreeMap;

const DAY: u16 = 24 * 60;

/// A time of a day at which nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct QuietSpan {
    /// Monday is 0.
    pub day: u8,
    /// In minutes after midnight.
    pub from: u16,
    /// Where it is not after `from`: of the next day.
    pub to: u16,
}

impl QuietSpan {
    fn holds(self, day: u8, minute: u16) -> bool {
        let over_night = self.to <= self.from;
        let begins = self.day == day && minute >= self.from && (over_night || minute < self.to);
        begins || (over_night && (self.day + 1) % 7 == day && minute < self.to)
    }
}

/// What is told, for everything that no view says otherwise of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct NewsRules {
    /// Instances that fail.
    pub failures: bool,
    /// Instances that run again.
    pub recoveries: bool,
    /// Deploys that end.
    pub deploys: bool,
    /// Bulk jobs that end or stop.
    pub bulk: bool,
    /// The platform, lost and found, and a refused key.
    pub connection: bool,
    /// At most one a day of the week.
    pub quiet: Vec<QuietSpan>,
}

impl Default for NewsRules {
    fn default() -> Self {
        Self {
            failures: true,
            recoveries: true,
            deploys: true,
            bulk: true,
            connection: true,
            quiet: Vec::new(),
        }
    }
}

/// What is told of the instances that a saved view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ViewRule {
    /// All changes.
    All,
    /// What went wrong.
    Failures,
    /// Nothing.
    Nothing,
}

impl ViewRule {
    fn wants(self, kind: NewsKind) -> bool {
        match self {
            Self::All => true,
            Self::Failures => kind.is_failure(),
            Self::Nothing => false,
        }
    }
}

/// The rules of the saved views of a profile, by the view.
pub(crate) type ViewRules = BTreeMap<String, ViewRule>;

/// Whether a change is told, and by the rule of which view.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wish {
    pub told: bool,
    pub view: Option<String>,
}

impl NewsRules {
    /// The rules as they may be kept.
    pub(crate) fn checked(self) -> Result<Self, Failure> {
        let mut days = [false; 7];
        for span in &self.quiet {
            let known = days.get_mut(usize::from(span.day));
            let twice = known.is_none_or(|known| std::mem::replace(known, true));
            if twice || span.from >= DAY || span.to >= DAY {
                return Err(refused("quiet", "range", "quiet hours are one span a day of the week"));
            }
        }
        Ok(self)
    }

    fn wants(&self, kind: NewsKind) -> bool {
        match kind {
            NewsKind::InstanceFailed | NewsKind::InstanceUnsteady => self.failures,
            NewsKind::InstanceRecovered => self.recoveries,
            NewsKind::DeployDone | NewsKind::DeployFailed => self.deploys,
            NewsKind::BulkDone | NewsKind::BulkStopped => self.bulk,
            NewsKind::PlatformLost
            | NewsKind::PlatformFound
            | NewsKind::PlatformUnsteady
            | NewsKind::KeyRefused => self.connection,
        }
    }

    /// What is wished for a change of something that these views show. A view that wants it wins over one that does not:
    /// a failure that was not told is the worse mistake.
    pub(crate) fn wish<'a>(
        &self,
        kind: NewsKind,
        mut views: impl Iterator<Item = (&'a str, ViewRule)> + Clone,
    ) -> Wish {
        if let Some((view, _)) = views.clone().find(|(_, rule)| rule.wants(kind)) {
            return Wish { told: true, view: Some(view.to_owned()) };
        }
        Wish { told: views.next().is_none() && self.wants(kind), view: None }
    }

    /// Whether nothing is said at a time of the local wall clock.
    pub(crate) fn is_quiet(&self, local: NaiveDateTime) -> bool {
        let day = u8::try_from(local.weekday().num_days_from_monday()).unwrap_or_default();
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or_default();
        self.quiet.iter().any(|span| span.holds(day, minute))
    }

    /// How it is told.
    pub(crate) fn telling(
        &self,
        kind: NewsKind,
        told: bool,
        local: NaiveDateTime,
        attention: Attention,
    ) -> Telling {
        match attention {
            _ if !told || self.is_quiet(local) => Telling::Inbox,
            // A window in front shows of itself how it stands with the platform.
            Attention::Front if kind.is_of_connection() => Telling::Inbox,
            Attention::Front => Telling::Toast,
            Attention::Visible | Attention::Hidden => Telling::Notification,
        }
    }
}

/// What a text of the notebook says; one that can not be read is as if nothing had been said.
pub(crate) fn read_setting<T: Default + for<'de> Deserialize<'de>>(text: Option<String>) -> T {
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// The same as a text.
pub(crate) fn as_setting(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(Code::Storage, error.to_string()))
}
