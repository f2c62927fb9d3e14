//! A console that looks often, and questions that wait for their answer.

use nineheads_core::fleet::{FleetQuery, FleetWindow};
use nineheads_core::polling::Intervals;
use nineheads_core::profiles::CredentialKind;
use nineheads_core::secrets::{MemoryStore, SecretStore};
use nineheads_core::{Console, ConsoleOptions, Event, Failure};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A console with its folder and its secrets, which outlive it.
pub struct Desk {
    /// The console.
    pub console: Console,
    /// Its keystore.
    pub secrets: Arc<dyn SecretStore>,
    folder: Arc<TempDir>,
    world: World,
}

/// What a test changes of the world.
type World = Arc<dyn Fn(&mut ConsoleOptions) + Send + Sync>;

/// Looks that a test need not wait long for.
pub fn quick() -> Intervals {
    Intervals {
        changing: Duration::from_millis(40),
        changing_cap: Duration::from_millis(80),
        front: Duration::from_millis(60),
        visible: Duration::from_millis(60),
        hidden: Duration::from_secs(300),
        probe: Duration::from_millis(60),
        failing_cap: Duration::from_millis(200),
        silence: Duration::from_secs(2),
    }
}

/// Looks come only when they are asked for.
pub fn on_demand() -> Intervals {
    let never = Duration::from_secs(24 * 3600);
    Intervals {
        changing: never,
        changing_cap: never,
        front: never,
        visible: never,
        hidden: never,
        probe: never,
        failing_cap: never,
        silence: Duration::from_secs(30),
    }
}

impl Desk {
    /// A console in a folder of its own, with a keystore of its own.
    pub fn new() -> Self {
        Self::with(Arc::new(MemoryStore::default()), |_| {})
    }

    /// A console in a folder of its own, whose secrets are kept by somebody else.
    pub fn with_secrets(secrets: Arc<dyn SecretStore>) -> Self {
        Self::with(secrets, |_| {})
    }

    /// The same with a keystore and a world of the test's own.
    pub fn with(
        secrets: Arc<dyn SecretStore>,
        world: impl Fn(&mut ConsoleOptions) + Send + Sync + 'static,
    ) -> Self {
        let folder = Arc::new(TempDir::new().expect("a folder can be made"));
        Self::in_folder(folder, secrets, Arc::new(world))
    }

    fn in_folder(folder: Arc<TempDir>, secrets: Arc<dyn SecretStore>, world: World) -> Self {
        let mut options = ConsoleOptions {
            intervals: quick(),
            ..ConsoleOptions::new(folder.path().to_owned(), secrets.clone())
        };
        world(&mut options);
        let console = Console::open(options).expect("the folder can be used");
        Self { console, secrets, folder, world }
    }

    /// The same person after the app was ended and started again.
    pub async fn restart(self) -> Self {
        self.restart_after(|_| {}).await
    }

    /// The same, and something happened to the folder in between.
    pub async fn restart_after(self, change: impl FnOnce(&Path)) -> Self {
        self.console.close_session().await;
        let Self { console, secrets, folder, world } = self;
        drop(console);
        change(folder.path());
        Self::in_folder(folder, secrets, world)
    }

    /// A second process with the same folder.
    pub fn beside(&self) -> Self {
        Self::in_folder(self.folder.clone(), self.secrets.clone(), self.world.clone())
    }

    /// What a process that dies here leaves behind, opened by the next one while this one may still run on.
    ///
    /// # Panics
    /// When the folder can not be copied.
    pub fn after_a_crash(&self) -> Self {
        let copy = TempDir::new().expect("a folder can be made");
        for entry in self.folder.path().read_dir().expect("a folder").map(|entry| entry.expect("an entry")) {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("it can be copied");
            }
        }
        Self::in_folder(Arc::new(copy), self.secrets.clone(), self.world.clone())
    }

    /// Where the console keeps its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Connects with an API key.
    ///
    /// # Errors
    /// Why the platform could not be connected.
    pub async fn connect(&self, url: &str, key: &str) -> Result<(), Failure> {
        self.console.connect_platform(url, "Test", CredentialKind::ApiKey, key).await.map(drop)
    }

    /// The first rows of the whole list.
    pub fn rows(&self) -> FleetWindow {
        self.console.show_fleet(FleetQuery::default(), 0, 50).expect("a session is open")
    }

    /// Waits until the list is as a test wants it.
    ///
    /// # Panics
    /// When that does not come.
    pub async fn rows_when(&self, mut wanted: impl FnMut(&FleetWindow) -> bool) -> FleetWindow {
        let mut events = self.console.events();
        let wait = async {
            loop {
                let rows = self.rows();
                if wanted(&rows) {
                    return rows;
                }
                let _ = tokio::time::timeout(Duration::from_millis(50), events.recv()).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait)
            .await
            .unwrap_or_else(|_| panic!("the list never came to it: {:?}", self.rows()))
    }

    /// Waits until a question has an answer.
    ///
    /// # Panics
    /// When none comes.
    pub async fn when<T>(&self, mut ask: impl FnMut(&Console) -> Option<T>) -> T {
        let mut events = self.console.events();
        let wait = async {
            loop {
                if let Some(answer) = ask(&self.console) {
                    return answer;
                }
                let _ = tokio::time::timeout(Duration::from_millis(50), events.recv()).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("what was waited for came")
    }

    /// Everything announced while `act` runs.
    pub async fn events_during<T>(&self, act: impl Future<Output = T>) -> (T, Vec<Event>) {
        let mut events = self.console.events();
        let result = act.await;
        let mut seen = Vec::new();
        while let Ok(event) = events.try_recv() {
            seen.push(event);
        }
        (result, seen)
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}
