//! Adding an account, pasting and deleting a token, killed at each step.

use crate::{World, done, look, named, operations, steps::each_step, text};
use gatehouse_tests::worker::Worker;
use std::time::{Duration, Instant};

/// Longer than a keyring takes.
const DEADLINE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn delete_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        let created = done(worker.ask(&["create", "CI", "keychain"]));
        done(worker.ask(&["close", &text(&created["handle"]), "close"]));
        vec!["delete".to_owned(), text(&created["tokenId"])]
    };
    each_step("delete", prepare, async |world, mut worker, step| {
        let shown = look(&mut worker);
        let value = world.between.values().remove(0);
        match named(&shown, "CI")[..] {
            // Deleted. A value that could not be removed with it is shown, and can be.
            [row] if row["gone"] == true => {
                assert_eq!(row["kept"], "keychain", "{step:?}: {shown}");
                done(worker.ask(&["forget", &text(&row["id"])]));
            }
            [row] => {
                assert_eq!(row["kept"], "keychain", "{step:?}: {shown}");
                done(worker.ask(&["delete", &text(&row["id"])]));
            }
            [] => {}
            _ => panic!("{step:?}: {shown}"),
        }
        let shown = look(&mut worker);
        assert_eq!((named(&shown, "CI").len(), operations(&shown).len()), (0, 0), "{step:?}: {shown}");
        assert!(!world.desktop.all_kept().contains(&value), "{step:?}: the value is still kept");
        assert_eq!(world.status_for(&value).await, 401, "{step:?}");
        worker.quit();
    })
    .await;
}

fn is_kept(world: &World<'_>, value: &String) -> bool {
    world.desktop.all_kept().contains(value)
}

/// Waits until the value is kept or not: what a killed program left behind is taken back behind the next start.
fn is_kept_soon(world: &World<'_>, value: &String, kept: bool) -> bool {
    let end = Instant::now() + DEADLINE;
    while is_kept(world, value) != kept && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    is_kept(world, value) == kept
}

/// An account is there and signs in, or it is not there and can be added.
#[tokio::test(flavor = "multi_thread")]
async fn add_killed_at_each_step() {
    let prepare = |world: &World<'_>, _: &mut Worker| world.add("keychain").map(str::to_owned).to_vec();
    each_step("add", prepare, async |world, mut worker, step| {
        let token = &world.ready.tokens.account_holder;
        let there = done(worker.ask(&["start"]))["accounts"] != serde_json::json!([]);
        assert!(is_kept_soon(world, token, there), "{step:?}: there: {there}");
        if !there {
            done(worker.ask(&world.add("keychain")));
        }
        look(&mut worker);
        done(worker.ask(&["remove-everything"]));
        assert!(!is_kept(world, token), "{step:?}: the sign-in is still kept");
        worker.quit();
    })
    .await;
}

/// A pasted token is there and works, or it is not there and can be pasted.
#[tokio::test(flavor = "multi_thread")]
async fn paste_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        world.server.set_documented_only(true);
        let value = world.ready.tokens.administrator.clone();
        ["paste", "Pasted", &value, "keychain"].map(str::to_owned).to_vec()
    };
    each_step("paste", prepare, async |world, mut worker, step| {
        let value = &world.ready.tokens.administrator;
        let there = done(worker.ask(&["look"]))["view"]["rows"] != serde_json::json!([]);
        assert!(is_kept_soon(world, value, there), "{step:?}: there: {there}");
        if !there {
            done(worker.ask(&["paste", "Pasted", value, "keychain"]));
        }
        let shown = done(worker.ask(&["look"]));
        let [row] = named(&shown, "Pasted")[..] else { panic!("{step:?}: {shown}") };
        done(worker.ask(&["verify", &text(&row["id"])]));
        done(worker.ask(&["forget", &text(&row["id"])]));
        assert!(!is_kept(world, value), "{step:?}: the value is still kept");
        worker.quit();
    })
    .await;
}
