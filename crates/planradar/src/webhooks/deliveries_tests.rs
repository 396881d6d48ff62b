#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
use super::super::events::event;
use super::*;
use crate::answer::Answer;
use crate::json::Document;
use serde_json::json;
use zeroize::Zeroizing;

fn rows<T>(list: &Value, read: impl Fn(&Document<'_>, &Resource) -> T) -> Vec<T> {
    let body = Zeroizing::new(json!({"data": list}).to_string().into_bytes());
    let answer = Answer { route: "test", status: 200, html: false, body, excerpt: None };
    let mut document = Document::parse(&answer).unwrap();
    let rows = document.many_loose().unwrap();
    rows.iter().map(|row| read(&document, row)).collect()
}

fn deliveries(list: &Value) -> Vec<Delivery> {
    rows(list, |_, row| delivery(row))
}

fn empty() -> Delivery {
    Delivery {
        id: String::new(),
        event: String::new(),
        at: None,
        status: None,
        duration_ms: None,
        attempt: None,
        error: None,
        request_excerpt: None,
        answer_excerpt: None,
        next_retry: None,
    }
}

#[test]
fn several_names_and_nothing_at_all() {
    let at = "2026-03-12T10:00:00Z";
    let read = deliveries(&json!([
        {"id": "dlv.1", "attributes": {"event": "ticket_created", "at": at, "status": 200, "duration-ms": 12,
            "attempt": 2, "error": null, "request": "POST /hook", "answer": "ok", "next-retry": at}},
        {"id": 2, "attributes": {"event_name": "x", "sent_on": at, "status_code": "503", "duration": 7, "attempts": 1,
            "error_message": "refused", "request_excerpt": "a", "response_excerpt": "b", "next_retry_on": at}},
        {"attributes": {}},
        {"id": "4", "attributes": {"event": 5, "at": "soon", "status": 99999, "duration-ms": -1, "request": null}},
    ]));
    let at = Some(at.parse().unwrap());
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        read,
        [
            Delivery {
                id: "dlv.1".into(),
                event: "ticket_created".into(),
                at,
                status: Some(200),
                duration_ms: Some(12),
                attempt: Some(2),
                error: None,
                request_excerpt: some("POST /hook"),
                answer_excerpt: some("ok"),
                next_retry: at,
            },
            Delivery {
                id: "2".into(),
                event: "x".into(),
                at,
                status: Some(503),
                duration_ms: Some(7),
                attempt: Some(1),
                error: some("refused"),
                request_excerpt: some("a"),
                answer_excerpt: some("b"),
                next_retry: at,
            },
            empty(),
            Delivery { id: "4".into(), ..empty() },
        ]
    );
}

#[test]
fn secrets_of_a_careless_server_are_not_shown() {
    for request in [
        json!("POST /hook\nauthorization : Basic s3cr3t\nX-A: b"),
        json!({"headers": {"Authorization": "Basic s3cr3t", "X-A": "b"}}),
        json!({"headers": [{"name": "COOKIE", "value": "s3cr3t"}, {"name": "X-A", "value": "b"}]}),
    ] {
        let read = deliveries(&json!([{"id": "1", "attributes": {"request": request}}]));
        let shown = read[0].request_excerpt.as_deref().unwrap();
        assert!(shown.contains(HIDDEN) && shown.contains("X-A") && !shown.contains("s3cr3t"), "{shown}");
    }
}

#[test]
fn excerpts_end_somewhere() {
    let read = deliveries(&json!([{"id": "1", "attributes": {"answer": "ä".repeat(9000)}}]));
    assert_eq!(read[0].answer_excerpt.as_ref().unwrap().chars().count(), MAX_EXCERPT);
}

#[test]
fn the_newest_comes_first_and_what_has_no_time_last() {
    let row = |id: &str, at: Value| json!({"id": id, "attributes": {"at": at}});
    let list = json!([
        row("old", json!("2026-03-12T10:00:00Z")),
        row("none", json!(null)),
        row("new", json!("2026-03-12T12:00:00+01:00")),
        row("equal", json!("2026-03-12T11:00:00Z")),
    ]);
    let ids: Vec<_> = newest_first(deliveries(&list)).into_iter().map(|d| d.id).collect();
    assert_eq!(ids, ["new", "equal", "old", "none"]);
}

#[test]
fn events_with_what_there_is() {
    let read = rows(
        &json!([
            {"id": "1", "attributes": {"name": "ticket_created", "title": "Ticket created", "group": "Tickets",
                "example": {"event": "ticket_created", "note": "demo"}}},
            {"id": "photo.attached", "attributes": {"title": " ", "example": "demo"}},
            {"id": 3, "attributes": {"name": "x", "example": null}},
        ]),
        |document, row| event(document, row).unwrap(),
    );
    let shown: Vec<_> =
        read.iter().map(|e| (e.name.as_str(), e.title.as_str(), e.group.as_deref())).collect();
    assert_eq!(
        shown,
        [
            ("ticket_created", "Ticket created", Some("Tickets")),
            ("photo.attached", "photo.attached", None),
            ("x", "x", None)
        ]
    );
    let examples: Vec<_> = read.iter().map(|e| e.example.as_deref()).collect();
    assert_eq!(
        examples,
        [Some("{\n  \"event\": \"ticket_created\",\n  \"note\": \"demo\"\n}"), Some("demo"), None]
    );
    assert!(rows(&json!([{"attributes": {}}]), |document, row| event(document, row).is_err())[0]);
}
