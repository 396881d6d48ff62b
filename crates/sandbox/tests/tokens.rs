//! Personal access tokens: one's own and other users'.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::{NAMES, Site, roomy, send};
use jiff::Timestamp;
use planradar_sandbox::{ACCOUNT_HOLDER, API_USER, Clock, Options, READY_TOKEN_NAME, Seed};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_created_token_works_until_it_is_deleted_and_its_value_is_told_once() {
    let site = Site::start(roomy()).await;
    let own = &site.ready.tokens.api_user;
    let created = site.create_token(own, "Excel").await;
    assert_eq!(created.status, 201);
    assert_eq!(created.headers["cache-control"], "no-store");
    let value = created.attribute("token").as_str().unwrap();
    assert_eq!(value.len(), 180);
    assert!(value.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));

    let list = site.get(NAMES, value).await;
    assert_eq!(list.column("name"), [READY_TOKEN_NAME, "Excel"]);
    assert_eq!(list.body["meta"], json!({"count": 2, "page": 1}));
    assert!(!list.body.to_string().contains(value), "a list never holds a value");

    let path = format!("{NAMES}/{}", created.id());
    let deleted = site.delete(&path, own).await;
    assert_eq!((deleted.status, &deleted.body), (204, &Value::Null));
    assert_eq!(site.get(NAMES, value).await.status, 401);
    assert_eq!(site.delete(&path, own).await.status, 404);
}

#[tokio::test]
async fn a_token_may_delete_itself() {
    let site = Site::start(roomy()).await;
    let created = site.create_token(&site.ready.tokens.api_user, "once").await;
    let value = created.attribute("token").as_str().unwrap();
    assert_eq!(site.delete(&format!("{NAMES}/{}", created.id()), value).await.status, 204);
    assert_eq!(site.get(NAMES, value).await.status, 401);
}

#[tokio::test]
async fn ids_of_deleted_tokens_never_come_back() {
    let site = Site::start(roomy()).await;
    let own = &site.ready.tokens.api_user;
    let first = site.create_token(own, "a").await;
    site.delete(&format!("{NAMES}/{}", first.id()), own).await;
    assert_ne!(site.create_token(own, "a").await.id(), first.id());
}

#[tokio::test]
async fn the_prefix_marks_every_new_value() {
    let site = Site::start(Options { token_prefix: "demo-".into(), ..roomy() }).await;
    let created = site.create_token(&site.ready.tokens.api_user, "Excel").await;
    let value = created.attribute("token").as_str().unwrap();
    assert!(value.starts_with("demo-") && value.len() == 180, "{value}");
    assert!(site.ready.tokens.account_holder.starts_with("demo-"));
    for prefix in ["with space".to_owned(), "x".repeat(60)] {
        let options = Options { token_prefix: prefix, ..roomy() };
        assert!(planradar_sandbox::Sandbox::start(options).await.is_err());
    }
}

#[tokio::test]
async fn a_name_has_1_to_100_characters() {
    let site = Site::start(roomy()).await;
    let own = &site.ready.tokens.api_user;
    for bad in [
        json!({}),
        json!({"name": ""}),
        json!({"name": " \t"}),
        json!({"name": 7}),
        json!({"name": "ä".repeat(101)}),
    ] {
        let got = site.with_attributes(Method::POST, NAMES, own, bad.clone()).await;
        assert_eq!((got.status, got.pointers()), (422, vec!["/data/attributes/name"]), "{bad}");
    }
    assert_eq!(site.create_token(own, &"ä".repeat(100)).await.status, 201);
    assert_eq!(site.create_token(own, "x").await.status, 201);
    assert_eq!(site.create_token(own, "x").await.status, 201, "names need not be unique");
    assert_eq!(site.get(NAMES, own).await.body["meta"]["count"], 4, "refused ones left nothing behind");
}

#[tokio::test]
async fn a_body_that_is_no_json_or_has_no_attributes_is_told_apart() {
    let site = Site::start(roomy()).await;
    let post =
        |body: &'static str| send(site.request(Method::POST, NAMES, &site.ready.tokens.api_user).body(body));
    assert_eq!(post("{\"data\": ").await.status, 400);
    let got = post("{\"name\": \"x\"}").await;
    assert_eq!((got.status, got.pointers()), (422, vec!["/data/attributes"]));
}

#[tokio::test]
async fn every_request_with_a_token_sets_its_last_use() {
    let now = Arc::new(AtomicI64::new(1_700_000_000));
    let hand = Arc::clone(&now);
    let clock = Clock::new(move || Timestamp::from_second(hand.load(Ordering::SeqCst)).unwrap());
    let site = Site::start(Options { clock, ..roomy() }).await;
    let own = &site.ready.tokens.api_user;
    let created = site.create_token(own, "Excel").await;
    assert_eq!(created.attribute("created-on"), "2023-11-14T22:13:20Z");
    assert_eq!(created.attribute("last-used-on"), &Value::Null);

    let value = created.attribute("token").as_str().unwrap();
    now.store(1_700_000_060, Ordering::SeqCst);
    assert_eq!(site.get("/api/v1/9000001/no_such_thing", value).await.status, 404, "refusals are uses too");
    now.store(1_700_000_120, Ordering::SeqCst);
    let list = site.get(NAMES, own).await;
    assert_eq!(list.column("last-used-on"), ["2023-11-14T22:15:20Z", "2023-11-14T22:14:20Z"]);
    assert_eq!(list.column("created-on")[1], "2023-11-14T22:13:20Z");
}

#[tokio::test]
async fn lists_are_paged_to_500_sorted_and_searched() {
    let site = Site::start(roomy()).await;
    let own = &site.ready.tokens.api_user;
    for n in 0..505 {
        assert_eq!(site.create_token(own, &format!("Key {n:03}")).await.status, 201);
    }
    let page = async |query: &str| site.get(&format!("{NAMES}?{query}"), own).await;
    let sizes = [
        ("", 100),
        ("pagesize=7", 7),
        ("pagesize=500", 500),
        ("pagesize=501", 500),
        ("pagesize=500&page=2", 6),
        ("page=7", 0),
    ];
    for (query, rows) in sizes {
        let got = page(query).await;
        assert_eq!(got.column("name").len(), rows, "{query}");
        assert_eq!(got.body["meta"]["count"], 506, "{query}");
    }
    assert_eq!(page("pagesize=2&page=2").await.column("name"), ["Key 001", "Key 002"]);
    assert_eq!(page("pagesize=2&page=2").await.body["meta"]["page"], 2);
    assert_eq!(page("sort=-name&pagesize=1").await.column("name"), [READY_TOKEN_NAME]);
    assert_eq!(page("sort=name&pagesize=1").await.column("name"), ["Key 000"]);
    assert_eq!(page("sort=-id&pagesize=1").await.column("name"), ["Key 504"], "ids sort as numbers");
    // Never used first, then the token that has been in use all the time.
    assert_eq!(page("sort=-last_used_on&pagesize=1").await.column("name"), [READY_TOKEN_NAME]);
    let found = page("search=kEY%2050&pagesize=3").await;
    assert_eq!(found.column("name"), ["Key 500", "Key 501", "Key 502"]);
    assert_eq!(found.body["meta"]["count"], 5);
    for (bad, parameter) in [("page=0", "page"), ("pagesize=x", "pagesize"), ("sort=token", "sort")] {
        let got = page(bad).await;
        assert_eq!((got.status, &got.body["errors"][0]["source"]["parameter"]), (400, &json!(parameter)));
    }
}

fn tokens_of(user: &str) -> String {
    format!("/api/v1/9000001/users/{user}/personal_access_tokens")
}

#[tokio::test]
async fn other_users_tokens_need_the_permission_users() {
    let site = Site::start(roomy()).await;
    let path = tokens_of(API_USER);
    let victim = site.create_token(&site.ready.tokens.api_user, "Old script").await;
    let one = format!("{path}/{}", victim.id());
    // Not even one's own, by this way.
    for got in [
        site.get(&path, &site.ready.tokens.api_user).await,
        site.delete(&one, &site.ready.tokens.api_user).await,
    ] {
        assert_eq!((got.status, got.code()), (403, "permission_users"));
    }
    let admin = &site.ready.tokens.administrator;
    assert_eq!(site.get(&path, admin).await.column("name"), [READY_TOKEN_NAME, "Old script"]);
    assert_eq!(site.delete(&one, admin).await.status, 204);
    assert_eq!(site.get(NAMES, victim.attribute("token").as_str().unwrap()).await.status, 401);
    assert_eq!(site.delete(&one, admin).await.status, 404);
    assert_eq!(site.get(&tokens_of("1"), admin).await.status, 404);
}

#[tokio::test]
async fn a_token_is_deleted_only_under_its_own_user() {
    let site = Site::start(roomy()).await;
    let created = site.create_token(&site.ready.tokens.api_user, "x").await;
    let admin = &site.ready.tokens.administrator;
    for path in [NAMES, &tokens_of(planradar_sandbox::ADMINISTRATOR)] {
        assert_eq!(site.delete(&format!("{path}/{}", created.id()), admin).await.status, 404, "{path}");
    }
    assert_eq!(site.get(NAMES, created.attribute("token").as_str().unwrap()).await.status, 200);
}

#[tokio::test]
async fn only_the_account_holder_deletes_the_account_holders_tokens() {
    let site = Site::start(roomy()).await;
    let holder = &site.ready.tokens.account_holder;
    let created = site.create_token(holder, "x").await;
    let one = format!("{}/{}", tokens_of(ACCOUNT_HOLDER), created.id());
    let admin = &site.ready.tokens.administrator;
    assert_eq!(site.get(&tokens_of(ACCOUNT_HOLDER), admin).await.status, 200, "they can be seen");
    let got = site.delete(&one, admin).await;
    assert_eq!((got.status, got.code()), (403, "account_holder_token"));
    assert_eq!(site.delete(&one, holder).await.status, 204);
}

#[tokio::test]
async fn the_demo_holds_tokens_of_all_ages_whose_values_nobody_knows() {
    let site = Site::start(Options { seed: Seed::Demo, ..roomy() }).await;
    let admin = &site.ready.tokens.administrator;
    let users = site.get("/api/v1/9000001/users", admin).await;
    let (mut owners, mut never, mut ages) = (0, 0, Vec::new());
    for user in users.body["data"].as_array().unwrap() {
        let list = site.get(&tokens_of(user["id"].as_str().unwrap()), admin).await;
        let rows: Vec<&Value> = list.body["data"].as_array().unwrap().iter().collect();
        let seeded = rows.iter().filter(|row| row["attributes"]["name"] != READY_TOKEN_NAME);
        for row in seeded.clone() {
            let created: Timestamp = row["attributes"]["created-on"].as_str().unwrap().parse().unwrap();
            ages.push(Timestamp::now().duration_since(created).as_hours() / 24);
            never += usize::from(row["attributes"]["last-used-on"].is_null());
        }
        owners += usize::from(seeded.count() > 0);
    }
    assert!(owners >= 6 && never >= 2, "{owners} owners, {never} never used");
    assert!(ages.iter().any(|&days| days > 1_000) && ages.iter().any(|&days| days < 30), "{ages:?}");
}
