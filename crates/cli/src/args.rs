//! The arguments: what holds for all commands, and the areas. Each area's own are beside its commands.

use crate::{commands, exit::Exit};
use clap::{Args, Parser, Subcommand};
use std::fmt::Write as _;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "gatehouse-cli",
    version,
    about = "Looks after everything that lets other software into a PlanRadar account",
    after_long_help = exits(),
    disable_help_subcommand = true,
)]
pub struct Cli {
    /// For all commands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// For all commands.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// The account, by its name here, its Account ID or its id [default: the one that is in use]
    #[arg(long, global = true, value_name = "ACCOUNT", help_heading = "For all commands")]
    pub account: Option<String>,
    /// Answer with one JSON document (see `gatehouse-cli schema`)
    #[arg(long, global = true, help_heading = "For all commands")]
    pub json: bool,
    /// Say nothing beside the answer and errors
    #[arg(long, short, global = true, help_heading = "For all commands")]
    pub quiet: bool,
}

/// For commands that change something.
#[derive(Clone, Copy, Debug, Args)]
pub struct Write {
    /// Tell what would be done, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// For commands that take something away: they ask first.
#[derive(Clone, Copy, Debug, Args)]
pub struct Destroy {
    /// Don't ask; without a terminal, what takes something away is refused otherwise
    #[arg(long, short)]
    pub yes: bool,
    /// Tell what would be done, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// For lists.
#[derive(Clone, Copy, Debug, Args)]
pub struct Read {
    /// What is known on this computer, without a request
    #[arg(long)]
    pub cached: bool,
}

/// The areas.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// PlanRadar accounts on this computer
    #[command(subcommand)]
    Account(commands::account::Account),
    /// Personal access tokens
    #[command(subcommand)]
    Tokens(commands::tokens::Tokens),
    /// Webhooks, one by one and from a file
    #[command(subcommand)]
    Webhooks(commands::webhooks::Webhooks),
    /// Users, their 'API Access' and their tokens
    #[command(subcommand)]
    Users(commands::users::Users),
    /// PlanRadar Connect
    #[command(subcommand)]
    Connect(commands::connect::Connect),
    /// The audit log of this computer
    #[command(subcommand)]
    Audit(commands::audit::Audit),
    /// The request limit
    #[command(subcommand)]
    Limit(commands::limit::Limit),
    /// What the server was found to offer
    Capabilities(commands::capabilities::Capabilities),
    /// Start a local PlanRadar with invented data, until Ctrl-C
    Sandbox(commands::sandbox::Sandbox),
    /// The JSON Schema of what a command answers with --json
    Schema(commands::schema::Schema),
    /// Completions for a shell
    Completions(commands::completions::Completions),
    /// The manual
    Man(commands::completions::Man),
}

fn exits() -> String {
    let mut text = "Exit codes:".to_owned();
    for exit in Exit::ALL {
        let _ = write!(text, "\n  {:>2}  {}", exit as u8, exit.meaning());
    }
    text
}
