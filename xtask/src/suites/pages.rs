//! The suites of the window's pages.

use super::{End, Ground};
use crate::Result;
use crate::process::run;
use crate::ui;

/// Builds ui/dist.
pub fn build(ground: &Ground) -> Result<End> {
    ui::build(&ground.node, ground.place)?;
    Ok(End::Ok)
}

/// Checks types.
pub fn types(ground: &Ground) -> Result<End> {
    script(ground, "check")
}

/// Runs eslint.
pub fn lints(ground: &Ground) -> Result<End> {
    script(ground, "lint")
}

/// Runs the unit tests.
pub fn units(ground: &Ground) -> Result<End> {
    script(ground, "test")
}

fn script(ground: &Ground, name: &str) -> Result<End> {
    let ui = ground.place.ui();
    ui::packages(&ground.node, ground.place, &ui)?;
    run(ground.node.npm(&ui).args(["run", "--silent", name]))?;
    Ok(End::Ok)
}
