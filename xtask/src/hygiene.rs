//! The repository's own rules, as far as a program can see them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::place::Place;
use crate::process::{ask, cargo};
use crate::suites::{ALL, End, Ground};
use crate::text::test_targets;
use crate::ui;

/// A file that is longer is doing too much; said, not refused.
const LONG: usize = 400;

/// What everybody expects at the root.
const PAPERS: &[&str] = &["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// The only files that may speak to Tauri in the pages.
const DOORS: &[&str] = &["src/lib/bindings.ts", "src/lib/ipc.ts"];

/// The crates that know nothing of Tauri.
const WITHOUT_TAURI: &[&str] = &[
    "gatehouse-cli",
    "gatehouse-core",
    "gatehouse-store",
    "gatehouse-keychain",
    "planradar",
    "planradar-sandbox",
];

/// What must not get into the program that people install, as `cargo tree` writes it.
const FOR_TESTS: &[&str] = &["planradar-sandbox feature \"faults\"", "planradar feature \"simulated-clock\""];

/// Looks at all of them and tells everything it found.
pub fn check(ground: &Ground) -> Result<End> {
    let place = ground.place;
    warn_about_long_files(place)?;
    let mut faults = papers(&place.root);
    faults.extend(doors(&place.ui())?);
    faults.extend(floors(place));
    faults.extend(suites(place)?);
    if faults.is_empty() { Ok(End::Ok) } else { Err(faults.join("\n        ")) }
}

fn warn_about_long_files(place: &Place) -> Result<()> {
    let made = ["target", "node_modules", "dist", "gen", "permissions", "paraglide", ".git", "docs"];
    for file in ui::files(&place.root, &made)? {
        let written = file
            .extension()
            .is_some_and(|ending| ["rs", "ts", "svelte", "mjs", "css"].iter().any(|known| ending == *known));
        if written && !file.ends_with("bindings.ts") {
            let lines = fs::read_to_string(&file).map_or(0, |text| text.lines().count());
            if lines > LONG {
                eprintln!("warning: {} has {lines} lines", place.short(&file));
            }
        }
    }
    Ok(())
}

/// Papers that are missing or empty, and pictures the README names that aren't there.
fn papers(root: &Path) -> Vec<String> {
    let filled = |name: &str| fs::metadata(root.join(name)).is_ok_and(|about| about.len() > 0);
    let mut faults: Vec<_> = PAPERS
        .iter()
        .filter(|name| !filled(name))
        .map(|name| format!("{name} is missing or empty"))
        .collect();
    let readme = fs::read_to_string(root.join("README.md")).unwrap_or_default();
    faults.extend(
        linked(&readme)
            .filter(|name| !root.join(name).exists())
            .map(|name| format!("README.md names {name}, which is not there")),
    );
    faults
}

/// The files of the repository that a Markdown text links to or shows.
fn linked(markdown: &str) -> impl Iterator<Item = &str> {
    markdown
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#', ' ']).next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

/// Pages that import Tauri themselves instead of asking the one file that may.
fn doors(ui: &Path) -> Result<Vec<String>> {
    let source = ui.join("src");
    let allowed: Vec<PathBuf> = DOORS.iter().map(|door| ui.join(door)).collect();
    let mut faults = Vec::new();
    for file in ui::files(&source, &["paraglide"])? {
        let text = fs::read_to_string(&file).unwrap_or_default();
        if imports_tauri(&text) && !allowed.contains(&file) {
            faults.push(format!("{} imports @tauri-apps; only {} may", file.display(), DOORS.join(" and ")));
        }
    }
    Ok(faults)
}

fn imports_tauri(text: &str) -> bool {
    text.lines().any(|line| {
        ["from", "import"].iter().any(|word| line.contains(word))
            && (line.contains("\"@tauri-apps/") || line.contains("'@tauri-apps/"))
    })
}

/// Crates that reach for what is above them, and what is for tests but built into the app.
fn floors(place: &Place) -> Vec<String> {
    let tree = |package: &str, more: &[&str]| {
        ask(cargo(place).args(["tree", "--locked", "--prefix", "none", "--package", package]).args(more))
            .ok_or_else(|| format!("`cargo tree --package {package}` failed: is Cargo.lock up to date?"))
    };
    let mut faults = Vec::new();
    for package in WITHOUT_TAURI {
        match tree(package, &["--edges", "normal"]) {
            Ok(tree) if tree.lines().any(|line| line.starts_with("tauri v")) => {
                faults.push(format!("{package} depends on Tauri"));
            }
            Ok(_) => {}
            Err(error) => faults.push(error),
        }
    }
    match tree("gatehouse", &["--edges", "normal,features", "--features", "custom-protocol"]) {
        Ok(tree) => faults.extend(
            FOR_TESTS
                .iter()
                .filter(|feature| tree.contains(**feature))
                .map(|feature| format!("the app is built with {feature}, which is for tests")),
        ),
        Err(error) => faults.push(error),
    }
    faults
}

/// Tests of the whole system that no suite runs.
fn suites(place: &Place) -> Result<Vec<String>> {
    let file = place.root.join("tests").join("Cargo.toml");
    let manifest = fs::read_to_string(&file)
        .map_err(|error| format!("{} can't be read: {error}", place.short(&file)))?;
    let unknown = |name: &String| ALL.iter().all(|suite| suite.name != name);
    Ok(test_targets(&manifest)
        .into_iter()
        .filter(unknown)
        .map(|name| format!("no suite runs the test `{name}`"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_repository_are_found() {
        let text = "![shot](docs/images/a.png) [x](https://x.example/y) [c](CONTRIBUTING.md#tests) [h](#here) ([l](LICENSE-MIT))";
        assert_eq!(linked(text).collect::<Vec<_>>(), ["docs/images/a.png", "CONTRIBUTING.md", "LICENSE-MIT"]);
    }

    #[test]
    fn only_imports_of_tauri_count() {
        assert!(imports_tauri("import { invoke } from \"@tauri-apps/api/core\";"));
        assert!(imports_tauri("const core = await import('@tauri-apps/api/core');"));
        assert!(!imports_tauri("// \"@tauri-apps/api\" is for ipc.ts alone"));
        assert!(!imports_tauri("import { list } from \"$lib/ipc\";"));
    }
}
