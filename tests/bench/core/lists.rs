//! What a platform says of its fleet, one version after the other: the real one's own words, each with one row in a hundred
//! changed (renamed, failed or mended, gone, new) against the one before.

use nineheads_contract::Endpoint;
use nineheads_contract::instances::ListInstances;
use nineheads_platform::{Options, serve};
use nineheads_tests::platform::ask;
use std::path::{Path, PathBuf};

/// One version of the list.
pub(crate) struct Version {
    pub body: Vec<u8>,
    /// Where the server finds it.
    pub file: PathBuf,
}

/// So many versions of a fleet, written down in a folder.
pub(crate) fn make(folder: &Path, fleet: u32, versions: u64) -> Vec<Version> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let options = Options { fleet: Some(fleet), speed: 0.0, no_failures: true, ..Options::default() };
        let server = serve(options).await.expect("the platform starts");
        let mut made = Vec::new();
        for version in 0..versions {
            if version > 0 {
                server.churn(fleet / 100, version).expect("it changes");
            }
            let answer = ask(&server.url(), &server.keys().admin, &ListInstances).await;
            let body = answer.bytes().await.expect("a body").to_vec();
            let rows = ListInstances::read(&body).expect("a list").instances.len();
            eprintln!("version {version} of {fleet}: {rows} rows, {} bytes", body.len());
            let file = folder.join(format!("{fleet}-{version}.json"));
            std::fs::write(&file, &body).expect("it is written");
            made.push(Version { body, file });
        }
        server.stop().await;
        made
    })
}
