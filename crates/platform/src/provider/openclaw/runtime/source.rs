//! The way of installing without npm: packages of the lock from the address that the packager baked in. A few at a time
//! each is fetched (`fetch`), and once its checksum is right put into its place (`unpack`). No script of a package runs.

mod fetch;
mod site;
#[cfg(test)]
mod tests;
mod unpack;

pub(super) use site::Site;

use super::pinned::Package;
use super::reasons;
use crate::private_file;
use futures_util::{StreamExt, TryStreamExt, stream};
use nineheads_contract::local::LocalRuntimeError;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::{Host, Url};

/// Packages that are under way at the same time.
const AT_A_TIME: usize = 4;

/// The address that the packager baked in; none in a build from the repository.
pub(super) const BAKED_IN: Option<&str> = option_env!("NINEHEADS_RUNTIME_SOURCE");

/// Where packages are, each at `<address>/<name>/-/<last part of its name>-<version>.tgz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    address: Url,
    patience: Patience,
}

/// How long a source may take, and how often it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Patience {
    connect: Duration,
    /// Without a byte.
    stall: Duration,
    /// Before each further try.
    waits: Vec<Duration>,
}

impl Default for Patience {
    fn default() -> Self {
        let waits = vec![Duration::from_secs(1), Duration::from_secs(5)];
        Self { connect: Duration::from_secs(20), stall: Duration::from_secs(30), waits }
    }
}

/// What becomes of packages while they are fetched.
pub(super) enum News<'a> {
    /// It was fetched now, with so many bytes.
    Fetched(&'a Package, u64),
    /// It is there from an earlier try.
    Kept(&'a Package),
    /// It is asked for again.
    Again(&'a Package, &'static str),
}

impl News<'_> {
    /// Whether one more package is here.
    pub(super) const fn is_here(&self) -> bool {
        matches!(self, Self::Fetched(..) | Self::Kept(_))
    }

    /// As people may read it: without where it came from.
    pub(super) fn line(&self) -> String {
        match self {
            Self::Fetched(Package { name, version, .. }, bytes) => {
                format!("fetched {name} {version}, {} kB", bytes.div_ceil(1_000))
            }
            Self::Kept(Package { name, version, .. }) => format!("{name} {version} was fetched before"),
            Self::Again(Package { name, version, .. }, why) => {
                format!("{why}; {name} {version} is asked for again")
            }
        }
    }
}

impl Source {
    /// A source at an address; none where there is no address.
    ///
    /// # Errors
    /// That the address is not one that packages are fetched from.
    pub(super) fn at(address: Option<&str>) -> Result<Option<Self>, LocalRuntimeError> {
        let Some(address) = address.map(str::trim).filter(|address| !address.is_empty()) else {
            return Ok(None);
        };
        let fits = |url: &Url| {
            let plain = url.username().is_empty() && url.password().is_none();
            plain && url.query().is_none() && url.fragment().is_none() && (is_https(url) || is_here(url))
        };
        let address = Url::parse(address).ok().filter(fits).ok_or_else(|| {
            reasons::no_source(
                "This build names a source for the runtime that can not be used: an https address without a name or a \
                 password is wanted. Install Node.js with npm and try again, or tell whoever built it.",
            )
        })?;
        Ok(Some(Self { address, patience: Patience::default() }))
    }

    /// Puts packages into a folder. What was fetched stays in the cache, also when this fails or is given up.
    pub(super) async fn install(
        &self,
        packages: &[Package],
        folder: &Path,
        cache: &Path,
        site: &Site,
        tell: &(impl Fn(News<'_>) + Sync),
    ) -> Result<(), LocalRuntimeError> {
        private_file::create_folder(cache).map_err(|error| reasons::disk(&error))?;
        let client = fetch::Client::new(self)?;
        let mut under_way = Vec::new();
        for package in packages {
            let fetched = client.fetch(package, cache, tell);
            let into = folder.join(&package.place);
            under_way.push(async { place(package, &fetched.await?, into, site.permit()).await });
        }
        // One that fails ends the others: those on other threads when the site is closed.
        stream::iter(under_way).buffer_unordered(AT_A_TIME).try_collect::<()>().await
    }

    fn address_of(&self, package: &Package) -> Url {
        let mut address = self.address.clone();
        let last = package.name.rsplit('/').next().unwrap_or_default();
        let file = format!("{last}-{}.tgz", package.version);
        // An https or http address always has segments.
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.pop_if_empty().extend(package.name.split('/')).push("-").push(&file);
        }
        address
    }

    /// Whether a source may send to an address.
    fn may_lead_to(&self, to: &Url) -> bool {
        is_https(to) || (is_here(&self.address) && is_here(to))
    }
}

/// Unpacks a package on a thread of its own.
async fn place(
    package: &Package,
    tarball: &Path,
    into: PathBuf,
    permit: site::Permit,
) -> Result<(), LocalRuntimeError> {
    let (tarball, programs) = (tarball.to_owned(), package.programs.clone());
    let placed = tokio::task::spawn_blocking(move || unpack::unpack(&tarball, &into, &programs, &permit));
    let placed = placed.await.map_err(std::io::Error::other).flatten();
    placed.map_err(|error| not_placed(package, &error))
}

fn not_placed(package: &Package, error: &std::io::Error) -> LocalRuntimeError {
    if reasons::is_full(error) {
        return reasons::disk_full();
    }
    let Package { name, version, .. } = package;
    reasons::broken(&format!("{name} {version} could not be put in place: {error}. Try again."))
}

fn is_https(url: &Url) -> bool {
    url.scheme() == "https"
}

/// Whether it is a literal address of this computer.
fn is_here(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    };
    url.scheme() == "http" && loopback
}
