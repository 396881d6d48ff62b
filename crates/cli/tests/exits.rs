//! Every exit code, with its error's document; `conflict` is also in the tests of Connect, `drift` in those of webhooks.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The support's keyring. The codes are the same everywhere.

mod support;

use gatehouse_tests::desktop::Desktop;
use planradar_sandbox::{Effect, Fault, Options};
use serde_json::Value;
use std::{collections::BTreeMap, process::Stdio, time::Duration};
use support::{Ran, World, error, roomy};

/// It ended with this code, and says so in its document.
#[track_caller]
fn ended(ran: &Ran, exit: i32, code: &str) -> Value {
    assert_eq!(ran.code, exit, "{ran:?}");
    let error = error(&ran.out);
    assert_eq!((&error["exit_code"], &error["code"]), (&exit.into(), &code.into()), "{ran:?}");
    assert!(ran.err.starts_with("gatehouse-cli: "), "a person is told too: {ran:?}");
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn ok_usage_refused_and_not_found() {
    let world = World::signed_in().await;
    world.run(&["account", "list"]).ok();
    for (args, field) in [
        (&["account", "add", "not-a-number", "--json"] as &[&str], "customerId"),
        (&["limit", "set", "--limit", "0", "--share", "1", "--json"], "limit"),
        (&["audit", "list", "--from", "yesterday", "--json"], "from"),
        (&["tokens", "create", "", "--json"], "name"),
    ] {
        let failed = ended(&world.run_with(args, &world.token), 2, "invalid");
        assert_eq!(failed["field"], field);
    }
    let much = "x".repeat(64 * 1024 + 1);
    let keep = ended(&world.run_with(&["tokens", "keep", "big", "--json"], &much), 2, "usage");
    assert!(keep["message"].as_str().unwrap().contains("larger than 65536 bytes"), "{keep}");
    ended(&world.run(&["tokens", "create", "--json"]), 2, "usage");
    ended(&world.run(&["nonsense", "--json"]), 2, "usage");
    ended(&world.run(&["tokens", "keep", "empty", "--json"]), 2, "usage");
    assert_eq!(world.run(&["nonsense"]).code, 2);

    for args in [
        &["account", "remove", "9000001", "--json"] as &[&str],
        &["tokens", "delete", "Zapier-Versuch", "--json"],
        &["tokens", "replace", "--sign-in", "--json"],
        &["users", "revoke-api", "jonte.brueckwald@example.com", "--json"],
        &["users", "cut-off", "jonte.brueckwald@example.com", "--json"],
        &["users", "delete-token", "jonte.brueckwald@example.com", "--all", "--json"],
    ] {
        ended(&world.run(args), 4, "not_confirmed");
    }
    let writes = world.server.requests().all().iter().filter(|r| r.method != "GET").count();
    assert_eq!(writes, 0, "nothing is sent without a yes");
    world.server.set_documented_only(true);
    ended(&world.run(&["tokens", "list", "--json"]), 4, "not_offered");

    ended(&world.run(&["tokens", "list", "--cached", "--account", "nobody", "--json"]), 5, "not_found");
    ended(&world.run(&["users", "show", "nobody@example.com", "--json"]), 5, "not_found");
    ended(&world.run(&["tokens", "verify", "nothing", "--json"]), 5, "not_found");
    ended(&world.run(&["account", "use", "nobody", "--json"]), 5, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_off_that_is_not_whole_is_refused() {
    let world = World::signed_in().await;
    let holder = world.run(&["users", "cut-off", "hedda.torfstetter@example.com", "--yes", "--json"]);
    ended(&holder, 4, "account_holder_only");
    world.server.fault(Fault {
        method: None,
        route: Some("users.update".to_owned()),
        nth: None,
        effect: Effect::Status { status: 403, done: false },
    });
    let ran = world.run(&["users", "cut-off", "jonte.brueckwald@example.com", "--yes", "--json"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    let report = support::document(&["users", "cut-off"], &ran.out);
    assert!(report["steps"].as_array().unwrap().iter().any(|step| !step["error"].is_null()), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn not_signed_in() {
    let world = World::new(roomy()).await;
    ended(&world.run(&["tokens", "list", "--json"]), 3, "no_account");
    let wrong = world.run_with(
        &["account", "add", "9000001", "--server", world.server.url(), "--json"],
        "0123456789abcdef0123456789abcdef",
    );
    ended(&wrong, 3, "unauthorized");
    let mut command =
        world.command(&["account", "add", "9000001", "--server", world.server.url(), "--no-keychain"]);
    let added: Ran =
        command.env("GATEHOUSE_TOKEN", &world.token).stdin(Stdio::null()).output().unwrap().into();
    added.ok();
    let missing = world.run(&["tokens", "list", "--json"]);
    ended(&missing, 3, "sign_in_missing");
    assert!(missing.err.contains("GATEHOUSE_TOKEN"), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn limited_says_until_when() {
    // Others have used it up: not this program's doing.
    let world = World::new(Options { limit: 3, cooldown: Duration::from_mins(5), ..roomy() }).await;
    world.add(&world.token).ok();
    for path in ["users/me", "account", "users/me", "account"] {
        get(&world, path);
    }
    let told = world.run(&["tokens", "list", "--json"]);
    let failed = ended(&told, 6, "rate_limited");
    assert!(failed["retry_at"].is_string(), "{failed}");
    let before = world.server.requests().all().len();
    let paused = world.run(&["tokens", "list", "--json"]);
    assert!(ended(&paused, 6, "paused")["retry_at"].is_string());
    assert_eq!(world.server.requests().all().len(), before, "nothing is sent into the pause");
    assert!(paused.err.contains("Try again after"), "{paused:?}");
    assert!(world.json(&["limit", "status"])["paused_until"].is_string());
}

fn get(world: &World, path: &str) {
    use std::io::{Read, Write};
    let host = world.server.url().strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let head = format!(
        "GET /api/v1/{}/{path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\nX-PlanRadar-API-Key: {}\r\nConnection: close\r\n\r\n",
        world.server.customer_id(),
        world.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn network() {
    let world = World::signed_in().await;
    let World { desktop, server, token } = world;
    let url = server.url().to_owned();
    server.stop().await;
    let world = World::on(desktop, roomy()).await;
    ended(&world.run(&["tokens", "list", "--json"]), 7, "offline");
    let elsewhere = ["account", "add", "9000002", "--server", &url, "--json"];
    assert_eq!(ended(&world.run_with(&elsewhere, &token), 7, "offline")["field"], "server");
}

#[tokio::test(flavor = "multi_thread")]
async fn keychain() {
    let world = World::on(Desktop::bare(), roomy()).await;
    let add = ["account", "add", "9000001", "--server", world.server.url(), "--json"];
    ended(&world.run_with(&add, &world.token), 8, "keychain_no_service");
    assert_eq!(world.json(&["account", "list"])["accounts"], serde_json::json!([]), "nothing is half added");
    let verify = world.run(&["audit", "verify", "--json"]);
    assert_eq!(verify.code, 8, "{verify:?}");
    assert_eq!(support::document(&["audit", "verify"], &verify.out)["state"], "unverifiable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_whose_value_can_be_kept_nowhere_is_deleted_again() {
    let world = World::signed_in().await;
    world.desktop.stop_keyring();
    // The sign-in is in the keyring as well, so the token comes by the environment into another account.
    let env = |args: &[&str]| -> Ran {
        let mut command = world.command(args);
        command.env("GATEHOUSE_TOKEN", &world.token).stdin(Stdio::null()).output().unwrap().into()
    };
    let twin = ["account", "add", "9000001", "--server", world.server.url(), "--no-keychain", "--name", "CI"];
    env(&twin).ok();
    let ran = env(&["tokens", "create", "Lost", "--account", "CI", "--json"]);
    ended(&ran, 8, "keychain_no_service");
    assert!(ran.err.contains("deleted again"), "{ran:?}");
    let list = env(&["tokens", "list", "--account", "CI"]).ok();
    assert!(!list.out.contains("Lost"), "{list:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_of_the_audit_log() {
    let world = World::signed_in().await;
    world.json(&["audit", "verify"]);
    let raw = rusqlite::Connection::open(world.desktop.data().join("gatehouse.db")).unwrap();
    raw.execute_batch(
        "DROP TRIGGER audit_log_no_update; UPDATE audit_log SET subject = 'somebody else' WHERE id = 1;",
    )
    .unwrap();
    drop(raw);
    let ran = world.run(&["audit", "verify", "--json"]);
    assert_eq!(ran.code, 10, "{ran:?}");
    let found = support::document(&["audit", "verify"], &ran.out);
    assert_eq!((&found["state"], &found["line"]), (&"broken".into(), &1.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_this_computer() {
    let world = World::new(roomy()).await;
    let file = world.desktop.folder().join("a file");
    std::fs::write(&file, "").unwrap();
    let run = |folder: &str| -> Ran {
        let mut command = world.command(&["account", "list", "--json"]);
        command.env("GATEHOUSE_DATA_DIR", folder).stdin(Stdio::null()).output().unwrap().into()
    };
    ended(&run(file.to_str().unwrap()), 1, "store_failed");
    let relative = ended(&run("here"), 2, "invalid");
    assert_eq!(relative["field"], "GATEHOUSE_DATA_DIR");
}

#[test]
fn no_two_codes_have_one_number() {
    let all: BTreeMap<u8, &str> = gatehouse_cli::Exit::ALL.map(|exit| (exit as u8, exit.meaning())).into();
    assert_eq!(all.keys().copied().collect::<Vec<_>>(), (0..=10).collect::<Vec<_>>());
}
