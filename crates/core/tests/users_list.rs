//! The list of users, loaded page by page: nobody is forgotten meanwhile, and no older answer undoes a newer one.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::jobs::JobState;
use jiff::SignedDuration;
use planradar_sandbox::{Effect, Options, Seed};
use std::sync::Arc;
use support::{arrived, hooks::seeded, office::Office, once, roomy};

fn large(people: u32) -> Options {
    Options { seed: Seed::Large, people, ..roomy() }
}

/// The next answer to this route is old when it arrives.
fn late() -> Effect {
    Effect::Latency { before_ms: 0, after_ms: 500 }
}

#[tokio::test]
async fn asking_for_the_first_page_again_forgets_nobody() {
    let o = Office::new(large(700)).await;
    let app = &o.world.app;
    let all = app.users_more(&o.account).await.unwrap();
    assert_eq!((all.complete, all.rows.len(), all.earlier), (true, 700, 0));
    o.inventory().await;
    let tokens = app.inventory_view(&o.account).await.unwrap();
    let attention = app.overview(&o.account).await.unwrap().attention;
    assert!(tokens.rows.len() >= 200 && attention.len() > 50, "{}, {}", tokens.rows.len(), attention.len());

    o.world.clock.step(SignedDuration::from_hours(1));
    let again = app.users_refresh(&o.account).await.unwrap();
    assert_eq!((again.error, again.complete, again.rows.len()), (None, false, 700));
    assert_eq!((again.earlier, again.requests_left), (200, Some(1)));
    assert!(again.as_of > all.as_of && again.earlier_as_of == all.as_of, "what is older is said to be");
    let after = app.inventory_view(&o.account).await.unwrap();
    assert_eq!((after.rows, after.asked, after.loaded), (tokens.rows, tokens.asked, 500));
    let overview = app.overview(&o.account).await.unwrap();
    assert_eq!(overview.attention, attention);
    assert_eq!(overview.users.unwrap().as_of, all.as_of.unwrap(), "as old as the oldest in it");

    let whole = app.users_more(&o.account).await.unwrap();
    assert_eq!((whole.complete, whole.rows.len(), whole.earlier_as_of), (true, 700, None));
}

#[tokio::test]
async fn the_list_is_as_old_as_its_first_page() {
    let o = Office::new(large(700)).await;
    let first = o.world.app.users_view(&o.account).await.unwrap();
    o.world.clock.step(SignedDuration::from_hours(1));
    let more = o.world.app.users_more(&o.account).await.unwrap();
    assert_eq!((more.as_of, more.complete), (first.as_of, true));
}

#[tokio::test]
async fn two_who_load_at_once_ask_for_each_page_once() {
    let o = Office::new(large(1200)).await;
    let more = || o.world.app.users_more(&o.account);
    let (one, two) = tokio::join!(more(), more());
    assert_eq!((one.unwrap().error, two.unwrap().error), (None, None));
    let view = o.world.app.users_view(&o.account).await.unwrap();
    assert_eq!((view.complete, view.rows.len(), o.sent("users.list")), (true, 1200, 3));
}

#[tokio::test]
async fn an_older_answer_does_not_undo_what_was_changed_meanwhile() {
    let o = Office::new(seeded()).await;
    let user = o.pick("Schalbrett").await.id;
    for (route, grant) in [("users.list", true), ("users.get", false)] {
        o.server.fault(once(route, late()));
        let before = o.sent(route);
        let (app, account, id) = (Arc::clone(&o.world.app), o.account.clone(), user.clone());
        let asked = tokio::spawn(async move {
            if route == "users.list" {
                assert_eq!(app.users_refresh(&account).await.unwrap().error, None);
            } else {
                app.user_detail(&account, &id).await.unwrap();
            }
        });
        arrived(&o.server, route, before + 1).await;
        let job = o.begin(&["Schalbrett"], grant).await;
        assert_eq!(o.rests(&job.id).await.state, JobState::Finished);
        assert!(!asked.is_finished(), "the old answer has to come last");
        asked.await.unwrap();
        assert_eq!(o.row("Schalbrett").await.api_access, Some(grant), "{route}");
        o.server.clear_faults();
    }
}
