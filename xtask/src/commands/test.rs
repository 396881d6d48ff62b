//! `cargo xtask test`: everything, the real window included.

use std::process::ExitCode;

use super::{NO_INSTALL, install};
use crate::Result;
use crate::args::{Command, Options};
use crate::place::Place;
use crate::suites::{self, Ground};
use crate::system::{TO_BUILD, TO_CHECK_WINDOWS, TO_TEST};

pub const COMMAND: Command = Command {
    name: "test",
    summary: "Everything, the real window included",
    about: "Runs every suite, also after one failed, and closes with one line each. Nothing is shown on your\n\
            screen and nothing touches your keychain: window and keychain are started apart, for the test.",
    switches: &[NO_INSTALL],
    words: suites::NAMES,
    run: test,
};

fn test(place: &Place, options: &Options) -> Result<ExitCode> {
    let wanted: Vec<_> = suites::ALL
        .iter()
        .filter(|suite| options.words.is_empty() || options.words.iter().any(|word| word == suite.name))
        .collect();
    let mut packages = [TO_BUILD, TO_TEST].concat();
    if suites::windows_target_is_there(place) {
        packages.extend(TO_CHECK_WINDOWS);
    }
    let ground = Ground::prepare(place, &packages, install(options))?;
    Ok(suites::run(&wanted, &ground))
}
