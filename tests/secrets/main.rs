//! Canaries: values that the test knows are looked for in everything that Gatehouse writes or says.
//!
//! Only the keychain, the clipboard, the server's answer to create and the one answer to reveal may hold one.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod control;
mod echoes;
mod use_cases;
mod webhooks;

use gatehouse_tests::{
    between::Between,
    desktop::Desktop,
    search::Search,
    worker::{Then, Worker},
};
use planradar_sandbox::{Options, Ready, Sandbox};
use serde_json::Value;
use std::{path::Path, time::Duration};

const WORKER: &str = env!("CARGO_BIN_EXE_faults-worker");

/// A computer, its server, and all that was said on it.
struct World {
    desktop: Desktop,
    server: Sandbox,
    ready: Ready,
    between: Between,
    worker: Option<Worker>,
    /// What workers that have ended printed.
    said: Vec<String>,
    /// Values beside those that the server made for the program.
    given: Vec<String>,
}

impl World {
    async fn new() -> Self {
        let options = Options { limit: 500, window: Duration::from_secs(1), ..Options::default() };
        let server = Sandbox::start(options).await.unwrap();
        let between = Between::start(server.url()).await;
        let ready = server.ready().unwrap();
        let given = vec![ready.tokens.account_holder.clone(), ready.tokens.administrator.clone()];
        let desktop = Desktop::with_keyring();
        let worker = Some(Worker::start(WORKER, &desktop, &desktop.data()));
        Self { desktop, server, ready, between, worker, said: Vec::new(), given }
    }

    fn worker(&mut self) -> &mut Worker {
        self.worker.as_mut().unwrap()
    }

    /// The account holder's account is there.
    async fn with_account() -> Self {
        let mut world = Self::new().await;
        let token = world.ready.tokens.account_holder.clone();
        done(world.add(&token));
        world
    }

    fn add(&mut self, token: &str) -> Value {
        let (url, customer) = (self.between.url().to_owned(), self.ready.customer_id.clone());
        self.ask(&["add", &url, &customer, "keychain", token])
    }

    fn ask(&mut self, command: &[&str]) -> Value {
        self.worker().ask(command)
    }

    /// Carries a command out that panics at a place.
    fn panic_at(&mut self, command: &[&str], place: &str) -> Value {
        let id = self.worker().begin(command, Some((place, Then::Panic)));
        self.worker().answer(id)
    }

    /// The program ends, badly or well, and starts again.
    fn restart(&mut self, killed: bool) {
        let mut worker = self.worker.take().unwrap();
        if killed {
            worker.kill();
        } else {
            worker.quit();
        }
        self.said.append(&mut worker.said);
        self.worker = Some(Worker::start(WORKER, &self.desktop, &self.desktop.data()));
    }

    /// All values there are: the sign-ins, what was pasted, and every token that the server made.
    fn values(&self) -> Vec<String> {
        [self.given.clone(), self.between.values()].concat()
    }

    /// Where values are that are nowhere to be: files, and lines that were printed. `except` is the one answer to reveal.
    fn finds(&self, except: Option<&str>) -> Vec<String> {
        let search = Search::new(&self.values());
        let keyring = self.desktop.folder().join(".local/share/keyrings");
        let mut found = search.files(self.desktop.folder(), &keyring);
        let running = self.worker.iter().flat_map(|worker| &worker.said);
        for line in self.said.iter().chain(running).filter(|line| except != Some(line.as_str())) {
            found.extend(search.find(line.as_bytes()).iter().map(|hit| format!("{hit:?} was said")));
        }
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
        if pages.exists() {
            found.extend(search.files(&pages, &keyring));
        }
        found
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.desktop.data().join(name)).unwrap()
    }
}

/// An answer that must not be an error.
fn done(answer: Value) -> Value {
    assert!(answer["error"].is_null() && answer["panicked"].is_null(), "{answer}");
    answer
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
