//! What is learnt of an account, what the server refuses, and that two accounts stay apart.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AreaState, Code,
    accounts::NewAccount,
    ports::SecretId,
    tokens::{CloseHow, Kept},
};
use planradar_sandbox::{
    ACCOUNT_HOLDER, ADMINISTRATOR, API_USER, Effect, Fault, NO_API_USER, Options, Plan, Sandbox,
};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use support::{World, arrived, once, roomy};

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

#[tokio::test]
async fn a_limit_beyond_what_can_be_kept_is_cut() {
    let server = Sandbox::start(Options { limit: 5_000, ..roomy() }).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let view = world.app.tokens_refresh(&account).await.unwrap();
    assert_eq!(view.error, None);
    let known = world.app.start().await.unwrap().accounts.remove(0);
    assert_eq!((known.limit, world.app.limit_status(&account).await.unwrap().limit), (500, 500));
}

#[tokio::test]
async fn another_user_signs_in_and_is_known_as_such() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let tokens = server.ready().unwrap().tokens;
    let world = World::new();
    let account = world.add(&server).await.id;
    world.app.tokens_refresh(&account).await.unwrap();
    let user = || async { world.app.start().await.unwrap().accounts.remove(0).user.map(|u| u.id) };
    assert_eq!(user().await.as_deref(), Some(ACCOUNT_HOLDER));
    let wrong = world.app.account_sign_in_again(&account, secret(&"0f".repeat(16)), false).await;
    let wrong = wrong.unwrap_err();
    assert_eq!((wrong.code, wrong.field.as_deref()), (Code::Unauthorized, Some("token")));
    assert_eq!(user().await.as_deref(), Some(ACCOUNT_HOLDER), "nothing changed");
    world.app.account_sign_in_again(&account, secret(&tokens.administrator), false).await.unwrap();
    assert_eq!(user().await, None);
    world.app.tokens_refresh(&account).await.unwrap();
    assert_eq!(user().await.as_deref(), Some(ADMINISTRATOR));
    let known = world.app.start().await.unwrap().accounts.remove(0);
    assert_eq!(
        (known.is_account_holder, known.account_holder_name.as_deref()),
        (Some(false), Some("Account Holder"))
    );
}

#[tokio::test]
async fn without_a_me_route_the_person_says_who_they_are() {
    let server = Sandbox::start(Options { documented_only: true, ..roomy() }).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    world.app.tokens_refresh(&account).await.unwrap();
    assert_eq!(world.app.start().await.unwrap().accounts[0].user, None);
    let choices = world.app.account_user_choices(&account, "administrator").await.unwrap();
    assert_eq!(choices.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), [ADMINISTRATOR]);
    let set = |user, holder| world.app.account_set_identity(&account, user, holder);
    for (user, holder, field) in
        [("999999", None, "user"), ("../me", None, "user"), (ADMINISTRATOR, Some("999999"), "holder")]
    {
        let error = set(user, holder).await.unwrap_err();
        assert!(matches!(error.code, Code::Gone | Code::BadRoute), "{error:?}");
        assert_eq!(error.field.as_deref(), Some(field), "{error:?}");
    }
    assert_eq!(world.app.start().await.unwrap().accounts[0].user, None);
    let known = set(ADMINISTRATOR, Some(ACCOUNT_HOLDER)).await.unwrap();
    assert_eq!(known.account_holder_name.as_deref(), Some("Account Holder"));
    assert_eq!((known.is_account_holder, known.user.unwrap().id.as_str()), (Some(false), ADMINISTRATOR));
    // Who doesn't know the holder takes nothing back.
    let known = set(ACCOUNT_HOLDER, None).await.unwrap();
    assert_eq!(
        (known.is_account_holder, known.account_holder_name.as_deref()),
        (Some(true), Some("Account Holder"))
    );
}

#[tokio::test]
async fn a_refusal_says_why_and_ends_when_the_server_changes_its_mind() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let token = server.ready().unwrap().tokens.api_user;
    let world = World::new();
    let account = world.try_add(server.url(), server.customer_id(), &token).await.unwrap().id;
    world.app.tokens_refresh(&account).await.unwrap();
    let refused = |state: AreaState| match state {
        AreaState::Refused { reason, .. } => Some(reason),
        _ => None,
    };
    server.set_permission(API_USER, "api_documentation_access", false).unwrap();
    let view = world.app.tokens_refresh(&account).await.unwrap();
    assert_eq!(refused(view.state), Some(Code::PermissionApiAccess));
    assert!(!view.rows.is_empty(), "what was known stays on show");
    server.set_permission(API_USER, "api_documentation_access", true).unwrap();
    server.set_plan(Plan::Starter).unwrap();
    let view = world.app.capabilities_check_again(&account).await.unwrap();
    assert_eq!((refused(view.state), view.error.unwrap().code), (Some(Code::Plan), Code::Plan));
    server.set_plan(Plan::Enterprise).unwrap();
    assert_eq!(world.app.tokens_refresh(&account).await.unwrap().state, AreaState::Offered);
}

#[tokio::test]
async fn a_429_on_the_list_is_told_with_its_end_and_nothing_follows_it() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    server.fault(once("tokens.list", Effect::Status { status: 429, done: false }));
    let error = world.app.tokens_refresh(&account).await.unwrap().error.unwrap();
    assert_eq!(error.code, Code::RateLimited);
    assert!(error.retry_at.is_some(), "{error:?}");
    let sent = server.requests().all().len();
    let error = world.app.token_create(&account, "CI", Kept::No).await.unwrap_err();
    assert!(error.code == Code::Paused && error.retry_at.is_some(), "{error:?}");
    assert_eq!(server.requests().all().len(), sent);
    assert_eq!(world.app.operations_list(&account).await.unwrap(), []);
    assert!(world.app.limit_status(&account).await.unwrap().paused_until.is_some());
}

#[tokio::test]
async fn a_429_on_a_write_is_no_lost_answer_and_nothing_follows_it() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    world.app.tokens_refresh(&account).await.unwrap();
    server.fault(once("tokens.create", Effect::Status { status: 429, done: false }));
    let error = world.app.token_create(&account, "CI", Kept::Keychain).await.unwrap_err();
    assert!(error.code == Code::RateLimited && error.retry_at.is_some(), "{error:?}");
    let sent = server.requests().all().len();
    assert_eq!(world.app.operations_list(&account).await.unwrap(), []);
    let view = world.app.tokens_refresh(&account).await.unwrap();
    assert_eq!(view.error.unwrap().code, Code::Paused);
    let world = world.restarted();
    let error = world.app.token_create(&account, "CI", Kept::Keychain).await.unwrap_err();
    assert_eq!(error.code, Code::Paused);
    assert_eq!(server.requests().all().len(), sent, "no look, no second try, also after a restart");
}

#[tokio::test]
async fn the_same_token_elsewhere_needs_the_token_to_be_there() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let token = server.ready().unwrap().tokens.account_holder;
    let world = World::new();
    let input = NewAccount {
        server: Some(server.url().to_owned()),
        customer_id: server.customer_id().to_owned(),
        label: None,
        session_only: true,
    };
    let account = world.app.account_add(input, secret(&token)).await.unwrap().id;
    let error = world.app.account_add_same_token(&account, "4711", None).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::WrongAccountId, Some("customerId")));
    let twin = world.app.account_add_same_token(&account, server.customer_id(), None).await.unwrap_err();
    assert_eq!(twin.field.as_deref(), Some("customerId"));
    let world = world.restarted();
    let error = world.app.account_add_same_token(&account, "4711", None).await.unwrap_err();
    assert_eq!(error.code, Code::SignInMissing);
}

#[tokio::test]
async fn two_accounts_with_equal_ids_stay_apart() {
    let (one, two) = (Sandbox::start(roomy()).await.unwrap(), Sandbox::start(roomy()).await.unwrap());
    let world = World::new();
    let (a, b) = (world.add(&one).await.id, world.add(&two).await.id);
    let mut values = Vec::new();
    for account in [&a, &b] {
        world.app.tokens_refresh(account).await.unwrap();
        let created = world.app.token_create(account, "CI", Kept::Keychain).await.unwrap();
        values.push(world.app.token_reveal(&created.handle).unwrap().expose_secret().to_owned());
        world.app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    }
    let row =
        |view: gatehouse_core::tokens::TokensView| view.rows.into_iter().find(|r| r.name == "CI").unwrap();
    let in_a = row(world.app.tokens_view(&a).await.unwrap());
    let in_b = row(world.app.tokens_view(&b).await.unwrap());
    assert_eq!(in_a.id, in_b.id, "the point of this test");
    world.app.token_copy_kept(&a, &in_a.id).await.unwrap();
    assert_eq!(world.clipboard.text(), values[0]);
    world.app.token_delete(&a, &in_a.id, "CI", in_a.created_on.as_deref(), false).await.unwrap();
    assert_eq!(two.requests().count("tokens.delete"), 0);
    world.app.token_copy_kept(&b, &in_b.id).await.unwrap();
    assert_eq!(world.clipboard.text(), values[1]);
    world.app.account_remove(&a).await.unwrap();
    world.app.token_verify(&b, &in_b.id).await.unwrap();
    assert!(world.keychain.ids().contains(&SecretId::SignIn { account: b.clone() }));
}

#[tokio::test]
async fn removal_takes_every_kind_of_secret_along() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let tokens = server.ready().unwrap().tokens;
    let world = World::new();
    let account = world.add(&server).await.id;
    world.app.tokens_refresh(&account).await.unwrap();
    world.app.token_paste(&account, "Kept", secret(&tokens.api_user), false).await.unwrap();
    world.app.token_paste(&account, "Session", secret(&tokens.administrator), true).await.unwrap();
    let shown = world.app.token_create(&account, "CI", Kept::Keychain).await.unwrap();
    assert_eq!(world.keychain.ids().len(), 3);
    let session = |places: Vec<gatehouse_core::settings::KeptPlace>| {
        places
            .into_iter()
            .find(|p| p.what == gatehouse_core::settings::KeptWhat::SessionSecrets)
            .unwrap()
            .count
    };
    assert_eq!(session(world.app.kept_places().await.unwrap()), Some(1));
    world.app.account_remove(&account).await.unwrap();
    assert_eq!(world.keychain.ids(), []);
    assert_eq!(session(world.app.kept_places().await.unwrap()), Some(0));
    assert_eq!(world.app.token_reveal(&shown.handle).unwrap_err().code, Code::HandleExpired);
}

#[tokio::test]
async fn what_a_user_without_api_access_pastes_is_told_at_the_value() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let stranger = server.issue_token(NO_API_USER, "x").unwrap();
    let error = world.app.token_paste(&account, "ERP", stranger, false).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::PermissionApiAccess, Some("value")));
    let kept = tokio::time::timeout(Duration::from_secs(5), world.app.tokens_view(&account)).await;
    assert_eq!(kept.unwrap().unwrap().rows, []);
}

#[tokio::test]
async fn a_share_that_is_set_while_the_account_is_asked_for_stays() {
    let server = Sandbox::start(Options { limit: 400, ..roomy() }).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    for after_ms in [0, 5, 20, 50] {
        world.other_program().forget_capabilities(&account, None).unwrap();
        server.fault(Fault {
            method: None,
            route: Some("account".to_owned()),
            nth: Some(1),
            effect: Effect::Latency { before_ms: 30, after_ms },
        });
        let refresh = world.app.tokens_refresh(&account);
        let set = async {
            arrived(&server, "account", 1).await;
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            world.app.limit_set(&account, 400, 300 + u32::try_from(after_ms).unwrap()).await.unwrap();
        };
        tokio::join!(async { refresh.await.unwrap() }, set);
        let share = world.app.limit_status(&account).await.unwrap().share;
        assert_eq!(share, 300 + u32::try_from(after_ms).unwrap());
        let stored = world.app.start().await.unwrap().accounts.remove(0).share;
        assert_eq!(share, stored);
        server.clear_faults();
    }
}
