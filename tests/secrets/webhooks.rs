//! All that is done with a webhook's hidden values.

use crate::{World, done, text};
use gatehouse_tests::receiver::Receiver;
use serde_json::{Value, json};

const HIDDEN: &str = "h1dd3n-v4lu3-0f-a-h3ad3r-c4n4ry";
const NEWER: &str = "n3w3r-v4lu3-0f-a-h3ad3r-c4n4ry";
const PASSWORD: &str = "p455w0rd-0f-b4s1c-4uth-c4n4ry-x";
/// In the query of the target: the server shows it to whoever may see webhooks, files and logs must not.
const QUERY: &str = "qu3ry-t0k3n-0f-th3-t4rg3t-c4n4ry";

fn replace(value: &str) -> Value {
    json!({ "kind": "replace", "value": value })
}

fn input(form: Option<&Value>, target: &str, hidden: &Value, password: &Value, keep: bool) -> Value {
    let of = |key: &str| form.map_or(Value::Null, |form| form[key].clone());
    json!({
        "id": of("id"), "base": of("base"), "copyOf": null,
        "description": "Tickets to the ERP", "active": true, "targetUrl": target, "projectIds": null,
        "events": ["ticket_created"],
        "authentication": { "kind": "basic", "username": "planradar", "password": password },
        "headers": [
            { "name": "X-Key", "hidden": true, "value": hidden },
            { "name": "X-Site", "hidden": false, "value": replace("Halle 3") },
        ],
        "keepValues": keep,
    })
}

fn save(world: &mut World, input: &Value) -> Value {
    world.ask(&["webhook-save", &input.to_string()])
}

/// Where the hidden values are that are nowhere to be. The target's query is part of what the editor shows.
fn finds(world: &mut World) -> Vec<String> {
    world.finds(None)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hidden_value_comes_back_or_stays_anywhere() {
    let mut world = World::with_account().await;
    world.given.extend([HIDDEN, NEWER, PASSWORD].map(str::to_owned));
    let receiver = Receiver::start().await;
    let target = receiver.url().to_owned();

    // Refused here, refused by the server, lost on the way.
    let masked = input(None, &target, &replace("********"), &replace(PASSWORD), true);
    assert_eq!(save(&mut world, &masked)["error"]["code"], "invalid");
    let mut unknown = input(None, &target, &replace(HIDDEN), &replace(PASSWORD), true);
    unknown["events"] = json!(["never_heard_of"]);
    assert_eq!(save(&mut world, &unknown)["error"]["code"], "invalid");
    let bad =
        input(None, &target, &replace(&format!("{HIDDEN}\n")), &replace(&format!("{PASSWORD}\u{7}")), true);
    done(world.ask(&["webhook-check", &bad.to_string()]));
    assert_eq!(save(&mut world, &bad)["error"]["code"], "invalid");

    let new = input(None, &target, &replace(HIDDEN), &replace(PASSWORD), true);
    done(world.ask(&["webhook-check", &new.to_string()]));
    let saved = done(save(&mut world, &new));
    let id = text(&saved["form"]["id"]);
    done(world.ask(&["webhooks"]));
    done(world.ask(&["webhook-copy", &id, "X-Key"]));
    assert_eq!(world.ask(&["is-copied", HIDDEN]), true);
    done(world.ask(&["webhook-duplicate", &id]));

    // Kept ones are sent again; then a new one; then all of it elsewhere.
    let kept = json!({ "kind": "kept" });
    let saved = done(save(&mut world, &input(Some(&saved["form"]), &target, &kept, &kept, true)));
    let saved = done(save(&mut world, &input(Some(&saved["form"]), &target, &replace(NEWER), &kept, true)));
    let moved = target.replace("127.0.0.1", "localhost");
    let keep = json!({ "kind": "keep" });
    let to_move = input(Some(&saved["form"]), &moved, &keep, &keep, true);
    let plan = done(world.ask(&["webhook-check", &to_move.to_string()]));
    assert_eq!(plan["problems"].as_array().unwrap().len(), 2, "{plan}");
    let saved = done(save(&mut world, &input(Some(&saved["form"]), &moved, &kept, &kept, true)));
    done(world.ask(&["webhook-deliveries", &id]));
    done(world.ask(&["webhook-pause", &id]));
    let kept_now = world.desktop.all_kept();
    assert!(kept_now.contains(&NEWER.to_owned()) && kept_now.contains(&PASSWORD.to_owned()));
    assert!(!kept_now.contains(&HIDDEN.to_owned()), "replaced there too");

    // Killed with all in hand: what SQLite has not yet put in its place stays on the disk.
    world.restart(true);
    assert!(saved["form"]["headers"][0]["value"].is_null());
    assert_eq!(finds(&mut world), Vec::<String>::new());
    done(world.ask(&["webhooks"]));
    done(world.ask(&["webhook-form", &id]));
    done(world.ask(&["webhook-delete", &id]));
    let kept_now = world.desktop.all_kept();
    assert!(!kept_now.contains(&NEWER.to_owned()) && !kept_now.contains(&PASSWORD.to_owned()));

    // Where the server has no webhooks: remembered by hand, without a value.
    world.server.set_documented_only(true);
    let by_hand = input(None, &target, &replace(HIDDEN), &replace(PASSWORD), true);
    assert_eq!(world.ask(&["webhooks"])["view"]["error"]["code"], "not_offered");
    done(world.ask(&["webhook-by-hand", &by_hand.to_string()]));
    world.restart(false);
    assert!(world.file("trace.log").contains("TRACE"), "the log is not at trace level");
    assert_eq!(finds(&mut world), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_the_targets_query_is_in_no_file_and_no_list() {
    let mut world = World::with_account().await;
    world.given.push(QUERY.to_owned());
    let target = format!("https://erp.example.com/hook?token={QUERY}&site=3");
    let new = input(None, &target, &replace(HIDDEN), &replace(PASSWORD), true);
    let plan = done(world.ask(&["webhook-check", &new.to_string()]));
    assert_eq!(plan["querySecrets"], json!(["token"]));
    done(world.ask(&["webhooks"]));
    assert_eq!(world.finds(None), Vec::<String>::new());
    // The editor has to show it: that one answer may.
    let saved = done(save(&mut world, &new));
    let id = text(&saved["form"]["id"]);
    let answer = world.worker().said.last().unwrap().clone();
    assert_eq!(world.finds(Some(&answer)), Vec::<String>::new());
    let list = done(world.ask(&["webhooks"]));
    assert!(list.to_string().contains("erp.example.com/hook?token="), "{list}");
    done(world.ask(&["webhook-pause", &id]));
    done(world.ask(&["webhook-delete", &id]));
    assert_eq!(world.finds(Some(&answer)), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_panic_says_a_hidden_value() {
    let mut world = World::with_account().await;
    world.given.extend([HIDDEN, PASSWORD].map(str::to_owned));
    let new = input(None, "https://erp.example.com/hook", &replace(HIDDEN), &replace(PASSWORD), true);
    let saved = done(world.panic_at(&["webhook-save", &new.to_string()], "before put hidden 1"));
    assert_eq!(saved["keepError"]["code"], "keychain_failed", "{saved}");
    let id = text(&saved["form"]["id"]);
    let copy = ["webhook-copy", &id, ":password"];
    assert_eq!(world.panic_at(&copy, "after get hidden 1")["error"]["code"], "keychain_failed");
    done(world.ask(&copy));
    world.restart(false);
    let said = world.file("stderr.log");
    assert_eq!(said.matches("panicked at").count(), 2, "{said}");
    assert!(said.contains("SecretBox") && said.contains("stack backtrace"), "{said}");
    assert_eq!(world.finds(None), Vec::<String>::new());
}
