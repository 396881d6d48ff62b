//! Replacing Gatehouse's own token together with the sign-in, killed at each step.

use crate::{
    World, done, look, operations,
    steps::{each_step, settle},
    text,
};
use gatehouse_tests::worker::Worker;
use planradar_sandbox::READY_TOKEN_NAME;

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_is_never_lost() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        done(worker.ask(&world.add("keychain")));
        let shown = look(worker);
        let own = crate::named(&shown, READY_TOKEN_NAME)[0];
        done(worker.ask(&["mark-own", &text(&own["id"])]));
        vec!["replace-sign-in".to_owned()]
    };
    each_step("replace the sign-in", prepare, async |world, mut worker, step| {
        // Looking is done with the sign-in: it works, whichever it is now.
        let shown = look(&mut worker);
        let sent = world.creations();
        assert!(sent <= 1, "{step:?}");
        let own: Vec<_> =
            shown["view"]["rows"].as_array().unwrap().iter().filter(|r| r["own"] == "yes").collect();
        assert_eq!(own.len(), 1, "{step:?}: {shown}");
        // Not more than the old one and the new one, and two only while that is open.
        let there = shown["view"]["rows"].as_array().unwrap().len();
        assert!(there == 1 || there == 2 && !operations(&shown).is_empty(), "{step:?}: {shown}");
        let lost = operations(&shown).iter().any(|op| !op["lost"].is_null());
        if lost {
            settle(&mut worker, step);
        }
        let old = &world.ready.tokens.account_holder;
        let open = !operations(&look(&mut worker)).is_empty();
        assert!(open || lost || sent == 0 || world.status_for(old).await == 401, "{step:?}: {shown}");
        if open || world.status_for(old).await == 200 {
            done(worker.ask(&["replace-sign-in"]));
        }
        let shown = look(&mut worker);
        assert_eq!(operations(&shown).len(), 0, "{step:?}: {shown}");
        let [row] = &shown["view"]["rows"].as_array().unwrap()[..] else { panic!("{step:?}: {shown}") };
        assert_eq!(row["own"], "yes", "{step:?}: {shown}");
        // A value that was told and kept is what is gone on with; only a lost one is followed by another.
        let values = world.between.values();
        assert!(values.len() == 1 || lost, "{step:?}: {} tokens were created", values.len());
        let account = text(&done(worker.ask(&["start"]))["accounts"][0]["id"]);
        let new = world.desktop.kept(&format!("sign-in/{account}")).unwrap();
        assert_eq!((Some(&new), world.status_for(&new).await), (values.last(), 200), "{step:?}");
        assert_eq!(world.status_for(old).await, 401, "{step:?}");
        // Nothing of it stays behind.
        let kept = world.desktop.all_kept();
        assert!(!kept.contains(old), "{step:?}: the old sign-in is still kept");
        assert_eq!(kept.iter().filter(|value| values.contains(value)).count(), 1, "{step:?}");
        worker.quit();
    })
    .await;
}
