//! Connections that fail, break or hang: what is known of the request then, and what becomes of its slot.
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use planradar::rate_limit::Lane;
use planradar::{Client, ClientConfig, ErrorKind, Freshness, Sent, TransportConfig};
use std::time::Duration;
use support::{
    Listener, Reply, TOKEN, empty_list, json, no_proxy, subject, subject_in, subject_with, transport_config,
    what,
};
use tokio::sync::watch;

#[tokio::test]
async fn nothing_listens() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let subject = subject(&format!("http://127.0.0.1:{port}"));
    assert_eq!(what(subject.client.check().await), (ErrorKind::Refused, Sent::No));
    assert_eq!(what(subject.client.tokens().create("CI").await), (ErrorKind::Refused, Sent::No));
    subject.used_is(0).await; // the slots are given back
}

#[tokio::test]
async fn a_name_that_nobody_has() {
    // Reserved never to exist (RFC 6761). Without any network it is not even looked up.
    let subject = subject_with("https://gatehouse-test.invalid", TOKEN, no_proxy());
    let (kind, sent) = what(subject.client.check().await);
    let unknown = ErrorKind::UnknownHost("gatehouse-test.invalid".into());
    assert!(kind == unknown || kind == ErrorKind::Offline, "{kind:?}");
    assert_eq!(sent, Sent::No);
    subject.used_is(0).await;
}

#[tokio::test]
async fn a_reset_leaves_a_write_in_doubt_and_its_slot_taken() {
    for reply in [Reply::Reset, Reply::ResetUnread] {
        let server = Listener::start([reply]).await;
        let subject = subject(&server.url());
        assert_eq!(
            what(subject.client.tokens().create("CI").await),
            (ErrorKind::ConnectionLost, Sent::Maybe)
        );
        assert_eq!(what(subject.client.tokens().delete("1").await), (ErrorKind::ConnectionLost, Sent::Maybe));
        subject.used_is(2).await;
        assert_eq!(server.count(), 2, "never repeated, both held");
    }
}

#[tokio::test]
async fn no_answer_in_time() {
    let config = TransportConfig { total_timeout: Duration::from_millis(500), ..transport_config() };
    let server = Listener::start([Reply::RawAndHang(Vec::new())]).await;
    let subject = subject_with(&server.url(), TOKEN, config);
    assert_eq!(what(subject.client.tokens().create("CI").await), (ErrorKind::Timeout, Sent::Maybe));
    assert_eq!(what(subject.client.tokens().list(Lane::Person).await), (ErrorKind::Timeout, Sent::Maybe));
    subject.used_is(2).await; // both held; a timeout is not tried again
}

#[tokio::test]
async fn a_connection_that_is_never_made_in_time() {
    // Its queue is full: the kernel lets further connections wait.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) =
        tokio::time::timeout(Duration::from_millis(500), tokio::net::TcpStream::connect(address)).await
    {
        match stream {
            Ok(stream) => waiting.push(stream),
            // This system refuses instead of letting wait: nothing to see here, `nothing_listens` covers it.
            Err(_) => return,
        }
    }
    let config = TransportConfig { connect_timeout: Duration::from_millis(500), ..transport_config() };
    let subject = subject_with(&format!("http://{address}"), TOKEN, config);
    assert_eq!(what(subject.client.tokens().create("CI").await), (ErrorKind::Timeout, Sent::No));
    subject.used_is(0).await;
}

#[tokio::test]
async fn a_dropped_write_keeps_its_slot() {
    let server = Listener::start([Reply::RawAndHang(Vec::new())]).await;
    let subject = subject(&server.url());
    {
        let tokens = subject.client.tokens();
        let create = tokens.create("CI");
        tokio::pin!(create);
        tokio::select! {
            result = &mut create => panic!("{result:?}"),
            () = server.until(1) => {}
        }
    }
    subject.used_is(1).await;
}

#[tokio::test]
async fn a_call_dropped_while_it_waits_takes_nothing() {
    let server = Listener::start([empty_list()]).await;
    let subject = subject(&server.url());
    let all = subject.client.reserve(Lane::TakeAway, 20).await.unwrap();
    let check = subject.client.check();
    assert!(tokio::time::timeout(Duration::from_millis(100), check).await.is_err(), "no slot is free");
    drop(all);
    subject.used_is(0).await;
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn every_write_has_a_connection_of_its_own() {
    let server = Listener::start([empty_list(), json(200, "{}")]).await;
    let subject = subject(&server.url());
    assert_eq!(subject.client.check().await, Ok(()));
    let before = server.connections();
    for _ in 0..3 {
        assert_eq!(subject.client.tokens().delete("1").await, Ok(()));
    }
    assert_eq!(server.connections(), before + 3);
}

#[tokio::test]
async fn equal_reads_are_one_request() {
    let (open, gate) = watch::channel(false);
    let server = Listener::start([Reply::When(gate, Box::new(json(200, r#"{"data": []}"#)))]).await;
    let subject = subject(&server.url());
    let same = subject.client.clone();
    let (first, second) = (subject.client.tokens(), same.tokens());
    let opened = async {
        server.until(1).await;
        open.send_replace(true);
    };
    let (first, second, ()) = tokio::join!(first.list(Lane::Person), second.list(Lane::Refresh), opened);
    assert_eq!((first, second), (Ok(vec![]), Ok(vec![])));
    subject.used_is(1).await;
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn another_token_a_check_and_a_fresh_read_share_nothing() {
    let (open, gate) = watch::channel(false);
    let server = Listener::start([Reply::When(gate, Box::new(json(200, r#"{"data": []}"#)))]).await;
    let subject = subject(&server.url());
    let client = &subject.client;
    let other = Client::new(ClientConfig {
        server: client.server().clone(),
        customer_id: client.customer_id().clone(),
        token: "another".into(),
        overrides: client.overrides().clone(),
        transport: subject.transport.clone(),
        limiter: client.limiter().clone(),
    });
    let fresh = client.with(Freshness::Bypass);
    let (one, two, three) = (client.tokens(), other.tokens(), fresh.tokens());
    let opened = async {
        server.until(5).await;
        open.send_replace(true);
    };
    let (first, second, third, check, again, ()) = tokio::join!(
        one.list(Lane::Person),
        two.list(Lane::Person),
        three.list(Lane::Person),
        client.check(),
        client.check(),
        opened
    );
    assert_eq!((first, second, third), (Ok(vec![]), Ok(vec![]), Ok(vec![])));
    assert_eq!((check, again), (Ok(()), Ok(())));
    subject.used_is(5).await;
    assert_eq!(server.count(), 5);
}

#[tokio::test]
async fn a_read_after_a_write_is_a_new_one() {
    let (open, gate) = watch::channel(false);
    let held = Reply::When(gate, Box::new(json(200, r#"{"data": []}"#)));
    let server = Listener::start([held, json(200, "{}"), json(200, r#"{"data": []}"#)]).await;
    let subject = subject(&server.url());
    let tokens = subject.client.tokens();
    let write_and_read = async {
        server.until(1).await;
        assert_eq!(tokens.delete("1").await, Ok(()));
        // The first read has no answer yet: joining it, this one would wait for ever.
        assert_eq!(tokens.list(Lane::Person).await, Ok(vec![]));
        open.send_replace(true);
    };
    let (first, ()) = tokio::join!(tokens.list(Lane::Person), write_and_read);
    assert_eq!((first, server.count()), (Ok(vec![]), 3));
}

#[tokio::test]
async fn a_step_uses_the_slots_it_reserved() {
    let server = Listener::start([json(200, r#"{"data": []}"#)]).await;
    let subject = subject(&server.url());
    let step = subject.client.reserve(Lane::Person, 3).await.unwrap();
    subject.used_is(3).await;
    assert_eq!(step.tokens().list(Lane::Refresh).await, Ok(vec![]));
    assert_eq!(step.tokens().delete("1").await, Ok(()));
    subject.used_is(3).await; // no further slot was taken
    drop(step);
    subject.used_is(2).await; // what was left came back
    let (kind, sent) = what(subject.client.reserve(Lane::Person, 21).await);
    assert!(matches!(kind, ErrorKind::TooMany { count: 21, .. }) && sent == Sent::No, "{kind:?}");
}

#[tokio::test]
async fn without_the_limits_file_only_deletions_go_on() {
    let server = Listener::start([json(200, r#"{"data": []}"#)]).await;
    let folder = tempfile::tempdir().unwrap();
    // A file where the limiter's folder should be.
    let in_the_way = folder.path().join("limits");
    std::fs::write(&in_the_way, "").unwrap();
    let subject = subject_in(&in_the_way, &server.url(), TOKEN, transport_config());
    let client = &subject.client;
    let emergency = client.emergency();
    for (kind, sent) in [
        what(client.check().await),
        what(client.tokens().delete("1").await),
        what(emergency.check().await),
        what(emergency.tokens().create("CI").await),
    ] {
        assert!(matches!(kind, ErrorKind::LimiterUnavailable(_)) && sent == Sent::No, "{kind:?}");
    }
    assert_eq!(server.count(), 0);
    assert_eq!(emergency.tokens().delete("1").await, Ok(()));
    assert_eq!(server.count(), 1);
}
