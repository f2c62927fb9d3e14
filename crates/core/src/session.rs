//! One open profile: its client, its cache, its loops. A profile switch swaps the whole session, and what the old one
//! still had on the way is dropped with it.

mod calls;
mod restamp;

use crate::alerts::AlertsView;
use crate::boot::{BootClock, BootTime};
use crate::bulk::{BulkJournal, BulkRun, Shown};
use crate::cache::Cache;
use crate::chat::LiveTurns;
use crate::client::Client;
use crate::config::StoredPlan;
use crate::deploys::DeployAnswers;
use crate::deploys::journal::Journal;
use crate::events::{Event, Events};
use crate::fleet::Fleet;
use crate::instances::{Held, Looks};
use crate::ledger::Ledger;
use crate::logs::LogState;
use crate::news::Desk;
use crate::notebook::Notebook;
use crate::polling::{Poller, Surroundings};
use crate::profiles::{Profile, ProfileId, ProfilesTrouble};
use crate::usage::FleetUsage;
use chrono::{DateTime, Utc};
use nineheads_contract::logs::LogLine;
use nineheads_contract::neighbours::KeyContext;
use nineheads_contract::{IdempotencyKey, InstanceId};
pub(crate) use restamp::moved;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

/// Tells the time; tests give their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// What the window starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// None on a first start, and when nobody is signed in.
    pub profile: Option<Profile>,
    /// The profile is there but its credential is missing or refused.
    pub needs_credential: bool,
    /// Why only what is kept here is shown and nothing is sent; none when there is a credential.
    pub keyless: Option<Keyless>,
    /// Why nothing of the profile can be read; none when it can.
    pub lock: Option<LockReason>,
    /// What is wrong with the list of profiles.
    pub trouble: Option<ProfilesTrouble>,
    /// Operations that were refused since signing in.
    pub denied: Vec<Denied>,
    /// Where the cache is.
    pub cache: crate::cache::CacheKind,
    /// Whose the key is, its scopes and limits, where the platform tells them.
    pub key: Option<KeyContext>,
}

/// Why nothing of a profile can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LockReason {
    /// It is being opened; the place of its key has not answered yet.
    Opening,
    /// There is no credential for it.
    NoCredential,
    /// The keystore can not be asked, and its key lies there.
    Keystore,
    /// The vault waits for its passphrase.
    Vault,
    /// The app was locked.
    App,
}

/// Why a profile is open without a key: what is kept of it can be read, and nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Keyless {
    /// There is none for it on this computer.
    NotHere,
    /// The keystore did not hand it over.
    Unread,
}

/// An operation that answered 403. It is marked until the next sign-in; nothing is disabled in advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Denied {
    /// The operation's id.
    pub operation: String,
    /// The scope it needs.
    pub scope: Option<String>,
}

/// What a loop looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Resource {
    List,
    Instance(InstanceId),
    Logs(InstanceId),
    Deploy(IdempotencyKey),
    LocalRuntime,
}

/// A running loop and how many screens want it.
struct Loop {
    task: AbortHandle,
    nudge: Arc<Notify>,
    wanted: usize,
}

/// See the module.
pub(crate) struct Session {
    /// As it was opened: its id, its kind and its address stay.
    pub profile: Profile,
    /// As it is now: name, colour and safety may change while it is open.
    settings: Mutex<Profile>,
    /// For what a person asks.
    pub client: Client,
    /// For what a loop asks.
    pub polls: Client,
    pub cache: Cache,
    pub journal: Arc<Journal>,
    pub bulk: Arc<BulkJournal>,
    pub ledger: Arc<Ledger>,
    pub notebook: Arc<Notebook>,
    /// See `catalog`.
    pub catalog_file: PathBuf,
    pub poller: Poller,
    pub turns: LiveTurns,
    fleet: Mutex<Fleet>,
    /// What may become news.
    pub(crate) desk: Mutex<Desk>,
    pub(crate) instances: Mutex<HashMap<InstanceId, Held>>,
    pub(crate) looks: Looks,
    pub(crate) logs: Mutex<HashMap<InstanceId, LogState>>,
    /// Somebody looked at a log, with whatever success.
    pub(crate) log_looked: Notify,
    /// What was last said of the keys of deploys that are not settled.
    pub(crate) deploy_answers: DeployAnswers,
    pub(crate) deploy_logs: Mutex<HashMap<IdempotencyKey, Vec<LogLine>>>,
    pub(crate) key_context: Mutex<Option<KeyContext>>,
    /// What was shown and may be sent, one an instance.
    pub(crate) config_plans: Mutex<HashMap<InstanceId, StoredPlan>>,
    pub(crate) fleet_usage: Mutex<FleetUsage>,
    /// The bulk job that goes on.
    pub(crate) bulk_run: Mutex<Option<BulkRun>>,
    /// What the newest preview of bulk work showed.
    pub(crate) bulk_shown: Mutex<Option<Shown>>,
    /// What the platform last warned of; none where it offers no alerts, or was not asked.
    pub(crate) alerts_seen: Mutex<Option<AlertsView>>,
    denied: Mutex<BTreeMap<String, Option<String>>>,
    /// None once the session is closed: nothing starts any more.
    loops: Mutex<Option<HashMap<Resource, Loop>>>,
    refused: AtomicBool,
    /// From here on what is seen is stamped in this run, by the clock as it is set now.
    opened_at: Mutex<DateTime<Utc>>,
    events: Events,
    clock: Clock,
    boot_clock: BootClock,
    pub(crate) surroundings: watch::Sender<Surroundings>,
}

/// What a session is made of.
pub(crate) struct SessionParts {
    pub profile: Profile,
    pub client: Client,
    pub cache: Cache,
    pub journal: Arc<Journal>,
    pub bulk: Arc<BulkJournal>,
    pub ledger: Arc<Ledger>,
    pub notebook: Arc<Notebook>,
    pub catalog_file: PathBuf,
    pub poller: Poller,
    pub events: Events,
    pub clock: Clock,
    pub boot_clock: BootClock,
    pub surroundings: watch::Sender<Surroundings>,
}

impl Session {
    pub(crate) fn new(parts: SessionParts) -> Arc<Self> {
        let SessionParts {
            profile,
            client,
            cache,
            journal,
            bulk,
            ledger,
            notebook,
            catalog_file,
            poller,
            events,
            clock,
            boot_clock,
            surroundings,
        } = parts;
        let keyless = client.keyless().is_some();
        Arc::new(Self {
            settings: Mutex::new(profile.clone()),
            profile,
            polls: client.for_polling(),
            client,
            cache,
            journal,
            bulk,
            ledger,
            notebook,
            catalog_file,
            poller,
            turns: LiveTurns::default(),
            fleet: Mutex::default(),
            desk: Mutex::default(),
            instances: Mutex::default(),
            looks: Looks::default(),
            logs: Mutex::default(),
            log_looked: Notify::new(),
            deploy_answers: DeployAnswers::default(),
            deploy_logs: Mutex::default(),
            key_context: Mutex::default(),
            config_plans: Mutex::default(),
            fleet_usage: Mutex::default(),
            bulk_run: Mutex::default(),
            bulk_shown: Mutex::default(),
            alerts_seen: Mutex::default(),
            denied: Mutex::default(),
            loops: Mutex::new(Some(HashMap::new())),
            // No loop begins without a key.
            refused: AtomicBool::new(keyless),
            opened_at: Mutex::new(clock()),
            events,
            clock,
            boot_clock,
            surroundings,
        })
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// See [`BootTime`].
    pub(crate) fn boot_time(&self) -> Option<BootTime> {
        (self.boot_clock)()
    }

    /// The computer slept or got its network back: everything is looked at once, soon.
    pub(crate) fn wake(&self) {
        self.surroundings.send_modify(|around| around.woken = around.woken.wrapping_add(1));
    }

    /// Announces; what a closed session still finds out is of no interest to the next one's screens.
    pub(crate) fn announce(&self, event: Event) {
        if !self.is_closed() {
            self.events.announce(event);
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.loops).is_none()
    }

    pub(crate) fn fleet(&self) -> MutexGuard<'_, Fleet> {
        self.fleet.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn profile_id(&self) -> &ProfileId {
        &self.profile.id
    }

    /// The profile was edited.
    pub(crate) fn take_settings(&self, profile: &Profile) {
        lock(&self.settings).clone_from(profile);
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// The credential was refused: every loop ends at its next turn, and the screen asks for another.
    pub(crate) fn refuse(&self) {
        if !self.refused.swap(true, Ordering::Relaxed) {
            self.announce(Event::SessionChanged);
        }
    }

    pub(crate) fn view(&self) -> SessionView {
        let denied = lock(&self.denied)
            .iter()
            .map(|(operation, scope)| Denied { operation: operation.clone(), scope: scope.clone() })
            .collect();
        SessionView {
            profile: Some(lock(&self.settings).clone()),
            needs_credential: self.is_refused(),
            keyless: self.client.keyless(),
            lock: None,
            trouble: None,
            denied,
            cache: self.cache.kind(),
            key: lock(&self.key_context).clone(),
        }
    }

    /// Starts a loop, or joins one that runs. `run` gets the notifier that asks for a look now.
    pub(crate) fn want<F>(&self, resource: Resource, run: impl FnOnce(Arc<Notify>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut loops = lock(&self.loops);
        let Some(loops) = loops.as_mut() else { return };
        let wanted = loops.get(&resource).map_or(0, |known| known.wanted) + 1;
        match loops.get_mut(&resource) {
            Some(running) if !running.task.is_finished() => {
                running.wanted = wanted;
                running.nudge.notify_one();
            }
            _ => {
                let nudge = Arc::new(Notify::new());
                let task = tokio::spawn(run(nudge.clone())).abort_handle();
                loops.insert(resource, Loop { task, nudge, wanted });
            }
        }
    }

    /// What screens want: a session that follows with another credential goes on with it.
    pub(crate) fn watched(&self) -> Vec<Resource> {
        let loops = lock(&self.loops);
        let all = loops
            .iter()
            .flatten()
            .flat_map(|(resource, known)| std::iter::repeat_n(resource.clone(), known.wanted));
        all.filter(|resource| matches!(resource, Resource::Instance(_) | Resource::Logs(_))).collect()
    }

    /// The page has gone without a word, and with it all its wishes.
    pub(crate) fn forget_watches(&self) {
        let mut loops = lock(&self.loops);
        let Some(loops) = loops.as_mut() else { return };
        loops.retain(|resource, known| {
            let stays = matches!(resource, Resource::List | Resource::Deploy(_) | Resource::LocalRuntime);
            if !stays {
                known.task.abort();
            }
            stays
        });
    }

    /// A screen has left; the last one ends the loop.
    pub(crate) fn unwant(&self, resource: &Resource) {
        let mut loops = lock(&self.loops);
        let Some(loops) = loops.as_mut() else { return };
        if let Some(running) = loops.get_mut(resource) {
            running.wanted = running.wanted.saturating_sub(1);
            if running.wanted == 0 {
                running.task.abort();
                loops.remove(resource);
            }
        }
    }

    /// Asks the list to look now, after an act on one instance.
    pub(crate) fn nudge_list_after_act(&self) {
        // Bulk work would have the whole list read after each item; it is looked at in its own time, and at the end.
        if lock(&self.bulk_run).is_none() {
            self.nudge(&Resource::List);
        }
    }

    /// Asks a loop to look now.
    pub(crate) fn nudge(&self, resource: &Resource) {
        if let Some(running) = lock(&self.loops).as_ref().and_then(|loops| loops.get(resource)) {
            running.nudge.notify_one();
        }
    }

    /// Ends every loop and every turn of chat.
    pub(crate) fn close(&self) {
        for (_, running) in lock(&self.loops).take().into_iter().flatten() {
            running.task.abort();
        }
        self.turns.stop_all();
        if let Some(task) = lock(&self.fleet_usage).take_task() {
            task.abort();
        }
        if let Some(run) = lock(&self.bulk_run).take() {
            run.abort();
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
