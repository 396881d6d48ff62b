//! Who is let in: host, origin, key, account, plan, API access.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Site, roomy, send};
use planradar_sandbox::{NO_API_USER, Options, Plan, UsersPut};
use reqwest::Method;
use serde_json::json;

const ME: &str = "/api/v1/9000001/users/me";

#[tokio::test]
async fn without_the_right_accept_header_the_answer_is_406() {
    let site = Site::start(roomy()).await;
    let url = format!("{}{ME}", site.ready.url);
    let get = || site.client.get(&url).header("X-PlanRadar-API-Key", &site.ready.tokens.account_holder);
    for refused in ["*/*", "text/html", "application/xml, application/*", ""] {
        assert_eq!(send(get().header("accept", refused)).await.status, 406, "{refused}");
    }
    for good in ["application/json", "text/html, Application/JSON;q=0.9"] {
        assert_eq!(send(get().header("accept", good)).await.status, 200, "{good}");
    }
}

#[tokio::test]
async fn a_missing_or_unknown_key_is_401_even_where_nothing_is() {
    let site = Site::start(roomy()).await;
    let cut = &site.ready.tokens.account_holder[1..];
    for path in [ME, "/api/v1/9000001/no_such_thing", "/api/v1/1/users/me", "/"] {
        let without =
            site.client.get(format!("{}{path}", site.ready.url)).header("accept", "application/json");
        assert_eq!(send(without).await.status, 401, "{path}");
        assert_eq!(site.get(path, cut).await.status, 401, "{path}");
    }
    let twice = site.request(Method::GET, ME, &site.ready.tokens.api_user).header("X-PlanRadar-API-Key", "x");
    assert_eq!(send(twice).await.status, 401);
}

#[tokio::test]
async fn a_deactivated_users_token_is_no_longer_good() {
    let site = Site::start(Options { users_put: UsersPut::Merge, ..roomy() }).await;
    let path = format!("/api/v1/9000001/users/{}", planradar_sandbox::API_USER);
    let holder = &site.ready.tokens.account_holder;
    assert_eq!(site.get(ME, &site.ready.tokens.api_user).await.status, 200);
    let off = site.with_attributes(Method::PUT, &path, holder, json!({"active": false})).await;
    assert_eq!(off.status, 200);
    assert_eq!(site.get(ME, &site.ready.tokens.api_user).await.status, 401);
}

#[tokio::test]
async fn another_account_id_is_404() {
    let site = Site::start(roomy()).await;
    let got = site.get("/api/v1/9000002/users/me", &site.ready.tokens.account_holder).await;
    assert_eq!((got.status, got.code()), (404, "not_found"));
}

#[tokio::test]
async fn an_unknown_address_is_404_and_another_method_405() {
    let site = Site::start(roomy()).await;
    let token = &site.ready.tokens.account_holder;
    for path in [
        "/",
        "/api/v1/9000001/no_such_thing",
        "/api/v3/9000001/users",
        "/api/v1/9000001/users/",
        "/api/v1/9000001",
    ] {
        assert_eq!(site.get(path, token).await.status, 404, "{path}");
    }
    let got = send(site.request(Method::PATCH, common::NAMES, token)).await;
    assert_eq!(got.status, 405);
    assert_eq!(got.headers["allow"], "GET, POST");
}

#[tokio::test]
async fn tokens_need_the_pro_or_enterprise_plan() {
    for (plan, status) in [
        (Plan::Trial, 403),
        (Plan::Basic, 403),
        (Plan::Starter, 403),
        (Plan::Pro, 200),
        (Plan::Enterprise, 200),
    ] {
        let site = Site::start(Options { plan: Some(plan), ..roomy() }).await;
        let got = site.get(ME, &site.ready.tokens.account_holder).await;
        assert_eq!(got.status, status, "{plan:?}");
        assert_eq!(got.code(), if status == 403 { "plan" } else { "" });
    }
}

#[tokio::test]
async fn a_plan_can_change_while_the_sandbox_runs() {
    let site = Site::start(roomy()).await;
    site.sandbox.set_plan(Plan::Basic).unwrap();
    assert_eq!(site.get(ME, &site.ready.tokens.account_holder).await.code(), "plan");
}

#[tokio::test]
async fn without_api_access_every_route_is_403() {
    let site = Site::start(roomy()).await;
    let token = &site.ready.tokens.no_api_user;
    for path in [ME, common::NAMES, "/api/v2/9000001/projects", "/api/v1/9000001/users"] {
        let got = site.get(path, token).await;
        assert_eq!((got.status, got.code()), (403, "permission_api_access"), "{path}");
    }
    site.sandbox.set_permission(NO_API_USER, "api_documentation_access", true).unwrap();
    assert_eq!(site.get(ME, token).await.status, 200);
}

#[tokio::test]
async fn a_foreign_host_or_origin_is_refused_and_not_counted() {
    let site = Site::start(roomy()).await;
    let port = site.ready.url.rsplit(':').next().unwrap();
    let get = || site.request(Method::GET, ME, &site.ready.tokens.account_holder);
    for host in ["example.com", "127.0.0.1", "127.0.0.1:1", &format!("evil.localhost:{port}")] {
        assert_eq!(send(get().header("host", host)).await.code(), "foreign_host", "{host}");
    }
    for origin in ["https://example.com", "null", "http://127.0.0.1:1", &format!("https://localhost:{port}")]
    {
        assert_eq!(send(get().header("origin", origin)).await.code(), "foreign_origin", "{origin}");
    }
    assert!(site.sandbox.requests().all().is_empty());
    assert_eq!(send(get().header("host", format!("localhost:{port}"))).await.status, 200);
    assert_eq!(send(get().header("origin", format!("http://localhost:{port}"))).await.status, 200);
    assert_eq!(site.sandbox.requests().count("me"), 2);
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_refused() {
    let site = Site::start(roomy()).await;
    let post = |size| {
        let body = vec![b' '; size];
        send(site.request(Method::POST, common::NAMES, &site.ready.tokens.api_user).body(body))
    };
    assert_eq!(post(1024 * 1024).await.status, 400, "this one is read, and is no JSON");
    assert_eq!(post(1024 * 1024 + 1).await.status, 413);
}

#[tokio::test]
async fn it_listens_on_this_computer_only() {
    for address in ["0.0.0.0:0", "[::1]:0", "127.0.0.2:0"] {
        let options = Options { listen: address.parse().unwrap(), ..roomy() };
        let error = planradar_sandbox::Sandbox::start(options).await.unwrap_err();
        assert!(matches!(error, planradar_sandbox::Error::NotLoopback(_)), "{address}: {error}");
    }
}
