//! Reads the command line: one command, its switches, for `test` the names of suites.

use std::fmt::Write as _;
use std::process::ExitCode;

use crate::Result;
use crate::place::Place;

/// One command of `cargo xtask`.
pub struct Command {
    /// What is typed.
    pub name: &'static str,
    /// One line for the list of commands.
    pub summary: &'static str,
    /// What it does in full, for `--help`.
    pub about: &'static str,
    /// Its switches and what each does.
    pub switches: &'static [(&'static str, &'static str)],
    /// The words it takes besides switches; none for most commands.
    pub words: &'static [(&'static str, &'static str)],
    /// Does it.
    pub run: fn(&Place, &Options) -> Result<ExitCode>,
}

/// What was asked of a command.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The switches given, with their dashes.
    switches: Vec<String>,
    /// The other words given.
    pub words: Vec<String>,
}

impl Options {
    /// Whether `switch` was given.
    pub fn has(&self, switch: &str) -> bool {
        self.switches.iter().any(|given| given == switch)
    }
}

/// What the command line comes to.
pub enum Outcome<'a> {
    /// Run this command.
    Run(&'a Command, Options),
    /// Print this and succeed.
    Show(String),
    /// Print this and fail.
    Refuse(String),
}

/// Reads `given`, the words after `cargo xtask`.
pub fn parse<'a>(commands: &'a [Command], given: &[String]) -> Outcome<'a> {
    let Some((first, rest)) = given.split_first() else {
        return Outcome::Show(list(commands));
    };
    if ["--help", "-h", "help"].contains(&first.as_str()) {
        return Outcome::Show(list(commands));
    }
    let Some(command) = commands.iter().find(|command| command.name == first) else {
        return Outcome::Refuse(format!("cargo xtask: there is no command `{first}`.\n\n{}", list(commands)));
    };
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        return Outcome::Show(usage(command));
    }
    let mut options = Options::default();
    for word in rest {
        let known = if word.starts_with('-') { command.switches } else { command.words };
        if !known.iter().any(|(name, _)| name == word) {
            return Outcome::Refuse(format!(
                "cargo xtask {}: `{word}` is not known here.\n\n{}",
                command.name,
                usage(command)
            ));
        }
        let list = if word.starts_with('-') { &mut options.switches } else { &mut options.words };
        list.push(word.clone());
    }
    Outcome::Run(command, options)
}

fn list(commands: &[Command]) -> String {
    let mut text = String::from("Usage: cargo xtask <command>\n\n");
    for command in commands {
        let _ = writeln!(text, "  {:<9} {}", command.name, command.summary);
    }
    text.push_str("\n`cargo xtask <command> --help` tells more.\n");
    text
}

fn usage(command: &Command) -> String {
    let words = if command.words.is_empty() { "" } else { " [SUITE]..." };
    let mut text = format!("Usage: cargo xtask {} [OPTIONS]{words}\n\n{}\n", command.name, command.about);
    if !command.words.is_empty() {
        text.push_str("\nSuites (all when none is named):\n");
        for (name, help) in command.words {
            let _ = writeln!(text, "  {name:<14} {help}");
        }
    }
    text.push_str("\nOptions:\n");
    for (name, help) in command.switches.iter().chain(&[("--help", "Print this")]) {
        let _ = writeln!(text, "  {name:<14} {help}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMANDS: &[Command] = &[Command {
        name: "test",
        summary: "Everything",
        about: "Runs everything.",
        switches: &[("--no-install", "Install nothing")],
        words: &[("window", "The real window")],
        run: |_, _| Ok(ExitCode::SUCCESS),
    }];

    fn parse_words(words: &[&str]) -> Outcome<'static> {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        parse(COMMANDS, &words)
    }

    #[test]
    fn without_a_command_the_commands_are_listed() {
        let Outcome::Show(text) = parse_words(&[]) else { panic!("not shown") };
        assert!(text.contains("  test      Everything"), "{text}");
    }

    #[test]
    fn a_command_gets_its_switches_and_words() {
        let Outcome::Run(command, options) = parse_words(&["test", "window", "--no-install"]) else {
            panic!("not run")
        };
        assert_eq!(command.name, "test");
        assert!(options.has("--no-install"));
        assert_eq!(options.words, ["window"]);
    }

    #[test]
    fn what_is_not_known_is_refused_with_the_usage() {
        for words in [&["tset"][..], &["test", "--instal"], &["test", "widnow"]] {
            let Outcome::Refuse(text) = parse_words(words) else { panic!("{words:?} not refused") };
            assert!(text.contains(words[words.len() - 1]), "{text}");
            assert!(text.contains("Usage: cargo xtask"), "{text}");
        }
    }

    #[test]
    fn help_wins_over_what_is_not_known() {
        let Outcome::Show(text) = parse_words(&["test", "--instal", "--help"]) else { panic!("not shown") };
        assert!(text.contains("--no-install"), "{text}");
        assert!(text.contains("window"), "{text}");
    }
}
