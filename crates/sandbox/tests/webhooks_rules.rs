//! "Rules of PUT" on a webhook: one test for each of them.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::Site;
use common::receiver::Receiver;
use common::webhooks::{PROJECT, at, demo, little, with};
use serde_json::{Value, json};

/// `planradar:pass:word` as Basic writes it.
const BASIC: &str = "Basic cGxhbnJhZGFyOnBhc3M6d29yZA==";

/// A webhook with everything, of which three values are hidden.
fn much(target: &str) -> Value {
    with(
        &little(target),
        json!({
            "active": true,
            "project-ids": [PROJECT],
            "events": ["ticket_created", "comment_added"],
            "authentication": {"type": "basic", "username": "planradar", "password": "pass:word"},
            "headers": [
                {"name": "X-Site", "hidden": false, "value": "3"},
                {"name": "X-Api-Key", "hidden": true, "value": "first-secret"},
                {"name": "X-Tenant", "hidden": true, "value": "second secret"},
            ],
            "note": {"of": ["somebody", "else"]},
        }),
    )
}

/// The same with nothing sent for what is hidden.
fn kept(target: &str) -> Value {
    with(
        &much(target),
        json!({
            "authentication": {"type": "basic", "username": "planradar"},
            "headers": [
                {"name": "X-Site", "hidden": false, "value": "3"},
                {"name": "X-Api-Key", "hidden": true},
                {"name": "X-Tenant", "hidden": true, "value": null},
            ],
        }),
    )
}

async fn start() -> (Site, Receiver) {
    (Site::start(demo()).await, Receiver::content().await)
}

#[tokio::test]
async fn put_replaces_all() {
    let (site, receiver) = start().await;
    let id = site.new_webhook(much(&receiver.url("/a"))).await;
    let before = site.webhook(&id).await;
    assert_eq!(before["note"], json!({"of": ["somebody", "else"]}));
    let sent = json!({"description": "new", "target-url": receiver.url("/b"), "events": ["ticket_deleted"]});
    let got = site.put_webhook(&id, sent).await;
    assert_eq!(got.status, 200, "{got:?}");
    let now = site.webhook(&id).await;
    assert_eq!(got.body["data"]["attributes"], now, "the answer is what is stored");
    assert_eq!(
        now,
        json!({
            "description": "new",
            "active": true,
            "target-url": receiver.url("/b"),
            "project-ids": null,
            "events": ["ticket_deleted"],
            "authentication": {"type": "none"},
            "headers": [],
            "created-on": before["created-on"],
            "updated-on": now["updated-on"],
        })
    );
    site.sandbox.stop().await;
}

#[tokio::test]
async fn hidden_values_sent_without_a_value_are_kept() {
    let (site, receiver) = start().await;
    let id = site.new_webhook(much(&receiver.url("/"))).await;
    let edited = with(&kept(&receiver.url("/")), json!({"description": "only this is new"}));
    let got = site.put_webhook(&id, edited).await;
    assert_eq!(got.status, 200, "{got:?}");
    assert_eq!(site.webhook(&id).await["description"], "only this is new");
    site.ticket(PROJECT).await;
    let hit = receiver.only();
    assert_eq!(hit.header("authorization"), Some(BASIC));
    assert_eq!(hit.header("x-site"), Some("3"));
    assert_eq!(hit.header("x-api-key"), Some("first-secret"));
    assert_eq!(hit.header("x-tenant"), Some("second secret"));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn names_in_another_case_or_order_keep_their_own_value() {
    let (site, receiver) = start().await;
    let id = site.new_webhook(much(&receiver.url("/"))).await;
    let headers = json!([{"name": "x-TENANT", "hidden": true}, {"name": "x-api-KEY", "hidden": true}]);
    let got = site.put_webhook(&id, with(&kept(&receiver.url("/")), json!({"headers": headers}))).await;
    assert_eq!(got.status, 200, "{got:?}");
    assert_eq!(got.body["data"]["attributes"]["headers"][0]["name"], "x-TENANT");
    site.ticket(PROJECT).await;
    let hit = receiver.only();
    assert_eq!(hit.header("x-tenant"), Some("second secret"));
    assert_eq!(hit.header("x-api-key"), Some("first-secret"));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn hidden_values_sent_with_a_value_are_replaced() {
    let (site, receiver) = start().await;
    let id = site.new_webhook(much(&receiver.url("/"))).await;
    let edited = with(
        &kept(&receiver.url("/")),
        json!({
            "authentication": {"type": "basic", "username": "other", "password": "new"},
            "headers": [
                {"name": "X-Api-Key", "hidden": true, "value": "third-secret"},
                {"name": "X-Tenant", "hidden": true},
            ],
        }),
    );
    assert_eq!(site.put_webhook(&id, edited).await.status, 200);
    site.ticket(PROJECT).await;
    let hit = receiver.only();
    assert_eq!(hit.header("authorization"), Some("Basic b3RoZXI6bmV3"));
    assert_eq!(hit.header("x-api-key"), Some("third-secret"));
    assert_eq!(hit.header("x-tenant"), Some("second secret"));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn what_is_left_out_is_removed_and_can_not_be_kept_later() {
    let (site, receiver) = start().await;
    let target = receiver.url("/");
    let id = site.new_webhook(much(&target)).await;
    let edited = with(
        &kept(&target),
        json!({"authentication": {"type": "none"}, "headers": [{"name": "X-Tenant", "hidden": true}]}),
    );
    assert_eq!(site.put_webhook(&id, edited).await.status, 200);
    site.ticket(PROJECT).await;
    let hit = receiver.only();
    assert_eq!(hit.header("authorization"), None);
    assert_eq!(hit.header("x-site"), None);
    assert_eq!(hit.header("x-api-key"), None);
    assert_eq!(hit.header("x-tenant"), Some("second secret"));

    let got = site.put_webhook(&id, kept(&target)).await;
    assert_eq!(got.status, 422, "{got:?}");
    assert_eq!(got.pointers(), [at("authentication/password"), at("headers/1/value")]);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_new_webhook_has_nothing_to_keep() {
    let (site, receiver) = start().await;
    let got = site.create_webhook(kept(&receiver.url("/"))).await;
    assert_eq!(got.status, 422, "{got:?}");
    assert_eq!(got.pointers(), [at("authentication/password"), at("headers/1/value"), at("headers/2/value")]);
    site.sandbox.stop().await;
}

/// Keeping is refused for another destination, and everything stays as it was.
async fn is_refused_at(other: impl Fn(&Receiver) -> String) {
    let (site, receiver) = start().await;
    let id = site.new_webhook(much(&receiver.url("/"))).await;
    let before = site.webhook(&id).await;
    let target = other(&receiver);
    let got = site.put_webhook(&id, kept(&target)).await;
    assert_eq!(got.status, 422, "{got:?}");
    assert_eq!(got.pointers(), [at("authentication/password"), at("headers/1/value"), at("headers/2/value")]);
    for error in got.body["errors"].as_array().unwrap() {
        assert!(error["detail"].as_str().unwrap().contains("new destination"), "{error}");
    }
    assert_eq!(site.webhook(&id).await, before);
    // With all values it is allowed; one that is only half new is refused where it isn't.
    let half = with(&much(&target), json!({"headers": kept(&target)["headers"]}));
    assert_eq!(site.put_webhook(&id, half).await.pointers(), [at("headers/1/value"), at("headers/2/value")]);
    assert_eq!(site.put_webhook(&id, much(&target)).await.status, 200);
    assert_eq!(site.webhook(&id).await["target-url"], target);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn keeping_is_refused_when_the_scheme_changes() {
    is_refused_at(|receiver| receiver.url("/").replace("http:", "https:")).await;
}

#[tokio::test]
async fn keeping_is_refused_when_the_host_changes() {
    is_refused_at(|receiver| receiver.url("/").replace("127.0.0.1", "127.0.0.2")).await;
}

#[tokio::test]
async fn keeping_is_refused_when_the_port_changes() {
    is_refused_at(|receiver| receiver.url("/").replace(&receiver.port.to_string(), "9")).await;
}

#[tokio::test]
async fn another_path_or_query_is_the_same_destination() {
    let (site, receiver) = start().await;
    let id = site.new_webhook(much(&receiver.url("/a"))).await;
    let target = receiver.url("/b/c?d=e").replace("http:", "HTTP:");
    let got = site.put_webhook(&id, kept(&target)).await;
    assert_eq!(got.status, 200, "{got:?}");
    assert_eq!(got.body["data"]["attributes"]["target-url"], target, "as it was written");
    site.ticket(PROJECT).await;
    let hit = receiver.only();
    assert_eq!((hit.target.as_str(), hit.header("x-api-key")), ("/b/c?d=e", Some("first-secret")));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_detour_to_another_destination_brings_no_value_along() {
    let (site, receiver) = start().await;
    let id = site.new_webhook(much(&receiver.url("/"))).await;
    let elsewhere = Receiver::content().await;
    assert_eq!(site.put_webhook(&id, little(&elsewhere.url("/"))).await.status, 200);
    let got = site.put_webhook(&id, kept(&elsewhere.url("/"))).await;
    assert_eq!(got.pointers(), [at("authentication/password"), at("headers/1/value"), at("headers/2/value")]);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_hidden_value_becomes_visible_only_with_a_new_one() {
    let (site, receiver) = start().await;
    let target = receiver.url("/");
    let id = site.new_webhook(much(&target)).await;
    for shown in [json!({"hidden": false}), json!({"hidden": false, "value": null}), json!({})] {
        let header = with(&json!({"name": "X-Api-Key"}), shown);
        let got = site.put_webhook(&id, with(&kept(&target), json!({"headers": [header]}))).await;
        assert_eq!(got.status, 422, "{got:?}");
        assert_eq!(got.pointers(), [at("headers/0/value")]);
    }
    let header = json!({"name": "X-Api-Key", "hidden": false, "value": "public"});
    let got = site.put_webhook(&id, with(&kept(&target), json!({"headers": [header]}))).await;
    assert_eq!(got.status, 200, "{got:?}");
    assert_eq!(site.webhook(&id).await["headers"], json!([header]));
    site.ticket(PROJECT).await;
    assert_eq!(receiver.only().header("x-api-key"), Some("public"));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_visible_value_becomes_hidden_without_being_sent_again() {
    let (site, receiver) = start().await;
    let target = receiver.url("/");
    let id = site.new_webhook(much(&target)).await;
    let headers = json!([{"name": "X-Site", "hidden": true}]);
    let got = site.put_webhook(&id, with(&kept(&target), json!({"headers": headers}))).await;
    assert_eq!(got.status, 200, "{got:?}");
    let hidden = json!([{"name": "X-Site", "hidden": true, "value": null}]);
    assert_eq!(site.webhook(&id).await["headers"], hidden);
    site.ticket(PROJECT).await;
    assert_eq!(receiver.only().header("x-site"), Some("3"));
    site.sandbox.stop().await;
}
