//! Where things are: the checkout, its target directory, the tools kept inside that.

use std::env;
use std::path::{Path, PathBuf};

use crate::Result;

/// The checkout that the commands work on.
pub struct Place {
    /// The folder with the workspace's Cargo.toml.
    pub root: PathBuf,
    /// Cargo's target directory.
    pub target: PathBuf,
}

impl Place {
    /// Finds the checkout this was built from.
    pub fn find() -> Result<Self> {
        // Cargo sets it when it runs a package's program; it names the folder of xtask.
        let folder = env::var_os("CARGO_MANIFEST_DIR").ok_or("run this as `cargo xtask`")?;
        let root = Path::new(&folder).parent().ok_or("xtask has no folder above it")?.to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Where the window's pages live.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Where the tests of the real window live.
    pub fn window_tests(&self) -> PathBuf {
        self.root.join("tests").join("window")
    }

    /// Where tools are put that the machine lacks. Everything in it can be deleted.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// A built program of the workspace.
    pub fn program(&self, name: &str, release: bool) -> PathBuf {
        let profile = if release { "release" } else { "debug" };
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// `path` as seen from the checkout, for messages.
    pub fn short<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
