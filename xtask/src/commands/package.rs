//! `cargo xtask package`: what a person installs.

use std::fs;
use std::process::ExitCode;
use std::time::SystemTime;

use super::{NO_INSTALL, install};
use crate::Result;
use crate::args::{Command, Options};
use crate::place::Place;
use crate::process::{run, step};
use crate::system::TO_BUILD;
use crate::{carried, setup, tauri, ui};

pub const COMMAND: Command = Command {
    name: "package",
    summary: "Build the packages people install",
    about: "Builds for release and packs: .deb and .rpm on Linux, .app and .dmg on macOS, an NSIS installer on\n\
            Windows. Those for Linux carry gatehouse-cli, its manual and completions. Prints the files and their\n\
            sizes. Nothing is signed.",
    switches: &[NO_INSTALL],
    words: &[],
    run: start,
};

/// What is made on this system. `AppImage` and MSI are left out: their tools come from elsewhere.
const BUNDLES: &str = if cfg!(target_os = "macos") {
    "app,dmg"
} else if cfg!(windows) {
    "nsis"
} else {
    "deb,rpm"
};

fn start(place: &Place, options: &Options) -> Result<ExitCode> {
    let node = setup::machine(place, TO_BUILD, install(options))?;
    ui::build(&node, place)?;
    let mut tauri = tauri::command(&node, place)?;
    tauri.args(["build", "--bundles", BUNDLES]);
    if cfg!(target_os = "linux") {
        tauri.arg("--config").arg(carried::build(place)?);
    }
    step("packages", &format!("building {BUNDLES}"));
    let started = SystemTime::now();
    run(&mut tauri)?;

    let made = place.target.join("release").join("bundle");
    let endings = ["deb", "rpm", "dmg", "exe"];
    let mut count = 0;
    for file in ui::files(&made, &[])? {
        let Ok(about) = fs::metadata(&file) else { continue };
        let fresh = about.modified().is_ok_and(|time| time >= started);
        if fresh && file.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
            println!("{:>8.1} MB  {}", size_in_mb(about.len()), place.short(&file));
            count += 1;
        }
    }
    if count == 0 {
        return Err(format!("the bundler succeeded but left no package in {}", place.short(&made)));
    }
    Ok(ExitCode::SUCCESS)
}

fn size_in_mb(bytes: u64) -> f64 {
    // Exact enough: a package is far below 2^53 bytes.
    #[allow(clippy::cast_precision_loss, reason = "shown with one digit")]
    let bytes = bytes as f64;
    bytes / 1_000_000.0
}
