//! The window's pages: their packages and their build, both left out while nothing changed.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::Result;
use crate::node::Node;
use crate::place::Place;
use crate::process::{run, run_quietly, step};

/// Folders in ui/ that are made, not written.
const MADE: &[&str] = &["node_modules", "dist", "paraglide", ".svelte-kit"];

/// Installs the packages of `folder` as its package-lock.json says, unless that was done already.
pub fn packages(node: &Node, place: &Place, folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let changed = time(&lock).ok_or_else(|| format!("{} is missing: npm ci needs it", place.short(&lock)))?;
    let name = format!("npm ci {}", place.short(folder));
    // npm's own note of what it installed, written last.
    let installed = time(&folder.join("node_modules").join(".package-lock.json"));
    if installed.is_some_and(|installed| installed >= changed) {
        step(&name, "unchanged");
        return Ok(());
    }
    step(&name, "installing what package-lock.json names");
    run_quietly(node.npm(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
}

/// Builds ui/dist, unless it is there and nothing in ui/ changed since.
pub fn build(node: &Node, place: &Place) -> Result<()> {
    let ui = place.ui();
    packages(node, place, &ui)?;
    let files = files(&ui, MADE)?;
    let mut hasher = DefaultHasher::new();
    for file in &files {
        let bytes = fs::read(file).map_err(|error| format!("{} can't be read: {error}", file.display()))?;
        (file, bytes).hash(&mut hasher);
    }
    let state = hasher.finish().to_string();
    // Not in ui/dist: what lies there ends up inside the program.
    let stamp = place.tools().join("ui-dist.stamp");
    if is_built(place) && is_stamped(&stamp, &state) {
        step("pages", "unchanged");
        return Ok(());
    }
    step("pages", "building ui/dist");
    run(node.npm(&ui).args(["run", "--silent", "build"]))?;
    write_stamp(&stamp, &state)
}

/// Whether there is a ui/dist, of whatever age.
pub fn is_built(place: &Place) -> bool {
    place.ui().join("dist").join("index.html").is_file()
}

/// All files under `folder`, sorted; folders called as in `except` are left out.
pub fn files(folder: &Path, except: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{} can't be read: {error}", folder.display()))?;
        for entry in entries {
            let entry = entry.map_err(|error| format!("{} can't be read: {error}", folder.display()))?;
            let kind = entry.file_type().map_err(|error| format!("{}: {error}", entry.path().display()))?;
            let name = entry.file_name();
            if kind.is_dir() && !except.iter().any(|except| name == *except) {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn time(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|about| about.modified()).ok()
}

fn is_stamped(stamp: &Path, state: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|found| found == state)
}

fn write_stamp(stamp: &Path, state: &str) -> Result<()> {
    let written = stamp.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(stamp, state));
    written.map_err(|error| format!("{} can't be written: {error}", stamp.display()))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn made_folders_are_left_out_and_the_order_is_fixed() {
        let folder = std::env::temp_dir().join(format!("gatehouse-xtask-{}", std::process::id()));
        for name in ["src/b.ts", "src/a.ts", "node_modules/x/index.js", "dist/index.html", "package.json"] {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().expect("it has one")).expect("a folder can be made");
            fs::write(file, name).expect("a file can be written");
        }
        let found = files(&folder, MADE).expect("the folder can be read");
        let names: Vec<_> = found.iter().filter_map(|file| file.strip_prefix(&folder).ok()).collect();
        assert_eq!(names, [Path::new("package.json"), Path::new("src/a.ts"), Path::new("src/b.ts")]);

        let stamp = folder.join("new/stamp");
        assert!(!is_stamped(&stamp, "1"));
        write_stamp(&stamp, "1").expect("the stamp can be written");
        assert!(is_stamped(&stamp, "1") && !is_stamped(&stamp, "2"));
        fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}
