//! A copied value leaves the clipboard after its time, if it is still there; a revealed one is shown for two minutes.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    notices::Notice,
    tokens::{CreatedToken, Kept},
};
use planradar_sandbox::Sandbox;
use secrecy::ExposeSecret;
use support::{World, pass, roomy};

async fn created() -> (World, Sandbox, CreatedToken, String) {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let created = world.app.token_create(&account, "CI", Kept::Keychain).await.unwrap();
    let value = world.app.token_reveal(&created.handle).unwrap().expose_secret().to_owned();
    (world, server, created, value)
}

fn cleared(world: &World) -> Vec<bool> {
    let by_us = |n: Notice| if let Notice::ClipboardCleared { by_us } = n { Some(by_us) } else { None };
    world.notices.take().into_iter().filter_map(by_us).collect()
}

#[tokio::test]
async fn it_is_cleared_after_its_time_and_not_before() {
    let (world, _server, created, value) = created().await;
    let copied = world.app.token_copy_created(&created.handle).await.unwrap();
    assert_eq!(copied.clears_in_s, 120);
    pass(&world, 119).await;
    assert_eq!((world.clipboard.text(), cleared(&world)), (value, vec![]));
    pass(&world, 2).await;
    assert_eq!((world.clipboard.text(), cleared(&world)), (String::new(), vec![true]));
}

#[tokio::test]
async fn what_somebody_else_copied_stays() {
    let (world, _server, created, _) = created().await;
    world.app.token_copy_kept(&created.account, &created.token_id).await.unwrap();
    world.clipboard.set("a shopping list");
    pass(&world, 121).await;
    assert_eq!((world.clipboard.text().as_str(), cleared(&world)), ("a shopping list", vec![false]));
}

#[tokio::test]
async fn a_newer_copy_has_its_own_time() {
    let (world, _server, created, value) = created().await;
    world.app.token_copy_created(&created.handle).await.unwrap();
    pass(&world, 100).await;
    world.app.token_copy_created(&created.handle).await.unwrap();
    pass(&world, 30).await;
    assert_eq!((world.clipboard.text(), cleared(&world)), (value, vec![]));
    pass(&world, 91).await;
    assert_eq!((world.clipboard.text(), cleared(&world)), (String::new(), vec![true]));
}

#[tokio::test]
async fn what_could_not_be_cleared_in_time_is_cleared_at_quit() {
    let (world, _server, created, value) = created().await;
    world.clipboard.fail(true);
    let error = world.app.token_copy_created(&created.handle).await.unwrap_err();
    assert!(error.code == Code::Clipboard && !error.message.contains(&value), "{error:?}");
    world.clipboard.fail(false);
    world.app.token_copy_created(&created.handle).await.unwrap();
    world.clipboard.fail(true);
    pass(&world, 121).await;
    assert_eq!(world.clipboard.text(), value);
    world.clipboard.fail(false);
    world.app.quitting();
    assert_eq!(world.clipboard.text(), "");
}

#[tokio::test]
async fn a_value_is_shown_for_two_minutes_and_copied_for_longer() {
    let (world, _server, created, value) = created().await;
    pass(&world, 119).await;
    assert_eq!(world.app.token_reveal(&created.handle).unwrap().expose_secret(), value);
    pass(&world, 2).await;
    assert_eq!(world.app.token_reveal(&created.handle).unwrap_err().code, Code::HandleExpired);
    world.app.token_copy_created(&created.handle).await.unwrap();
    assert_eq!(world.clipboard.text(), value);
}
