//! Deliveries to real receivers: to whom, with what, how often.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::{Duration, Instant};

use common::Site;
use common::receiver::{Receiver, bytes_of_one, status};
use common::webhooks::{OTHER_PROJECT, PROJECT, demo, little, quick, with};
use planradar_sandbox::{DeliverOptions, Options};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

fn delivering(deliver: DeliverOptions) -> Options {
    Options { deliver, ..demo() }
}

async fn comment(site: &Site, project: &str, ticket: &str) {
    let path = format!("/api/v2/9000001/projects/{project}/tickets/{ticket}/comment");
    let token = &site.ready.tokens.account_holder;
    let got = site.with_attributes(Method::POST, &path, token, json!({"comment": "demo: look"})).await;
    assert_eq!(got.status, 201, "{got:?}");
    site.sandbox.delivered().await;
}

#[tokio::test]
async fn what_is_sent_is_the_event_as_json() {
    let site = Site::start(demo()).await;
    let receiver = Receiver::content().await;
    site.new_webhook(little(&receiver.url("/hook?a=b#c"))).await;
    let uuid = site.ticket(PROJECT).await;
    let hit = receiver.only();
    assert_eq!(hit.target, "/hook?a=b");
    assert_eq!(hit.header("content-type"), Some("application/json"));
    assert!(hit.header("user-agent").unwrap().starts_with("PlanRadar-Sandbox/"));
    assert_eq!(hit.header("host"), Some(format!("127.0.0.1:{}", receiver.port).as_str()));
    assert_eq!(hit.header("authorization"), None);
    assert_eq!(hit.event(), "ticket_created");
    assert_eq!(hit.body["source"], "demo");
    assert_eq!(hit.body["customer-id"], "9000001");
    assert_eq!(hit.body["project"], json!({"id": PROJECT, "name": "Neubau Kita Fliederweg"}));
    assert_eq!(hit.body["user"]["id"], "338601");
    assert_eq!(hit.body["ticket"]["uuid"], json!(uuid));
    assert_eq!(hit.body["ticket"]["subject"], "demo: crack");
    site.sandbox.stop().await;
}

#[tokio::test]
async fn only_chosen_events_and_projects_of_active_webhooks() {
    let site = Site::start(demo()).await;
    let receiver = Receiver::content().await;
    let hook = |path: &str, more: Value| site.new_webhook(with(&little(&receiver.url(path)), more));
    hook("/all", json!({})).await;
    hook("/project", json!({"project-ids": [PROJECT]})).await;
    hook("/comments", json!({"events": ["comment_added"]})).await;
    hook("/both", json!({"events": ["comment_added", "ticket_created"], "project-ids": [OTHER_PROJECT]}))
        .await;
    let paused = hook("/paused", json!({"active": false})).await;
    let heard = || {
        let mut heard: Vec<_> =
            receiver.take().iter().map(|hit| format!("{} {}", hit.target, hit.event())).collect();
        heard.sort();
        heard
    };

    let ticket = site.ticket(PROJECT).await;
    assert_eq!(heard(), ["/all ticket_created", "/project ticket_created"]);
    let other = site.ticket(OTHER_PROJECT).await;
    assert_eq!(heard(), ["/all ticket_created", "/both ticket_created"]);
    comment(&site, PROJECT, &ticket).await;
    assert_eq!(heard(), ["/comments comment_added"]);
    comment(&site, OTHER_PROJECT, &other).await;
    assert_eq!(heard(), ["/both comment_added", "/comments comment_added"]);
    assert_eq!(site.put_webhook(&paused, little(&receiver.url("/resumed"))).await.status, 200);
    site.ticket(OTHER_PROJECT).await;
    assert_eq!(heard(), ["/all ticket_created", "/both ticket_created", "/resumed ticket_created"]);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn names_of_headers_keep_their_case_byte_for_byte() {
    let site = Site::start(demo()).await;
    let (url, bytes) = bytes_of_one().await;
    let headers = json!([
        {"name": "x-lower", "value": "1"},
        {"name": "X-UPPER", "value": "2", "hidden": true},
        {"name": "X-MiXeD_y", "value": "a  b"},
    ]);
    let basic = json!({"type": "basic", "username": "Aladdin", "password": "open sesame"});
    let id =
        site.new_webhook(with(&little(&url), json!({"headers": headers, "authentication": basic}))).await;
    site.ticket(PROJECT).await;
    let request = bytes.await.unwrap();
    assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
    for line in [
        "x-lower: 1",
        "X-UPPER: 2",
        "X-MiXeD_y: a  b",
        "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "Content-Type: application/json",
    ] {
        assert!(request.contains(&format!("\r\n{line}\r\n")), "{line} in {request}");
    }
    assert_eq!(site.deliveries(&id).await.column("status"), [&json!(204)]);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_receiver_that_is_too_slow_is_not_waited_for() {
    let timeout = Duration::from_millis(50);
    let site = Site::start(delivering(DeliverOptions { timeout, retries: 0, ..quick() })).await;
    // It takes the connection, and never says a word.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let id = site.new_webhook(little(&url)).await;
    let start = Instant::now();
    site.ticket(PROJECT).await;
    assert!((timeout..Duration::from_secs(5)).contains(&start.elapsed()), "{:?}", start.elapsed());
    let got = site.deliveries(&id).await;
    assert_eq!(got.column("status"), [&Value::Null]);
    assert_eq!(got.column("error"), [&json!("No answer came within 50 ms.")]);
    assert!(got.column("duration-ms")[0].as_i64().unwrap() >= 50);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn what_fails_is_tried_again_with_growing_pauses() {
    let backoff = Duration::from_millis(40);
    let site = Site::start(delivering(DeliverOptions { backoff, ..quick() })).await;
    site.clear_webhooks().await;
    let receiver = Receiver::start(|n, _| status(if n == 4 { 201 } else { 500 })).await;
    let id = site.new_webhook(little(&receiver.url("/"))).await;
    let start = Instant::now();
    site.ticket(PROJECT).await;
    // 1 + 2 + 4.
    assert!(start.elapsed() >= backoff * 7, "{:?}", start.elapsed());
    let hits = receiver.take();
    assert_eq!(hits.len(), 4);
    assert!(hits.iter().all(|hit| hit.body == hits[0].body), "each try says the same: {hits:?}");
    let got = site.deliveries(&id).await;
    assert_eq!(got.column("attempt"), [4, 3, 2, 1]);
    assert_eq!(got.column("status"), [201, 500, 500, 500]);
    assert!(got.column("next-retry").iter().all(|next| next.is_null()), "none is to come: {got:?}");
    site.sandbox.stop().await;
}

#[tokio::test]
async fn after_the_last_retry_it_is_given_up() {
    for retries in [0, 2] {
        let site = Site::start(delivering(DeliverOptions { retries, ..quick() })).await;
        let receiver = Receiver::start(|_, _| status(503)).await;
        let id = site.new_webhook(little(&receiver.url("/"))).await;
        site.ticket(PROJECT).await;
        let tries = usize::try_from(retries + 1).unwrap();
        assert_eq!(receiver.take().len(), tries);
        assert_eq!(site.deliveries(&id).await.column("status"), vec![&json!(503); tries]);
        site.sandbox.stop().await;
    }
}

#[tokio::test]
async fn a_retry_that_is_to_come_is_told_and_ends_with_a_pause() {
    let backoff = Duration::from_secs(2);
    let site = Site::start(delivering(DeliverOptions { backoff, ..quick() })).await;
    site.clear_webhooks().await;
    let receiver = Receiver::start(|_, _| status(500)).await;
    let id = site.new_webhook(little(&receiver.url("/"))).await;
    let token = &site.ready.tokens.account_holder;
    let path = format!("/api/v2/9000001/projects/{PROJECT}/tickets");
    let ticket = json!({"ticket-type-id": "t", "component-id": "c"});
    assert_eq!(site.with_attributes(Method::POST, &path, token, ticket).await.status, 201);
    let path = format!("{}/{id}/deliveries", common::webhooks::WEBHOOKS);
    // The receiver has answered a moment before it is noted.
    let noted = loop {
        let got = site.get(&path, token).await;
        if got.body["meta"]["count"] != 0 {
            break got;
        }
    };
    assert_eq!(noted.column("attempt"), [1]);
    let next: jiff::Timestamp = noted.column("next-retry")[0].as_str().unwrap().parse().unwrap();
    let at: jiff::Timestamp = noted.column("at")[0].as_str().unwrap().parse().unwrap();
    assert!(next.duration_since(at).as_secs() >= 1, "{at} {next}");
    let paused = with(&little(&receiver.url("/")), json!({"active": false}));
    assert_eq!(site.put_webhook(&id, paused).await.status, 200);
    let got = site.deliveries(&id).await;
    assert_eq!(got.column("attempt"), [1]);
    assert!(got.column("next-retry")[0].is_null(), "{got:?}");
    assert_eq!(receiver.take().len(), 1);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let site = Site::start(delivering(DeliverOptions { retries: 0, ..quick() })).await;
    let elsewhere = Receiver::content().await;
    let to = elsewhere.url("/");
    for code in [301, 302, 303, 307, 308] {
        let to = to.clone();
        let receiver = Receiver::start(move |_, _| {
            let mut response = status(code);
            response.headers_mut().insert("location", to.parse().unwrap());
            response
        })
        .await;
        let secret = json!({"headers": [{"name": "X-Key", "hidden": true, "value": "s3cr3t"}]});
        let id = site.new_webhook(with(&little(&receiver.url("/")), secret)).await;
        site.ticket(PROJECT).await;
        receiver.only();
        assert_eq!(site.deliveries(&id).await.column("status"), [code]);
        let token = &site.ready.tokens.account_holder;
        site.delete(&format!("{}/{id}", common::webhooks::WEBHOOKS), token).await;
    }
    assert!(elsewhere.take().is_empty());
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_refused_or_rolled_back_request_delivers_nothing() {
    let site = Site::start(demo()).await;
    let receiver = Receiver::content().await;
    site.new_webhook(little(&receiver.url("/"))).await;
    let token = &site.ready.tokens.account_holder;
    let path = format!("/api/v2/9000001/projects/{PROJECT}/tickets");
    assert_eq!(site.with_attributes(Method::POST, &path, token, json!({})).await.status, 422);
    site.sandbox.set_plan(planradar_sandbox::Plan::Basic).unwrap();
    let ticket = json!({"ticket-type-id": "t", "component-id": "c"});
    assert_eq!(site.with_attributes(Method::POST, &path, token, ticket).await.status, 403);
    site.sandbox.delivered().await;
    assert!(receiver.take().is_empty());
    site.sandbox.stop().await;
}
