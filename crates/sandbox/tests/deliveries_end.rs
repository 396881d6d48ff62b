//! How many deliveries are under way at once, and what becomes of them when the sandbox ends.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use common::receiver::{Receiver, status};
use common::webhooks::{PROJECT, WEBHOOKS, demo, little, quick, with};
use common::{Site, client};
use planradar_sandbox::{DeliverOptions, Options, Sandbox};
use reqwest::Method;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Barrier;

/// Creates a ticket, and does not wait for its deliveries.
async fn begin(site: &Site) {
    let token = &site.ready.tokens.account_holder;
    let path = format!("/api/v2/9000001/projects/{PROJECT}/tickets");
    let ticket = json!({"ticket-type-id": "t", "component-id": "c"});
    assert_eq!(site.with_attributes(Method::POST, &path, token, ticket).await.status, 201);
}

async fn restarted(options: Options) -> Site {
    let sandbox = Sandbox::start(options).await.unwrap();
    let ready = sandbox.ready().unwrap();
    Site { sandbox, ready, client: client() }
}

#[tokio::test]
async fn as_many_as_allowed_are_under_way_at_once() {
    let at_once = 2;
    let site = Site::start(Options { deliver: DeliverOptions { at_once, ..quick() }, ..demo() }).await;
    assert_eq!(site.sandbox.deliver_options().at_once, at_once);
    site.clear_webhooks().await;
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    // Nobody is answered before two are there.
    let pair = Arc::new(Barrier::new(at_once));
    let (count, highest) = (Arc::clone(&now), Arc::clone(&most));
    let router = Router::new().fallback(move || {
        let (count, highest, pair) = (Arc::clone(&count), Arc::clone(&highest), Arc::clone(&pair));
        async move {
            highest.fetch_max(count.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            pair.wait().await;
            count.fetch_sub(1, Ordering::SeqCst);
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(site.new_webhook(little(&url)).await);
    }
    site.ticket(PROJECT).await;
    for id in ids {
        assert_eq!(site.deliveries(&id).await.column("status"), [200]);
    }
    assert_eq!(most.load(Ordering::SeqCst), at_once);
    serving.abort();
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_retry_that_waits_is_not_made_once_the_sandbox_ends() {
    let dir = tempfile::tempdir().unwrap();
    let hour = Duration::from_hours(1);
    let deliver = DeliverOptions { backoff: hour, ..quick() };
    let options = || Options { deliver: deliver.clone(), data_dir: Some(dir.path().to_owned()), ..demo() };
    let site = Site::start(options()).await;
    let receiver = Receiver::start(|_, _| status(500)).await;
    let id = site.new_webhook(little(&receiver.url("/"))).await;
    begin(&site).await;
    let path = format!("{WEBHOOKS}/{id}/deliveries");
    // The receiver has answered a moment before it is noted.
    while site.get(&path, &site.ready.tokens.account_holder).await.body["meta"]["count"] == 0 {}
    let start = Instant::now();
    site.sandbox.stop().await;
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());

    let site = restarted(options()).await;
    let got = site.deliveries(&id).await;
    assert_eq!((got.column("attempt"), got.column("status")), (vec![&json!(1)], vec![&json!(500)]));
    assert!(got.column("next-retry")[0].is_null(), "{got:?}");
    assert_eq!(receiver.take().len(), 1);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_receiver_that_is_silent_does_not_keep_the_sandbox_from_ending() {
    let dir = tempfile::tempdir().unwrap();
    let options = || Options {
        deliver: DeliverOptions { timeout: Duration::from_hours(1), ..quick() },
        data_dir: Some(dir.path().to_owned()),
        ..demo()
    };
    let site = Site::start(options()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let secret = json!({"headers": [{"name": "X-Key", "hidden": true, "value": "s3cr3t"}]});
    let id = site.new_webhook(with(&little(&url), secret)).await;
    begin(&site).await;
    let _silent = listener.accept().await.unwrap();
    let start = Instant::now();
    site.sandbox.stop().await;
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
    // The folder is free.
    let site = restarted(options()).await;
    assert_eq!(site.deliveries(&id).await.body["meta"]["count"], 0);
    site.sandbox.stop().await;
}
