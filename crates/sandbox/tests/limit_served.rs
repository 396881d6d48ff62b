//! The account's request limit as a caller meets it. Its arithmetic is tested beside it, on a clock that stands.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::{Duration, Instant};

use common::{Site, roomy, send};
use planradar_sandbox::Options;
use reqwest::Method;
use serde_json::json;

const ME: &str = "/api/v1/9000001/users/me";
const USERS: &str = "/api/v1/9000001/users";

#[tokio::test]
async fn all_tokens_are_added_up_and_going_over_pauses_the_whole_account() {
    let site = Site::start(Options { limit: 4, ..Options::default() }).await;
    let tokens = &site.ready.tokens;
    for token in [&tokens.account_holder, &tokens.administrator, &tokens.api_user, &tokens.account_holder] {
        assert_eq!(site.get(ME, token).await.status, 200);
    }
    for token in [&tokens.administrator, &tokens.api_user, &"unknown".to_owned()] {
        let got = site.get(ME, token).await;
        assert_eq!((got.status, got.code()), (429, "too_many_requests"));
        assert!(!got.headers.contains_key("retry-after"));
    }
    assert_eq!(site.sandbox.requests().refused_by_limit(), 3);
    assert_eq!(site.sandbox.requests().count("me"), 7);
}

#[tokio::test]
async fn every_request_that_names_the_account_counts_whatever_its_answer() {
    let site = Site::start(Options { limit: 4, ..Options::default() }).await;
    let token = &site.ready.tokens.account_holder;
    let without_accept = site.client.get(format!("{}{ME}", site.ready.url)).header("accept", "text/html");
    assert_eq!(send(without_accept).await.status, 406);
    assert_eq!(site.get(ME, "unknown").await.status, 401);
    assert_eq!(site.get("/api/v1/9000001/no_such_thing", token).await.status, 404);
    assert_eq!(site.get(ME, &site.ready.tokens.no_api_user).await.status, 403);
    // Those that name no account, or another one, do not.
    assert_eq!(site.get("/api/v1/1/users/me", token).await.status, 404);
    assert_eq!(site.get(ME, token).await.status, 429);
    assert_eq!(site.get("/api/v1/1/users/me", token).await.status, 404);
}

#[tokio::test]
async fn the_account_comes_back_after_the_cooldown() {
    let brief = Duration::from_millis(30);
    let site =
        Site::start(Options { limit: 1, window: brief, cooldown: 10 * brief, ..Options::default() }).await;
    let token = &site.ready.tokens.account_holder;
    while site.get(ME, token).await.status != 429 {}
    let paused_at = site.sandbox.requests().all().last().unwrap().at;
    // Asks all the time: that does not lengthen it.
    let deadline = Instant::now() + Duration::from_secs(20);
    while site.get(ME, token).await.status == 429 {
        assert!(Instant::now() < deadline, "still paused");
    }
    let back_at = site.sandbox.requests().all().last().unwrap().at;
    assert!(back_at - paused_at >= 10 * brief, "back after {:?}", back_at - paused_at);
}

#[tokio::test]
async fn new_users_have_a_limit_of_their_own_that_pauses_nothing_else() {
    let site = Site::start(roomy()).await;
    let admin = &site.ready.tokens.administrator;
    let create = async |n: u32| {
        let attributes = json!({"firstname": "A", "lastname": "B", "mail": format!("{n}@example.com"),
            "permissions": {"defects": true}});
        site.with_attributes(Method::POST, USERS, admin, attributes).await.status
    };
    for n in 0..10 {
        assert_eq!(create(n).await, 201);
    }
    assert_eq!(create(10).await, 429);
    assert_eq!(site.get(USERS, admin).await.body["meta"]["count"], 14);
}

#[tokio::test]
async fn every_answer_takes_the_latency_at_least() {
    let latency = Duration::from_millis(80);
    let site = Site::start(Options { latency, ..roomy() }).await;
    let start = Instant::now();
    assert_eq!(site.get(ME, &site.ready.tokens.api_user).await.status, 200);
    assert!(start.elapsed() >= latency);
}
