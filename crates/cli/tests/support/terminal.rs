//! A person at a terminal.

use super::{PROGRAM, World};
use std::{
    io::{Read, Write},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The program in a terminal, and all that the terminal shows.
pub struct Terminal {
    child: Child,
    shown: String,
}

impl Terminal {
    pub fn start(world: &World, args: &str) -> Self {
        Self::start_with(world, args, "")
    }

    /// `environment`: what a shell sets before.
    pub fn start_with(world: &World, args: &str, environment: &str) -> Self {
        let mut command = world.desktop.command("script");
        command
            .args(["-qefc", &format!("{environment} {PROGRAM} {args}"), "/dev/null"])
            .env("GATEHOUSE_DATA_DIR", world.desktop.data())
            .env("TERM", "dumb")
            .env("NO_COLOR", "1")
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        Self { child: command.spawn().unwrap(), shown: String::new() }
    }

    pub fn shows(&mut self, words: &str) {
        while !self.shown.contains(words) {
            let mut some = [0; 4096];
            let read = self.child.stdout.as_mut().unwrap().read(&mut some).unwrap();
            assert!(read > 0, "it never showed {words:?}: {}", self.shown);
            self.shown.push_str(&String::from_utf8_lossy(&some[..read]));
        }
    }

    /// Waits until the terminal shows no more what is typed: what comes before that is shown by the system itself.
    pub fn is_unseen(&self) {
        let (id, until) = (self.child.id(), Instant::now() + Duration::from_secs(30));
        let off = || {
            let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).ok()?;
            let terminal = std::fs::read_link(format!("/proc/{}/fd/0", children.split(' ').next()?)).ok()?;
            let told = Command::new("stty").arg("-a").arg("-F").arg(terminal).output().ok()?;
            String::from_utf8_lossy(&told.stdout).contains("-echo ").then_some(())
        };
        while off().is_none() {
            assert!(Instant::now() < until, "the terminal goes on showing what is typed");
        }
    }

    pub fn types(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    pub fn end(mut self) -> (i32, String) {
        let mut rest = Vec::new();
        self.child.stdout.take().unwrap().read_to_end(&mut rest).unwrap();
        self.shown.push_str(&String::from_utf8_lossy(&rest));
        (self.child.wait().unwrap().code().unwrap(), self.shown.replace('\r', ""))
    }
}
