//! What the core announces. An event says what is now true; it is small (under 8 KB), and whoever misses one asks again.

use crate::bulk::{BulkItem, BulkJob};
use crate::deploys::Deploy;
use crate::fleet::{FleetFacts, PlacedRow};
use crate::news::{News, Telling};
use crate::polling::PollerView;
use crate::usage::FleetUsageRun;
use chrono::{DateTime, Utc};
use nineheads_contract::local::LocalRuntime;
use nineheads_contract::{IdempotencyKey, InstanceId};
use serde::{Deserialize, Serialize};
use specta::Type;
use tokio::sync::broadcast;

/// Largest event in bytes of JSON. Source: the performance rules; Tauri takes a slower path above it.
pub const EVENT_LIMIT: usize = 8 * 1024;

/// One announcement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[allow(clippy::large_enum_variant, reason = "events are short-lived and mostly large")]
pub enum Event {
    /// The list, or what is shown of it, changed.
    FleetChanged {
        /// Counts and age.
        facts: FleetFacts,
        /// The shown rows that changed; none when they would not fit: ask again.
        rows: Option<Vec<PlacedRow>>,
    },
    /// What is known of an instance changed.
    InstanceChanged {
        /// Which one.
        id: InstanceId,
    },
    /// What is known of an instance was seen once more as it is: nothing but its age changed.
    InstanceSeen {
        /// Which one.
        id: InstanceId,
        /// When.
        at: DateTime<Utc>,
        /// What the agent reports was seen too.
        with_runtime: bool,
    },
    /// An instance is no more.
    InstanceGone {
        /// Which one.
        id: InstanceId,
    },
    /// An instance has new log lines.
    LogsChanged {
        /// Which one.
        id: InstanceId,
        /// How many lines there are now.
        total: u32,
    },
    /// A deploy moved.
    DeployChanged {
        /// The deploy, without its log.
        deploy: Deploy,
    },
    /// A settled deploy was put away.
    DeployForgotten {
        /// Which one.
        key: IdempotencyKey,
    },
    /// A bulk job moved.
    BulkChanged {
        /// The job, without its items and without what is sent.
        job: BulkJob,
        /// The item that moved, where one did.
        item: Option<BulkItem>,
    },
    /// A bulk job was put away.
    BulkForgotten {
        /// Which one.
        id: String,
    },
    /// The walk through the fleet's usage went on, ended or was stopped.
    FleetUsageChanged {
        /// Instances that are known.
        fetched: u32,
        /// Instances of the fleet.
        total: u32,
        /// The walk, while it goes on.
        run: Option<FleetUsageRun>,
    },
    /// The program for real agents on this computer is being installed or removed, or its choices changed.
    LocalRuntimeChanged {
        /// How it stands.
        runtime: LocalRuntime,
    },
    /// The poller looked, waits, or lost the platform.
    PollerChanged {
        /// What it does now.
        poller: PollerView,
    },
    /// A part of the app failed. What was typed is kept.
    Broke {
        /// What the log calls it.
        reference: String,
    },
    /// Something changed by itself, or the inbox was read.
    NewsCame {
        /// What came, with the first of what it is about; none: the inbox is another one now.
        news: Option<News>,
        /// How a person is told.
        telling: Telling,
        /// How many pieces of news nobody has read.
        unread: u32,
    },
    /// A person chose a notification.
    NewsChosen {
        /// Which piece of news.
        news: News,
    },
    /// The system handed a link over: ask for it.
    LinkCame,
    /// Tags, notes or stars of the open profile changed.
    LabelsChanged,
    /// Baselines of the open profile, who follows them, or how far, changed.
    BaselinesChanged,
    /// The saved views of the open profile changed.
    ViewsChanged,
    /// Somebody set this computer's clock: times that were told before are another clock's.
    ClockSet,
    /// Another profile, another credential, or another right.
    SessionChanged,
}

/// The announcing end.
#[derive(Debug, Clone)]
pub(crate) struct Events(broadcast::Sender<Event>);

impl Events {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(1024).0)
    }

    /// Announces; nobody listening is fine.
    pub(crate) fn announce(&self, event: Event) {
        let _ = self.0.send(event);
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}
