#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
use super::super::draft::WebhookDraft;
use super::super::write::Body;
use super::*;
use crate::Moment;
use crate::answer::Answer;
use crate::error::ErrorKind;
use serde_json::json;
use zeroize::Zeroizing;

fn read_text(attributes: &str) -> Result<Webhook> {
    let body = format!(r#"{{"data": {{"id": "w1", "type": "webhook", "attributes": {attributes}}}}}"#);
    let body = Zeroizing::new(body.into_bytes());
    let answer = Answer { route: "test", status: 200, html: false, body, excerpt: None };
    let mut document = Document::parse(&answer)?;
    let resource = document.one()?;
    webhook(&document, &resource)
}

fn full() -> Value {
    json!({
        "description": "Tickets to the site office", "active": true, "target-url": "https://example.com/hook",
        "project-ids": ["ngjdlnb", 338_609], "events": ["ticket_created", "unheard_of"],
        "authentication": {"type": "basic", "username": "planradar"},
        "headers": [
            {"name": "X-Site", "hidden": false, "value": "Halle 3"},
            {"name": "x-KEY", "hidden": true, "value": null}
        ],
        "created-on": "2026-03-12T10:00:00Z", "updated-on": null
    })
}

fn with(key: &str, value: Value) -> Value {
    let mut attributes = full();
    attributes[key] = value;
    attributes
}

fn without(key: &str) -> Value {
    let mut attributes = full();
    attributes.as_object_mut().unwrap().remove(key).unwrap();
    attributes
}

#[test]
fn everything_is_read() {
    let read = read_text(&full().to_string()).unwrap();
    let wanted = Webhook {
        id: "w1".into(),
        description: "Tickets to the site office".into(),
        active: true,
        target_url: "https://example.com/hook".into(),
        project_ids: Some(vec!["ngjdlnb".into(), "338609".into()]),
        events: vec!["ticket_created".into(), "unheard_of".into()],
        authentication: Authentication::Basic { username: "planradar".into() },
        headers: vec![
            Header { name: "X-Site".into(), hidden: false, value: Some("Halle 3".into()) },
            Header { name: "x-KEY".into(), hidden: true, value: None },
        ],
        created_on: Some("2026-03-12T10:00:00Z".parse().unwrap()),
        updated_on: Moment::Never,
        unknown: Unknown::default(),
    };
    assert_eq!(read, wanted);
    assert!(read.unknown.is_empty());
    let underscored = full().to_string().replace("target-url", "target_url").replace("-on\"", "_on\"");
    assert_eq!(read_text(&underscored.replace("project-ids", "project_ids")).unwrap(), wanted);
}

#[test]
fn what_can_not_be_read_whole_is_refused_and_named() {
    for (attributes, what) in [
        (with("description", json!(7)), "the webhook's description"),
        (without("active"), "whether the webhook is active"),
        (with("active", json!("yes")), "whether the webhook is active"),
        (without("target-url"), "the webhook's target URL"),
        (with("target-url", json!(null)), "the webhook's target URL"),
        (without("project-ids"), "the webhook's projects"),
        (with("project-ids", json!("all")), "the webhook's projects"),
        (with("project-ids", json!(["../x"])), "the webhook's projects"),
        (without("events"), "the webhook's events"),
        (with("events", json!([{"name": "x"}])), "the webhook's events"),
        (without("headers"), "the webhook's headers"),
        (with("headers", json!({"X-A": "b"})), "the webhook's headers"),
        (with("headers", json!([{"hidden": true}])), "the webhook's headers"),
        (with("headers", json!([{"name": "X-A", "hidden": false, "value": 5}])), "the webhook's headers"),
        (with("headers", json!([{"name": "X-A", "hidden": "no", "value": "x"}])), "the webhook's headers"),
    ] {
        let error = read_text(&attributes.to_string()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::UnexpectedShape(what), "{attributes}");
    }
}

#[test]
fn what_a_server_may_leave_out() {
    let read = |attributes: Value| read_text(&attributes.to_string()).unwrap();
    assert_eq!(read(with("description", json!(null))).description, "");
    assert_eq!(read(without("description")).description, "");
    assert_eq!(read(with("project-ids", json!(null))).project_ids, None);
    assert_eq!(read(with("project-ids", json!([]))).project_ids, Some(vec![]));
    assert_eq!(read(with("headers", json!(null))).headers, []);
    assert_eq!(read(without("created-on")).created_on, None);
    assert_eq!(read(without("updated-on")).updated_on, Moment::Unknown);
    // What is not told is hidden, so that it is kept.
    let headers = read(with("headers", json!([{"name": "A"}, {"name": "B", "value": "b"}]))).headers;
    assert_eq!(headers.iter().map(|h| h.hidden).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_hidden_value_or_password_that_is_told_goes_no_further() {
    let mut attributes =
        with("authentication", json!({"type": "basic", "username": "u", "password": "s3cr3t"}));
    attributes["headers"] = json!([{"name": "X-Key", "hidden": true, "value": "s3cr3t"}]);
    let read = read_text(&attributes.to_string()).unwrap();
    assert_eq!(read.headers[0].value, None);
    assert_eq!(read.authentication, Authentication::Basic { username: "u".into() });
    let body = crate::body::json(&Body(&WebhookDraft::of(&read)));
    let shown = format!("{read:?} {} {}", read.unknown, String::from_utf8_lossy(&body));
    assert!(!shown.contains("s3cr3t"), "{shown}");
}

#[test]
fn kinds_of_authentication() {
    use Authentication as A;
    let kind = |value: Value| read_text(&with("authentication", value).to_string()).unwrap().authentication;
    for none in [json!({"type": "none"}), json!(null), json!({"type": "none", "since": 2026})] {
        assert_eq!(kind(none), A::None);
    }
    assert_eq!(
        kind(json!({"type": "basic", "username": "u", "realm": "x"})),
        A::Basic { username: "u".into() }
    );
    for other in
        [json!({"type": "oauth2"}), json!({"type": "basic"}), json!({}), json!("basic"), json!(["x"])]
    {
        assert_eq!(kind(other), A::Other);
    }
    assert_eq!(read_text(&without("authentication").to_string()).unwrap().authentication, A::Other);
}

/// The attributes of an update that changes nothing.
fn sent_back(attributes: &str) -> String {
    let draft = WebhookDraft::of(&read_text(attributes).unwrap());
    String::from_utf8(crate::body::json(&Body(&draft)).to_vec()).unwrap()
}

#[test]
fn what_is_not_known_is_sent_back_as_it_came() {
    // Digits that no floating-point number keeps, blanks, escapes and the order of keys.
    let odd = r#"{"z": 1.00, "a": [1e400, 12345678901234567890123],  "u": "\u00e4\/"}"#;
    let text = full().to_string();
    let text = text.replacen(
        "{\"active\"",
        &format!(
            r#"{{"retry-policy": {odd}, "batch_size": 100000000000000000001, "nothing": null, "active""#
        ),
        1,
    );
    let text = text.replace(r#""username":"#, &format!(r#""realm": {odd}, "username":"#));
    let text = text.replace(r#""name":"x-KEY""#, &format!(r#""name":"x-KEY", "encoding": {odd}"#));
    let sent = sent_back(&text);
    assert_eq!(sent.matches(odd).count(), 3, "{sent}");
    assert!(
        sent.contains(r#""batch_size":100000000000000000001"#) && sent.contains(r#""nothing":null"#),
        "{sent}"
    );
    let read = read_text(&text).unwrap();
    assert_eq!(read.unknown.attribute_names().collect::<Vec<_>>(), ["batch_size", "nothing", "retry-policy"]);
    let shown = format!("{read:?}");
    assert!(shown.contains("retry-policy") && !shown.contains("1e400"), "names only: {shown}");
}

#[test]
fn another_kind_of_authentication_is_sent_back_whole_or_not_at_all() {
    for raw in [r#"{"type": "oauth2",  "scopes": ["b", "a"], "n": 1.0}"#, r#""digest""#, "{}", "[1.50]"] {
        let text =
            without("authentication").to_string().replacen('{', &format!(r#"{{"authentication":{raw},"#), 1);
        assert!(sent_back(&text).contains(&format!(r#""authentication":{raw}"#)), "{raw}");
    }
    assert!(!sent_back(&without("authentication").to_string()).contains("authentication"));
}

#[test]
fn unknowns_are_compared_by_what_they_mean() {
    let read = |extra: &str| {
        read_text(&full().to_string().replacen('{', &format!("{{{extra},"), 1)).unwrap().unknown
    };
    assert_eq!(read(r#""x": {"b": 1,  "a": 2}"#), read(r#""x":{"a":2,"b":1}"#));
    assert_eq!(read(r#""x": {"b": 1,  "a": 2}"#).to_string(), read(r#""x":{"a":2,"b":1}"#).to_string());
    assert_ne!(read(r#""x": 1"#), read(r#""x": 2"#));
    assert_ne!(read(r#""x": 1"#), read(r#""y": 1"#));
}
