//! What the client makes of a server's answers, over real connections.
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use planradar::rate_limit::Lane;
use planradar::{ErrorKind, FieldError, Sent, TransportConfig};
use std::time::Duration;
use support::{Listener, Reply, TOKEN, answer, empty_list, json, transport_config, what};

#[tokio::test]
async fn the_request_is_as_the_api_wants_it() {
    let server = Listener::start([json(422, "{}")]).await;
    let subject = support::subject(&server.url());
    assert!(subject.client.tokens().create("CI \"1\"").await.is_err());
    let seen = server.seen().pop().unwrap();
    assert!(seen.starts_with("POST /api/v1/1484013/personal_access_tokens HTTP/1.1\r\n"), "{seen}");
    let lower = seen.to_ascii_lowercase();
    for header in [
        "accept: application/json".to_owned(),
        "content-type: application/json".to_owned(),
        format!("x-planradar-api-key: {TOKEN}"),
        format!("user-agent: gatehouse/{}", env!("CARGO_PKG_VERSION")),
    ] {
        assert_eq!(lower.matches(&format!("\r\n{header}\r\n")).count(), 1, "{header} in {seen}");
    }
    assert!(seen.ends_with(r#"{"data":{"attributes":{"name":"CI \"1\""}}}"#), "{seen}");
}

#[tokio::test]
async fn statuses() {
    use ErrorKind as K;
    for (status, kind) in [
        (400, K::Invalid),
        (401, K::Unauthorized),
        (402, K::OtherStatus),
        (403, K::Forbidden),
        (404, K::NotFound),
        (405, K::MethodNotAllowed),
        (406, K::NotAcceptable),
        (410, K::NotFound),
        (422, K::Invalid),
        (501, K::Server),
    ] {
        let server = Listener::start([json(status, "{}")]).await;
        let subject = support::subject(&server.url());
        let error = subject.client.tokens().list(Lane::Person).await.unwrap_err();
        assert_eq!(error.kind, kind, "{status}");
        assert_eq!((error.status, error.sent, error.route), (Some(status), Sent::Yes, "tokens.list"));
        subject.used_is(1).await;
        assert_eq!(server.count(), 1, "{status}: one request, one slot");
    }
}

#[tokio::test]
async fn codes_fields_and_excerpts() {
    let body = r#"{"errors": [{"status": "422", "code": "blank", "detail": "can't be blank",
        "source": {"pointer": "/data/attributes/name"}}]}"#;
    let server = Listener::start([json(422, body)]).await;
    let error = support::subject(&server.url()).client.tokens().create("").await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("blank"));
    let field = FieldError { pointer: "/data/attributes/name".into(), message: "can't be blank".into() };
    assert_eq!(error.fields, [field]);
    assert!(error.excerpt.as_ref().unwrap().contains("can't be blank"));
    assert!(!error.html);
}

#[tokio::test]
async fn an_echoed_key_is_masked_everywhere() {
    let body = format!(
        r#"{{"errors": [{{"code": "{TOKEN}", "detail": "bad key {TOKEN}", "source": {{"pointer": "/{TOKEN}"}}}}]}}"#
    );
    for reply in [
        json(403, &body),
        answer(500, &[("content-type", "text/html")], &format!("<p>{TOKEN}</p>")),
        json(200, &format!(r#"{{"data": "{TOKEN}"}}"#)),
        answer(302, &[("location", &format!("https://h.example/{TOKEN}?k={TOKEN}"))], ""),
    ] {
        let server = Listener::start([reply]).await;
        let error = support::subject(&server.url()).client.check().await.unwrap_err();
        assert!(server.seen()[0].contains(TOKEN), "the key was sent");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(&TOKEN[..20]), "{shown}");
    }
}

#[tokio::test]
async fn html_and_what_is_not_json() {
    let html = answer(200, &[("content-type", "text/html")], "<h1>Sign in to the guest network</h1>");
    for (reply, kind) in [
        (html, ErrorKind::Html),
        (answer(200, &[], "  <!doctype html>"), ErrorKind::Html),
        (json(200, "hello"), ErrorKind::NotJson),
        (json(200, r#"{"data": ["#), ErrorKind::NotJson),
        (json(200, ""), ErrorKind::NotJson),
        (json(200, "[]"), ErrorKind::UnexpectedShape("an object")),
        (json(200, "{}"), ErrorKind::UnexpectedShape("the list data")),
        (json(204, ""), ErrorKind::NotJson),
    ] {
        let server = Listener::start([reply]).await;
        let subject = support::subject(&server.url());
        let client = &subject.client;
        assert_eq!(what(client.check().await), (kind.clone(), Sent::Yes));
        // The same instead of a new token: the server may have made one.
        let (created, sent) = what(client.tokens().create("CI").await);
        assert_eq!(sent, Sent::Yes, "{created:?}");
    }
    let server = Listener::start([answer(404, &[("content-type", "text/html")], "<h1>Not found</h1>")]).await;
    let error = support::subject(&server.url()).client.check().await.unwrap_err();
    assert_eq!((error.kind.clone(), error.html), (ErrorKind::NotFound, true));
}

#[tokio::test]
async fn a_cut_off_answer_to_a_write_arrived() {
    let half = "HTTP/1.1 201 X\r\ncontent-length: 500\r\n\r\n{\"data\": {\"id\"";
    let server = Listener::start([Reply::RawAndClose(half.into())]).await;
    let subject = support::subject(&server.url());
    let error = subject.client.tokens().create("CI").await.unwrap_err();
    assert_eq!(
        (error.kind.clone(), error.sent, error.status),
        (ErrorKind::ConnectionLost, Sent::Yes, Some(201))
    );
    assert_eq!(server.count(), 1, "a write is never repeated");
}

#[tokio::test]
async fn large_answers_are_not_read() {
    let config = || TransportConfig { max_body: 1000, ..transport_config() };
    let announced = Reply::RawAndHang("HTTP/1.1 200 X\r\ncontent-length: 1001\r\n\r\n".into());
    let chunk = format!("3e8\r\n{}\r\n", "x".repeat(1000));
    let chunked = Reply::RawAndHang(
        format!("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n{chunk}{chunk}").into(),
    );
    let endless = Reply::RawAndHang(format!("HTTP/1.1 200 X\r\n\r\n{}", "x".repeat(1001)).into());
    for reply in [announced, chunked, endless] {
        let server = Listener::start([reply]).await;
        let subject = support::subject_with(&server.url(), TOKEN, config());
        let client = &subject.client;
        assert_eq!(what(client.check().await), (ErrorKind::TooLarge, Sent::Yes));
    }
    let fits = format!(r#"{{"data": [], "x": "{}"}}"#, "x".repeat(979));
    let server = Listener::start([json(200, &fits)]).await;
    assert_eq!(fits.len(), 1000, "exactly the most that is read");
    assert_eq!(support::subject_with(&server.url(), TOKEN, config()).client.check().await, Ok(()));
}

#[tokio::test]
async fn a_slow_body_ends_in_time() {
    let config = TransportConfig { total_timeout: Duration::from_secs(2), ..transport_config() };
    let stuck = |status| {
        let head =
            format!("HTTP/1.1 {status} X\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{{");
        Reply::RawAndHang(head.into())
    };
    let server = Listener::start([stuck(200)]).await;
    let subject = support::subject_with(&server.url(), TOKEN, config.clone());
    assert_eq!(what(subject.client.check().await), (ErrorKind::Timeout, Sent::Yes));
    // A refusal is one without its body, too.
    let server = Listener::start([stuck(403)]).await;
    let subject = support::subject_with(&server.url(), TOKEN, config);
    assert_eq!(what(subject.client.check().await), (ErrorKind::Forbidden, Sent::Yes));
}

#[tokio::test]
async fn a_redirect_takes_the_key_nowhere() {
    let other = Listener::start([empty_list()]).await;
    for status in [301, 302, 303, 307, 308] {
        let to = format!("{}/elsewhere?x=1", other.url());
        let server = Listener::start([answer(status, &[("location", &to)], "")]).await;
        let subject = support::subject(&server.url());
        let client = &subject.client;
        let target = other.url();
        assert_eq!(what(client.check().await), (ErrorKind::Redirect { target: target.clone() }, Sent::Yes));
        assert_eq!(what(client.tokens().create("CI").await), (ErrorKind::Redirect { target }, Sent::Yes));
        assert_eq!(server.seen().iter().filter(|seen| seen.contains(TOKEN)).count(), 2);
    }
    assert_eq!(other.count(), 0, "the other host hears nothing");
    // It would have answered, had anybody asked.
    assert_eq!(support::subject(&other.url()).client.check().await, Ok(()));
}

#[tokio::test]
async fn after_a_429_nothing_is_sent() {
    let server = Listener::start([answer(429, &[("retry-after", "1000")], ""), empty_list()]).await;
    let subject = support::subject(&server.url());
    let error = subject.client.check().await.unwrap_err();
    assert_eq!((error.kind.clone(), error.sent), (ErrorKind::RateLimited, Sent::Yes));
    assert_eq!(error.retry_after, Some(Duration::from_secs(1000)));
    let tokens = subject.client.tokens();
    for (kind, sent) in [
        what(subject.client.check().await),
        what(tokens.create("CI").await),
        what(tokens.delete("1").await),
        what(subject.client.reserve(Lane::Person, 2).await),
        what(subject.client.emergency().tokens().delete("1").await),
    ] {
        let ErrorKind::Paused { remaining } = kind else { panic!("{kind:?}") };
        assert!(remaining > Duration::from_mins(15) && sent == Sent::No, "{remaining:?}");
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_passing_failure_of_a_read_is_tried_again_and_pays_each_time() {
    let server = Listener::start([json(503, "{}"), Reply::Reset, json(200, r#"{"data": []}"#)]).await;
    let subject = support::subject(&server.url());
    assert_eq!(subject.client.tokens().list(Lane::Person).await, Ok(vec![]));
    subject.used_is(3).await;
    assert_eq!(server.count(), 3);

    let server = Listener::start([json(500, "{}")]).await;
    let subject = support::subject(&server.url());
    assert_eq!(what(subject.client.tokens().list(Lane::Person).await), (ErrorKind::Server, Sent::Yes));
    subject.used_is(3).await;
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_write_and_a_check_are_tried_once() {
    let server = Listener::start([json(503, "{}")]).await;
    let subject = support::subject(&server.url());
    let tokens = subject.client.tokens();
    assert_eq!(what(tokens.create("CI").await), (ErrorKind::Server, Sent::Yes));
    assert_eq!(what(tokens.delete("1").await), (ErrorKind::Server, Sent::Yes));
    assert_eq!(what(subject.client.check().await), (ErrorKind::Server, Sent::Yes));
    assert_eq!(server.count(), 3);
}
