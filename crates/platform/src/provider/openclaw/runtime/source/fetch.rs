//! One package from a source to a file in the cache whose checksum is right. Nothing is in the cache under its name
//! before that is known, and what is there already is not fetched again.

use super::{News, Patience, Source};
use crate::provider::openclaw::runtime::{pinned::Package, reasons};
use base64::{Engine, prelude::BASE64_STANDARD};
use nineheads_contract::local::LocalRuntimeError;
use reqwest::header::{ACCEPT_ENCODING, HeaderValue};
use reqwest::{Response, StatusCode, redirect};
use sha2::{Digest, Sha512};
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufWriter};

/// Most bytes of one package. The largest of the lock has 95 MB.
const LARGEST: u64 = 256 << 20;
/// Bytes that are read or written at once.
const PIECE: usize = 256 << 10;
/// How often a source may send elsewhere for one package.
const MOST_REDIRECTS: usize = 5;

/// Asks one source.
pub(super) struct Client<'a> {
    source: &'a Source,
    client: reqwest::Client,
    largest: u64,
}

/// Why a try came to nothing.
enum Trouble {
    /// It may pass: what to say of it meanwhile, and what if it does not.
    Passing(&'static str, LocalRuntimeError),
    Lasting(LocalRuntimeError),
}

impl<'a> Client<'a> {
    pub(super) fn new(source: &'a Source) -> Result<Self, LocalRuntimeError> {
        let Patience { connect, stall, .. } = source.patience;
        let from = source.clone();
        let follow = redirect::Policy::custom(move |attempt| {
            let known = attempt.previous().len() <= MOST_REDIRECTS && from.may_lead_to(attempt.url());
            if known { attempt.follow() } else { attempt.stop() }
        });
        // The checksum is that of the file as it is kept: nothing takes it apart on its way.
        let client = reqwest::Client::builder().no_gzip().redirect(follow);
        let client = client.connect_timeout(connect).read_timeout(stall);
        let client = if super::is_here(&source.address) { client.no_proxy() } else { client };
        let client = client.build().map_err(|error| {
            reasons::broken(&format!(
                "Nothing can be fetched on this computer: {error}. Start the app again."
            ))
        })?;
        Ok(Self { source, client, largest: LARGEST })
    }

    #[cfg(test)]
    pub(super) const fn with_largest(mut self, largest: u64) -> Self {
        self.largest = largest;
        self
    }

    /// The file of a package.
    pub(super) async fn fetch(
        &self,
        package: &Package,
        cache: &Path,
        tell: &(impl Fn(News<'_>) + Sync),
    ) -> Result<PathBuf, LocalRuntimeError> {
        // By its place: two places may hold the same package, and are fetched at the same time.
        let file = cache.join(format!("{}.tgz", package.place.replace('/', "+")));
        if is_kept(&file, &package.integrity).await {
            tell(News::Kept(package));
            return Ok(file);
        }
        let mut waits = self.source.patience.waits.iter();
        loop {
            match self.try_once(package, &file).await {
                Ok(bytes) => {
                    tell(News::Fetched(package, bytes));
                    return Ok(file);
                }
                Err(Trouble::Lasting(error)) => return Err(error),
                Err(Trouble::Passing(why, error)) => {
                    let Some(wait) = waits.next() else { return Err(error) };
                    tell(News::Again(package, why));
                    tokio::time::sleep(*wait).await;
                }
            }
        }
    }

    async fn try_once(&self, package: &Package, file: &Path) -> Result<u64, Trouble> {
        let request = self.client.get(self.source.address_of(package));
        let request = request.header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let response = request.send().await.map_err(|error| broken_off(&error))?;
        refuse(package, response.status())?;
        let beside = file.with_extension("part");
        let (checksum, bytes) = self.save(package, response, &beside).await?;
        if checksum != package.integrity {
            tokio::fs::remove_file(&beside).await.map_err(disk)?;
            return Err(Trouble::Lasting(reasons::wrong_checksum("this build")));
        }
        tokio::fs::rename(&beside, file).await.map_err(disk)?;
        Ok(bytes)
    }

    /// Writes what comes into a file, and tells its checksum and its size.
    async fn save(
        &self,
        package: &Package,
        mut response: Response,
        file: &Path,
    ) -> Result<(String, u64), Trouble> {
        let mut writer = BufWriter::with_capacity(PIECE, File::create(file).await.map_err(disk)?);
        let (mut checksum, mut bytes) = (Sha512::new(), 0_u64);
        while let Some(piece) = response.chunk().await.map_err(|error| broken_off(&error))? {
            bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
            if bytes > self.largest {
                let Package { name, version, .. } = package;
                return Err(Trouble::Lasting(reasons::broken(&format!(
                    "{name} {version} is larger than a package may be, so nothing was installed. The source of packages \
                     that this build uses is at fault; install Node.js with npm and try again."
                ))));
            }
            checksum.update(&piece);
            writer.write_all(&piece).await.map_err(disk)?;
        }
        writer.flush().await.map_err(disk)?;
        Ok((integrity(checksum), bytes))
    }
}

/// What a status says where it is not that of a package.
fn refuse(package: &Package, status: StatusCode) -> Result<(), Trouble> {
    if status == StatusCode::OK {
        return Ok(());
    }
    let asleep = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    if status.is_server_error() || asleep.contains(&status) {
        let error = reasons::not_serving(status.as_u16());
        return Err(Trouble::Passing("the source of packages does not serve at the moment", error));
    }
    let Package { name, version, .. } = package;
    Err(Trouble::Lasting(reasons::broken(&format!(
        "The source of packages that this build uses does not give out {name} {version}: it answered {}. Try again later, \
         or install Node.js with npm.",
        status.as_u16()
    ))))
}

/// Whatever goes wrong with a connection is worth another try.
fn broken_off(error: &reqwest::Error) -> Trouble {
    let why = if error.is_timeout() {
        "nothing came for a while"
    } else if error.is_connect() {
        "the source of packages could not be reached"
    } else {
        "the connection broke off"
    };
    Trouble::Passing(why, reasons::no_network())
}

fn disk(error: io::Error) -> Trouble {
    Trouble::Lasting(reasons::disk(&error))
}

/// Whether a file is there with its checksum. One that can not be read is fetched anew.
async fn is_kept(file: &Path, wanted: &str) -> bool {
    let Ok(mut file) = File::open(file).await else { return false };
    let (mut checksum, mut piece) = (Sha512::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece).await {
            Ok(0) => return integrity(checksum) == wanted,
            Ok(length) => checksum.update(piece.get(..length).unwrap_or_default()),
            Err(_) => return false,
        }
    }
}

fn integrity(checksum: Sha512) -> String {
    format!("sha512-{}", BASE64_STANDARD.encode(checksum.finalize()))
}
