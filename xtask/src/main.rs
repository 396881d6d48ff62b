//! The project's own commands: `cargo xtask run | dev | check | test | bench | package | icons | pictures`.
//!
//! Needs nothing but cargo: no dependencies, so that it is there within seconds on a bare machine.

mod args;
mod carried;
mod commands;
mod hygiene;
mod node;
mod place;
mod process;
mod setup;
mod suites;
mod system;
mod tauri;
mod text;
mod ui;

use std::process::ExitCode;

use args::Outcome;
use place::Place;

/// What went wrong, in words for the person at the terminal.
pub type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let (command, options) = match args::parse(commands::ALL, &given) {
        Outcome::Run(command, options) => (command, options),
        Outcome::Show(text) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Outcome::Refuse(text) => {
            eprint!("{text}");
            return ExitCode::from(2);
        }
    };
    match Place::find().and_then(|place| (command.run)(&place, &options)) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("\ncargo xtask {}: {message}", command.name);
            ExitCode::FAILURE
        }
    }
}
