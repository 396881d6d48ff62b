//! A database, a keychain or another program that gets in the way: nothing is stuck, nothing is left behind.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    operations::{LostAnswer, OperationKind, OperationView},
    ports::SecretStoreError,
    tokens::{CloseHow, CreatedToken, Kept},
};
use gatehouse_store::{OperationState as State, Store};
use planradar_sandbox::{Effect, Fault};
use std::sync::Arc;
use support::{Ready, arrived, found, once, pass, ready};
use tokio::task::JoinHandle;

impl Ready {
    async fn operations(&self) -> Vec<OperationView> {
        self.world.app.operations_list(&self.account).await.unwrap()
    }

    /// The lost answer, once it is as it has to be.
    async fn lost_when(&self, is: impl Fn(&LostAnswer) -> bool) -> LostAnswer {
        found("the lost answer as it has to be", async || self.operations().await.remove(0).lost.filter(&is))
            .await
    }

    /// Begins to create a token; the server has made it, and its answer is on the way.
    async fn creating(&self) -> JoinHandle<CreatedToken> {
        self.server.fault(once("tokens.create", Effect::Latency { before_ms: 0, after_ms: 300 }));
        let (app, id) = (Arc::clone(&self.world.app), self.account.clone());
        let create = tokio::spawn(async move { app.token_create(&id, "CI", Kept::Keychain).await.unwrap() });
        arrived(&self.server, "tokens.create", 1).await;
        create
    }
}

#[tokio::test]
async fn a_value_that_can_not_be_noted_is_not_left_in_the_keychain() {
    let r = ready().await;
    let create = r.creating().await;
    r.world.store.wipe().unwrap();
    let created = create.await.unwrap();
    assert_eq!(created.keep_error.unwrap().code, Code::StoreFailed);
    assert_eq!(r.world.keychain.ids().len(), 1, "only the sign-in: nobody would look for anything else");
    // The person has pasted it where it is needed: that ends the dialog, whatever the database says.
    assert!(!r.world.app.may_quit(true));
    r.world.app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    assert!(r.world.app.may_quit(false));
    r.world.app.set_unsaved(true);
    assert!(!r.world.app.may_quit(false));
    assert!(r.world.app.may_quit(true), "the person lets it go");
}

#[tokio::test]
async fn a_creation_that_another_program_took_for_lost_is_found_again() {
    let r = ready().await;
    let create = r.creating().await;
    // Another program lists, and sees an answer that has not come yet.
    let other = r.world.other_program();
    let lost = other.open_operations(Some(&r.account)).unwrap().remove(0);
    other
        .advance_operation(
            &lost.id,
            State::Sent,
            State::Unknown,
            &serde_json::Map::new(),
            jiff::Timestamp::now(),
        )
        .unwrap();
    let created = create.await.unwrap();
    assert_eq!((created.kept, created.keep_error), (Kept::Keychain, None));
    assert_eq!(r.operations().await, [], "no good token is shown as lost");
    assert_eq!(other.operation(&lost.id).unwrap().unwrap().state, State::Stored);
    r.world.app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    assert_eq!(Store::open_operations(&other, None).unwrap(), []);
}

#[tokio::test]
async fn a_locked_keychain_does_not_hold_up_what_the_list_settles() {
    let r = ready().await;
    let app = &r.world.app;
    let created = app.token_create(&r.account, "CI", Kept::Keychain).await.unwrap();
    app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    let rows = app.tokens_view(&r.account).await.unwrap().rows;
    let row = rows.into_iter().find(|row| row.id == created.token_id).unwrap();
    // The answer to the deletion is lost, and so is the look at the list.
    r.server.fault(once("tokens.delete", Effect::Reset { done: true }));
    r.server
        .fault(Fault { nth: Some(2), ..once("tokens.list", Effect::Status { status: 403, done: false }) });
    let lost = app.token_delete(&r.account, &row.id, "CI", row.created_on.as_deref(), false).await;
    assert_eq!(lost.unwrap_err().code, Code::LostAnswer);
    assert_eq!(r.operations().await[0].kind, OperationKind::DeleteToken);

    r.world.keychain.fail(Some(SecretStoreError::Locked("x".into())));
    let view = app.tokens_refresh(&r.account).await.unwrap();
    assert_eq!(view.error, None, "the list has come");
    assert_eq!(r.operations().await, [], "the token is gone, that is certain");
    // Its value is shown as what it is, until it can be forgotten.
    assert!(view.rows.iter().any(|row| row.name == "CI" && row.gone && row.kept == Kept::Keychain));
    r.world.keychain.fail(None);
    app.token_forget(&r.account, &created.token_id).await.unwrap();
    assert_eq!(r.world.keychain.ids().len(), 1);
}

#[tokio::test]
async fn a_look_that_fails_is_made_again() {
    let r = ready().await;
    r.server.fault(once("tokens.create", Effect::Reset { done: true }));
    // Broken for longer than a minute: the look at once fails, and so does the one after it.
    for nth in [2, 3] {
        let fault = once("tokens.list", Effect::Status { status: 403, done: false });
        r.server.fault(Fault { nth: Some(nth), ..fault });
    }
    let error = r.world.app.token_create(&r.account, "CI", Kept::No).await.unwrap_err();
    assert_eq!(error.code, Code::LostAnswer);
    let first = r.operations().await.remove(0).lost.unwrap();
    assert_eq!(first.candidates, []);
    pass(&r.world, 61).await;
    let second = r.lost_when(|lost| lost.next_check_at != first.next_check_at).await;
    assert!(second.candidates.is_empty() && second.next_check_at > first.next_check_at, "{second:?}");
    pass(&r.world, 61).await;
    let third = r.lost_when(|lost| lost.next_check_at != second.next_check_at).await;
    assert_eq!((third.candidates.len(), third.next_check_at), (1, None));
    assert_eq!(r.server.requests().count("tokens.create"), 1);
}

#[tokio::test]
async fn looks_that_fail_end_and_the_window_is_not_promised_another() {
    let r = ready().await;
    r.server.fault(once("tokens.create", Effect::Reset { done: true }));
    let all = Fault { nth: None, ..once("tokens.list", Effect::Status { status: 403, done: false }) };
    r.server.fault(Fault {
        nth: Some(1),
        effect: Effect::Latency { before_ms: 0, after_ms: 0 },
        ..all.clone()
    });
    r.server.fault(all);
    r.world.app.token_create(&r.account, "CI", Kept::No).await.unwrap_err();
    let mut last = r.operations().await.remove(0).lost.unwrap().next_check_at;
    let mut looks = 0;
    while last.is_some() {
        pass(&r.world, 61).await;
        last = r.lost_when(|lost| lost.next_check_at != last).await.next_check_at;
        looks += 1;
    }
    assert_eq!(looks, 10);
    let lists = r.server.requests().count("tokens.list");
    pass(&r.world, 300).await;
    assert_eq!(r.server.requests().count("tokens.list"), lists);
}
