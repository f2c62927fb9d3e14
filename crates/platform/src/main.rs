//! The platform as a program of its own. The first line on standard output is one JSON object with its address and keys;
//! everything else goes to standard error.

mod arguments;

use arguments::{Arguments, USAGE};
use nineheads_platform::{Keys, serve};
use std::io::Write;
use std::process::ExitCode;

#[derive(serde::Serialize)]
struct FirstLine<'a> {
    url: String,
    keys: &'a Keys,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nineheads-platform: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let options = match arguments::read(std::env::args_os().skip(1))? {
        Arguments::Help => {
            write!(std::io::stdout(), "{USAGE}")?;
            return Ok(());
        }
        Arguments::Serve(options) => options,
    };
    let server = serve(*options).await?;
    // Before anybody can know that it is there, and tell it to stop.
    let told = told_to_stop()?;
    let line = serde_json::to_string(&FirstLine { url: server.url(), keys: server.keys() })?;
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    out.flush()?;
    eprintln!("listening on {}; Ctrl C ends it", server.url());
    told.await;
    server.stop().await;
    Ok(())
}

/// Listens from now on; what comes back ends on Ctrl C, and where the system has it on SIGTERM.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
