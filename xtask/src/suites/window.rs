//! The suite of the real window: the built program on a screen of its own, with a session bus and
//! a keychain of its own, driven through `WebDriver`.

use std::io::IsTerminal as _;

use super::{End, Ground, rust};
use crate::Result;
use crate::process::{cargo, run, step};
use crate::ui;

/// The version of tauri-driver that goes with the program's Tauri.
const DRIVER: &str = "2.1.0";

/// Many times what the suite takes on a busy machine.
const LIMIT: &str = "20m";

/// Runs tests/window.
pub fn test(ground: &Ground) -> Result<End> {
    if !cfg!(target_os = "linux") {
        return Ok(End::Skipped("the window is driven on Linux only".to_owned()));
    }
    script(ground, "test")?;
    Ok(End::Ok)
}

/// Runs a script of tests/window with all that it needs around it.
pub fn script(ground: &Ground, name: &str) -> Result<()> {
    let place = ground.place;
    rust::build(ground)?;
    let driver = driver(ground)?;
    let folder = place.window_tests();
    ui::packages(&ground.node, place, &folder)?;
    let mut words =
        vec!["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", "dbus-run-session", "--", "npm", "run", name];
    // Where nobody can press Ctrl+C, a driver that hangs must not hang everything.
    if !std::io::stdin().is_terminal() {
        words.splice(0..0, ["timeout", "--kill-after=10s", LIMIT]);
    }
    run(ground
        .node
        .command(words[0], &folder)
        .args(&words[1..])
        .env("GATEHOUSE_BINARY", place.program("gatehouse", false))
        .env("GATEHOUSE_CLI", place.program("gatehouse-cli", false))
        .env("GATEHOUSE_SANDBOX", place.program("planradar-sandbox", false))
        .env("TAURI_DRIVER", driver))
}

/// tauri-driver in target/tools, installed if need be.
fn driver(ground: &Ground) -> Result<std::path::PathBuf> {
    let tools = ground.place.tools();
    let driver = tools.join("bin").join("tauri-driver");
    let installed = std::fs::read_to_string(tools.join(".crates.toml")).unwrap_or_default();
    if driver.is_file() && installed.contains(&format!("\"tauri-driver {DRIVER} ")) {
        return Ok(driver);
    }
    step("tauri-driver", &format!("installing {DRIVER} into {}", ground.place.short(&tools)));
    run(cargo(ground.place)
        .args(["install", "tauri-driver", "--locked", "--quiet", "--version", DRIVER, "--root"])
        .arg(&tools))?;
    Ok(driver)
}
