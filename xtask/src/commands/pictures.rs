//! `cargo xtask pictures`: the README's pictures from the real window.

use std::process::ExitCode;

use super::{NO_INSTALL, install};
use crate::Result;
use crate::args::{Command, Options};
use crate::place::Place;
use crate::suites::{self, Ground};
use crate::system::{TO_BUILD, TO_TEST};

pub const COMMAND: Command = Command {
    name: "pictures",
    summary: "Draw the README's pictures from the real window",
    about: "Builds, drives the real window through the demo account, and writes docs/images/*.png. They are\n\
            committed; this is only needed after the window changed. On Linux only.",
    switches: &[NO_INSTALL],
    words: &[],
    run: draw,
};

fn draw(place: &Place, options: &Options) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        return Err("the window is driven on Linux only".to_owned());
    }
    let ground = Ground::prepare(place, &[TO_BUILD, TO_TEST].concat(), install(options))?;
    suites::window_script(&ground, "pictures")?;
    Ok(ExitCode::SUCCESS)
}
