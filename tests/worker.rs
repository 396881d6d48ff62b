//! A worker as the test sees it: commands go in, answers and all that the window would be told come out.
//!
//! A command is one line of JSON, `{"id", "do": [command, argument..], "at", "then"}`; a worker prints
//! `{"id", "answer"}`, `{"notice"}`, `{"place"}` for each step it passes, and `{"stopped"}` when it waits to be killed.

use crate::desktop::{DEADLINE, Desktop};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
};

/// What a worker does when it comes to a place.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    /// It waits there to be killed.
    Stop,
    /// It panics there.
    Panic,
}

/// A running worker. Killed when dropped.
pub struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<String>,
    asked: u64,
    /// All that it printed, in order.
    pub said: Vec<String>,
    /// How much of that was looked at by `notice`.
    heard: usize,
}

impl Worker {
    /// Starts one. Its log at trace level and its standard error go to `trace.log` and `stderr.log` beside the data.
    #[must_use]
    pub fn start(program: &str, desktop: &Desktop, data: &Path) -> Self {
        std::fs::create_dir_all(data).unwrap();
        let append = |name: &str| File::options().append(true).create(true).open(data.join(name)).unwrap();
        let mut child = desktop
            .command(program)
            .arg(data)
            .env("RUST_BACKTRACE", "full")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(append("stderr.log"))
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (line, output) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|l| line.send(l)));
        let input = child.stdin.take();
        Self { child, input, output, asked: 0, said: Vec::new(), heard: 0 }
    }

    /// Carries one command out.
    pub fn ask(&mut self, command: &[&str]) -> Value {
        let id = self.begin(command, None);
        self.answer(id)
    }

    /// Begins a command, and says what is to happen when it comes to a place.
    pub fn begin(&mut self, command: &[&str], at: Option<(&str, Then)>) -> u64 {
        self.asked += 1;
        let (at, then) = at.unzip();
        let line =
            json!({ "id": self.asked, "do": command, "at": at, "then": then.map(|t| format!("{t:?}")) });
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
        self.asked
    }

    /// Waits for the answer to a command.
    pub fn answer(&mut self, id: u64) -> Value {
        let is_answer = |event: &Value| (event["id"] == id).then(|| event["answer"].clone());
        if let Some(answer) = self.events(0).find_map(|event| is_answer(&event)) {
            return answer;
        }
        loop {
            if let Some(answer) = is_answer(&self.next()) {
                return answer;
            }
        }
    }

    /// Waits until the worker stands still where it was told to.
    pub fn stopped(&mut self, id: u64) {
        loop {
            let event = self.next();
            if !event["stopped"].is_null() {
                return;
            }
            assert!(event["id"] != id, "the place was not reached: {event}");
        }
    }

    /// Waits for a notice of this kind; each is found once.
    pub fn notice(&mut self, kind: &str) -> Value {
        loop {
            while self.heard == self.said.len() {
                self.next();
            }
            let event: Value = serde_json::from_str(&self.said[self.heard]).unwrap();
            self.heard += 1;
            if event["notice"]["kind"] == kind {
                return event["notice"].clone();
            }
        }
    }

    /// The places that were passed since the `from`-th line.
    #[must_use]
    pub fn places(&self, from: usize) -> Vec<String> {
        self.events(from).filter_map(|event| event["place"].as_str().map(str::to_owned)).collect()
    }

    fn events(&self, from: usize) -> impl Iterator<Item = Value> {
        self.said[from..].iter().map(|line| serde_json::from_str(line).unwrap())
    }

    fn next(&mut self) -> Value {
        let line = match self.output.recv_timeout(DEADLINE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => panic!("the worker is silent since {:?}", self.said.last()),
            Err(RecvTimeoutError::Disconnected) => panic!("the worker ended after {:?}", self.said.last()),
        };
        let event = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the worker printed {line:?}"));
        self.said.push(line);
        event
    }

    /// SIGKILL: nothing in the program gets to run any more.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.drain();
    }

    /// The person quits.
    pub fn quit(&mut self) {
        self.input = None;
        self.drain();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }

    /// What it printed last, until its end.
    fn drain(&mut self) {
        loop {
            match self.output.recv_timeout(DEADLINE) {
                Ok(line) => self.said.push(line),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => panic!("the worker does not end"),
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
