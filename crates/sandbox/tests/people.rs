//! Rules of issuing access: what PUT loses, who must be invited, licences, roles and groups, the large account.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use common::{Got, Site, roomy, send};
use planradar_sandbox::{
    ACCOUNT_HOLDER, API_USER, Effect, Fault, NO_API_USER, Options, READY_TOKEN_NAME, Seed, UsersPut,
};
use reqwest::Method;
use serde_json::{Map, Value, json};

const USERS: &str = "/api/v1/9000001/users";
const INVITATIONS: &str = "/api/v1/9000001/invitations";

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other}"),
    }
}

fn somebody(mail: &str) -> Value {
    json!({"firstname": "Nele", "lastname": "Firstpfette", "mail": mail,
        "permissions": {"defects": true, "api_documentation_access": true}})
}

async fn attributes(site: &Site, user: &str) -> Map<String, Value> {
    let got = site.get(&format!("{USERS}/{user}"), &site.ready.tokens.administrator).await;
    assert_eq!(got.status, 200, "{user}");
    map(got.body["data"]["attributes"].clone())
}

async fn put(site: &Site, user: &str, attributes: Value) -> Got {
    let token = &site.ready.tokens.administrator;
    site.with_attributes(Method::PUT, &format!("{USERS}/{user}"), token, attributes).await
}

async fn post(site: &Site, path: &str, attributes: Value) -> Got {
    site.with_attributes(Method::POST, path, &site.ready.tokens.administrator, attributes).await
}

#[tokio::test]
async fn what_put_leaves_out_is_gone_and_what_was_read_can_be_written_back_whole() {
    for users_put in [UsersPut::Replace, UsersPut::Merge] {
        let site = Site::start(Options { seed: Seed::Demo, users_put, ..roomy() }).await;
        let (unknown, keys) =
            (json!({"cost_center": {"id": 7}, "x-Y": null}), json!({"drones": true, "level": 3}));
        site.sandbox.set_unknown(NO_API_USER, map(unknown.clone()), map(keys)).unwrap();
        let before = attributes(&site, NO_API_USER).await;
        assert_eq!(
            (&before["cost_center"], &before["permissions"]["level"]),
            (&unknown["cost_center"], &json!(3))
        );

        let mut all = before.clone();
        all["permissions"]["api_documentation_access"] = json!(true);
        assert_eq!(put(&site, NO_API_USER, Value::Object(all.clone())).await.status, 200);
        assert_eq!(attributes(&site, NO_API_USER).await, all, "nothing is lost");

        // Somebody who sends what the forms need, and no more.
        let little = json!({"firstname": "Mirja", "lastname": "Holzapfelt", "mail": before["mail"],
            "permissions": {"defects": true}});
        assert_eq!(put(&site, NO_API_USER, little).await.status, 200);
        let after = attributes(&site, NO_API_USER).await;
        for (name, replaced) in
            [("company", true), ("cost_center", true), ("x-Y", true), ("project-ids", false)]
        {
            let is_gone = after.get(name) != all.get(name);
            assert_eq!(is_gone, replaced && users_put == UsersPut::Replace, "{users_put:?}: {name}");
        }
        for (key, is) in [("statistics", false), ("api_documentation_access", false), ("drones", false)] {
            let is = is || users_put == UsersPut::Merge;
            assert_eq!(after["permissions"].get(key) == Some(&json!(true)), is, "{users_put:?}: {key}");
        }
    }
}

#[tokio::test]
async fn memberships_belong_together_by_position() {
    let site = Site::start(Options { seed: Seed::Demo, ..roomy() }).await;
    let mut all = attributes(&site, API_USER).await;
    assert_eq!(all["project-ids"].as_array().unwrap().len(), 6);
    all.remove("role-ids");
    all.insert("project-ids".into(), json!(["kdwmrq"]));
    all.insert("is-mobile-syncs".into(), json!([true]));
    let got = put(&site, API_USER, Value::Object(all.clone())).await;
    assert_eq!((got.status, got.pointers()), (422, vec!["/data/attributes/role_ids"]));
    all.insert("role-ids".into(), json!(["rlread"]));
    assert_eq!(put(&site, API_USER, Value::Object(all)).await.status, 200);
    let after = attributes(&site, API_USER).await;
    assert_eq!((&after["role-ids"], &after["is-mobile-syncs"]), (&json!(["rlread"]), &json!([true])));
}

#[tokio::test]
async fn who_is_known_elsewhere_is_invited() {
    let site = Site::start(roomy()).await;
    let mail = "nele@Elsewhere.example.com";
    let got = post(&site, USERS, somebody(mail)).await;
    assert_eq!(
        (got.status, got.code(), got.pointers()),
        (422, "invite_required", vec!["/data/attributes/mail"])
    );
    let refused =
        site.with_attributes(Method::POST, INVITATIONS, &site.ready.tokens.api_user, somebody(mail)).await;
    assert_eq!((refused.status, refused.code()), (403, "permission_users"));
    let got = post(&site, INVITATIONS, somebody(mail)).await;
    assert_eq!(got.status, 201);
    let user = attributes(&site, got.id()).await;
    assert_eq!(
        (&user["mail"], &user["permissions"]["api_documentation_access"]),
        (&json!(mail), &json!(true))
    );
    let twice = post(&site, INVITATIONS, somebody(mail)).await;
    assert_eq!((twice.status, twice.code()), (422, "mail_taken"));
}

#[tokio::test]
async fn in_house_users_take_licences() {
    let site =
        Site::start(Options { in_house_licences: Some(5), users_put: UsersPut::Merge, ..roomy() }).await;
    let used = async || {
        let got = site.get("/api/v1/9000001/account", &site.ready.tokens.api_user).await;
        assert_eq!(got.attribute("in-house-licences"), 5);
        got.attribute("in-house-licences-used").as_u64().unwrap()
    };
    assert_eq!(used().await, 4);
    let fifth = post(&site, USERS, somebody("a@example.com")).await;
    assert_eq!((fifth.status, used().await), (201, 5));
    for path in [USERS, INVITATIONS] {
        let got = post(&site, path, somebody("b@example.com")).await;
        assert_eq!((got.status, got.code(), got.pointers()), (422, "in_house_licences", vec!["/data"]));
    }
    let watcher = json!({"firstname": "W", "lastname": "X", "mail": "w@example.com", "watcher": true});
    assert_eq!(post(&site, USERS, watcher).await.status, 201, "takes none");
    // A deactivated user frees one, and needs one to come back.
    assert_eq!(put(&site, NO_API_USER, json!({"active": false})).await.status, 200);
    assert_eq!(used().await, 4);
    assert_eq!(post(&site, USERS, somebody("c@example.com")).await.status, 201);
    let back = format!("{USERS}/activate_user?user_id={NO_API_USER}");
    let got = send(site.request(Method::POST, &back, &site.ready.tokens.administrator)).await;
    assert_eq!((got.status, got.code()), (422, "in_house_licences"));
    assert_eq!(put(&site, NO_API_USER, json!({"active": true})).await.code(), "in_house_licences");
    assert_eq!(attributes(&site, NO_API_USER).await["active"], false);
    // The holder counts, but stays whatever is sent.
    assert_eq!(put(&site, ACCOUNT_HOLDER, json!({"active": false})).await.code(), "account_holder");
}

#[tokio::test]
async fn roles_and_groups_are_listed_and_searched() {
    let site = Site::start(Options { seed: Seed::Demo, documented_only: true, ..roomy() }).await;
    let token = &site.ready.tokens.api_user;
    let roles = site.get("/api/v2/9000001/roles?sort=-name&pagesize=2", token).await;
    assert_eq!((roles.body["meta"]["count"].as_u64(), roles.column("name").len()), (Some(5), 2));
    let admin = site.get("/api/v1/9000001/roles?search=ADMIN", token).await;
    assert_eq!(admin.column("is-admin-role"), [true]);
    let groups = site.get("/api/v2/9000001/groups", token).await;
    assert_eq!(groups.column("name").len(), 3);
    let found = site.get("/api/v2/9000001/groups?q%5Bsearch_i_cont%5D=bau", token).await;
    assert_eq!(found.column("name"), ["Bauleitung", "Trockenbau"]);
}

#[tokio::test]
async fn new_users_have_a_window_of_their_own() {
    let brief = Duration::from_millis(300);
    let options = Options { new_users: 1, new_users_window: Some(brief), ..roomy() };
    let site = Site::start(options).await;
    assert_eq!(post(&site, USERS, somebody("a@example.com")).await.status, 201);
    let created = Instant::now();
    let mut n = 0;
    while post(&site, USERS, somebody(&format!("b{n}@example.com"))).await.status == 429 {
        n += 1;
        assert!(created.elapsed() < Duration::from_secs(20), "still refused");
    }
    assert!(n > 0 || created.elapsed() >= brief, "the second one came too early");
    assert_eq!(post(&site, INVITATIONS, somebody("c@example.com")).await.status, 201, "not counted there");
}

#[tokio::test]
async fn faults_strike_the_new_routes_by_name() {
    let site = Site::start(roomy()).await;
    for (route, method, path) in [
        ("users.update", Method::PUT, format!("{USERS}/{API_USER}")),
        ("users.invite", Method::POST, INVITATIONS.to_owned()),
        ("users.activate", Method::POST, format!("{USERS}/activate_user")),
        ("roles.list", Method::GET, "/api/v2/9000001/roles".to_owned()),
        ("groups.list", Method::GET, "/api/v2/9000001/groups".to_owned()),
        ("connect.status", Method::GET, "/api/v2/9000001/get_connect_access_status".to_owned()),
        ("connect.request", Method::POST, "/api/v2/9000001/connect_access_request".to_owned()),
    ] {
        let effect = Effect::Status { status: 503, done: false };
        site.sandbox.fault(Fault { method: None, route: Some(route.into()), nth: Some(1), effect });
        let request = || site.request(method.clone(), &path, &site.ready.tokens.administrator).body("{}");
        assert_eq!(send(request()).await.status, 503, "{route}");
        assert_ne!(send(request()).await.status, 503, "{route}");
    }
}

#[tokio::test]
async fn a_state_from_before_roles_is_brought_up() {
    for (seed, groups) in [(Seed::Demo, 3), (Seed::Empty, 0)] {
        let dir = tempfile::tempdir().unwrap();
        let options = || Options { seed, data_dir: Some(dir.path().to_owned()), ..roomy() };
        let site = Site::start(options()).await;
        let before = attributes(&site, NO_API_USER).await;
        site.sandbox.stop().await;
        // As the second version left it.
        let db = rusqlite::Connection::open(dir.path().join("sandbox.db")).unwrap();
        db.execute_batch(
            "DROP TABLE roles; DROP TABLE user_groups; DROP TABLE connect;
             ALTER TABLE account DROP COLUMN in_house_licences;
             UPDATE users SET details = details -> '$.known';
             PRAGMA user_version = 2;",
        )
        .unwrap();
        drop(db);
        for _ in 0..2 {
            let site = Site::start(options()).await;
            assert_eq!(attributes(&site, NO_API_USER).await, before);
            let token = &site.ready.tokens.administrator;
            let found = site.get(&format!("{USERS}?sort=company&search=gmbh"), token).await;
            assert!(!found.column("company").is_empty(), "{:?}", found.body);
            let roles = site.get("/api/v2/9000001/roles", token).await;
            let listed = site.get("/api/v2/9000001/groups", token).await;
            assert_eq!((roles.column("name").len(), listed.column("name").len()), (5, groups));
            let connect = site.get("/api/v2/9000001/get_connect_access_status", token).await;
            assert_eq!(connect.attribute("status"), "not_requested");
            site.sandbox.stop().await;
        }
    }
}

#[tokio::test]
async fn the_large_account_has_60_with_access_and_300_tokens() {
    for people in [400, 1_500] {
        let site = Site::start(Options { seed: Seed::Large, people, ..roomy() }).await;
        let admin = &site.ready.tokens.administrator;
        let mut users: HashMap<String, Value> = HashMap::new();
        for page in 1..=people.div_ceil(500) {
            let got = site.get(&format!("{USERS}?pagesize=500&page={page}"), admin).await;
            assert_eq!(got.body["meta"]["count"], people);
            let rows = got.body["data"].as_array().unwrap().clone();
            users.extend(rows.into_iter().map(|row| (row["id"].as_str().unwrap().to_owned(), row)));
        }
        assert_eq!(users.len(), people as usize, "each once");
        let words = users.keys().filter(|id| id.bytes().all(|b| b.is_ascii_lowercase())).count();
        assert!(words > 150 && users.len() - words > 150, "{words} ids are words");
        let has_access = |user: &Value| user["attributes"]["permissions"]["api_documentation_access"] == true;
        assert_eq!(users.values().filter(|user| has_access(user)).count(), 60);
        assert!(users.values().any(|user| has_access(user) && user["attributes"]["active"] == false));
        let kinds: HashSet<&str> =
            users.values().map(|user| user["attributes"]["user-type"].as_str().unwrap()).collect();
        assert_eq!(kinds.len(), 4);
        if people > 500 {
            continue;
        }
        let (mut tokens, mut of_others) = (0, 0);
        for (id, user) in &users {
            let list = site.get(&format!("{USERS}/{id}/personal_access_tokens"), admin).await;
            let names = list.column("name").iter().filter(|name| **name != READY_TOKEN_NAME).count();
            tokens += names;
            of_others += if has_access(user) { 0 } else { names };
            let one = site.get(&format!("{USERS}/{id}"), admin).await;
            assert_eq!(one.body["data"], *user);
        }
        assert_eq!((tokens, of_others), (300, 57));
    }
}
