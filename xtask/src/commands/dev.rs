//! `cargo xtask dev`: the window while it is being worked on.

use std::process::ExitCode;

use super::{NO_INSTALL, install};
use crate::Result;
use crate::args::{Command, Options};
use crate::place::Place;
use crate::process::{run, step};
use crate::system::TO_BUILD;
use crate::{setup, tauri, ui};

pub const COMMAND: Command = Command {
    name: "dev",
    summary: "Open the window with hot reload",
    about: "Starts the pages' development server and the program, which loads them from it. A change of a page\n\
            shows at once; a change of Rust builds and starts the program anew. Closing the window ends both.",
    switches: &[NO_INSTALL],
    words: &[],
    run: start,
};

fn start(place: &Place, options: &Options) -> Result<ExitCode> {
    let node = setup::machine(place, TO_BUILD, install(options))?;
    ui::packages(&node, place, &place.ui())?;
    let mut tauri = tauri::command(&node, place)?;
    step("window", "starting; end it with Ctrl+C or by closing the window");
    run(tauri.arg("dev"))?;
    Ok(ExitCode::SUCCESS)
}
