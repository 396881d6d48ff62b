//! Gatehouse's own token: whatever breaks while it is replaced, one that works stays, and is known as the own.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AppError, Code,
    accounts::NewAccount,
    notices::Notice,
    operations::{OperationKind, OperationView},
    ports::{SecretId, SecretStore, SecretStoreError},
    tokens::{Own, TokenRow, TokensView},
};
use planradar_sandbox::{ACCOUNT_HOLDER, Effect, Sandbox};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use support::{Ready, World, arrived, go_on_without, heard, once, ready, roomy, until};
use tokio::{sync::watch, task::JoinHandle};

/// Signed in until the program quits, with this token.
async fn ready_for_this_session() -> (Ready, String) {
    let server = Sandbox::start(roomy()).await.unwrap();
    let token = server.ready().unwrap().tokens.account_holder;
    let world = World::new();
    let input = NewAccount {
        server: Some(server.url().to_owned()),
        customer_id: server.customer_id().to_owned(),
        label: None,
        session_only: true,
    };
    let account = world.app.account_add(input, SecretString::from(token.as_str())).await.unwrap().id;
    (Ready { world, server, account }, token)
}

impl Ready {
    async fn rows(&self) -> Vec<TokenRow> {
        self.world.app.tokens_view(&self.account).await.unwrap().rows
    }

    async fn delete(&self, row: &TokenRow) -> Result<(), AppError> {
        let created = row.created_on.as_deref();
        self.world.app.token_delete(&self.account, &row.id, &row.name, created, false).await
    }

    async fn operation(&self) -> OperationView {
        self.world.app.operations_list(&self.account).await.unwrap().remove(0)
    }

    async fn works(&self) -> bool {
        self.world.app.tokens_refresh(&self.account).await.unwrap().error.is_none()
    }

    /// Begins to replace the sign-in, up to the keychain that hangs when it is to take the new one.
    async fn replacing(&self) -> (JoinHandle<Result<TokensView, AppError>>, watch::Sender<bool>) {
        self.server.fault(once("projects.list", Effect::Latency { before_ms: 0, after_ms: 300 }));
        let checks = self.server.requests().count("projects.list");
        let (app, id) = (Arc::clone(&self.world.app), self.account.clone());
        let replace = tokio::spawn(async move { app.replace_sign_in(&id).await });
        arrived(&self.server, "projects.list", checks + 1).await;
        let go = self.world.keychain.hang();
        self.world.keychain.held_up().await;
        (replace, go)
    }

    /// The program ends between the keychain's new sign-in and the note of it.
    async fn half_switched() -> (Self, String) {
        let mut r = ready().await;
        let (replace, go) = r.replacing().await;
        replace.abort();
        assert!(replace.await.unwrap_err().is_cancelled());
        r.world = r.world.restarted();
        let sign_in = SecretId::SignIn { account: r.account.clone() };
        go.send(true).unwrap();
        let old = r.server.ready().unwrap().tokens.account_holder;
        let switched = async || r.world.keychain.get(&sign_in).await.unwrap().expose_secret() != old;
        until("the new sign-in in the keychain", switched).await;
        let new = r.rows().await.into_iter().find(|row| row.own != Own::Yes).unwrap().id;
        (r, new)
    }
}

#[tokio::test]
async fn a_switch_that_nobody_noted_is_guarded_and_gone_on_with() {
    let (mut r, new) = Ready::half_switched().await;
    assert!(r.works().await);
    for row in r.rows().await {
        assert_eq!(r.delete(&row).await.unwrap_err().code, Code::OwnToken, "{row:?}");
    }
    let view = r.world.app.replace_sign_in(&r.account).await.unwrap();
    let rows: Vec<_> = view.rows.iter().map(|row| (row.id.as_str(), row.own)).collect();
    assert_eq!(rows, [(new.as_str(), Own::Yes)]);
    r.world = r.world.restarted();
    assert!(r.works().await);
    assert_eq!(r.world.keychain.ids().len(), 1);
    assert_eq!(r.world.app.operations_list(&r.account).await.unwrap(), []);
}

#[tokio::test]
async fn a_switch_that_the_keychain_made_late_is_noted() {
    let mut r = ready().await;
    let (replace, go) = r.replacing().await;
    go_on_without(&r.world).await;
    assert_eq!(replace.await.unwrap().unwrap_err().code, Code::KeychainSkipped);
    assert!(r.works().await, "the old one goes on");
    r.world.notices.take();
    go.send(true).unwrap();
    heard(&r.world, |n| matches!(n, Notice::AccountsChanged).then_some(())).await;
    assert!(r.works().await);
    let view = r.world.app.replace_sign_in(&r.account).await.unwrap();
    assert_eq!((view.rows.len(), view.rows[0].own), (1, Own::Yes), "{view:?}");
    r.world = r.world.restarted();
    assert!(r.works().await);
    assert_eq!(r.world.keychain.ids().len(), 1);
}

#[tokio::test]
async fn a_dismissed_switch_leaves_the_right_token_as_the_own() {
    let (r, new) = Ready::half_switched().await;
    r.world.app.operation_dismiss(&r.operation().await.id).await.unwrap();
    let rows = r.rows().await;
    let own: Vec<_> = rows.iter().filter(|row| row.own == Own::Yes).map(|row| row.id.clone()).collect();
    assert_eq!(own, [new]);
    let old = rows.iter().find(|row| row.own == Own::No).unwrap();
    r.delete(old).await.unwrap();
    assert!(r.works().await);
}

#[tokio::test]
async fn a_new_token_that_can_be_neither_kept_nor_deleted_is_shown() {
    let r = ready().await;
    r.world.keychain.fail(Some(SecretStoreError::Locked("x".into())));
    r.server.fault(once("tokens.delete", Effect::Status { status: 403, done: false }));
    let failed = r.world.app.replace_sign_in(&r.account).await.unwrap_err();
    assert_eq!(failed.code, Code::KeychainLocked);
    r.world.keychain.fail(None);
    r.server.clear_faults();
    let operation = r.operation().await;
    let lost = operation.lost.unwrap();
    assert!((operation.kind == OperationKind::ReplaceSignIn) && lost.created, "{lost:?}");
    let again = r.world.app.replace_sign_in(&r.account).await.unwrap_err();
    assert_eq!(again.code, Code::Stale, "{again:?}");
    let done = r.world.app.operation_delete_candidate(&operation.id, &lost.candidates[0].id).await.unwrap();
    assert_eq!(done, None);
    assert_eq!(r.rows().await.len(), 1);
    assert!(r.works().await);
    r.world.app.replace_sign_in(&r.account).await.unwrap();
}

#[tokio::test]
async fn a_new_token_that_ended_with_the_session_is_shown() {
    let (mut r, token) = ready_for_this_session().await;
    assert!(r.works().await);
    r.server.fault(once("projects.list", Effect::Status { status: 403, done: false }));
    r.world.app.replace_sign_in(&r.account).await.unwrap_err();
    r.server.clear_faults();

    r.world = r.world.restarted();
    r.world.app.account_sign_in_again(&r.account, SecretString::from(token), true).await.unwrap();
    assert!(r.works().await && r.works().await);
    let operation = r.operation().await;
    let lost = operation.lost.unwrap();
    assert!(lost.created, "{lost:?}");
    assert_eq!(r.world.app.replace_sign_in(&r.account).await.unwrap_err().code, Code::Stale);
    r.world.app.operation_delete_candidate(&operation.id, &lost.candidates[0].id).await.unwrap();
    let view = r.world.app.replace_sign_in(&r.account).await.unwrap();
    assert_eq!((view.rows.len(), view.rows[0].own), (1, Own::Yes), "{view:?}");
    assert!(r.works().await);
}

#[tokio::test]
async fn a_sign_in_that_the_keychain_took_late_is_noted() {
    let mut r = ready().await;
    assert!(r.rows().await.iter().any(|row| row.own == Own::Yes));
    let go = r.world.keychain.hang();
    let token = r.server.issue_token(ACCOUNT_HOLDER, "Gatehouse").unwrap();
    let (app, id) = (Arc::clone(&r.world.app), r.account.clone());
    let again = tokio::spawn(async move { app.account_sign_in_again(&id, token, false).await });
    r.world.keychain.held_up().await;
    go_on_without(&r.world).await;
    assert_eq!(again.await.unwrap().unwrap_err().code, Code::KeychainSkipped);
    r.world.notices.take();
    go.send(true).unwrap();
    heard(&r.world, |n| matches!(n, Notice::AccountsChanged).then_some(())).await;
    assert!(r.rows().await.iter().all(|row| row.own != Own::Yes), "the one before is no longer the own");
    r.world = r.world.restarted();
    let used = |rows: Vec<TokenRow>| rows.into_iter().find(|r| r.name == "Gatehouse").unwrap().last_used_on;
    assert!(r.works().await);
    let before = used(r.rows().await);
    assert!(r.works().await);
    assert_ne!(before, used(r.rows().await), "it is what signs in");
}

#[tokio::test]
async fn it_is_kept_where_the_sign_in_is_kept_by_then() {
    let (mut r, token) = ready_for_this_session().await;
    assert!(r.works().await);
    r.server.fault(once("projects.list", Effect::Status { status: 403, done: false }));
    r.world.app.replace_sign_in(&r.account).await.unwrap_err();
    r.server.clear_faults();
    // Meanwhile a keychain has come.
    r.world.app.account_sign_in_again(&r.account, SecretString::from(token), false).await.unwrap();
    r.world.app.replace_sign_in(&r.account).await.unwrap();
    r.world = r.world.restarted();
    assert!(r.works().await, "the keychain has the new one, not the one that was deleted");
    assert_eq!((r.rows().await.len(), r.world.keychain.ids().len()), (1, 1));
}
