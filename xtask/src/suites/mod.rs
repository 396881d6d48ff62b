//! The suites that `check` and `test` are made of, and how they are run and reported.

mod pages;
mod rust;
mod window;
mod windows;

use std::cell::Cell;
use std::fmt;
use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::Result;
use crate::hygiene;
use crate::node::Node;
use crate::place::Place;
use crate::setup::{self, Install};

pub use window::script as window_script;
pub use windows::target_is_there as windows_target_is_there;

/// What the suites stand on.
pub struct Ground<'a> {
    /// The checkout.
    pub place: &'a Place,
    /// Node and npm.
    pub node: Node,
    /// ui/src/lib/bindings.ts as it was before anything ran.
    pub bindings: Option<Vec<u8>>,
    /// Whether building the pages was tried.
    pub pages: Cell<bool>,
    /// Whether the Rust unit tests, which write the bindings, have run.
    pub exported: Cell<bool>,
}

impl<'a> Ground<'a> {
    /// Sees to the system's packages and Node.
    pub fn prepare(place: &'a Place, packages: &[&str], install: Install) -> Result<Self> {
        let node = setup::machine(place, packages, install)?;
        let bindings = fs::read(rust::bindings(place)).ok();
        Ok(Self { place, node, bindings, pages: Cell::new(false), exported: Cell::new(false) })
    }
}

/// How a suite ended when it did not fail.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// Everything it looks at is as it should be.
    Ok,
    /// It could not run here, and why.
    Skipped(String),
}

/// One suite.
pub struct Suite {
    /// What the report and the command line call it.
    pub name: &'static str,
    /// Whether it belongs to `check`.
    pub quick: bool,
    /// Runs it. Its output goes to the terminal as it comes.
    pub run: fn(&Ground) -> Result<End>,
}

const fn suite(name: &'static str, quick: bool, run: fn(&Ground) -> Result<End>) -> Suite {
    Suite { name, quick, run }
}

/// All suites, in the order they run: pages first, since the program embeds them.
pub const ALL: &[Suite] = &[
    suite("pages", true, pages::build),
    suite("ui-types", true, pages::types),
    suite("ui-lints", true, pages::lints),
    suite("ui-units", true, pages::units),
    suite("format", true, rust::format),
    suite("lints", true, rust::lints),
    suite("repository", true, hygiene::check),
    suite("build", false, rust::build),
    suite("rust-units", true, rust::units),
    suite("bindings", false, rust::drift),
    suite("rust-docs", false, rust::docs),
    suite("crates", false, rust::crates),
    suite("limit", false, |ground| rust::system(ground, "limit")),
    suite("faults", false, |ground| rust::system(ground, "faults")),
    suite("secrets", false, |ground| rust::system(ground, "secrets")),
    suite("window", false, window::test),
    suite("windows-build", false, windows::check),
    suite("licences", false, rust::licences),
];

/// The names of [`ALL`], for the command line.
pub const NAMES: &[(&str, &str)] = &[
    ("pages", "ui/dist can be built"),
    ("ui-types", "Types of the pages"),
    ("ui-lints", "eslint"),
    ("ui-units", "Unit tests of the pages"),
    ("format", "cargo fmt"),
    ("lints", "clippy, warnings are errors"),
    ("repository", "The repository's own rules: doors between the floors, papers, licences"),
    ("build", "Everything builds"),
    ("rust-units", "Unit tests of Rust"),
    ("bindings", "ui/src/lib/bindings.ts is what the commands export"),
    ("rust-docs", "Examples in the documentation"),
    ("crates", "Each crate from outside, over real HTTP, files and a real keychain"),
    ("limit", "The request limit against a server that counts arrivals"),
    ("faults", "Lost answers and sudden ends"),
    ("secrets", "No secret where none belongs"),
    ("window", "The real window, driven from outside"),
    ("windows-build", "The program compiles for Windows"),
    ("licences", "cargo-deny: licences, bans, sources"),
];

/// A suite's end, its failure included, with the time it took.
struct Row {
    name: &'static str,
    end: Result<End>,
    took: Duration,
}

/// Runs `suites` one after the other, also after one failed, and reports.
pub fn run(suites: &[&Suite], ground: &Ground) -> ExitCode {
    let mut rows = Vec::new();
    for suite in suites {
        eprintln!("\n== {} ==", suite.name);
        let started = Instant::now();
        let end = (suite.run)(ground);
        match &end {
            Ok(End::Ok) => {}
            Ok(End::Skipped(reason)) => eprintln!("skipped: {reason}"),
            Err(message) => eprintln!("FAILED: {message}"),
        }
        rows.push(Row { name: suite.name, end, took: started.elapsed() });
    }
    let report = Report(rows);
    print!("\n{report}");
    if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Report(Vec<Row>);

impl Report {
    fn failed(&self) -> usize {
        self.0.iter().filter(|row| row.end.is_err()).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Row { name, end, took } in &self.0 {
            let (word, reason) = match end {
                Ok(End::Ok) => ("ok", ""),
                Ok(End::Skipped(reason)) => ("skipped", reason.as_str()),
                Err(message) => ("FAILED", message.as_str()),
            };
            let line = format!("{word:<8} {name:<14} {:>6.1} s  {}", took.as_secs_f64(), first_line(reason));
            writeln!(f, "{}", line.trim_end())?;
        }
        let skipped = self.0.iter().filter(|row| matches!(row.end, Ok(End::Skipped(_)))).count();
        let failed = self.failed();
        writeln!(f, "\n{} passed, {failed} failed, {skipped} skipped", self.0.len() - failed - skipped)
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_can_be_named() {
        let names: Vec<_> = ALL.iter().map(|suite| suite.name).collect();
        let listed: Vec<_> = NAMES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, listed);
    }

    #[test]
    fn the_report_has_a_line_for_each_suite_and_closes_with_the_count() {
        let row = |name, end| Row { name, end, took: Duration::from_millis(1250) };
        let report = Report(vec![
            row("format", Ok(End::Ok)),
            row("limit", Err("`cargo test` failed\nmore".to_owned())),
            row("window", Ok(End::Skipped("only on Linux".to_owned()))),
        ]);
        let text = report.to_string();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "ok       format            1.2 s",
                "FAILED   limit             1.2 s  `cargo test` failed",
                "skipped  window            1.2 s  only on Linux",
                "",
                "1 passed, 1 failed, 1 skipped"
            ]
        );
        assert_eq!(report.failed(), 1);
    }
}
