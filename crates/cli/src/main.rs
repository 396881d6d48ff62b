//! The program `gatehouse-cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    gatehouse_cli::run(std::env::args_os())
}
