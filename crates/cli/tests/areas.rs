//! The main jobs of each area, on a computer with a keyring against a real server; every document checked against its
//! schema.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The support's keyring. The commands are the same everywhere.

mod support;

use serde_json::Value;
use support::{World, document};

fn find<'a>(rows: &'a Value, key: &str, value: &str) -> &'a Value {
    let found = rows.as_array().unwrap().iter().find(|row| row[key] == value);
    found.unwrap_or_else(|| panic!("no {value} in {rows:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_added_renamed_used_and_removed() {
    let world = World::signed_in().await;
    let status = world.json(&["account", "status"]);
    assert_eq!((&status["signed_in"], &status["account"]["plan"]), (&true.into(), &"pro".into()));
    assert_eq!(status["account"]["sign_in"], "keychain");
    let planned = world.json(&["account", "rename", "9000001", "Other", "--dry-run"]);
    assert_eq!(planned["dry_run"], true);
    assert_eq!(world.json(&["account", "rename", "9000001", "Nordbau"])["label"], "Nordbau");
    let other = world.server.ready().unwrap().tokens.administrator.clone();
    let add = ["account", "add", "9000001", "--server", world.server.url(), "--name", "Second", "--json"];
    let added = world.run_with(&add, &other).ok();
    assert_eq!(document(&["account", "add"], &added.out)["label"], "Second");
    assert_eq!(world.json(&["account", "remove", "Second", "--yes"])["done"], true);
    let twin = world.add(&world.token);
    assert_eq!(twin.code, 2, "{twin:?}");
    let accounts = world.json(&["account", "list"]);
    assert_eq!(find(&accounts["accounts"], "label", "Nordbau")["in_use"], true);
    assert_eq!(world.json(&["account", "use", "Nordbau"])["in_use"], true);
    let cached = world.json(&["account", "status", "--cached", "--account", "Nordbau"]);
    assert_eq!(cached["signed_in"], Value::Null);
    // It is there before anything needs it.
    assert_eq!(world.desktop.all_kept().iter().filter(|value| **value == world.token).count(), 1);
    let again = world.run_with(&["account", "sign-in", "--json"], &world.token).ok();
    assert_eq!(document(&["account", "sign-in"], &again.out)["sign_in"], "keychain");
    assert_eq!(world.json(&["account", "remove", "Nordbau", "--yes"])["done"], true);
    assert!(!world.desktop.all_kept().contains(&world.token));
    assert_eq!(world.run(&["account", "status"]).code, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_created_replaced_verified_and_deleted() {
    let world = World::signed_in().await;
    let created = world.json(&["tokens", "create", "Power BI"]);
    assert_eq!((&created["kept"], &created["value"]), (&"keychain".into(), &Value::Null));
    let list = world.json(&["tokens", "list"]);
    let row = find(&list["tokens"], "name", "Power BI");
    assert_eq!((&row["own"], &row["kept"]), (&"no".into(), &"keychain".into()));
    assert!(list["tokens"].as_array().unwrap().iter().any(|t| t["own"] == "yes"), "{list:#}");
    let before = world.server.requests().all().len();
    let cached = world.json(&["tokens", "list", "--cached"]);
    assert_eq!(cached["tokens"].as_array().unwrap().len(), list["tokens"].as_array().unwrap().len());
    assert_eq!(world.server.requests().all().len(), before, "--cached asks nobody");
    assert!(world.json(&["tokens", "verify", "Power BI"])["verified_at"].is_string());

    let begun = world.json(&["tokens", "replace", "Power BI", "--name", "Power BI 2"]);
    assert_eq!((&begun["step"], &begun["old"]["name"]), (&2.into(), &"Power BI".into()));
    assert_eq!(world.json(&["tokens", "replace", "Power BI", "--entered"])["step"], 3);
    assert_eq!(world.json(&["tokens", "replace", "Power BI"])["step"], 3);
    assert_eq!(world.json(&["tokens", "replace", "Power BI", "--check"])["step"], 3);
    let ended = world.json(&["tokens", "replace", "Power BI", "--finish", "--yes"]);
    assert_eq!((&ended["old"], &ended["new"]["name"]), (&Value::Null, &"Power BI 2".into()));

    assert_eq!(world.json(&["tokens", "forget", "Power BI 2", "--yes"])["kept"], "no");
    let id = ended["new"]["id"].as_str().unwrap();
    let planned = world.json(&["tokens", "delete", id, "--dry-run"]);
    assert_eq!(planned["to"], serde_json::json!([id]));
    assert_eq!(world.json(&["tokens", "delete", id, "--yes"])["done"][0]["name"], "Power BI 2");
    assert_eq!(world.run(&["tokens", "delete", id, "--yes"]).code, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_printed_only_where_that_is_asked_for() {
    let world = World::signed_in().await;
    let printed = world.run(&["tokens", "create", "CI", "--print-value"]).ok();
    let value = printed.out.strip_suffix('\n').unwrap();
    assert!(value.len() > 100 && value.bytes().all(|b| b.is_ascii_alphanumeric()), "{value}");
    assert!(!printed.err.contains(value));
    assert!(!world.desktop.all_kept().iter().any(|kept| kept == value), "printed, so it is kept nowhere");
    let document = world.json(&["tokens", "create", "CI 2", "--print-value"]);
    assert!(document["value"].as_str().unwrap().len() > 100);
    // What was printed works.
    let kept = world.run_with(&["tokens", "keep", "from the page", "--json"], value).ok();
    assert_eq!(support::document(&["tokens", "keep"], &kept.out)["pasted"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_nobody_reads_is_not_left_behind() {
    let world = World::signed_in().await;
    for more in [&[] as &[&str], &["--json"]] {
        let args = [&["tokens", "create", "Unread", "--print-value"], more].concat();
        let mut child = support::piped(&mut world.command(&args));
        drop((child.stdin.take(), child.stdout.take()));
        let ran = child.wait_with_output().unwrap();
        assert_eq!(ran.status.code(), Some(1), "{ran:?}");
        assert!(String::from_utf8(ran.stderr).unwrap().contains("deleted again"));
    }
    assert!(!world.run(&["tokens", "list"]).ok().out.contains("Unread"));
}

#[tokio::test(flavor = "multi_thread")]
async fn gatehouses_own_token_is_replaced_with_the_sign_in() {
    let world = World::signed_in().await;
    world.run(&["tokens", "list"]).ok();
    let list = world.json(&["tokens", "list"]);
    let own = find(&list["tokens"], "own", "yes")["id"].as_str().unwrap().to_owned();
    let refused = world.run(&["tokens", "delete", &own, "--yes", "--json"]);
    assert_eq!((refused.code, &support::error(&refused.out)["code"]), (4, &"own_token".into()));
    let ended = world.json(&["tokens", "replace", "--sign-in", "--yes"]);
    assert_ne!(ended["new"]["id"], own.as_str());
    assert!(!world.desktop.all_kept().contains(&world.token));
    world.run(&["tokens", "list"]).ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_found_given_and_denied_access() {
    let world = World::signed_in().await;
    let list = world.json(&["users", "list", "--all"]);
    assert_eq!(list["complete"], true);
    let found = world.json(&["users", "list", "--search", "Holzapfelt"]);
    assert_eq!(found["users"].as_array().unwrap().len(), 1);
    let mail = "mirja.holzapfelt@example.com";
    assert_eq!(world.json(&["users", "show", mail])["user"]["api_access"], false);
    let run = world.json(&["users", "grant-api", mail]);
    assert_eq!((&run["state"], &run["total"]), (&"finished".into(), &1.into()));
    assert_eq!(world.json(&["users", "show", mail])["permissions"]["api_documentation_access"], true);
    let both = format!("{mail}\njonte.brueckwald@example.com\n");
    let run = world.run_with(&["users", "revoke-api", "-", "--yes", "--json"], &both).ok();
    assert_eq!(document(&["users", "revoke-api"], &run.out)["total"], 2);
    assert_eq!(world.json(&["users", "runs"])["runs"], serde_json::json!([]));

    let tokens = world.json(&["users", "tokens", "jonte.brueckwald@example.com"]);
    assert_eq!(tokens["tokens"].as_array().unwrap().len(), 2);
    let planned =
        world.json(&["users", "delete-token", "jonte.brueckwald@example.com", "--all", "--dry-run"]);
    assert_eq!(planned["to"].as_array().unwrap().len(), 2);
    let deleted =
        world.json(&["users", "delete-token", "jonte.brueckwald@example.com", "BIM-Viewer", "--yes"]);
    assert_eq!(deleted["done"][0]["name"], "BIM-Viewer");

    let report = world.json(&["users", "cut-off", "erp-integration@example.com", "--deactivate", "--yes"]);
    assert_eq!((&report["left"], &report["can_sign_in"]), (&serde_json::json!([]), &false.into()));

    let made = world.json(&["users", "create", "robot@example.com", "--last-name", "Robot"]);
    assert_eq!(made["name"], "Integration Robot");
    let invited = world.json(&["users", "invite", "guest@example.com", "--no-api-access"]);
    assert_eq!(invited["invited"], "guest@example.com");
    let inventory = world.json(&["tokens", "inventory"]);
    assert_eq!(inventory["api_users_asked"], inventory["api_users"]);
    assert!(inventory["tokens"].as_array().unwrap().len() > 3, "{inventory:#}");
    world.json(&["tokens", "inventory", "--cached"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_is_asked_for_once() {
    let world = World::signed_in().await;
    assert_eq!(world.json(&["connect", "status"])["state"], "not_requested");
    let request =
        ["connect", "request", "--for", "SAP", "--for", "Teams", "--purpose", "defects", "--contact", "it"];
    assert_eq!(
        world.json(&[&request[..], &["--dry-run"]].concat())["to"],
        serde_json::json!(["SAP", "Teams"])
    );
    assert_eq!(world.json(&request)["state"], "requested");
    let again = world.run(&[&request[..], &["--json"]].concat());
    assert_eq!((again.code, &support::error(&again.out)["code"]), (9, &"already_requested".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_names_the_command_line_and_is_whole() {
    let world = World::signed_in().await;
    world.run(&["tokens", "create", "Power BI"]).ok();
    let list = world.json(&["audit", "list", "--area", "tokens"]);
    let line = &list["lines"][0];
    assert_eq!((&line["through"], &line["object"]), (&"cli".into(), &"Power BI".into()));
    let verified = world.json(&["audit", "verify"]);
    assert_eq!((&verified["state"], &verified["unsealed"]), (&"whole".into(), &0.into()));
    let csv = world.run(&["audit", "export"]).ok();
    assert!(csv.out.contains("token.create"), "{}", csv.out);
    let file = world.desktop.folder().join("lines.json");
    let file = file.to_str().unwrap();
    world.json(&["audit", "export", "--format", "json", "--output", file]);
    assert!(std::fs::read_to_string(file).unwrap().contains("Power BI"));
    // Of an account that is gone, by its id or its name.
    let id = line["account"].as_str().unwrap();
    world.run(&["account", "remove", id, "--yes"]).ok();
    for gone in [id, line["account_label"].as_str().unwrap()] {
        let of = world.json(&["audit", "list", "--area", "tokens", "--account", gone]);
        assert_eq!(of["lines"][0]["object"], "Power BI", "{of:#}");
    }
    let nobody = world.run(&["audit", "list", "--account", "nobody", "--json"]);
    assert_eq!((nobody.code, &support::error(&nobody.out)["code"]), (5, &"not_found".into()));
    let over = world.run(&["audit", "export", "--output", file]);
    assert_eq!(over.code, 2, "nothing is written over: {over:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn limit_and_capabilities() {
    let world = World::signed_in().await;
    assert_eq!(world.json(&["limit", "status"])["share"], 500);
    assert_eq!(world.json(&["limit", "set", "--limit", "500", "--share", "400"])["share"], 400);
    world.run(&["tokens", "list"]).ok();
    let routes = world.json(&["capabilities"]);
    assert_eq!(find(&routes["routes"], "name", "tokens.list")["offer"], "offered");
    world.server.set_documented_only(true);
    world.run(&["capabilities", "--check-again"]).ok();
    let routes = world.json(&["capabilities"]);
    assert_eq!(find(&routes["routes"], "name", "tokens.list")["offer"], "not_offered");
}

#[tokio::test(flavor = "multi_thread")]
async fn piped_it_is_tab_separated_and_quiet_says_nothing() {
    let world = World::signed_in().await;
    // Whoever closes the pipe has seen enough.
    let mut head = support::piped(&mut world.command(&["tokens", "list"]));
    drop((head.stdin.take(), head.stdout.take()));
    assert!(head.wait_with_output().unwrap().status.success());
    let list = world.run(&["tokens", "list"]).ok();
    assert!(list.rows().iter().all(|row| row.len() == 7), "{}", list.out);
    let created = world.run(&["tokens", "create", "Loud"]).ok();
    assert!(created.err.contains("Created"), "{created:?}");
    assert_eq!(created.fact("name"), "Loud");
    let created = world.run(&["tokens", "create", "Quiet", "--quiet"]).ok();
    assert_eq!(created.err, "");
}
