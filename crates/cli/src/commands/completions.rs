//! Completions for shells, and the manual.

use crate::{Cli, Exit, Outcome, failure::Failure, out::Out};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::path::PathBuf;

/// `completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

/// `man`
#[derive(Debug, Args)]
pub struct Man {
    /// Write a page for each command into this folder [default: the first page, on standard output]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Completions {
    pub fn run(self) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "gatehouse-cli", &mut script);
        Out::print(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Ok)
    }
}

impl Man {
    pub fn run(self) -> Outcome {
        let failed = |e: std::io::Error| Failure::usage(format!("The manual can't be written: {e}."));
        if let Some(dir) = self.dir {
            std::fs::create_dir_all(&dir).map_err(failed)?;
            clap_mangen::generate_to(Cli::command(), &dir).map_err(failed)?;
            return Ok(Exit::Ok);
        }
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(failed)?;
        Out::print(&String::from_utf8_lossy(&page))?;
        Ok(Exit::Ok)
    }
}
