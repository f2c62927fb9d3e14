//! A computer on which real agents run: a platform with folders of its own, a model server beside it, and a console in
//! front of it.

use nineheads_contract::InstanceId;
use nineheads_contract::local::{LocalModel, NewModelProvider};
use nineheads_platform::{AgentOptions, MemorySecrets, Options, Server, serve};
use nineheads_tests::console::Desk;
use nineheads_tests::echo_model::{EchoModel, MODELS};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The name of the tests' model provider.
pub(crate) const PROVIDER: &str = "tests";
/// How long an installation or a start may take.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A platform with folders for real agents, and who uses it.
pub(crate) struct Computer {
    pub(crate) server: Server,
    pub(crate) models: EchoModel,
    pub(crate) desk: Desk,
    pub(crate) secrets: Arc<MemorySecrets>,
    /// Where the runtime and the agents lie.
    pub(crate) agents: PathBuf,
    /// Everything else that the platform keeps.
    pub(crate) data: PathBuf,
    // Held, not read: processes and folder go with them.
    _guard: Guard,
    _folder: TempDir,
}

impl Computer {
    /// A computer whose runtime is kept between runs where a folder for it is named, since it is large.
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let named = std::env::var_os("NINEHEADS_OPENCLAW_FOLDER").map(PathBuf::from);
        let agents = named.unwrap_or_else(|| folder.path().join("agents"));
        // Of a run that was broken off.
        drop(Guard(agents.join("agents")));
        let _ = std::fs::remove_dir_all(agents.join("agents"));
        let secrets = Arc::new(MemorySecrets::default());
        let data = folder.path().join("platform");
        let server = serve(Options {
            data: Some(data.clone()),
            agents: Some(AgentOptions { folder: agents.clone(), secrets: secrets.clone() }),
            ..Options::default()
        })
        .await
        .expect("the platform starts");
        let (models, desk) = (EchoModel::start().await, Desk::new());
        desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
        let guard = Guard(agents.join("agents"));
        Self { server, models, desk, secrets, agents, data, _guard: guard, _folder: folder }
    }

    /// The model server as it is kept, with this key.
    pub(crate) fn provider(&self, key: &str) -> NewModelProvider {
        let offer = |model: &&str| LocalModel {
            id: (*model).to_owned(),
            context_window: Some(65_536),
            max_tokens: Some(4_096),
        };
        NewModelProvider {
            base_url: self.models.url().to_owned(),
            models: MODELS.iter().map(offer).collect(),
            api_key: Some(key.to_owned()),
        }
    }

    /// Everything of an agent.
    pub(crate) fn folder_of(&self, id: &InstanceId) -> PathBuf {
        self.agents.join("agents").join(id.as_str())
    }

    /// The process that the platform has written down for an agent.
    pub(crate) fn pid_of(&self, id: &InstanceId) -> Option<u32> {
        let db = rusqlite::Connection::open(self.data.join("platform.db")).expect("opens");
        let read = "SELECT pid FROM local_agents WHERE instance_id = ?1";
        db.query_row(read, [id.as_str()], |row| row.get(0)).ok().flatten()
    }
}

/// A test that failed leaves no gateway either.
struct Guard(PathBuf);

impl Drop for Guard {
    fn drop(&mut self) {
        for pid in processes_of(&self.0) {
            let ended = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
            ended.expect("it runs");
        }
    }
}

/// Every process of this computer in whose environment a folder stands; none where the system does not tell.
pub(crate) fn processes_of(folder: &Path) -> Vec<u32> {
    let wanted = folder.to_str().expect("a readable path").as_bytes().to_vec();
    let processes = Path::new("/proc").read_dir().into_iter().flatten().flatten();
    let pids = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.windows(wanted.len()).any(|window| window == wanted)
    })
    .collect()
}

/// Every file below a folder that holds these words.
pub(crate) fn files_with(folder: &Path, words: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().expect("a kind"));
        if kind.is_dir() {
            found.extend(files_with(&path, words));
        } else if kind.is_file() {
            let bytes = std::fs::read(&path).unwrap_or_default();
            if bytes.windows(words.len()).any(|window| window == words.as_bytes()) {
                found.push(path);
            }
        }
    }
    found
}

/// Asks again and again until there is an answer; an installation takes longer than other tests' patience.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    let mut looks = tokio::time::interval(Duration::from_millis(250));
    loop {
        looks.tick().await;
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "gave up waiting until {what}");
    }
}
