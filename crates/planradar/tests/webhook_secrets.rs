//! Secrets of a webhook, looked for in everything the client says and logs. Its own binary: the subscriber is the
//! whole process's.
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use planradar::rate_limit::Lane;
use planradar::{DraftAuthentication, DraftHeader, DraftPassword, DraftValue, Unknown, WebhookDraft};
use std::io;
use std::sync::{Arc, Mutex};
use support::{Listener, Reply, answer, json, subject};
use tracing_subscriber::fmt::MakeWriter;

/// None of them looks like a secret: they are masked because they are known.
const HEADER: &str = "fern \"grove\" valley";
const PASSWORD: &str = "größer/als\\gedacht";
const QUERY: &str = "amber-lamp";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn draft() -> WebhookDraft {
    let hidden = |value| DraftHeader { name: "X-Key".into(), hidden: true, value };
    WebhookDraft {
        description: "Tickets".into(),
        active: true,
        target_url: format!("https://example.com/hook?api_key={QUERY}"),
        project_ids: None,
        events: vec!["ticket_created".into()],
        authentication: DraftAuthentication::Basic {
            username: "u".into(),
            password: DraftPassword::Replace(PASSWORD.into()),
        },
        headers: vec![hidden(DraftValue::Replace(HEADER.into()))],
        unknown: Unknown::default(),
    }
}

/// A JSON text, with the quotation marks.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[tokio::test]
async fn nothing_says_a_hidden_value() {
    let log = Log::default();
    // Also takes what libraries log the older way, as the app does.
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).init();

    // A server that quotes all it was given, wherever it can.
    let all = format!("{HEADER} and {PASSWORD} and {QUERY}");
    let attributes = format!(
        r#"{{"description": "Tickets", "active": true, "target-url": "https://example.com/hook?api_key={QUERY}",
        "project-ids": null, "events": [], "authentication": {{"type": "basic", "username": "u", "password": {}}},
        "headers": [{{"name": "X-Key", "hidden": true, "value": {}}}]}}"#,
        quoted(PASSWORD),
        quoted(HEADER),
    );
    let whole = format!(r#"{{"data": {{"id": "w1", "attributes": {attributes}}}}}"#);
    let half = format!("HTTP/1.1 201 X\r\ncontent-length: 9000\r\n\r\n{whole}");
    let refusal = format!(
        r#"{{"code": {all}, "errors": [{{"detail": {all}, "source": {{"pointer": {pointer}}}}},
            {{"title": {all}, "source": {{"pointer": "/data/attributes/headers/0/value"}}}}]}}"#,
        all = quoted(&all),
        pointer = quoted(&format!("/{all}")),
    );
    let in_percent: Vec<_> = HEADER.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let in_percent = quoted(&in_percent.concat());
    let refusal_in_percent = format!(
        r#"{{"code": {in_percent}, "errors": [{{"detail": {in_percent}, "source": {{"pointer": {in_percent}}}}}]}}"#
    );
    let escaped = refusal.replace('ö', "\\u00f6").replace('/', "\\/");
    let server = Listener::start([
        json(201, &whole),
        json(422, &refusal),
        json(403, &escaped),
        json(500, &format!("{{\"error\": {}}}", quoted(&all))),
        json(201, &whole.replace("\"events\"", "\"happenings\"")),
        json(201, &format!("{whole} and more")),
        answer(200, &[("content-type", "text/html")], &format!("<p>{all}</p>")),
        answer(400, &[], &all),
        json(422, &refusal_in_percent),
        answer(302, &[("location", "https://fern-grove-valley.example.com/")], ""),
        Reply::RawAndClose(half.into_bytes()),
        Reply::Reset,
        json(200, &whole),
        json(200, &whole.replace("\"events\"", "\"happenings\"")),
    ])
    .await;
    let subject = subject(&server.url());
    let webhooks = subject.client.webhooks();
    let mut said = vec![format!("{:?}", draft())];
    said.push(format!("{:?}", webhooks.create(&draft()).await.unwrap()));
    for number in 0..11 {
        let result = if number % 2 == 0 {
            webhooks.update("w1", &draft()).await
        } else {
            webhooks.create(&draft()).await
        };
        let error = result.unwrap_err();
        said.push(format!("{error} {error:?}"));
    }
    said.push(format!("{:?}", webhooks.get("w1", Lane::Person).await.unwrap()));
    let error = webhooks.get("w1", Lane::Person).await.unwrap_err();
    said.push(format!("{error} {error:?}"));

    // What this program itself refuses, it does not quote either.
    let mut bad = draft();
    bad.headers[0].value = DraftValue::Replace(format!("{HEADER}\n").into());
    bad.target_url = format!("https://u:{QUERY}@example.com/");
    bad.authentication = DraftAuthentication::Basic {
        username: "u".into(),
        password: DraftPassword::Replace(format!("{PASSWORD}\n").into()),
    };
    let error = webhooks.create(&bad).await.unwrap_err();
    assert_eq!(error.fields.len(), 3, "{error:?}");
    said.push(format!("{error} {error:?}"));
    said.push(format!("{bad:?}"));

    let sent = server.seen().join("\n");
    assert!(sent.contains(&quoted(HEADER)) && sent.contains(&quoted(PASSWORD)), "they were sent");
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        logged.contains("webhooks.update") && logged.contains("hyper"),
        "the log was listened to: {logged}"
    );
    let said = said.join("\n");
    assert!(said.contains("/data/attributes/headers/0/value"), "{said}");
    for (parts, name) in [
        (["fern", "grove", "valley"], "the header's value"),
        (["größer", "gedacht", "gr\\u00f6"], "the password"),
        (["amber", "lamp", "api_key=a"], "the secret of the query"),
        (["%66%65%72", "%67%72%6f", "fern-"], "the header's value in another spelling"),
    ] {
        for part in parts {
            assert!(!logged.contains(part), "{name} is in the log: {part}");
            assert!(!said.contains(part), "{name} was said: {said}");
        }
    }
}
