//! Against a real Secret Service, and against what may be there in its place. Each test has a private
//! bus and home.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod fake;
mod session;

use std::time::{Duration, Instant};

use gatehouse_core::ports::{KeychainKind, SecretId, SecretStore, SecretStoreError};
use gatehouse_keychain::OsKeychain;
use secrecy::{ExposeSecret, SecretString};

use session::Session;

/// As long as real ones.
const VALUE: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
    0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn token() -> SecretId {
    SecretId::Token { account: "a-1".into(), token: "338609".into() }
}

fn sign_in() -> SecretId {
    SecretId::SignIn { account: "a-1".into() }
}

async fn put(keychain: &OsKeychain, value: &str) -> Result<(), SecretStoreError> {
    keychain.put(&token(), SecretString::from(value)).await
}

async fn get(keychain: &OsKeychain) -> Result<String, SecretStoreError> {
    keychain.get(&token()).await.map(|value| value.expose_secret().to_owned())
}

/// A failure that a person is waiting for must come while they still look at the window.
async fn soon<T>(call: impl Future<Output = T>) -> T {
    let start = Instant::now();
    let result = call.await;
    assert!(start.elapsed() < Duration::from_secs(4), "it took {:?}", start.elapsed());
    result
}

#[test]
fn values_are_kept_replaced_and_deleted() {
    session::run("values_are_kept_replaced_and_deleted", |session| async move {
        let _bus = session.bus();
        let _keyring = session.unlocked_keyring("password");
        let keychain = OsKeychain::new();
        assert_eq!(keychain.kind(), KeychainKind::SecretService);
        assert_eq!(keychain.probe().await, Ok(()));
        assert_eq!(get(&keychain).await, Err(SecretStoreError::Missing));

        put(&keychain, VALUE).await.unwrap();
        assert_eq!(get(&keychain).await.unwrap(), VALUE);
        let (value, shown) = session::seen_by_others("token/a-1/338609");
        assert_eq!(value, VALUE);
        assert!(shown.contains("label = Gatehouse: token 338609 of account a-1"), "{shown}");

        put(&keychain, "another").await.unwrap();
        assert_eq!(get(&keychain).await.unwrap(), "another");
        keychain.put(&sign_in(), SecretString::from("signed in")).await.unwrap();

        keychain.delete(&token()).await.unwrap();
        assert_eq!(get(&keychain).await, Err(SecretStoreError::Missing));
        assert_eq!(keychain.delete(&token()).await, Err(SecretStoreError::Missing));
        assert_eq!(session::seen_by_others("token/a-1/338609").0, "");
        assert_eq!(keychain.get(&sign_in()).await.unwrap().expose_secret(), "signed in");
    });
}

#[test]
fn doubles_are_told_and_deleted_together() {
    session::run("doubles_are_told_and_deleted_together", |session| async move {
        let _bus = session.bus();
        let _keyring = session.unlocked_keyring("password");
        let keychain = OsKeychain::new();
        put(&keychain, VALUE).await.unwrap();
        session::double("token/a-1/338609", "another");
        let error = get(&keychain).await.unwrap_err();
        assert!(error.to_string().contains("2 entries"), "{error}");
        keychain.delete(&token()).await.unwrap();
        assert_eq!(session::seen_by_others("token/a-1/338609"), (String::new(), String::new()));
    });
}

#[test]
fn probing_leaves_no_entry() {
    session::run("probing_leaves_no_entry", |session| async move {
        let _bus = session.bus();
        let _keyring = session.unlocked_keyring("password");
        OsKeychain::new().probe().await.unwrap();
        assert!(!session::seen_by_others("probe").1.contains("label"));
    });
}

#[test]
fn values_survive_the_session() {
    session::run("values_survive_the_session", |session| async move {
        let keychain = OsKeychain::new();
        let bus = session.bus();
        let keyring = session.unlocked_keyring("password");
        put(&keychain, VALUE).await.unwrap();
        keyring.stop();
        drop(bus);

        let _bus = session.bus();
        let _keyring = session.unlocked_keyring("password");
        assert_eq!(get(&OsKeychain::new()).await.unwrap(), VALUE);
        // Also for a program that ran through it all.
        assert_eq!(get(&keychain).await.unwrap(), VALUE);
    });
}

#[test]
fn a_restarted_keyring_is_found_again() {
    session::run("a_restarted_keyring_is_found_again", |session| async move {
        let keychain = OsKeychain::new();
        let _bus = session.bus();
        let keyring = session.unlocked_keyring("password");
        put(&keychain, VALUE).await.unwrap();
        keyring.stop();
        assert!(matches!(soon(get(&keychain)).await, Err(SecretStoreError::NoService(_))));
        let keyring = session.unlocked_keyring("password");
        assert_eq!(get(&keychain).await.unwrap(), VALUE);
        // This time nothing was asked while it was away: the connection from before is dead.
        keyring.stop();
        let _keyring = session.unlocked_keyring("password");
        assert_eq!(get(&keychain).await.unwrap(), VALUE);
        put(&keychain, "another").await.unwrap();
    });
}

#[test]
fn a_locked_keyring_is_said_to_be_locked() {
    session::run("a_locked_keyring_is_said_to_be_locked", |session| async move {
        let keychain = OsKeychain::new();
        let _bus = session.bus();
        let keyring = session.unlocked_keyring("password");
        put(&keychain, VALUE).await.unwrap();
        keyring.stop();

        let keyring = session.locked_keyring();
        assert!(matches!(soon(get(&keychain)).await, Err(SecretStoreError::Locked(_))));
        assert!(matches!(soon(put(&keychain, "x")).await, Err(SecretStoreError::Locked(_))));
        assert!(matches!(soon(keychain.delete(&token())).await, Err(SecretStoreError::Locked(_))));
        assert!(matches!(soon(keychain.probe()).await, Err(SecretStoreError::Locked(_))));
        // Not "missing": what a locked keyring holds is not known.
        assert!(matches!(soon(keychain.get(&sign_in())).await, Err(SecretStoreError::Locked(_))));
        keyring.stop();

        let _keyring = session.unlocked_keyring("password");
        assert_eq!(keychain.probe().await, Ok(()));
        assert_eq!(get(&keychain).await.unwrap(), VALUE);
    });
}

#[test]
fn without_a_bus_there_is_no_service_until_one_comes() {
    session::run("without_a_bus_there_is_no_service_until_one_comes", |session| async move {
        no_service_until_keyring(&session, None).await;
    });
}

#[test]
fn without_a_provider_there_is_no_service_until_one_comes() {
    session::run("without_a_provider_there_is_no_service_until_one_comes", |session| async move {
        let bus = session.bus();
        no_service_until_keyring(&session, Some(bus)).await;
    });
}

async fn no_service_until_keyring(session: &Session, bus: Option<session::Program>) {
    let keychain = OsKeychain::new();
    assert!(matches!(soon(keychain.probe()).await, Err(SecretStoreError::NoService(_))));
    assert!(matches!(soon(put(&keychain, VALUE)).await, Err(SecretStoreError::NoService(_))));
    assert!(matches!(soon(get(&keychain)).await, Err(SecretStoreError::NoService(_))));
    assert!(matches!(soon(keychain.delete(&token())).await, Err(SecretStoreError::NoService(_))));

    let _bus = bus.unwrap_or_else(|| session.bus());
    let _keyring = session.unlocked_keyring("password");
    assert_eq!(keychain.probe().await, Ok(()));
    put(&keychain, VALUE).await.unwrap();
    assert_eq!(get(&keychain).await.unwrap(), VALUE);
}

#[test]
fn a_provider_without_a_keyring_does_not_pass_for_an_empty_one() {
    session::run("a_provider_without_a_keyring_does_not_pass_for_an_empty_one", |session| async move {
        let _bus = session.bus();
        // Its first start, and no password: there is no default keyring.
        let _keyring = session.locked_keyring();
        let keychain = OsKeychain::new();
        for error in [
            soon(keychain.probe()).await.unwrap_err(),
            soon(put(&keychain, VALUE)).await.unwrap_err(),
            soon(get(&keychain)).await.unwrap_err(),
            soon(keychain.delete(&token())).await.unwrap_err(),
        ] {
            let SecretStoreError::NoService(text) = &error else { panic!("{error:?}") };
            assert!(text.contains("no default keyring"), "{text}");
        }
    });
}

#[test]
fn a_provider_that_refuses_is_said_to_refuse() {
    session::run("a_provider_that_refuses_is_said_to_refuse", |session| async move {
        let _bus = session.bus();
        let fake = fake::refusing();
        let keychain = OsKeychain::new();
        for error in [
            soon(keychain.probe()).await.unwrap_err(),
            soon(put(&keychain, VALUE)).await.unwrap_err(),
            soon(get(&keychain)).await.unwrap_err(),
        ] {
            assert!(matches!(&error, SecretStoreError::Refused(_)), "{error:?}");
            // What the provider says beside the error's name is not passed on.
            assert!(!error.to_string().contains(fake::CHATTER), "{error}");
        }
        fake.give_up_name();
        let _keyring = session.unlocked_keyring("password");
        put(&keychain, VALUE).await.unwrap();
    });
}

#[test]
fn a_provider_that_never_answers_holds_up_only_what_it_was_asked() {
    session::run("a_provider_that_never_answers_holds_up_only_what_it_was_asked", |session| async move {
        let _bus = session.bus();
        let fake = fake::silent();
        let keychain = std::sync::Arc::new(OsKeychain::new());
        let stuck = tokio::spawn({
            let keychain = keychain.clone();
            async move { get(&keychain).await }
        });
        fake.asked();
        // It keeps its connection, so the first call goes on waiting, but the name passes on.
        fake.give_up_name();
        let _keyring = session.unlocked_keyring("password");
        put(&keychain, VALUE).await.unwrap();
        assert_eq!(get(&keychain).await.unwrap(), VALUE);
        assert!(!stuck.is_finished());
        // The late result reaches the one who asked.
        fake.leave();
        let late = tokio::time::timeout(Duration::from_secs(4), stuck).await.unwrap().unwrap();
        assert!(
            matches!(late, Err(SecretStoreError::Failed(_) | SecretStoreError::NoService(_))),
            "{late:?}"
        );
    });
}
