//! Two things at once: double clicks, a list that is older than a write, an account that goes meanwhile.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    operations::OperationKind,
    tokens::{CloseHow, Kept},
};
use planradar_sandbox::{ACCOUNT_HOLDER, Effect, Fault, Sandbox};
use secrecy::SecretString;
use std::{collections::HashMap, sync::Arc, time::Duration};
use support::{Ready, World, arrived, once, ready, roomy};

/// The next answer to this route is old when it arrives.
fn late(route: &str) -> Fault {
    once(route, Effect::Latency { before_ms: 0, after_ms: 400 })
}

#[tokio::test]
async fn a_double_click_on_create_makes_one_token() {
    let Ready { world, server, account } = ready().await;
    let (first, second) = tokio::join!(
        world.app.token_create(&account, "CI", Kept::Keychain),
        world.app.token_create(&account, " CI ", Kept::Keychain)
    );
    let refused = first.as_ref().err().or(second.as_ref().err()).unwrap();
    assert_eq!((refused.code, first.is_ok() || second.is_ok()), (Code::Stale, true), "{refused:?}");
    assert_eq!(server.requests().count("tokens.create"), 1);
    // One after the other is the person's wish.
    world.app.token_create(&account, "CI", Kept::No).await.unwrap();
    assert_eq!(server.requests().count("tokens.create"), 2);
}

#[tokio::test]
async fn a_double_click_on_replace_makes_one_token() {
    let Ready { world, server, account } = ready().await;
    let old = world.app.token_create(&account, "ERP", Kept::Keychain).await.unwrap();
    world.app.token_close(&old.handle, CloseHow::Close).await.unwrap();
    let start = || world.app.replace_start(&account, &old.token_id, "ERP 2", Kept::Keychain);
    let (first, second) = tokio::join!(start(), start());
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(server.requests().count("tokens.create"), 2);

    let (first, second) =
        tokio::join!(world.app.replace_sign_in(&account), world.app.replace_sign_in(&account));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(server.requests().count("tokens.create"), 3);
    assert!(world.app.tokens_refresh(&account).await.unwrap().error.is_none());
}

#[tokio::test]
async fn a_double_click_on_delete_or_finish_sends_one_deletion() {
    let Ready { world, server, account } = ready().await;
    let old = world.app.token_create(&account, "ERP", Kept::Keychain).await.unwrap();
    world.app.token_close(&old.handle, CloseHow::Close).await.unwrap();
    let new = world.app.replace_start(&account, &old.token_id, "ERP 2", Kept::Keychain).await.unwrap();
    world.app.token_close(&new.handle, CloseHow::Close).await.unwrap();
    let finish = || world.app.replace_finish(&new.operation);
    let (first, second) = tokio::join!(finish(), finish());
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(server.requests().count("tokens.delete"), 1);
    assert_eq!(world.app.operations_list(&account).await.unwrap(), []);

    let rows = world.app.tokens_view(&account).await.unwrap().rows;
    let row = rows.into_iter().find(|r| r.id == new.token_id).unwrap();
    let delete = || world.app.token_delete(&account, &row.id, "ERP 2", row.created_on.as_deref(), false);
    let (first, second) = tokio::join!(delete(), delete());
    let refused = first.as_ref().err().or(second.as_ref().err()).unwrap();
    assert_eq!((refused.code, first.is_ok() || second.is_ok()), (Code::Stale, true), "{refused:?}");
    assert_eq!(server.requests().count("tokens.delete"), 2);
}

#[tokio::test]
async fn a_double_click_on_add_or_paste_keeps_one() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let token = server.ready().unwrap().tokens.account_holder;
    let add = || world.try_add(server.url(), server.customer_id(), &token);
    let (first, second) = tokio::join!(add(), add());
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let account = first.or(second).unwrap().id;

    let pasted = server.ready().unwrap().tokens.api_user;
    let paste = || world.app.token_paste(&account, "ERP", SecretString::from(pasted.as_str()), false);
    let (first, second) = tokio::join!(paste(), paste());
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(world.keychain.ids().len(), 2);
}

#[tokio::test]
async fn a_list_from_before_a_creation_does_not_undo_it() {
    let Ready { world, server, account } = ready().await;
    let old = world.app.token_create(&account, "ERP", Kept::Keychain).await.unwrap();
    world.app.token_close(&old.handle, CloseHow::Close).await.unwrap();

    server.fault(late("tokens.list"));
    let lists = server.requests().count("tokens.list");
    let (app, id) = (Arc::clone(&world.app), account.clone());
    let refresh = tokio::spawn(async move { app.tokens_refresh(&id).await });
    arrived(&server, "tokens.list", lists + 1).await;
    let new = world.app.replace_start(&account, &old.token_id, "ERP 2", Kept::Keychain).await.unwrap();
    world.app.token_close(&new.handle, CloseHow::Close).await.unwrap();
    assert!(!refresh.is_finished(), "the old list has to come last");
    let view = refresh.await.unwrap().unwrap();
    assert_eq!(view.error, None);
    let row = view.rows.iter().find(|r| r.id == new.token_id).unwrap();
    assert!(!row.gone, "{row:?}");
    let ops = world.app.operations_list(&account).await.unwrap();
    assert_eq!(ops.iter().map(|o| o.kind).collect::<Vec<_>>(), [OperationKind::ReplaceToken]);
}

#[tokio::test]
async fn a_list_from_before_a_deletion_does_not_bring_the_token_back() {
    let Ready { world, server, account } = ready().await;
    server.issue_token(ACCOUNT_HOLDER, "ERP").unwrap();
    let view = world.app.tokens_refresh(&account).await.unwrap();
    let row = view.rows.into_iter().find(|r| r.name == "ERP").unwrap();

    server.fault(late("tokens.list"));
    let lists = server.requests().count("tokens.list");
    let (app, id) = (Arc::clone(&world.app), account.clone());
    let refresh = tokio::spawn(async move { app.tokens_refresh(&id).await });
    arrived(&server, "tokens.list", lists + 1).await;
    world.app.token_delete(&account, &row.id, "ERP", row.created_on.as_deref(), false).await.unwrap();
    assert!(!refresh.is_finished(), "the old list has to come last");
    let view = refresh.await.unwrap().unwrap();
    assert!(view.rows.iter().all(|r| r.name != "ERP"), "{view:?}");
    assert_eq!(view.error, None);
}

#[tokio::test]
async fn a_sign_in_that_was_replaced_meanwhile_is_not_used_again() {
    let Ready { world, server, account } = ready().await;
    let world = world.restarted();
    // A refresh has read the old token, and hangs there.
    let go = world.keychain.hang();
    let (app, id) = (Arc::clone(&world.app), account.clone());
    let refresh = tokio::spawn(async move { app.tokens_refresh(&id).await });
    world.keychain.held_up().await;
    // From now on the keychain answers at once.
    drop(world.keychain.hang());
    let token = server.issue_token(ACCOUNT_HOLDER, "Gatehouse").unwrap();
    world.app.account_sign_in_again(&account, token, false).await.unwrap();
    go.send(true).unwrap();
    refresh.await.unwrap().unwrap();
    let before = used(&world, &account).await;
    let after = used(&world, &account).await;
    assert_ne!(before["Gatehouse"], after["Gatehouse"]);
    assert_eq!(before["Sandbox ready token"], after["Sandbox ready token"]);
}

/// When each token was last used, by its name.
async fn used(world: &World, account: &str) -> HashMap<String, Option<String>> {
    let view = world.app.tokens_refresh(account).await.unwrap();
    assert_eq!(view.error, None);
    view.rows.into_iter().map(|r| (r.name, r.last_used_on)).collect()
}

#[tokio::test]
async fn an_account_is_not_removed_while_a_token_is_being_created() {
    let Ready { world, server, account } = ready().await;
    server.fault(late("tokens.create"));
    let (app, id) = (Arc::clone(&world.app), account.clone());
    let create = tokio::spawn(async move { app.token_create(&id, "CI", Kept::Keychain).await });
    arrived(&server, "tokens.create", 1).await;
    assert_eq!(world.app.account_remove(&account).await.unwrap_err().code, Code::Stale);
    let created = create.await.unwrap().unwrap();
    assert_eq!(created.kept, Kept::Keychain);
    world.app.account_remove(&account).await.unwrap();
    assert_eq!(world.keychain.ids(), []);
    assert_eq!(world.app.token_reveal(&created.handle).unwrap_err().code, Code::HandleExpired);
}

#[tokio::test]
async fn a_refresh_of_an_account_that_was_removed_meanwhile_says_so() {
    let Ready { world, server, account } = ready().await;
    server.fault(late("tokens.list"));
    let lists = server.requests().count("tokens.list");
    let (app, id) = (Arc::clone(&world.app), account.clone());
    let refresh = tokio::spawn(async move { app.tokens_refresh(&id).await });
    arrived(&server, "tokens.list", lists + 1).await;
    world.app.account_remove(&account).await.unwrap();
    assert_eq!(refresh.await.unwrap().unwrap_err().code, Code::NoSuchAccount);
    assert_eq!(world.app.tokens_refresh(&account).await.unwrap_err().code, Code::NoSuchAccount);
    // Adding it again starts from nothing.
    let again = world.add(&server).await;
    assert_ne!(again.id, account);
    tokio::time::timeout(Duration::from_secs(5), world.app.tokens_refresh(&again.id)).await.unwrap().unwrap();
}
