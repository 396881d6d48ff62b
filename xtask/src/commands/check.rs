//! `cargo xtask check`: what is looked at before each commit.

use std::process::ExitCode;

use super::{NO_INSTALL, install};
use crate::Result;
use crate::args::{Command, Options};
use crate::place::Place;
use crate::suites::{self, Ground};
use crate::system::TO_BUILD;

pub const COMMAND: Command = Command {
    name: "check",
    summary: "Quick: format, lints, types, unit tests",
    about: "What is looked at before each commit: format, lints, the repository's own rules, types, and the unit\n\
            tests of Rust and of the pages. All of it runs even after something failed.",
    switches: &[NO_INSTALL],
    words: &[],
    run: check,
};

fn check(place: &Place, options: &Options) -> Result<ExitCode> {
    let ground = Ground::prepare(place, TO_BUILD, install(options))?;
    let quick: Vec<_> = suites::ALL.iter().filter(|suite| suite.quick).collect();
    Ok(suites::run(&quick, &ground))
}
