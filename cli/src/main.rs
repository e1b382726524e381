//! The `rules` program: one command a run, one exit code.
//!
//! Arguments go in; findings and results come out on stdout, progress and complaints on stderr. Everything that is
//! printed and every exit code is decided in this crate; what is true about rules is decided in the crates below.

mod args;
#[cfg(feature = "serve")]
mod backtest;
mod baseline;
mod command;
mod coverage;
mod decision;
#[cfg(feature = "serve")]
mod demo;
mod diff;
mod exit;
mod failure;
mod fixing;
mod fixture;
mod form;
mod help;
mod input;
mod language;
mod loaded;
mod output;
mod prose;
mod report;
mod steps;
mod style;
mod table;
mod testing;
mod translate;

use std::panic::catch_unwind;
use std::process::ExitCode;

use crate::exit::Exit;

/// Counts what each thread holds, so that scripts can be bounded in memory.
#[global_allocator]
static MEMORY: switchboard_guard::Counting = switchboard_guard::Counting;

fn main() -> ExitCode {
    // A panic is a defect of ours: it must not look like a finding, so it gets the exit code of one.
    catch_unwind(command::run).unwrap_or(Exit::Internal).into()
}
