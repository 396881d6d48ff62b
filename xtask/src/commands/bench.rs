//! `cargo xtask bench`: what the documents claim of times, measured.

use std::process::ExitCode;

use super::{NO_INSTALL, install};
use crate::Result;
use crate::args::{Command, Options};
use crate::place::Place;
use crate::process::{cargo, run};
use crate::setup;
use crate::system::TO_BUILD;

pub const COMMAND: Command = Command {
    name: "bench",
    summary: "Measure what the documents claim, as ratios of one run",
    about: "Asks for everyone's tokens in an account with 10,000 users, and compares with the least time that the\n\
            request limit allows; clicks meanwhile; and the start of the command line. Takes two minutes.",
    switches: &[NO_INSTALL],
    words: &[],
    run: measure,
};

fn measure(place: &Place, options: &Options) -> Result<ExitCode> {
    setup::machine(place, TO_BUILD, install(options))?;
    let programs = ["build", "--package", "gatehouse-tests", "--package", "gatehouse-cli", "--bins"];
    run(cargo(place).args(programs))?;
    run(cargo(place).args(["run", "--package", "gatehouse-tests", "--bin", "bench"]))?;
    Ok(ExitCode::SUCCESS)
}
