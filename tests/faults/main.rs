//! Sudden ends: the program is killed at each step of what it writes. No second token, nothing lost unsaid, and the
//! next start goes on. And keychains that aren't there.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod create;
mod keychain;
mod other_steps;
mod replace;
mod sign_in;
mod steps;
mod users;
mod webhooks;

use gatehouse_tests::{between::Between, desktop::Desktop, receiver::Receiver, worker::Worker};
use planradar_sandbox::{DeliverOptions, Options, Ready, Sandbox, Seed};
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};

const WORKER: &str = env!("CARGO_BIN_EXE_faults-worker");

/// A server whose limit no test comes near, and whose failing webhooks fail quickly.
fn roomy(seed: Seed) -> Options {
    let deliver = DeliverOptions { backoff: Duration::from_millis(1), ..DeliverOptions::default() };
    Options { limit: 500, window: Duration::from_secs(1), seed, deliver, ..Options::default() }
}

/// A server, and Gatehouse's data on a computer.
struct World<'a> {
    desktop: &'a Desktop,
    data: PathBuf,
    server: Sandbox,
    ready: Ready,
    between: Between,
    receiver: Receiver,
}

impl<'a> World<'a> {
    /// Nothing is in the data folder yet.
    async fn new(desktop: &'a Desktop, name: &str) -> Self {
        Self::of(Seed::Empty, desktop, name).await
    }

    async fn of(seed: Seed, desktop: &'a Desktop, name: &str) -> Self {
        Self::with(roomy(seed), desktop, name).await
    }

    async fn with(options: Options, desktop: &'a Desktop, name: &str) -> Self {
        let server = Sandbox::start(options).await.unwrap();
        let between = Between::start(server.url()).await;
        let ready = server.ready().unwrap();
        let receiver = Receiver::start().await;
        Self { desktop, data: desktop.data().join(name), server, ready, between, receiver }
    }

    /// Starts the program.
    fn start(&self) -> Worker {
        Worker::start(WORKER, self.desktop, &self.data)
    }

    /// Starts it for the first time, and adds the account holder's account.
    fn first_start(&self) -> Worker {
        let mut worker = self.start();
        done(worker.ask(&self.add("keychain")));
        worker
    }

    /// The command that adds the account holder's account.
    fn add<'b>(&'b self, keep: &'b str) -> [&'b str; 5] {
        let token = &self.ready.tokens.account_holder;
        ["add", self.between.url(), &self.ready.customer_id, keep, token]
    }

    /// How many creations have left.
    fn creations(&self) -> usize {
        let is_creation = |r: &&String| r.starts_with("POST") && r.ends_with("/personal_access_tokens");
        self.between.requests().iter().filter(is_creation).count()
    }

    /// Makes a ticket in the seed with projects, and waits until what follows is delivered.
    async fn ticket(&self) {
        let url = format!("{}/api/v2/{}/projects/kdwmrq/tickets", self.server.url(), self.ready.customer_id);
        let body = json!({"data": {"attributes": {"ticket-type-id": "obk", "component-id": "nyk"}}});
        let request = reqwest::Client::builder().no_proxy().build().unwrap().post(url).json(&body);
        let request = request.header("Accept", "application/json");
        let request = request.header("X-PlanRadar-API-Key", &self.ready.tokens.account_holder);
        assert_eq!(request.send().await.unwrap().status(), 201);
        self.server.delivered().await;
    }

    /// How the server answers somebody with this token.
    async fn status_for(&self, token: &str) -> u16 {
        let url = format!("{}/api/v1/{}/users?pagesize=1", self.server.url(), self.ready.customer_id);
        let request = reqwest::Client::builder().no_proxy().build().unwrap().get(url);
        let request = request.header("Accept", "application/json").header("X-PlanRadar-API-Key", token);
        request.send().await.unwrap().status().as_u16()
    }
}

/// An answer that must not be an error.
fn done(answer: Value) -> Value {
    assert!(answer["error"].is_null() && answer["panicked"].is_null(), "{answer}");
    answer
}

/// What the window shows: the refreshed list, and what needs the person's eye.
fn look(worker: &mut Worker) -> Value {
    let look = done(worker.ask(&["look"]));
    assert!(look["view"]["error"].is_null(), "{look}");
    look
}

fn named<'a>(look: &'a Value, name: &str) -> Vec<&'a Value> {
    look["view"]["rows"].as_array().unwrap().iter().filter(|r| r["name"] == name).collect()
}

fn operations(look: &Value) -> &[Value] {
    look["operations"].as_array().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
