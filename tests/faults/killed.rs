//! The cases.

use super::World;
use planradar_sandbox::{Effect, Fault};
use serde_json::Value;

fn named<'a>(look: &'a Value, name: &str) -> Vec<&'a Value> {
    look["view"]["rows"].as_array().unwrap().iter().filter(|r| r["name"] == name).collect()
}

fn operations(look: &Value) -> &[Value] {
    look["operations"].as_array().unwrap()
}

fn hold(route: &str, before_ms: u64, after_ms: u64) -> Fault {
    Fault {
        method: None,
        route: Some(route.to_owned()),
        nth: Some(1),
        effect: Effect::Latency { before_ms, after_ms },
    }
}

const LONG: u64 = 600_000;

#[tokio::test(flavor = "multi_thread")]
async fn create_killed_while_only_planned() {
    let world = World::new().await;
    let before = world.server.requests().count("tokens.list");
    world.server.fault(hold("tokens.list", LONG, 0));
    world.kill_when(&["create", "CI"], |s| s.requests().count("tokens.list") > before).await;
    world.server.clear_faults();
    let look = world.run(&["look"]);
    assert_eq!((world.creations(), named(&look, "CI").len(), operations(&look).len()), (0, 0, 0), "{look}");
}

#[tokio::test(flavor = "multi_thread")]
async fn create_killed_before_the_request_left() {
    let world = World::new().await;
    world.kill_at("notice:1", &["create", "CI"]);
    let look = world.run(&["look"]);
    assert_eq!((world.creations(), named(&look, "CI").len()), (0, 0), "{look}");
    // It may have left: that is said, and looked at again by itself.
    let [open] = operations(&look) else { panic!("{look}") };
    assert_eq!(
        (&open["state"], open["lost"]["candidates"].as_array().map(Vec::len)),
        (&"unknown".into(), Some(0)),
        "{look}"
    );
    assert!(open["lost"]["nextCheckAt"].is_string(), "{look}");
}

#[tokio::test(flavor = "multi_thread")]
async fn create_killed_after_the_server_created_it() {
    let world = World::new().await;
    world.server.fault(hold("tokens.create", 0, LONG));
    world.kill_when(&["create", "CI"], |s| s.requests().count("tokens.create") == 1).await;
    world.server.clear_faults();
    // The work is done by the server even if nobody waits for the answer: look until it shows.
    let mut look = world.run(&["look"]);
    while named(&look, "CI").is_empty() {
        look = world.run(&["look"]);
    }
    let [open] = operations(&look) else { panic!("{look}") };
    let candidates = open["lost"]["candidates"].as_array().unwrap();
    assert_eq!((world.creations(), candidates.len(), &candidates[0]["name"]), (1, 1, &"CI".into()), "{look}");
    // Deleting the candidate is the person's choice, and ends it.
    let (operation, token) = (open["id"].as_str().unwrap(), candidates[0]["id"].as_str().unwrap());
    let deleted = world.run(&["delete-candidate", operation, token]);
    assert!(deleted["left"].is_null() && deleted["error"].is_null(), "{deleted}");
    let look = world.run(&["look"]);
    assert_eq!((named(&look, "CI").len(), operations(&look).len()), (0, 0), "{look}");
}

#[tokio::test(flavor = "multi_thread")]
async fn create_killed_before_its_value_was_kept() {
    for place in ["notice:2", "put:before"] {
        let world = World::new().await;
        world.kill_at(place, &["create", "CI"]);
        let look = world.run(&["look"]);
        let [open] = operations(&look) else { panic!("{place}: {look}") };
        assert_eq!(open["lost"]["created"], true, "{place}: {look}");
        assert_eq!(open["lost"]["candidates"][0]["name"], "CI", "{place}: {look}");
        assert_eq!((world.creations(), named(&look, "CI").len()), (1, 1), "{place}: {look}");
        assert_eq!(named(&look, "CI")[0]["kept"], "no", "{place}: {look}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn create_killed_after_its_value_was_kept() {
    for place in ["put:after", "notice:3"] {
        let world = World::new().await;
        world.kill_at(place, &["create", "CI"]);
        let look = world.run(&["look"]);
        assert_eq!(operations(&look).len(), 0, "{place}: {look}");
        let [row] = named(&look, "CI")[..] else { panic!("{place}: {look}") };
        assert_eq!((world.creations(), &row["kept"]), (1, &"keychain".into()), "{place}: {look}");
        let verified = world.run(&["verify", row["id"].as_str().unwrap()]);
        assert!(verified["error"].is_null(), "{place}: {verified}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replace_killed_at_each_step_goes_on() {
    for place in ["notice:1", "notice:2", "put:before", "put:after", "notice:3"] {
        let world = World::new().await;
        let old = world.run(&["create", "ERP"])["token"].as_str().unwrap().to_owned();
        world.kill_at(place, &["replace", &old, "ERP 2"]);
        let look = world.run(&["look"]);
        let [open] = operations(&look) else { panic!("{place}: {look}") };
        assert_eq!(named(&look, "ERP").len(), 1, "{place}: the old one stays: {look}");
        let sent = usize::from(place != "notice:1");
        assert_eq!((world.creations(), named(&look, "ERP 2").len()), (1 + sent, sent), "{place}: {look}");
        match place {
            "notice:1" => assert_eq!(open["lost"]["candidates"].as_array().map(Vec::len), Some(0), "{look}"),
            "notice:2" | "put:before" => assert_eq!(open["lost"]["created"], true, "{place}: {look}"),
            _ => {
                assert_eq!(open["replacement"]["step"], 2, "{place}: {look}");
                let operation = open["id"].as_str().unwrap();
                assert!(world.run(&["entered", operation])["error"].is_null());
                assert_eq!(world.run(&["finish", operation])["finished"], true);
                let look = world.run(&["look"]);
                let left = (named(&look, "ERP").len(), named(&look, "ERP 2").len(), operations(&look).len());
                assert_eq!(left, (0, 1, 0), "{place}: {look}");
            }
        }
    }
}
