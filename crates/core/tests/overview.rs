//! The Overview from what is known, and creating the users that it recommends.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code, Details,
    accounts::AccountView,
    operations::OperationKind,
    overview::AttentionKind,
    tokens::{CloseHow, Kept},
    users::{NewMembership, NewUserInput},
};
use planradar_sandbox::{Effect, Options, Sandbox};
use support::{
    World, heard,
    hooks::{PROJECT, seeded},
    once,
};

async fn ready() -> (World, Sandbox, AccountView) {
    let server = Sandbox::start(seeded()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await;
    (world, server, account)
}

#[tokio::test]
async fn figures_come_from_what_is_known_and_cost_no_request() {
    let (world, server, account) = ready().await;
    let app = &world.app;
    let empty = app.overview(&account.id).await.unwrap();
    assert!(empty.tokens.is_none() && empty.webhooks.is_none() && empty.users.is_none());
    app.tokens_refresh(&account.id).await.unwrap();
    app.webhooks_refresh(&account.id).await.unwrap();
    app.users_refresh(&account.id).await.unwrap();
    world.notices.take();
    let job = app.inventory_start(&account.id, gatehouse_core::users::InventoryWhom::ApiUsers).await.unwrap();
    heard(&world, |n| match n {
        gatehouse_core::notices::Notice::JobChanged { job: now }
            if now.id == job.id && now.done == now.total =>
        {
            Some(())
        }
        _ => None,
    })
    .await;
    let sent = server.requests().all().len();
    let view = app.overview(&account.id).await.unwrap();
    assert_eq!(server.requests().all().len(), sent);
    let webhooks = view.webhooks.unwrap();
    assert_eq!((webhooks.active, webhooks.paused, webhooks.failing), (3, 1, None), "nobody looked");
    let rows = app.webhooks_view(&account.id).await.unwrap().rows;
    for row in rows.iter().filter(|row| row.active) {
        app.webhook_deliveries(&account.id, &row.id).await.unwrap();
    }
    let sent = server.requests().all().len();
    let view = app.overview(&account.id).await.unwrap();
    assert_eq!((view.webhooks.unwrap().failing, server.requests().all().len()), (Some(1), sent));
    assert_eq!(view.users.as_ref().map(|u| (u.total, u.complete)), Some((Some(14), true)));
    assert!(view.tokens.unwrap().total >= 4);
    assert_eq!((view.requests.len(), view.requests.iter().sum::<u32>() as usize), (60, sent - 1));
    let kinds: Vec<_> = view.attention.iter().map(|a| a.kind).collect();
    for kind in [
        AttentionKind::TokenUnused,
        AttentionKind::TokenOfInactive,
        AttentionKind::TokenOfPerson,
        AttentionKind::WebhookPlainHttp,
        AttentionKind::WebhookFailing,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}: {:?}", view.attention);
    }
    // Others' tokens too, each told of once: one's own are in their own list.
    let of_age: Vec<_> = view
        .attention
        .iter()
        .filter(|a| a.kind == AttentionKind::TokenUnused || a.kind == AttentionKind::TokenOld)
        .collect();
    let me = account.user.as_ref().map(|user| format!("{}/", user.id));
    assert!(
        of_age.iter().any(|a| a.id.contains('/')) && of_age.iter().any(|a| !a.id.contains('/')),
        "{of_age:?}"
    );
    assert!(of_age.iter().all(|a| me.as_ref().is_none_or(|me| !a.id.starts_with(me))), "{of_age:?}");
    // "Not a problem" stays so.
    let key = view.attention[0].key.clone();
    let fewer = app.attention_dismiss(&account.id, &key).await.unwrap();
    assert!(fewer.attention.iter().all(|a| a.key != key));
    assert_eq!((view.dismissed, fewer.dismissed), (0, 1));
    let world = world.restarted();
    let fewer = world.app.overview(&account.id).await.unwrap();
    assert!(fewer.attention.iter().all(|a| a.key != key));
    let all = world.app.attention_restore(&account.id).await.unwrap();
    assert!(all.attention.iter().any(|a| a.key == key));
    let young = world.app.overview_set_old(&account.id, 1).await.unwrap();
    assert!(young.attention.len() > all.attention.len());
    assert_eq!(world.app.overview_set_old(&account.id, 0).await.unwrap_err().code, Code::Invalid);
    assert_eq!(world.app.inventory_view(&account.id).await.unwrap().old_days, 1, "for everyone's too");
}

#[tokio::test]
async fn two_that_are_put_aside_at_once_both_are() {
    let (world, _server, account) = ready().await;
    world.app.tokens_refresh(&account.id).await.unwrap();
    let all = world.app.overview_set_old(&account.id, 1).await.unwrap().attention;
    assert!(all.len() >= 2, "{all:?}");
    for _ in 0..10 {
        let dismiss = |n: usize| world.app.attention_dismiss(&account.id, &all[n].key);
        let (one, two) = tokio::join!(dismiss(0), dismiss(1));
        assert!(one.is_ok() && two.is_ok());
        assert_eq!(world.app.overview(&account.id).await.unwrap().dismissed, 2);
        world.app.attention_restore(&account.id).await.unwrap();
    }
}

#[tokio::test]
async fn the_form_of_a_new_user_asks_for_what_is_not_offered_once() {
    let server = Sandbox::start(Options { documented_only: true, ..seeded() }).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let mut asked = Vec::new();
    for _ in 0..2 {
        let before = server.requests().all().len();
        let form = world.app.user_create_form(&account).await.unwrap();
        assert!(form.licences_total.is_none() && !form.roles.is_empty());
        asked.push(server.requests().all().len() - before);
    }
    assert_eq!(asked, [2, 1], "only the documented route once more");
}

#[tokio::test]
async fn a_curl_line_with_a_kept_token_goes_to_the_clipboard() {
    let (world, server, account) = ready().await;
    let created = world.app.token_create(&account.id, "CI", Kept::Keychain).await.unwrap();
    world.app.token_copy_created(&created.handle).await.unwrap();
    let value = world.clipboard.text();
    world.app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    world.app.integration_copy_curl(&account.id, &created.token_id).await.unwrap();
    let line = world.clipboard.text();
    assert!(
        line.starts_with("curl -H ") && line.contains(&value) && line.contains(server.customer_id()),
        "{line}"
    );
}

fn integration(mail: &str) -> NewUserInput {
    NewUserInput {
        first_name: "Integration".to_owned(),
        last_name: "ERP".to_owned(),
        mail: mail.to_owned(),
        company: String::new(),
        position: String::new(),
        api_access: true,
        memberships: Vec::new(),
    }
}

#[tokio::test]
async fn an_integration_user_is_created_with_api_access() {
    let (world, server, account) = ready().await;
    let app = &world.app;
    let form = app.user_create_form(&account.id).await.unwrap();
    assert!(form.input.api_access && form.input.mail.is_empty() && !form.roles.is_empty());
    assert!(form.licences_total.is_some() && form.licences_used.is_some());
    let mut input = integration("erp@example.com");
    input.memberships =
        vec![NewMembership { project_id: PROJECT.to_owned(), role_id: form.roles[0].id.clone() }];
    let row = app.user_create(&account.id, input).await.unwrap();
    assert_eq!((row.name.as_str(), row.api_access), ("Integration ERP", Some(true)));
    let rows = app.users_view(&account.id).await.unwrap().rows;
    assert!(rows.iter().any(|r| r.id == row.id), "the list follows");

    // The same mail again; a person of another account; what can't be right.
    let again = app.user_create(&account.id, integration("erp@example.com")).await.unwrap_err();
    assert_eq!((again.code, again.field.as_deref()), (Code::Invalid, Some("mail")));
    let elsewhere = app.user_create(&account.id, integration("erp@elsewhere.example.com")).await.unwrap_err();
    assert_eq!(elsewhere.code, Code::InviteInstead);
    app.user_invite(&account.id, integration("erp@elsewhere.example.com")).await.unwrap();
    let posts = server.requests().count("users.create");
    for (mail, field) in [("", "mail"), ("nobody", "mail"), ("a b@example.com", "mail")] {
        let error = app.user_create(&account.id, integration(mail)).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some(field)), "{mail}");
    }
    assert_eq!(server.requests().count("users.create"), posts, "nothing was sent");
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_found_by_its_mail() {
    for done in [true, false] {
        let (world, server, account) = ready().await;
        server.fault(once("users.create", Effect::Reset { done }));
        let lost = world.app.user_create(&account.id, integration("erp@example.com")).await.unwrap_err();
        assert_eq!(lost.code, Code::LostAnswer);
        let open = world.app.operations_list(&account.id).await.unwrap();
        assert_eq!((open.len(), open[0].kind), (1, OperationKind::CreateUser));
        assert!(matches!(lost.details, Some(Details::Operation { id }) if id == open[0].id));
        world.app.operation_check(&open[0].id).await.unwrap();
        let open = world.app.operations_list(&account.id).await.unwrap();
        assert_eq!((open.is_empty(), server.requests().count("users.create")), (done, 1));
        for op in open {
            world.app.operation_dismiss(&op.id).await.unwrap();
        }
        assert_eq!(world.app.operations_list(&account.id).await.unwrap(), []);
    }
}

#[tokio::test]
async fn the_plans_licences_are_named_when_they_are_used_up() {
    let options = Options { in_house_licences: Some(1), ..seeded() };
    let server = Sandbox::start(options).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let form = world.app.user_create_form(&account).await.unwrap();
    assert!(form.licences_total == Some(1) && form.licences_used > form.licences_total);
    let refused = world.app.user_create(&account, integration("erp@example.com")).await.unwrap_err();
    assert_eq!(refused.code, Code::Invalid);
    assert_eq!(world.app.operations_list(&account).await.unwrap(), []);
}
