//! Entries of the keychain that a program left there which ended between the keychain's answer and the database's.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    ports::{SecretId, SecretStore, SecretStoreError},
    tokens::Kept,
};
use gatehouse_store::Store;
use jiff::Timestamp;
use planradar_sandbox::Sandbox;
use support::{World, roomy, until};

fn sign_in(account: &str) -> SecretId {
    SecretId::SignIn { account: account.to_owned() }
}

fn token(account: &str, token: &str) -> SecretId {
    SecretId::Token { account: account.to_owned(), token: token.to_owned() }
}

/// Another program gets as far as the keychain's answer.
async fn begun(world: &World, ids: &[SecretId]) -> Store {
    let other = world.other_program();
    for id in ids {
        other.note_secret(id, Timestamp::now()).unwrap();
        world.keychain.put(id, "demo-left".into()).await.unwrap();
    }
    other
}

/// Waits until the keychain has only these, and nothing is noted any more.
async fn settled(world: &World, ids: &[SecretId]) {
    until(&format!("no entries but {ids:?}"), async || {
        world.keychain.ids() == ids && world.store.secret_notes::<SecretId>().unwrap().is_empty()
    })
    .await;
}

#[tokio::test]
async fn the_next_start_takes_back_what_nobody_needs() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let created = world.app.token_create(&account, "CI", Kept::Keychain).await.unwrap();
    let needed = [sign_in(&account), token(&account, &created.token_id)];
    assert_eq!(world.store.secret_notes::<SecretId>().unwrap(), [], "rows say where they are");

    let left = [sign_in("never-added"), token(&account, "pasted-1")];
    let other = begun(&world, &[&left[..], &needed[..]].concat()).await;
    drop(other);
    // A locked keychain leaves it to the start after that.
    let world = world.ended_and_restarted().await;
    world.keychain.fail(Some(SecretStoreError::Locked("a test".into())));
    world.app.start().await.unwrap();
    let taken_over = async || world.store.secret_notes::<SecretId>().unwrap().len() <= 2;
    until("two notes less", taken_over).await;
    world.keychain.fail(None);
    let world = world.ended_and_restarted().await;
    world.app.start().await.unwrap();
    settled(&world, &needed).await;
}

#[tokio::test]
async fn what_a_running_program_is_about_to_need_is_left_to_it() {
    let world = World::new();
    let left = sign_in("being-added");
    let other = begun(&world, std::slice::from_ref(&left)).await;
    let world = world.restarted();
    world.app.start().await.unwrap();
    assert!(world.store.take_over_secret_notes::<SecretId>().unwrap().is_empty());
    drop(other);
    assert_eq!(world.store.take_over_secret_notes::<SecretId>().unwrap(), std::slice::from_ref(&left));
    assert_eq!(world.keychain.ids(), [left]);
}

#[tokio::test]
async fn removing_takes_it_along() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    drop(begun(&world, &[sign_in("never-added"), token(&account, "pasted-1")]).await);
    world.app.account_remove(&account).await.unwrap();
    assert_eq!(world.keychain.ids(), [sign_in("never-added")]);
    world.keychain.fail(Some(SecretStoreError::Locked("a test".into())));
    let refused = world.app.remove_everything("remove everything").await.unwrap_err();
    assert_eq!(refused.code, Code::KeychainLocked, "as long as it is there, that is not forgotten");
    world.keychain.fail(None);
    world.app.remove_everything("remove everything").await.unwrap();
    assert_eq!(world.keychain.ids(), []);
}

/// Signed in for the session only: what was in the keychain is needed by nobody, also if the program ends at once.
#[tokio::test]
async fn an_older_sign_in_is_not_forgotten() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let value = server.ready().unwrap().tokens.account_holder.clone();
    world.keychain.fail(Some(SecretStoreError::Locked("a test".into())));
    world.app.account_sign_in_again(&account, value.into(), true).await.unwrap();
    let world = world.ended_and_restarted().await;
    world.keychain.fail(None);
    assert_eq!(world.keychain.ids(), [sign_in(&account)]);
    world.app.start().await.unwrap();
    settled(&world, &[]).await;
}

/// A keychain that says no leaves nothing to look for.
#[tokio::test]
async fn a_refusal_is_not_noted_for_long() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    world.keychain.fail(Some(SecretStoreError::NoService("a test".into())));
    let token = server.ready().unwrap().tokens.account_holder.clone();
    world.try_add(server.url(), server.customer_id(), &token).await.unwrap_err();
    assert_eq!(world.store.secret_notes::<SecretId>().unwrap(), []);
    world.app.remove_everything("remove everything").await.unwrap();
}
