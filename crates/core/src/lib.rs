//! What the console does, without a window: profiles, the client, polling, the encrypted cache, the deploy journal.
//!
//! A shell holds one [`Console`], calls it, and passes its [`Event`]s on. The world comes in through [`ConsoleOptions`].
//! Does not belong here: windows, the local platform (reached over HTTP like any other), sentences for people.

mod address;
pub mod admin;
pub mod alerts;
pub mod aside;
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
pub mod deploys;
pub mod diagnosis;
mod durable;
pub mod error;
pub mod events;
mod fields;
pub mod fleet;
pub mod history;
pub mod instances;
pub mod ledger;
pub mod logs;
pub mod mishaps;
pub mod model_policy;
pub mod models;
pub mod notebook;
pub mod platform_config;
pub mod polling;
mod private_file;
pub mod process;
pub mod profiles;
pub mod redact;
pub mod secrets;
pub mod seen;
pub mod session;
pub mod support;
mod updates;
pub mod usage;

pub use cache::CacheKind;
pub use error::{AddressProblem, Code, Failure};
pub use events::Event;
pub use fields::Fields;
pub use nineheads_contract as contract;

use address::BaseUrl;
use chrono::Utc;
use client::Credential;
use deploys::journal::Journal;
use deploys::{Deploy, DeployPreview};
use events::Events;
use fleet::{FleetQuery, FleetWindow};
use instances::InstanceView;
use ledger::Ledger;
use logs::{LogQuery, LogWindow, LogsView};
use nineheads_contract::chat::ReplyPart;
use nineheads_contract::deploys::NewInstance;
use nineheads_contract::instances::Deleted;
use nineheads_contract::{IdempotencyKey, InstanceId};
use notebook::Notebook;
use polling::{Attention, Intervals, PollerView};
use profiles::{Profile, ProfileId, Profiles};
use secrets::{SecretStore, Vault};
use session::{Clock, Resource, Session};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::{broadcast, watch};

/// The world, as far as the core needs it.
pub struct ConsoleOptions {
    /// Where cache, journal and profiles are kept.
    pub data_folder: PathBuf,
    /// Where secrets are kept.
    pub secrets: Arc<dyn SecretStore>,
    /// How often to look; tests give shorter ones.
    pub intervals: Intervals,
    /// The wall clock.
    pub clock: Clock,
}

impl ConsoleOptions {
    /// The real clock and the real pace.
    pub fn new(data_folder: PathBuf, secrets: Arc<dyn SecretStore>) -> Self {
        Self { data_folder, secrets, intervals: Intervals::default(), clock: Arc::new(Utc::now) }
    }
}

/// The one object a shell holds. Cheap to clone.
#[derive(Clone)]
pub struct Console(Arc<Inner>);

struct Inner {
    options: ConsoleOptions,
    vault: Vault,
    profiles: Profiles,
    journal: Arc<Journal>,
    ledger: Arc<Ledger>,
    notebook: Arc<Notebook>,
    run: mishaps::Run,
    events: Events,
    attention: watch::Sender<Attention>,
    /// Credentials of this run, by profile: switching away and back asks for nothing.
    this_run: Mutex<HashMap<ProfileId, (BaseUrl, Credential)>>,
    session: RwLock<Current>,
    /// Opening and closing happen one at a time.
    switching: tokio::sync::Mutex<()>,
}

/// What is open.
#[derive(Default)]
enum Current {
    #[default]
    Nothing,
    /// A profile without a usable credential.
    Locked(Profile),
    Open(Arc<Session>),
}

impl Console {
    /// Opens the data folder. Opens no profile and sends nothing.
    ///
    /// # Errors
    /// [`Code::Storage`] when the folder can not be made.
    pub fn open(options: ConsoleOptions) -> Result<Self, Failure> {
        private_file::make_private_folder(&options.data_folder)?;
        let (vault, profiles) = (Vault::new(options.secrets.clone()), Profiles::open(&options.data_folder));
        let journal = Arc::new(Journal::open(&options.data_folder.join("journal.db")));
        let ledger = Arc::new(Ledger::open(&options.data_folder.join("ledger.db"), options.secrets.clone()));
        let notebook = Arc::new(Notebook::open(&options.data_folder.join("notebook.db")));
        let run = mishaps::Run::begin(&options.data_folder, (options.clock)());
        let (attention, _) = watch::channel(Attention::Front);
        Ok(Self(Arc::new(Inner {
            options,
            vault,
            profiles,
            journal,
            ledger,
            notebook,
            run,
            events: Events::new(),
            attention,
            this_run: Mutex::default(),
            session: RwLock::default(),
            switching: tokio::sync::Mutex::default(),
        })))
    }

    /// Everything announced from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.0.events.listen()
    }

    fn session(&self) -> Result<Arc<Session>, Failure> {
        match &*self.0.session.read().unwrap_or_else(PoisonError::into_inner) {
            Current::Open(session) => Ok(session.clone()),
            Current::Locked(_) => Err(Failure::new(Code::CredentialRefused, "the profile has no credential")),
            Current::Nothing => Err(Failure::no_session()),
        }
    }

    /// See [`Session`]'s method of the same name; so for all below.
    ///
    /// # Errors
    /// [`Code::NoSession`] when no profile is open; so for all below.
    pub fn show_fleet(&self, query: FleetQuery, offset: u32, limit: u32) -> Result<FleetWindow, Failure> {
        Ok(self.session()?.show_fleet(query, offset, limit))
    }

    /// Looks at the list now.
    ///
    /// # Errors
    /// See [`Console::show_fleet`].
    pub fn refresh_fleet(&self) -> Result<(), Failure> {
        self.session()?.nudge(&Resource::List);
        Ok(())
    }

    /// What the poller does.
    pub fn poller(&self) -> PollerView {
        self.session().map(|session| session.poller.view()).unwrap_or_default()
    }

    /// How much the window is looked at.
    pub fn set_attention(&self, attention: Attention) {
        self.0.attention.send_replace(attention);
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

    /// What can be chosen in a deploy.
    ///
    /// # Errors
    /// [`Code::Storage`] when earlier deploys can not be read.
    pub async fn choices(&self) -> Result<choices::Choices, Failure> {
        self.session()?.read_choices().await
    }

    /// The request as it would be sent.
    ///
    /// # Errors
    /// See [`Console::show_fleet`].
    pub fn preview_deploy(&self, request: NewInstance) -> Result<DeployPreview, Failure> {
        self.session()?.preview_deploy(request)
    }

    /// Confirms a deploy.
    ///
    /// # Errors
    /// The platform's refusal; [`Code::Storage`], [`Code::DeployOpen`].
    pub async fn start_deploy(&self, request: NewInstance) -> Result<Deploy, Failure> {
        let session = self.session()?;
        // A window that goes away in the meantime must not cut a deploy in half.
        let task = tokio::spawn(async move { session.start_deploy(request).await });
        task.await.unwrap_or_else(|error| Err(Failure::new(Code::MayHaveArrived, error.to_string())))
    }

    /// Deploys that were not put away, newest first.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn deploys(&self) -> Result<Vec<Deploy>, Failure> {
        self.session()?.list_deploys()
    }

    /// One deploy.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Storage`]
    pub fn deploy(&self, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        self.session()?.journal.get(key)
    }

    /// A deploy's log from a place on.
    ///
    /// # Errors
    /// [`Code::NotFound`], or why a settled instance's log could not be fetched.
    pub async fn deploy_logs(&self, key: &IdempotencyKey, from: u32) -> Result<LogsView, Failure> {
        self.session()?.read_deploy_logs(key, from).await
    }

    /// Asks the platform about a deploy now.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Storage`]
    pub fn check_deploy(&self, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        self.session()?.check_deploy(key)
    }

    /// Sends an absent deploy once more: the same key, the same bytes.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Storage`]
    pub async fn resend_deploy(&self, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        self.session()?.resend_deploy(key).await
    }

    /// Puts a settled deploy away.
    ///
    /// # Errors
    /// [`Code::DeployOpen`] while it is not settled.
    pub fn dismiss_deploy(&self, key: &IdempotencyKey) -> Result<(), Failure> {
        self.session()?.dismiss_deploy(key)
    }

    /// Sends a message; `on_part` gets the reply as it comes.
    ///
    /// # Errors
    /// [`Code::Conflict`] while another turn is going on; every other end is a state of the exchange.
    pub async fn send_message(
        &self,
        id: &InstanceId,
        exchange_id: String,
        text: String,
        on_part: impl FnMut(ReplyPart) + Send,
    ) -> Result<chat::Exchange, Failure> {
        self.session()?.send_message(id, exchange_id, text, on_part).await
    }

    /// Stops waiting for a reply; the agent may work on.
    pub fn stop_waiting(&self, id: &InstanceId) {
        if let Ok(session) = self.session() {
            session.turns.stop(id);
        }
    }

    /// The exchanges with an instance, oldest first.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn transcript(&self, id: &InstanceId) -> Result<Vec<chat::Exchange>, Failure> {
        self.session()?.read_transcript(id)
    }

    /// Forgets this computer's copy of the exchanges.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn clear_transcript(&self, id: &InstanceId) -> Result<(), Failure> {
        self.session()?.cache.clear_exchanges(id)
    }
}
