//! A computer with a runtime for real agents: a folder in which a script of ours stands in for OpenClaw's, started by the
//! machine's own Node. Everything else is the platform's real way: folders, processes, rows.

use crate::platform::{ask, get, order, settled, wait_until};
use nineheads_contract::deploys::{CreateInstance, DeployProgress};
use nineheads_contract::local::{LOCAL_MANIFEST, LocalRecipe, Permission};
use nineheads_contract::{IdempotencyKey, InstanceId};
use nineheads_platform::{AgentOptions, MemorySecrets, Options, SecretStore, Server, serve};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// The model provider that is kept.
pub const PROVIDER: &str = "tests";
/// Its only model.
pub const MODEL: &str = "echo:1";
/// Its key.
pub const MODEL_KEY: &str = "canary-model-key-5d1f3c7a";

const PACKAGE: &str = include_str!("../../crates/platform/src/provider/openclaw/runtime/package.json");
const GATEWAY: &str = include_str!("gateway.mjs");

/// The folders of one computer and the secrets that outlive a platform.
pub struct Home {
    folder: TempDir,
    secrets: Arc<MemorySecrets>,
}

impl Home {
    /// A computer on which the runtime is installed and a model provider will be kept.
    ///
    /// # Panics
    /// When the folders can not be made.
    pub fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().expect("a folder"), secrets: Arc::default() };
        home.secrets.write(&format!("model-provider/{PROVIDER}"), MODEL_KEY).expect("kept");
        home.install();
        home
    }

    fn install(&self) {
        let (version, node_package) = pinned();
        let runtime = self.agents().join("runtime").join(version);
        let script = runtime.join("node_modules/openclaw/openclaw.mjs");
        let node = runtime.join("node_modules").join(node_package).join("bin/node");
        for file in [&script, &node] {
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        }
        std::fs::write(script, GATEWAY).expect("written");
        link(&own_node(), &node);
        std::fs::write(runtime.join("nineheads-runtime.json"), "{}").expect("written");
    }

    /// What the next starts of a gateway do.
    ///
    /// # Panics
    /// When it can not be written.
    pub fn behave(&self, behaviour: &Value) {
        let beside =
            self.agents().join("runtime").join(pinned().0).join("node_modules/openclaw/behaviour.json");
        std::fs::write(beside, behaviour.to_string()).expect("written");
    }

    /// Where runtime and agents lie.
    pub fn agents(&self) -> PathBuf {
        self.folder.path().join("agents")
    }

    /// The folder of one agent.
    pub fn agent(&self, id: &InstanceId) -> PathBuf {
        self.agents().join("agents").join(&id.0)
    }

    /// Starts the platform of this computer.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(&self) -> Server {
        let agents = AgentOptions { folder: self.agents(), secrets: self.secrets.clone() };
        let data = Some(self.folder.path().join("platform"));
        let options =
            Options { data, agents: Some(agents), speed: 0.0, no_failures: true, ..Options::default() };
        let server = serve(options).await.expect("the platform starts");
        self.with_rows(|db| {
            let models = json!([{ "id": MODEL, "context_window": null, "max_tokens": null }]).to_string();
            let keep = "INSERT OR REPLACE INTO model_providers (name, base_url, models) VALUES (?1, ?2, ?3)";
            db.execute(keep, (PROVIDER, "http://127.0.0.1:9/v1", models)).expect("kept");
        });
        server
    }

    /// Looks into the platform's rows.
    ///
    /// # Panics
    /// When they can not be read.
    pub fn with_rows<T>(&self, look: impl FnOnce(&rusqlite::Connection) -> T) -> T {
        let db = rusqlite::Connection::open(self.folder.path().join("platform/platform.db")).expect("opens");
        db.busy_timeout(std::time::Duration::from_secs(10)).expect("waits");
        look(&db)
    }

    /// Every start of an agent's gateway so far.
    pub fn starts(&self, id: &InstanceId) -> Vec<Value> {
        let text = std::fs::read_to_string(self.agent(id).join("state/starts.jsonl")).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The process of an agent's newest start.
    ///
    /// # Panics
    /// When it was never started.
    pub fn pid(&self, id: &InstanceId) -> u32 {
        let starts = self.starts(id);
        let pid = starts.last().and_then(|start| start["pid"].as_u64()).expect("it was started");
        u32::try_from(pid).expect("a pid")
    }
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

/// A deploy of a real agent.
pub fn local_order(key: &str, permission: Permission) -> CreateInstance {
    let recipe = LocalRecipe { permission, provider: PROVIDER.to_owned(), model: MODEL.to_owned() };
    let mut order = order(key);
    order.new.recipe_id = Some(recipe.to_string());
    order.new.manifest_id = Some(LOCAL_MANIFEST.to_owned());
    order
}

/// Deploys a real agent and waits until it has settled: running or failed.
///
/// # Panics
/// When it is refused or does not settle in time.
pub async fn deploy_here(server: &Server, key: &str) -> (InstanceId, DeployProgress) {
    let (url, admin) = (server.url(), &server.keys().admin);
    get(&url, admin, &local_order(key, Permission::Talk)).await;
    let settled = settled(&url, admin, key).await;
    (settled.instance_id.clone().expect("an instance"), settled)
}

/// Waits until an instance is gone for everybody.
///
/// # Panics
/// When it stays.
pub async fn gone(server: &Server, id: &InstanceId) {
    let one = nineheads_contract::instances::GetInstance { id: id.clone() };
    wait_until("the instance is gone", async || {
        let answer = ask(&server.url(), &server.keys().admin, &one).await;
        (answer.status() == 404).then_some(())
    })
    .await;
}

/// Whether a process is there and has not ended.
pub fn is_alive(pid: u32) -> bool {
    let stat = std::process::Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output();
    let said =
        stat.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    !said.is_empty() && !said.starts_with('Z')
}

/// The key of a deploy as the API wants it.
pub fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::from(text)
}

/// The runtime's version, and the package that brings Node for this system.
fn pinned() -> (String, String) {
    let package: Value = serde_json::from_str(PACKAGE).expect("JSON");
    let version = package["dependencies"]["openclaw"].as_str().expect("a version").to_owned();
    let os = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let cpu = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    let nodes = package["optionalDependencies"].as_object().expect("packages");
    let fits = |name: &&String| name.contains(os) && name.ends_with(cpu);
    (version, nodes.keys().find(fits).expect("a Node for this system").clone())
}

fn own_node() -> PathBuf {
    let path = std::env::var_os("PATH").expect("a PATH");
    let found = std::env::split_paths(&path).map(|folder| folder.join("node")).find(|file| file.is_file());
    found.expect("Node is on this machine")
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) {
    std::os::unix::fs::symlink(original, link).expect("linked");
}

#[cfg(not(unix))]
fn link(original: &Path, link: &Path) {
    std::fs::copy(original, link).expect("copied");
}
