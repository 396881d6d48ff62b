//! Webhooks, one by one and from a file, on a computer with a keyring against a real server.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The support's keyring. The commands are the same everywhere.

mod support;

use serde_json::{Value, json};
use support::{World, document, error};

const KEY: &str = "h1dden-v4lue-7f3a";
const PASSWORD: &str = "pa55-w0rd-91bc";
const GIVEN: &str = "g1ven-v4lue-20dd";

fn writes(world: &World) -> usize {
    let requests = world.server.requests();
    ["webhooks.create", "webhooks.update", "webhooks.delete"].iter().map(|r| requests.count(r)).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_created_changed_paused_copied_and_deleted() {
    let world = World::signed_in().await;
    let create = [
        "webhooks",
        "create",
        "--description",
        "Tickets to the ERP",
        "--target",
        "https://erp.example.com/in",
        "--event",
        "ticket_created",
        "--header",
        "X-Site: Halle 3",
        "--hidden-header",
        "X-Key",
        "--basic",
        "planradar",
        "--keep-values",
        "--json",
    ];
    let planned = world.run(&[&create[..], &["--dry-run"]].concat()).ok();
    assert_eq!(document(&create, &planned.out)["action"], "webhook.create");
    assert_eq!(writes(&world), 0);
    let secrets = json!({"X-Key": KEY, "password": PASSWORD}).to_string();
    let saved = document(&create, &world.run_with(&create, &secrets).ok().out);
    assert_eq!(saved["webhook"]["headers"][1]["hidden"]["kept_here"], true, "{saved:#}");
    let id = saved["webhook"]["id"].as_str().unwrap();
    assert!(world.desktop.all_kept().iter().any(|kept| kept == KEY));

    let list = world.json(&["webhooks", "list"]);
    assert!(
        list["webhooks"].as_array().unwrap().iter().any(|w| w["id"] == id && w["hidden_headers"] == 1),
        "{list:#}"
    );
    assert_eq!(world.json(&["webhooks", "list", "--cached"])["webhooks"], list["webhooks"]);
    // What is not said stays; kept values go along.
    let update = [
        "webhooks",
        "update",
        "Tickets to the ERP",
        "--event",
        "ticket_updated",
        "--remove-header",
        "x-site",
    ];
    let updated = world.json(&update);
    assert_eq!(updated["webhook"]["events"], json!(["ticket_updated"]));
    assert_eq!(updated["webhook"]["headers"].as_array().unwrap().len(), 1);
    let one = ["webhooks", "update", id, "--hidden-header", "X-Key", "--json"];
    document(&one, &world.run_with(&one, "an0ther-v4lue\n").ok().out);
    assert!(world.desktop.all_kept().iter().any(|kept| kept == "an0ther-v4lue"));
    // Another server needs them again.
    let moved = world.run(&["webhooks", "update", id, "--target", "https://erp.example.org/", "--json"]);
    assert_eq!((moved.code, &error(&moved.out)["code"]), (2, &"usage".into()));
    assert!(moved.err.contains("header X-Key") && moved.err.contains("password"), "{}", moved.err);
    let why = error(&moved.out)["details"].to_string();
    assert!(why.contains("header X-Key") && why.contains("password"), "scripts are told, too: {why}");

    let each = world.json(&["webhooks", "pause", id]);
    assert_eq!(each["done"][0]["id"], id);
    assert_eq!(world.json(&["webhooks", "show", id])["active"], false);
    assert_eq!(world.json(&["webhooks", "resume", id, "--dry-run"])["dry_run"], true);
    // Named twice it is one.
    let each = world.json(&["webhooks", "resume", "Tickets to the ERP", id]);
    assert_eq!((each["done"].as_array().unwrap().len(), &each["failed"]), (1, &json!([])), "{each:#}");
    let copy = world.json(&["webhooks", "duplicate", id, "--description", "A copy"]);
    assert_eq!(copy["webhook"]["active"], false);
    assert!(world.json(&["webhooks", "events"])["events"].as_array().unwrap().len() > 5);
    assert_eq!(world.json(&["webhooks", "deliveries", id])["offered"], true);
    let refused = world.run(&["webhooks", "delete", id, "A copy"]);
    assert!(refused.code == 4 && refused.err.contains("--yes"), "{refused:?}");
    let each = world.json(&["webhooks", "delete", id, "A copy", id, "--yes"]);
    assert_eq!(each["done"].as_array().unwrap().len(), 2);
    assert_eq!(world.run(&["webhooks", "show", id]).code, 5);
}

const FILE: &str = "version: 1
variables: {host: hooks.example.com}
environments: {staging: {host: staging.example.com}}
webhooks:
  - description: Tickets to the ERP
    target_url: https://${host}/in
    events: [ticket_created]
    authentication: {basic: {username: u, password: {hidden: keychain:PASSWORD}}}
    headers:
      - {name: X-Key, hidden: keychain:KEY, version: 1}
      - {name: X-Given, hidden: stdin, version: 1}
";

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_what_the_file_says() {
    let world = World::signed_in().await;
    let path = world.desktop.data().with_file_name("webhooks.yaml");
    let file = path.to_str().unwrap();
    let write = |text: &str| std::fs::write(&path, text).unwrap();
    // What is there now: no difference, and no write.
    let exported = world.run(&["webhooks", "export"]).ok();
    write(&exported.out);
    let same = world.json(&["webhooks", "drift", file]);
    assert_eq!((&same["differs"], &same["unchanged"]), (&false.into(), &4.into()));
    assert_eq!(world.json(&["webhooks", "export"])["text"], exported.out.as_str());
    world.run(&["webhooks", "apply", file, "--yes"]).ok();
    assert_eq!(writes(&world), 0);

    write(FILE);
    let plan = world.run(&["webhooks", "plan", file, "--json"]);
    assert_eq!(plan.code, 2, "{plan:?}");
    assert!(
        plan.err.contains(&format!("{file}:8:")) && plan.err.contains("webhooks value set PASSWORD"),
        "{}",
        plan.err
    );
    let plan = document(&["webhooks", "plan"], &plan.out);
    assert_eq!(plan["problems"].as_array().unwrap().len(), 3, "{plan:#}");
    assert_eq!(plan["wanted"], json!(["Tickets to the ERP/X-Given"]));
    assert_eq!(world.run(&["webhooks", "apply", file, "--yes"]).code, 2);

    let set = |name: &str, value: &str| {
        let args = ["webhooks", "value", "set", name, "--json"];
        document(&args, &world.run_with(&args, value).ok().out)["version"].clone()
    };
    assert_eq!((set("KEY", KEY), set("PASSWORD", PASSWORD)), (1.into(), 1.into()));
    let values = world.json(&["webhooks", "value", "list"]);
    assert_eq!(values["values"].as_array().unwrap().len(), 2);
    let given = format!("Tickets to the ERP/X-Given={GIVEN}\n");
    let apply = ["webhooks", "apply", file, "--env", "staging", "--values", "--yes"];
    let dry = world.run_with(&[&apply[..], &["--dry-run", "--json"]].concat(), &given).ok();
    assert_eq!(document(&apply, &dry.out)["to"], json!(["Tickets to the ERP"]));
    let ran = world.run_with(&[&apply[..], &["--json"]].concat(), &given).ok();
    let report = document(&apply, &ran.out);
    assert_eq!((&report["done"][0]["action"], &report["stopped"]), (&"create".into(), &Value::Null));
    assert!(ran.err.contains("1 of 1: “Tickets to the ERP”"), "{}", ran.err);
    let row = world.json(&["webhooks", "show", "Tickets to the ERP"]);
    assert_eq!(row["target_url"], "https://staging.example.com/in");

    // Drift: another environment, and then none.
    let drift = world.run(&["webhooks", "drift", file]);
    assert_eq!((drift.code, drift.rows()[0][0]), (10, "update"), "{drift:?}");
    world.run(&["webhooks", "drift", file, "--env", "staging"]).ok();
    // A new value in the keychain shows up, without its text.
    assert_eq!(set("KEY", "an0ther-v4lue"), 2);
    let drift = world.run(&["webhooks", "drift", file, "--env", "staging", "--json"]);
    assert_eq!(document(&["webhooks", "drift"], &drift.out)["webhooks"][0]["values"][0]["fate"], "newer");
    for secret in [KEY, PASSWORD, GIVEN, "an0ther-v4lue"] {
        for text in [&drift.out, &drift.err, &ran.out, &ran.err, &dry.out, &exported.out] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    // A value of another version than was set is a difference, although it is not at hand.
    assert_eq!(set("KEY", KEY), 3);
    world.run_with(&apply, &given).ok();
    write(&FILE.replace("KEY, version: 1", "KEY, version: 9"));
    let drift = world.run(&["webhooks", "drift", file, "--env", "staging"]);
    assert_eq!((drift.code, drift.rows()[0][0]), (10, "update"), "{drift:?}");
    assert!(drift.err.contains("value set KEY --version 9"), "{}", drift.err);
    // Deleting needs a yes.
    write("version: 1\nwebhooks: []\n");
    assert_eq!(world.run(&["webhooks", "apply", file]).code, 0, "left alone");
    let refused = world.run(&["webhooks", "apply", file, "--prune"]);
    assert!(refused.code == 4 && refused.err.contains("--yes"), "{refused:?}");
    let report = world.json(&["webhooks", "apply", file, "--prune", "--yes"]);
    assert_eq!(report["done"].as_array().unwrap().len(), 5);
    assert_eq!(world.json(&["webhooks", "value", "delete", "KEY", "--yes"])["done"], true);
    assert_eq!(world.run(&["webhooks", "value", "delete", "KEY", "--yes"]).code, 5);
}
