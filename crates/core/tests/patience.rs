//! A keychain that does not answer: asked about after three seconds, gone without, and reconciled when it answers
//! late.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    notices::{KeychainAction, KeychainOutcome, Notice},
    ports::SecretId,
    secrets::{Secrets, WaitChoice},
    tokens::{CloseHow, Kept},
};
use planradar_sandbox::Sandbox;
use secrecy::ExposeSecret;
use std::sync::Arc;
use support::{World, heard, pass, roomy, until};

#[tokio::test]
async fn gone_without_and_reconciled_when_it_answers_late() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    world.app.tokens_refresh(&account).await.unwrap();
    let go = world.keychain.hang();
    let (app, id) = (Arc::clone(&world.app), account.clone());
    let create = tokio::spawn(async move { app.token_create(&id, "CI", Kept::Keychain).await });
    world.keychain.held_up().await;
    pass(&world, 4).await;
    let wait = heard(&world, |n| match n {
        Notice::KeychainWaiting { wait_id, action: KeychainAction::Put } => Some(wait_id.clone()),
        _ => None,
    })
    .await;
    world.app.keychain_choose(&wait, WaitChoice::KeepWaiting);
    assert!(!create.is_finished());
    world.app.keychain_choose(&wait, WaitChoice::GoOnWithout);
    let created = create.await.unwrap().unwrap();
    assert_eq!((created.kept, created.keep_error.unwrap().code), (Kept::No, Code::KeychainSkipped));

    // The keychain answers after all: noted, and told.
    go.send(true).unwrap();
    let outcome = heard(&world, |n| match n {
        Notice::KeychainSettled { outcome, .. } => Some(*outcome),
        _ => None,
    })
    .await;
    assert_eq!(outcome, KeychainOutcome::LateDone);
    let row =
        world.app.tokens_view(&account).await.unwrap().rows.into_iter().find(|r| r.name == "CI").unwrap();
    assert_eq!(row.kept, Kept::Keychain);
    world.app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    world.app.token_verify(&account, &created.token_id).await.unwrap();
    assert_eq!(world.app.operations_list(&account).await.unwrap(), []);
}

#[tokio::test]
async fn an_account_that_was_gone_without_leaves_no_entry_behind() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = Arc::new(World::new());
    let token = server.ready().unwrap().tokens.account_holder;
    let go = world.keychain.hang();
    let (other, url, id) = (Arc::clone(&world), server.url().to_owned(), server.customer_id().to_owned());
    let add = tokio::spawn(async move { other.try_add(&url, &id, &token).await });
    world.keychain.held_up().await;
    pass(&world, 4).await;
    let wait = heard(&world, |n| match n {
        Notice::KeychainWaiting { wait_id, .. } => Some(wait_id.clone()),
        _ => None,
    })
    .await;
    world.app.keychain_choose(&wait, WaitChoice::GoOnWithout);
    assert_eq!(add.await.unwrap().unwrap_err().code, Code::KeychainSkipped);
    go.send(true).unwrap();
    heard(&world, |n| {
        matches!(n, Notice::KeychainSettled { outcome: KeychainOutcome::LateDone, .. }).then_some(())
    })
    .await;
    until("the entry's deletion", async || world.keychain.ids().is_empty()).await;
    assert_eq!(world.app.start().await.unwrap().accounts, []);
}

#[tokio::test]
async fn what_is_kept_outlives_a_deletion_that_comes_late() {
    let world = World::new();
    let id = SecretId::Token { account: "a".into(), token: "1".into() };
    let secrets = Secrets::new(world.keychain.clone(), world.notices.clone());
    secrets.put(&id, "old".to_owned().into(), None).await.unwrap();
    let go = world.keychain.hang();
    let (stuck, key) = (Arc::clone(&secrets), id.clone());
    let delete = tokio::spawn(async move { stuck.delete(&key).await });
    world.keychain.held_up().await;
    // It works again, but for that one call.
    drop(world.keychain.hang());
    tokio::time::pause();
    secrets.put(&id, "new".to_owned().into(), None).await.unwrap();
    go.send(true).unwrap();
    delete.await.unwrap().unwrap();
    support::until("the value that was kept last", async || !world.keychain.ids().is_empty()).await;
    assert_eq!(secrets.get(&id).await.unwrap().expose_secret(), "new");
}
