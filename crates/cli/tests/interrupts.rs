//! Ctrl-C, and two programs at once.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The support's keyring, and signals.

mod support;

use planradar_sandbox::{Effect, Fault, Options, Seed};
use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command},
    time::Duration,
};
use support::{Ran, World, piped, roomy};

/// A run of the program that is watched.
struct Live {
    child: Child,
    err: BufReader<std::process::ChildStderr>,
    said: String,
}

impl Live {
    fn start(world: &World, args: &[&str]) -> Self {
        let mut child = piped(&mut world.command(args));
        drop(child.stdin.take());
        let err = BufReader::new(child.stderr.take().unwrap());
        Self { child, err, said: String::new() }
    }

    /// Waits until it says this.
    fn says(&mut self, words: &str) {
        while !self.said.contains(words) {
            let read = self.err.read_line(&mut self.said).unwrap();
            assert!(read > 0, "it never said {words:?}: {}", self.said);
        }
    }

    fn ctrl_c(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    fn end(mut self) -> Ran {
        let mut out = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        self.err.read_to_string(&mut self.said).unwrap();
        Ran { code: self.child.wait().unwrap().code().unwrap_or(-1), out, err: self.said }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_waits_ten_seconds_and_can_be_taken_back() {
    let world = World::signed_in().await;
    let args = ["users", "delete-token", "jonte.brueckwald@example.com", "BIM-Viewer", "--yes", "--json"];
    let mut live = Live::start(&world, &args);
    live.says("Ctrl-C takes it back");
    live.ctrl_c();
    let ran = live.end();
    assert_eq!((ran.code, &support::error(&ran.out)["code"]), (4, &"not_confirmed".into()), "{ran:?}");
    let writes = world.server.requests().all().iter().filter(|r| r.method == "DELETE").count();
    assert_eq!(writes, 0, "nothing was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_paused_and_gone_on_with() {
    let world =
        World::new(Options { latency: Duration::from_millis(30), seed: Seed::Large, ..roomy() }).await;
    world.add(&world.token).ok();
    world.run(&["limit", "set", "--limit", "500", "--share", "500"]).ok();
    let mut live = Live::start(&world, &["tokens", "inventory", "--json"]);
    live.says("1 of ");
    live.ctrl_c();
    let ran = live.end();
    assert_eq!(ran.code, 1, "{ran:?}");
    let hint = ran.err.split("users resume ").nth(1).unwrap();
    let id = hint.split('`').next().unwrap();
    let runs = world.json(&["users", "runs"]);
    assert_eq!((&runs["runs"][0]["id"], &runs["runs"][0]["state"]), (&id.into(), &"paused".into()));
    let run = world.json(&["users", "resume", id]);
    assert_eq!((&run["state"], &run["tried"]), (&"finished".into(), &run["total"]));
    let inventory = world.json(&["tokens", "inventory", "--cached"]);
    assert_eq!(inventory["api_users_asked"], inventory["api_users"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_run_is_gone() {
    let world =
        World::new(Options { latency: Duration::from_millis(30), seed: Seed::Large, ..roomy() }).await;
    world.add(&world.token).ok();
    world.run(&["limit", "set", "--limit", "500", "--share", "500"]).ok();
    let mut live = Live::start(&world, &["tokens", "inventory"]);
    live.says("1 of ");
    live.ctrl_c();
    live.end();
    let runs = world.json(&["users", "runs"]);
    let id = runs["runs"][0]["id"].as_str().unwrap();
    assert_eq!(world.json(&["users", "cancel", id])["done"], true);
    assert_eq!(world.json(&["users", "runs"])["runs"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_waits_for_the_value_of_a_token_that_is_being_created() {
    let world = World::new(Options { latency: Duration::from_millis(700), ..roomy() }).await;
    world.add(&world.token).ok();
    let asked = world.server.requests().all().len();
    let mut live = Live::start(&world, &["tokens", "create", "Power BI", "--json"]);
    while world.server.requests().all().len() == asked {
        std::thread::yield_now();
    }
    live.ctrl_c();
    live.says("Waiting until this step is done");
    let ran = live.end().ok();
    assert_eq!(support::document(&["tokens", "create"], &ran.out)["kept"], "keychain");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_share_is_waited_for_and_said() {
    let world = World::new(roomy()).await;
    world.add(&world.token).ok();
    world.run(&["limit", "set", "--limit", "30", "--share", "3"]).ok();
    // Each list takes more than one request, and a minute has three.
    let mut live = Live::start(&world, &["account", "status"]);
    live.says("waiting for the request limit, ");
    let wait = live.said.split("limit, ").nth(1).unwrap().split(' ').next().unwrap().parse::<u32>().unwrap();
    assert!((1..=101).contains(&wait), "{}", live.said);
    // Reading may be left at any time.
    live.ctrl_c();
    assert_eq!(live.end().code, -1, "a signal ended it");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_share_limit_and_database() {
    let world = World::signed_in().await;
    let names: Vec<_> = (0..6).map(|n| format!("Token {n}")).collect();
    let live: Vec<_> =
        names.iter().map(|name| Live::start(&world, &["tokens", "create", name, "--quiet"])).collect();
    for one in live {
        let ran = one.end().ok();
        assert!(!ran.err.contains("locked"), "{ran:?}");
    }
    let list = world.json(&["tokens", "list"]);
    let made = list["tokens"].as_array().unwrap().iter().filter(|t| t["kept"] == "keychain").count();
    assert_eq!(made, names.len(), "{list:#}");
    assert_eq!(world.json(&["audit", "verify"])["state"], "whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn applying_a_file_stops_after_the_webhook_it_is_at() {
    let world = World::new(Options { latency: Duration::from_millis(30), ..roomy() }).await;
    world.add(&world.token).ok();
    world.run(&["limit", "set", "--limit", "500", "--share", "500"]).ok();
    let one = |n| {
        format!(
            "  - {{description: Hook {n}, target_url: 'https://h{n}.example.com/', events: [ticket_created]}}\n"
        )
    };
    let path = world.desktop.data().with_file_name("webhooks.yaml");
    std::fs::write(&path, format!("version: 1\nwebhooks:\n{}", (0..40).map(one).collect::<String>()))
        .unwrap();
    let args = ["webhooks", "apply", path.to_str().unwrap(), "--yes", "--json"];
    let mut live = Live::start(&world, &args);
    live.says("3 of 40");
    live.ctrl_c();
    let ran = live.end();
    assert_eq!(ran.code, 1, "{ran:?}");
    let report = support::document(&args, &ran.out);
    let count = |key: &str| report[key].as_array().unwrap().len();
    assert!(count("left") > 0 && count("done") > 2 && count("done") + count("left") == 40, "{report:#}");
    assert!(report["stopped"].is_null());
    // The rest, and nothing twice.
    assert_eq!(world.json(&args[..4])["done"].as_array().unwrap().len(), count("left"));
    assert_eq!(world.server.requests().count("webhooks.create"), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_ctrl_c_leaves_a_file_that_is_being_applied() {
    let world = World::signed_in().await;
    let path = world.desktop.data().with_file_name("webhooks.yaml");
    let hook = "{description: A, target_url: 'https://a.example.com/', events: [ticket_created]}";
    std::fs::write(&path, format!("version: 1\nwebhooks: [{hook}]\n")).unwrap();
    // An answer that is still to come.
    let effect = Effect::Latency { before_ms: 120_000, after_ms: 0 };
    world.server.fault(Fault { method: None, route: Some("webhooks.create".into()), nth: None, effect });
    let mut live = Live::start(&world, &["webhooks", "apply", path.to_str().unwrap(), "--yes"]);
    live.says("1 of 1");
    live.ctrl_c();
    live.says("Press Ctrl-C again");
    live.ctrl_c();
    assert_eq!(live.end().code, 130);
}
