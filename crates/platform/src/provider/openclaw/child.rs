//! One gateway as a child process: its folders, what it is started with, whether it is ready, how it ends. When it is
//! started again is decided elsewhere (`supervise`).

use super::runtime::Program;
use super::system::{self, End};
use crate::private_file;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// The name in the environment under which an agent finds the key of its model provider.
pub(crate) const MODEL_KEY: &str = "NINEHEADS_MODEL_KEY";
/// How long a gateway that was asked to end may take. Seen: 5 s.
const END_LIMIT: Duration = Duration::from_secs(15);
/// How often one that is not our child is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// How long a gateway may take to say whether it is ready.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// From this size on a log is put aside.
const LOG_LIMIT: u64 = 4 << 20;

/// What an agent may know of the environment that the app was started in: how to find programs and the network. The
/// person's own keys stay behind.
const KEPT: [&str; 17] = [
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "SystemRoot",
    "windir",
    "ComSpec",
    "PATHEXT",
    "SystemDrive",
];

/// A token that has no way out but into a child's environment and a connection's first words.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(String);

impl Token {
    pub(crate) fn mint() -> Self {
        use rand::RngExt;
        Self(crate::dice::hex(&rand::rng().random::<[u8; 24]>()))
    }

    pub(crate) fn kept(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

/// The folders of one agent, all private.
#[derive(Debug, Clone)]
pub(crate) struct Folders(pub(crate) PathBuf);

impl Folders {
    pub(crate) fn state(&self) -> PathBuf {
        self.0.join("state")
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.0.join("workspace")
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.state().join("openclaw.json")
    }

    /// What the gateway says on its standard output and error. It may hold replies.
    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("gateway.log")
    }

    pub(crate) fn make(&self) -> io::Result<()> {
        for folder in ["state", "workspace", "home", "tmp"] {
            private_file::create_folder(&self.0.join(folder))?;
        }
        Ok(())
    }

    /// What the log has said since it was that long, at most 64 KB of it.
    pub(crate) fn said_since(&self, length: u64) -> String {
        use std::io::{Read, Seek, SeekFrom};
        let mut bytes = Vec::new();
        let read = File::open(self.log()).and_then(|mut file| {
            file.seek(SeekFrom::Start(length))?;
            file.take(64 << 10).read_to_end(&mut bytes)
        });
        if let Err(error) = read {
            log::debug!("a gateway's log can not be read: {error}");
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Puts the log aside where it has grown. The gateway goes on writing to the same file, from its beginning.
    pub(crate) fn turn_log(&self) -> io::Result<()> {
        let file = match File::options().write(true).open(self.log()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            file => file?,
        };
        if file.metadata()?.len() <= LOG_LIMIT {
            return Ok(());
        }
        std::fs::copy(self.log(), self.log().with_extension("log.1"))?;
        file.set_len(0)
    }
}

/// A gateway that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) pid: u32,
    /// When it was started, in the system's own words.
    pub(crate) started: String,
    pub(crate) port: u16,
    pub(crate) token: Token,
    /// None for one that an earlier run of the app has started.
    child: Option<Child>,
    /// It was seen to have ended: its number may be another's by now.
    over: bool,
}

/// How a gateway ended; the code is not known where it was a signal, or not our child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
}

/// A free port of this computer. Somebody else may take it before the gateway does: then another one is tried.
pub(crate) fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Starts a gateway.
pub(crate) fn start(
    program: &Program,
    folders: &Folders,
    port: u16,
    model_key: Option<&str>,
) -> io::Result<Running> {
    folders.make()?;
    folders.turn_log()?;
    let log = open_private(&folders.log())?;
    let token = Token::mint();
    let mut command = Command::new(&program.node);
    command.arg(&program.script).args(["gateway", "run", "--port", &port.to_string(), "--bind", "loopback"]);
    command.env_clear().envs(environment(folders, &token)).current_dir(folders.state());
    if let Some(key) = model_key {
        command.env(MODEL_KEY, key);
    }
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    system::lead_group(&mut command);
    let child = command.spawn()?;
    let pid = child.id().ok_or_else(|| io::Error::other("it ended at once"))?;
    let started = system::started(pid).unwrap_or_default();
    Ok(Running { pid, started, port, token, child: Some(child), over: false })
}

fn environment(folders: &Folders, token: &Token) -> Vec<(&'static str, OsString)> {
    let home = folders.0.join("home");
    let tmp = folders.0.join("tmp");
    let mut all: Vec<(&'static str, OsString)> =
        KEPT.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))).collect();
    all.extend([
        ("HOME", home.clone().into()),
        ("USERPROFILE", home.into()),
        ("TMPDIR", tmp.clone().into()),
        ("TEMP", tmp.clone().into()),
        ("TMP", tmp.into()),
        ("OPENCLAW_STATE_DIR", folders.state().into()),
        ("OPENCLAW_CONFIG_PATH", folders.config().into()),
        ("OPENCLAW_GATEWAY_TOKEN", token.expose().into()),
    ]);
    let switches = [
        ("OPENCLAW_DISABLE_BONJOUR", "1"),
        ("OPENCLAW_NO_RESPAWN", "1"),
        ("OPENCLAW_EXEC_SHELL_SNAPSHOT", "0"),
        ("OPENCLAW_NO_AUTO_UPDATE", "1"),
        ("OPENCLAW_OFFLINE", "1"),
    ];
    all.extend(switches.map(|(name, value)| (name, value.into())));
    all
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Running {
    /// One that an earlier run of the app has started, where it is still the same process.
    pub(crate) fn adopt(pid: u32, started: &str, port: u16, token: Token) -> Option<Self> {
        system::is_same(pid, started).then(|| Self {
            pid,
            started: started.to_owned(),
            port,
            token,
            child: None,
            over: false,
        })
    }

    /// Returns once it has ended.
    pub(crate) async fn ended(&mut self) -> Ended {
        let code = match &mut self.child {
            Some(child) => child.wait().await.ok().and_then(|status| status.code()),
            None => {
                while system::is_same(self.pid, &self.started) {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                None
            }
        };
        self.over = true;
        // What it has started has nobody to serve any more.
        system::end_rest_of_group(self.pid);
        Ended { code }
    }

    /// Ends it: asks, waits, forces.
    pub(crate) async fn end(mut self) {
        // A child that was not collected keeps its number; another's process is looked at.
        if self.over || self.child.is_none() && !system::is_same(self.pid, &self.started) {
            return;
        }
        system::end_group(self.pid, End::Asked);
        if tokio::time::timeout(END_LIMIT, self.ended()).await.is_err() {
            system::end_group(self.pid, End::Forced);
            self.ended().await;
        }
    }

    /// Whether it says that it can be asked.
    pub(crate) async fn is_ready(&self) -> bool {
        let answer = tokio::time::timeout(ANSWER_LIMIT, readyz(self.port)).await;
        matches!(answer, Ok(Ok(true)))
    }
}

/// Asks in plain HTTP: one question of three lines needs no client.
async fn readyz(port: u16) -> io::Result<bool> {
    let mut stream = tokio::net::TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, port)).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").await?;
    let mut status = [0; 12];
    stream.read_exact(&mut status).await?;
    Ok(&status == b"HTTP/1.1 200")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_gets_its_own_token_and_none_of_the_persons_variables() {
        let folders = Folders(PathBuf::from("/agents/a"));
        let token = Token::mint();
        let all = environment(&folders, &token);
        let own = ["HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"];
        for (name, value) in &all {
            assert!(KEPT.contains(name) || own.contains(name) || name.starts_with("OPENCLAW_"), "{name}");
            assert!(!own.contains(name) || Path::new(value).starts_with("/agents/a"), "{name}");
        }
        assert!(all.contains(&("OPENCLAW_GATEWAY_TOKEN", token.expose().into())));
        assert_eq!(format!("{token:?}"), "Token(..)");
        assert_ne!(token, Token::mint());
    }

    #[test]
    fn a_log_that_has_grown_is_put_aside_and_written_from_its_beginning() {
        use std::io::Write;
        let folder = tempfile::tempdir().expect("a folder");
        let folders = Folders(folder.path().to_owned());
        folders.turn_log().expect("nothing to turn");
        let mut log = open_private(&folders.log()).expect("opens");
        log.write_all(b"small\n").expect("writes");
        folders.turn_log().expect("turns");
        assert_eq!(folders.said_since(2), "all\n");
        log.write_all(&vec![b'x'; usize::try_from(LOG_LIMIT).expect("fits")]).expect("writes");
        folders.turn_log().expect("turns");
        log.write_all(b"again\n").expect("writes");
        assert_eq!(folders.said_since(0), "again\n");
        assert!(std::fs::metadata(folder.path().join("gateway.log.1")).expect("aside").len() > LOG_LIMIT);
    }
}
