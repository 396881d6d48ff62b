//! Accounts: each failure has its own code and field, and stores nothing.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AreaState, Code,
    accounts::SignIn,
    ports::{SecretId, SecretStoreError},
};
use planradar_sandbox::{Effect, Options, Plan, Sandbox};
use secrecy::SecretString;
use support::{World, once, roomy};
use tokio::{io::AsyncWriteExt, net::TcpListener};

/// Server, Account ID, token, what happens to the request, the code, the field.
type Case<'a> = (&'a str, &'a str, &'a str, Option<Effect>, Code, Option<&'a str>);

const STRANGER: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn each_failure_has_its_own_code_and_field_and_stores_nothing() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let ready = server.ready().unwrap();
    let (url, id, good) =
        (server.url().to_owned(), server.customer_id().to_owned(), ready.tokens.account_holder.clone());
    let closed = {
        // A port that nobody listens on any more.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let world = World::new();
    let fault = |effect| server.fault(once("projects.list", effect));
    let html = Effect::Html { status: 200 };
    let redirect = Effect::Redirect { to: "https://login.example.com/x?y".to_owned() };
    let cases: Vec<Case<'_>> = vec![
        (&closed, &id, &good, None, Code::Offline, Some("server")),
        ("https://no-such-host.invalid", &id, &good, None, Code::UnknownHost, Some("server")),
        ("http://planradar.example.com", &id, &good, None, Code::Invalid, Some("server")),
        (&url, "12a", &good, None, Code::Invalid, Some("customerId")),
        (&url, &id, "••••••••••••••••••••", None, Code::Invalid, Some("token")),
        (&url, &id, STRANGER, None, Code::Unauthorized, Some("token")),
        (&url, "4711", &good, None, Code::WrongAccountId, Some("customerId")),
        (&url, &id, &ready.tokens.no_api_user, None, Code::PermissionApiAccess, Some("token")),
        (
            &url,
            &id,
            &good,
            Some(Effect::Status { status: 406, done: false }),
            Code::NotAcceptable,
            Some("server"),
        ),
        (&url, &id, &good, Some(Effect::Status { status: 503, done: false }), Code::ServerError, None),
        (&url, &id, &good, Some(Effect::InvalidBody), Code::UnexpectedAnswer, None),
        (&url, &id, &good, Some(Effect::Reset { done: true }), Code::ConnectionLost, None),
        (&url, &id, &good, Some(html), Code::Html, Some("server")),
        (&url, &id, &good, Some(redirect), Code::Redirect, Some("server")),
    ];
    for (server_url, customer, token, effect, code, field) in cases {
        if let Some(effect) = effect {
            fault(effect);
        }
        let error = world.try_add(server_url, customer, token).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (code, field), "{error:?}");
        assert!(!format!("{error:?}").contains(token), "{error:?}");
        server.clear_faults();
    }
    server.set_plan(Plan::Basic).unwrap();
    assert_eq!(world.try_add(&url, &id, &good).await.unwrap_err().code, Code::Plan);
    assert_eq!(world.app.start().await.unwrap().accounts, []);
    assert_eq!(world.keychain.ids(), []);
}

#[tokio::test]
async fn what_is_no_tls_server_is_told_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = listener.accept().await {
            peer.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        }
    });
    let world = World::new();
    let error = world.try_add(&url, "1484013", STRANGER).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (Code::Tls, Some("server")), "{error:?}");
    assert_eq!(world.keychain.ids(), []);
}

#[tokio::test]
async fn an_account_is_renamed_here_only() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let sent = server.requests().all().len();
    for bad in ["", "  ", "a\nb", &"x".repeat(61)] {
        let error = world.app.account_rename(&account, bad).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some("label")), "{bad:?}");
    }
    assert_eq!(world.app.account_rename(&account, " Nordbau ").await.unwrap().label, "Nordbau");
    assert_eq!(server.requests().all().len(), sent);
    // What the server calls the company does not take the person's name back.
    world.app.tokens_refresh(&account).await.unwrap();
    let world = world.restarted();
    assert_eq!(world.app.start().await.unwrap().accounts[0].label, "Nordbau");
}

#[tokio::test]
async fn a_429_pauses_and_says_until_when() {
    let server = Sandbox::start(Options { limit: 1, ..roomy() }).await.unwrap();
    let world = World::new();
    let token = server.ready().unwrap().tokens.account_holder;
    server.fault(once("projects.list", Effect::Status { status: 429, done: false }));
    let error = world.try_add(server.url(), server.customer_id(), &token).await.unwrap_err();
    assert_eq!(error.code, Code::RateLimited);
    let sent = server.requests().all().len();
    let error = world.try_add(server.url(), server.customer_id(), &token).await.unwrap_err();
    assert_eq!(error.code, Code::Paused);
    assert!(error.retry_at.is_some(), "{error:?}");
    assert_eq!(server.requests().all().len(), sent, "nothing is sent into the pause");
    // The same after a restart.
    let world = world.restarted();
    assert_eq!(
        world.try_add(server.url(), server.customer_id(), &token).await.unwrap_err().code,
        Code::Paused
    );
    assert_eq!(server.requests().all().len(), sent);
}

#[tokio::test]
async fn a_refusing_keychain_stores_nothing_and_the_session_is_a_way_out() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let ready = server.ready().unwrap();
    let world = World::new();
    for (failure, code) in [
        (SecretStoreError::NoService("bus".into()), Code::KeychainNoService),
        (SecretStoreError::Locked("x".into()), Code::KeychainLocked),
        (SecretStoreError::Refused("x".into()), Code::KeychainRefused),
        (SecretStoreError::TooLarge { size: 3_000, max: 2_560 }, Code::KeychainTooLarge),
        (SecretStoreError::Failed("x".into()), Code::KeychainFailed),
    ] {
        world.keychain.fail(Some(failure));
        let error = world
            .try_add(server.url(), server.customer_id(), &ready.tokens.account_holder)
            .await
            .unwrap_err();
        assert_eq!(error.code, code);
        assert_eq!(world.app.start().await.unwrap().accounts, []);
    }
    let input = gatehouse_core::accounts::NewAccount {
        server: Some(server.url().to_owned()),
        customer_id: server.customer_id().to_owned(),
        label: Some("Session".to_owned()),
        session_only: true,
    };
    let account =
        world.app.account_add(input, SecretString::from(ready.tokens.account_holder.as_str())).await.unwrap();
    assert_eq!(account.sign_in, SignIn::Session);
    assert!(world.app.tokens_refresh(&account.id).await.unwrap().error.is_none());

    // Gone with the session, said so, and put right by entering it again.
    let world = world.restarted();
    let start = world.app.start().await.unwrap();
    assert_eq!(start.accounts[0].sign_in, SignIn::Missing);
    let view = world.app.tokens_refresh(&account.id).await.unwrap();
    assert_eq!(view.error.unwrap().code, Code::SignInMissing);
    world.keychain.fail(None);
    let token = SecretString::from(ready.tokens.account_holder.as_str());
    let again = world.app.account_sign_in_again(&account.id, token, false).await.unwrap();
    assert_eq!(again.sign_in, SignIn::Keychain);
    assert!(world.app.tokens_refresh(&account.id).await.unwrap().error.is_none());
}

#[tokio::test]
async fn facts_are_learnt_and_removal_takes_secrets_along() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await;
    assert_eq!(account.user, None, "nothing is claimed that was not asked");
    world.app.tokens_refresh(&account.id).await.unwrap();
    let known = world.app.start().await.unwrap().accounts.remove(0);
    assert_eq!((known.is_account_holder, known.plan.as_deref()), (Some(true), Some("pro")), "{known:?}");
    assert_ne!(known.label, known.customer_id, "the company's name is taken");
    assert_eq!(known.limit, 500, "the limit that the server tells");
    let twin = world
        .try_add(server.url(), server.customer_id(), &server.ready().unwrap().tokens.account_holder)
        .await;
    assert_eq!(twin.unwrap_err().field.as_deref(), Some("customerId"));

    let created =
        world.app.token_create(&account.id, "CI", gatehouse_core::tokens::Kept::Keychain).await.unwrap();
    assert_eq!(world.keychain.ids().len(), 2);
    assert!(
        world
            .keychain
            .ids()
            .contains(&SecretId::Token { account: account.id.clone(), token: created.token_id })
    );
    world.app.account_remove(&account.id).await.unwrap();
    assert_eq!(world.keychain.ids(), []);
    assert_eq!(world.app.start().await.unwrap().accounts, []);
    assert_eq!(world.app.tokens_view(&account.id).await.unwrap_err().code, Code::NoSuchAccount);
}

#[tokio::test]
async fn a_documented_only_server_is_believed_only_after_a_documented_route_answered() {
    let server = Sandbox::start(Options { documented_only: true, ..roomy() }).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await;
    // A captive portal answers everything with a page: no verdict.
    for route in ["tokens.list", "projects.list"] {
        server.fault(once(route, Effect::Html { status: 200 }));
    }
    let view = world.app.tokens_refresh(&account.id).await.unwrap();
    assert_eq!((&view.state, view.error.map(|e| e.code)), (&AreaState::Unknown, Some(Code::Html)));
    server.clear_faults();
    let view = world.app.tokens_refresh(&account.id).await.unwrap();
    assert!(matches!(view.state, AreaState::NotOffered { .. }), "{view:?}");

    let pasted = server.ready().unwrap().tokens.administrator;
    let wrong =
        world.app.token_paste(&account.id, "ERP", SecretString::from(STRANGER), false).await.unwrap_err();
    assert_eq!((wrong.code, wrong.field.as_deref()), (Code::Unauthorized, Some("value")));
    let view =
        world.app.token_paste(&account.id, "ERP", SecretString::from(pasted.as_str()), false).await.unwrap();
    assert!(view.rows[0].pasted && view.rows[0].verified_at.is_some(), "{view:?}");
    let twin = world
        .app
        .token_paste(&account.id, "ERP 2", SecretString::from(pasted.as_str()), false)
        .await
        .unwrap_err();
    assert_eq!(twin.field.as_deref(), Some("value"));
    world.app.token_copy_kept(&account.id, &view.rows[0].id).await.unwrap();
    assert_eq!(world.clipboard.text(), pasted);

    // The server learns it: "check again" finds out.
    server.set_documented_only(false);
    let view = world.app.capabilities_check_again(&account.id).await.unwrap();
    assert_eq!(view.state, AreaState::Offered);
}

#[tokio::test]
async fn an_account_that_keeps_no_sign_in_takes_one_for_now() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let tokens = server.ready().unwrap().tokens.clone();
    let world = World::new();
    let account = world.add(&server).await;
    let administrator = SecretString::from(tokens.administrator.as_str());
    let kept = world.app.account_sign_in_for_now(&account.id, administrator.clone()).await.unwrap_err();
    assert_eq!(kept.code, Code::Stale, "what is kept stays what it signs in with");

    let holder = SecretString::from(tokens.account_holder.as_str());
    world.app.account_sign_in_again(&account.id, holder, true).await.unwrap();
    world.app.tokens_refresh(&account.id).await.unwrap();
    let before = world.app.start().await.unwrap().accounts.remove(0);
    world.app.account_sign_in_for_now(&account.id, administrator).await.unwrap();
    let view = world.app.tokens_refresh(&account.id).await.unwrap();
    assert_eq!(view.error, None);
    let after = world.app.start().await.unwrap().accounts.remove(0);
    assert_ne!(after.user, before.user, "another token acts as another user");
    assert!(world.keychain.ids().is_empty(), "nothing is kept");
    let world = world.restarted();
    let again = world.app.start().await.unwrap().accounts.remove(0);
    assert_eq!(again.sign_in, SignIn::Missing);
}
