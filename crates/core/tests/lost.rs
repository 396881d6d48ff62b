//! Answers that were lost, a journal that does not follow, and what was deleted elsewhere meanwhile.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    operations::{OperationKind, OperationState, OperationView},
    tokens::{CloseHow, CreatedToken, Kept},
};
use gatehouse_store::{Operation, OperationState as State};
use jiff::Timestamp;
use planradar_sandbox::{ACCOUNT_HOLDER, Effect};
use secrecy::ExposeSecret;
use serde_json::{Map, json};
use std::sync::Arc;
use support::{Ready, World, arrived, once, pass, ready, until};

impl Ready {
    async fn create(&self, name: &str) -> CreatedToken {
        let created = self.world.app.token_create(&self.account, name, Kept::Keychain).await.unwrap();
        self.world.app.token_close(&created.handle, CloseHow::Close).await.unwrap();
        created
    }

    /// Loses the answer to a creation that the server did not carry out, or not yet.
    async fn lose_creation(&self) {
        self.server.fault(once("tokens.create", Effect::Reset { done: false }));
        let error = self.world.app.token_create(&self.account, "CI", Kept::No).await.unwrap_err();
        assert_eq!(error.code, Code::LostAnswer);
    }

    async fn operations(&self) -> Vec<OperationView> {
        self.world.app.operations_list(&self.account).await.unwrap()
    }

    fn lists(&self) -> usize {
        self.server.requests().count("tokens.list")
    }

    /// Deletes a token as another program does.
    async fn delete_elsewhere(&self, name: &str) {
        let other = World::new();
        let token = self.server.issue_token(ACCOUNT_HOLDER, "Elsewhere").unwrap();
        let token = token.expose_secret();
        let account = other.try_add(self.server.url(), self.server.customer_id(), token).await.unwrap().id;
        let view = other.app.tokens_refresh(&account).await.unwrap();
        let row = view.rows.into_iter().find(|r| r.name == name).unwrap();
        other.app.token_mark_own(&account, &view_own(&other, &account).await).await.unwrap();
        other.app.token_delete(&account, &row.id, name, row.created_on.as_deref(), false).await.unwrap();
    }
}

async fn view_own(world: &World, account: &str) -> String {
    let rows = world.app.tokens_view(account).await.unwrap().rows;
    rows.into_iter().find(|r| r.name == "Elsewhere").unwrap().id
}

#[tokio::test]
async fn a_token_that_comes_late_is_found_a_minute_later() {
    let r = ready().await;
    r.lose_creation().await;
    let lost = r.operations().await.remove(0).lost.unwrap();
    assert!(lost.candidates.is_empty() && lost.next_check_at.is_some(), "{lost:?}");
    let lists = r.lists();
    pass(&r.world, 59).await;
    assert_eq!(r.lists(), lists);
    // The server carries the creation out only now.
    r.server.issue_token(ACCOUNT_HOLDER, "CI").unwrap();
    pass(&r.world, 2).await;
    arrived(&r.server, "tokens.list", lists + 1).await;
    let candidates = async || !r.operations().await[0].lost.as_ref().unwrap().candidates.is_empty();
    until("a candidate", candidates).await;
    let lost = r.operations().await.remove(0).lost.unwrap();
    assert_eq!((lost.candidates[0].name.as_str(), lost.next_check_at), ("CI", None));
    assert_eq!(r.server.requests().count("tokens.create"), 1);
}

#[tokio::test]
async fn looking_by_hand_brings_no_more_looks_and_the_looks_end() {
    let r = ready().await;
    r.lose_creation().await;
    for _ in 0..3 {
        r.world.app.tokens_refresh(&r.account).await.unwrap();
    }
    let lists = r.lists();
    pass(&r.world, 61).await;
    let looked = async || r.operations().await[0].lost.as_ref().unwrap().next_check_at.is_none();
    until("the last look", looked).await;
    for _ in 0..3 {
        pass(&r.world, 61).await;
    }
    assert_eq!(r.lists(), lists + 1);
    // Still shown: only the person ends it.
    let operation = r.operations().await.remove(0);
    assert_eq!(operation.state, OperationState::Unknown);
    r.world.app.operation_dismiss(&operation.id).await.unwrap();
    assert_eq!(r.operations().await, []);
}

#[tokio::test]
async fn a_share_of_one_is_enough_for_every_step() {
    let r = ready().await;
    r.world.app.limit_set(&r.account, 500, 1).await.unwrap();
    let created = r.world.app.token_create(&r.account, "CI", Kept::No).await.unwrap();
    r.world.app.token_close(&created.handle, CloseHow::DeleteToken).await.unwrap();
    assert_eq!(r.server.requests().count("tokens.delete"), 1);
}

#[tokio::test]
async fn a_value_stays_on_show_when_the_database_does_not_follow() {
    let r = ready().await;
    r.server.fault(once("tokens.create", Effect::Latency { before_ms: 0, after_ms: 300 }));
    let (app, id) = (Arc::clone(&r.world.app), r.account.clone());
    let create = tokio::spawn(async move { app.token_create(&id, "CI", Kept::Keychain).await });
    arrived(&r.server, "tokens.create", 1).await;
    // From now on every step on it fails.
    r.world.store.wipe().unwrap();
    let created = create.await.unwrap().unwrap();
    assert_eq!(created.kept, Kept::No);
    assert_eq!(created.keep_error.unwrap().code, Code::StoreFailed);
    assert!(r.world.app.token_reveal(&created.handle).unwrap().expose_secret().len() > 16);
}

#[tokio::test]
async fn a_deletion_that_was_lost_on_the_way_is_told_and_can_be_done_again() {
    let r = ready().await;
    let created = r.create("CI").await;
    let rows = r.world.app.tokens_view(&r.account).await.unwrap().rows;
    let row = rows.into_iter().find(|row| row.id == created.token_id).unwrap();
    let delete = || r.world.app.token_delete(&r.account, &row.id, "CI", row.created_on.as_deref(), false);
    r.server.fault(once("tokens.delete", Effect::Reset { done: false }));
    assert_eq!(delete().await.unwrap_err().code, Code::LostAnswer);
    let operation = r.operations().await.remove(0);
    assert_eq!((operation.kind, operation.state), (OperationKind::DeleteToken, OperationState::Unknown));
    pass(&r.world, 61).await;
    until("the operation's end", async || r.operations().await.is_empty()).await;
    assert_eq!(r.server.requests().count("tokens.delete"), 1, "never sent again by itself");
    assert_eq!(r.world.keychain.ids().len(), 2, "its value stays as long as it works");
    delete().await.unwrap();
    assert_eq!(r.world.keychain.ids().len(), 1);
}

#[tokio::test]
async fn a_new_token_is_never_taken_for_the_own_one() {
    let r = ready().await;
    let created = r.world.app.token_create(&r.account, "CI", Kept::No).await.unwrap();
    // As on a server that tells no dates: any of them may be the own.
    let store = r.world.other_program();
    store.drop_cached(&r.account, "tokens.own-clues").unwrap();
    store.change_account(&r.account, |a| a.sign_in_token_id = None).unwrap();
    r.world.app.token_close(&created.handle, CloseHow::DeleteToken).await.unwrap();
    assert_eq!(r.server.requests().count("tokens.delete"), 1);
}

#[tokio::test]
async fn what_was_deleted_elsewhere_can_still_be_closed_and_stopped() {
    let r = ready().await;
    let shown = r.world.app.token_create(&r.account, "CI", Kept::Keychain).await.unwrap();
    let old = r.create("ERP").await;
    let new = r.world.app.replace_start(&r.account, &old.token_id, "ERP 2", Kept::Keychain).await.unwrap();
    r.delete_elsewhere("CI").await;
    r.delete_elsewhere("ERP 2").await;
    r.world.app.tokens_refresh(&r.account).await.unwrap();
    r.world.app.token_close(&shown.handle, CloseHow::DeleteToken).await.unwrap();
    r.world.app.replace_stop(&new.operation, true).await.unwrap();
    r.world.app.token_close(&new.handle, CloseHow::Close).await.unwrap();
    assert_eq!(r.operations().await, []);
    assert_eq!(r.server.requests().count("tokens.delete"), 2, "only those of the other program");
    assert_eq!(r.world.keychain.ids().len(), 2, "the sign-in and the old token");
}

#[tokio::test]
async fn the_old_token_stays_when_the_new_one_is_gone() {
    let r = ready().await;
    let old = r.create("ERP").await;
    let new = r.world.app.replace_start(&r.account, &old.token_id, "ERP 2", Kept::Keychain).await.unwrap();
    r.world.app.token_close(&new.handle, CloseHow::Close).await.unwrap();
    r.delete_elsewhere("ERP 2").await;
    let error = r.world.app.replace_finish(&new.operation).await.unwrap_err();
    assert_eq!(error.code, Code::Stale, "{error:?}");
    let view = r.world.app.tokens_refresh(&r.account).await.unwrap();
    assert!(view.rows.iter().any(|row| row.name == "ERP" && !row.gone), "{view:?}");
    assert_eq!(r.operations().await, [], "there is nothing to replace with any more");
}

#[tokio::test]
async fn each_state_is_settled_or_shown_at_the_next_start() {
    let mut r = ready().await;
    let token = r.create("CI").await.token_id;
    let store = r.world.other_program();
    let now = Timestamp::now();
    let data = json!({ "token_id": token, "known_ids": [], "old_id": "4711", "keep": "no" });
    let begin = |kind: &str, states: &[State]| {
        let operation = Operation::planned(&r.account, kind, "CI", data.clone(), now);
        store.insert_operation(&operation).unwrap();
        let mut before = State::Planned;
        for state in states {
            store.advance_operation(&operation.id, before, *state, &Map::new(), now).unwrap();
            before = *state;
        }
        operation.id
    };
    let kinds = ["create_token", "delete_token", "replace_token", "replace_sign_in"];
    for kind in kinds {
        begin(kind, &[]);
    }
    begin("create_token", &[State::Sent, State::Answered, State::Stored]);
    begin("delete_token", &[State::Sent, State::Answered]);
    let unreadable = begin("of_a_later_version", &[State::Sent]);
    let sent: Vec<_> = kinds.iter().map(|kind| begin(kind, &[State::Sent])).collect();
    let answered = begin("replace_token", &[State::Sent, State::Answered]);

    // That program has ended as well: what it began is nobody's.
    drop(store);
    r.world = r.world.restarted();
    let shown = |operations: Vec<OperationView>| {
        let mut ids: Vec<_> = operations.into_iter().map(|o| o.id).collect();
        ids.sort();
        ids
    };
    let mut expected = sent.clone();
    expected.extend([answered, unreadable.clone()]);
    expected.sort();
    assert_eq!(shown(r.operations().await), expected);
    r.world.app.tokens_refresh(&r.account).await.unwrap();
    for operation in r.operations().await {
        assert_eq!(operation.kind == OperationKind::Unreadable, operation.id == unreadable);
        if operation.kind == OperationKind::DeleteToken {
            assert_eq!(operation.state, OperationState::Abandoned, "{operation:?}");
        }
        r.world.app.operation_dismiss(&operation.id).await.unwrap();
    }
    assert_eq!(r.world.store.open_operations(None).unwrap(), []);
    assert_eq!(r.server.requests().count("tokens.create") + r.server.requests().count("tokens.delete"), 1);
}
