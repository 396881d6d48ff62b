//! Where answers and words go. Standard output: the answer alone, as tables for people, tab-separated when piped, or one
//! JSON document. Standard error: everything that is said.

mod text;

pub use text::{Cell, Table, Text, local, tame};

use crate::{args::Global, failure::Failure, json::ErrorDocument};
use secrecy::zeroize::Zeroize;
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// The way to the person, or to the script.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // Three switches of the command line's, and what standard output is.
pub struct Out {
    json: bool,
    quiet: bool,
    terminal: bool,
}

impl Out {
    pub fn new(global: &Global) -> Self {
        Self { json: global.json, quiet: global.quiet, terminal: std::io::stdout().is_terminal() }
    }

    /// For errors before the arguments are known.
    pub fn json() -> Self {
        Self { json: true, quiet: false, terminal: false }
    }

    /// Whether somebody can be asked.
    pub fn person_is_there() -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Whether the answer is one JSON document.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// The answer: the document, or what `people` makes of it.
    pub fn answer(self, document: &impl Serialize, people: impl FnOnce(&mut Text)) -> Result<(), Failure> {
        let mut text = if self.json {
            let mut text = serde_json::to_string_pretty(document).map_err(|e| unwritten(&e))?;
            text.push('\n');
            text
        } else {
            let mut text = Text::default();
            people(&mut text);
            text.render(self.terminal, width())
        };
        // The document may hold a value that was asked for.
        let printed = Self::print(&text);
        text.zeroize();
        printed
    }

    /// Text as it is, for files and values that a script takes whole.
    pub fn print(text: &str) -> Result<(), Failure> {
        let mut stdout = anstream::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Ok(()) => Ok(()),
            Err(error) => Err(unwritten(&error)),
        }
    }

    /// A value that was asked for, and nothing else.
    pub fn secret_line(value: &str) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        let written = stdout.write_all(value.as_bytes()).and_then(|()| stdout.write_all(b"\n"));
        written.and_then(|()| stdout.flush()).map_err(|e| unwritten(&e))
    }

    /// Progress, and what was done. Not with `--quiet`.
    pub fn say(self, words: &str) {
        if !self.quiet {
            Self::warn(words);
        }
    }

    /// What must be known.
    pub fn warn(words: &str) {
        // Without a standard error nobody hears it.
        writeln!(anstream::stderr(), "{}", tame(words, true)).ok();
    }

    /// Why a command failed.
    pub fn failed(self, failure: &Failure) {
        if self.json {
            let document = ErrorDocument::from(failure);
            if let Ok(text) = serde_json::to_string_pretty(&document) {
                // A closed pipe: the exit code still tells.
                Self::print(&format!("{text}\n")).ok();
            }
        }
        Self::warn(&format!("gatehouse-cli: {}", failure.message));
        for more in &*failure.more {
            Self::warn(&format!("  {more}"));
        }
        if let Some(at) = &failure.retry_at {
            Self::warn(&format!("  Try again after {}.", text::local(at)));
        }
    }
}

fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX)
}

fn unwritten(error: &impl std::fmt::Display) -> Failure {
    Failure::new("output", crate::Exit::Fault, format!("The answer can't be written: {error}."))
}
