//! Adding an account and deleting a token, killed at each step.

use crate::{World, done, look, named, operations, steps::each_step, text};
use gatehouse_tests::worker::Worker;

#[tokio::test(flavor = "multi_thread")]
async fn delete_killed_at_each_step() {
    let prepare = |_: &World<'_>, worker: &mut Worker| {
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
