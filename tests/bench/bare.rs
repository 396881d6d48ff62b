//! A program with clap and nothing else: what the command line's start is compared with.

use clap::Parser;

/// Nothing.
#[derive(Parser)]
#[command(version)]
struct Bare {}

fn main() {
    Bare::parse();
}
