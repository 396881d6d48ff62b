//! The suites of Rust.
//!
//! All of them ask cargo for the same packages with the same features, and the build includes the
//! tests: cargo unites features over what it is asked for, and another choice would build much twice.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{End, Ground, pages};
use crate::Result;
use crate::place::Place;
use crate::process::{ask, cargo, command, run};
use crate::text::test_targets;
use crate::ui;

/// `cargo fmt`.
pub fn format(ground: &Ground) -> Result<End> {
    run(cargo(ground.place).args(["fmt", "--all", "--check"]))?;
    Ok(End::Ok)
}

/// Clippy; warnings are errors.
pub fn lints(ground: &Ground) -> Result<End> {
    run(everything(ground, "clippy")?.args(["--all-targets", "--", "-D", "warnings"]))?;
    Ok(End::Ok)
}

/// Builds every program and every test.
pub fn build(ground: &Ground) -> Result<End> {
    run(everything(ground, "build")?.arg("--all-targets"))?;
    Ok(End::Ok)
}

/// The unit tests. Those of the app also write the bindings.
pub fn units(ground: &Ground) -> Result<End> {
    ground.exported.set(true);
    run(test(ground)?.args(["--lib", "--bins"]))?;
    Ok(End::Ok)
}

/// The examples in the documentation.
pub fn docs(ground: &Ground) -> Result<End> {
    run(test(ground)?.arg("--doc"))?;
    Ok(End::Ok)
}

/// The integration tests of the crates.
pub fn crates(ground: &Ground) -> Result<End> {
    let mut names = Vec::new();
    for manifest in ui::files(&ground.place.root.join("crates"), &["src"])? {
        if manifest.file_name().is_some_and(|name| name == "Cargo.toml") {
            names.extend(integration_tests(&manifest.with_file_name("tests")));
        }
    }
    names.sort();
    names.dedup();
    run(test(ground)?.args(names.iter().flat_map(|name| ["--test", name])))?;
    Ok(End::Ok)
}

/// One test of the whole system.
pub fn system(ground: &Ground, name: &str) -> Result<End> {
    // Cargo runs every test of that name in the workspace. One of another crate alone proves nothing.
    let manifest = ground.place.root.join("tests").join("Cargo.toml");
    let targets = test_targets(&fs::read_to_string(&manifest).unwrap_or_default());
    if !targets.iter().any(|target| target == name) {
        return Err(format!("{} has no test called `{name}`", ground.place.short(&manifest)));
    }
    run(test(ground)?.args(["--test", name]))?;
    Ok(End::Ok)
}

/// Whether the committed bindings are what the commands export.
pub fn drift(ground: &Ground) -> Result<End> {
    if !ground.exported.get() {
        units(ground)?;
    }
    let file = bindings(ground.place);
    let now =
        fs::read(&file).map_err(|error| format!("{} can't be read: {error}", ground.place.short(&file)))?;
    if ground.bindings.as_deref() == Some(now.as_slice()) {
        return Ok(End::Ok);
    }
    Err(format!("{} was not what the commands export. It is now: commit it.", ground.place.short(&file)))
}

/// Where the commands' types are exported to.
pub fn bindings(place: &Place) -> PathBuf {
    place.ui().join("src").join("lib").join("bindings.ts")
}

/// What deny.toml asks for, where cargo-deny is there.
pub fn licences(ground: &Ground) -> Result<End> {
    if ask(command("cargo-deny", &ground.place.root).arg("--version")).is_none() {
        return Ok(End::Skipped(
            "cargo-deny is not installed (`cargo install cargo-deny --locked`)".to_owned(),
        ));
    }
    run(cargo(ground.place).args(["deny", "check", "bans", "licenses", "sources"]))?;
    Ok(End::Ok)
}

fn test(ground: &Ground) -> Result<Command> {
    let mut test = everything(ground, "test")?;
    test.arg("--no-fail-fast");
    Ok(test)
}

fn everything(ground: &Ground, verb: &str) -> Result<Command> {
    pages::needed(ground)?;
    let mut cargo = cargo(ground.place);
    cargo.args([verb, "--workspace", "--features", "custom-protocol"]);
    Ok(cargo)
}

/// The names of the tests in a crate's folder tests/: files, and folders with a main.rs.
fn integration_tests(folder: &std::path::Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension().is_some_and(|ending| ending == "rs") || path.join("main.rs").is_file()
        })
        .filter_map(|path| path.file_stem().map(|name| name.to_string_lossy().into_owned()))
        .collect()
}
