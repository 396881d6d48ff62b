//! The suite that compiles the program for Windows, on any system where that can be done.

use std::path::Path;
use std::process::Command;

use super::{End, Ground, pages};
use crate::Result;
use crate::place::Place;
use crate::process::{ask, cargo, command, run};

const TARGET: &str = "x86_64-pc-windows-gnu";

/// `cargo check` for Windows.
pub fn check(ground: &Ground) -> Result<End> {
    if !target_is_there(ground.place) {
        return Ok(End::Skipped(format!("Rust's target {TARGET} is not installed")));
    }
    if !cfg!(windows) && ask(Command::new("x86_64-w64-mingw32-gcc").arg("--version")).is_none() {
        return Ok(End::Skipped("the compiler x86_64-w64-mingw32-gcc is not installed".to_owned()));
    }
    pages::needed(ground)?;
    run(cargo(ground.place).args([
        "check",
        "--workspace",
        "--features",
        "custom-protocol",
        "--target",
        TARGET,
    ]))?;
    Ok(End::Ok)
}

/// Whether Rust's own libraries for that target are installed.
pub fn target_is_there(place: &Place) -> bool {
    ask(command("rustc", &place.root).args(["--print", "target-libdir", "--target", TARGET]))
        .is_some_and(|folder| Path::new(&folder).is_dir())
}
