//! Webhooks: created, changed and deleted, killed at each step. Nothing is sent twice, nothing is forgotten, and a value
//! that the program says it keeps is the one that the server has.

use crate::{
    World, done, operations,
    steps::{Step, each_step_of},
    text,
};
use gatehouse_tests::worker::Worker;
use planradar_sandbox::Seed;
use serde_json::{Value, json};

const OLD: &str = "the-old-hidden-value-0123456789";
const NEW: &str = "the-new-hidden-value-9876543210";

fn input(target: &str, form: Option<&Value>, value: &str) -> String {
    let of = |key: &str| form.map_or(Value::Null, |form| form[key].clone());
    json!({
        "id": of("id"), "base": of("base"), "copyOf": null,
        "description": "Tickets to the ERP", "active": true, "targetUrl": target, "projectIds": null,
        "events": ["ticket_created"], "authentication": { "kind": "none" },
        "headers": [{ "name": "X-Key", "hidden": true, "value": { "kind": "replace", "value": value } }],
        "keepValues": true,
    })
    .to_string()
}

/// What the window shows of webhooks.
fn look(worker: &mut Worker) -> Value {
    let look = done(worker.ask(&["webhooks"]));
    assert!(look["view"]["error"].is_null(), "{look}");
    look
}

/// Those that were made here.
fn rows(look: &Value) -> Vec<&Value> {
    let rows = look["view"]["rows"].as_array().unwrap().iter();
    rows.filter(|row| row["description"] == "Tickets to the ERP").collect()
}

fn sent(world: &World<'_>, method: &str) -> usize {
    let is_write = |r: &&String| r.starts_with(method) && r.contains("/webhooks");
    world.between.requests().iter().filter(is_write).count()
}

/// Nothing of a webhook that isn't there is in the keychain, and nothing at all of what is removed.
fn nothing_stays(world: &World<'_>, worker: &mut Worker, step: &Step) {
    done(worker.ask(&["remove-everything"]));
    let kept = world.desktop.all_kept();
    let ours: Vec<_> = kept.iter().filter(|v| [OLD, NEW].contains(&v.as_str())).collect();
    assert!(ours.is_empty(), "{step:?}: {ours:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        vec!["webhook-save".to_owned(), input(world.receiver.url(), None, NEW)]
    };
    each_step_of(Seed::Demo, "create a webhook", prepare, async |world, mut worker, step| {
        let shown = look(&mut worker);
        let (there, open) = (rows(&shown).len(), operations(&shown));
        assert!(sent(world, "POST") <= 1 && there <= 1, "{step:?}: {shown}");
        match (there, open) {
            // It was not sent, or is there.
            (0, []) => assert_eq!(sent(world, "POST"), 0, "{step:?}: what was sent is forgotten: {shown}"),
            (0, [op]) => assert!(op["lost"]["nextCheckAt"].is_string(), "{step:?}: {shown}"),
            (1, []) => {
                let id = text(&rows(&shown)[0]["id"]);
                let form = done(worker.ask(&["webhook-form", &id]));
                if form["headers"][0]["stored"]["keptHere"] == true {
                    done(worker.ask(&["webhook-copy", &id, "X-Key"]));
                    assert_eq!(worker.ask(&["is-copied", NEW]), true, "{step:?}");
                }
                done(worker.ask(&["webhook-delete", &id]));
            }
            _ => panic!("{step:?}: {shown}"),
        }
        nothing_stays(world, &mut worker, step);
        worker.quit();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        let saved = done(worker.ask(&["webhook-save", &input(world.receiver.url(), None, OLD)]));
        vec!["webhook-save".to_owned(), input(world.receiver.url(), Some(&saved["form"]), NEW)]
    };
    each_step_of(Seed::Demo, "change a webhook", prepare, async |world, mut worker, step| {
        let shown = look(&mut worker);
        assert!(sent(world, "PUT") <= 1 && rows(&shown).len() == 1, "{step:?}: {shown}");
        let id = text(&rows(&shown)[0]["id"]);
        let open = operations(&shown);
        assert!(open.len() <= 1 && open.iter().all(|op| op["lost"].is_object()), "{step:?}: {shown}");
        let form = done(worker.ask(&["webhook-form", &id]));
        if form["headers"][0]["stored"]["keptHere"] == true {
            // What is said to be kept is what a receiver gets.
            let delivered = delivered(world).await;
            done(worker.ask(&["webhook-copy", &id, "X-Key"]));
            assert_eq!(worker.ask(&["is-copied", &delivered]), true, "{step:?}: {delivered} is delivered");
        }
        if let [op] = open {
            done(worker.ask(&["dismiss", &text(&op["id"])]));
        }
        nothing_stays(world, &mut worker, step);
        worker.quit();
    })
    .await;
}

/// The hidden value as a receiver gets it.
async fn delivered(world: &World<'_>) -> String {
    world.ticket().await;
    let got = world.receiver.take();
    let [headers] = &got[..] else { panic!("{got:?}") };
    headers["x-key"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        let saved = done(worker.ask(&["webhook-save", &input(world.receiver.url(), None, NEW)]));
        vec!["webhook-delete".to_owned(), text(&saved["form"]["id"])]
    };
    each_step_of(Seed::Demo, "delete a webhook", prepare, async |world, mut worker, step| {
        let shown = look(&mut worker);
        assert!(sent(world, "DELETE") <= 1, "{step:?}: sent twice");
        match (&rows(&shown)[..], operations(&shown)) {
            ([], []) => {}
            ([row], open) if open.len() <= 1 => {
                for op in open {
                    done(worker.ask(&["dismiss", &text(&op["id"])]));
                }
                done(worker.ask(&["webhook-delete", &text(&row["id"])]));
            }
            _ => panic!("{step:?}: {shown}"),
        }
        assert!(!world.desktop.all_kept().contains(&NEW.to_owned()), "{step:?}: the value is still kept");
        nothing_stays(world, &mut worker, step);
        worker.quit();
    })
    .await;
}
