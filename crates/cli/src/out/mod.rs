//! Where answers and words go. Standard output: the answer alone, as tables for people, tab-separated when piped, or one
//! JSON document. Standard error: everything that is said.

mod text;

pub use text::{Cell, Table, Text, local, tame};

use crate::{args::Global, failure::Failure, json::ErrorDocument};
use secrecy::zeroize::Zeroize;
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};

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

    /// The answer: the document, or what `people` makes of it. A reader that has seen enough is no failure.
    pub fn answer(self, document: &impl Serialize, people: impl FnOnce(&mut Text)) -> Result<(), Failure> {
        enough(self.answer_whole(document, people))
    }

    /// The same for what must not be lost: a reader that is gone is a failure.
    pub fn answer_whole(
        self,
        document: &impl Serialize,
        people: impl FnOnce(&mut Text),
    ) -> Result<(), Failure> {
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
        let printed = write(&mut anstream::stdout().lock(), &text);
        text.zeroize();
        printed
    }

    /// Text as it is, for files. A reader that has seen enough is no failure.
    pub fn print(text: &str) -> Result<(), Failure> {
        enough(write(&mut std::io::stdout().lock(), text))
    }

    /// A value that was asked for, and nothing else.
    pub fn secret_line(value: &str) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        write(&mut stdout, value).and_then(|()| write(&mut stdout, "\n"))
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

/// What a reader that is gone comes to.
const CLOSED: &str = "output_closed";

fn write(to: &mut impl Write, text: &str) -> Result<(), Failure> {
    to.write_all(text.as_bytes()).and_then(|()| to.flush()).map_err(|error| {
        let failure = unwritten(&error);
        if error.kind() == ErrorKind::BrokenPipe {
            Failure { code: CLOSED.into(), ..failure }
        } else {
            failure
        }
    })
}

fn enough(written: Result<(), Failure>) -> Result<(), Failure> {
    match written {
        Err(failure) if &*failure.code == CLOSED => Ok(()),
        other => other,
    }
}

fn unwritten(error: &impl std::fmt::Display) -> Failure {
    Failure::new("output", crate::Exit::Fault, format!("The answer can't be written: {error}."))
}
