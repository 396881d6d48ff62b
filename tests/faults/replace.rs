//! Replacing a token safely, killed at each step.

use crate::{
    World, done, look, named, operations,
    steps::{accounted_for, each_step, settle, works},
    text,
};
use gatehouse_tests::worker::Worker;
use serde_json::Value;

/// One token is there, kept, and its dialog is closed.
fn with_old(worker: &mut Worker) -> String {
    let created = done(worker.ask(&["create", "ERP", "keychain"]));
    done(worker.ask(&["close", &text(&created["handle"]), "close"]));
    text(&created["tokenId"])
}

fn replacement(look: &Value) -> Option<String> {
    operations(look).iter().find(|op| !op["replacement"].is_null()).map(|op| text(&op["id"]))
}

/// The last three steps, from whichever is reached: the old one goes, the new one stays.
fn go_on(world: &World<'_>, worker: &mut Worker, operation: &str) {
    let account = text(&done(worker.ask(&["start"]))["accounts"][0]["id"]);
    let old = text(&named(&look(worker), "ERP").first().unwrap()["id"]);
    done(worker.ask(&["entered", operation]));
    done(worker.ask(&["finish", operation]));
    assert_eq!(world.desktop.kept(&format!("token/{account}/{old}")), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn replace_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        let old = with_old(worker);
        vec!["replace".to_owned(), old, "ERP 2".to_owned(), "keychain".to_owned()]
    };
    each_step("replace", prepare, async |world, mut worker, step| {
        // Whatever happened, the old one works on.
        let old = works(&mut worker, "ERP", step);
        let shown = look(&mut worker);
        let sent = world.creations() - 1;
        let kept = accounted_for(&shown, &named(&shown, "ERP 2"), sent, step);
        if kept.is_none() {
            settle(&mut worker, step);
            assert!(named(&look(&mut worker), "ERP 2").is_empty(), "{step:?}");
            done(worker.ask(&["replace", &old, "ERP 2", "keychain"]));
        }
        let shown = look(&mut worker);
        let operation = replacement(&shown).unwrap_or_else(|| panic!("{step:?}: it does not go on: {shown}"));
        go_on(world, &mut worker, &operation);
        works(&mut worker, "ERP 2", step);
        let shown = look(&mut worker);
        assert_eq!((named(&shown, "ERP").len(), operations(&shown).len()), (0, 0), "{step:?}: {shown}");
        worker.quit();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_replacement_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        let old = with_old(worker);
        let created = done(worker.ask(&["replace", &old, "ERP 2", "keychain"]));
        let operation = text(&created["operation"]);
        done(worker.ask(&["entered", &operation]));
        vec!["finish".to_owned(), operation]
    };
    each_step("finish", prepare, async |world, mut worker, step| {
        // Whatever happened, the new one works.
        works(&mut worker, "ERP 2", step);
        let shown = look(&mut worker);
        let old = named(&shown, "ERP");
        match replacement(&shown) {
            Some(operation) => {
                assert_eq!(old.len(), 1, "{step:?}: it goes on, so the old one is there: {shown}");
                go_on(world, &mut worker, &operation);
            }
            None => assert_eq!(old.len(), 0, "{step:?}: it has ended, so the old one is gone: {shown}"),
        }
        let shown = look(&mut worker);
        assert_eq!((named(&shown, "ERP").len(), operations(&shown).len()), (0, 0), "{step:?}: {shown}");
        assert_eq!(world.creations(), 2, "{step:?}");
        // The value of the old one is gone as well: two are left, the sign-in and the new one.
        let account = text(&done(worker.ask(&["start"]))["accounts"][0]["id"]);
        let values = world.between.values();
        let new = text(&named(&shown, "ERP 2")[0]["id"]);
        assert_eq!(world.desktop.kept(&format!("token/{account}/{new}")).as_ref(), values.get(1), "{step:?}");
        assert!(!world.desktop.all_kept().contains(&values[0]), "{step:?}: the old value is still kept");
        worker.quit();
    })
    .await;
}
