//! Users, me and account.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::{Got, Site, roomy, send};
use planradar_sandbox::{ACCOUNT_HOLDER, API_USER, NO_API_USER, Options, Seed, UsersPut};
use reqwest::Method;
use serde_json::{Value, json};

const USERS: &str = "/api/v1/9000001/users";

async fn demo() -> Site {
    Site::start(Options { seed: Seed::Demo, ..roomy() }).await
}

async fn put(site: &Site, user: &str, attributes: Value) -> Got {
    let token = &site.ready.tokens.administrator;
    site.with_attributes(Method::PUT, &format!("{USERS}/{user}"), token, attributes).await
}

fn somebody(mail: &str) -> Value {
    json!({"firstname": "Nele", "lastname": "Firstpfette", "mail": mail, "permissions": {"defects": true}})
}

#[tokio::test]
async fn me_is_whoever_the_token_acts_as() {
    let site = Site::start(roomy()).await;
    let tokens = &site.ready.tokens;
    for (token, id, kind) in
        [(&tokens.account_holder, ACCOUNT_HOLDER, "account_holder"), (&tokens.api_user, API_USER, "in_house")]
    {
        let me = site.get("/api/v1/9000001/users/me", token).await;
        assert_eq!((me.id(), me.attribute("user-type")), (id, &json!(kind)));
        assert_eq!(me.attribute("permissions")["api_documentation_access"], true);
        assert_eq!(me.attribute("permissions")["users"], kind == "account_holder");
    }
}

#[tokio::test]
async fn the_account_tells_its_plan_holder_and_limit() {
    let site = Site::start(Options { limit: 77, ..Options::default() }).await;
    let got = site.get("/api/v1/9000001/account", &site.ready.tokens.api_user).await;
    assert_eq!(got.id(), "9000001");
    assert_eq!(got.attribute("plan"), "pro");
    assert_eq!(got.attribute("account-holder-id"), ACCOUNT_HOLDER);
    assert_eq!(got.attribute("requests-per-minute"), 77);
    assert!(got.attribute("name").is_string());
}

#[tokio::test]
async fn the_demo_is_a_company_of_14_people_of_all_types() {
    let site = demo().await;
    let all = site.get(USERS, &site.ready.tokens.api_user).await;
    assert_eq!(all.body["meta"]["count"], 14);
    let kinds: BTreeSet<&str> = all.column("user-type").iter().map(|v| v.as_str().unwrap()).collect();
    assert_eq!(kinds, BTreeSet::from(["account_holder", "in_house", "subcontractor", "watcher"]));
    assert!(all.column("active").contains(&&json!(false)), "some are deactivated");
    assert!(all.column("mail").iter().all(|mail| mail.as_str().unwrap().ends_with("@example.com")));
    for user in all.body["data"].as_array().unwrap() {
        let attributes = &user["attributes"];
        if matches!(attributes["user-type"].as_str(), Some("subcontractor" | "watcher")) {
            assert_eq!(attributes["permissions"]["api_documentation_access"], false, "{user}");
        }
        let length = |key: &str| attributes[key].as_array().unwrap().len();
        assert_eq!(length("project-ids"), length("role-ids"), "{user}");
        assert_eq!(length("project-ids"), length("is-mobile-syncs"), "{user}");
    }
}

#[tokio::test]
async fn users_are_searched_sorted_and_filtered_by_date() {
    let site = demo().await;
    let token = &site.ready.tokens.api_user;
    let found = site.get(&format!("{USERS}?search=GERÜST"), token).await;
    assert_eq!(found.column("firstname"), ["Pit"]);
    let sorted = site.get(&format!("{USERS}?sort=-lastname&pagesize=2"), token).await;
    assert_eq!(sorted.column("lastname"), ["Zargenberg", "Traufenau"]);
    let by_company = site.get(&format!("{USERS}?sort=-company&search=moor"), token).await;
    assert_eq!(by_company.column("firstname"), ["Cosimo"]);
    for (sort, first) in [
        ("company", "Cosimo"),
        ("-company", "Wiebke"),
        ("active", "Tamino"),
        ("last-login-on", "Elin"),
        ("created_on", "Hedda"),
        ("-created-on", "Elin"),
        ("user-type", "Hedda"),
    ] {
        let sorted = site.get(&format!("{USERS}?sort={sort}&pagesize=1"), token).await;
        assert_eq!(sorted.column("firstname"), [first], "{sort}");
        assert!(sorted.column("permissions")[0].is_object(), "read whole");
    }
    let since = jiff::Timestamp::now().as_second() - 100 * 24 * 3600;
    let new = site.get(&format!("{USERS}?last_sync_date={since}"), token).await;
    assert_eq!(new.column("firstname"), ["Cosimo", "Elin"]);
    assert_eq!(site.get(&format!("{USERS}?last_sync_date=yesterday"), token).await.status, 400);
}

#[tokio::test]
async fn one_user_is_found_by_exactly_its_id() {
    let site = Site::start(roomy()).await;
    let token = &site.ready.tokens.api_user;
    assert_eq!(site.get(&format!("{USERS}/{API_USER}"), token).await.id(), API_USER);
    for id in ["1", "+338603", "0338603", "338603x", "%33%338603"] {
        assert_eq!(site.get(&format!("{USERS}/{id}"), token).await.status, 404, "{id}");
    }
}

#[tokio::test]
async fn writing_users_needs_the_permission_users() {
    let site = Site::start(roomy()).await;
    let token = &site.ready.tokens.api_user;
    let one = format!("{USERS}/{API_USER}");
    let activate = format!("{USERS}/activate_user?user_id={API_USER}");
    for got in [
        site.with_attributes(Method::PUT, &one, token, json!({"firstname": "X"})).await,
        site.with_attributes(Method::POST, USERS, token, somebody("n@example.com")).await,
        send(site.request(Method::POST, &activate, token)).await,
    ] {
        assert_eq!((got.status, got.code()), (403, "permission_users"));
    }
}

#[tokio::test]
async fn put_may_merge() {
    let site = Site::start(Options { seed: Seed::Demo, users_put: UsersPut::Merge, ..roomy() }).await;
    let before = put(&site, NO_API_USER, json!({"position": "Oberbauleitung"})).await;
    assert_eq!(before.status, 200);
    assert_eq!(before.attribute("position"), "Oberbauleitung");
    assert_eq!(before.attribute("lastname"), "Holzapfelt");
    assert_eq!(before.attribute("permissions")["statistics"], true);

    let after = put(&site, NO_API_USER, json!({"permissions": {"api_documentation_access": true}})).await;
    assert_eq!(after.attribute("permissions")["api_documentation_access"], true);
    assert_eq!(after.attribute("permissions")["statistics"], true, "it was not sent");
    assert_eq!(site.get("/api/v1/9000001/users/me", &site.ready.tokens.no_api_user).await.status, 200);
    let read_back = site.get(&format!("{USERS}/{NO_API_USER}"), &site.ready.tokens.api_user).await;
    assert_eq!(read_back.body, after.body);
}

#[tokio::test]
async fn what_put_refuses_is_named_and_changes_nothing() {
    let site = demo().await;
    let path = |user: &str| format!("{USERS}/{user}");
    let before = site.get(&path(NO_API_USER), &site.ready.tokens.administrator).await.body;
    for (attributes, pointer) in [
        (json!({"permissions": {"users": true}}), "permissions/defects"),
        (json!({"permissions": {"defects": true, "fly": true}}), "permissions/fly"),
        (json!({"permissions": {"defects": "yes"}}), "permissions/defects"),
        (json!({"firstname": ""}), "firstname"),
        (json!({"active": "no"}), "active"),
        (json!({"mail": "nobody"}), "mail"),
        (json!({"mail": "Arvid.Kellerwand@example.com"}), "mail"),
        (json!({"project_ids": ["nosuch"], "role_ids": ["a"], "is_mobile_syncs": [true]}), "project_ids"),
        (json!({"project-ids": ["kdwmrq"], "is-mobile-syncs": [true]}), "role_ids"),
        (json!({"password": "a", "retype_password": "b"}), "retype_password"),
        (json!({"project_ids": ["kdwmrq"], "role_ids": ["rlnone"], "is_mobile_syncs": [true]}), "role_ids"),
        (json!({"group_ids": ["grnone"]}), "group_ids"),
        (json!({"position": "X"}), "firstname"),
        (json!({"firstname": "A", "lastname": "B", "mail": "a@example.com"}), "permissions"),
    ] {
        let got = put(&site, NO_API_USER, attributes.clone()).await;
        assert_eq!(got.status, 422, "{attributes}");
        let wanted = format!("/data/attributes/{pointer}");
        assert!(got.pointers().contains(&wanted.as_str()), "{attributes}: {:?}", got.pointers());
    }
    assert_eq!(site.get(&path(NO_API_USER), &site.ready.tokens.administrator).await.body, before);
}

#[tokio::test]
async fn the_account_holder_can_not_be_cut_down() {
    let site = Site::start(roomy()).await;
    let off = json!({"firstname": "A", "lastname": "B", "mail": "holder@example.com", "active": false,
        "permissions": {"defects": true, "users": false}});
    let got = put(&site, ACCOUNT_HOLDER, off).await;
    assert_eq!((got.status, got.code()), (422, "account_holder"));
    assert_eq!(got.pointers(), ["/data/attributes/active", "/data/attributes/permissions/users"]);
}

#[tokio::test]
async fn subcontractors_and_watchers_can_not_be_given_api_access() {
    let site = demo().await;
    let pointer = "/data/attributes/permissions/api_documentation_access";
    for lastname in ["Zargenberg", "Lotrecht"] {
        let found = site.get(&format!("{USERS}?search={lastname}"), &site.ready.tokens.api_user).await;
        let id = found.body["data"][0]["id"].as_str().unwrap().to_owned();
        let permissions = json!({"defects": true, "api_documentation_access": true});
        let names = json!({"firstname": "A", "lastname": lastname, "mail": "x@example.com",
            "permissions": permissions});
        let got = put(&site, &id, names).await;
        assert_eq!((got.status, got.code(), got.pointers()), (422, "fixed_permissions", vec![pointer]));
    }
}

#[tokio::test]
async fn deactivated_users_are_brought_back() {
    let site = Site::start(Options { users_put: UsersPut::Merge, ..roomy() }).await;
    let admin = &site.ready.tokens.administrator;
    assert_eq!(put(&site, API_USER, json!({"active": false})).await.attribute("active"), false);
    let back = site.request(Method::POST, &format!("{USERS}/activate_user?user_id={API_USER}"), admin);
    assert_eq!(send(back).await.attribute("active"), true);
    assert_eq!(site.get("/api/v1/9000001/users/me", &site.ready.tokens.api_user).await.status, 200);
    let nobody = site.request(Method::POST, &format!("{USERS}/activate_user"), admin);
    assert_eq!(send(nobody).await.status, 404);
}

#[tokio::test]
async fn a_new_user_needs_a_name_a_mail_and_permissions() {
    let site = Site::start(roomy()).await;
    let admin = &site.ready.tokens.administrator;
    let got = site.with_attributes(Method::POST, USERS, admin, json!({})).await;
    let missing =
        ["firstname", "lastname", "mail", "permissions"].map(|key| format!("/data/attributes/{key}"));
    assert_eq!((got.status, got.pointers()), (422, missing.iter().map(String::as_str).collect()));

    let got = site.with_attributes(Method::POST, USERS, admin, somebody("nele@example.com")).await;
    assert_eq!((got.status, got.attribute("user-type")), (201, &json!("in_house")));
    let read_back = site.get(&format!("{USERS}/{}", got.id()), admin).await;
    assert_eq!(read_back.attribute("mail"), "nele@example.com");

    let again = site.with_attributes(Method::POST, USERS, admin, somebody("NELE@example.com")).await;
    assert_eq!((again.status, again.pointers()), (422, vec!["/data/attributes/mail"]));

    let watcher = json!({"firstname": "A", "lastname": "B", "mail": "w@example.com", "watcher": true});
    let got = site.with_attributes(Method::POST, USERS, admin, watcher).await;
    assert_eq!((got.status, got.attribute("user-type")), (201, &json!("watcher")));
}

#[tokio::test]
async fn projects_are_those_the_caller_has_access_to() {
    let site = demo().await;
    let tokens = &site.ready.tokens;
    site.sandbox.set_permission(NO_API_USER, "api_documentation_access", true).unwrap();
    let count = async |path: &str, token: &str| {
        site.get(&format!("/api/v2/9000001/projects{path}"), token).await.body["meta"]["count"].clone()
    };
    assert_eq!(count("", &tokens.account_holder).await, 5);
    assert_eq!(count("?include_archived=true", &tokens.account_holder).await, 6);
    assert_eq!(count("?include_archived=false", &tokens.account_holder).await, 5);
    assert_eq!(count("", &tokens.no_api_user).await, 2, "limited to those she is in");
    assert_eq!(count("/my_projects", &tokens.administrator).await, 2);
    let page = site.get("/api/v2/9000001/projects?pagesize=1&page=2", &tokens.api_user).await;
    assert_eq!(page.column("name"), ["Logistikhalle Nord"]);
    let all = site.get("/api/v2/9000001/projects?pagesize=1&load_all=true", &tokens.api_user).await;
    assert_eq!(all.column("name").len(), 5);
    let found = site.get("/api/v2/9000001/projects?search=rathaus", &tokens.api_user).await;
    assert_eq!(found.column("name"), ["Sanierung Rathaus Altenmoor"]);
}

#[tokio::test]
async fn documented_only_serves_no_assumed_route_and_tells_less() {
    let site = Site::start(Options { documented_only: true, seed: Seed::Demo, ..roomy() }).await;
    let admin = &site.ready.tokens.administrator;
    let one = format!("{USERS}/{API_USER}/personal_access_tokens");
    for path in ["/api/v1/9000001/users/me", "/api/v1/9000001/account", common::NAMES, &one] {
        assert_eq!(site.get(path, admin).await.status, 404, "{path}");
    }
    assert_eq!(site.create_token(admin, "x").await.status, 404);
    assert_eq!(site.get("/api/v2/9000001/projects", admin).await.status, 200);
    let user = site.get(&format!("{USERS}/{API_USER}"), admin).await;
    assert_eq!(user.status, 200);
    assert_eq!((user.attribute("user-type"), user.attribute("last-login-on")), (&Value::Null, &Value::Null));
    site.sandbox.set_documented_only(false);
    assert_eq!(site.get("/api/v1/9000001/users/me", admin).await.status, 200);
}
