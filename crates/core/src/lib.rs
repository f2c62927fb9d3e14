//! What the console does, without a window: profiles, the client, polling, the encrypted cache, the deploy journal.
//!
//! A shell holds one [`Console`], calls it, and passes its [`Event`]s on. The world comes in through [`ConsoleOptions`].
//! Does not belong here: windows, the local platform (reached over HTTP like any other), sentences for people.

mod address;
pub mod admin;
pub mod alerts;
pub mod aside;
pub mod baselines;
mod boot;
pub mod bulk;
mod cache;
mod catalog;
pub mod chat;
pub mod choices;
mod client;
pub mod config;
mod connect;
pub mod consent;
mod console;
pub mod conversations;
mod current;
pub mod deploys;
pub mod diagnosis;
mod durable;
pub mod error;
pub mod events;
mod fields;
pub mod fleet;
pub mod history;
pub mod home;
pub mod instances;
pub mod labels;
pub mod ledger;
pub mod links;
pub mod local;
pub mod logs;
#[doc(hidden)]
pub mod measured;
pub mod mishaps;
pub mod model_policy;
pub mod models;
pub mod needs;
pub mod network;
pub mod news;
pub mod notebook;
pub mod platform_config;
pub mod polling;
mod private_file;
pub mod process;
pub mod profiles;
pub mod redact;
pub mod secrets;
pub mod security;
pub mod seen;
pub mod session;
pub mod sides;
pub mod spoken;
pub mod storage;
pub mod support;
mod updates;
pub mod usage;
pub mod views;

pub use address::read_address;
pub use boot::{BootClock, BootTime};
pub use cache::{CacheKind, StorageKind, StoragePart};
pub use client::Timeouts;
pub use client::traffic::TrafficMinute;
pub use error::{AddressProblem, CertificateProblem, Code, Failure};
pub use events::Event;
pub use fields::Fields;
pub use nineheads_contract as contract;

use address::BaseUrl;
use bulk::BulkJournal;
use chrono::Utc;
use client::Credential;
use current::Current;
use deploys::journal::Journal;
use events::Events;
use fleet::{FleetQuery, FleetWindow, FoundInstance, Named, Suggestion};
use instances::InstanceView;
use ledger::Ledger;
use logs::{LogQuery, LogWindow};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::Deleted;
use notebook::Notebook;
use polling::{Attention, Intervals, PollerView, Surroundings};
use profiles::{ProfileId, Profiles};
use secrecy::SecretString;
use secrets::{Keeper, Lent, SecretStore, Vault};
use security::Security;
use session::{Clock, Resource};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};
use tokio::sync::{broadcast, watch};

/// The world, as far as the core needs it.
pub struct ConsoleOptions {
    /// Where cache, journal and profiles are kept.
    pub data_folder: PathBuf,
    /// Where secrets are kept.
    pub secrets: Arc<dyn SecretStore>,
    /// How often to look; tests give shorter ones.
    pub intervals: Intervals,
    /// How long the parts of a request may take.
    pub timeouts: Timeouts,
    /// The wall clock.
    pub clock: Clock,
    /// The time since the computer was started.
    pub boot_clock: BootClock,
    /// Another process may have the folder open and be the one that answers for it: this one does what it is asked and
    /// leaves the rest (which profile was last, deploys and acts of others) to the other.
    pub beside: bool,
}

impl ConsoleOptions {
    /// The real clock and the real pace.
    pub fn new(data_folder: PathBuf, secrets: Arc<dyn SecretStore>) -> Self {
        Self {
            data_folder,
            secrets,
            intervals: Intervals::default(),
            timeouts: Timeouts::default(),
            clock: Arc::new(Utc::now),
            boot_clock: Arc::new(boot::now),
            beside: false,
        }
    }
}

/// The one object a shell holds. Cheap to clone.
#[derive(Clone)]
pub struct Console(Arc<Inner>);

struct Inner {
    options: ConsoleOptions,
    keeper: Keeper,
    security: Security,
    profiles: Profiles,
    journal: Arc<Journal>,
    bulk: Arc<BulkJournal>,
    ledger: Arc<Ledger>,
    notebook: Arc<Notebook>,
    run: mishaps::Run,
    events: Events,
    surroundings: watch::Sender<Surroundings>,
    /// Credentials of this run, by profile: switching away and back asks for nothing.
    this_run: Mutex<HashMap<ProfileId, (BaseUrl, Credential)>>,
    /// Logins of proxies in use, by profile, as they are kept.
    logins: Mutex<HashMap<ProfileId, SecretString>>,
    /// Files of certificates that a person picked in this run, by what their label says.
    picked: Mutex<HashMap<String, String>>,
    /// What this computer's platform gave into keeping for this run.
    lent: Lent,
    /// What was typed in a profile whose cache lives in memory, while that profile is not open.
    held_drafts: Mutex<HashMap<ProfileId, Vec<(String, String)>>>,
    session: RwLock<Current>,
    /// Opening and closing happen one at a time.
    switching: tokio::sync::Mutex<()>,
}

impl Console {
    /// Opens the data folder. Opens no profile and sends nothing.
    ///
    /// # Errors
    /// [`Code::Storage`] when the folder can not be made.
    pub fn open(options: ConsoleOptions) -> Result<Self, Failure> {
        // Beside the app a folder that is there is somebody's: its rights are not ours to change.
        if !(options.beside && options.data_folder.is_dir()) {
            private_file::make_private_folder(&options.data_folder)?;
        }
        let profiles = Profiles::open(&options.data_folder);
        let security = Security::open(&options.data_folder, options.clock.clone());
        let vault = Vault::new(&options.data_folder);
        let keeper = Keeper::new(options.secrets.clone(), vault, security.keeps_nothing());
        let journal = Arc::new(Journal::open(&options.data_folder.join("journal.db")));
        let bulk = Arc::new(BulkJournal::open(&options.data_folder.join("bulk.db")));
        let (ledger, secrets) = (options.data_folder.join("ledger.db"), options.secrets.clone());
        let ledger = Arc::new(Ledger::open(&ledger, secrets, options.beside));
        let notebook = Arc::new(Notebook::open(&options.data_folder.join("notebook.db")));
        let run = mishaps::Run::begin(&options.data_folder, (options.clock)(), options.beside);
        let surroundings = watch::Sender::new(Surroundings::default());
        Ok(Self(Arc::new(Inner {
            options,
            keeper,
            security,
            profiles,
            journal,
            bulk,
            ledger,
            notebook,
            run,
            events: Events::new(),
            surroundings,
            this_run: Mutex::default(),
            logins: Mutex::default(),
            picked: Mutex::default(),
            lent: Lent::default(),
            held_drafts: Mutex::default(),
            session: RwLock::default(),
            switching: tokio::sync::Mutex::default(),
        })))
    }

    /// Everything announced from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.0.events.listen()
    }

    /// See [`Session`]'s method of the same name; so for all below.
    ///
    /// # Errors
    /// [`Code::NoSession`] when no profile is open; so for all below.
    pub fn show_fleet(&self, query: FleetQuery, offset: u32, limit: u32) -> Result<FleetWindow, Failure> {
        Ok(self.session()?.show_fleet(query, offset, limit))
    }

    /// What could follow in a filter's text where the cursor stands, counted in characters.
    ///
    /// # Errors
    /// See [`Console::show_fleet`].
    pub fn complete_filter(&self, text: &str, cursor: u32) -> Result<Vec<Suggestion>, Failure> {
        Ok(self.session()?.complete_filter(text, cursor))
    }

    /// Which instance of the list is meant by an id or a name.
    ///
    /// # Errors
    /// See [`Console::show_fleet`].
    pub fn find_instance(&self, text: &str) -> Result<Named, Failure> {
        Ok(self.session()?.fleet().find(text))
    }

    /// Instances that a few typed letters may mean, the nearest first; the view of the list stays as it is.
    ///
    /// # Errors
    /// See [`Console::show_fleet`].
    pub fn find_instances(&self, text: &str, limit: u32) -> Result<Vec<FoundInstance>, Failure> {
        Ok(self.session()?.fleet().find_near(text, limit))
    }

    /// Looks at the list now.
    ///
    /// # Errors
    /// See [`Console::show_fleet`]; [`Code::NoKey`].
    pub fn refresh_fleet(&self) -> Result<(), Failure> {
        let session = self.session()?;
        session.need_key()?;
        session.nudge(&Resource::List);
        Ok(())
    }

    /// What the poller does.
    pub fn poller(&self) -> PollerView {
        self.session().map(|session| session.poller.view()).unwrap_or_default()
    }

    /// How much the window is looked at.
    pub fn set_attention(&self, attention: Attention) {
        self.0
            .surroundings
            .send_if_modified(|around| std::mem::replace(&mut around.attention, attention) != attention);
    }

    /// Whether the computer runs on its battery.
    pub fn set_on_battery(&self, on_battery: bool) {
        self.0
            .surroundings
            .send_if_modified(|around| std::mem::replace(&mut around.on_battery, on_battery) != on_battery);
    }

    /// The system says that the network is there again, or gone. What is on this computer itself needs none.
    pub fn set_network(&self, there: bool) {
        let Ok(session) = self.session() else { return };
        match there {
            true => session.wake(),
            false if session.client.base().is_loopback() => {}
            false => session.note_no_network(),
        }
    }

    /// What the open profile sent and got in the last hour, minute by minute, oldest first.
    pub fn traffic(&self) -> Vec<TrafficMinute> {
        self.session().map(|session| session.client.traffic.last_hour()).unwrap_or_default()
    }

    /// Starts looking at an instance; answers at once with what is known.
    ///
    /// # Errors
    /// See [`Console::show_fleet`].
    pub fn watch_instance(&self, id: &InstanceId) -> Result<InstanceView, Failure> {
        Ok(self.session()?.watch_instance(id))
    }

    /// A screen has left.
    pub fn unwatch_instance(&self, id: &InstanceId) {
        if let Ok(session) = self.session() {
            session.unwant(&Resource::Instance(id.clone()));
            session.forget_unwatched();
        }
    }

    /// The page was loaded anew: whatever it watched before, it watches no more.
    pub fn forget_watches(&self) {
        if let Ok(session) = self.session() {
            session.forget_watches();
        }
    }

    /// What is known of an instance.
    ///
    /// # Errors
    /// See [`Console::show_fleet`].
    pub fn instance(&self, id: &InstanceId) -> Result<InstanceView, Failure> {
        Ok(self.session()?.instance(id))
    }

    /// One look at an instance now.
    ///
    /// # Errors
    /// See [`Console::show_fleet`]; a failed look is part of the view.
    pub async fn refresh_instance(&self, id: &InstanceId) -> Result<InstanceView, Failure> {
        Ok(self.session()?.refresh_instance(id).await)
    }

    /// Deletes an instance; already gone counts as done.
    ///
    /// # Errors
    /// The platform's refusal.
    pub async fn delete_instance(&self, id: &InstanceId) -> Result<Deleted, Failure> {
        self.session()?.delete_instance(id).await
    }

    /// Starts looking at an instance's log.
    ///
    /// # Errors
    /// See [`Console::show_fleet`]; a failed look is part of the view.
    pub async fn watch_logs(&self, id: &InstanceId) -> Result<(), Failure> {
        self.session()?.watch_logs(id).await;
        Ok(())
    }

    /// A screen has left.
    pub fn unwatch_logs(&self, id: &InstanceId) {
        if let Ok(session) = self.session() {
            session.unwant(&Resource::Logs(id.clone()));
            session.forget_unwatched();
        }
    }

    /// A window of the log rows that match.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub async fn show_logs(
        &self,
        id: &InstanceId,
        query: &LogQuery,
        offset: u32,
        limit: u32,
    ) -> Result<LogWindow, Failure> {
        let (id, query) = (id.clone(), query.clone());
        self.aside(move |session| session.show_logs(&id, &query, offset, limit)).await
    }
}
