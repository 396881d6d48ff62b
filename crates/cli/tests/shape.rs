//! What the program is like from outside, without an account: schemas, completions, manual, help.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The support's keyring. What is tested is the same everywhere.

mod support;

use clap::CommandFactory;
use serde_json::{Map, Value};
use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
};
use support::{PROGRAM, schema_folder};

/// Set it to write the schemas instead of comparing them.
const UPDATE: &str = "GATEHOUSE_UPDATE_SCHEMAS";

fn output(args: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(args).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn schemas() -> Map<String, Value> {
    serde_json::from_str::<Value>(&output(&["schema"])).unwrap().as_object().unwrap().clone()
}

/// The commands that do something, by their words.
fn leaves(command: &clap::Command, words: &str, found: &mut Vec<(String, clap::Command)>) {
    for sub in command.get_subcommands() {
        let words = format!("{words} {}", sub.get_name()).trim().to_owned();
        if sub.has_subcommands() {
            leaves(sub, &words, found);
        } else {
            found.push((words, sub.clone()));
        }
    }
}

fn all_leaves() -> Vec<(String, clap::Command)> {
    let mut found = Vec::new();
    leaves(&gatehouse_cli::Cli::command(), "", &mut found);
    found
}

/// Those that answer with no JSON document of their own: files for other programs.
const OTHERS: [&str; 4] = ["completions", "man", "sandbox", "schema"];

#[test]
fn the_committed_schemas_are_what_the_program_answers() {
    let (folder, update) = (schema_folder(), std::env::var_os(UPDATE).is_some());
    let mut names = BTreeSet::new();
    for (command, schema) in schemas() {
        let name = format!("{}.json", command.replace(' ', "-"));
        let (file, text) = (folder.join(&name), format!("{schema:#}\n"));
        names.insert(name);
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == text, "{} is old: run this test with {UPDATE}=1", file.display());
        assert_eq!(output(&[&["schema"], &*command.split(' ').collect::<Vec<_>>()].concat()), text);
    }
    let there = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let left: Vec<_> = there.filter(|name| !names.contains(name)).collect();
    assert!(left.is_empty(), "no command answers by {left:?}");
}

#[test]
fn every_command_has_a_schema() {
    let schemas = schemas();
    for (words, _) in all_leaves() {
        let expected = !OTHERS.contains(&words.as_str());
        assert_eq!(schemas.contains_key(&words), expected, "{words}");
    }
    assert!(schemas.contains_key("error"));
}

/// What only looks, or changes nothing but what this program itself knows.
const READING: [&str; 26] = [
    "account list",
    "account status",
    "audit list",
    "audit verify",
    "capabilities",
    "completions",
    "connect status",
    "limit status",
    "man",
    "sandbox",
    "schema",
    "tokens inventory",
    "tokens list",
    "tokens verify",
    "users list",
    "users runs",
    "users show",
    "users tokens",
    "webhooks deliveries",
    "webhooks drift",
    "webhooks events",
    "webhooks export",
    "webhooks list",
    "webhooks plan",
    "webhooks show",
    "webhooks value list",
];

#[test]
fn all_that_writes_can_be_tried_without() {
    let gone: Vec<_> =
        READING.iter().filter(|known| all_leaves().iter().all(|(l, _)| l != **known)).collect();
    assert!(gone.is_empty(), "no such commands: {gone:?}");
    for (words, command) in all_leaves() {
        let there = command.get_arguments().any(|arg| arg.get_id() == "dry_run");
        if !READING.contains(&words.as_str()) {
            assert!(there, "{words} has no --dry-run");
        }
        let destroys = command.get_arguments().any(|arg| arg.get_id() == "yes");
        assert!(!destroys || there, "{words} has --yes and no --dry-run");
    }
}

#[test]
fn completions_load_where_the_shell_is() {
    for (shell, check) in [
        ("bash", "source /dev/stdin && complete -p gatehouse-cli"),
        (
            "zsh",
            "autoload -U compinit && compinit -u -D && source /dev/stdin && (( $+functions[_gatehouse-cli] ))",
        ),
        ("fish", "source -; complete -C 'gatehouse-cli to' | string match -q 'tokens*'"),
    ] {
        let script = output(&["completions", shell]);
        assert!(script.contains("delete-token") && script.contains("dry-run"), "{shell}");
        let flags: &[&str] = match shell {
            "bash" => &["--norc", "-c"],
            "zsh" => &["-f", "-c"],
            _ => &["--no-config", "-c"],
        };
        let started =
            Command::new(shell).args(flags).arg(check).stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
        let Ok(mut child) = started else {
            eprintln!("{shell} is not installed here: only the script's words were looked at");
            continue;
        };
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), script.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{shell} does not take its completions");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command_and_the_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    output(&["man", "--dir", folder.path().to_str().unwrap()]);
    for (words, _) in all_leaves() {
        let page = folder.path().join(format!("gatehouse-cli-{}.1", words.replace(' ', "-")));
        assert!(page.is_file(), "{}", page.display());
    }
    let page = output(&["man"]);
    for exit in gatehouse_cli::Exit::ALL {
        let meaning = exit.meaning().split([',', ':']).next().unwrap().replace('\'', "\\*(Aq");
        assert!(page.contains(&meaning), "{meaning}");
    }
}

#[test]
fn the_documentation_has_the_table_of_exit_codes() {
    let text = include_str!("../../../docs/cli.md");
    for exit in gatehouse_cli::Exit::ALL {
        let row = format!("| {} | {} |", exit as u8, exit.meaning());
        assert!(text.contains(&row), "docs/cli.md lacks {row}");
    }
}

#[test]
fn no_colours_where_none_are_wanted() {
    // `script` gives it a terminal.
    let run = |no_color: &str| {
        let output = Command::new("script")
            .args(["-qec", &format!("{PROGRAM} --help"), "/dev/null"])
            .env("NO_COLOR", no_color)
            .env("TERM", "xterm")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run("").contains('\u{1b}'));
    assert!(!run("1").contains('\u{1b}'));
}
