//! Finds the steps of a command by carrying it out once, then kills a program at each of them.

use crate::{World, done, look, named, operations, text};
use gatehouse_tests::{
    between::Side,
    desktop::Desktop,
    worker::{Then, Worker},
};
use planradar_sandbox::Seed;
use serde_json::Value;

/// Where the program is killed.
#[derive(Clone, Debug)]
pub enum Step {
    /// At a call of one of its ports: keychain, notices.
    Port(String),
    /// While its n-th request of the command is under way or answered; counted from 0.
    Request(usize, Side, String),
}

/// Prepares a program on a computer where it never ran, and tells the command.
pub type Prepare = fn(&World<'_>, &mut Worker) -> Vec<String>;

/// Kills a program at each step of the command; `check` gets the world as it is then, and the next start.
pub async fn each_step(name: &str, prepare: Prepare, check: impl AsyncFn(&World<'_>, Worker, &Step)) {
    each_step_of(Seed::Empty, name, prepare, check).await;
}

/// The same with a server of this seed.
pub async fn each_step_of(
    seed: Seed,
    name: &str,
    prepare: Prepare,
    check: impl AsyncFn(&World<'_>, Worker, &Step),
) {
    let desktop = Desktop::with_keyring();
    let steps = steps(seed, &desktop, prepare).await;
    for (nth, step) in steps.iter().enumerate() {
        // Shown when the test fails.
        println!("{name}, killed at {step:?}");
        let world = World::of(seed, &desktop, &format!("{nth}")).await;
        let mut worker = world.start();
        let command = prepare(&world, &mut worker);
        let command: Vec<_> = command.iter().map(String::as_str).collect();
        match step {
            Step::Port(place) => {
                let id = worker.begin(&command, Some((place, Then::Stop)));
                worker.stopped(id);
                worker.kill();
            }
            Step::Request(nth, side, _) => {
                let hold = world.between.hold(world.between.requests().len() + nth, *side);
                worker.begin(&command, None);
                hold.reached();
                worker.kill();
                if *side == Side::Before {
                    // The next start looks before the server gets the request, and another one after that.
                    let mut early = world.start();
                    early.ask(&["look"]);
                    early.quit();
                    hold.release();
                }
            }
        }
        check(&world, world.start(), step).await;
    }
}

/// All steps of a command, from carrying it out once.
pub async fn steps(seed: Seed, desktop: &Desktop, prepare: Prepare) -> Vec<Step> {
    let world = World::of(seed, desktop, "whole").await;
    let mut worker = world.start();
    let command = prepare(&world, &mut worker);
    let (said, requests) = (worker.said.len(), world.between.requests().len());
    done(worker.ask(&command.iter().map(String::as_str).collect::<Vec<_>>()));
    let mut steps: Vec<_> = worker.places(said).into_iter().map(Step::Port).collect();
    for (nth, what) in world.between.requests().into_iter().skip(requests).enumerate() {
        steps.push(Step::Request(nth, Side::Before, what.clone()));
        steps.push(Step::Request(nth, Side::After, what));
    }
    // The keychain is the same for what follows.
    done(worker.ask(&["remove-everything"]));
    worker.quit();
    steps
}

/// After a creation that was killed: there is one token at most, and it is kept, or an open operation names it. If
/// there is none although a request may have left, that is said, and looked at again. Returns the kept one.
pub fn accounted_for(look: &Value, new: &[&Value], sent: usize, step: &Step) -> Option<String> {
    assert!(new.len() <= 1, "{step:?}: {look}");
    assert!(sent <= 1, "{step:?}: {sent} creations were sent");
    let lost: Vec<_> = operations(look).iter().filter(|op| !op["lost"].is_null()).collect();
    match (new, &lost[..]) {
        ([], []) => {
            assert_eq!(sent, 0, "{step:?}: what was sent is forgotten: {look}");
            None
        }
        ([], [op]) => {
            let candidates = op["lost"]["candidates"].as_array().unwrap();
            assert!(op["state"] == "unknown" && candidates.is_empty(), "{step:?}: {look}");
            assert!(op["lost"]["nextCheckAt"].is_string(), "{step:?}: {look}");
            None
        }
        ([row], []) => {
            assert_eq!(row["kept"], "keychain", "{step:?}: a token whose value is lost is not named: {look}");
            Some(text(&row["id"]))
        }
        ([row], [op]) => {
            let candidates = op["lost"]["candidates"].as_array().unwrap();
            assert_eq!(candidates.len(), 1, "{step:?}: {look}");
            assert_eq!((&candidates[0]["id"], &row["kept"]), (&row["id"], &"no".into()), "{step:?}: {look}");
            None
        }
        _ => panic!("{step:?}: {look}"),
    }
}

/// The person decides about what was lost: found tokens are deleted, and what was not found is let go.
pub fn settle(worker: &mut Worker, step: &Step) {
    let before = look(worker);
    for op in operations(&before).iter().filter(|op| !op["lost"].is_null()) {
        let id = text(&op["id"]);
        let candidates = op["lost"]["candidates"].as_array().unwrap();
        for candidate in candidates {
            done(worker.ask(&["delete-candidate", &id, &text(&candidate["id"])]));
        }
        if candidates.is_empty() {
            done(worker.ask(&["dismiss", &id]));
        }
    }
    let after = look(worker);
    let lost = operations(&after).iter().filter(|op| !op["lost"].is_null()).count();
    assert_eq!(lost, 0, "{step:?}: {after}");
}

/// A token is there once, and works with the value that the keychain has.
pub fn works(worker: &mut Worker, name: &str, step: &Step) -> String {
    let now = look(worker);
    let [row] = named(&now, name)[..] else { panic!("{step:?}: {name} is not there once: {now}") };
    assert_eq!(row["kept"], "keychain", "{step:?}: {now}");
    let verified = worker.ask(&["verify", &text(&row["id"])]);
    assert!(verified["error"].is_null(), "{step:?}: {verified}");
    text(&row["id"])
}
