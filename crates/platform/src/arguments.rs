//! The command line of the platform's own program, read into its options.

use lexopt::prelude::{Long, Short, ValueExt};
use nineheads_platform::{FaultRule, Options};
use std::ffi::OsString;
use std::path::PathBuf;

/// What `--help` says.
pub(crate) const USAGE: &str = "\
A local server of the Instances API with simulated agents.

nineheads-platform [options]
  --listen ADDRESS:PORT   where to listen; loopback only, port 0 takes a free one   [127.0.0.1:0]
  --data FOLDER           where to keep the database; in memory when absent
  --fleet N               begin a fresh database with N instances, and two of another tenant
  --speed X               how much faster than life; 0 finishes everything at once  [1]
  --seed N                what all invented values are derived from                 [7]
  --no-failures           no provisioning fails and no agent falls ill
  --config-writes WORD    what a write of a configuration does: merge or replace    [merge]
  --rate-limit N          requests a minute and key                                 [none]
  --no-neighbours         the optional neighbours of the twenty operations answer 404
  --faults FILE           a JSON list of what goes wrong
  --help                  this text

The first line on standard output is one JSON object: {\"url\": …, \"keys\": {…}}.
";

/// What a command line asks for.
#[derive(Debug)]
pub(crate) enum Arguments {
    Help,
    Serve(Box<Options>),
}

/// Why a command line makes no sense.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Senseless {
    #[error("{0}; see --help")]
    Argument(#[from] lexopt::Error),
    #[error("{file} can not be read: {source}")]
    Unreadable { file: PathBuf, source: std::io::Error },
    #[error("{file} is no list of faults: {source}")]
    NoFaults { file: PathBuf, source: serde_json::Error },
}

/// Reads a command line without the program's name.
pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, Senseless> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Arguments::Help),
            Long("listen") => options.listen = parser.value()?.parse()?,
            Long("data") => options.data = Some(parser.value()?.into()),
            Long("fleet") => options.fleet = Some(parser.value()?.parse()?),
            Long("speed") => options.speed = parser.value()?.parse()?,
            Long("seed") => options.seed = parser.value()?.parse()?,
            Long("no-failures") => options.no_failures = true,
            Long("config-writes") => options.config_writes = parser.value()?.parse()?,
            Long("rate-limit") => options.rate_limit = Some(parser.value()?.parse()?),
            Long("no-neighbours") => options.neighbours = false,
            Long("faults") => options.faults = read_faults(parser.value()?.into())?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Arguments::Serve(Box::new(options)))
}

fn read_faults(file: PathBuf) -> Result<Vec<FaultRule>, Senseless> {
    let bytes =
        std::fs::read(&file).map_err(|source| Senseless::Unreadable { file: file.clone(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| Senseless::NoFaults { file, source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nineheads_platform::ConfigWrites;

    fn words(line: &str) -> Result<Arguments, Senseless> {
        read(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_option_reaches_its_place() {
        let line = "--listen 127.0.0.1:81 --data x --fleet 200 --speed 0.5 --seed 9 --no-failures \
                    --config-writes replace --rate-limit 30 --no-neighbours";
        let Ok(Arguments::Serve(options)) = words(line) else { panic!("a server was asked for") };
        assert_eq!((options.listen.port(), options.fleet, options.seed), (81, Some(200), 9));
        assert_eq!((options.speed, options.no_failures, options.rate_limit), (0.5, true, Some(30)));
        assert_eq!((options.config_writes, options.neighbours), (ConfigWrites::Replace, false));
        assert_eq!(options.data, Some("x".into()));
    }

    #[test]
    fn what_is_unknown_is_named() {
        for (line, named) in [("--fleets 3", "fleets"), ("--speed fast", "fast"), ("serve", "serve")] {
            let error = words(line).expect_err("refused").to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
