//! The program that real agents run in: whether it is here, how large it is, and how to get or to lose it.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use chrono::{DateTime, Utc};
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

const ROUTE: &str = "/v1/local/runtimes/openclaw";

/// Where the runtime stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LocalRuntimeState {
    /// Not here; nothing of it is on the disk, or only what an earlier try had fetched.
    #[default]
    Absent,
    /// Being fetched and put in place.
    Installing,
    /// Can be used.
    Ready,
    /// The last try failed; see the error. Another try goes on with what was fetched.
    Failed,
    /// Being removed.
    Removing,
}

/// The runtime as it is now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct LocalRuntime {
    /// Where it stands.
    pub state: LocalRuntimeState,
    /// The version that is or would be installed.
    pub version: String,
    /// The version of Node that comes with it.
    pub node_version: String,
    /// Bytes that it takes on the disk, roughly; told before anything is fetched.
    #[specta(type = specta_typescript::Number)]
    pub size_bytes: u64,
    /// Bytes that are fetched, roughly.
    #[specta(type = specta_typescript::Number)]
    pub download_bytes: u64,
    /// Seconds that it takes on an ordinary line, roughly.
    pub expected_seconds: u32,
    /// Since when it is being installed or removed.
    pub since: Option<DateTime<Utc>>,
    /// How far the installation is.
    pub progress: Option<InstallProgress>,
    /// Why the last try failed.
    pub error: Option<LocalRuntimeError>,
    /// Agents that run in it, or would.
    pub agents: u32,
    /// Whether agents go on when the app ends.
    pub keep_running: bool,
}

/// How far an installation is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[specta(skip_attr = "serde")]
pub struct InstallProgress {
    /// What is being done.
    pub step: InstallStep,
    /// Packages that are here.
    pub done: u32,
    /// Packages in all.
    pub total: u32,
}

/// The steps of an installation, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum InstallStep {
    /// Packages are fetched and held against their checksums.
    Fetching,
    /// They are put in place.
    Placing,
    /// The program is asked for its version.
    Checking,
}

/// Why an installation failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[specta(skip_attr = "serde")]
pub struct LocalRuntimeError {
    /// `no_source`, `no_network`, `disk_full`, `wrong_checksum` or `broken`.
    pub code: String,
    /// What happened, and what to do: one or two sentences.
    pub message: String,
}

macro_rules! runtime_endpoint {
    ($(#[$doc:meta])* $endpoint:ident, $name:literal, $method:ident, $scope:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $endpoint;

        impl Endpoint for $endpoint {
            const NAME: &'static str = $name;
            const METHOD: Method = Method::$method;
            const ROUTE: &'static str = ROUTE;
            const REPEAT: Repeat = Repeat::Safe;
            const SCOPE: Scope = Scope::$scope;
            const ADMIN: bool = true;
            type Body = NoBody;
            type Reply = LocalRuntime;
        }
    };
}

runtime_endpoint!(
    /// Where the runtime stands.
    GetLocalRuntime, "get_local_runtime", GET, Read
);
runtime_endpoint!(
    /// Begins to install it, or to try again. Answers at once; one that is ready stays as it is.
    InstallLocalRuntime, "install_local_runtime", POST, Write
);
runtime_endpoint!(
    /// Removes it, or ends an installation. 409 while an agent uses it.
    RemoveLocalRuntime, "remove_local_runtime", DELETE, Delete
);

/// The choice between ending with the app and going on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct KeepRunning {
    /// Whether agents go on when the app ends.
    pub keep_running: bool,
}

/// Says whether agents go on when the app ends.
#[derive(Debug, Clone, Copy)]
pub struct SetKeepRunning {
    /// What is chosen.
    pub choice: KeepRunning,
}

impl Endpoint for SetKeepRunning {
    const NAME: &'static str = "set_keep_running";
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = ROUTE;
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Write;
    const ADMIN: bool = true;
    type Body = KeepRunning;
    type Reply = LocalRuntime;

    fn body(&self) -> Option<&KeepRunning> {
        Some(&self.choice)
    }
}
