//! `cargo xtask icons`: the icon's files from its drawing.

use std::fs;
use std::process::ExitCode;

use super::{NO_INSTALL, install};
use crate::Result;
use crate::args::{Command, Options};
use crate::place::Place;
use crate::process::{run, step};
use crate::{setup, tauri};

pub const COMMAND: Command = Command {
    name: "icons",
    summary: "Draw the icon's files anew from icons/icon.svg",
    about: "Makes the sizes and formats that the packages need from icons/icon.svg. They are committed; this is\n\
            only needed after a change of the drawing.",
    switches: &[NO_INSTALL],
    words: &[],
    run: draw,
};

/// What tauri.conf.json names; the command makes many more, for stores and phones.
pub const KEPT: &[&str] =
    &["32x32.png", "128x128.png", "128x128@2x.png", "icon.png", "icon.icns", "icon.ico"];

fn draw(place: &Place, options: &Options) -> Result<ExitCode> {
    let node = setup::machine(place, &[], install(options))?;
    let made = place.tools().join("icons");
    run(tauri::command(&node, place)?
        .arg("icon")
        .arg(place.root.join("icons").join("icon.svg"))
        .arg("--output")
        .arg(&made))?;
    for name in KEPT {
        let to = place.root.join("icons").join(name);
        fs::copy(made.join(name), &to)
            .map_err(|error| format!("{} can't be copied: {error}", place.short(&to)))?;
        step("icons", name);
    }
    Ok(ExitCode::SUCCESS)
}
