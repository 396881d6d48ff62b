//! `gatehouse-cli`: the same use cases as the window, for scripts. Standard output has the answer and nothing else;
//! what is said to a person goes to standard error.

#![allow(clippy::doc_markdown, reason = "PlanRadar is a name, not code")]

mod args;
mod commands;
mod cx;
mod exit;
mod failure;
mod input;
mod json;
mod notices;
mod out;
mod prompt;
mod start;

pub use args::Cli;
pub use exit::Exit;

use clap::Parser;
use failure::Failure;
use out::Out;
use std::{ffi::OsString, process::ExitCode};

/// What a command comes to when nothing failed as a whole; not every one of these is success.
type Outcome = Result<Exit, Failure>;

/// Runs the program with these arguments, its own name first.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return usage(&args, &error),
    };
    let out = Out::new(&cli.global);
    match commands::run(cli, out) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            out.failed(&failure);
            failure.exit.into()
        }
    }
}

/// Help, the version, or what is wrong with the arguments.
fn usage(args: &[OsString], error: &clap::Error) -> ExitCode {
    let failed = error.use_stderr();
    if failed && args.iter().any(|arg| arg == "--json") {
        let text = error.render().to_string();
        Out::json().failed(&Failure::usage(text.trim_end().trim_start_matches("error: ")));
    } else {
        // A closed pipe: nobody reads it.
        error.print().ok();
    }
    if failed { Exit::Usage.into() } else { Exit::Ok.into() }
}
