//! Webhooks over real connections: what goes over the wire, byte for byte, and what never does.
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use planradar::rate_limit::Lane;
use planradar::{
    Authentication, DraftAuthentication, DraftHeader, DraftPassword, DraftValue, ErrorKind, FieldPath,
    Header, Sent, Webhook, WebhookDraft, routes::Overrides,
};
use support::{Listener, Reply, answer, json, subject, what};

/// A webhook as a server tells it, with what this program doesn't know.
const STORED: &str = r#"{"description": "Tickets", "active": true, "target-url": "https://example.com/hook",
    "project-ids": null, "events": ["ticket_created", "unheard_of"],
    "authentication": {"type": "basic", "username": "planradar", "realm": "site"},
    "headers": [{"name": "X-SITE-Id", "hidden": false, "value": "3"},
        {"name": "x-Api-KEY", "hidden": true, "value": null, "since": 2026}],
    "retry-policy": {"wait": 1.50, "max": 12345678901234567890123}, "created-on": "2026-03-12T10:00:00Z", "updated-on": null}"#;

fn one(attributes: &str) -> String {
    format!(r#"{{"data": {{"id": "w1", "type": "webhook", "attributes": {attributes}}}}}"#)
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").unwrap().1
}

fn new_draft() -> WebhookDraft {
    let secret = |name: &str| DraftHeader {
        name: name.into(),
        hidden: true,
        value: DraftValue::Replace("s3cr3t".into()),
    };
    WebhookDraft {
        description: "Tickets".into(),
        active: true,
        target_url: "https://example.com/hook".into(),
        project_ids: Some(vec!["p1".into()]),
        events: vec!["ticket_created".into()],
        authentication: DraftAuthentication::Basic {
            username: "planradar".into(),
            password: DraftPassword::Replace("pass:word".into()),
        },
        headers: vec![
            DraftHeader { name: "X-SITE-Id".into(), hidden: false, value: DraftValue::Plain("3".into()) },
            secret("x-Api-KEY"),
        ],
        unknown: planradar::Unknown::default(),
    }
}

#[tokio::test]
async fn an_unchanged_edit_keeps_all_and_sends_no_value_for_what_is_hidden() {
    let server = Listener::start([json(200, &one(STORED))]).await;
    let subject = subject(&server.url());
    let webhooks = subject.client.webhooks();
    let stored = webhooks.get("w1", Lane::Person).await.unwrap();
    assert_eq!(stored.authentication, Authentication::Basic { username: "planradar".into() });
    let draft = WebhookDraft { description: "Tickets, new".into(), ..WebhookDraft::of(&stored) };
    assert_eq!(webhooks.update("w1", &draft).await.unwrap(), stored, "the answer is read");

    let seen = server.seen();
    assert!(seen[0].starts_with("GET /api/v1/1484013/webhooks/w1 HTTP/1.1\r\n"), "{}", seen[0]);
    assert!(seen[1].starts_with("PUT /api/v1/1484013/webhooks/w1 HTTP/1.1\r\n"), "{}", seen[1]);
    assert!(seen[1].to_ascii_lowercase().contains("\r\ncontent-type: application/json\r\n"), "{}", seen[1]);
    assert_eq!(
        body(&seen[1]),
        concat!(
            r#"{"data":{"attributes":{"description":"Tickets, new","active":true,"#,
            r#""target-url":"https://example.com/hook","project-ids":null,"events":["ticket_created","unheard_of"],"#,
            r#""authentication":{"type":"basic","username":"planradar","realm":"site"},"#,
            r#""headers":[{"name":"X-SITE-Id","hidden":false,"value":"3"},"#,
            r#"{"name":"x-Api-KEY","hidden":true,"since":2026}],"#,
            r#""retry-policy":{"wait": 1.50, "max": 12345678901234567890123}}}}"#
        )
    );
}

#[tokio::test]
async fn a_new_one_byte_for_byte() {
    let server = Listener::start([json(201, &one(STORED))]).await;
    let subject = subject(&server.url());
    let created = subject.client.webhooks().create(&new_draft()).await.unwrap();
    assert_eq!(created.id, "w1");
    assert_eq!(created.headers[1], Header { name: "x-Api-KEY".into(), hidden: true, value: None });
    let seen = server.seen().pop().unwrap();
    assert!(seen.starts_with("POST /api/v1/1484013/webhooks HTTP/1.1\r\n"), "{seen}");
    assert_eq!(
        body(&seen),
        concat!(
            r#"{"data":{"attributes":{"description":"Tickets","active":true,"#,
            r#""target-url":"https://example.com/hook","project-ids":["p1"],"events":["ticket_created"],"#,
            r#""authentication":{"type":"basic","username":"planradar","password":"pass:word"},"#,
            r#""headers":[{"name":"X-SITE-Id","hidden":false,"value":"3"},"#,
            r#"{"name":"x-Api-KEY","hidden":true,"value":"s3cr3t"}]}}}"#
        )
    );
}

#[tokio::test]
async fn nothing_invalid_leaves() {
    let server = Listener::start([json(200, &one(STORED))]).await;
    let subject = subject(&server.url());
    let webhooks = subject.client.webhooks();
    let mut refused = Vec::new();
    for (name, value) in [
        ("X-A\r\nX-Evil", "v"),
        ("X-A", "v\r\nX-Evil: 1"),
        ("X-A", "v\nw"),
        ("X-A", "v\0w"),
        ("X-A", "v\tw"),
        ("X-A", " v"),
        ("X-A", "v "),
        ("X-A", "größe"),
        ("X-Größe", "v"),
        ("X-A", ""),
        ("", "v"),
        ("X-A", &"x".repeat(5000)),
        (&"X".repeat(5000), "v"),
        ("X-A", "••••••••"),
        ("x-site-ID", "v"),
        ("Content-Length", "1"),
        ("proxy-connection", "v"),
        ("AUTHORIZATION", "Bearer v"),
    ] {
        let mut draft = new_draft();
        draft.headers.push(DraftHeader {
            name: name.into(),
            hidden: true,
            value: DraftValue::Replace(value.into()),
        });
        refused.push((format!("{name:.9?} {value:.9?}"), "headers/2", draft));
    }
    let basic = |username: &str, password: &str| DraftAuthentication::Basic {
        username: username.into(),
        password: DraftPassword::Replace(password.into()),
    };
    for (authentication, field) in [
        (basic("a:b", "p"), "authentication/username"),
        (basic("", "p"), "authentication/username"),
        (basic("a\nb", "p"), "authentication/username"),
        (basic("a", "****"), "authentication/password"),
        (basic("a", ""), "authentication/password"),
    ] {
        refused.push((format!("{authentication:?}"), field, WebhookDraft { authentication, ..new_draft() }));
    }
    for url in ["", "example.com", "ftp://h", "https://u:p@h/", "https://h/\r\nX: y"] {
        refused.push((url.to_owned(), "target-url", WebhookDraft { target_url: url.into(), ..new_draft() }));
    }
    for (shown, field, draft) in refused {
        for error in
            [webhooks.create(&draft).await.unwrap_err(), webhooks.update("w1", &draft).await.unwrap_err()]
        {
            assert_eq!(
                (error.kind.clone(), error.sent, error.status),
                (ErrorKind::Invalid, Sent::No, None),
                "{shown}"
            );
            let [only] = error.fields.as_slice() else { panic!("{shown}: {error:?}") };
            assert!(only.pointer.starts_with(&format!("/data/attributes/{field}")), "{shown}: {only:?}");
            assert!(only.path().is_some() && !only.message.is_empty(), "{shown}: {only:?}");
        }
    }
    let mut keeps = new_draft();
    keeps.headers[1].value = DraftValue::Keep;
    assert_eq!(what(webhooks.create(&keeps).await), (ErrorKind::Invalid, Sent::No));
    assert_eq!((server.count(), server.connections()), (0, 0));
    // It would have been taken, had it been valid.
    assert!(webhooks.update("w1", &keeps).await.is_ok());
}

#[tokio::test]
async fn pointers_of_a_refusal_become_fields() {
    let refusal = r#"{"errors": [
        {"code": "secret_needs_value", "detail": "enter it again", "source": {"pointer": "/data/attributes/headers/12/value"}},
        {"detail": "and this", "source": {"pointer": "/data/attributes/authentication/password"}},
        {"detail": "odd", "source": {"pointer": "/data/attributes/webhook-quota"}}]}"#;
    let server = Listener::start([json(422, refusal)]).await;
    let subject = subject(&server.url());
    let error = subject.client.webhooks().update("w1", &new_draft()).await.unwrap_err();
    assert_eq!((error.kind.clone(), error.sent), (ErrorKind::Invalid, Sent::Yes));
    assert_eq!(error.code.as_deref(), Some("secret_needs_value"));
    let fields: Vec<_> =
        error.fields.iter().map(|f| (f.pointer.as_str(), f.path(), f.message.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("/data/attributes/headers/12/value", Some(FieldPath::HeaderValue(12)), "enter it again"),
            ("/data/attributes/authentication/password", Some(FieldPath::Password), "and this"),
            ("/data/attributes/webhook-quota", None, "odd"),
        ]
    );
}

#[tokio::test]
async fn writes_are_sent_once() {
    for reply in [json(503, "{}"), Reply::Reset, answer(307, &[("location", "/elsewhere")], "")] {
        let server = Listener::start([reply]).await;
        let subject = subject(&server.url());
        let webhooks = subject.client.webhooks();
        assert!(webhooks.create(&new_draft()).await.is_err());
        assert!(webhooks.update("w1", &new_draft()).await.is_err());
        assert!(webhooks.delete("w1").await.is_err());
        let methods: Vec<_> =
            server.seen().iter().map(|seen| seen.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(methods, ["POST", "PUT", "DELETE"]);
        subject.used_is(3).await;
    }
}

#[tokio::test]
async fn a_success_without_a_word_is_one() {
    let server = Listener::start([answer(204, &[], ""), json(200, &one(STORED)), answer(204, &[], "")]).await;
    let subject = subject(&server.url());
    let webhooks = subject.client.webhooks();
    assert_eq!(webhooks.update("w1", &new_draft()).await.unwrap().description, "Tickets");
    assert_eq!(server.seen().iter().map(|seen| &seen[..4]).collect::<Vec<_>>(), ["PUT ", "GET "]);
    assert_eq!(webhooks.delete("w1").await, Ok(()));
    // Of a new one the id is needed.
    assert_eq!(what(webhooks.create(&new_draft()).await), (ErrorKind::NotJson, Sent::Yes));
}

#[tokio::test]
async fn lists_events_and_deliveries() {
    let list = format!(r#"{{"data": [{{"id": 7, "attributes": {STORED}}}], "meta": {{"count": 1}}}}"#);
    let events =
        r#"{"data": [{"id": "e.1", "attributes": {"name": "ticket_created", "title": "Ticket created"}}]}"#;
    let deliveries = r#"{"data": [{"id": "d.1", "attributes": {"event": "ticket_created", "status": 200}}]}"#;
    let server =
        Listener::start([json(200, &list), json(200, events), json(200, deliveries), json(404, "{}")]).await;
    let subject = subject(&server.url());
    let webhooks = subject.client.webhooks();
    let read = webhooks.list(Lane::Refresh).await.unwrap();
    assert_eq!(read.iter().map(|w| w.id.as_str()).collect::<Vec<_>>(), ["7"]);
    assert_eq!(webhooks.events(Lane::Person).await.unwrap()[0].title, "Ticket created");
    assert_eq!(webhooks.deliveries("7", Lane::Person).await.unwrap()[0].status, Some(200));
    let error = webhooks.deliveries("7", Lane::Person).await.unwrap_err();
    assert!(error.means_not_offered());
    let lines: Vec<_> = server.seen().iter().map(|seen| seen.lines().next().unwrap().to_owned()).collect();
    assert_eq!(
        lines[..3],
        [
            "GET /api/v1/1484013/webhooks?page=1&pagesize=500 HTTP/1.1",
            "GET /api/v1/1484013/webhook_events?page=1&pagesize=500 HTTP/1.1",
            "GET /api/v1/1484013/webhooks/7/deliveries?page=1&pagesize=100 HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn a_webhook_that_is_not_read_whole_is_never_offered_for_editing() {
    let server = Listener::start([json(200, &one(&STORED.replace("\"headers\"", "\"header-list\"")))]).await;
    let subject = subject(&server.url());
    let result: planradar::Result<Webhook> = subject.client.webhooks().get("w1", Lane::Person).await;
    assert_eq!(what(result), (ErrorKind::UnexpectedShape("the webhook's headers"), Sent::Yes));
}

#[tokio::test]
async fn hostile_ids_and_an_unusable_limit_stop_it_before_a_request() {
    let server = Listener::start([json(200, &one(STORED))]).await;
    let subject = subject(&server.url());
    for id in ["//h", "/\\h", "\t//h", "@h", ".h", "..", "%2e%2e", ""] {
        let webhooks = subject.client.webhooks();
        assert!(
            matches!(what(webhooks.get(id, Lane::Person).await), (ErrorKind::BadRoute(_), Sent::No)),
            "{id}"
        );
        assert!(
            matches!(what(webhooks.update(id, &new_draft()).await), (ErrorKind::BadRoute(_), Sent::No)),
            "{id}"
        );
        assert!(matches!(what(webhooks.delete(id).await), (ErrorKind::BadRoute(_), Sent::No)), "{id}");
    }
    // Without the limit's file only tokens may be deleted.
    let emergency = subject.client.emergency();
    assert!(matches!(
        what(emergency.webhooks().delete("w1").await),
        (ErrorKind::LimiterUnavailable(_), Sent::No)
    ));
    assert_eq!(server.count(), 0);
    assert_eq!(emergency.tokens().delete("t1").await, Ok(()));
}

#[tokio::test]
async fn the_routes_can_be_overridden() {
    let server = Listener::start([json(200, &one(STORED))]).await;
    let subject = subject(&server.url());
    let overrides = r#"{"webhooks.update": "/api/v3/{customer_id}/hooks/{webhook_id}/settings"}"#;
    let client = subject.client.with_overrides(Overrides::from_json(overrides).unwrap());
    client.webhooks().update("w1", &new_draft()).await.unwrap();
    assert!(server.seen()[0].starts_with("PUT /api/v3/1484013/hooks/w1/settings HTTP/1.1\r\n"));
}
