//! What is kept of deliveries, and how it is told.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use axum::response::IntoResponse as _;
use common::Site;
use common::receiver::{Receiver, answer, status};
use common::webhooks::{PROJECT, WEBHOOKS, demo, little, quick, with};
use planradar_sandbox::{DeliverOptions, Options};
use serde_json::{Value, json};

fn once() -> Options {
    Options { deliver: DeliverOptions { retries: 0, ..quick() }, ..demo() }
}

#[tokio::test]
async fn a_delivery_is_told_with_its_redacted_request_and_the_answer() {
    let site = Site::start(once()).await;
    let receiver = Receiver::start(|_, _| answer(202, "thanks".into())).await;
    let sent = json!({
        "authentication": {"type": "basic", "username": "planradar", "password": "s3cr3t"},
        "headers": [
            {"name": "X-Site", "value": "3"},
            {"name": "X-Api-Key", "hidden": true, "value": "also s3cr3t"},
        ],
    });
    let id = site.new_webhook(with(&little(&receiver.url("/hook?key=in-the-query")), sent)).await;
    site.ticket(PROJECT).await;
    let hit = receiver.only();
    let got = site.deliveries(&id).await;
    assert_eq!(got.body["meta"], json!({"count": 1, "page": 1}));
    let row = &got.body["data"][0];
    assert_eq!(row["type"], "webhook-deliveries");
    let mut attributes = row["attributes"].clone();
    let request = attributes["request"].take();
    let duration = attributes["duration-ms"].take();
    assert!(duration.as_i64().is_some_and(|ms| (0..10_000).contains(&ms)), "{duration}");
    assert!(attributes["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{attributes}");
    assert_eq!(
        attributes,
        json!({
            "event": "ticket_created",
            "event-id": hit.body["id"],
            "at": attributes["at"],
            "status": 202,
            "duration-ms": null,
            "attempt": 1,
            "error": null,
            "request": null,
            "answer": "thanks",
            "next-retry": null,
        })
    );
    assert_eq!(
        request,
        json!({
            "method": "POST",
            "url": receiver.url("/hook?hidden"),
            "headers": [
                {"name": "Content-Type", "value": "application/json"},
                {"name": "User-Agent", "value": hit.header("user-agent").unwrap()},
                {"name": "Authorization", "value": "hidden"},
                {"name": "X-Site", "value": "3"},
                {"name": "X-Api-Key", "value": "hidden"},
            ],
            "body": hit.body,
        })
    );
    site.sandbox.stop().await;
}

#[tokio::test]
async fn the_last_hundred_of_each_webhook_are_kept() {
    let site = Site::start(once()).await;
    let receiver =
        Receiver::start(
            |n, hit| {
                if hit.target == "/busy" { answer(200, n.to_string()) } else { status(200) }
            },
        )
        .await;
    let quiet = site.new_webhook(little(&receiver.url("/quiet"))).await;
    site.ticket(PROJECT).await;
    let stop = with(&little(&receiver.url("/quiet")), json!({"active": false}));
    assert_eq!(site.put_webhook(&quiet, stop).await.status, 200);
    let busy = site.new_webhook(little(&receiver.url("/busy"))).await;
    for _ in 0..103 {
        site.ticket(PROJECT).await;
    }
    assert_eq!(receiver.take().len(), 104);
    let got = site.deliveries(&busy).await;
    assert_eq!(got.body["meta"]["count"], 100);
    let numbers: Vec<String> = (5..=104).rev().map(|n| n.to_string()).collect();
    assert_eq!(got.column("answer"), numbers.iter().collect::<Vec<_>>());
    assert_eq!(site.deliveries(&quiet).await.body["meta"]["count"], 1);
    let token = &site.ready.tokens.account_holder;
    let path = format!("{WEBHOOKS}/{busy}/deliveries?page=4&pagesize=30");
    assert_eq!(site.get(&path, token).await.column("answer").len(), 10);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn of_an_answer_the_first_kilobyte_is_shown() {
    let site = Site::start(once()).await;
    let secret = "edge-s3cr3t";
    // The value begins before the end of what is shown, and ends after it.
    let long = format!("{}{secret}{}", "ü".repeat(510), "x".repeat(100_000));
    let receiver = Receiver::start(move |n, _| match n {
        1 => answer(500, long.clone()),
        2 => ([("content-encoding", "gzip")], "edge-s3cr3t").into_response(),
        _ => axum::body::Bytes::from_static(b"\xff\xfe binary").into_response(),
    })
    .await;
    let headers = json!({"headers": [{"name": "X-Key", "hidden": true, "value": secret}]});
    let id = site.new_webhook(with(&little(&receiver.url("/")), headers)).await;
    for _ in 0..3 {
        site.ticket(PROJECT).await;
    }
    let got = site.deliveries(&id).await;
    let shown: Vec<_> = got.column("answer").into_iter().map(|text| text.as_str().unwrap()).collect();
    assert_eq!(shown[2], format!("{}hidden", "ü".repeat(510)));
    assert_eq!(shown[1], "(packed, not shown)");
    assert_eq!(shown[0], "\u{fffd}\u{fffd} binary");
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_told_as_an_error() {
    let site = Site::start(once()).await;
    let gone = Receiver::content().await.url("/");
    let id = site.new_webhook(little(&gone)).await;
    let tls = site.new_webhook(little("https://127.0.0.1:9/")).await;
    site.ticket(PROJECT).await;
    for id in [id, tls] {
        let got = site.deliveries(&id).await;
        assert_eq!(got.column("status"), [&Value::Null]);
        assert_eq!(got.column("answer"), [&Value::Null]);
        let error = got.column("error")[0].as_str().unwrap();
        assert!(error.starts_with("The receiver can't be reached: "), "{error}");
    }
    site.sandbox.stop().await;
}

#[tokio::test]
async fn more_than_may_wait_is_noted_and_not_made() {
    let waiting = 1;
    let deliver = DeliverOptions { retries: 0, waiting, ..quick() };
    let site = Site::start(Options { deliver, ..demo() }).await;
    site.clear_webhooks().await;
    let receiver = Receiver::content().await;
    let first = site.new_webhook(little(&receiver.url("/first"))).await;
    let second = site.new_webhook(little(&receiver.url("/second"))).await;
    site.ticket(PROJECT).await;
    assert_eq!(receiver.only().target, "/first");
    assert_eq!(site.deliveries(&first).await.column("status"), [200]);
    let got = site.deliveries(&second).await;
    assert_eq!(got.column("error"), ["Too many deliveries are waiting: this one was not made."]);
    assert_eq!(got.column("status"), [&Value::Null]);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn they_go_with_their_webhook() {
    let site = Site::start(once()).await;
    let receiver = Receiver::content().await;
    let id = site.new_webhook(little(&receiver.url("/"))).await;
    site.ticket(PROJECT).await;
    assert_eq!(site.deliveries(&id).await.body["meta"]["count"], 1);
    let token = &site.ready.tokens.account_holder;
    assert_eq!(site.delete(&format!("{WEBHOOKS}/{id}"), token).await.status, 204);
    assert_eq!(site.deliveries(&id).await.status, 404);
    site.ticket(PROJECT).await;
    assert_eq!(receiver.take().len(), 1, "none came after its end");
    site.sandbox.stop().await;
}
