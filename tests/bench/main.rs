//! Measures what the documents claim: `cargo xtask bench`. Ratios of one run only: absolute times differ from machine to
//! machine and from hour to hour.

mod inventory;
mod start;

use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("there is no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(inventory::measure()).and_then(|()| start::measure()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}
