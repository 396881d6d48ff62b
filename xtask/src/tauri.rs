//! The Tauri command, which only `dev`, `package` and `icons` need.

use std::fs;
use std::process::Command;

use crate::Result;
use crate::node::Node;
use crate::place::Place;
use crate::process::{run_quietly, step};

/// The version that goes with the program's Tauri.
const PACKAGE: &str = "@tauri-apps/cli@2.12.5";

/// The Tauri command at the checkout's root, taken into target/tools if it is not there.
pub fn command(node: &Node, place: &Place) -> Result<Command> {
    // One folder for each version: another version is another folder, never a stale one.
    let home = place.tools().join(PACKAGE.replace(['@', '/'], "-").trim_start_matches('-'));
    let script = home.join("node_modules").join("@tauri-apps").join("cli").join("tauri.js");
    if !script.is_file() {
        step("Tauri command", &format!("taking {PACKAGE} into {}", place.short(&home)));
        fs::create_dir_all(&home).map_err(|error| format!("{} can't be made: {error}", home.display()))?;
        run_quietly(
            node.npm(&home)
                .args(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
                .arg(&home)
                .arg(PACKAGE),
        )?;
    }
    let mut tauri = node.command("node", &place.root);
    tauri.arg(script);
    Ok(tauri)
}
