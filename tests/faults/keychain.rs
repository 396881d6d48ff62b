//! A keychain that isn't there: told within four seconds, and the program goes on.

use super::{World, answer};
use gatehouse_tests::{desktop::Desktop, worker::TOKEN};
use planradar_sandbox::{Options, Sandbox};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_service_is_told_and_try_again_needs_no_new_data() {
    let desktop = Desktop::bare();
    let server = Sandbox::start(Options { limit: 500, ..Options::default() }).await.unwrap();
    let ready = server.ready().unwrap();
    let mut world = World { desktop, server };
    let begun = Instant::now();
    let mut add = world.worker(&["add", &ready.url, &ready.customer_id]);
    let refused = answer(add.env(TOKEN, &ready.tokens.account_holder));
    assert_eq!(refused["error"]["code"], "keychain_no_service", "{refused}");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert!(refused["error"]["message"].as_str().unwrap().contains("never saved to a file"), "{refused}");
    // Nothing was stored: the next start has no account.
    let nothing = world.worker(&["look"]).output().unwrap();
    assert!(!nothing.status.success());

    world.desktop.start_keyring();
    let mut add = world.worker(&["add", &ready.url, &ready.customer_id]);
    let added = answer(add.env(TOKEN, &ready.tokens.account_holder));
    assert!(added["account"].is_string(), "{added}");
}
