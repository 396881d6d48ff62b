//! A keychain that answers after the person went on without it, and by then something else is true.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AppError, Code,
    accounts::{AccountView, SignIn},
    notices::{KeychainOutcome, Notice},
    tokens::Kept,
};
use planradar_sandbox::ACCOUNT_HOLDER;
use std::sync::Arc;
use support::{Ready, World, go_on_without, heard, ready, until};
use tokio::{sync::watch, task::JoinHandle};

impl Ready {
    /// Signs in again with a new token, up to the person who goes on without the keychain.
    async fn skipped(&self) -> watch::Sender<bool> {
        let go = self.world.keychain.hang();
        let token = self.server.issue_token(ACCOUNT_HOLDER, "Late").unwrap();
        let (app, id) = (Arc::clone(&self.world.app), self.account.clone());
        let again: JoinHandle<Result<AccountView, AppError>> =
            tokio::spawn(async move { app.account_sign_in_again(&id, token, false).await });
        self.world.keychain.held_up().await;
        go_on_without(&self.world).await;
        assert_eq!(again.await.unwrap().unwrap_err().code, Code::KeychainSkipped);
        go
    }
}

/// The keychain answers now; what follows from it has happened when this returns.
async fn answers_late(world: &World, go: &watch::Sender<bool>, entries: usize) {
    go.send(true).unwrap();
    heard(world, |n| {
        matches!(n, Notice::KeychainSettled { outcome: KeychainOutcome::LateDone, .. }).then_some(())
    })
    .await;
    until(&format!("{entries} entries"), async || world.keychain.ids().len() == entries).await;
}

#[tokio::test]
async fn a_sign_in_of_this_session_is_not_overtaken_by_one_that_comes_late() {
    let r = ready().await;
    let go = r.skipped().await;
    let session = r.server.issue_token(ACCOUNT_HOLDER, "Session").unwrap();
    let view = r.world.app.account_sign_in_again(&r.account, session, true).await.unwrap();
    assert_eq!(view.sign_in, SignIn::Session);
    answers_late(&r.world, &go, 0).await;
    let start = r.world.app.start().await.unwrap();
    assert_eq!(start.accounts[0].sign_in, SignIn::Session);
    let view = r.world.app.tokens_refresh(&r.account).await.unwrap();
    assert_eq!(view.error, None, "the one that was chosen last still signs in");
}

#[tokio::test]
async fn the_keychain_that_comes_late_takes_over_from_the_session() {
    let r = ready().await;
    let session = r.server.issue_token(ACCOUNT_HOLDER, "Session").unwrap();
    r.world.app.account_sign_in_again(&r.account, session, true).await.unwrap();
    let go = r.skipped().await;
    r.world.notices.take();
    answers_late(&r.world, &go, 1).await;
    let over = async || r.world.app.start().await.unwrap().accounts[0].sign_in == SignIn::Keychain;
    until("the sign-in from the keychain", over).await;
    let used = async || {
        let view = r.world.app.tokens_refresh(&r.account).await.unwrap();
        view.rows.into_iter().find(|row| row.name == "Late").unwrap().last_used_on
    };
    assert_ne!(used().await, used().await, "it is what signs in, now and after the next start");
}

#[tokio::test]
async fn nothing_of_a_removed_account_comes_back_late() {
    let r = ready().await;
    let go = r.skipped().await;
    // The deletion of the entry is stuck behind it, and is gone without as well.
    let (app, id) = (Arc::clone(&r.world.app), r.account.clone());
    let remove = tokio::spawn(async move { app.account_remove(&id).await });
    r.world.keychain.held_up().await;
    go_on_without(&r.world).await;
    assert_eq!(remove.await.unwrap().unwrap_err().code, Code::KeychainSkipped);
    // Another program removes it meanwhile.
    r.world.other_program().remove_account(&r.account).unwrap();
    answers_late(&r.world, &go, 0).await;
    assert_eq!(r.world.app.start().await.unwrap().accounts, []);
}

#[tokio::test]
async fn a_token_of_a_removed_account_does_not_stay_in_the_keychain() {
    let r = ready().await;
    let go = r.world.keychain.hang();
    let (app, id) = (Arc::clone(&r.world.app), r.account.clone());
    let create = tokio::spawn(async move { app.token_create(&id, "CI", Kept::Keychain).await });
    r.world.keychain.held_up().await;
    go_on_without(&r.world).await;
    assert_eq!(create.await.unwrap().unwrap().keep_error.unwrap().code, Code::KeychainSkipped);
    r.world.other_program().remove_account(&r.account).unwrap();
    answers_late(&r.world, &go, 1).await;
}
