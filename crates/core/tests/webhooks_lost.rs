//! Writes of webhooks whose answer was lost: never sent twice, never forgotten.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AppError, Code,
    operations::{OperationKind, OperationState, OperationView},
    webhooks::WebhookPick,
};
use planradar_sandbox::Effect;
use support::{
    hooks::{Hooks, new_webhook, untouched},
    once, pass,
};

const TARGET: &str = "https://erp.example.com/hook";

impl Hooks {
    async fn open(&self) -> Vec<OperationView> {
        self.world.app.operations_list(&self.account).await.unwrap()
    }

    async fn refreshed(&self) -> usize {
        let view = self.world.app.webhooks_refresh(&self.account).await.unwrap();
        assert_eq!(view.error, None);
        view.rows.len()
    }

    async fn lost(&self, route: &str, done: bool, act: impl AsyncFnOnce() -> Result<(), AppError>) {
        self.server().fault(once(route, Effect::Reset { done }));
        let error = act().await.unwrap_err();
        self.server().clear_faults();
        assert_eq!(error.code, Code::LostAnswer, "{error:?}");
        let open = self.open().await;
        let is_told = |op: &OperationView| {
            op.state == OperationState::Unknown && op.lost.as_ref().is_some_and(|l| l.next_check_at.is_some())
        };
        assert!(open.len() == 1 && is_told(&open[0]), "{open:?}");
        assert_eq!(self.server().requests().count(route), 1, "never sent twice");
    }
}

#[tokio::test]
async fn a_creation_that_happened_is_found() {
    let h = Hooks::other().await;
    let before = h.refreshed().await;
    let create = async || h.world.app.webhook_save(&h.account, &new_webhook(TARGET)).await.map(drop);
    h.lost("webhooks.create", true, create).await;
    assert_eq!(h.refreshed().await, before + 1);
    assert_eq!(h.open().await, []);
}

#[tokio::test]
async fn a_creation_that_did_not_happen_stays_until_the_person_lets_it_go() {
    let h = Hooks::other().await;
    let create = async || h.world.app.webhook_save(&h.account, &new_webhook(TARGET)).await.map(drop);
    h.lost("webhooks.create", false, create).await;
    h.refreshed().await;
    let open = h.open().await;
    assert_eq!(open[0].kind, OperationKind::CreateWebhook);
    pass(&h.world, 120).await;
    let now = h.world.app.operation_check(&open[0].id).await.unwrap();
    assert_eq!((now.state, now.lost.unwrap().next_check_at), (OperationState::Unknown, None));
    h.world.app.operation_dismiss(&open[0].id).await.unwrap();
    assert_eq!(h.open().await, []);
}

#[tokio::test]
async fn a_change_is_told_apart_from_none() {
    for done in [true, false] {
        let h = Hooks::other().await;
        let mut plain = new_webhook(TARGET);
        plain.headers.remove(1);
        plain.authentication = gatehouse_core::webhooks::AuthenticationInput::None;
        let form = h.world.app.webhook_save(&h.account, &plain).await.unwrap().form;
        let mut edit = untouched(&form);
        edit.description = "Other words".to_owned();
        let update = async || h.world.app.webhook_save(&h.account, &edit).await.map(drop);
        h.lost("webhooks.update", done, update).await;
        h.refreshed().await;
        // Not done is believed only when the server has had its time.
        assert_eq!(h.open().await.is_empty(), done);
        pass(&h.world, 61).await;
        h.refreshed().await;
        assert_eq!(h.open().await, []);
    }
}

#[tokio::test]
async fn a_deletion_is_found_or_can_be_asked_for_again() {
    for done in [true, false] {
        let h = Hooks::other().await;
        let form = h.world.app.webhook_save(&h.account, &new_webhook(TARGET)).await.unwrap().form;
        let picks = [WebhookPick { id: form.id.unwrap(), base: form.base.unwrap() }];
        let delete = async || {
            let outcome = h.world.app.webhooks_delete(&h.account, &picks).await?.remove(0);
            outcome.error.map_or(Ok(()), Err)
        };
        h.lost("webhooks.delete", done, delete).await;
        h.refreshed().await;
        assert_eq!(h.open().await.is_empty(), done);
        pass(&h.world, 61).await;
        h.refreshed().await;
        assert_eq!(h.open().await, []);
    }
}

#[tokio::test]
async fn the_next_start_goes_on() {
    let mut h = Hooks::other().await;
    let create = async || h.world.app.webhook_save(&h.account, &new_webhook(TARGET)).await.map(drop);
    h.lost("webhooks.create", true, create).await;
    h.world = h.world.restarted();
    assert_eq!(h.open().await.len(), 1);
    h.refreshed().await;
    assert_eq!(h.open().await, []);
}
