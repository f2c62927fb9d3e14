//! Packages that are made here, from a source that is made here.

mod place;
mod shelf;

use super::{News, Patience, Site, Source, fetch};
use crate::provider::openclaw::runtime::pinned::{self, Package};
use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, write::GzEncoder};
use nineheads_contract::local::LocalRuntimeError;
use serde_json::json;
use sha2::{Digest, Sha512};
use shelf::{Answer, Shelf};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

const ROOM: u64 = 1 << 20;

/// A source that is asked three times, at once.
fn source_at(address: &str) -> Source {
    let source = Source::at(Some(address)).expect("an address").expect("a source");
    let limit = Duration::from_secs(30);
    let waits = vec![Duration::ZERO, Duration::ZERO];
    Source { patience: Patience { connect: limit, stall: limit, waits }, ..source }
}

/// A tarball of files, each with its mode.
fn tarball(files: &[(&str, &str, u32)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, text, mode) in files {
        append(&mut builder, tar::EntryType::Regular, name, "", text, *mode);
    }
    builder.into_inner().expect("a tarball").finish().expect("packed")
}

/// Writes an entry as anybody could: the library itself refuses some names.
fn append(
    builder: &mut tar::Builder<GzEncoder<Vec<u8>>>,
    kind: tar::EntryType,
    name: &str,
    link: &str,
    text: &str,
    mode: u32,
) {
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
    header.set_entry_type(kind);
    header.set_size(text.len().try_into().expect("small"));
    header.set_mode(mode);
    header.set_cksum();
    builder.append(&header, text.as_bytes()).expect("packed");
}

fn integrity(bytes: &[u8]) -> String {
    format!("sha512-{}", BASE64_STANDARD.encode(Sha512::digest(bytes)))
}

fn package(name: &str, tarball: &[u8]) -> Package {
    Package {
        place: format!("node_modules/{name}"),
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        integrity: integrity(tarball),
        programs: Vec::new(),
    }
}

/// A folder to install into, and what was told.
struct Place {
    folder: tempfile::TempDir,
    lines: Mutex<Vec<String>>,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), lines: Mutex::default() }
    }

    fn installed(&self) -> PathBuf {
        self.folder.path().join("runtime")
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    async fn install(&self, source: &Source, packages: &[Package]) -> Result<(), LocalRuntimeError> {
        let site = Site::new(ROOM);
        let tell = |news: News<'_>| self.lines.lock().expect("not poisoned").push(news.line());
        let ended = source.install(packages, &self.installed(), &self.cache(), &site, &tell).await;
        site.close().await;
        ended
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = std::mem::take(&mut *self.lines.lock().expect("not poisoned"));
        lines.sort();
        lines
    }

    /// Every file that was installed.
    fn files(&self) -> Vec<String> {
        files_in(&self.installed())
    }
}

fn files_in(folder: &Path) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type().expect("a type").is_dir() {
                true => walk(root, &entry.path(), found),
                false => {
                    let path = entry.path();
                    let inner = path.strip_prefix(root).expect("inside").to_string_lossy();
                    found.push(inner.replace('\\', "/"));
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

#[tokio::test]
async fn everything_for_this_system_is_installed_and_nothing_for_others() {
    let shelf = Shelf::default();
    let source = shelf.open().await;
    let made = |text: &str| tarball(&[("package/index.js", text, 0o644)]);
    let (plain, scoped, real) = (made("plain"), made("scoped"), made("real"));
    shelf.put("/npm/plain/-/plain-1.0.0.tgz", [Answer::Bytes(plain.clone())]);
    shelf.put("/npm/@scope/name/-/name-2.0.0.tgz", [Answer::Bytes(scoped.clone())]);
    shelf.put("/npm/@scope/real/-/real-3.0.0-beta.1.tgz", [Answer::Bytes(real.clone())]);
    let lock = json!({ "packages": {
        "": { "name": "ours", "version": "1.0.0" },
        "node_modules/plain": { "version": "1.0.0", "integrity": integrity(&plain) },
        "node_modules/plain/node_modules/@scope/name": {
            "version": "2.0.0", "integrity": integrity(&scoped), "os": ["linux"], "cpu": ["x64"], "libc": ["glibc"],
            "optional": true,
        },
        "node_modules/nickname": { "name": "@scope/real", "version": "3.0.0-beta.1", "integrity": integrity(&real) },
        "node_modules/plain/node_modules/bundled": { "version": "1.0.0", "inBundle": true },
        "node_modules/mac": { "version": "1.0.0", "os": ["darwin"], "optional": true },
        "node_modules/arm": { "version": "1.0.0", "cpu": ["arm64"], "optional": true },
        "node_modules/musl": { "version": "1.0.0", "libc": ["musl"], "optional": true },
    }});
    let place = Place::new();
    let packages = pinned::selected(&lock, "linux", "x64");
    assert_eq!(place.install(&source, &packages).await, Ok(()));
    let installed = [
        "node_modules/nickname/index.js",
        "node_modules/plain/index.js",
        "node_modules/plain/node_modules/@scope/name/index.js",
    ];
    assert_eq!(place.files(), installed);
    let text = |file: &str| std::fs::read_to_string(place.installed().join(file)).expect("a file");
    assert_eq!(installed.map(text), ["real", "plain", "scoped"]);
    assert_eq!(shelf.asked().len(), 3);
    assert_eq!(
        place.lines(),
        [
            "fetched @scope/name 2.0.0, 1 kB",
            "fetched @scope/real 3.0.0-beta.1, 1 kB",
            "fetched plain 1.0.0, 1 kB"
        ]
    );
}

#[tokio::test]
async fn a_wrong_checksum_installs_nothing_and_says_so() {
    let shelf = Shelf::default();
    let source = shelf.open().await;
    let right = tarball(&[("package/index.js", "right", 0o644)]);
    let wrong = tarball(&[("package/index.js", "wrong", 0o644)]);
    shelf.put("/npm/a/-/a-1.0.0.tgz", [Answer::Bytes(wrong)]);
    let unchecked = Package { integrity: String::new(), ..package("a", &right) };
    for package in [package("a", &right), unchecked] {
        let place = Place::new();
        let error = place.install(&source, &[package]).await.expect_err("refused");
        assert_eq!(error.code, "wrong_checksum");
        assert!(error.message.contains("the source of packages that this build uses"), "{}", error.message);
        assert_eq!(files_in(place.folder.path()), Vec::<String>::new());
        assert_eq!(shelf.asked(), ["/npm/a/-/a-1.0.0.tgz"], "once");
    }
}

#[tokio::test]
async fn a_package_that_is_not_there_is_asked_for_once() {
    let shelf = Shelf::default();
    let source = shelf.open().await;
    for status in [404, 403, 304] {
        shelf.put("/npm/@scope/a/-/a-1.0.0.tgz", [Answer::Status(status)]);
        let place = Place::new();
        let error = place.install(&source, &[package("@scope/a", b"")]).await.expect_err("not there");
        assert_eq!(error.code, "broken");
        let said = format!("does not give out @scope/a 1.0.0: it answered {status}");
        assert!(error.message.contains(&said), "{}", error.message);
        assert_eq!(shelf.asked().len(), 1);
    }
}

#[tokio::test]
async fn what_may_pass_is_tried_three_times() {
    let shelf = Shelf::default();
    let source = shelf.open().await;
    let right = tarball(&[("package/index.js", "right", 0o644)]);
    let path = "/npm/a/-/a-1.0.0.tgz";
    let packages = [package("a", &right)];
    for (first, second) in [
        (Answer::Status(503), Answer::Status(429)),
        (Answer::Half(right.clone()), Answer::Status(500)),
        (Answer::Half(right.clone()), Answer::Half(right.clone())),
    ] {
        shelf.put(path, [first.clone(), second.clone(), Answer::Bytes(right.clone())]);
        let place = Place::new();
        assert_eq!(place.install(&source, &packages).await, Ok(()));
        assert_eq!(place.files(), ["node_modules/a/index.js"]);
        assert_eq!(shelf.asked().len(), 3);
        let lines = place.lines();
        let again = lines.iter().filter(|line| line.ends_with("a 1.0.0 is asked for again"));
        assert_eq!(again.count(), 2, "{lines:?}");
        shelf.put(path, [first, second, Answer::Status(503)]);
        let error = Place::new().install(&source, &packages).await.expect_err("no more tries");
        assert_eq!((error.code.as_str(), shelf.asked().len()), ("no_network", 3));
        assert!(error.message.contains("503"), "{}", error.message);
    }
}

#[tokio::test]
async fn a_source_that_is_not_there_or_says_nothing_is_no_network() {
    let shelf = Shelf::default();
    let mut silent = shelf.open().await;
    silent.patience.stall = Duration::from_millis(50);
    shelf.put("/npm/a/-/a-1.0.0.tgz", [Answer::Never]);
    let gone = {
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        source_at(&format!("http://{}", port.local_addr().expect("an address")))
    };
    for source in [silent, gone] {
        let place = Place::new();
        let error = place.install(&source, &[package("a", b"")]).await.expect_err("nobody");
        assert_eq!(error.code, "no_network");
        assert!(error.message.contains("Check the connection and try again"), "{}", error.message);
        assert_eq!(place.lines().len(), 2, "two more tries");
    }
}

#[tokio::test]
async fn another_try_fetches_only_what_is_missing() {
    let shelf = Shelf::default();
    let source = shelf.open().await;
    let made = |text: &str| tarball(&[("package/index.js", text, 0o644)]);
    let (a, b, c) = (made("a"), made("b"), made("c"));
    let packages = [package("a", &a), package("b", &b), package("c", &c)];
    shelf.put("/npm/a/-/a-1.0.0.tgz", [Answer::Bytes(a)]);
    shelf.put("/npm/b/-/b-1.0.0.tgz", [Answer::Bytes(b)]);
    let place = Place::new();
    assert_eq!(place.install(&source, &packages[..2]).await, Ok(()));
    let error = place.install(&source, &packages).await.expect_err("one is missing");
    assert_eq!(error.code, "broken");
    shelf.asked();
    place.lines();
    // One that was damaged meanwhile is missing too.
    std::fs::write(place.cache().join("node_modules+b.tgz"), "damaged").expect("writes");
    shelf.put("/npm/c/-/c-1.0.0.tgz", [Answer::Bytes(c)]);
    std::fs::remove_dir_all(place.installed()).expect("removes");
    assert_eq!(place.install(&source, &packages).await, Ok(()));
    assert_eq!(shelf.asked(), ["/npm/b/-/b-1.0.0.tgz", "/npm/c/-/c-1.0.0.tgz"]);
    assert_eq!(
        place.lines(),
        ["a 1.0.0 was fetched before", "fetched b 1.0.0, 1 kB", "fetched c 1.0.0, 1 kB"]
    );
    assert_eq!(place.files().len(), 3);
}

#[tokio::test]
async fn a_source_may_send_elsewhere_but_not_to_where_anybody_can_listen() {
    let shelf = Shelf::default();
    let source = shelf.open().await;
    let right = tarball(&[("package/index.js", "right", 0o644)]);
    let path = "/npm/a/-/a-1.0.0.tgz";
    shelf.put("/kept", [Answer::Bytes(right.clone())]);
    shelf.put(path, [Answer::Elsewhere("/kept".to_owned())]);
    assert_eq!(Place::new().install(&source, &[package("a", &right)]).await, Ok(()));
    shelf.put(path, [Answer::Elsewhere("http://packages.example/a.tgz".to_owned())]);
    let error = Place::new().install(&source, &[package("a", &right)]).await.expect_err("refused");
    assert!(error.code == "broken" && error.message.contains("302"), "{}", error.message);
    let secure = source_at("https://packages.example");
    assert!(secure.may_lead_to(&"https://elsewhere.example/x".parse().expect("an address")));
    assert!(!secure.may_lead_to(&"http://127.0.0.1/x".parse().expect("an address")));
}

#[tokio::test]
async fn a_package_that_is_too_large_is_not_fetched_to_its_end() {
    let shelf = Shelf::default();
    let source = shelf.open().await;
    let right = tarball(&[("package/index.js", "right", 0o644)]);
    shelf.put("/npm/a/-/a-1.0.0.tgz", [Answer::Bytes(right.clone())]);
    let place = Place::new();
    std::fs::create_dir(place.cache()).expect("makes");
    let largest = u64::try_from(right.len()).expect("small");
    for (largest, fits) in [(largest, true), (largest - 1, false)] {
        let client = fetch::Client::new(&source).expect("a client").with_largest(largest);
        let other = format!("a-{largest}");
        let package = Package { place: other, ..package("a", &right) };
        let fetched = client.fetch(&package, &place.cache(), &|_: News<'_>| ()).await;
        assert_eq!(fetched.as_ref().map_err(|error| error.code.as_str()).err(), (!fits).then_some("broken"));
    }
}

#[test]
fn only_an_address_that_nobody_can_listen_at_is_a_source() {
    for address in [
        "https://packages.example",
        "https://packages.example/npm/",
        "http://127.0.0.1:8000",
        "http://[::1]/x",
    ] {
        assert!(matches!(Source::at(Some(address)), Ok(Some(_))), "{address}");
    }
    for address in [
        "http://packages.example",
        "http://localhost",
        "http://127.0.0.1.packages.example",
        "https://me:secret@packages.example",
        "https://packages.example?token=secret",
        "file:///packages",
        "packages.example",
    ] {
        let error = Source::at(Some(address)).expect_err(address);
        assert!(error.code == "no_source" && !error.message.contains("secret"), "{address}");
    }
    assert_eq!(Source::at(None), Ok(None));
}
