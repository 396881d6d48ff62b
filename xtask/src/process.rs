//! Starts other programs and says in one line which step is under way.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;
use crate::place::Place;

/// Says which step this is and what it does, on a line of its own.
pub fn step(name: &str, text: &str) {
    eprintln!("{name:<16} {text}");
}

/// A program, started in `folder`.
pub fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    // What cargo told about the package xtask. Build scripts that watch these would run anew at
    // each change between `cargo xtask` and plain `cargo`.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// The cargo that started this, at the checkout's root.
pub fn cargo(place: &Place) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), &place.root)
}

/// The command as it would be typed.
pub fn typed(command: &Command) -> String {
    // Where the program lies says nothing to whoever wants to type it.
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            if word.is_empty() || word.contains([' ', '*']) { format!("'{word}'") } else { word.into_owned() }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs `command` with this program's input and output; an error when it does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| format!("`{}` did not start: {error}", typed(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", typed(command))) }
}

/// As [`run`], without what it writes to standard output: for programs that talk much and say
/// what went wrong on standard error.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    run(command.stdout(Stdio::null()))
}

/// Runs `command` unseen: what it wrote to standard output if it succeeded, else nothing.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What `command` wrote to standard output, whether or not it succeeded.
pub fn answer(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("`{}` did not start: {error}", typed(command)))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let mut command = Command::new("/usr/bin/xvfb-run");
        command.args(["-s", "-screen 0 1280x800x24", "npm", "--test", "*", ""]);
        assert_eq!(typed(&command), "xvfb-run -s '-screen 0 1280x800x24' npm --test '*' ''");
    }

    #[test]
    fn a_failure_names_the_command() {
        let mut command = Command::new("no-such-program-anywhere");
        command.arg("now");
        let error = run(&mut command).expect_err("there is no such program");
        assert!(error.starts_with("`no-such-program-anywhere now` did not start"), "{error}");
    }
}
