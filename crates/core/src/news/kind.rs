//! What there can be news of, and how one piece of it is kept. Data; when something is news is the desk's to say.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Most things that one piece of news names; the rest is counted.
pub const SUBJECTS: usize = 12;
/// Most characters of a name that is kept.
const NAME: usize = 80;

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NewsKind {
    /// Instances failed.
    InstanceFailed,
    /// Instances that had failed run again.
    InstanceRecovered,
    /// Instances fail and recover again and again; said once, until they are calm.
    InstanceUnsteady,
    /// A deploy ended well.
    DeployDone,
    /// A deploy failed, or the platform did not want it.
    DeployFailed,
    /// A bulk job did everything that was asked.
    BulkDone,
    /// A bulk job stopped and waits for a person, or ended with failures.
    BulkStopped,
    /// The platform does not answer.
    PlatformLost,
    /// The platform answers again.
    PlatformFound,
    /// The platform comes and goes; said once, until it is calm.
    PlatformUnsteady,
    /// The platform refused the key.
    KeyRefused,
}

impl NewsKind {
    /// Whether it is something that went wrong.
    pub fn is_failure(self) -> bool {
        !matches!(self, Self::InstanceRecovered | Self::DeployDone | Self::BulkDone | Self::PlatformFound)
    }

    /// Whether it is about the platform or the key.
    pub fn is_of_connection(self) -> bool {
        use NewsKind::{KeyRefused, PlatformFound, PlatformLost, PlatformUnsteady};
        matches!(self, PlatformLost | PlatformFound | PlatformUnsteady | KeyRefused)
    }
}

/// What a piece of news is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NewsSubject {
    /// Of the instance, the deploy or the job; of the platform none.
    pub id: String,
    /// What people call it.
    pub name: String,
}

impl NewsSubject {
    /// Whoever named it may have given it a name of any length.
    pub fn new(id: impl Into<String>, name: &str) -> Self {
        Self { id: id.into(), name: name.trim().chars().take(NAME).collect() }
    }
}

/// One piece of news: a few changes of one kind that came together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct News {
    /// Its place in the inbox: later ones are greater.
    pub id: String,
    /// What changed.
    pub kind: NewsKind,
    /// About how many.
    pub count: u32,
    /// The first of them.
    pub subjects: Vec<NewsSubject>,
    /// The saved view by whose rule all of them are told.
    pub view: Option<String>,
    /// When the last of them was seen.
    pub at: DateTime<Utc>,
    /// Whether a person has seen it, or wanted nothing said of it.
    pub read: bool,
}

/// How a piece of news reaches a person, besides the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Telling {
    /// By the system's notification: the window is not in front.
    Notification,
    /// By the window itself, which is in front.
    Toast,
    /// Not at all: quiet hours, or a rule.
    Inbox,
}
