//! Creating a token, killed at each step.

use crate::{
    World, done, look, named, operations,
    steps::{Step, accounted_for, each_step, settle, steps, works},
    text,
};
use gatehouse_tests::{between::Side, desktop::Desktop, worker::Worker};
use planradar_sandbox::Seed;
use planradar_sandbox::{Effect, Fault};

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn create_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        words(&["create", "CI", "keychain"])
    };
    each_step("create", prepare, async |world, mut worker, step| {
        let shown = look(&mut worker);
        let kept = accounted_for(&shown, &named(&shown, "CI"), world.creations(), step);
        // What must have come of it at the steps that are named in the design.
        match step {
            Step::Request(0, ..) => assert_eq!((world.creations(), operations(&shown).len()), (0, 0)),
            Step::Request(1, side, _) => {
                let [op] = operations(&shown) else { panic!("{step:?}: {shown}") };
                assert_eq!((world.creations(), named(&shown, "CI").len()), (1, 1), "{step:?}: {side:?}");
                assert_eq!((&op["state"], &op["lost"]["created"]), (&"unknown".into(), &false.into()));
            }
            Step::Port(place) if place == "before put token 1" => {
                assert_eq!(operations(&shown)[0]["lost"]["created"], true, "{shown}");
            }
            Step::Port(place) if place == "after put token 1" => assert!(kept.is_some(), "{shown}"),
            _ => {}
        }
        if kept.is_some() {
            works(&mut worker, "CI", step);
        } else {
            settle(&mut worker, step);
            assert!(named(&look(&mut worker), "CI").is_empty(), "{step:?}");
            done(worker.ask(&["create", "CI", "keychain"]));
            works(&mut worker, "CI", step);
        }
        assert_eq!(operations(&look(&mut worker)).len(), 0, "{step:?}");
        worker.quit();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_steps_are_found() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        words(&["create", "CI", "keychain"])
    };
    let desktop = Desktop::with_keyring();
    let seen = steps(Seed::Empty, &desktop, prepare).await;
    let ports: Vec<_> =
        seen.iter().filter_map(|s| if let Step::Port(p) = s { Some(p.as_str()) } else { None }).collect();
    for place in [
        "operations changed 1",
        "operations changed 2",
        "before put token 1",
        "after put token 1",
        "operations changed 3",
    ] {
        assert!(ports.contains(&place), "{place} is none of {ports:?}");
    }
    let requests: Vec<_> = seen
        .iter()
        .filter_map(|s| {
            if let Step::Request(_, Side::Before, what) = s {
                Some(what.split(' ').next().unwrap())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(requests, ["GET", "POST"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn reset_after_the_server_created_it() {
    let desktop = Desktop::with_keyring();
    let world = World::new(&desktop, "reset").await;
    let mut worker = world.start();
    let ready = &world.ready;
    // Nobody between: the reset is to reach the program as it is.
    done(worker.ask(&["add", &ready.url, &ready.customer_id, "keychain", &ready.tokens.account_holder]));
    let route = Some("tokens.create".to_owned());
    world.server.fault(Fault { method: None, route, nth: Some(1), effect: Effect::Reset { done: true } });
    let lost = worker.ask(&["create", "CI", "keychain"]);
    assert_eq!(lost["error"]["code"], "lost_answer", "{lost}");
    for _ in 0..2 {
        let shown = look(&mut worker);
        let [op] = operations(&shown) else { panic!("{shown}") };
        assert_eq!(op["lost"]["candidates"][0]["name"], "CI", "{shown}");
        // Also after a restart.
        worker.quit();
        worker = world.start();
    }
    assert_eq!(world.server.requests().count("tokens.create"), 1);
    settle(&mut worker, &Step::Port("reset".to_owned()));
    assert!(named(&look(&mut worker), "CI").is_empty());
    worker.quit();
}

/// The dialog is open, and the program is killed: what becomes of the value?
#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_value_is_on_show() {
    let desktop = Desktop::with_keyring();
    for keep in ["keychain", "session", "no"] {
        let world = World::new(&desktop, keep).await;
        let mut worker = world.first_start();
        let created = done(worker.ask(&["create", "CI", keep]));
        assert_eq!(created["kept"], keep);
        worker.kill();
        let mut worker = world.start();
        let shown = look(&mut worker);
        let [row] = named(&shown, "CI")[..] else { panic!("{keep}: {shown}") };
        if keep == "keychain" {
            assert_eq!(operations(&shown).len(), 0, "{shown}");
            works(&mut worker, "CI", &Step::Port("on show".to_owned()));
        } else {
            // Also one that goes with the program by choice: its dialog was open, and perhaps it was not copied yet.
            let [op] = operations(&shown) else { panic!("{shown}") };
            assert_eq!((&op["lost"]["created"], &row["kept"]), (&true.into(), &"no".into()), "{shown}");
        }
        worker.quit();
        // Closed by the person: the value is where it is needed, and that stays settled.
        let mut worker = world.start();
        let handle = text(&done(worker.ask(&["create", "Closed", "no"]))["handle"]);
        done(worker.ask(&["close", &handle, "close"]));
        worker.kill();
        let mut worker = world.start();
        let shown = look(&mut worker);
        assert!(operations(&shown).iter().all(|op| op["subject"] != "Closed"), "{shown}");
        worker.quit();
    }
}
