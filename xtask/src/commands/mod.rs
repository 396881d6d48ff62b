//! The commands, one file each.

mod bench;
mod check;
mod dev;
mod icons;
mod package;
mod pictures;
mod run;
mod test;

use crate::args::{Command, Options};
use crate::setup::Install;

/// All commands, in the order they are listed.
pub const ALL: &[Command] = &[
    run::COMMAND,
    dev::COMMAND,
    check::COMMAND,
    test::COMMAND,
    bench::COMMAND,
    package::COMMAND,
    icons::COMMAND,
    pictures::COMMAND,
];

/// The switch that declines installing.
const NO_INSTALL: (&str, &str) = ("--no-install", "Install no system packages; print the command instead");

fn install(options: &Options) -> Install {
    if options.has(NO_INSTALL.0) { Install::Declined } else { Install::Allowed }
}
