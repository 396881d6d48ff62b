//! Faults on demand: what the client sees, and whether the work was done.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::error::Error as _;
use std::time::{Duration, Instant};

use common::{NAMES, Site, roomy, send};
use planradar_sandbox::{Effect, Fault};
use reqwest::Method;

fn create(effect: Effect) -> Fault {
    Fault { method: Some("POST".into()), route: Some("tokens.create".into()), nth: Some(1), effect }
}

impl Site {
    async fn names(&self) -> usize {
        self.get(NAMES, &self.ready.tokens.api_user).await.column("name").len()
    }

    fn post(&self) -> reqwest::RequestBuilder {
        let body = "{\"data\":{\"attributes\":{\"name\":\"x\"}}}";
        self.request(Method::POST, NAMES, &self.ready.tokens.api_user).body(body)
    }
}

#[tokio::test]
async fn a_reset_before_or_after_the_work_looks_the_same_to_the_client() {
    for (done, tokens) in [(false, 1), (true, 2)] {
        let site = Site::start(roomy()).await;
        site.sandbox.fault(create(Effect::Reset { done }));
        let error = site.post().send().await.unwrap_err();
        let mut cause = error.source();
        let reset = loop {
            let Some(here) = cause else { panic!("no I/O error in {error:?}") };
            if let Some(io) = here.downcast_ref::<std::io::Error>() {
                break io.kind();
            }
            cause = here.source();
        };
        assert_eq!(reset, std::io::ErrorKind::ConnectionReset);
        assert_eq!(site.names().await, tokens, "done: {done}");
        assert_eq!(site.post().send().await.unwrap().status(), 201, "the second one is well");
    }
}

#[tokio::test]
async fn a_status_comes_with_or_without_the_work() {
    for (done, tokens) in [(false, 1), (true, 2)] {
        let site = Site::start(roomy()).await;
        site.sandbox.fault(create(Effect::Status { status: 503, done }));
        assert_eq!(send(site.post()).await.status, 503);
        assert_eq!(site.names().await, tokens, "done: {done}");
    }
}

#[tokio::test]
async fn a_truncated_answer_breaks_off_after_its_head() {
    let site = Site::start(roomy()).await;
    site.sandbox.fault(create(Effect::Truncated));
    let mut response = site.post().send().await.unwrap();
    assert_eq!(response.status(), 201);
    let promised = response.content_length().unwrap();
    let mut got = 0;
    let ended = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => got += chunk.len() as u64,
            Ok(None) => break "whole",
            Err(_) => break "broken",
        }
    };
    assert_eq!(ended, "broken");
    assert_eq!(got, promised / 2, "half of it arrived");
    assert_eq!(site.names().await, 2, "the work was done");
}

#[tokio::test]
async fn an_invalid_body_and_html_are_no_json() {
    let site = Site::start(roomy()).await;
    site.sandbox.fault(create(Effect::InvalidBody));
    let response = site.post().send().await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    let text = response.text().await.unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_err(), "{text}");
    assert_eq!(site.names().await, 2, "the work was done");

    site.sandbox.clear_faults();
    site.sandbox.fault(create(Effect::Html { status: 200 }));
    let response = site.post().send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    assert!(response.text().await.unwrap().starts_with("<!doctype html>"));
    assert_eq!(site.names().await, 2, "the work was not done");
}

#[tokio::test]
async fn a_redirect_names_the_other_host() {
    let site = Site::start(roomy()).await;
    site.sandbox.fault(create(Effect::Redirect { to: "http://other.example/x".into() }));
    let got = send(site.post()).await;
    assert_eq!((got.status, got.headers["location"].to_str().unwrap()), (307, "http://other.example/x"));
    assert_eq!(site.names().await, 1);
}

#[tokio::test]
async fn latency_before_and_after_the_work() {
    let site = Site::start(roomy()).await;
    site.sandbox.fault(create(Effect::Latency { before_ms: 60, after_ms: 60 }));
    let start = Instant::now();
    assert_eq!(send(site.post()).await.status, 201);
    assert!(start.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn the_work_is_done_although_the_client_has_given_up() {
    let site = Site::start(roomy()).await;
    site.sandbox.fault(create(Effect::Latency { before_ms: 300, after_ms: 0 }));
    let sending = tokio::spawn(site.post().send());
    let deadline = Instant::now() + Duration::from_secs(20);
    while site.sandbox.requests().count("tokens.create") == 0 {
        assert!(Instant::now() < deadline, "it never arrived");
        tokio::task::yield_now().await;
    }
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled(), "it was given up before its answer");
    while site.names().await != 2 {
        assert!(Instant::now() < deadline, "the token was never made");
    }
}

#[tokio::test]
async fn only_the_nth_request_that_fits_is_struck() {
    let site = Site::start(roomy()).await;
    let effect = Effect::Status { status: 500, done: false };
    site.sandbox.fault(Fault { method: None, route: Some("me".into()), nth: Some(2), effect });
    let me = async || site.get("/api/v1/9000001/users/me", &site.ready.tokens.api_user).await.status;
    assert_eq!(me().await, 200);
    assert_eq!(site.names().await, 1, "another route does not count");
    assert_eq!(me().await, 500);
    assert_eq!(me().await, 200);

    site.sandbox.clear_faults();
    let effect = Effect::Status { status: 502, done: false };
    site.sandbox.fault(Fault { method: Some("get".into()), route: None, nth: None, effect });
    assert_eq!([me().await, me().await], [502, 502], "without a number it is every one");
    assert_eq!(site.post().send().await.unwrap().status(), 201);
}

#[test]
fn faults_are_read_from_json() {
    let text = r#"[{"method": "POST", "route": "tokens.create", "nth": 2, "effect": {"kind": "reset", "done": true}},
        {"effect": {"kind": "latency", "after_ms": 5}}, {"effect": {"kind": "redirect", "to": "http://h/"}}]"#;
    let faults: Vec<Fault> = serde_json::from_str(text).unwrap();
    assert!(matches!(faults[0].effect, Effect::Reset { done: true }));
    assert!(matches!(faults[1].effect, Effect::Latency { before_ms: 0, after_ms: 5 }));
    assert_eq!((faults[1].nth, faults[0].nth), (None, Some(2)));
    assert!(serde_json::from_str::<Fault>(r#"{"route": "me", "effect": {"kind": "explode"}}"#).is_err());
    assert!(serde_json::from_str::<Fault>(r#"{"rote": "me", "effect": {"kind": "truncated"}}"#).is_err());
}
