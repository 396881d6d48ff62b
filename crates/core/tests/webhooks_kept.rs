//! Hidden values that are kept in the keychain too: sent again only while they surely are what the server has.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    notices::{KeychainOutcome, Notice},
    ports::{SecretId, SecretStoreError},
    webhooks::{HiddenFate, ProblemCode, ValueInput, WebhookForm, WebhookInput, WebhookPick},
};
use planradar_sandbox::Effect;
use std::sync::Arc;
use support::{
    go_on_without, heard,
    hooks::{HIDDEN, Hooks, Receiver, new_webhook, secret, untouched},
    once, until,
};

const NEWER: &str = "n3wer-v4lue-55e1";

impl Hooks {
    async fn with_kept(target: &str) -> (Self, WebhookForm) {
        let h = Self::other().await;
        let input = WebhookInput { keep_values: true, ..new_webhook(target) };
        let saved = h.world.app.webhook_save(&h.account, &input).await.unwrap();
        assert_eq!(saved.keep_error, None);
        (h, saved.form)
    }

    /// How many hidden values the keychain has.
    fn kept(&self) -> usize {
        let ids = self.world.keychain.ids();
        ids.iter().filter(|id| matches!(id, SecretId::Hidden { .. })).count()
    }

    async fn fates(&self, input: &WebhookInput) -> Vec<HiddenFate> {
        let plan = self.world.app.webhook_check(&self.account, input).await.unwrap();
        plan.hidden.iter().map(|h| h.what).collect()
    }

    async fn form(&self, id: Option<&str>) -> WebhookForm {
        self.world.app.webhook_form(&self.account, id).await.unwrap()
    }
}

#[tokio::test]
async fn where_keeping_is_not_proven_the_kept_value_is_sent_again() {
    let receiver = Receiver::start().await;
    let (h, form) = Hooks::with_kept(&receiver.url).await;
    assert!(form.headers[1].stored.kept_here && h.kept() == 2);
    let mut edit = untouched(&form);
    edit.description = "Other words".to_owned();
    assert_eq!(h.fates(&edit).await, [HiddenFate::FromKeychain; 2]);
    let saved = h.world.app.webhook_save(&h.account, &edit).await.unwrap();
    assert!(saved.differs.is_empty() && saved.form.headers[1].stored.kept_here);
    h.ticket().await;
    assert!(receiver.take()[0].contains(&format!("X-API-Key: {HIDDEN}\r\n")));

    h.world.app.webhook_copy_value(&h.account, &form.id.clone().unwrap(), "x-api-key").await.unwrap();
    assert_eq!(h.world.clipboard.text(), HIDDEN);

    // Pausing is a write too.
    let pick = |form: &WebhookForm| {
        vec![WebhookPick { id: form.id.clone().unwrap(), base: form.base.clone().unwrap() }]
    };
    let paused = h.world.app.webhooks_set_active(&h.account, &pick(&saved.form), false).await.unwrap();
    assert_eq!(paused[0].error, None);
    let now = h.form(form.id.as_deref()).await;
    assert!(!now.active && now.headers[1].stored.kept_here, "{now:?}");

    // No longer wished: the entries go.
    let edit = WebhookInput { keep_values: false, ..untouched(&now) };
    h.world.app.webhook_save(&h.account, &edit).await.unwrap();
    assert_eq!(h.kept(), 0);
    let now = h.form(form.id.as_deref()).await;
    assert_eq!(h.fates(&untouched(&now)).await, [HiddenFate::Unproven; 2]);
    let refused = h.world.app.webhooks_set_active(&h.account, &pick(&now), true).await.unwrap();
    assert_eq!(refused[0].error.as_ref().map(|e| e.code), Some(Code::Invalid));
}

#[tokio::test]
async fn a_duplicate_takes_kept_values_along_and_asks_for_the_others() {
    let receiver = Receiver::start().await;
    let (h, form) = Hooks::with_kept(&receiver.url).await;
    let id = form.id.clone().unwrap();
    let copy = h.world.app.webhook_duplicate(&h.account, &id).await.unwrap();
    assert!(copy.id.is_none() && !copy.active && copy.headers[1].stored.kept_here);
    let mut input = WebhookInput { copy_of: Some(id.clone()), active: true, ..untouched(&copy) };
    input.description = "A copy".to_owned();
    assert_eq!(h.fates(&input).await, [HiddenFate::EnterAgain; 2], "there is nothing stored to keep");
    input.headers[1].value = ValueInput::Kept;
    let gatehouse_core::webhooks::AuthenticationInput::Basic { password, .. } = &mut input.authentication
    else {
        panic!()
    };
    *password = ValueInput::Kept;
    assert_eq!(h.fates(&input).await, [HiddenFate::FromKeychain; 2]);
    h.world.app.webhook_save(&h.account, &input).await.unwrap();
    assert_eq!(h.kept(), 4, "the copy's own");
    h.ticket().await;
    let got = receiver.take();
    assert!(got.len() == 2 && got.iter().all(|head| head.contains(HIDDEN)), "{got:?}");
    // Removing the account leaves none behind.
    h.world.app.account_remove(&h.account).await.unwrap();
    assert_eq!(h.world.keychain.ids(), []);
}

#[tokio::test]
async fn a_value_that_may_be_old_is_not_sent_again() {
    let (h, form) = Hooks::with_kept("https://erp.example.com/hook").await;
    let id = form.id.clone().unwrap();
    h.change_elsewhere(&id, "Changed elsewhere").await;
    h.world.app.webhooks_refresh(&h.account).await.unwrap();
    let now = h.form(Some(&id)).await;
    assert!(!now.headers[1].stored.kept_here, "somebody may have replaced it");
    assert_eq!(h.fates(&untouched(&now)).await, [HiddenFate::Unproven; 2]);
    // Entered again, it counts again.
    let mut edit = WebhookInput { keep_values: true, ..untouched(&now) };
    edit.headers[1].value = secret(NEWER);
    edit.authentication = gatehouse_core::webhooks::AuthenticationInput::None;
    let saved = h.world.app.webhook_save(&h.account, &edit).await.unwrap();
    assert!(saved.form.headers[1].stored.kept_here);
    assert_eq!(h.kept(), 1, "the password went with Basic");
    h.world.app.webhook_copy_value(&h.account, &id, "X-API-Key").await.unwrap();
    assert_eq!(h.world.clipboard.text(), NEWER);
}

#[tokio::test]
async fn a_lost_answer_leaves_the_kept_value_in_doubt_and_a_refusal_does_not() {
    let (h, form) = Hooks::with_kept("https://erp.example.com/hook").await;
    let id = form.id.clone().unwrap();
    let replace = || {
        let mut edit = untouched(&form);
        edit.headers[1].value = secret(NEWER);
        edit
    };
    h.server().fault(once("webhooks.update", Effect::Status { status: 403, done: false }));
    h.world.app.webhook_save(&h.account, &replace()).await.unwrap_err();
    assert!(h.form(Some(&id)).await.headers[1].stored.kept_here, "surely not replaced");

    h.server().fault(once("webhooks.update", Effect::Reset { done: true }));
    let lost = h.world.app.webhook_save(&h.account, &replace()).await.unwrap_err();
    assert_eq!(lost.code, Code::LostAnswer);
    assert_eq!(h.world.app.operations_list(&h.account).await.unwrap().len(), 1);
    h.server().clear_faults();
    h.world.app.webhooks_refresh(&h.account).await.unwrap();
    assert_eq!(
        h.world.app.operations_list(&h.account).await.unwrap(),
        [],
        "the date tells that it was saved"
    );
    let now = h.form(Some(&id)).await;
    assert!(!now.headers[1].stored.kept_here, "the keychain has the old one");
    assert_eq!(h.kept(), 2);
}

#[tokio::test]
async fn a_keychain_that_fails_is_told_and_a_late_one_is_believed() {
    let h = Hooks::other().await;
    let input = || WebhookInput { keep_values: true, ..new_webhook("https://erp.example.com/hook") };
    h.world.keychain.fail(Some(SecretStoreError::Locked("x".into())));
    // The sign-in is in memory already.
    let saved = h.world.app.webhook_save(&h.account, &input()).await.unwrap();
    assert_eq!(saved.keep_error.map(|e| e.code), Some(Code::KeychainLocked));
    assert!(!saved.form.headers[1].stored.kept_here && saved.form.headers[1].stored.set);
    h.world.keychain.fail(None);

    let go = h.world.keychain.hang();
    let (app, account) = (Arc::clone(&h.world.app), h.account.clone());
    let mut edit = WebhookInput { keep_values: true, ..untouched(&saved.form) };
    edit.headers[1].value = secret(NEWER);
    edit.authentication = gatehouse_core::webhooks::AuthenticationInput::None;
    let save = tokio::spawn(async move { app.webhook_save(&account, &edit).await });
    h.world.keychain.held_up().await;
    go_on_without(&h.world).await;
    // The password's entry is to go, and is waited for as well.
    h.world.keychain.held_up().await;
    go_on_without(&h.world).await;
    let saved = save.await.unwrap().unwrap();
    assert_eq!(saved.keep_error.map(|e| e.code), Some(Code::KeychainSkipped));
    go.send(true).unwrap();
    heard(&h.world, |n| {
        matches!(n, Notice::KeychainSettled { outcome: KeychainOutcome::LateDone, .. }).then_some(())
    })
    .await;
    let id = saved.form.id.unwrap();
    until("the value in the keychain", async || h.form(Some(&id)).await.headers[1].stored.kept_here).await;
    h.world.app.webhook_copy_value(&h.account, &id, "X-API-Key").await.unwrap();
    assert_eq!(h.world.clipboard.text(), NEWER);
}

#[tokio::test]
async fn an_entry_that_the_keychain_lost_is_told_and_asked_for() {
    let (h, form) = Hooks::with_kept("https://erp.example.com/hook").await;
    for id in h.world.keychain.ids() {
        if matches!(id, SecretId::Hidden { .. }) {
            gatehouse_core::ports::SecretStore::delete(&*h.world.keychain, &id).await.unwrap();
        }
    }
    let refused = h.world.app.webhook_save(&h.account, &untouched(&form)).await.unwrap_err();
    assert_eq!(refused.code, Code::KeychainMissing);
    assert_eq!(h.server().requests().count("webhooks.update"), 0);
    let plan = h.world.app.webhook_check(&h.account, &untouched(&form)).await.unwrap();
    assert!(plan.problems.iter().any(|p| p.code == ProblemCode::EnterAgain), "{plan:?}");
}
