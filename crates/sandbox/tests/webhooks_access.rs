//! Who may see and change webhooks, and what lists of them tell.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::Site;
use common::webhooks::{WEBHOOKS, demo, little};
use planradar_sandbox::{Options, Plan, WebhookAccess};
use reqwest::Method;
use serde_json::{Value, json};

const EVENTS: &str = "/api/v1/9000001/webhook_events";
const TARGET: &str = "https://receiver.example/hook";

/// Asks for everything there is as one of the users, and says how each was answered.
async fn all(site: &Site, token: &str, id: &str) -> Vec<(u16, String)> {
    let one = format!("{WEBHOOKS}/{id}");
    let got = [
        site.get(WEBHOOKS, token).await,
        site.get(&one, token).await,
        site.get(&format!("{one}/deliveries"), token).await,
        site.get(EVENTS, token).await,
        site.with_attributes(Method::POST, WEBHOOKS, token, little(TARGET)).await,
        site.with_attributes(Method::PUT, &one, token, little(TARGET)).await,
        site.delete(&one, token).await,
    ];
    got.iter().map(|got| (got.status, got.code().to_owned())).collect()
}

fn allowed() -> Vec<(u16, String)> {
    [200, 200, 200, 200, 201, 200, 204].map(|status| (status, String::new())).to_vec()
}

fn refused(status: u16, code: &str) -> Vec<(u16, String)> {
    vec![(status, code.to_owned()); 7]
}

#[tokio::test]
async fn only_the_account_holder_may() {
    let site = Site::start(demo()).await;
    let tokens = &site.ready.tokens;
    let id = site.new_webhook(little(TARGET)).await;
    assert_eq!(all(&site, &tokens.administrator, &id).await, refused(403, "account_holder_only"));
    assert_eq!(all(&site, &tokens.api_user, &id).await, refused(403, "account_holder_only"));
    assert_eq!(all(&site, &tokens.no_api_user, &id).await, refused(403, "permission_api_access"));
    assert_eq!(all(&site, "0123", &id).await, refused(401, "unauthorized"));
    assert_eq!(all(&site, &tokens.account_holder, &id).await, allowed());
    site.sandbox.stop().await;
}

#[tokio::test]
async fn as_an_option_the_permission_accounts_is_enough() {
    let site = Site::start(Options { webhook_access: WebhookAccess::Accounts, ..demo() }).await;
    let tokens = &site.ready.tokens;
    let (one, two) = (site.new_webhook(little(TARGET)).await, site.new_webhook(little(TARGET)).await);
    assert_eq!(all(&site, &tokens.api_user, &one).await, refused(403, "permission_accounts"));
    assert_eq!(all(&site, &tokens.no_api_user, &one).await, refused(403, "permission_api_access"));
    assert_eq!(all(&site, &tokens.administrator, &one).await, allowed());
    assert_eq!(all(&site, &tokens.account_holder, &two).await, allowed());
    site.sandbox.stop().await;
}

#[tokio::test]
async fn other_plans_and_servers_have_none() {
    let site = Site::start(demo()).await;
    let id = site.new_webhook(little(TARGET)).await;
    for plan in [Plan::Trial, Plan::Basic, Plan::Starter] {
        site.sandbox.set_plan(plan).unwrap();
        assert_eq!(all(&site, &site.ready.tokens.account_holder, &id).await, refused(403, "plan"));
    }
    site.sandbox.set_plan(Plan::Enterprise).unwrap();
    site.sandbox.set_documented_only(true);
    assert_eq!(all(&site, &site.ready.tokens.account_holder, &id).await, refused(404, "not_found"));
    site.sandbox.set_documented_only(false);
    assert_eq!(all(&site, &site.ready.tokens.account_holder, &id).await, allowed());
    site.sandbox.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_404_and_ids_never_come_back() {
    let site = Site::start(demo()).await;
    let token = &site.ready.tokens.account_holder;
    let id = site.new_webhook(little(TARGET)).await;
    let one = format!("{WEBHOOKS}/{id}");
    assert_eq!(site.delete(&one, token).await.status, 204);
    let leading_zero = format!("{WEBHOOKS}/01");
    for path in [one.as_str(), &leading_zero, "/api/v1/9000001/webhooks/x", "/api/v1/9000001/webhooks/-1"] {
        assert_eq!(site.get(path, token).await.status, 404, "{path}");
        assert_eq!(site.get(&format!("{path}/deliveries"), token).await.status, 404, "{path}");
        assert_eq!(site.with_attributes(Method::PUT, path, token, little(TARGET)).await.status, 404);
        assert_eq!(site.delete(path, token).await.status, 404, "{path}");
    }
    assert_ne!(site.new_webhook(little(TARGET)).await, id);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn lists_are_paged_sorted_and_searched() {
    let site = Site::start(demo()).await;
    let token = &site.ready.tokens.account_holder;
    for (description, target) in [("Zeta", "https://a.example/"), ("Alpha", "https://zeta.example/")] {
        let sent = json!({"description": description, "target-url": target, "events": ["ticket_created"]});
        site.new_webhook(sent).await;
    }
    let got = site.get(&format!("{WEBHOOKS}?search=ZETA&sort=description"), token).await;
    assert_eq!(got.column("description"), [&json!("Alpha"), &json!("Zeta")]);
    let got = site.get(&format!("{WEBHOOKS}?sort=-target-url&search=.example/&pagesize=1"), token).await;
    assert_eq!(got.column("target-url"), [&json!("https://zeta.example/")]);
    let all = site.get(WEBHOOKS, token).await;
    assert_eq!(all.body["meta"], json!({"count": 6, "page": 1}));
    let last = site.get(&format!("{WEBHOOKS}?page=2&pagesize=5"), token).await;
    assert_eq!(last.body["data"][0], all.body["data"][5]);
    assert_eq!(site.get(&format!("{WEBHOOKS}?sort=headers"), token).await.status, 400);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn events_have_titles_groups_and_examples_that_say_demo() {
    let site = Site::start(demo()).await;
    let got = site.get(EVENTS, &site.ready.tokens.account_holder).await;
    let rows: Vec<&Value> =
        got.body["data"].as_array().unwrap().iter().map(|row| &row["attributes"]).collect();
    assert_eq!(rows.len(), 18);
    let names: BTreeSet<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 18);
    let groups: BTreeSet<&str> = rows.iter().map(|row| row["group"].as_str().unwrap()).collect();
    let wanted = ["Attachments", "Comments", "Plans", "Projects", "Tickets", "Users"];
    assert_eq!(groups, BTreeSet::from(wanted));
    for row in rows {
        assert!(!row["title"].as_str().unwrap().is_empty());
        assert_eq!(row["example"]["event"], row["name"]);
        assert_eq!(row["example"]["source"], "demo");
        assert_eq!(row["example"]["project"]["name"], "demo project");
    }
    site.sandbox.stop().await;
}
