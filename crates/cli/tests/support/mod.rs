//! The real program on a computer with a keyring, against a real sandbox.

#![allow(dead_code, unused_imports)] // Each test file uses its part.

mod terminal;

use gatehouse_tests::desktop::Desktop;
use planradar_sandbox::{Options, Sandbox, Seed};
use serde_json::Value;
use std::{
    io::Write,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

pub use terminal::Terminal;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_gatehouse-cli");

/// A server whose limit no test comes near.
pub fn roomy() -> Options {
    Options { limit: 500, window: Duration::from_secs(1), seed: Seed::Demo, ..Options::default() }
}

pub struct World {
    pub desktop: Desktop,
    pub server: Sandbox,
    /// The account holder's token.
    pub token: String,
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl World {
    /// With an unlocked keyring, and nothing else yet.
    pub async fn new(options: Options) -> Self {
        Self::on(Desktop::with_keyring(), options).await
    }

    pub async fn on(desktop: Desktop, options: Options) -> Self {
        let server = Sandbox::start(options).await.unwrap();
        let token = server.ready().unwrap().tokens.account_holder.clone();
        Self { desktop, server, token }
    }

    /// With the account holder's account, whose limit no test comes near.
    pub async fn signed_in() -> Self {
        let world = Self::new(roomy()).await;
        world.add(&world.token).ok();
        world.run(&["limit", "set", "--limit", "500", "--share", "500"]).ok();
        world
    }

    /// Adds the account with this token.
    pub fn add(&self, token: &str) -> Ran {
        self.run_with(&["account", "add", self.server.customer_id(), "--server", self.server.url()], token)
    }

    /// The program, ready to be started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.desktop.command(PROGRAM);
        command.args(args).env("GATEHOUSE_DATA_DIR", self.desktop.data()).env("TZ", "UTC");
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.command(args).stdin(Stdio::null()).output().unwrap().into()
    }

    /// With something on standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut child = piped(&mut self.command(args));
        // One that needs no input may have ended.
        child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
        child.wait_with_output().unwrap().into()
    }

    /// Its document, checked against the committed schema.
    pub fn json(&self, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--json"]].concat()).ok();
        document(args, &ran.out)
    }
}

/// Started, with pipes for everything.
pub fn piped(command: &mut Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What a command answered with `--json`, checked against its committed schema.
pub fn document(args: &[&str], out: &str) -> Value {
    let document: Value = serde_json::from_str(out).unwrap_or_else(|e| panic!("{args:?}: {e}: {out}"));
    let words = (1..=args.len().min(3)).rev().map(|n| args[..n].join("-"));
    let file = words.map(|words| schema_file(&words)).find(|file| file.exists());
    check(&file.unwrap_or_else(|| panic!("no schema for {args:?}")), &document);
    document
}

/// An error's document, checked in the same manner.
pub fn error(out: &str) -> Value {
    let document: Value = serde_json::from_str(out).unwrap_or_else(|e| panic!("{e}: {out}"));
    check(&schema_file("error"), &document);
    document["error"].clone()
}

fn check(schema: &PathBuf, document: &Value) {
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    if let Err(error) = validator.validate(document) {
        panic!("{error} at {}: {document:#}", error.instance_path());
    }
}

/// Where the schemas are committed.
pub fn schema_folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli/schema"))
}

fn schema_file(command: &str) -> PathBuf {
    schema_folder().join(format!("{command}.json"))
}

impl Ran {
    /// It went well.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// The cells of the answer's lines.
    pub fn rows(&self) -> Vec<Vec<&str>> {
        self.out.lines().map(|line| line.split('\t').collect()).collect()
    }

    /// The value of a fact.
    pub fn fact(&self, name: &str) -> &str {
        let rows = self.rows();
        let found = rows.iter().find(|row| row[0] == name);
        found.unwrap_or_else(|| panic!("no fact {name}: {self:?}"))[1]
    }
}
