//! `cargo xtask run`: from a bare machine to the open window.

use std::process::ExitCode;

use super::{NO_INSTALL, install};
use crate::Result;
use crate::args::{Command, Options};
use crate::place::Place;
use crate::process::{cargo, command, run, step};
use crate::system::TO_BUILD;
use crate::{setup, ui};

pub const COMMAND: Command = Command {
    name: "run",
    summary: "Install what is missing, build, and open the window",
    about: "Installs what the machine lacks (Debian 12, Ubuntu 22.04 and newer; elsewhere it says what to type),\n\
            takes a newer Node into target/tools if there is none, builds the pages and the program, and opens\n\
            the window. What did not change is not done again.",
    switches: &[NO_INSTALL, ("--release", "Build as for a release: slower to build, quicker to run")],
    words: &[],
    run: start,
};

fn start(place: &Place, options: &Options) -> Result<ExitCode> {
    let node = setup::machine(place, TO_BUILD, install(options))?;
    ui::build(&node, place)?;
    let release = options.has("--release");
    step("program", "building; the first time takes minutes");
    let mut build = cargo(place);
    // As in `test`: the same features, so that neither builds what the other has.
    build.args(["build", "--package", "gatehouse", "--features", "custom-protocol"]);
    if release {
        build.arg("--release");
    }
    run(&mut build)?;
    let program = place.program("gatehouse", release);
    step("window", &format!("opening {}", place.short(&program)));
    run(&mut command(&program, &place.root))?;
    Ok(ExitCode::SUCCESS)
}
