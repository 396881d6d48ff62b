//! What the last-used dates tell, and what a deletion that is not found means.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    ports::SecretStoreError,
    tokens::{Kept, TokenRow, TokenUse},
};
use jiff::SignedDuration;
use planradar_sandbox::{Effect, Options, Sandbox};
use secrecy::ExposeSecret;
use support::{Ready, World, once, ready_on, roomy};

async fn row(world: &World, account: &str, id: &str) -> TokenRow {
    let view = world.app.tokens_refresh(account).await.unwrap();
    assert_eq!(view.error, None);
    view.rows.into_iter().find(|r| r.id == id).unwrap()
}

/// What another program does with a token.
async fn use_it(server: &Sandbox, token: &str) {
    let url = format!("{}/api/v1/{}/projects", server.url(), server.customer_id());
    let request = reqwest::Client::new().get(url).header("X-PlanRadar-API-Key", token);
    assert!(request.header("Accept", "application/json").send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn our_own_check_does_not_hide_who_used_it_before() {
    let Ready { world, server, account } = ready_on(roomy()).await;
    let created = world.app.token_create(&account, "CI", Kept::Keychain).await.unwrap();
    let value = world.app.token_reveal(&created.handle).unwrap();
    let id = &created.token_id;
    world.app.token_verify(&account, id).await.unwrap();
    assert_eq!(row(&world, &account, id).await.usage, TokenUse::OnlyVerified);
    use_it(&server, value.expose_secret()).await;
    // No list of ours has seen that use before the check asks.
    world.app.token_verify(&account, id).await.unwrap();
    let after = row(&world, &account, id).await;
    assert_eq!(after.usage, TokenUse::Used);
    let used_on = after.last_used_on.clone().unwrap();
    world.app.token_verify(&account, id).await.unwrap();
    let world = world.restarted();
    let later = row(&world, &account, id).await;
    assert_eq!((later.usage, later.last_used_on), (TokenUse::Used, Some(used_on)));
}

#[tokio::test]
async fn a_deletion_that_is_not_found_is_looked_up() {
    let Ready { world, server, account } = ready_on(roomy()).await;
    let created = world.app.token_create(&account, "CI", Kept::Keychain).await.unwrap();
    let id = &created.token_id;
    let shown = row(&world, &account, id).await;
    let delete =
        async || world.app.token_delete(&account, id, &shown.name, shown.created_on.as_deref(), false).await;
    server.fault(once("tokens.delete", Effect::Status { status: 404, done: false }));
    assert_eq!(delete().await.unwrap_err().code, Code::NotOffered);
    assert_eq!(row(&world, &account, id).await.kept, Kept::Keychain, "it lives, and so does its value");
    assert_eq!(world.app.operations_list(&account).await.unwrap().len(), 0);
    world.app.token_verify(&account, id).await.unwrap();
    // Another program was first.
    server.clear_faults();
    server.fault(once("tokens.delete", Effect::Status { status: 404, done: true }));
    delete().await.unwrap();
    let view = world.app.tokens_view(&account).await.unwrap();
    assert!(view.rows.iter().all(|r| r.id != *id));
}

#[tokio::test]
async fn a_value_of_a_session_that_broke_off_is_told_as_lost() {
    let Ready { world, server: _server, account } = ready_on(roomy()).await;
    let created = world.app.token_create(&account, "CI", Kept::Session).await.unwrap();
    assert_eq!(world.app.operations_list(&account).await.unwrap(), [], "it is on show");
    let world = world.restarted();
    world.app.tokens_refresh(&account).await.unwrap();
    let told = world.app.operations_list(&account).await.unwrap();
    let lost = told[0].lost.clone().unwrap();
    assert!(lost.created && lost.candidates[0].id == created.token_id);
    world.app.operation_delete_candidate(&told[0].id, &created.token_id).await.unwrap();
    assert_eq!(world.app.operations_list(&account).await.unwrap(), []);
}

#[tokio::test]
async fn plan_and_limit_are_asked_again_after_a_day() {
    let state = tempfile::tempdir().unwrap();
    let of = |limit| Options { limit, data_dir: Some(state.path().to_owned()), ..roomy() };
    let Ready { world, server, account } = ready_on(of(400)).await;
    world.app.limit_set(&account, 400, 200).await.unwrap();
    let listen = server.url().trim_start_matches("http://").parse().unwrap();
    server.stop().await;
    let server = Sandbox::start(Options { listen, ..of(100) }).await.unwrap();
    let limit = async || {
        world.app.tokens_refresh(&account).await.unwrap();
        let status = world.app.limit_status(&account).await.unwrap();
        (status.limit, status.share, server.requests().count("account"))
    };
    assert_eq!(limit().await, (400, 200, 0));
    world.clock.step(SignedDuration::from_hours(25));
    assert_eq!(limit().await, (100, 50, 1), "the share keeps its part");
    assert_eq!(limit().await, (100, 50, 1));
}

#[tokio::test]
async fn a_cooldown_has_the_limit_asked_anew() {
    let Ready { world, server, account } = ready_on(roomy()).await;
    server.fault(once("tokens.list", Effect::Status { status: 429, done: false }));
    let asked = server.requests().count("account");
    let view = world.app.tokens_refresh(&account).await.unwrap();
    assert_eq!(view.error.unwrap().code, Code::RateLimited);
    support::until("the end of the cooldown", async || {
        world.app.tokens_refresh(&account).await.unwrap().error.is_none()
    })
    .await;
    assert_eq!(server.requests().count("account"), asked + 1);
}

#[tokio::test]
async fn an_account_is_removed_also_while_the_keychain_is_away() {
    let Ready { world, server, account } = ready_on(roomy()).await;
    world.app.token_create(&account, "CI", Kept::Keychain).await.unwrap();
    world.keychain.fail(Some(SecretStoreError::NoService("a test".into())));
    let refused = world.app.account_remove(&account).await.unwrap_err();
    assert_eq!(refused.code, Code::KeychainNoService);
    world.app.account_remove_leaving_secrets(&account).await.unwrap();
    assert_eq!(world.app.start().await.unwrap().accounts, []);
    assert_eq!(world.keychain.ids().len(), 2, "nothing could be taken out");
    world.keychain.fail(None);
    let world = world.ended_and_restarted().await;
    world.app.start().await.unwrap();
    support::until("an empty keychain", async || world.keychain.ids().is_empty()).await;
    drop(server);
}
