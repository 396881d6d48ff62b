//! Sudden ends: the program is killed at each step of create and replace. No second token, nothing lost unsaid,
//! and the next start goes on.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod keychain;
mod killed;

use gatehouse_tests::{
    desktop::Desktop,
    worker::{STOP_AT, STOPPED, TOKEN},
};
use planradar_sandbox::{Options, Sandbox};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A computer with an account added, and its server.
struct World {
    desktop: Desktop,
    server: Sandbox,
}

impl World {
    /// With an unlocked keyring.
    async fn new() -> Self {
        let desktop = Desktop::with_keyring();
        let options = Options { limit: 500, window: Duration::from_secs(1), ..Options::default() };
        let server = Sandbox::start(options).await.unwrap();
        let world = Self { desktop, server };
        let ready = world.server.ready().unwrap();
        let mut add = world.worker(&["add", &ready.url, &ready.customer_id]);
        let added = answer(add.env(TOKEN, &ready.tokens.account_holder));
        assert!(added["account"].is_string(), "{added}");
        world
    }

    fn worker(&self, arguments: &[&str]) -> Command {
        let mut command = self.desktop.command(env!("CARGO_BIN_EXE_faults-worker"));
        command.arg(self.desktop.data()).args(arguments).stderr(Stdio::inherit());
        command
    }

    /// Runs a command to its end.
    fn run(&self, arguments: &[&str]) -> Value {
        answer(&mut self.worker(arguments))
    }

    /// Runs a command up to the place, and kills it there.
    fn kill_at(&self, place: &str, arguments: &[&str]) {
        let mut child = self.worker(arguments).env(STOP_AT, place).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), STOPPED, "{place} of {arguments:?} was not reached");
        kill(child);
    }

    /// Runs a command until the server says so, and kills it then.
    async fn kill_when(&self, arguments: &[&str], reached: impl Fn(&Sandbox) -> bool) {
        let child = self.worker(arguments).stdout(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while !reached(&self.server) {
            assert!(begun.elapsed() < Duration::from_secs(30), "the server never got there");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        kill(child);
    }

    /// How often the server was asked to create a token.
    fn creations(&self) -> usize {
        self.server.requests().count("tokens.create")
    }
}

/// SIGKILL: nothing in the program gets to run any more.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn answer(command: &mut Command) -> Value {
    let output = command.stdout(Stdio::piped()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    serde_json::from_str(text.trim()).unwrap()
}
