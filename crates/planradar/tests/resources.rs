//! Every resource against the sandbox, which enforces PlanRadar's rules.
#![allow(clippy::unwrap_used, clippy::doc_markdown)] // A failed unwrap is the test's failure; a name is no code.

mod support;

use planradar::rate_limit::{Lane, LimitSettings};
use planradar::routes::{Overrides, RouteProblem};
use planradar::{ErrorKind, Moment, PageQuery, Plan, ProbeShape, Sent, UserType};
use planradar_sandbox::{Effect, Fault, Options, Sandbox, Seed};
use secrecy::ExposeSecret;
use support::{Subject, subject_of, transport_config, what};

async fn sandbox(seed: Seed) -> Sandbox {
    Sandbox::start(Options { seed, ..Options::default() }).await.unwrap()
}

/// A client that may use the sandbox's whole limit.
fn as_token(sandbox: &Sandbox, token: &str) -> Subject {
    let settings = LimitSettings { limit: 30, share: 30 };
    subject_of(sandbox.url(), sandbox.customer_id(), token, settings, transport_config())
}

fn as_holder(sandbox: &Sandbox) -> Subject {
    as_token(sandbox, &sandbox.ready().unwrap().tokens.account_holder)
}

#[tokio::test]
async fn a_tokens_life() {
    let sandbox = sandbox(Seed::Empty).await;
    let subject = as_holder(&sandbox);
    let tokens = subject.client.tokens();
    let before = tokens.list(Lane::Person).await.unwrap();

    let created = tokens.create("CI für „Halle 3“").await.unwrap();
    assert_eq!(
        (created.token.name.as_str(), created.token.last_used_on),
        ("CI für „Halle 3“", Moment::Never)
    );
    assert!(created.token.created_on.is_some());
    let listed = tokens.list(Lane::Person).await.unwrap();
    assert_eq!(listed.len(), before.len() + 1);
    let found = listed.iter().find(|token| token.id == created.token.id).unwrap();
    assert_eq!(*found, created.token, "never used yet");

    let own = as_token(&sandbox, created.value.expose_secret());
    assert_eq!(own.client.check().await, Ok(()));
    let used = tokens.list(Lane::Refresh).await.unwrap();
    let used = used.iter().find(|token| token.id == created.token.id).unwrap();
    assert!(matches!(used.last_used_on, Moment::At(_)), "{used:?}");

    assert_eq!(tokens.delete(&created.token.id).await, Ok(()));
    assert_eq!(what(own.client.check().await), (ErrorKind::Unauthorized, Sent::Yes));
    assert_eq!(what(tokens.delete(&created.token.id).await), (ErrorKind::NotFound, Sent::Yes));
    let left = tokens.list(Lane::Person).await.unwrap();
    let ids = |list: &[planradar::Token]| list.iter().map(|token| token.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&left), ids(&before));
    sandbox.stop().await;
}

#[tokio::test]
async fn who_and_what() {
    let sandbox = sandbox(Seed::Demo).await;
    let subject = as_holder(&sandbox);
    let client = &subject.client;
    let me = client.me().get(Lane::Person).await.unwrap();
    assert_eq!((me.user_type.as_ref(), me.active), (Some(&UserType::AccountHolder), Some(true)));
    assert_eq!(me.permissions.as_ref().unwrap().get("api_documentation_access"), Some(&true));
    let account = client.account().get(Lane::Person).await.unwrap();
    assert_eq!(account.plan, Some(Plan::Pro));
    assert_eq!(account.account_holder_id.as_ref(), Some(&me.id));
    assert_eq!(account.requests_per_minute, Some(30));
    assert!(account.name.is_some());

    let users = client.users().page(&PageQuery::default(), Lane::Person).await.unwrap();
    assert_eq!((users.rows.len(), users.count), (14, Some(14)));
    assert!(users.rows.iter().any(|user| user.user_type == Some(UserType::Watcher)));
    assert_eq!(client.users().get(&me.id, Lane::Person).await.unwrap().mail, me.mail);
    let small = PageQuery { page: 2, size: 5, sort: Some("-lastname".into()), search: None };
    let page = client.users().page(&small, Lane::Person).await.unwrap();
    assert_eq!((page.rows.len(), page.count), (5, Some(14)));
    let search = PageQuery { search: me.mail.clone(), ..PageQuery::default() };
    let found = client.users().page(&search, Lane::Person).await.unwrap();
    assert_eq!(found.rows.iter().map(|user| &user.id).collect::<Vec<_>>(), [&me.id]);

    let query = PageQuery::default();
    let open = client.projects().page(&query, false, Lane::Person).await.unwrap();
    let all = client.projects().page(&query, true, Lane::Person).await.unwrap();
    assert_eq!((open.rows.len(), all.rows.len()), (5, 6));
    assert!(!client.projects().mine(&query, Lane::Person).await.unwrap().rows.is_empty());
    sandbox.stop().await;
}

#[tokio::test]
async fn other_users_tokens() {
    let sandbox = sandbox(Seed::Empty).await;
    let (holder, administrator) =
        (as_holder(&sandbox), as_token(&sandbox, &sandbox.ready().unwrap().tokens.administrator));
    let user = planradar_sandbox::API_USER;
    sandbox.issue_token(user, "Lost laptop").unwrap();
    let tokens = administrator.client.user_tokens();
    let listed = tokens.list(user, Lane::Person).await.unwrap();
    let lost = listed.iter().find(|token| token.name == "Lost laptop").unwrap();
    assert_eq!(tokens.delete(user, &lost.id).await, Ok(()));
    assert_eq!(tokens.list(user, Lane::Person).await.unwrap().len(), listed.len() - 1);

    let holders = holder.client.tokens().list(Lane::Person).await.unwrap();
    let error = tokens.delete(planradar_sandbox::ACCOUNT_HOLDER, &holders[0].id).await.unwrap_err();
    assert_eq!(
        (error.kind.clone(), error.code.as_deref()),
        (ErrorKind::Forbidden, Some("account_holder_token"))
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn refusals_have_their_codes() {
    let sandbox = sandbox(Seed::Empty).await;
    let holder = as_holder(&sandbox);
    let code = |error: planradar::Error| (error.kind.clone(), error.code.clone());
    let forbidden = |code: &str| (ErrorKind::Forbidden, Some(code.to_owned()));

    let without = as_token(&sandbox, &sandbox.ready().unwrap().tokens.no_api_user);
    assert_eq!(code(without.client.check().await.unwrap_err()), forbidden("permission_api_access"));
    let error = holder.client.tokens().create("").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert_eq!(error.fields[0].pointer, "/data/attributes/name");
    let stranger = as_token(&sandbox, "nobody");
    assert_eq!(what(stranger.client.check().await), (ErrorKind::Unauthorized, Sent::Yes));
    let elsewhere = subject_of(
        sandbox.url(),
        "999",
        &sandbox.ready().unwrap().tokens.account_holder,
        LimitSettings::default(),
        transport_config(),
    );
    assert_eq!(what(elsewhere.client.check().await), (ErrorKind::NotFound, Sent::Yes));
    sandbox.set_plan(planradar_sandbox::Plan::Basic).unwrap();
    let error = holder.client.tokens().list(Lane::Person).await.unwrap_err();
    assert_eq!(code(error), forbidden("plan"));
    sandbox.stop().await;
}

#[tokio::test]
async fn a_server_with_only_the_documented_routes() {
    let sandbox = sandbox(Seed::Empty).await;
    sandbox.set_documented_only(true);
    let subject = as_holder(&sandbox);
    let client = &subject.client;
    assert_eq!(client.check().await, Ok(()));
    for error in [
        client.tokens().list(Lane::Person).await.map(drop).unwrap_err(),
        client.account().get(Lane::Person).await.map(drop).unwrap_err(),
        client.me().get(Lane::Person).await.map(drop).unwrap_err(),
        client.probe("tokens.list", &[]).await.map(drop).unwrap_err(),
    ] {
        assert!(error.means_not_offered(), "{error:?}");
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn overrides_are_tried_out() {
    let sandbox = sandbox(Seed::Empty).await;
    let subject = as_holder(&sandbox);
    let client = &subject.client;
    assert!(matches!(client.probe("tokens.list", &[]).await, Ok(ProbeShape::List(_))));
    assert_eq!(client.probe("account", &[]).await, Ok(ProbeShape::Object));
    let user = [("user_id", planradar_sandbox::API_USER)];
    assert_eq!(client.probe("users.get", &user).await, Ok(ProbeShape::Object));

    let overrides = Overrides::from_json(r#"{"tokens.list": "/api/v9/{customer_id}/nowhere"}"#).unwrap();
    let error = client.with_overrides(overrides).probe("tokens.list", &[]).await.unwrap_err();
    assert!(error.means_not_offered(), "{error:?}");

    let arrived = sandbox.requests().all().len();
    for (name, ids, problem) in [
        ("tokens.create", vec![], RouteProblem::NotReadable),
        ("nope", vec![], RouteProblem::UnknownRoute),
        ("users.get", vec![], RouteProblem::BadId("user_id")),
        ("users.get", vec![("user_id", "..")], RouteProblem::BadId("user_id")),
        ("account", vec![("user_id", "1")], RouteProblem::UnknownPlaceholder("user_id".into())),
    ] {
        assert_eq!(what(client.probe(name, &ids).await), (ErrorKind::BadRoute(problem), Sent::No), "{name}");
    }
    for hostile in ["//h", "/\\h", "\t//h", "@h", ".h", "..", "%2e%2e", ""] {
        let refused = what(client.tokens().delete(hostile).await);
        assert_eq!(refused, (ErrorKind::BadRoute(RouteProblem::BadId("token_id")), Sent::No), "{hostile:?}");
    }
    assert_eq!(sandbox.requests().all().len(), arrived, "nothing of it was sent");
    sandbox.stop().await;
}

#[tokio::test]
async fn a_lost_answer_to_a_create_is_known_as_one() {
    let sandbox = sandbox(Seed::Empty).await;
    let subject = as_holder(&sandbox);
    let tokens = subject.client.tokens();
    let before = tokens.list(Lane::Person).await.unwrap().len();
    let mut made = 0;
    for (effect, sent, done) in [
        (Effect::Reset { done: true }, Sent::Maybe, true),
        (Effect::Reset { done: false }, Sent::Maybe, false),
        (Effect::Truncated, Sent::Yes, true),
        (Effect::InvalidBody, Sent::Yes, true),
        (Effect::Html { status: 200 }, Sent::Yes, false),
    ] {
        sandbox.clear_faults();
        let shown = format!("{effect:?}");
        sandbox.fault(Fault { method: Some("POST".into()), route: None, nth: None, effect });
        let error = tokens.create("CI").await.map(|_| ()).unwrap_err();
        assert_eq!(error.sent, sent, "{shown} {error:?}");
        made += usize::from(done);
        assert_eq!(tokens.list(Lane::Person).await.unwrap().len(), before + made, "{shown}: sent once");
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn long_lists_come_whole() {
    let sandbox = sandbox(Seed::Empty).await;
    let holder = planradar_sandbox::ACCOUNT_HOLDER;
    for number in 0..520 {
        sandbox.issue_token(holder, &format!("Token {number}")).unwrap();
    }
    let subject = as_holder(&sandbox);
    let arrived = sandbox.requests().count("tokens.list");
    let tokens = subject.client.tokens().list(Lane::Person).await.unwrap();
    assert!(tokens.len() >= 520, "{}", tokens.len());
    let ids: std::collections::HashSet<_> = tokens.iter().map(|token| &token.id).collect();
    assert_eq!(ids.len(), tokens.len());
    assert_eq!(sandbox.requests().count("tokens.list"), arrived + 2);
    sandbox.stop().await;
}

#[tokio::test]
async fn the_table_is_the_sandboxs() {
    let sandbox = sandbox(Seed::Demo).await;
    let subject = as_holder(&sandbox);
    for route in planradar::routes::ALL {
        if route.method != planradar::routes::Method::Get {
            continue;
        }
        let ids: Vec<_> = route
            .placeholders()
            .filter(|name| *name != "customer_id")
            // Webhooks are counted from 1.
            .map(|name| (name, if name == "webhook_id" { "1" } else { planradar_sandbox::API_USER }))
            .collect();
        assert!(subject.client.probe(route.name, &ids).await.is_ok(), "{}", route.name);
        assert_eq!(sandbox.requests().count(route.name), 1, "{} has another name there", route.name);
    }
    // Those that write are only knocked at: without a key nothing is done, but the sandbox says which route it is.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for route in planradar::routes::ALL {
        let path = route.placeholders().fold(route.template.to_owned(), |path, name| {
            let id = if name == "customer_id" { sandbox.customer_id() } else { "1" };
            path.replace(&format!("{{{name}}}"), id)
        });
        let method = route.method.as_str().parse().unwrap();
        let before = sandbox.requests().count(route.name);
        http.request(method, format!("{}{path}", sandbox.url())).send().await.unwrap();
        assert_eq!(sandbox.requests().count(route.name), before + 1, "{} is elsewhere there", route.name);
    }
    sandbox.stop().await;
}
