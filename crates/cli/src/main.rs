//! The command line: reads what was typed, opens the console of a profile, runs one command, and ends with a number that
//! says how it went. Decisions are the core's; here is what is asked, shown and returned.

mod arguments;
mod commands;
mod confirm;
mod csv;
mod desk;
mod failure;
mod given;
mod open;
mod output;
mod table;

use arguments::Arguments;
use clap::Parser;
use failure::Stop;
use output::Output;
use std::process::ExitCode;
use std::time::Duration;

/// How long what goes on in the background may take to its end.
const LAST_WORDS: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    nineheads_core::process::forbid_core_dumps();
    let arguments = Arguments::parse();
    let output = Output::new(arguments.shared.json);
    let run = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => {
            let run = runtime.block_on(commands::run(arguments, output));
            // No database may be in use when the process ends, and a keystore that hangs must not keep it.
            runtime.shutdown_timeout(LAST_WORDS);
            run
        }
        Err(error) => Err(Stop::from(error)),
    };
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            output.stop(&stop);
            ExitCode::from(stop.exit.number())
        }
    }
}
