//! The suites of the window's pages.

use super::{End, Ground};
use crate::Result;
use crate::process::run;
use crate::ui;

/// Builds ui/dist.
pub fn build(ground: &Ground) -> Result<End> {
    ground.pages.set(true);
    ui::build(&ground.node, ground.place)?;
    Ok(End::Ok)
}

/// Makes sure that there is a ui/dist, which the program embeds. Where this run failed to build
/// it, that was reported, and an older one is good enough to go on with Rust.
pub fn needed(ground: &Ground) -> Result<()> {
    let built = if ground.pages.get() { Ok(End::Ok) } else { build(ground) };
    if ui::is_built(ground.place) {
        Ok(())
    } else {
        built.and(Err("there is no ui/dist to embed".to_owned()))
    }
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
