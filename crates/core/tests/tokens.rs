//! Tokens: create, keep, lose an answer, delete, replace. Never a second POST, never the wrong token.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code, Details,
    operations::OperationKind,
    ports::SecretStoreError,
    tokens::{CloseHow, Kept, Own, TokenUse},
};
use planradar_sandbox::Effect;
use secrecy::ExposeSecret;
use support::{Ready, World, once, ready};

impl Ready {
    fn creations(&self) -> usize {
        self.server.requests().count("tokens.create")
    }

    async fn names(&self) -> Vec<String> {
        let view = self.world.app.tokens_refresh(&self.account).await.unwrap();
        view.rows.into_iter().filter(|r| r.own == Own::No).map(|r| r.name).collect()
    }

    /// What another program does with a token.
    async fn use_it(&self, token: &str) {
        let account = self.world.try_add(self.server.url(), self.server.customer_id(), token).await.unwrap();
        self.world.app.account_remove(&account.id).await.unwrap();
    }
}

#[tokio::test]
async fn names_are_checked_before_anything_is_sent() {
    let r = ready().await;
    for bad in ["", "  ", "a\nb", &"x".repeat(101)] {
        let error = r.world.app.token_create(&r.account, bad, Kept::Keychain).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("name")), "{bad:?}");
    }
    assert_eq!(r.creations(), 0);
}

#[tokio::test]
async fn a_value_is_on_show_until_the_dialog_closes() {
    let r = ready().await;
    let app = &r.world.app;
    let created = app.token_create(&r.account, " CI ", Kept::No).await.unwrap();
    assert_eq!((created.name.as_str(), created.kept, created.handle.len()), ("CI", Kept::No, 32));
    let value = app.token_reveal(&created.handle).unwrap().expose_secret().to_owned();
    app.token_copy_created(&created.handle).await.unwrap();
    assert_eq!(r.world.clipboard.text(), value);
    assert_eq!(app.token_keep(&created.handle, false).await.unwrap(), Kept::Keychain);
    app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    assert_eq!(app.token_reveal(&created.handle).unwrap_err().code, Code::HandleExpired);
    assert_eq!(app.token_copy_created(&created.handle).await.unwrap_err().code, Code::HandleExpired);
    assert_eq!(app.operations_list(&r.account).await.unwrap(), []);
    // Somebody else's content is left alone, ours is cleared.
    r.world.clipboard.set("something else");
    app.quitting();
    assert_eq!(r.world.clipboard.text(), "something else");
    app.token_copy_kept(&r.account, &created.token_id).await.unwrap();
    app.quitting();
    assert_eq!(r.world.clipboard.text(), "");
}

#[tokio::test]
async fn a_keychain_that_refuses_leaves_the_value_open() {
    let r = ready().await;
    let app = &r.world.app;
    r.world.keychain.fail(Some(SecretStoreError::Locked("x".into())));
    let created = app.token_create(&r.account, "CI", Kept::Keychain).await.unwrap();
    assert_eq!((created.kept, created.keep_error.as_ref().unwrap().code), (Kept::No, Code::KeychainLocked));
    assert_eq!(app.token_keep(&created.handle, false).await.unwrap_err().code, Code::KeychainLocked);
    r.world.keychain.fail(None);
    app.token_keep(&created.handle, false).await.unwrap();
    app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    app.token_verify(&r.account, &created.token_id).await.unwrap();
}

#[tokio::test]
async fn close_and_delete_leaves_nothing() {
    let r = ready().await;
    let created = r.world.app.token_create(&r.account, "CI", Kept::No).await.unwrap();
    r.world.app.token_close(&created.handle, CloseHow::DeleteToken).await.unwrap();
    assert_eq!(r.names().await, Vec::<String>::new());
    assert_eq!(r.world.app.operations_list(&r.account).await.unwrap(), []);
}

#[tokio::test]
async fn a_lost_answer_never_makes_a_second_token() {
    for effect in [
        Effect::Reset { done: true },
        Effect::Truncated,
        Effect::InvalidBody,
        Effect::Html { status: 200 },
        Effect::Status { status: 502, done: true },
        // Something on the way gave up waiting.
        Effect::Status { status: 408, done: true },
    ] {
        let r = ready().await;
        let what = format!("{effect:?}");
        r.server.fault(once("tokens.create", effect.clone()));
        let error = r.world.app.token_create(&r.account, "CI", Kept::Keychain).await.unwrap_err();
        assert_eq!(error.code, Code::LostAnswer, "{what}");
        assert!(matches!(error.details, Some(Details::Operation { .. })), "{what}");
        assert_eq!(r.creations(), 1, "{what}");
        let created = !r.names().await.is_empty();
        let ops = r.world.app.operations_list(&r.account).await.unwrap();
        let lost = ops[0].lost.clone().unwrap();
        assert_eq!((ops.len(), lost.candidates.len()), (1, usize::from(created)), "{what}: {ops:?}");
        // The same after a restart.
        let world = r.world.restarted();
        world.app.tokens_refresh(&r.account).await.unwrap();
        let ops = world.app.operations_list(&r.account).await.unwrap();
        assert_eq!(ops[0].lost.as_ref().unwrap().candidates.len(), usize::from(created), "{what}");
        if created {
            let id = &lost.candidates[0].id;
            assert_eq!(world.app.operation_delete_candidate(&ops[0].id, id).await.unwrap(), None, "{what}");
        } else {
            world.app.operation_dismiss(&ops[0].id).await.unwrap();
        }
        assert_eq!(world.app.operations_list(&r.account).await.unwrap(), [], "{what}");
        assert_eq!(r.server.requests().count("tokens.create"), 1, "{what}");
    }
}

#[tokio::test]
async fn a_refusal_is_no_lost_answer() {
    let r = ready().await;
    for (status, code) in [(422, Code::Invalid), (401, Code::Unauthorized), (403, Code::Forbidden)] {
        r.server.fault(once("tokens.create", Effect::Status { status, done: false }));
        let error = r.world.app.token_create(&r.account, "CI", Kept::Keychain).await.unwrap_err();
        assert_eq!(error.code, code);
        r.server.clear_faults();
    }
    assert_eq!(r.world.app.operations_list(&r.account).await.unwrap(), []);
    assert_eq!(r.names().await, Vec::<String>::new());
}

#[tokio::test]
async fn only_what_was_shown_is_deleted_and_the_own_token_never() {
    let r = ready().await;
    let app = &r.world.app;
    let own =
        app.tokens_view(&r.account).await.unwrap().rows.into_iter().find(|row| row.own == Own::Yes).unwrap();
    let refused = app.token_delete(&r.account, &own.id, &own.name, own.created_on.as_deref(), false).await;
    assert_eq!(refused.unwrap_err().code, Code::OwnToken);
    assert_eq!(app.replace_start(&r.account, &own.id, "x", Kept::No).await.unwrap_err().code, Code::OwnToken);

    let created = app.token_create(&r.account, "CI", Kept::Keychain).await.unwrap();
    app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    let row =
        app.tokens_view(&r.account).await.unwrap().rows.into_iter().find(|row| row.name == "CI").unwrap();
    let stale = app.token_delete(&r.account, &row.id, "Other name", row.created_on.as_deref(), false).await;
    assert_eq!(stale.unwrap_err().code, Code::Stale);
    assert_eq!(r.server.requests().count("tokens.delete"), 0);

    // The answer to the deletion is lost; the list settles it.
    r.server.fault(once("tokens.delete", Effect::Reset { done: true }));
    app.token_delete(&r.account, &row.id, &row.name, row.created_on.as_deref(), false).await.unwrap();
    assert_eq!(r.names().await, Vec::<String>::new());
    assert_eq!(r.world.keychain.ids().len(), 1, "only the sign-in is kept");
    assert_eq!(r.server.requests().count("tokens.delete"), 1);
    let gone = app.token_delete(&r.account, &row.id, &row.name, row.created_on.as_deref(), false).await;
    assert_eq!(gone.unwrap_err().code, Code::Gone);
}

#[tokio::test]
async fn replace_waits_for_somebodys_use_and_survives_restarts() {
    let mut r = ready().await;
    let old = r.world.app.token_create(&r.account, "ERP", Kept::Keychain).await.unwrap();
    let old_value = r.world.app.token_reveal(&old.handle).unwrap().expose_secret().to_owned();
    r.world.app.token_close(&old.handle, CloseHow::Close).await.unwrap();
    r.use_it(&old_value).await;
    let new = r.world.app.replace_start(&r.account, &old.token_id, "ERP 2", Kept::Keychain).await.unwrap();
    let value = r.world.app.token_reveal(&new.handle).unwrap().expose_secret().to_owned();
    let twice = r.world.app.replace_start(&r.account, &old.token_id, "ERP 3", Kept::Keychain).await;
    assert_eq!(twice.unwrap_err().code, Code::Stale);
    r.world = r.world.restarted();
    // Our own check does not count as use.
    r.world.app.tokens_refresh(&r.account).await.unwrap();
    r.world.app.token_verify(&r.account, &new.token_id).await.unwrap();
    r.world.app.replace_entered(&new.operation).await.unwrap();
    let seen = r.world.app.replace_check(&new.operation).await.unwrap().replacement.unwrap();
    assert_eq!((seen.step, seen.new.unwrap().usage, seen.new_used_since), (3, TokenUse::OnlyVerified, None));
    r.world = r.world.restarted();
    r.use_it(&value).await;
    let seen = r.world.app.replace_check(&new.operation).await.unwrap().replacement.unwrap();
    assert_eq!((seen.step, seen.new.unwrap().usage), (4, TokenUse::Used));
    assert!(seen.new_used_since.is_some() && seen.old_last_used.is_some());
    // The old one is used again: not quiet.
    r.use_it(&old_value).await;
    assert_eq!(r.world.app.replace_check(&new.operation).await.unwrap().replacement.unwrap().step, 3);
    r.world.app.replace_finish(&new.operation).await.unwrap();
    assert_eq!(r.names().await, ["ERP 2"]);
    assert_eq!(r.world.app.operations_list(&r.account).await.unwrap(), []);
    assert_eq!(r.world.app.replace_finish(&new.operation).await.unwrap_err().code, Code::Stale);
}

#[tokio::test]
async fn a_replacement_can_be_given_up_either_way() {
    let r = ready().await;
    let app = &r.world.app;
    let old = app.token_create(&r.account, "ERP", Kept::Keychain).await.unwrap();
    app.token_close(&old.handle, CloseHow::Close).await.unwrap();
    for (delete_new, left) in [(true, vec!["ERP"]), (false, vec!["ERP", "ERP 2"])] {
        let new = app.replace_start(&r.account, &old.token_id, "ERP 2", Kept::Keychain).await.unwrap();
        app.token_close(&new.handle, CloseHow::Close).await.unwrap();
        app.replace_stop(&new.operation, delete_new).await.unwrap();
        let mut names = r.names().await;
        names.sort();
        assert_eq!(names, left);
        assert_eq!(app.operations_list(&r.account).await.unwrap(), []);
    }
}

#[tokio::test]
async fn the_sign_in_is_replaced_as_a_whole_or_not_at_all() {
    for route in ["tokens.create", "projects.list", "tokens.delete"] {
        let r = ready().await;
        let app = &r.world.app;
        r.server.fault(once(route, Effect::Status { status: 403, done: false }));
        let failed = app.replace_sign_in(&r.account).await;
        assert!(failed.is_err(), "{route}");
        r.server.clear_faults();
        // Whatever failed: the account still works.
        let view = app.tokens_refresh(&r.account).await.unwrap();
        assert!(view.error.is_none(), "{route}: {view:?}");
        // And trying again goes on.
        let view = app.replace_sign_in(&r.account).await.unwrap();
        assert_eq!(view.rows.iter().filter(|row| row.own == Own::Yes).count(), 1, "{route}");
        let world = r.world.restarted();
        assert!(
            world.app.tokens_refresh(&r.account).await.unwrap().error.is_none(),
            "{route}: the new sign-in is kept"
        );
        assert_eq!(world.keychain.ids().len(), 1, "{route}: only the sign-in is kept");
        let open: Vec<_> = world.app.operations_list(&r.account).await.unwrap();
        assert!(open.iter().all(|o| o.kind != OperationKind::ReplaceSignIn), "{route}: {open:?}");
    }
}

#[tokio::test]
async fn the_demo_account_comes_back_after_a_restart() {
    let world = World::with_demo();
    let account = world.app.demo_start().await.unwrap();
    assert!(account.demo);
    assert!(world.app.tokens_refresh(&account.id).await.unwrap().error.is_none());
    let world = world.restarted();
    // Its server is at another port now, and knows nothing of the tokens before.
    world.demo_moves().await;
    let again = world.app.demo_start().await.unwrap();
    assert_eq!(again.id, account.id);
    assert_ne!(again.server, account.server);
    let view = world.app.tokens_refresh(&account.id).await.unwrap();
    assert!(view.error.is_none(), "{view:?}");
    assert_eq!(view.rows.iter().filter(|row| row.own == Own::Yes).count(), 1, "{view:?}");
    world.app.account_remove(&account.id).await.unwrap();
    assert_eq!(world.keychain.ids(), []);
}
