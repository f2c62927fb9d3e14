//! `completions`: a script for a shell, made from the arguments themselves.

use crate::arguments::Arguments;
use crate::failure::Stop;
use crate::output::Output;
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

#[derive(Args)]
pub(crate) struct Completions {
    /// For which shell.
    shell: Shell,
}

pub(crate) fn run(completions: &Completions, output: Output) -> Result<(), Stop> {
    let mut script = Vec::new();
    generate(completions.shell, &mut Arguments::command(), "nineheads", &mut script);
    output.text(&String::from_utf8_lossy(&script))
}
