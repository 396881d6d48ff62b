//! Webhooks against the sandbox, which keeps the rules of PUT and delivers for real.
#![allow(clippy::unwrap_used, clippy::doc_markdown)] // A failed unwrap is the test's failure; a name is no code.

mod support;

use planradar::rate_limit::{Lane, LimitSettings};
use planradar::{
    Authentication, DraftAuthentication, DraftFor, DraftHeader, DraftPassword, DraftValue, ErrorKind,
    FieldPath, FieldProblem, Header, Moment, Sent, Webhook, WebhookDraft,
};
use planradar_sandbox::{DeliverOptions, Options, Plan, Sandbox, Seed, WebhookAccess};
use std::time::Duration;
use support::{Listener, Subject, answer, json, subject_of, transport_config, what};

/// A project of the demo account.
const PROJECT: &str = "kdwmrq";

async fn sandbox(seed: Seed) -> Sandbox {
    let deliver = DeliverOptions { backoff: Duration::from_millis(1), ..DeliverOptions::default() };
    Sandbox::start(Options { seed, deliver, limit: 300, ..Options::default() }).await.unwrap()
}

fn as_token(sandbox: &Sandbox, token: &str) -> Subject {
    let settings = LimitSettings { limit: 300, share: 300 };
    subject_of(sandbox.url(), sandbox.customer_id(), token, settings, transport_config())
}

fn as_holder(sandbox: &Sandbox) -> Subject {
    as_token(sandbox, &sandbox.ready().unwrap().tokens.account_holder)
}

/// Creates a ticket, and waits until it is delivered.
async fn ticket(sandbox: &Sandbox) {
    let url = format!("{}/api/v2/{}/projects/{PROJECT}/tickets", sandbox.url(), sandbox.customer_id());
    let body = serde_json::json!({"data": {"attributes": {"ticket-type-id": "t", "component-id": "c"}}});
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(url).json(&body).header("accept", "application/json");
    let token = sandbox.ready().unwrap().tokens.account_holder;
    assert_eq!(request.header("X-PlanRadar-API-Key", token).send().await.unwrap().status(), 201);
    sandbox.delivered().await;
}

fn hidden(name: &str, value: DraftValue) -> DraftHeader {
    DraftHeader { name: name.into(), hidden: true, value }
}

fn basic(password: DraftPassword) -> DraftAuthentication {
    DraftAuthentication::Basic { username: "planradar".into(), password }
}

/// With everything a webhook can have.
fn much(target: &str) -> WebhookDraft {
    WebhookDraft {
        description: "Mängel an „Halle 3“".into(),
        active: true,
        target_url: target.into(),
        project_ids: Some(vec![PROJECT.into()]),
        events: vec!["ticket_created".into(), "photo_attached".into()],
        authentication: basic(DraftPassword::Replace("pass:wörd".into())),
        headers: vec![
            DraftHeader { name: "X-Site".into(), hidden: false, value: DraftValue::Plain("3".into()) },
            hidden("X-Api-KEY", DraftValue::Replace("first \"secret\"".into())),
            hidden("x-tenant", DraftValue::Replace("second".into())),
        ],
        unknown: planradar::Unknown::default(),
    }
}

/// The value of a header in the last request, its name in this very case.
fn header(receiver: &Listener, name: &str) -> Option<String> {
    let request = receiver.seen().pop().unwrap();
    let head = request.split_once("\r\n\r\n").unwrap().0.to_owned();
    head.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
}

fn paths(error: &planradar::Error) -> Vec<Option<FieldPath>> {
    error.fields.iter().map(planradar::FieldError::path).collect()
}

#[tokio::test]
async fn a_webhooks_life() {
    let sandbox = sandbox(Seed::Demo).await;
    let subject = as_holder(&sandbox);
    let webhooks = subject.client.webhooks();
    let before = webhooks.list(Lane::Person).await.unwrap();
    assert_eq!(before.len(), 4);
    for stored in &before {
        assert_eq!(webhooks.get(&stored.id, Lane::Person).await.as_ref(), Ok(stored));
        assert!(stored.unknown.is_empty(), "{stored:?}");
        // What was read is a draft without problems, and changes nothing.
        let draft = WebhookDraft::of(stored);
        assert_eq!(draft.problems(DraftFor::UpdateOf(stored)), []);
        let written = webhooks.update(&stored.id, &draft).await.unwrap();
        assert_eq!(written, Webhook { updated_on: written.updated_on, ..stored.clone() });
    }

    let created = webhooks.create(&much("https://receiver.example/hook?a=b")).await.unwrap();
    assert_eq!(created.description, "Mängel an „Halle 3“");
    assert_eq!(created.project_ids.as_deref(), Some(&[PROJECT.to_owned()][..]));
    assert_eq!(created.events, ["ticket_created", "photo_attached"]);
    assert_eq!(created.authentication, Authentication::Basic { username: "planradar".into() });
    let none = |name: &str| Header { name: name.into(), hidden: true, value: None };
    let site = Header { name: "X-Site".into(), hidden: false, value: Some("3".into()) };
    assert_eq!(created.headers, [site, none("X-Api-KEY"), none("x-tenant")]);
    assert!(created.created_on.is_some() && matches!(created.updated_on, Moment::At(_)));
    assert_eq!(webhooks.list(Lane::Refresh).await.unwrap().len(), 5);

    let paused = WebhookDraft { active: false, project_ids: None, ..WebhookDraft::of(&created) };
    let paused = webhooks.update(&created.id, &paused).await.unwrap();
    assert_eq!((paused.active, &paused.project_ids, &paused.headers), (false, &None, &created.headers));
    assert_eq!(webhooks.delete(&created.id).await, Ok(()));
    assert_eq!(what(webhooks.get(&created.id, Lane::Person).await), (ErrorKind::NotFound, Sent::Yes));
    assert_eq!(what(webhooks.delete(&created.id).await), (ErrorKind::NotFound, Sent::Yes));
    assert_eq!(webhooks.list(Lane::Refresh).await.unwrap().len(), 4);
    sandbox.stop().await;
}

#[tokio::test]
async fn keep_and_replace_as_a_receiver_sees_them() {
    let sandbox = sandbox(Seed::Demo).await;
    let receiver = Listener::start([answer(204, &[], "")]).await;
    let subject = as_holder(&sandbox);
    let webhooks = subject.client.webhooks();
    let created = webhooks.create(&much(&receiver.url())).await.unwrap();
    let renamed = WebhookDraft { description: "only this is new".into(), ..WebhookDraft::of(&created) };
    let renamed = webhooks.update(&created.id, &renamed).await.unwrap();
    assert_eq!(renamed.description, "only this is new");
    ticket(&sandbox).await;
    assert_eq!(receiver.count(), 1);
    let basic_kept = Some("Basic cGxhbnJhZGFyOnBhc3M6d8O2cmQ=");
    assert_eq!(header(&receiver, "Authorization").as_deref(), basic_kept);
    assert_eq!(header(&receiver, "X-Site").as_deref(), Some("3"));
    assert_eq!(header(&receiver, "X-Api-KEY").as_deref(), Some("first \"secret\""));
    assert_eq!(header(&receiver, "x-tenant").as_deref(), Some("second"));

    let mut draft = WebhookDraft::of(&renamed);
    draft.headers.remove(0);
    draft.headers[0].value = DraftValue::Replace("third".into());
    webhooks.update(&created.id, &draft).await.unwrap();
    ticket(&sandbox).await;
    assert_eq!(header(&receiver, "Authorization").as_deref(), basic_kept);
    assert_eq!(header(&receiver, "X-Site"), None);
    assert_eq!(header(&receiver, "X-Api-KEY").as_deref(), Some("third"));
    assert_eq!(header(&receiver, "x-tenant").as_deref(), Some("second"));

    draft.authentication = DraftAuthentication::None;
    draft.headers = vec![DraftHeader {
        name: "x-tenant".into(),
        hidden: false,
        value: DraftValue::Plain("shown".into()),
    }];
    let shown = webhooks.update(&created.id, &draft).await.unwrap();
    assert_eq!(shown.headers[0].value.as_deref(), Some("shown"));
    ticket(&sandbox).await;
    assert_eq!(receiver.count(), 3);
    assert_eq!(header(&receiver, "Authorization"), None);
    assert_eq!(header(&receiver, "X-Api-KEY"), None);
    assert_eq!(header(&receiver, "x-tenant").as_deref(), Some("shown"));
    sandbox.stop().await;
}

#[tokio::test]
async fn a_new_destination_is_refused_at_the_fields_that_the_client_names_itself() {
    let sandbox = sandbox(Seed::Demo).await;
    let subject = as_holder(&sandbox);
    let webhooks = subject.client.webhooks();
    let stored = webhooks.create(&much("https://receiver.example/hook")).await.unwrap();
    let hidden_places = [FieldPath::Password, FieldPath::HeaderValue(1), FieldPath::HeaderValue(2)];
    for target in
        ["http://receiver.example/hook", "https://other.example/hook", "https://receiver.example:8443/hook"]
    {
        let moved = WebhookDraft { target_url: target.into(), ..WebhookDraft::of(&stored) };
        let known = moved.problems(DraftFor::UpdateOf(&stored));
        assert_eq!(known.iter().map(|found| found.path).collect::<Vec<_>>(), hidden_places, "{target}");
        assert!(known.iter().all(|found| found.problem == FieldProblem::DestinationChanges));
        // The client sends it all the same when it has not seen what is stored.
        let error = webhooks.update(&stored.id, &moved).await.unwrap_err();
        let about = (error.kind.clone(), error.sent, error.status, error.code.as_deref());
        assert_eq!(about, (ErrorKind::Invalid, Sent::Yes, Some(422), Some("invalid")), "{target}");
        assert_eq!(paths(&error), hidden_places.map(Some), "{target}");
        assert!(error.fields.iter().all(|field| !field.message.is_empty()));
        assert_eq!(webhooks.get(&stored.id, Lane::Person).await.as_ref(), Ok(&stored), "{target}");
    }
    let moved = much("https://other.example/hook");
    assert_eq!(webhooks.update(&stored.id, &moved).await.unwrap().target_url, "https://other.example/hook");
    sandbox.stop().await;
}

#[tokio::test]
async fn every_field_that_only_the_server_can_refuse_has_its_place() {
    let sandbox = sandbox(Seed::Demo).await;
    let subject = as_holder(&sandbox);
    let webhooks = subject.client.webhooks();
    let stored = webhooks.create(&much("https://receiver.example/hook")).await.unwrap();
    let mut wrong = much("https://receiver.example/hook");
    wrong.description = "x".repeat(201);
    wrong.project_ids = Some(vec![PROJECT.into(), "nowhere".into()]);
    wrong.events = vec!["ticket_created".into(), "no_such_event".into()];
    wrong.headers.push(hidden("X-New", DraftValue::Keep));
    let error = webhooks.update(&stored.id, &wrong).await.unwrap_err();
    assert_eq!((error.kind.clone(), error.sent), (ErrorKind::Invalid, Sent::Yes));
    assert_eq!(
        paths(&error),
        [FieldPath::Description, FieldPath::Project(1), FieldPath::Event(1), FieldPath::HeaderValue(3)]
            .map(Some)
    );
    let none =
        WebhookDraft { project_ids: Some(Vec::new()), events: Vec::new(), ..much("https://h.example") };
    let error = webhooks.create(&none).await.unwrap_err();
    assert_eq!(paths(&error), [FieldPath::Projects, FieldPath::Events].map(Some));
    sandbox.stop().await;
}

#[tokio::test]
async fn what_the_clients_rules_let_out_the_server_takes() {
    let sandbox = sandbox(Seed::Demo).await;
    let subject = as_holder(&sandbox);
    let webhooks = subject.client.webhooks();
    let longest = format!("https://h.example/{}", "a".repeat(2048 - 18));
    for target in [
        "  https://h.example  ",
        "http://h.example:8080/a?b=c&token=x#d",
        "https://[2001:db8::1]/",
        "https://bücher.example/ü",
        &longest,
    ] {
        let draft = WebhookDraft { target_url: target.into(), ..much("") };
        assert_eq!(draft.problems(DraftFor::Create), [], "{target}");
        let created = webhooks.create(&draft).await.unwrap();
        assert_eq!(created.target_url, target.trim());
    }
    let graphic: String = (' '..='~').collect::<String>().trim().into();
    for (name, value) in [
        ("x", graphic.as_str()),
        ("X_1!#$%&'*+-.^`|~", "a  b"),
        (&"X".repeat(256), &"v".repeat(4096)),
        ("Cookie", "v"),
    ] {
        let headers = vec![hidden(name, DraftValue::Replace(value.into()))];
        let draft = WebhookDraft { headers, ..much("https://h.example") };
        assert_eq!(draft.problems(DraftFor::Create), [], "{name:.20}");
        assert_eq!(webhooks.create(&draft).await.unwrap().headers[0].name, name);
    }
    for (username, password) in
        [("Bücher & Co", "größer: „ja“"), (&"u".repeat(4096), &"p".repeat(4096)), (" u ", " ")]
    {
        let authentication = DraftAuthentication::Basic {
            username: username.into(),
            password: DraftPassword::Replace(password.into()),
        };
        let draft = WebhookDraft { authentication, ..much("https://h.example") };
        assert_eq!(draft.problems(DraftFor::Create), [], "{username:.20}");
        let created = webhooks.create(&draft).await.unwrap();
        assert_eq!(created.authentication, Authentication::Basic { username: username.into() });
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn events_and_deliveries_are_read_whole() {
    let sandbox = sandbox(Seed::Demo).await;
    let receiver = Listener::start([json(500, "no"), json(200, "thanks")]).await;
    let subject = as_holder(&sandbox);
    let webhooks = subject.client.webhooks();
    let events = webhooks.events(Lane::Person).await.unwrap();
    assert_eq!(events.len(), 18);
    let created = events.iter().find(|event| event.name == "ticket_created").unwrap();
    assert_eq!((created.title.as_str(), created.group.as_deref()), ("Ticket created", Some("Tickets")));
    assert!(created.example.as_deref().unwrap().contains("demo"), "{created:?}");

    let stored = webhooks.create(&much(&receiver.url())).await.unwrap();
    assert_eq!(webhooks.deliveries(&stored.id, Lane::Person).await.unwrap(), []);
    ticket(&sandbox).await;
    let deliveries = webhooks.deliveries(&stored.id, Lane::Refresh).await.unwrap();
    assert_eq!(deliveries.iter().map(|found| found.status).collect::<Vec<_>>(), [Some(200), Some(500)]);
    assert_eq!(deliveries.iter().map(|found| found.attempt).collect::<Vec<_>>(), [Some(2), Some(1)]);
    for found in &deliveries {
        assert_eq!(found.event, "ticket_created");
        assert!(found.at.is_some() && found.duration_ms.is_some() && !found.id.is_empty(), "{found:?}");
        assert_eq!((&found.error, &found.next_retry), (&None, &None));
        let request = found.request_excerpt.as_deref().unwrap();
        assert!(request.contains("X-Api-KEY") && request.contains(&receiver.url()), "{request}");
        for secret in ["first", "second", "pass:w", "cGxhbnJhZGFyO"] {
            assert!(!request.contains(secret), "{secret} in {request}");
        }
    }
    assert_eq!(deliveries[0].answer_excerpt.as_deref(), Some("thanks"));
    // One of the seed's never gets an answer.
    let listed = webhooks.list(Lane::Person).await.unwrap();
    let failing = listed.iter().find(|stored| stored.target_url.contains(":9/")).unwrap();
    let in_vain = webhooks.deliveries(&failing.id, Lane::Person).await.unwrap();
    assert_eq!(in_vain.len(), 12);
    assert!(in_vain.iter().all(|found| found.status.is_none() && found.error.is_some()), "{in_vain:?}");
    sandbox.stop().await;
}

#[tokio::test]
async fn who_may_not_is_told_why() {
    let sandbox = sandbox(Seed::Demo).await;
    let tokens = sandbox.ready().unwrap().tokens;
    let code = async |token: &str| {
        let error = as_token(&sandbox, token).client.webhooks().list(Lane::Person).await.unwrap_err();
        (error.status, error.code.clone().unwrap_or_default())
    };
    assert_eq!(code(&tokens.administrator).await, (Some(403), "account_holder_only".into()));
    assert_eq!(code(&tokens.no_api_user).await, (Some(403), "permission_api_access".into()));
    sandbox.set_plan(Plan::Starter).unwrap();
    assert_eq!(code(&tokens.account_holder).await, (Some(403), "plan".into()));
    sandbox.set_plan(Plan::Pro).unwrap();
    sandbox.set_documented_only(true);
    let error = as_holder(&sandbox).client.webhooks().list(Lane::Person).await.unwrap_err();
    assert!(error.means_not_offered(), "{error:?}");
    sandbox.stop().await;

    let options = Options { webhook_access: WebhookAccess::Accounts, ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    let tokens = sandbox.ready().unwrap().tokens;
    let list = async |token: &str| as_token(&sandbox, token).client.webhooks().list(Lane::Person).await;
    assert_eq!(list(&tokens.administrator).await, Ok(Vec::new()));
    let error = list(&tokens.api_user).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("permission_accounts"));
    sandbox.stop().await;
}

#[tokio::test]
async fn a_large_account_takes_one_request_for_each_list() {
    let sandbox = sandbox(Seed::Large).await;
    let subject = as_holder(&sandbox);
    let webhooks = subject.client.webhooks();
    assert_eq!(webhooks.list(Lane::Refresh).await.unwrap().len(), 150);
    assert_eq!(webhooks.events(Lane::Refresh).await.unwrap().len(), 60);
    assert_eq!(sandbox.requests().all().len(), 2);
    sandbox.stop().await;
}
