//! What a webhook's fields may be: each refusal at its field, all of them at once.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::webhooks::{OTHER_PROJECT, PROJECT, WEBHOOKS, at, demo, little, with};
use common::{Site, send};
use planradar_sandbox::{Options, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

const TARGET: &str = "https://receiver.example/hook";

/// A value that no answer may tell.
const CANARY: &str = "canary-5f1c";

/// Sends a webhook that differs in one attribute, and compares what is refused.
async fn refused(site: &Site, name: &str, value: Value, places: &[&str]) {
    let sent = with(&little(TARGET), json!({name: value}));
    let got = site.create_webhook(sent.clone()).await;
    let wanted: Vec<String> = places.iter().map(|place| at(place)).collect();
    assert_eq!((got.status, got.pointers()), (422, wanted.iter().map(String::as_str).collect()), "{sent}");
    assert!(!got.body.to_string().contains(CANARY), "{got:?}");
}

async fn taken(site: &Site, name: &str, value: Value) {
    let sent = with(&little(TARGET), json!({name: value}));
    let got = site.create_webhook(sent.clone()).await;
    assert_eq!(got.status, 201, "{sent}: {got:?}");
}

#[tokio::test]
async fn descriptions_and_active() {
    let site = Site::start(demo()).await;
    taken(&site, "description", json!("ü".repeat(200))).await;
    for wrong in [json!(null), json!(""), json!("  "), json!("ü".repeat(201)), json!(1), json!(["a"])] {
        refused(&site, "description", wrong, &["description"]).await;
    }
    taken(&site, "active", json!(false)).await;
    for wrong in [json!(null), json!("true"), json!(1)] {
        refused(&site, "active", wrong, &["active"]).await;
    }
    site.sandbox.stop().await;
}

#[tokio::test]
async fn targets() {
    let site = Site::start(demo()).await;
    let longest = format!("https://h.example/{}", "a".repeat(2048 - 18));
    for right in [
        "http://h.example",
        "https://h.example:8443/a?b=c#d",
        "https://[::1]:1/",
        "https://bücher.example/ü",
        &longest,
    ] {
        taken(&site, "target-url", json!(right)).await;
    }
    for wrong in [
        "",
        "h.example",
        "/hook",
        "//h.example/",
        "https:h.example",
        "https://",
        "https:///hook",
        "https://h.example:0/",
        "https://h.example:65536/",
        "ftp://h.example/",
        "file:///etc/hosts",
        "javascript:alert(1)",
        "https://user@h.example/",
        "https://user:canary-5f1c@h.example/",
        "https://@h.example/",
        " https://h.example/",
        "https://h.example/a b",
        "https://h.example/\r\nX-Evil: 1",
        "https://h.example\\@evil.example/",
        &format!("{longest}a"),
    ] {
        refused(&site, "target-url", json!(wrong), &["target-url"]).await;
    }
    refused(&site, "target-url", json!(null), &["target-url"]).await;
    refused(&site, "target-url", json!({"url": TARGET}), &["target-url"]).await;
    site.sandbox.stop().await;
}

#[tokio::test]
async fn projects_and_events() {
    let site = Site::start(demo()).await;
    taken(&site, "project-ids", json!(null)).await;
    taken(&site, "project_ids", json!([PROJECT, OTHER_PROJECT])).await;
    for (wrong, places) in [
        (json!([]), &["project-ids"] as &[&str]),
        (json!(PROJECT), &["project-ids"]),
        (json!([PROJECT, "nowhere", 7, PROJECT]), &["project-ids/1", "project-ids/2", "project-ids/3"]),
    ] {
        refused(&site, "project-ids", wrong, places).await;
    }
    taken(&site, "events", json!(["ticket_created", "photo_attached"])).await;
    for (wrong, places) in [
        (json!([]), &["events"] as &[&str]),
        (json!(null), &["events"]),
        (json!("ticket_created"), &["events"]),
        (json!(["ticket_created", "no_such_event"]), &["events/1"]),
        (json!(["photo_attached", null, "photo_attached"]), &["events/1", "events/2"]),
    ] {
        refused(&site, "events", wrong, places).await;
    }
    site.sandbox.stop().await;
}

#[tokio::test]
async fn authentication() {
    let site = Site::start(demo()).await;
    let basic =
        |user: Value, password: Value| json!({"type": "basic", "username": user, "password": password});
    taken(&site, "authentication", json!(null)).await;
    taken(&site, "authentication", json!({"type": "none"})).await;
    taken(&site, "authentication", basic(json!("planradar"), json!("pass:wörd"))).await;
    let (user, password) = ("authentication/username", "authentication/password");
    for (wrong, places) in [
        (json!("basic"), &["authentication"] as &[&str]),
        (json!({}), &["authentication/type"]),
        (json!({"type": "bearer"}), &["authentication/type"]),
        (basic(json!("a:b"), json!(CANARY)), &[user]),
        (basic(json!(""), json!(CANARY)), &[user]),
        (basic(json!("a\nb"), json!(CANARY)), &[user]),
        (basic(json!(null), json!(CANARY)), &[user]),
        (basic(json!("a"), json!("")), &[password]),
        (basic(json!("a"), json!(format!("{CANARY}\0"))), &[password]),
        (basic(json!("a"), json!(format!("{CANARY}{}", "x".repeat(4096)))), &[password]),
        (basic(json!("a"), json!([CANARY])), &[password]),
        (json!({"type": "basic"}), &[password, user]),
    ] {
        refused(&site, "authentication", wrong, places).await;
    }
    site.sandbox.stop().await;
}

#[tokio::test]
async fn names_of_headers() {
    let site = Site::start(demo()).await;
    let header = |name: &str| json!([{"name": name, "value": CANARY}]);
    for right in ["X", "X-Api-Key", "x_1!#$%&'*+-.^`|~", "Authorization", &"X".repeat(256)] {
        taken(&site, "headers", header(right)).await;
    }
    for wrong in [
        "",
        " X",
        "X Y",
        "X:",
        "X\r\nY",
        "X-Größe",
        "Content-Type",
        "content-LENGTH",
        "Host",
        "User-Agent",
        "Transfer-Encoding",
        "Connection",
        "Upgrade",
        "TE",
        "Trailer",
        "Expect",
        "Proxy-Authorization",
        &"X".repeat(257),
    ] {
        refused(&site, "headers", header(wrong), &["headers/0/name"]).await;
    }
    let twice = json!([{"name": "X-A", "value": "1"}, {"name": "x-a", "value": "2"}]);
    refused(&site, "headers", twice, &["headers/1/name"]).await;
    let beside_basic = with(
        &little(TARGET),
        json!({
            "authentication": {"type": "basic", "username": "a", "password": "b"},
            "headers": [{"name": "AUTHORIZATION", "hidden": true, "value": "Bearer x"}],
        }),
    );
    let got = site.create_webhook(beside_basic).await;
    assert_eq!((got.status, got.pointers()), (422, vec![at("headers/0/name").as_str()]));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn values_of_headers() {
    let site = Site::start(demo()).await;
    for hidden in [false, true] {
        let header = |value: Value| json!([{"name": "X-A", "hidden": hidden, "value": value}]);
        for right in ["v", "a  b", "~!\"'\\", &"x".repeat(4096)] {
            taken(&site, "headers", header(json!(right))).await;
        }
        for wrong in [
            "",
            " ",
            " canary-5f1c",
            "canary-5f1c ",
            "canary-5f1c\r\nX-Evil: 1",
            "canary-5f1c\n",
            "canary\0-5f1c",
            "a\tcanary-5f1c",
            "canary-5f1c größe",
            "canary-5f1c\u{7f}",
            &format!("{CANARY}{}", "x".repeat(5000)),
        ] {
            refused(&site, "headers", header(json!(wrong)), &["headers/0/value"]).await;
        }
        refused(&site, "headers", header(json!(null)), &["headers/0/value"]).await;
        refused(&site, "headers", header(json!(5)), &["headers/0/value"]).await;
    }
    refused(&site, "headers", json!({"X-A": "v"}), &["headers"]).await;
    refused(&site, "headers", json!(["X-A: v"]), &["headers/0"]).await;
    let odd = json!([{"name": "X-A", "hidden": "yes", "value": "v"}]);
    refused(&site, "headers", odd, &["headers/0/hidden"]).await;
    let many = |count: usize| (0..count).map(|n| json!({"name": format!("X-{n}"), "value": "v"})).collect();
    taken(&site, "headers", many(50)).await;
    refused(&site, "headers", many(51), &["headers"]).await;
    site.sandbox.stop().await;
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once_and_nothing_is_stored() {
    let site = Site::start(demo()).await;
    let list = || site.get(WEBHOOKS, &site.ready.tokens.account_holder);
    let before = list().await.body;
    let wrong = json!({
        "description": "",
        "active": "no",
        "target-url": "ftp://h.example/",
        "project-ids": ["nowhere"],
        "events": ["no_such_event"],
        "authentication": {"type": "basic", "username": "a:b", "password": ""},
        "headers": [
            {"name": "X-A", "value": "1"},
            {"name": "Host", "hidden": true, "value": " x"},
            {"name": "x-a", "hidden": 1, "value": "2"},
        ],
    });
    let wanted = [
        "active",
        "authentication/password",
        "authentication/username",
        "description",
        "events/0",
        "headers/1/name",
        "headers/1/value",
        "headers/2/hidden",
        "headers/2/name",
        "project-ids/0",
        "target-url",
    ]
    .map(at);
    let got = site.create_webhook(wrong.clone()).await;
    assert_eq!((got.status, got.pointers()), (422, wanted.iter().map(String::as_str).collect()));
    assert_eq!(list().await.body, before);
    let id = site.new_webhook(little(TARGET)).await;
    let before = site.webhook(&id).await;
    let got = site.put_webhook(&id, wrong).await;
    assert_eq!((got.status, got.pointers()), (422, wanted.iter().map(String::as_str).collect()));
    assert_eq!(site.webhook(&id).await, before);
    let got = site.create_webhook(json!({})).await;
    assert_eq!(got.pointers(), ["description", "events", "target-url"].map(at));
    let token = &site.ready.tokens.account_holder;
    let got = send(site.request(Method::POST, WEBHOOKS, token).body("{")).await;
    assert_eq!((got.status, got.code()), (400, "bad_request"));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn unknown_attributes_come_back_as_they_were_sent() {
    let site = Site::start(demo()).await;
    let unknown = json!({
        "retry-policy": {"wait": 1.5, "codes": [500, null], "Odd_Key": "ü"},
        "under_scored": true,
        "authentication": {"type": "none", "realm": "site"},
        "headers": [{"name": "X-A", "hidden": false, "value": "v", "since": 2026}],
    });
    let id = site.new_webhook(with(&little(TARGET), unknown.clone())).await;
    let stored = site.webhook(&id).await;
    for (name, value) in unknown.as_object().unwrap() {
        assert_eq!(stored[name], *value, "{name}");
    }
    // What was read is sent back with one change.
    let got = site.put_webhook(&id, with(&stored, json!({"description": "changed"}))).await;
    assert_eq!(got.status, 200, "{got:?}");
    let now = site.webhook(&id).await;
    let wanted = json!({"description": "changed", "updated-on": now["updated-on"]});
    assert_eq!(now, with(&stored, wanted));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn an_event_that_is_unknown_is_kept_where_it_is_already() {
    let dir = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(dir.path().to_owned()), ..demo() };
    let site = Site::start(options()).await;
    let (id, other) = (site.new_webhook(little(TARGET)).await, site.new_webhook(little(TARGET)).await);
    site.sandbox.stop().await;
    // The catalogue has lost an event that a webhook is about.
    let db = rusqlite::Connection::open(dir.path().join("sandbox.db")).unwrap();
    let events = json!(["ticket_created", "of_yesterday"]);
    let changed =
        db.execute("UPDATE webhooks SET events = ?1 WHERE id = ?2", (events.to_string(), &id)).unwrap();
    assert_eq!(changed, 1);
    drop(db);

    let sandbox = Sandbox::start(options()).await.unwrap();
    let ready = sandbox.ready().unwrap();
    let site = Site { sandbox, ready, client: common::client() };
    assert_eq!(site.webhook(&id).await["events"], events);
    let edited = with(&little(TARGET), json!({"events": ["of_yesterday", "photo_attached"]}));
    assert_eq!(site.put_webhook(&id, edited.clone()).await.status, 200);
    assert_eq!(site.webhook(&id).await["events"], edited["events"]);
    assert_eq!(site.put_webhook(&other, edited.clone()).await.pointers(), [at("events/0")]);
    assert_eq!(site.create_webhook(edited.clone()).await.pointers(), [at("events/0")]);
    // Once it is gone it does not come back.
    assert_eq!(site.put_webhook(&id, little(TARGET)).await.status, 200);
    assert_eq!(site.put_webhook(&id, edited).await.pointers(), [at("events/0")]);
    site.sandbox.stop().await;
}
