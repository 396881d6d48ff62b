//! Issuing access against the sandbox, which loses what a PUT leaves out.
#![allow(clippy::unwrap_used, clippy::doc_markdown)] // A failed unwrap is the test's failure; a name is no code.

mod support;

use planradar::rate_limit::{Lane, LimitParams, LimitSettings, RateLimiter};
use planradar::{
    Client, Error, ErrorKind, Licences, Membership, NewUser, PageQuery, Sent, UserChange, UserField,
};
use planradar_sandbox::{
    ACCOUNT_HOLDER, API_USER, Effect, Fault, NO_API_USER, Options, Sandbox, Seed, UsersPut,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};
use support::{Subject, subject_of, transport_config, what};

const GRANT: UserChange = UserChange::ApiAccess(true);
const REVOKE: UserChange = UserChange::ApiAccess(false);

async fn sandbox(options: Options) -> Sandbox {
    Sandbox::start(Options { limit: 100_000, new_users: 100_000, ..options }).await.unwrap()
}

fn demo() -> Options {
    Options { seed: Seed::Demo, ..Options::default() }
}

fn as_token(sandbox: &Sandbox, token: &str) -> Subject {
    let settings = LimitSettings { limit: 500, share: 500 };
    subject_of(sandbox.url(), sandbox.customer_id(), token, settings, transport_config())
}

fn as_admin(sandbox: &Sandbox) -> Subject {
    as_token(sandbox, &sandbox.ready().unwrap().tokens.administrator)
}

/// As the window does it: read, write, read back, reserved together. What else has changed.
async fn change(client: &Client, id: &str, change: UserChange) -> planradar::Result<Vec<String>> {
    let lane = if change == REVOKE { Lane::TakeAway } else { Lane::Person };
    let client = client.reserve(lane, 3).await?;
    let before = client.users().record(id, lane).await?;
    client.users().update(&before.update(change).unwrap(), lane).await?;
    let after = client.users().record(id, lane).await?;
    assert_eq!(after.is(change), Some(true));
    Ok(before.differences(&after, change))
}

async fn id_of(client: &Client, lastname: &str) -> String {
    let query = PageQuery { search: Some(lastname.into()), ..PageQuery::default() };
    client.users().page(&query, Lane::Person).await.unwrap().rows.remove(0).id
}

fn nele() -> NewUser {
    NewUser {
        first_name: "Nele".into(),
        last_name: "Firstpfette".into(),
        mail: "nele@example.com".into(),
        company: "Nordbau Demo GmbH".into(),
        position: "Technischer Benutzer".into(),
        api_access: true,
        memberships: ["kdwmrq", "ratmos"]
            .map(|id| Membership {
                project_id: id.into(),
                role_id: "rlread".into(),
                mobile_sync: id == "ratmos",
            })
            .into(),
        group_ids: vec!["grelek".into()],
    }
}

fn refusal<T: std::fmt::Debug>(result: planradar::Result<T>) -> (String, Option<UserField>) {
    let error: Error = result.unwrap_err();
    assert_eq!(
        (&error.kind, error.status, error.sent),
        (&ErrorKind::Invalid, Some(422), Sent::Yes),
        "{error:?}"
    );
    (error.code.clone().unwrap(), error.fields[0].user_field())
}

#[tokio::test]
async fn access_is_given_and_taken_and_nothing_else_changes() {
    for users_put in [UsersPut::Replace, UsersPut::Merge] {
        let sandbox = sandbox(Options { users_put, ..demo() }).await;
        let subject = as_admin(&sandbox);
        let theirs = as_token(&sandbox, &sandbox.ready().unwrap().tokens.no_api_user);
        assert_eq!(what(theirs.client.check().await), (ErrorKind::Forbidden, Sent::Yes));
        assert_eq!(change(&subject.client, NO_API_USER, GRANT).await.unwrap(), [""; 0]);
        assert_eq!(theirs.client.check().await, Ok(()));
        assert_eq!(change(&subject.client, NO_API_USER, REVOKE).await.unwrap(), [""; 0]);
        assert_eq!(what(theirs.client.check().await), (ErrorKind::Forbidden, Sent::Yes));
        // Inactive, and back.
        assert_eq!(change(&subject.client, API_USER, UserChange::Active(false)).await.unwrap(), [""; 0]);
        let gone = as_token(&sandbox, &sandbox.ready().unwrap().tokens.api_user);
        assert_eq!(what(gone.client.check().await), (ErrorKind::Unauthorized, Sent::Yes));
        assert_eq!(subject.client.users().activate(API_USER, Lane::Person).await, Ok(()));
        assert_eq!(gone.client.check().await, Ok(()));
        sandbox.stop().await;
    }
}

#[tokio::test]
async fn a_put_loses_nothing_that_the_server_has() {
    let sandbox = sandbox(demo()).await;
    let subject = as_admin(&sandbox);
    let keys = || proptest::collection::btree_map("x_[a-z]{1,6}", any::<Option<bool>>(), 0..5);
    let values = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        keys().prop_map(|map| json!(map)),
    ];
    let attributes = proptest::collection::btree_map("y[-_][a-zA-Z]{1,6}", values, 0..6);
    let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
    let handle = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        runner
            .run(&(attributes, keys(), any::<bool>()), |(attributes, keys, wanted)| {
                let map = |value: Value| value.as_object().cloned().unwrap_or_default();
                let (attributes, keys) = (map(json!(attributes)), map(json!(keys)));
                sandbox.set_unknown(NO_API_USER, attributes.clone(), keys.clone()).unwrap();
                let wanted = UserChange::ApiAccess(wanted);
                let differs = handle.block_on(change(&subject.client, NO_API_USER, wanted)).unwrap();
                prop_assert_eq!(differs, Vec::<String>::new());
                // And it is really there, not only absent twice.
                let record =
                    handle.block_on(subject.client.users().record(NO_API_USER, Lane::Person)).unwrap();
                let shown = format!("{record:?}");
                for name in attributes.keys() {
                    prop_assert!(shown.contains(&format!("{name:?}")), "{} lost in {}", name, shown);
                }
                let permissions = record.into_user().permissions.unwrap();
                for (key, value) in keys.iter().filter(|(_, value)| value.is_boolean()) {
                    prop_assert_eq!(permissions.get(key).copied(), value.as_bool(), "{}", key);
                }
                Ok(())
            })
            .unwrap();
        handle.block_on(sandbox.stop());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_noticed() {
    let sandbox = sandbox(demo()).await;
    let subject = as_admin(&sandbox);
    let users = subject.client.users();
    let before = users.record(NO_API_USER, Lane::Person).await.unwrap();
    sandbox.set_permission(NO_API_USER, "users", true).unwrap();
    sandbox.set_unknown(NO_API_USER, Map::from_iter([("badge".to_owned(), json!(7))]), Map::new()).unwrap();
    // A read joined with an earlier one would not see it.
    let fresh = subject.client.with(planradar::Freshness::Bypass);
    let after = fresh.users().record(NO_API_USER, Lane::Person).await.unwrap();
    assert_eq!(before.differences(&after, GRANT), ["badge", "permissions.users"]);
    sandbox.stop().await;
}

#[tokio::test]
async fn refusals_name_their_reason_and_field() {
    let sandbox = sandbox(demo()).await;
    let subject = as_admin(&sandbox);
    let client = &subject.client;
    let access = || Some(UserField::Permission("api_documentation_access".into()));
    assert_eq!(refusal(change(client, ACCOUNT_HOLDER, REVOKE).await), ("account_holder".into(), access()));
    let off = change(client, ACCOUNT_HOLDER, UserChange::Active(false)).await;
    assert_eq!(refusal(off), ("account_holder".into(), Some(UserField::Active)));
    for lastname in ["Zargenberg", "Lotrecht"] {
        let id = id_of(client, lastname).await;
        assert!(client.users().get(&id, Lane::Person).await.unwrap().has_fixed_permissions());
        assert_eq!(refusal(change(client, &id, GRANT).await), ("fixed_permissions".into(), access()));
    }
    // Without 'Users' nobody is changed.
    let plain = as_token(&sandbox, &sandbox.ready().unwrap().tokens.api_user);
    let users = plain.client.users();
    let update = users.record(NO_API_USER, Lane::Person).await.unwrap().update(GRANT).unwrap();
    for error in [
        users.update(&update, Lane::Person).await.unwrap_err(),
        users.create(&nele()).await.unwrap_err(),
        users.invite(&nele()).await.unwrap_err(),
        users.activate(NO_API_USER, Lane::Person).await.unwrap_err(),
    ] {
        assert_eq!((&error.kind, error.code.as_deref()), (&ErrorKind::Forbidden, Some("permission_users")));
    }
    for id in ["", "../x", "a b"] {
        assert!(matches!(
            what(client.users().activate(id, Lane::Person).await),
            (ErrorKind::BadRoute(_), Sent::No)
        ));
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn somebody_new_is_created_or_invited() {
    let sandbox = sandbox(demo()).await;
    let subject = as_admin(&sandbox);
    let client = &subject.client;
    let roles = client.roles().page(&PageQuery::default(), Lane::Person).await.unwrap();
    assert!(roles.rows.iter().any(|role| role.id == "rlread" && role.is_admin == Some(false)));
    let search = PageQuery { search: Some("ELEK".into()), sort: Some("name".into()), ..PageQuery::default() };
    let groups = client.groups().page(&search, Lane::Person).await.unwrap();
    assert_eq!(groups.rows.iter().map(|group| group.id.as_str()).collect::<Vec<_>>(), ["grelek"]);
    let licences = async || client.account().get(Lane::Person).await.unwrap().in_house_licences;
    let Some(Licences { used, total }) = licences().await else { panic!("not told") };

    let created = client.users().create(&nele()).await.unwrap();
    assert_eq!((created.user().api_access(), created.user().active), (Some(true), Some(true)));
    let record = client.users().record(&created.user().id, Lane::Person).await.unwrap();
    assert_eq!(created.differences(&record, GRANT), [""; 0]);
    assert_eq!(licences().await, Some(Licences { used: used + 1, total }));
    let given: Vec<_> = record
        .user()
        .permissions
        .iter()
        .flatten()
        .filter(|(_, on)| **on)
        .map(|(key, _)| key.as_str())
        .collect();
    assert_eq!(given, ["api_documentation_access", "defects"], "and nothing else");

    assert_eq!(refusal(client.users().create(&nele()).await), ("mail_taken".into(), Some(UserField::Mail)));
    let elsewhere = NewUser { mail: "nele@elsewhere.example.com".into(), ..nele() };
    assert_eq!(
        refusal(client.users().create(&elsewhere).await),
        ("invite_required".into(), Some(UserField::Mail))
    );
    assert_eq!(client.users().invite(&elsewhere).await, Ok(()));
    assert!(!id_of(client, "nele@elsewhere").await.is_empty());
    let unnamed = NewUser { first_name: String::new(), mail: "x@example.com".into(), ..nele() };
    assert_eq!(refusal(client.users().create(&unnamed).await).1, Some(UserField::FirstName));
    sandbox.stop().await;

    let full = crate::sandbox(Options { in_house_licences: Some(8), ..demo() }).await;
    let subject = as_admin(&full);
    assert_eq!(
        refusal(subject.client.users().create(&nele()).await),
        ("in_house_licences".into(), Some(UserField::Whole))
    );
    full.stop().await;
}

#[tokio::test]
async fn writes_are_sent_once_and_say_whether_they_may_have_arrived() {
    let sandbox = sandbox(demo()).await;
    let subject = as_admin(&sandbox);
    let client = &subject.client;
    let update = client.users().record(NO_API_USER, Lane::Person).await.unwrap().update(GRANT).unwrap();
    for route in ["users.update", "users.create", "users.invite", "users.activate"] {
        let effect = Effect::Reset { done: true };
        sandbox.fault(Fault { method: None, route: Some(route.into()), nth: Some(1), effect });
    }
    let lost = (ErrorKind::ConnectionLost, Sent::Maybe);
    assert_eq!(what(client.users().update(&update, Lane::Person).await), lost);
    assert_eq!(what(client.users().create(&nele()).await), lost);
    let other = NewUser { mail: "other@example.com".into(), ..nele() };
    assert_eq!(what(client.users().invite(&other).await), lost);
    assert_eq!(what(client.users().activate(NO_API_USER, Lane::Person).await), lost);
    for route in ["users.update", "users.create", "users.invite", "users.activate"] {
        assert_eq!(sandbox.requests().count(route), 1, "{route}");
    }
    assert_eq!(client.users().record(NO_API_USER, Lane::Person).await.unwrap().is(GRANT), Some(true));
    sandbox.stop().await;
}

#[tokio::test]
async fn new_users_keep_their_own_limit_too_also_with_two_clients() {
    let window = Duration::from_millis(1_500);
    let options = Options { new_users_window: Some(window), ..Options::default() };
    let sandbox = Sandbox::start(Options { limit: 100_000, ..options }).await.unwrap();
    let token = sandbox.ready().unwrap().tokens.administrator;
    let folder = tempfile::tempdir().unwrap();
    let server = planradar::ServerUrl::parse(sandbox.url()).unwrap();
    let params = LimitParams { window, cooldown: window, grace: window };
    let settings = LimitSettings { limit: 500, share: 500 };
    let client = || {
        let limiter =
            RateLimiter::open(folder.path(), server.url(), sandbox.customer_id(), settings, params).unwrap();
        let subject = as_token(&sandbox, &token);
        let config = planradar::ClientConfig {
            server: server.clone(),
            customer_id: subject.client.customer_id().clone(),
            token: token.as_str().into(),
            overrides: planradar::routes::Overrides::default(),
            transport: subject.transport.clone(),
            limiter,
        };
        Client::new(config)
    };
    let (one, two) = (client(), client());
    let begun = Instant::now();
    let create = |client: Client, from: u32| async move {
        for n in from..from + 6 {
            let new = NewUser {
                mail: format!("n{n}@example.com"),
                memberships: Vec::new(),
                group_ids: Vec::new(),
                ..nele()
            };
            client.users().create(&new).await.unwrap();
            // Other calls are not held up by it.
            client.users().get(API_USER, Lane::Person).await.unwrap();
        }
    };
    tokio::join!(create(one.clone(), 0), create(two.clone(), 100));
    assert!(begun.elapsed() >= window, "12 of at most 8 per window take more than one");
    assert_eq!(sandbox.requests().refused_by_limit(), 0);
    let at: Vec<Instant> = sandbox
        .requests()
        .all()
        .iter()
        .filter(|arrival| arrival.route == Some("users.create"))
        .map(|arrival| arrival.at)
        .collect();
    assert_eq!(at.len(), 12);
    assert!(at.windows(9).all(|nine| nine[8] - nine[0] >= window), "never more than 8 in a window");
    assert_eq!(one.limiter().new_users().unwrap().status().limit, 10);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_large_account_comes_in_pages_with_ids_of_both_kinds() {
    let sandbox = sandbox(Options { seed: Seed::Large, people: 1_200, ..Options::default() }).await;
    let subject = as_admin(&sandbox);
    let users = subject.client.users();
    let mut all = Vec::new();
    for page in 1..=3 {
        let query = PageQuery { page, ..PageQuery::default() };
        let got = users.page(&query, Lane::Refresh).await.unwrap();
        assert_eq!(got.count, Some(1_200));
        all.extend(got.rows);
    }
    let ids: std::collections::HashSet<_> = all.iter().map(|user| user.id.as_str()).collect();
    assert_eq!((all.len(), ids.len()), (1_200, 1_200));
    let able: Vec<_> = all.iter().filter(|user| user.api_access() == Some(true)).collect();
    assert_eq!(able.len(), 60);
    // One whose id is a word loses access and tokens, as in an emergency.
    let is_word = |id: &str| id.bytes().all(|b| b.is_ascii_lowercase());
    let word =
        all.iter().find(|user| is_word(&user.id) && user.user_type == Some(planradar::UserType::InHouse));
    let id = word.unwrap().id.as_str();
    sandbox.issue_token(id, "Lost laptop").unwrap();
    assert_eq!(change(&subject.client, id, GRANT).await.unwrap(), [""; 0]);
    assert_eq!(change(&subject.client, id, REVOKE).await.unwrap(), [""; 0]);
    let tokens = subject.client.user_tokens();
    for token in tokens.list(id, Lane::TakeAway).await.unwrap() {
        assert_eq!(tokens.delete(id, &token.id).await, Ok(()));
    }
    assert_eq!(tokens.list(id, Lane::TakeAway).await.unwrap(), []);
    sandbox.stop().await;
}
